"""Content-encoding undone: from a payload to the content that its server meant.

Ours and not warcio's, since that cannot read `br` beside Scrapy's Brotli package and knows
no zstd. A payload that is not what its header claims is returned as it stands, and output
never passes a limit, so that a small payload cannot fill the memory.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_STEP = 64 << 10


def content_of(payload: bytes, encoding: bytes | None, limit: int) -> bytes:
    """Return *payload* without the codings that *encoding* lists, at most *limit* octets.

    *encoding* is the value of Content-Encoding (RFC 9110, 8.4), or None. A truncated or damaged
    payload gives what can be decoded of it; an unknown coding ends the decoding there.
    """
    listed = [coding.strip().lower() for coding in (encoding or b"").split(b",")]
    codings = [coding for coding in listed if coding not in (b"", b"identity")]
    while codings:
        decode = _DECODERS.get(codings.pop())
        if decode is None:
            break
        # What is coded again inside may be a little longer than its content.
        content = decode(payload, 2 * limit + _STEP if codings else limit)
        payload = payload if content is None else content
    return payload[:limit]


class _Decoder(Protocol):
    """What zlib's and zstd's decoders have in common."""

    @property
    def unused_data(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Brotli:
    """Brotli's decoder in the manner of the others."""

    unused_data = b""

    def __init__(self) -> None:
        self._decoder = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    def decompress(self, data: bytes, max_length: int = _STEP, /) -> bytes:
        output = bytearray()
        more: bytes = self._decoder.process(data, output_buffer_limit=max_length)
        while more:
            output += more
            if self.eof or len(output) >= max_length:
                break
            more = self._decoder.process(b"", output_buffer_limit=max_length - len(output))
        return bytes(output)


@dataclass(slots=True)
class _Member:
    """What one member or frame holds, and where it ends; *end* is None where it does not."""

    content: bytes
    end: int | None
    is_damaged: bool = False


def _members(make: Callable[[], _Decoder], payload: bytes, limit: int) -> bytes | None:
    """Decode a run of members or frames, up to *limit* octets or the first damage.

    None when not even the first is what it should be.
    """
    content, start = bytearray(), 0
    while start < len(payload) and len(content) < limit:
        member = _member(make, payload, start, limit - len(content), _STEP)
        if member.is_damaged:
            member = _member(make, payload, start, limit - len(content), 1)
        if start == 0 and not member.content and member.end is None:
            return None
        content += member.content
        if member.end is None or make is _Brotli:
            break
        start = member.end
    return bytes(content)


def _member(
    make: Callable[[], _Decoder], payload: bytes, start: int, limit: int, step: int
) -> _Member:
    """Decode the member that begins at *start*; damage costs what the last *step* held."""
    decoder, content, at = make(), bytearray(), start
    while at < len(payload) and len(content) < limit and not decoder.eof:
        piece = payload[at : at + step]
        try:
            content += decoder.decompress(piece, limit - len(content))
        except (zlib.error, zstd.ZstdError, brotli.error):
            return _Member(bytes(content), None, is_damaged=True)
        at += len(piece)
    return _Member(bytes(content), at - len(decoder.unused_data) if decoder.eof else None)


def _gunzip(payload: bytes, limit: int) -> bytes | None:
    # A gzip body may hold several members (RFC 1952, 2.2).
    return _members(lambda: zlib.decompressobj(31), payload, limit)


def _inflate(payload: bytes, limit: int) -> bytes | None:
    # RFC 9110 8.4.1.2 means the zlib format; some servers send bare DEFLATE data.
    content = _members(lambda: zlib.decompressobj(15), payload, limit)
    if content is not None:
        return content
    return _members(lambda: zlib.decompressobj(-15), payload, limit)


def _unzstd(payload: bytes, limit: int) -> bytes | None:
    return _members(lambda: zstd.ZstdDecompressor(), payload, limit)


def _unbrotli(payload: bytes, limit: int) -> bytes | None:
    return _members(_Brotli, payload, limit)


_DECODERS: dict[bytes, Callable[[bytes, int], bytes | None]] = {
    b"gzip": _gunzip,
    b"x-gzip": _gunzip,
    b"deflate": _inflate,
    b"br": _unbrotli,
    b"zstd": _unzstd,
}
