"""Golden revisits: what a repeated payload and an unmodified one look like in a WARC.

Section numbers are those of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastWarcIterator
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import BufferWARCWriter

from archiver.capture import Capture, Location, Original
from archiver.cdxj import make_line
from archiver.head import Head
from archiver.records import IDENTICAL, NOT_MODIFIED, Record, Wire, records_of
from archiver.tape import Tape
from archiver.warc import WarcWriter

with warnings.catch_warnings():
    # It imports surt, whose source holds escapes that Python warns about when it compiles.
    warnings.simplefilter("ignore")
    from cdxj_indexer import CDXJIndexer

INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
TIDES = b"High water at six, low water at noon.\n" * 10
DIGEST = "sha256:a8c44e7bae22909895a23eff1f18aa75ed8432164d75634270e5df8e943d9aee"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 380\r\n\r\n"
CAPTURE = Capture(
    target="http://example.org/tides",
    captured_at=datetime(2026, 3, 11, 5, 6, 7, 8, tzinfo=UTC),
    request=b"GET /tides HTTP/1.1\r\nHost: example.org\r\n\r\n",
    response=Tape.of(HEAD + TIDES),
    request_id="<urn:uuid:00000000-0000-4000-8000-000000000002>",
    response_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    ip_address="192.0.2.1",
)
ORIGINAL = Original(
    record_id="<urn:uuid:00000000-0000-4000-8000-00000000000a>",
    target="http://example.org/tide-table",
    date="2026-03-04T05:06:07.000008Z",
    payload_digest=DIGEST,
    location=Location(filename="a.warc.gz", offset=10, length=20),
    status=200,
)
NOT_SINCE = (
    b'HTTP/1.1 304 Not Modified\r\nDate: Wed, 11 Mar 2026 05:06:07 GMT\r\nETag: "a"\r\n\r\n'
)


def octets_of(record: Record) -> bytes:
    return record.header() + record.block.read() + b"\r\n\r\n"


def repeating(capture: Capture, *, wire: Wire = "exact") -> Record:
    """Return the first record of *capture* where every payload is said to be ORIGINAL's."""
    return records_of(
        capture, warcinfo_id=INFO_ID, wire=wire, original_of=lambda digest, head: ORIGINAL
    )[0]


def answered(response: bytes, method: bytes = b"GET") -> Capture:
    request = method + b" /tides HTTP/1.1\r\nHost: example.org\r\n\r\n"
    return replace(CAPTURE, response=Tape.of(response), request=request)


def unmodified(response: bytes = NOT_SINCE) -> list[Record]:
    return records_of(answered(response), warcinfo_id=INFO_ID, unchanged=ORIGINAL)


THE_REPETITION = (
    b"WARC/1.1\r\n"
    b"WARC-Type: revisit\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/tides\r\n"
    b"WARC-Date: 2026-03-11T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/identical-payload-digest\r\n"
    b"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-00000000000a>\r\n"
    b"WARC-Refers-To-Target-URI: http://example.org/tide-table\r\n"
    b"WARC-Refers-To-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-Truncated: length\r\n"
    b"WARC-Block-Digest: "
    b"sha256:89c548b617cd7bc718040e255829bc53f0c4e64e5b05dda6f669bc8faefd6aab\r\n"
    b"WARC-Payload-Digest: "
    b"sha256:a8c44e7bae22909895a23eff1f18aa75ed8432164d75634270e5df8e943d9aee\r\n"
    b"Content-Type: application/http;msgtype=response\r\n"
    b"Content-Length: 66\r\n"
    b"\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 380\r\n\r\n"
    b"\r\n\r\n"
)
THE_UNMODIFIED = (
    b"WARC/1.1\r\n"
    b"WARC-Type: revisit\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/tides\r\n"
    b"WARC-Date: 2026-03-11T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Profile: http://netpreserve.org/warc/1.1/revisit/server-not-modified\r\n"
    b"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-00000000000a>\r\n"
    b"WARC-Refers-To-Target-URI: http://example.org/tide-table\r\n"
    b"WARC-Refers-To-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-Block-Digest: "
    b"sha256:ef248c4016a91fd956f603f78de9739ea1d4c4c2be4c3d43dc3b051337b10fa7\r\n"
    b"WARC-Payload-Digest: "
    b"sha256:a8c44e7bae22909895a23eff1f18aa75ed8432164d75634270e5df8e943d9aee\r\n"
    b"Content-Type: application/http;msgtype=response\r\n"
    b"Content-Length: 77\r\n"
    b"\r\n"
    b'HTTP/1.1 304 Not Modified\r\nDate: Wed, 11 Mar 2026 05:06:07 GMT\r\nETag: "a"\r\n\r\n'
    b"\r\n\r\n"
)


