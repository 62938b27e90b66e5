"""One sorted index file on a disk, searched by halves: no line of it is kept in memory.

Every question opens the file anew, so that any number of threads may ask at a time. Lines may
be of any length, end with or without a carriage return, and the last without any end.
"""

from __future__ import annotations

import io
from bisect import bisect
from collections.abc import Iterator
from itertools import islice, takewhile
from pathlib import Path
from typing import BinaryIO

from archiver.cdxj import IndexEntry, parse_line
from archiver.surt import surt_of

_STEP = 64 << 10
# How far neighbours are looked for on either side.
_MOST_LINES = 1000
_MOST_OCTETS = 1 << 20


class Index:
    """The CDXJ file at *path*, whose lines are sorted by their octets."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def size(self) -> int:
        """How many octets the file has."""
        return self.path.stat().st_size

    def lines(self, start: bytes = b"") -> Iterator[bytes]:
        """Yield the lines from the first that is not less than *start*, each with its end."""
        with self.path.open("rb") as file:
            file.seek(_first(file, start))
            for line in file:
                yield line if line.endswith(b"\n") else line + b"\n"

    def captures(self, url: str) -> Iterator[IndexEntry]:
        """Yield what is filed under the very key of *url*, by time.

        DamagedIndexLine for a line that is not CDXJ.
        """
        key = _key(url) + b" "
        for line in takewhile(lambda line: line.startswith(key), self.lines(key)):
            yield parse_line(line)

    def near(self, url: str, limit: int = 10) -> list[IndexEntry]:
        """Return at most *limit* captures that lie nearest to *url*.

        They are its own where there are any; else, of the same host, the last capture under
        each of the keys that have most of their beginning in common with its key.
        """
        own = list(islice(self.captures(url), limit))
        if own:
            return own
        key = _key(url)
        host = key[: key.find(b")") + 1]
        ahead = islice(self.lines(key), _MOST_LINES)
        around = [*self._before(key), *ahead]
        # Of the lines with one key the last counts: captures are sorted by time.
        by_key = {
            line.partition(b" ")[0]: line for line in around if host and line.startswith(host)
        }
        keys = list(by_key)
        here = bisect(keys, key)
        # Most in common first; of those with as much the ones that lie nearest.
        ranks = {
            other: (-_common(key, other), abs(position - here))
            for position, other in enumerate(keys)
        }
        nearest = sorted(keys, key=ranks.__getitem__)[:limit]
        return [parse_line(by_key[other]) for other in sorted(nearest)]

    def _before(self, start: bytes) -> list[bytes]:
        """Return the last whole lines that are less than *start*, as many as are looked at."""
        with self.path.open("rb") as file:
            end = _first(file, start)
            begin = max(0, end - _MOST_OCTETS)
            file.seek(begin)
            lines = list(io.BytesIO(file.read(end - begin)))
        return lines[1 if begin else 0 :][-_MOST_LINES:]


def _common(one: bytes, other: bytes) -> int:
    """Return how many octets the beginnings of the two have in common."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    )


def _key(url: str) -> bytes:
    return surt_of(url).encode("utf-8", "surrogateescape")


def _first(file: BinaryIO, start: bytes) -> int:
    """Return where the first line begins that is not less than *start*, or the end of *file*."""
    # Every line that begins before *low*, itself such a place, is less than *start*; none that
    # begins at *high* or after it is.
    low, high = 0, file.seek(0, 2)
    while low < high:
        middle = (low + high) // 2
        begin = low if middle == low else _skip_line(file, middle - 1)
        if begin >= high:
            high = middle
            continue
        file.seek(begin)
        if file.read(len(start)).partition(b"\n")[0] < start:
            low = _skip_line(file, begin)
        else:
            high = middle
    return low


def _skip_line(file: BinaryIO, position: int) -> int:
    """Return where the line ends that *position* lies in, piece by piece: it may be long."""
    file.seek(position)
    while piece := file.readline(_STEP):
        if piece.endswith(b"\n"):
            break
    return file.tell()
