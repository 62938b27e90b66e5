"""The chunked transfer coding (RFC 9112, Section 7.1), read as it arrives.

No I/O. Lengths and line ends are read leniently where every browser does, and everything
else that breaks the framing is described in `problem`; what follows is then payload as it
stands if no chunk had come before, and nothing that can be named otherwise.
"""

from __future__ import annotations

import re
from enum import Enum, auto

# A chunk-size line may carry extensions; nobody needs 16 KiB of them, and a sender that
# never ends a line would otherwise fill the memory (h11 and Go set the same kind of bound).
MAX_LINE = 16 << 10
MAX_TRAILERS = 64 << 10

_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?\r?", re.DOTALL)
_SIZE_SO_FAR = re.compile(rb"[ \t]*(?:[0-9A-Fa-f]{1,15}[ \t]*(?:;.*|\r)?)?", re.DOTALL)
# The same with its end, and nothing more to come.
_WHOLE_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\n]*)?\r?\n")
# What may still become the line end after a chunk.
_LINE_ENDS_SO_FAR = (b"", b"\r")

# Said in the same words however the octets came.
_NO_SIZE = "no chunk size where one must be"
_TOO_LONG_A_CHUNK = "a chunk is longer than its size"
_TOO_LONG_A_LINE = f"a line of chunk framing is longer than {MAX_LINE} octets"
_TOO_LONG_TRAILERS = f"trailers are longer than {MAX_TRAILERS} octets"


class _State(Enum):
    SIZE = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILERS = auto()
    DONE = auto()
    BROKEN = auto()


class ChunkedReader:
    """Remove the chunk framing from a body that is fed to it piece by piece."""

    def __init__(self) -> None:
        self.problem: str | None = None
        self.has_trailers = False
        self._state = _State.SIZE
        self._line = b""  # the part of a line that has arrived
        self._remaining = 0
        self._trailer_octets = 0
        self._has_chunk = False

    @property
    def is_complete(self) -> bool:
        """Say whether the last chunk and its trailers have been read."""
        return self._state is _State.DONE

    def feed(self, octets: bytes) -> tuple[bytes, int]:
        """Take *octets*; return the payload among them and how many belong to the body."""
        payload: list[bytes] = []
        at = 0
        while at < len(octets) and self._state is not _State.DONE:
            if self._state is _State.BROKEN:
                if not self._has_chunk:
                    payload.append(octets[at:])
                at = len(octets)
            elif self._state is _State.DATA:
                piece = octets[at : at + self._remaining]
                payload.append(piece)
                at += len(piece)
                self._remaining -= len(piece)
                if not self._remaining:
                    self._state = _State.DATA_END
            else:
                if self._state is _State.SIZE and not self._line:
                    at = self._feed_whole_chunks(octets, at, payload)
                at = self._feed_line(octets, at, payload)
        return payload[0] if len(payload) == 1 else b"".join(payload), at

    def _feed_whole_chunks(self, octets: bytes, at: int, payload: list[bytes]) -> int:
        """Read the chunks that are there as a whole from *at* on; return how far that came.

        A sender of chunks of one octet would otherwise keep everybody else waiting.
        """
        while (size := _WHOLE_SIZE.match(octets, at)) and size.end() - at <= MAX_LINE:
            end = size.end() + int(size[1], 16)
            if end == size.end() or octets[end : end + 2] != b"\r\n":
                break
            payload.append(octets[size.end() : end])
            at = end + 2
            self._has_chunk = True
        return at

    def _feed_line(self, octets: bytes, at: int, payload: list[bytes]) -> int:
        """Read towards a line's end from *at*; return how far that came."""
        end = octets.find(b"\n", at)
        stop = len(octets) if end < 0 else end + 1
        self._line += octets[at:stop]
        if end >= 0:
            self._take_line(self._line[:-1], payload)
        elif len(self._line) > MAX_LINE:
            self._break(_TOO_LONG_A_LINE, payload)
        elif self._state is _State.DATA_END and self._line not in _LINE_ENDS_SO_FAR:
            self._break(_TOO_LONG_A_CHUNK, payload)
        elif self._state is _State.SIZE and not _SIZE_SO_FAR.fullmatch(self._line):
            self._break(_NO_SIZE, payload)
        return stop

    def _take_line(self, line: bytes, payload: list[bytes]) -> None:
        if len(line) > MAX_LINE:
            self._break(_TOO_LONG_A_LINE, payload)
        elif self._state is _State.SIZE:
            self._take_size(line, payload)
        elif self._state is _State.DATA_END:
            if line in _LINE_ENDS_SO_FAR:
                self._state, self._line = _State.SIZE, b""
            else:
                self._break(_TOO_LONG_A_CHUNK, payload)
        else:
            self._take_trailer(line, payload)

    def _take_size(self, line: bytes, payload: list[bytes]) -> None:
        size = _SIZE.fullmatch(line)
        if size is None:
            self._break(_NO_SIZE, payload)
            return
        self._line = b""
        self._remaining = int(size[1], 16)
        self._has_chunk = True
        self._state = _State.DATA if self._remaining else _State.TRAILERS

    def _take_trailer(self, line: bytes, payload: list[bytes]) -> None:
        self._line = b""
        self._trailer_octets += len(line) + 1
        if line in _LINE_ENDS_SO_FAR:
            self._state = _State.DONE
        elif self._trailer_octets > MAX_TRAILERS:
            self._break(_TOO_LONG_TRAILERS, payload)
        else:
            self.has_trailers = True

    def _break(self, problem: str, payload: list[bytes]) -> None:
        self.problem = problem
        self._state = _State.BROKEN
        if not self._has_chunk:
            payload.append(self._line)
        self._line = b""