def test_a_repeated_payload_becomes_a_revisit_that_holds_the_head() -> None:
    assert octets_of(repeating(CAPTURE)) == THE_REPETITION


def test_a_304_becomes_a_revisit_that_holds_all_of_it() -> None:
    assert octets_of(unmodified()[0]) == THE_UNMODIFIED


def test_the_request_beside_a_revisit_is_the_one_beside_a_response() -> None:
    _, request = records_of(CAPTURE, warcinfo_id=INFO_ID)

    _, beside = records_of(CAPTURE, warcinfo_id=INFO_ID, original_of=lambda digest, head: ORIGINAL)

    assert octets_of(beside) == octets_of(request)
    assert beside.get("WARC-Concurrent-To") == CAPTURE.response_id


def test_the_original_is_looked_for_by_digest_and_head() -> None:
    asked: list[tuple[str, int]] = []

    def original_of(digest: str, head: Head) -> None:
        asked.append((digest, head.status))

    (record, _) = records_of(CAPTURE, warcinfo_id=INFO_ID, original_of=original_of)

    assert asked == [(DIGEST, 200)]
    assert octets_of(record) == octets_of(records_of(CAPTURE, warcinfo_id=INFO_ID)[0])


def test_a_payload_is_the_same_however_it_was_framed() -> None:
    chunked = b"HTTP/1.1 200 OK\r\ntransfer-encoding:chunked\r\n\r\n17c\r\n%b\r\n0\r\n\r\n"

    record = repeating(answered(chunked % TIDES))

    assert record.type == "revisit"
    assert record.block.read() == b"HTTP/1.1 200 OK\r\ntransfer-encoding:chunked\r\n\r\n"


def test_a_head_is_kept_to_the_octet_whatever_it_looks_like() -> None:
    head = b"HTTP/1.0  200\nX-Odd :\tvalue \n  folded\nSet-Cookie: a\nset-cookie: \xe9\n\n"

    assert repeating(answered(head + TIDES)).block.read() == head


def test_a_head_of_many_pieces_is_kept_whole() -> None:
    tape = Tape()
    for octet in HEAD + TIDES:
        tape.write(bytes([octet]))

    assert repeating(replace(CAPTURE, response=tape)).block.read() == HEAD


# What is stored again although its payload is known

WHOLE = {
    "nothing": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "255 octets": b"HTTP/1.1 200 OK\r\nContent-Length: 255\r\n\r\n" + TIDES[:255],
    "a redirect": b"HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 380\r\n\r\n" + TIDES,
    "a 304 that nobody asked for": NOT_SINCE,
    "part of a head": HEAD[:-2],
    "no HTTP": TIDES,
    "part of a body": b"HTTP/1.1 200 OK\r\nContent-Length: 381\r\n\r\n" + TIDES,
    "part of the chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n17c\r\n" + TIDES,
    "broken chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + TIDES,
    "trailers": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n17c\r\n"
        + TIDES + b"\r\n0\r\nX-Sum: 1\r\n\r\n"
    ),
    "octets after the message": HEAD + TIDES + b"and more",
    "an interim answer before": b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD + TIDES,
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n" + TIDES,
}  # fmt: skip


@pytest.mark.parametrize("response", WHOLE.values(), ids=WHOLE.keys())
def test_what_a_revisit_would_lose_or_not_shorten_is_stored_again(response: bytes) -> None:
    record = repeating(answered(response))

    assert (record.type, record.block.read()) == ("response", response)


@pytest.mark.parametrize(
    "capture",
    [
        replace(CAPTURE, truncated="time"),
        replace(CAPTURE, problem="a line too long"),
        answered(HEAD + TIDES, b"POST"),
    ],
    ids=["truncated", "breaks the rules", "no answer to GET"],
)
def test_what_came_in_part_or_oddly_or_to_no_get_is_stored_again(capture: Capture) -> None:
    assert repeating(capture).type == "response"


def test_256_octets_are_enough_for_a_revisit() -> None:
    response = b"HTTP/1.1 404 Not Found\r\nContent-Length: 256\r\n\r\n" + TIDES[:256]

    assert repeating(answered(response)).type == "revisit"


@pytest.mark.parametrize("response", [HEAD + TIDES, b"HTTP/1.1 200 OK\r\n\r\n"])
def test_an_answer_to_a_conditional_request_that_is_no_304_is_a_response(response: bytes) -> None:
    assert unmodified(response)[0].type == "response"


def test_an_answer_to_a_conditional_request_may_be_a_repetition() -> None:
    (record, _) = records_of(
        CAPTURE,
        warcinfo_id=INFO_ID,
        unchanged=replace(ORIGINAL, record_id="<urn:x:other>"),
        original_of=lambda digest, head: ORIGINAL,
    )

    assert (record.get("WARC-Profile"), record.get("WARC-Refers-To")) == (
        IDENTICAL,
        ORIGINAL.record_id,
    )


