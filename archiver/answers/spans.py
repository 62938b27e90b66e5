"""Spans of time as a user writes them, against the timestamps of an index.

A year, a month, a day or a second: `2026`, `2026-11`, `2026-11-01`, `20261101093000`. Each is
as long as it is vague, so that what was captured in the course of a day lies within that day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from archiver.errors import SettingError

_DATE = re.compile(
    r"([0-9]{4})(?:-?([0-9]{2})(?:-?([0-9]{2})"
    r"(?:[T ]?([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2}))?)?)?)?)?Z?"
)
_FIRST, _LAST = "00000101000000", "99991231235959"
_LAST_DAYS = ("31", "30", "29", "28")
_FORMAT = "%Y%m%d%H%M%S"
# Further off than any two timestamps: what is no time at all.
_NEVER = 1 << 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time from the second *first* to the second *last*, both timestamps of 14 digits."""

    first: str
    last: str

    def seconds_to(self, timestamp: str) -> int:
        """Return how far *timestamp* is from this span, 0 within it."""
        if self.first <= timestamp <= self.last:
            return 0
        nearer = self.first if timestamp < self.first else self.last
        there, here = _moment(timestamp), _moment(nearer)
        if there is None or here is None:
            return _NEVER
        return int(abs((there - here).total_seconds()))


def span_of(text: str, name: str) -> Span:
    """Return the span that *text*, which its user calls *name*, means. SettingError if none."""
    if (date := _DATE.fullmatch(text.strip())) is not None:
        digits = "".join(part or "" for part in date.groups())
        first = digits + _FIRST[len(digits) :]
        lasts = [digits + _LAST[len(digits) :]]
        if len(digits) == 6:  # a month ends when it does
            lasts = [digits + day + _LAST[8:] for day in _LAST_DAYS]
        last = next((last for last in lasts if _moment(last)), None)
        if last is not None and _moment(first):
            return Span(first=first, last=last)
    raise SettingError(
        f"{name} is {text!r}: write a date as 2026-11-01, or its 14 digits as 20261101093000"
    )


def _moment(timestamp: str) -> datetime | None:
    try:
        return datetime.strptime(timestamp, _FORMAT)
    except ValueError:
        return None
