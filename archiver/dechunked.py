"""A response as readers want it that cannot dechunk: its chunks joined, its head corrected.

Section numbers are those of RFC 9112.
"""

from __future__ import annotations

import re

from archiver.tape import Tape
from archiver.wire import ResponseReader, payload_of


def dechunked(response: Tape, method: bytes) -> Tape:
    """Return the *response* to a request of *method* with its chunks joined, on a new tape.

    The head keeps every byte but two kinds of line: Transfer-Encoding gets another name, and
    Content-Length the number of octets that now follow. The response itself comes back where
    its framing is another, or broken.
    """
    head, size = _chunked_head(response, method)
    if head is None:
        return response
    decoded = response.sibling()
    decoded.write(_renamed(head, size))
    for payload in payload_of(response.chunks(), method):
        decoded.write(payload)
    return decoded


def _chunked_head(response: Tape, method: bytes) -> tuple[bytes | None, int]:
    """Return the head of a soundly chunked *response* and the size of its payload.

    The head is None for every other response, of which no more than the head is read.
    """
    reader = ResponseReader(method)
    raw_head, size = b"", 0
    for chunk in response.chunks():
        raw, payload = reader.feed(chunk)
        raw_head = raw_head or raw
        size += len(payload)
        if reader.problem or (reader.head is not None and not reader.is_chunked):
            return None, 0
    if reader.head is None:
        return None, 0
    return raw_head[: reader.head.length], size


def _renamed(head: bytes, length: int) -> bytes:
    # A field's line and the lines folded onto it (5.2) stay or go together.
    fields = re.findall(rb"[^\n]*\n(?:[ \t][^\n]*\n)*", head)[:-1]
    kept = [
        re.sub(rb"(?i)^(transfer-encoding)(?=[ \t]*:)", rb"X-Archiver-\1", field)
        for field in fields
        if not re.match(rb"(?i)content-length[ \t]*:", field)
    ]
    return b"".join((*kept, b"Content-Length: %d\r\n\r\n" % length))
