"""WARC 1.1 records from captures: response, revisit, request, metadata, warcinfo.

One capture becomes a response record, or a revisit where the collection has its payload, and
its request record; or, where nothing came back or may be kept, a metadata record that says why.
This module opens no file, reads no clock and draws no random number: ids and dates are the
capture's own or arrive as arguments.

Section numbers are those of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from archiver.capture import Capture, Original, Page
from archiver.dechunked import dechunked
from archiver.digests import Algorithm, digest_of, label, new_hasher
from archiver.head import Head
from archiver.pagefields import fields_from_page
from archiver.payload import Measure, is_repeatable
from archiver.rights import Withheld
from archiver.tape import Tape

Wire = Literal["exact", "decoded"]

WARC_FIELDS = "application/warc-fields"
HTTP_RESPONSE = "application/http;msgtype=response"
# The two kinds of revisit that the standard defines (6.7.2, 6.7.3).
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

# What a server may learn from us and an archive may not: the values of these two.
_CREDENTIALS = re.compile(
    rb"^((?:Proxy-)?Authorization[ \t]*:)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.I | re.M
)
_OF_THE_RESPONSE_ALONE = (
    "WARC-Type", "WARC-Block-Digest", "WARC-Payload-Digest", "Content-Type",
)  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A WARC record to be written; its Content-Length is that of *block*.

    *fields* are the named fields in order, without Content-Length. *http_head* is that of
    the response in the block, where there is one. *payload_size* is that of a response which
    others may refer to (see `payload`), None for all else.
    """

    type: str
    fields: tuple[tuple[str, str], ...]
    block: Tape
    http_head: Head | None = None
    payload_size: int | None = None

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
    capture: Capture, *, warcinfo_id: str, algorithm: Algorithm = "sha256", wire: Wire = "exact",
    original_of: Callable[[str, Head], Original | None] | None = None,
    unchanged: Original | None = None, withheld: Withheld | None = None,
) -> list[Record]:  # fmt: skip
    """Return the adjacent records of *capture*: what came back first, then the request.

    *original_of* is asked, with the payload digest and the head of a response that may be a
    repetition, for the response that it repeats; where it knows one the response becomes a
    revisit. *unchanged* is what a conditional request was about: a 304 becomes its revisit.
    Of a response that is *withheld* nothing is kept but that it is.
    """
    if not capture.response.size:
        said: dict[str, object] = {"fetchFailure": capture.failure or "no answer"}
        records = [_in_place_of_response(capture, said, warcinfo_id, algorithm)]
    elif withheld is not None:
        said = {
            "withheld": "noarchive",
            "noarchiveBy": withheld.by,
            "httpStatus": withheld.status,
        }
        records = [_in_place_of_response(capture, said, warcinfo_id, algorithm)]
    else:
        response = _response(capture, warcinfo_id, algorithm, wire)
        original = _original(response, original_of, unchanged)
        records = [_revisit(response, original, algorithm) if original else response]
        if response.block not in (records[0].block, capture.response):
            response.block.close()  # made for a record that will not be written
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
    page: Page, *, record_id: str, warcinfo_id: str, algorithm: Algorithm = "sha256",
    is_passed_over: bool = False,
) -> Record:  # fmt: skip
    """Return the metadata record that declares *page* (6.6).

    It refers to the page's response, and so the WARC alone tells which captures are pages. A
    page that *is_passed_over* is marked as none: the record says what it is instead.
    """
    block = _warc_fields(fields_from_page(page, is_passed_over=is_passed_over))
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
    method = capture.request.partition(b" ")[0] or b"GET"
    block = capture.response if wire == "exact" else dechunked(capture.response, method)
    # The payload is the message body without transfer-encoding (6.3.2 and RFC 9110, 6.4);
    # what is no HTTP has none.
    of_block, of_payload, measure = new_hasher(algorithm), new_hasher(algorithm), Measure(method)
    for octets in block.chunks():
        of_block.update(octets)
        of_payload.update(measure.feed(octets))
    payload_size = measure.finish()
    fields = _common(capture, "response", capture.response_id, warcinfo_id)
    if capture.request:
        fields.append(("WARC-Concurrent-To", capture.request_id))
    if capture.truncated:
        fields.append(("WARC-Truncated", capture.truncated))
    fields.append(("WARC-Block-Digest", label(algorithm, of_block)))
    if measure.head:
        fields.append(("WARC-Payload-Digest", label(algorithm, of_payload)))
    fields.append(("Content-Type", HTTP_RESPONSE))
    return Record(
        type="response",
        fields=tuple(fields),
        block=block,
        http_head=measure.head,
        payload_size=None if capture.truncated or capture.problem else payload_size,
    )


def _original(
    response: Record,
    original_of: Callable[[str, Head], Original | None] | None,
    unchanged: Original | None,
) -> Original | None:
    """Return the response to which a revisit in the place of *response* refers, or None."""
    head, digest = response.http_head, response.get("WARC-Payload-Digest")
    if head is None or digest is None:
        return None
    if head.status == 304:
        return unchanged
    if original_of is None or not is_repeatable(head, response.payload_size):
        return None
    return original_of(digest, head)


def _revisit(response: Record, original: Original, algorithm: Algorithm) -> Record:
    """Return the revisit record that stands for *response* and refers to *original*.

    A 304 stays as it came (6.7.3). Of a repeated payload the head alone remains, which
    WARC-Truncated says (6.7.2). The payload of either is that of the original.
    """
    head = response.http_head
    assert head is not None
    is_unchanged = head.status == 304
    block, block_digest = response.block, dict(response.fields)["WARC-Block-Digest"]
    if not is_unchanged:
        octets = _beginning(block, head.length)
        block, block_digest = Tape.of(octets), digest_of(octets, algorithm)
    fields = [
        ("WARC-Type", "revisit"),
        *(field for field in response.fields if field[0] not in _OF_THE_RESPONSE_ALONE),
        ("WARC-Profile", NOT_MODIFIED if is_unchanged else IDENTICAL),
        ("WARC-Refers-To", original.record_id),
        ("WARC-Refers-To-Target-URI", original.target),
        ("WARC-Refers-To-Date", original.date),
    ]
    if not is_unchanged:
        fields.append(("WARC-Truncated", "length"))
    fields += [
        ("WARC-Block-Digest", block_digest),
        ("WARC-Payload-Digest", original.payload_digest),
        ("Content-Type", HTTP_RESPONSE),
    ]
    return Record(type="revisit", fields=tuple(fields), block=block, http_head=head)


def _beginning(block: Tape, length: int) -> bytes:
    """Return the first *length* octets of *block*, which holds so many."""
    octets = b""
    for piece in block.chunks():
        octets += piece
        if len(octets) >= length:
            break
    return octets[:length]


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


def _in_place_of_response(
    capture: Capture, said: Mapping[str, object], warcinfo_id: str, algorithm: Algorithm
) -> Record:
    block = _warc_fields({**said, "fetchTimeMs": capture.fetch_ms})
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
    if capture.page_id:
        # An extension (5.1 lets there be some, and readers pass over what they do not know) that
        # browsertrix-crawler began: the `id` of the page, in its list of pages, that needs this.
        fields.append(("WARC-Page-ID", capture.page_id))
    return fields


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
