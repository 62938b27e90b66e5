"""Content-encoding undone: from a payload to the content that its server meant.

Ours and not warcio's, since that cannot read `br` beside Scrapy's Brotli package and knows
no zstd. A payload that is not what its header claims is returned as it stands, and output
never passes a limit, so that a small payload cannot fill the memory.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_STEP = 256 << 10


def content_of(payload: bytes, encoding: bytes | None, limit: int) -> bytes:
    """Return *payload* without the codings that *encoding* lists, at most *limit* octets.

    *encoding* is the value of Content-Encoding (RFC 9110, 8.4), or None. A truncated payload
    gives what can be decoded of it; an unknown coding ends the decoding there.
    """
    codings = [coding.strip().lower() for coding in (encoding or b"").split(b",")]
    for coding in reversed(codings):
        decode = _DECODERS.get(coding)
        if decode is not None:
            payload = decode(payload, limit) or payload
        elif coding not in (b"", b"identity"):
            break
    return payload[:limit]


class _Decoder(Protocol):
    @property
    def unused_data(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def _members(make: Callable[[], _Decoder], payload: bytes, limit: int) -> bytes:
    """Decode a run of members or frames, up to *limit* octets or the first damage."""
    content = bytearray()
    while payload and len(content) < limit:
        decoder = make()
        for at in range(0, len(payload), _STEP):
            try:
                content += decoder.decompress(payload[at : at + _STEP], limit - len(content))
            except (zlib.error, zstd.ZstdError):
                return bytes(content)
            if decoder.eof or len(content) >= limit:
                break
        payload = decoder.unused_data + payload[at + _STEP :] if decoder.eof else b""
    return bytes(content)


def _gunzip(payload: bytes, limit: int) -> bytes:
    # A gzip body may hold several members (RFC 1952, 2.2).
    return _members(lambda: zlib.decompressobj(31), payload, limit)


def _inflate(payload: bytes, limit: int) -> bytes:
    # RFC 9110 8.4.1.2 means the zlib format; some servers send bare DEFLATE data.
    zlib_format = _members(lambda: zlib.decompressobj(15), payload, limit)
    return zlib_format or _members(lambda: zlib.decompressobj(-15), payload, limit)


def _unzstd(payload: bytes, limit: int) -> bytes:
    return _members(lambda: zstd.ZstdDecompressor(), payload, limit)


def _unbrotli(payload: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    content = bytearray()
    try:
        while len(content) < limit and not decoder.is_finished():
            output = decoder.process(payload, output_buffer_limit=_STEP)
            if not output and not payload:
                break
            content += output
            payload = b""
    except brotli.error:
        return bytes(content)  # what was decoded before the damage stands
    return bytes(content)


_DECODERS: dict[bytes, Callable[[bytes, int], bytes]] = {
    b"gzip": _gunzip,
    b"x-gzip": _gunzip,
    b"deflate": _inflate,
    b"br": _unbrotli,
    b"zstd": _unzstd,
}
