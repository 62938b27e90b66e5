"""How long a host is left in peace: because it asks for that, or fails again and again.

Times are seconds of a clock that never goes back, given as *now*; nothing here reads one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 24 * 3600.0
FAILURES = 5  # in a row, before a host is parked
PARKINGS = 8  # in a row, before it is given up: two hours
FIRST_PARKING = 60.0
LONGEST_PARKING = 30 * 60.0

_SECONDS = re.compile(r"[0-9]{1,12}")


def retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After of *value* asks for (RFC 9110, 10.2.3).

    No more than a day, and 0 where the date is past. None where *value* cannot be read.
    """
    value = value.strip()
    if _SECONDS.fullmatch(value):
        return min(float(value), LONGEST_WAIT)
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # the latter of years that no calendar has
        return None
    # The zone "-0000" is one that says nothing, and HTTP's dates are in UTC.
    seconds = (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_WAIT)


@dataclass(slots=True)
class _Trouble:
    """What a host has done since it last answered well."""

    failures: int = 0
    refusals: int = 0
    asked: int = 0
    parkings: int = 0
    until: float = 0.0
    is_parked: bool = False


class Hosts:
    """The hosts that are in trouble, and until when each is to be left in peace."""

    def __init__(self) -> None:
        self._troubles: dict[str, _Trouble] = {}

    def until(self, host: str, now: float) -> float | None:
        """Return until when nothing is to be sent to *host*, None where it may be asked."""
        trouble = self._troubles.get(host)
        return trouble.until if trouble is not None and now < trouble.until else None

    def is_parked(self, host: str, now: float) -> bool:
        """Say whether *host* is left in peace because it failed, and not because it asked."""
        trouble = self._troubles.get(host)
        return trouble is not None and trouble.is_parked and now < trouble.until

    def answered(self, host: str, now: float) -> None:
        """Note that *host* has answered as a host does that is well.

        While it is left in peace that says nothing: it was asked before.
        """
        trouble = self._troubles.get(host)
        if trouble is not None and now >= trouble.until:
            del self._troubles[host]

    def asks(self, host: str, seconds: float, now: float) -> bool:
        """Leave *host* in peace for *seconds*, as it asks; say whether that is news."""
        trouble = self._troubles.setdefault(host, _Trouble())
        if now >= trouble.until:  # of those that were under way at once, one counts
            trouble.asked += 1
        is_news = now + seconds > trouble.until
        trouble.until = max(trouble.until, now + seconds)
        trouble.is_parked = trouble.is_parked and not is_news
        return is_news

    def is_given_up(self, host: str) -> bool:
        """Say whether *host* has asked so often in a row that nobody waits any more."""
        trouble = self._troubles.get(host)
        return trouble is not None and trouble.asked > PARKINGS

    def refuses(self, host: str, first: float, most: float, now: float) -> float:
        """Leave *host* in peace for *first* seconds, which refuses without saying for how long.

        Each refusal in a row doubles them, up to *most*. Return the seconds.
        """
        trouble = self._troubles.setdefault(host, _Trouble())
        if now >= trouble.until:  # of those that were under way at once, one counts
            trouble.refusals += 1
        seconds = min(first * 2.0 ** min(trouble.refusals - 1, 30), most)
        trouble.until = max(trouble.until, now + seconds)
        return seconds

    def failed(self, host: str, now: float, *, at_once: bool = False) -> float | None:
        """Note that *host* failed. Return the seconds for which it is parked because of that.

        That is after some failures in a row, or *at_once*, and for twice as long each time.
        None where it changes nothing: the host is parked already, or given up.
        """
        trouble = self._troubles.setdefault(host, _Trouble())
        trouble.failures = FAILURES if at_once else trouble.failures + 1
        if trouble.failures < FAILURES or trouble.parkings >= PARKINGS:
            return None
        if trouble.is_parked and now < trouble.until:
            return None
        seconds = min(FIRST_PARKING * 2.0**trouble.parkings, LONGEST_PARKING)
        trouble.parkings += 1
        trouble.until, trouble.is_parked = max(trouble.until, now + seconds), True
        return seconds
