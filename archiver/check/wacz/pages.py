"""The page lists of a WACZ against its indexes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import BinaryIO

from archiver.check.fault import Fault, Problem, Severity
from archiver.check.wacz.index import WaczIndexes

_LONGEST_LINE = 64 << 20
_FORMAT = "json-pages-1.0"


class WaczPagesCheck:
    """A page list called *shown*, with *count* pages, of a WACZ with *indexes*.

    What a WACZ need not have, such as an id, one that *is_ours* has. *has_main* says whether
    the page *main* is among them.
    """

    def __init__(self, indexes: WaczIndexes, shown: str, *, main: object, is_ours: bool) -> None:
        self.count = 0
        self.has_main = False
        self._main = main
        self._indexes = indexes
        self._shown = shown
        self._lesser: Severity = "fault" if is_ours else "note"
        self._ids: set[int] = set()

    def faults(self, file: BinaryIO) -> Iterator[Fault]:
        """Yield what is wrong with the list in *file*."""
        header = file.readline(_LONGEST_LINE)
        if _object(header).get("format") != _FORMAT:
            problem = Problem("page", f"{header[:80]!r}", f"a header with format {_FORMAT}")
            yield problem.at(self._shown, 0)
        place = len(header)
        for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
            if not line.isspace():
                self.count += 1
                for problem in self._problems_of(line):
                    yield problem.at(self._shown, place)
            place += len(line)

    def _problems_of(self, line: bytes) -> Iterator[Problem]:
        page = _object(line)
        url, timestamp = page.get("url"), _timestamp(page.get("ts"))
        self.has_main = self.has_main or url == self._main
        if not isinstance(url, str) or timestamp is None:
            yield Problem("page", f"{line[:80]!r}", "an object with url and ts (RFC 3339)")
            return
        yield from self._problems_of_id(page.get("id"), url)
        found = self._indexes.find(url, timestamp)
        if found == "nothing":
            yield Problem("page", f"{url!r} is in no index", "a capture of it", self._lesser)
        elif found == "other url":
            problem = f"{url!r} is in no index, only another URL with its key"
            yield Problem("page", problem, "a capture of it")
        elif found == "twin":
            problem = f"{url!r} is in the index as a twin, such as https is to http"
            yield Problem("page", problem, "the URL of the capture", "note")
        elif found == "other time":
            expected = f"one, as {url!r} has others"
            problem = f"no capture of {page['ts']} in the index"
            yield Problem("page", problem, expected, self._lesser)

    def _problems_of_id(self, page_id: object, url: str) -> Iterator[Problem]:
        if not isinstance(page_id, str) or not page_id:
            yield Problem("page", f"no id of {url!r}", "one", self._lesser)
        elif hash(page_id) in self._ids:
            yield Problem("page", f"another page with id {page_id!r}", "one", self._lesser)
        else:
            self._ids.add(hash(page_id))


def _timestamp(ts: object) -> str | None:
    """Return the 14 digits of *ts*, which is RFC 3339; None if it is not."""
    try:
        moment = datetime.fromisoformat(ts) if isinstance(ts, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return f"{moment.astimezone(UTC):%Y%m%d%H%M%S}"


def _object(line: bytes) -> dict[str, object]:
    """Return the JSON object in *line*; an empty one if there is none."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
