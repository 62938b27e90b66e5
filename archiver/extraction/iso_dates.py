"""Dates as machines write them, in ISO 8601 or as Internet dates, made RFC 3339."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_MAX_CHARS = 100
_ISO = re.compile(
    r"\s*(\d{4})-?(\d{1,2})-?(\d{1,2})(?!\d)"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:[.,]\d+)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)


def rfc3339(text: str) -> str | None:
    """Return the date that *text* begins with, from ISO 8601 or an Internet date, or None."""
    match = _ISO.match(text)
    if match is None:
        return _internet_date(text[:_MAX_CHARS])
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        day_only = date(year, month, day)
    except ValueError:
        return None
    if match[7] is None:
        return day_only.isoformat()
    try:
        return stamp(datetime(year, month, day, hour, minute, second, tzinfo=_zone(match[7])))
    except ValueError:
        return day_only.isoformat()  # "24:00", or an offset of a day


def stamp(moment: datetime) -> str:
    """Return *moment*, which has a zone, as a `date-time`."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _internet_date(text: str) -> str | None:
    if "," not in text and not text[:1].isdigit():
        return None
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, OverflowError):
        return None
    return stamp(moment) if moment.tzinfo else moment.date().isoformat()


def _zone(offset: str) -> timezone:
    if offset[0] not in "+-":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[3:].lstrip(":") or 0)
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
