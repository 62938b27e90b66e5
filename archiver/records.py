"""WARC 1.1 records from captures: response, request, metadata, warcinfo.

One capture becomes a response record and its request record, or, where nothing came back,
a metadata record that says why. This module opens no file, reads no clock and draws no
random number: ids and dates are the capture's own or arrive as arguments.

Section numbers are those of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from archiver.capture import Capture, Page
from archiver.digests import Algorithm, digest_of, label, new_hasher
from archiver.head import Head
from archiver.tape import Tape
from archiver.wire import ResponseReader, payload_of

Wire = Literal["exact", "decoded"]

WARC_FIELDS = "application/warc-fields"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

# What a server may learn from us and an archive may not: the values of these two.
_CREDENTIALS = re.compile(
    rb"^((?:Proxy-)?Authorization[ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.I | re.M
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A WARC record to be written; its Content-Length is that of *block*.

    *fields* are the named fields in order, without Content-Length. *http_head* is that of
    the response in the block, where there is one.
    """

    type: str
    fields: tuple[tuple[str, str], ...]
    block: Tape
    http_head: Head | None = None

    def get(self, name: str) -> str | None:
        """Return the first value of the field *name*, spelled as we write it, or None."""
        return next((value for field, value in self.fields if field == name), None)

    def header(self) -> bytes:
        """Return the record's header with its closing blank line (4)."""
        lines = [f"{name}: {_one_line(value)}\r\n" for name, value in self.fields]
        text = "".join(("WARC/1.1\r\n", *lines, f"Content-Length: {self.block.size}\r\n\r\n"))
        return text.encode("utf-8", "replace")


