"""The moments that feeds and sitemaps name: RFC 822, ISO 8601, and what is written for them.

What a date leaves out is not guessed: a month alone is its first day, a day alone its
midnight, a time without a zone UTC. Nothing here reads a clock.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz

_LONGEST = 100  # a date is shorter
_ISO = re.compile(
    r"([0-9]{4})(?:[-/.]?([0-9]{1,2})(?:[-/.]?([0-9]{1,2}))?)?(?![0-9])"
    r"(?:[Tt\s]\s*([0-9]{1,2}):?([0-9]{2})(?::?([0-9]{2}))?(?:[.,][0-9]+)?\s*(.*)"
    r"|[Zz]|[+-][0-9]{2}:?[0-9]{2})?",
    re.DOTALL,
)
# What comes before any date, or is what a template prints when it has none.
_EARLIEST = datetime(1600, 1, 1, tzinfo=UTC)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])([0-9]{1,2}):?([0-9]{2})?", re.IGNORECASE)
_DAY_ONLY = re.compile(r"[^:]*[0-9]{2}")
# In hours. Names that mean several zones mean the one that feeds mean by them: those of
# RFC 822 first, then Europe's.
_ZONES = {
    "ast": -4, "adt": -3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "nst": -3.5, "ndt": -2.5,
    "brt": -3, "art": -3, "clt": -4, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2,
    "met": 1, "mest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "sast": 2, "cat": 2,
    "eat": 3, "wat": 1, "msk": 3, "msd": 4, "trt": 3, "gst": 4, "pkt": 5, "ist": 5.5,
    "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip


def moment_of(text: str | None) -> datetime | None:
    """Return the moment that *text* names, in UTC, or None if it names none."""
    trimmed = (text or "").strip()
    if not trimmed or len(trimmed) > _LONGEST:
        return None
    try:
        moment = _iso(trimmed) or _internet(trimmed)
    except (ValueError, OverflowError):  # no such day, or none that the calendar reaches
        return None
    if moment is None or moment < _EARLIEST or moment.date() == _NEVER.date():
        return None
    return moment


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (found[group] for group in range(1, 7))
    midnight = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    clock = (int(hour or 0), int(minute or 0), int(second or 0))
    return _at(midnight, clock, _offset(found[7] or ""))


def _internet(text: str) -> datetime | None:
    if _DAY_ONLY.fullmatch(text):
        text += " 00:00 GMT"
    try:
        parts = parsedate_tz(text)
    except (IndexError, TypeError):  # it takes some text for what it is not
        return None
    if parts is None:
        return None
    midnight = datetime(*parts[:3], tzinfo=UTC)
    # Quirk: a zone that it does not know is UTC to it, and so is `GMT+0200`.
    offset = timedelta(seconds=parts[9] or 0) or _offset(text.rpartition(" ")[2])
    return _at(midnight, parts[3:6], offset)


def _at(midnight: datetime, clock: tuple[int, int, int], offset: timedelta) -> datetime:
    """Return a time of the day of *midnight*; one that there is not is the midnight alone."""
    hours, minutes, seconds = clock
    if not (0 <= hours <= 24 and 0 <= minutes < 60 and 0 <= seconds <= 60):
        return midnight
    return midnight + timedelta(hours=hours, minutes=minutes, seconds=min(seconds, 59)) - offset


def _offset(zone: str) -> timedelta:
    """Return how far *zone* is ahead of UTC; what is no zone is not ahead."""
    found = _OFFSET.match(zone)
    if found is None:
        return timedelta(hours=_ZONES.get(zone.partition(" ")[0].lower(), 0))
    ahead = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
    if ahead >= timedelta(days=1):
        return timedelta()
    return -ahead if found[1] == "-" else ahead
