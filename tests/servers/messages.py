"""HTTP/1.1 messages for one who passes them on: heads, and how their bodies are framed.

Octets stay what they are; only a fault changes them.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

from tests.servers.faults import Request

MAX_HEAD = 1 << 17
_PIECE = 1 << 18
_TOLD_ETAG = re.compile(rb'(?im)(^etag:[ \t]*"?|<ETag>(?:"|&quot;|&#34;)?)([0-9a-f]{32})')
_TOLD_CHECKSUM = re.compile(rb"(?im)^(x-amz-checksum-(?:crc|sha|md5|xxh)\w*:[ \t]*)(\S)")
_OTHER_DIGITS = bytes.maketrans(b"0123456789abcdefABCDEF", b"123456789abcdef0bcdef0")


@dataclass(frozen=True, slots=True)
class Head:
    """The octets of a head, up to and with its empty line."""

    octets: bytes

    @property
    def request(self) -> Request:
        method, target, _ = self.octets.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        return Request(method, target)

    @property
    def status(self) -> int:
        return int(self.octets.split(b" ", 2)[1])

    @property
    def expects_continue(self) -> bool:
        return self.field(b"expect").lower() == b"100-continue"

    @property
    def closes(self) -> bool:
        return self.field(b"connection").lower() == b"close"

    @property
    def chunked(self) -> bool:
        return self.field(b"transfer-encoding").lower() == b"chunked"

    @property
    def length(self) -> int | None:
        """The length of the body, or of what S3 frames in it; None where none is told."""
        told = self.field(b"content-length") or self.field(b"x-amz-decoded-content-length")
        return int(told) if told else None

    def field(self, name: bytes) -> bytes:
        """Return the value of the field *name*, empty where there is none."""
        for line in self.octets.split(b"\r\n")[1:]:
            key, _, value = line.partition(b":")
            if key.lower() == name:
                return value.strip()
        return b""


class Reader(asyncio.StreamReader):
    """A stream that also says when the other side has *gone*, before all of it is read."""

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit, loop)
        self.gone = asyncio.Event()

    def feed_eof(self) -> None:
        self.gone.set()
        super().feed_eof()

    def set_exception(self, exc: Exception) -> None:  # as the base class names it
        self.gone.set()
        super().set_exception(exc)


async def read_head(reader: asyncio.StreamReader) -> Head | None:
    """Return the next head; None where the other side ends the connection instead."""
    try:
        return Head(await reader.readuntil(b"\r\n\r\n"))
    except asyncio.IncompleteReadError:
        return None


async def body_of(
    head: Head, reader: asyncio.StreamReader, *, until_close: bool = False
) -> AsyncIterator[tuple[bytes, bool]]:
    """Yield the body's octets in pieces, each with whether it is content (or chunk framing).

    An answer without a length goes on *until_close*; a request without one has no body.
    """
    if head.chunked:
        async for octets, is_content in _chunks(reader):
            yield octets, is_content
    elif head.length is None and until_close:
        while piece := await reader.read(_PIECE):
            yield piece, True
    else:
        async for piece in _exactly(reader, head.length or 0):
            yield piece, True


def has_body(request: Request, answer: Head) -> bool:
    return request.method != "HEAD" and answer.status not in (204, 304) and answer.status >= 200


def turned(octets: bytes, at: int = 0) -> bytes:
    """Return *octets* with a bit of the one *at* turned."""
    return octets[:at] + bytes([octets[at] ^ 1]) + octets[at + 1 :]


def with_another_etag(octets: bytes) -> bytes:
    """Return *octets*, a head or some XML, with other digits in each ETag."""
    return _TOLD_ETAG.sub(lambda told: told[1] + told[2].translate(_OTHER_DIGITS), octets)


def with_another_checksum(octets: bytes) -> bytes:
    """Return *octets*, a head, with another first digit in each checksum that it tells."""
    return _TOLD_CHECKSUM.sub(lambda told: told[1] + (b"B" if told[2] == b"A" else b"A"), octets)


async def _exactly(reader: asyncio.StreamReader, length: int) -> AsyncIterator[bytes]:
    while length:
        piece = await reader.read(min(length, _PIECE))
        if not piece:
            raise ConnectionResetError("the sender left in the midst of a body")
        length -= len(piece)
        yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[tuple[bytes, bool]]:
    while True:
        line = await reader.readuntil(b"\r\n")
        yield line, False
        size = int(line.split(b";")[0], 16)
        async for piece in _exactly(reader, size):
            yield piece, True
        if not size:
            break
        yield await reader.readexactly(2), False
    while line != b"\r\n":  # trailers, and the empty line after them
        line = await reader.readuntil(b"\r\n")
        yield line, False