def warc_date(moment: datetime) -> str:
    """Return *moment* as WARC-Date has it: UTC, with microseconds (5.4)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def records_of(
    capture: Capture, *, warcinfo_id: str, algorithm: Algorithm = "sha256", wire: Wire = "exact"
) -> list[Record]:
    """Return the adjacent records of *capture*: what came back first, then the request."""
    if not capture.response.size:
        records = [_failure(capture, warcinfo_id, algorithm)]
    else:
        records = [_response(capture, warcinfo_id, algorithm, wire)]
    if capture.request:
        records.append(_request(capture, warcinfo_id, algorithm))
    return records


def warcinfo(
    fields: Mapping[str, str], *, record_id: str, filename: str, written_at: datetime,
    algorithm: Algorithm = "sha256",
) -> Record:  # fmt: skip
    """Return the record that opens the file *filename* and describes what follows (6.2)."""
    block = _warc_fields(fields)
    named = (
        ("WARC-Type", "warcinfo"),
        ("WARC-Record-ID", record_id),
        ("WARC-Date", warc_date(written_at)),
        ("WARC-Filename", filename),
        ("WARC-Block-Digest", digest_of(block, algorithm)),
        ("Content-Type", WARC_FIELDS),
    )
    return Record(type="warcinfo", fields=named, block=Tape.of(block))


def page_metadata(
    page: Page, *, record_id: str, warcinfo_id: str, algorithm: Algorithm = "sha256"
) -> Record:
    """Return the metadata record that declares *page* (6.6).

    It refers to the page's response, and so the WARC alone tells which captures are pages.
    """
    block = _warc_fields(
        {
            "via": page.via,
            "hopsFromSeed": page.hops,
            "fetchTimeMs": page.fetch_ms,
            "charset": page.charset,
            "seed": page.seed,
            "urlRequested": page.url_requested,
        }
    )
    named = (
        ("WARC-Type", "metadata"),
        ("WARC-Record-ID", record_id),
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-Target-URI", page.target),
        ("WARC-Date", warc_date(page.captured_at)),
        ("WARC-Concurrent-To", page.record_id),
        ("WARC-Refers-To", page.record_id),
        ("WARC-Block-Digest", digest_of(block, algorithm)),
        ("Content-Type", WARC_FIELDS),
    )
    return Record(type="metadata", fields=named, block=Tape.of(block))


def _response(capture: Capture, warcinfo_id: str, algorithm: Algorithm, wire: Wire) -> Record:
    block = capture.response if wire == "exact" else _without_transfer_encoding(capture)
    head, block_digest, payload_digest = _digests(block, capture, algorithm)
    fields = _common(capture, "response", capture.response_id, warcinfo_id)
    if capture.request:
        fields.append(("WARC-Concurrent-To", capture.request_id))
    if capture.truncated:
        fields.append(("WARC-Truncated", capture.truncated))
    fields.append(("WARC-Block-Digest", block_digest))
    if payload_digest:
        fields.append(("WARC-Payload-Digest", payload_digest))
    fields.append(("Content-Type", "application/http;msgtype=response"))
    return Record(type="response", fields=tuple(fields), block=block, http_head=head)


def _request(capture: Capture, warcinfo_id: str, algorithm: Algorithm) -> Record:
    block = _without_credentials(capture.request)
    body = block.partition(b"\r\n\r\n")[2]
    fields = _common(capture, "request", capture.request_id, warcinfo_id)
    fields += [
        ("WARC-Concurrent-To", capture.response_id),
        ("WARC-Block-Digest", digest_of(block, algorithm)),
        ("WARC-Payload-Digest", digest_of(body, algorithm)),
        ("Content-Type", "application/http;msgtype=request"),
    ]
    return Record(type="request", fields=tuple(fields), block=Tape.of(block))


def _failure(capture: Capture, warcinfo_id: str, algorithm: Algorithm) -> Record:
    block = _warc_fields(
        {"fetchFailure": capture.failure or "no answer", "fetchTimeMs": capture.fetch_ms}
    )
    fields = _common(capture, "metadata", capture.response_id, warcinfo_id)
    if capture.request:
        fields.append(("WARC-Concurrent-To", capture.request_id))
    fields += [
        ("WARC-Block-Digest", digest_of(block, algorithm)),
        ("Content-Type", WARC_FIELDS),
    ]
    return Record(type="metadata", fields=tuple(fields), block=Tape.of(block))


def _common(
    capture: Capture, type_: str, record_id: str, warcinfo_id: str
) -> list[tuple[str, str]]:
    # Our request is HTTP/1.1, whatever the answer was.
    protocols = capture.protocols
    if type_ == "request":
        protocols = ("http/1.1", *protocols[1:])
    fields = [
        ("WARC-Type", type_),
        ("WARC-Record-ID", record_id),
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-Target-URI", capture.target),
        ("WARC-Date", warc_date(capture.captured_at)),
    ]
    if capture.ip_address:
        fields.append(("WARC-IP-Address", capture.ip_address))
        fields += [("WARC-Protocol", protocol) for protocol in protocols]
    if capture.cipher_suite:
        fields.append(("WARC-Cipher-Suite", capture.cipher_suite))
    return fields


def _digests(
    block: Tape, capture: Capture, algorithm: Algorithm
) -> tuple[Head | None, str, str | None]:
    """Return the response's head, its block digest and its payload digest, in one pass.

    The payload is the message body without transfer-encoding (6.3.2 and RFC 9110, 6.4);
    what is no HTTP has none.
    """
    of_block, of_payload = new_hasher(algorithm), new_hasher(algorithm)
    reader = ResponseReader(capture.request.partition(b" ")[0] or b"GET")
    for octets in block.chunks():
        of_block.update(octets)
        of_payload.update(reader.feed(octets)[1])
    payload_digest = label(algorithm, of_payload) if reader.head else None
    return reader.head, label(algorithm, of_block), payload_digest


def _without_transfer_encoding(capture: Capture) -> Tape:
    """Return the response with its chunks joined, for readers that cannot dechunk.

    The head keeps every byte but two kinds of line: Transfer-Encoding gets another name, and
    Content-Length the number of octets that now follow. A broken or other framing stays.
    """
    method = capture.request.partition(b" ")[0] or b"GET"
    head, size = _chunked_head(capture.response, method)
    if head is None:
        return capture.response
    decoded = capture.response.sibling()
    decoded.write(_renamed(head, size))
    for payload in payload_of(capture.response.chunks(), method):
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
    # A field's line and the lines folded onto it (RFC 9112, 5.2) stay or go together.
    fields = re.findall(rb"[^\n]*\n(?:[ \t][^\n]*\n)*", head)[:-1]
    kept = [
        re.sub(rb"(?i)^(transfer-encoding)(?=[ \t]*:)", rb"X-Archiver-\1", field)
        for field in fields
        if not re.match(rb"(?i)content-length[ \t]*:", field)
    ]
    return b"".join((*kept, b"Content-Length: %d\r\n\r\n" % length))


def _without_credentials(request: bytes) -> bytes:
    head, blank, body = request.partition(b"\r\n\r\n")
    return _CREDENTIALS.sub(rb"\1 [withheld]", head) + blank + body


def _warc_fields(fields: Mapping[str, object]) -> bytes:
    """Return *fields* as a block of `application/warc-fields`; None values are left out."""
    lines = (
        f"{name}: {_one_line(str(value))}\r\n"
        for name, value in fields.items()
        if value is not None
    )
    return "".join(lines).encode("utf-8", "replace")


def _one_line(value: str) -> str:
    # A field ends at its line end: what comes from outside must not begin another (4).
    return _CONTROLS.sub(" ", value) if _CONTROLS.search(value) else value
