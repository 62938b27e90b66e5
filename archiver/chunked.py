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
                at = self._feed_line(octets, at, payload)
        return payload[0] if len(payload) == 1 else b"".join(payload), at

    def _feed_line(self, octets: bytes, at: int, payload: list[bytes]) -> int:
        """Read towards a line's end from *at*; return how far that came."""
        end = octets.find(b"\n", at)
        stop = len(octets) if end < 0 else end + 1
        self._line += octets[at:stop]
        if end >= 0:
            line, self._line = self._line[:-1], b""
            self._take_line(line, payload)
        elif self._is_line_hopeless():
            self._break(f"no line end in {len(self._line)} octets of chunk framing", payload)
        return stop

    def _is_line_hopeless(self) -> bool:
        if self._state is _State.DATA_END:
            return self._line != b"\r"
        return len(self._line) > MAX_LINE

    def _take_line(self, line: bytes, payload: list[bytes]) -> None:
        if self._state is _State.SIZE:
            self._take_size(line, payload)
        elif self._state is _State.DATA_END:
            if line.rstrip(b"\r"):
                self._line = line + b"\n"
                self._break(f"a chunk is longer than its size, at {line[:20]!r}", payload)
            else:
                self._state = _State.SIZE
        else:
            self._trailer_octets += len(line)
            if line in (b"", b"\r"):
                self._state = _State.DONE
            elif self._trailer_octets > MAX_TRAILERS:
                self._break(f"trailers are longer than {MAX_TRAILERS} octets", payload)

    def _take_size(self, line: bytes, payload: list[bytes]) -> None:
        size = _SIZE.fullmatch(line)
        if size is None:
            self._line = line + b"\n"
            self._break(f"{line[:40]!r} is no chunk size", payload)
            return
        self._remaining = int(size[1], 16)
        self._has_chunk = True
        self._state = _State.DATA if self._remaining else _State.TRAILERS

    def _break(self, problem: str, payload: list[bytes]) -> None:
        self.problem = problem
        self._state = _State.BROKEN
        if not self._has_chunk:
            payload.append(self._line)
        self._line = b""
