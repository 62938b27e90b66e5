"""Days as people write them: "May 3, 2024", "3. Mai 2024", "03/05/2024", "2024年5月3日".

Which of two numbers is the month, where both could be, depends on where the page comes from.
A day without its year is none.
"""

from __future__ import annotations

import re
from datetime import date

from archiver.extraction.months import month_named

MAX_CHARS = 400  # of a text in which a date is looked for
_MAX_SHORT = 60  # of a text in which a year may have two digits

_ORDINAL = r"(?:st|nd|rd|th|er|re|º|ª|°)?"
_OF = r"(?:de |del |of |d[\u2019'])?"
_NAME = r"(?P<name>[^\W\d_]{3,14})"
_YEAR = r"(?P<year>\d{4}|[\u2019']?\d{2})(?![\d:])"
_PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<year>\d{4})\s?[年년]\s?(?P<month>\d{1,2})\s?[月월]\s?(?P<day>\d{1,2})",
        r"(?<!\d)(?P<year>\d{4})(?P<s>[-/.])\s?(?P<month>\d{1,2})(?P=s)\s?(?P<day>\d{1,2})(?!\d)",
        rf"(?<!\d)(?P<year>\d{{4}})[\s.,/-]{{1,3}}{_OF}{_NAME}[\s./-]{{1,3}}(?P<day>\d{{1,2}})(?!\d)",
        rf"(?<![\d:])(?P<day>\d{{1,2}}){_ORDINAL}[\s.,/\u2013-]{{0,3}}{_OF}{_NAME}"
        rf"[\s.,/\u2013-]{{0,3}}{_OF}{_YEAR}",
        rf"(?<!\w){_NAME}[\s./-]{{1,3}}(?P<day>\d{{1,2}}){_ORDINAL}"
        rf"(?:\s?[,./-]\s?|\s){_OF}{_YEAR}",
        r"(?<![\d.,/-])(?P<first>\d{1,2})(?P<s>\s?[./-]\s?)(?P<second>\d{1,2})(?P=s)"
        r"(?P<year>\d{4}|\d{2})(?![\d:]|[./-]\d)",
    )
]


def first_day(text: str, is_month_first: bool) -> date | None:
    """Return the first day written in *text*, or None; *is_month_first* as in "5/3/2024"."""
    return next((day for _, _, day in days_in(text, is_month_first)), None)


def days_in(text: str, is_month_first: bool) -> list[tuple[int, int, date]]:
    """Return where each day in *text*, of at most `MAX_CHARS`, begins and ends, and it."""
    if len(text) > MAX_CHARS or not any(map(str.isdigit, text)):
        return []
    found: list[tuple[int, int, date]] = []
    for pattern in _PATTERNS:
        match = pattern.search(text)
        while match:
            start, end = match.span()
            is_free = all(end <= begin or finish <= start for begin, finish, _ in found)
            day = _day(match, is_month_first) if is_free else None
            if day and (len(match["year"]) == 4 or len(text) <= _MAX_SHORT):
                found.append((start, end, day))
            match = pattern.search(text, end if day else start + 1)
    return sorted(found)


def _day(match: re.Match[str], is_month_first: bool) -> date | None:
    parts = match.groupdict()
    year = int(parts["year"].lstrip("\u2019'"))
    if year < 100:
        year += 2000 if year < 70 else 1900
    if "first" in parts:
        day, month = int(parts["first"]), int(parts["second"])
        if month > 12 or (is_month_first and day <= 12 and "." not in parts["s"]):
            day, month = month, day
    else:
        day = int(parts["day"])
        month = month_named(parts["name"]) or 0 if "name" in parts else int(parts["month"])
    try:
        return date(year, month, day)
    except ValueError:
        return None
