"""What is remembered of a growing WARC's records until it is sealed: index lines and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from archiver.capture import Location
from archiver.cdxj import is_indexed, make_line
from archiver.head import Head


class Contents:
    """The *index* lines of a WARC in the order of its records, and *counts* of records by type."""

    def __init__(self) -> None:
        self.index: list[bytes] = []
        self.counts: Counter[str] = Counter()
        self._dates: set[str] = set()

    def note(
        self,
        type: str,
        get: Callable[[str], str | None],
        *,
        target: str | None,
        http_head: Head | None,
        location: Location,
    ) -> None:
        """Remember a record of *type*, whose named fields *get* gives, at *location*."""
        date = get("WARC-Date")
        if is_indexed(type, get("Content-Type")):
            line = make_line(
                type=type,
                target=target or "",
                date=date or "",
                http_head=http_head,
                content_type=get("Content-Type"),
                payload_digest=get("WARC-Payload-Digest"),
                location=location,
            )
            self.index.append(line)
        if date is not None and type != "warcinfo":
            self._note_date(date)
        self.counts[type] += 1

    @property
    def first_date(self) -> str | None:
        """The earliest WARC-Date, warcinfo left out."""
        return min(self._dates, default=None)

    @property
    def last_date(self) -> str | None:
        """The latest WARC-Date, warcinfo left out."""
        return max(self._dates, default=None)

    def _note_date(self, date: str) -> None:
        # The first and the last are all that is asked for: keep no more than these two.
        self._dates.add(date)
        if len(self._dates) > 2:
            self._dates = {min(self._dates), max(self._dates)}