def test_octets_after_a_304_stay_where_they_are() -> None:
    record = unmodified(NOT_SINCE + b"junk")[0]

    assert record.get("WARC-Profile") == NOT_MODIFIED
    assert record.block.read() == NOT_SINCE + b"junk"
    assert record.get("WARC-Block-Digest") == (
        f"sha256:{hashlib.sha256(NOT_SINCE + b'junk').hexdigest()}"
    )


# Decoded wire mode


def test_decoded_mode_keeps_the_head_that_the_response_would_have(tmp_path: Path) -> None:
    tape = Tape(0, tmp_path)
    tape.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n17c\r\n")
    tape.write(TIDES + b"\r\n0\r\n\r\n")

    record = repeating(replace(CAPTURE, response=tape), wire="decoded")
    tape.close()

    assert record.block.read() == (
        b"HTTP/1.1 200 OK\r\nX-Archiver-Transfer-Encoding: chunked\r\nContent-Length: 380\r\n\r\n"
    )


def test_what_others_may_refer_to_has_a_payload_size_and_all_else_has_none() -> None:
    response, request = records_of(CAPTURE, warcinfo_id=INFO_ID)

    assert (response.payload_size, request.payload_size) == (380, None)
    assert repeating(CAPTURE).payload_size is None


# Outside judges


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """Return the path of a WARC with an original, a repetition and an unmodified one."""
    path = tmp_path / "a.warc.gz"
    writer = WarcWriter(path, path.name)
    first = replace(
        CAPTURE, target=ORIGINAL.target, captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
        response_id=ORIGINAL.record_id,
    )  # fmt: skip
    writer.write_all(records_of(first, warcinfo_id=INFO_ID))
    writer.write_all(
        records_of(CAPTURE, warcinfo_id=INFO_ID, original_of=lambda digest, head: ORIGINAL)
    )
    writer.write_all(unmodified())
    writer.close()
    return path


def test_warcio_reads_revisits_and_finds_their_block_digests_right(warc: Path) -> None:
    with warc.open("rb") as file:
        found = [
            (
                record.rec_headers.get_header("WARC-Profile"),
                record.http_headers.get_statuscode(),
                record.rec_headers.get_header("WARC-Refers-To-Date"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
            if record.rec_type == "revisit"
        ]

    assert found == [
        (IDENTICAL, "200", "2026-03-04T05:06:07.000008Z", b""),
        (NOT_MODIFIED, "304", "2026-03-04T05:06:07.000008Z", b""),
    ]


def test_fastwarc_reads_revisits_and_finds_their_block_digests_right(warc: Path) -> None:
    with warc.open("rb") as file:
        found = [
            (
                record.headers["WARC-Profile"],
                record.headers["WARC-Refers-To"],
                record.verify_block_digest(),
            )
            for record in FastWarcIterator(file, parse_http=False)
            if record.headers["WARC-Type"] == "revisit"
        ]

    assert found == [
        (IDENTICAL, ORIGINAL.record_id, True),
        (NOT_MODIFIED, ORIGINAL.record_id, True),
    ]


def test_the_index_lines_of_revisits_are_those_of_cdxj_indexer(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    writer = WarcWriter(path, path.name)
    records = [repeating(CAPTURE), unmodified()[0]]
    locations = writer.write_all(records)
    writer.close()
    output = io.StringIO()
    judge = CDXJIndexer(output, [str(path)])
    judge.writer = BufferWARCWriter()  # which it makes for records without a digest

    with judge.writer.out:
        judge.process_all()

    ours = [_line(record, where) for record, where in zip(records, locations, strict=True)]
    assert output.getvalue().encode() == b"".join(ours)
    assert ours[0] == (
        b'org,example)/tides 20260311050607 {"url": "http://example.org/tides", '
        b'"mime": "warc/revisit", "status": "200", "digest": "' + DIGEST.encode() + b'", '
        b'"length": "%d", "offset": "0", "filename": "a.warc.gz"}\n' % locations[0].length
    )


def _line(record: Record, location: Location) -> bytes:
    return make_line(
        type=record.type,
        target=record.get("WARC-Target-URI") or "",
        date=record.get("WARC-Date") or "",
        http_head=record.http_head,
        content_type=record.get("Content-Type"),
        payload_digest=record.get("WARC-Payload-Digest"),
        location=location,
    )


# Any payload whatever


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=256, max_size=2000))
def test_a_revisit_is_its_response_without_the_payload(payload: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(payload)

    record = repeating(answered(head + payload))

    assert record.block.read() == head
    assert record.get("WARC-Truncated") == "length"
