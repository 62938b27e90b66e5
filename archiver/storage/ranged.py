"""A seekable file over ranges of something that is far away.

It knows nothing of where the octets come from: *fetch* brings them.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Fetch = Callable[[int, int], bytes]  # from start to stop, which is not empty

FIRST_BYTES = 256 << 10  # a record and its neighbours
MOST_BYTES = 8 << 20
_BUFFER_BYTES = 64 << 10


def ranged_file(fetch: Fetch, size: int) -> BinaryIO:
    """Return the *size* octets that *fetch* brings, as a file that stands at its beginning."""
    return io.BufferedReader(RangedReader(fetch, size), _BUFFER_BYTES)


class RangedReader(io.RawIOBase):
    """The *size* octets that *fetch* brings, a window at a time.

    The windows grow while reading goes on in order; after a seek beyond the window they begin
    small again, so that reading one record fetches little more than that.
    """

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch = fetch
        self._size = size
        self._position = 0
        self._window = b""
        self._window_start = 0
        self._window_bytes = FIRST_BYTES

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that reading may go on anywhere."""
        return True

    def tell(self) -> int:
        """Return where reading goes on."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Let reading go on at *offset*; nothing is fetched before it is read."""
        self._refuse_if_closed()
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError(f"there is nothing before the beginning, at {base + offset}")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill *buffer* as far as the window goes; return how many octets that were."""
        self._refuse_if_closed()
        view = memoryview(buffer).cast("B")
        if not view or self._position >= self._size:
            return 0
        if not 0 <= self._position - self._window_start < len(self._window):
            self._turn(len(view))
        start = self._position - self._window_start
        count = min(len(view), len(self._window) - start)
        view[:count] = self._window[start : start + count]
        self._position += count
        return count

    def _turn(self, wanted: int) -> None:
        """Let the window begin at the position."""
        goes_on = self._window and self._position == self._window_start + len(self._window)
        self._window_bytes = min(2 * self._window_bytes, MOST_BYTES) if goes_on else FIRST_BYTES
        length = max(self._window_bytes, min(wanted, MOST_BYTES))
        self._window = b""  # before the next is there: never two of them in memory
        self._window = self._fetch(self._position, min(self._position + length, self._size))
        self._window_start = self._position

    def _refuse_if_closed(self) -> None:
        if self.closed:
            raise ValueError("the file is closed")
