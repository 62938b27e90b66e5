"""Golden records: what a capture, a page and a file look like in a WARC, to the octet.

Section numbers are those of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

import gc
import tracemalloc
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.capture import Capture, Location, Original, Page, Truncation
from archiver.records import Record, page_metadata, records_of, warc_date, warcinfo
from archiver.tape import Tape

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
REQUEST = b"GET /story HTTP/1.1\r\nHost: example.org\r\n\r\n"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nX-A:  1 \r\ntransfer-encoding : chunked\r\nContent-Length: 99\r\n\r\n"
    b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"
)
CAPTURE = Capture(
    target="http://example.org/story",
    captured_at=MOMENT,
    request=REQUEST,
    response=Tape.of(RESPONSE),
    request_id="<urn:uuid:00000000-0000-4000-8000-000000000002>",
    response_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    ip_address="192.0.2.1",
    fetch_ms=12,
)
PAGE = Page(
    target="http://example.org/story",
    captured_at=MOMENT,
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="a.warc.gz", offset=10, length=20),
    collection="news",
)


def octets_of(record: Record) -> bytes:
    """Return *record* as it stands in a file, before gzip."""
    return record.header() + record.block.read() + b"\r\n\r\n"


def recorded(capture: Capture) -> list[bytes]:
    return [octets_of(record) for record in records_of(capture, warcinfo_id=INFO_ID)]


def of_a_page(record: bytes) -> bytes:
    """Return *record* as that of a requisite of the page that ends in b."""
    protocol = b"WARC-Protocol: http/1.1\r\n"
    return record.replace(
        protocol, protocol + b"WARC-Page-ID: 00000000-0000-4000-8000-00000000000b\r\n"
    )


def answered(response: bytes, request: bytes = REQUEST) -> Capture:
    return replace(CAPTURE, response=Tape.of(response), request=request)


def first_of(capture: Capture) -> Record:
    return records_of(capture, warcinfo_id=INFO_ID)[0]


# Golden records

THE_REQUEST = (
    b"WARC/1.1\r\n"
    b"WARC-Type: request\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/story\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Block-Digest: "
    b"sha256:d00dc1d2a0496a3213c4b82f838dd717c1ada4a399e2931d5a0df9663c68b299\r\n"
    b"WARC-Payload-Digest: "
    b"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\n"
    b"Content-Type: application/http;msgtype=request\r\n"
    b"Content-Length: 42\r\n"
    b"\r\n"
    b"GET /story HTTP/1.1\r\nHost: example.org\r\n\r\n"
    b"\r\n\r\n"
)
THE_RESPONSE = (
    b"WARC/1.1\r\n"
    b"WARC-Type: response\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/story\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Block-Digest: "
    b"sha256:fc55b18a43a32fcc128497e436b1ffd583ae947e999336f6fb01b96febdb7a6b\r\n"
    b"WARC-Payload-Digest: "
    b"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\r\n"
    b"Content-Type: application/http;msgtype=response\r\n"
    b"Content-Length: 68\r\n"
    b"\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
    b"\r\n\r\n"
)
TRUNCATED_OVER_TLS = (
    b"WARC/1.1\r\n"
    b"WARC-Type: response\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: https://example.org/story?q=%C3%A9\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 2001:db8::1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Protocol: tls/1.3\r\n"
    b"WARC-Cipher-Suite: TLS_AES_256_GCM_SHA384\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Truncated: disconnect\r\n"
    b"WARC-Block-Digest: "
    b"sha256:4ce518892229a1dfc939a28465f7989b7b949d47cbb063b359f11309a8192c21\r\n"
    b"WARC-Payload-Digest: "
    b"sha256:d6a81f224bbf2f7c22baddbd5d40730eb20cfb0b3d74e10cab61788214caceb1\r\n"
    b"Content-Type: application/http;msgtype=response\r\n"
    b"Content-Length: 41\r\n"
    b"\r\n"
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"
    b"\r\n\r\n"
)
A_FAILURE = (
    b"WARC/1.1\r\n"
    b"WARC-Type: metadata\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/story\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Block-Digest: "
    b"sha256:89f62b5ecd4bcf0da5676cc4c6f38a48ddacc7197f707edaff8ef735fd9e3a6c\r\n"
    b"Content-Type: application/warc-fields\r\n"
    b"Content-Length: 68\r\n"
    b"\r\n"
    b"fetchFailure: DownloadTimeoutError: 30 seconds\r\nfetchTimeMs: 30000\r\n"
    b"\r\n\r\n"
)
A_FAILURE_BEFORE_ANYTHING_WAS_SENT = (
    b"WARC/1.1\r\n"
    b"WARC-Type: metadata\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/story\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-Block-Digest: "
    b"sha256:89f62b5ecd4bcf0da5676cc4c6f38a48ddacc7197f707edaff8ef735fd9e3a6c\r\n"
    b"Content-Type: application/warc-fields\r\n"
    b"Content-Length: 68\r\n"
    b"\r\n"
    b"fetchFailure: DownloadTimeoutError: 30 seconds\r\nfetchTimeMs: 30000\r\n"
    b"\r\n\r\n"
)
NO_HTTP = (
    b"WARC/1.1\r\n"
    b"WARC-Type: response\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/story\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000002>\r\n"
    b"WARC-Block-Digest: "
    b"sha256:2fc632b5e53ad7949531c57e3f122ec7429e3a5a991aee061663fb853b641d45\r\n"
    b"Content-Type: application/http;msgtype=response\r\n"
    b"Content-Length: 11\r\n"
    b"\r\n"
    b"SSH-2.0-x\r\n"
    b"\r\n\r\n"
)
GOLDEN = [
    pytest.param(CAPTURE, [THE_RESPONSE, THE_REQUEST], id="response-and-request"),
    pytest.param(
        replace(
            CAPTURE,
            target="https://example.org/story?q=%C3%A9",
            response=Tape.of(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"),
            ip_address="2001:db8::1",
            protocols=("http/1.1", "tls/1.3"),
            cipher_suite="TLS_AES_256_GCM_SHA384",
            truncated="disconnect",
        ),
        [
            TRUNCATED_OVER_TLS,
            THE_REQUEST.replace(b"http://example.org/story", b"https://example.org/story?q=%C3%A9")
            .replace(b"192.0.2.1", b"2001:db8::1")
            .replace(
                b"http/1.1\r\n",
                b"http/1.1\r\nWARC-Protocol: tls/1.3\r\n"
                b"WARC-Cipher-Suite: TLS_AES_256_GCM_SHA384\r\n",
            ),
        ],
        id="truncated-over-tls",
    ),
    pytest.param(
        replace(
            CAPTURE,
            response=Tape(),
            failure="DownloadTimeoutError: 30 seconds",
            fetch_ms=30_000,
        ),
        [A_FAILURE, THE_REQUEST],
        id="failure-after-the-request",
    ),
    pytest.param(
        replace(
            CAPTURE,
            request=b"",
            response=Tape(),
            ip_address=None,
            failure="DownloadTimeoutError: 30 seconds",
            fetch_ms=30_000,
        ),
        [A_FAILURE_BEFORE_ANYTHING_WAS_SENT],
        id="failure-before-the-request",
    ),
    pytest.param(answered(b"SSH-2.0-x\r\n"), [NO_HTTP, THE_REQUEST], id="no-http"),
    pytest.param(
        replace(CAPTURE, page_id="00000000-0000-4000-8000-00000000000b"),
        [of_a_page(THE_RESPONSE), of_a_page(THE_REQUEST)],
        id="requisite",
    ),
    pytest.param(
        replace(
            CAPTURE,
            response=Tape(),
            failure="DownloadTimeoutError: 30 seconds",
            fetch_ms=30_000,
            page_id="00000000-0000-4000-8000-00000000000b",
        ),
        [of_a_page(A_FAILURE), of_a_page(THE_REQUEST)],
        id="requisite-that-did-not-come",
    ),
]


@pytest.mark.parametrize(("capture", "expected"), GOLDEN)
def test_a_capture_becomes_these_records_to_the_octet(
    capture: Capture, expected: list[bytes]
) -> None:
    assert recorded(capture) == expected


def test_a_page_is_declared_by_a_metadata_record_that_refers_to_its_response() -> None:
    page = replace(
        PAGE,
        via="http://example.org/",
        hops=1,
        fetch_ms=12,
        charset="utf-8",
        seed="http://example.org/",
        url_requested="http://example.org/s",
    )

    record = page_metadata(
        page,
        record_id="<urn:uuid:00000000-0000-4000-8000-000000000003>",
        warcinfo_id=INFO_ID,
    )

    assert octets_of(record) == (
        b"WARC/1.1\r\n"
        b"WARC-Type: metadata\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000003>\r\n"
        b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
        b"WARC-Target-URI: http://example.org/story\r\n"
        b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
        b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        b"WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        b"WARC-Block-Digest: "
        b"sha256:9493a8b23beefbf430c6e10cea911e32e713b65e5c8d80775515420a6517cfc6\r\n"
        b"Content-Type: application/warc-fields\r\n"
        b"Content-Length: 139\r\n"
        b"\r\n"
        b"via: http://example.org/\r\n"
        b"hopsFromSeed: 1\r\n"
        b"fetchTimeMs: 12\r\n"
        b"charset: utf-8\r\n"
        b"seed: http://example.org/\r\n"
        b"urlRequested: http://example.org/s\r\n"
        b"\r\n\r\n"
    )


def test_what_is_not_known_of_a_page_is_not_said() -> None:
    record = page_metadata(PAGE, record_id=INFO_ID, warcinfo_id=INFO_ID)

    assert record.block.read() == b""


def test_no_hops_and_no_time_are_said_all_the_same() -> None:
    record = page_metadata(
        replace(PAGE, hops=0, fetch_ms=0), record_id=INFO_ID, warcinfo_id=INFO_ID
    )

    assert record.block.read() == b"hopsFromSeed: 0\r\nfetchTimeMs: 0\r\n"


def test_a_file_is_opened_by_a_warcinfo_record_that_names_it() -> None:
    fields = {
        "software": "archiver/0.1.0",
        "format": "WARC File Format 1.1",
        "isPartOf": "news",
        "operator": "Zoë",
    }

    record = warcinfo(fields, record_id=INFO_ID, filename="news-1.warc.gz", written_at=MOMENT)

    assert octets_of(record) == (
        b"WARC/1.1\r\n"
        b"WARC-Type: warcinfo\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
        b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
        b"WARC-Filename: news-1.warc.gz\r\n"
        b"WARC-Block-Digest: "
        b"sha256:7e07f0b61980b8d7271629b8d48acf0e8ef43903dc3d032d179eed682142bd6f\r\n"
        b"Content-Type: application/warc-fields\r\n"
        b"Content-Length: 88\r\n"
        b"\r\n"
        b"software: archiver/0.1.0\r\n"
        b"format: WARC File Format 1.1\r\n"
        b"isPartOf: news\r\n"
        b"operator: Zo\xc3\xab\r\n"
        b"\r\n\r\n"
    )


def test_a_revisit_of_a_requisite_says_which_page_needs_it() -> None:
    page_id = "00000000-0000-4000-8000-00000000000b"
    original = Original(
        record_id=INFO_ID,
        target="http://example.org/story",
        date="2026-03-01T05:06:07.000008Z",
        payload_digest="sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        location=Location(filename="a.warc.gz", offset=10, length=20),
        status=200,
    )
    capture = replace(
        CAPTURE, response=Tape.of(b"HTTP/1.1 304 Not Modified\r\n\r\n"), page_id=page_id
    )

    records = records_of(capture, warcinfo_id=INFO_ID, unchanged=original)

    assert [(record.type, record.get("WARC-Page-ID")) for record in records] == [
        ("revisit", page_id),
        ("request", page_id),
    ]


def test_digests_may_be_sha1_in_base32() -> None:
    record = records_of(CAPTURE, warcinfo_id=INFO_ID, algorithm="sha1")[0]

    assert record.get("WARC-Block-Digest") == "sha1:V5N4DU7OHW5EE7ZB4C2DOGZXS2FPKE2Y"
    assert record.get("WARC-Payload-Digest") == "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N"


@pytest.mark.parametrize("reason", get_args(Truncation))
def test_a_truncated_response_says_why_and_its_request_does_not(reason: Truncation) -> None:
    capture = replace(CAPTURE, truncated=reason)

    response, request = records_of(capture, warcinfo_id=INFO_ID)

    assert (response.get("WARC-Truncated"), request.get("WARC-Truncated")) == (reason, None)


def test_a_request_spoke_http_1_1_whatever_the_answer_was() -> None:
    capture = replace(CAPTURE, protocols=("http/1.0", "tls/1.2"))

    response, request = records_of(capture, warcinfo_id=INFO_ID)

    assert [v for k, v in response.fields if k == "WARC-Protocol"] == ["http/1.0", "tls/1.2"]
    assert [v for k, v in request.fields if k == "WARC-Protocol"] == ["http/1.1", "tls/1.2"]


# Payloads (6.3.2): transfer-encoding removed, content-encoding kept

HELLO = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
NOTHING = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
PAYLOADS = [
    pytest.param(b"GET", CHUNKED, HELLO, id="chunked"),
    pytest.param(b"GET", b"HTTP/1.1 200 OK\r\n\r\nhello", HELLO, id="until-close"),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        HELLO,
        id="coded",
    ),
    pytest.param(
        b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\r\n", HELLO, id="with-excess"
    ),
    pytest.param(b"GET", b"HTTP/1.1 204 No Content\r\n\r\n", NOTHING, id="204"),
    pytest.param(
        b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", NOTHING, id="answer-to-head"
    ),
    pytest.param(b"GET", b"HTTP/1.1 200 OK\r\nContent-Le", None, id="part-of-a-head"),
    pytest.param(b"GET", b"\x00\x01", None, id="no-http"),
]


@pytest.mark.parametrize(("method", "response", "digest"), PAYLOADS)
def test_a_payload_digest_is_that_of_the_body_without_its_framing(
    method: bytes, response: bytes, digest: str | None
) -> None:
    record = first_of(answered(response, method + b" / HTTP/1.1\r\n\r\n"))

    assert record.get("WARC-Payload-Digest") == digest


def test_the_payload_of_a_request_is_its_body() -> None:
    request = b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"

    _, record = records_of(answered(RESPONSE, request), warcinfo_id=INFO_ID)

    assert record.get("WARC-Payload-Digest") == HELLO


def test_a_response_remembers_its_head_and_others_have_none() -> None:
    response, request = records_of(CAPTURE, warcinfo_id=INFO_ID)

    assert response.http_head is not None
    assert (response.http_head.status, request.http_head) == (200, None)


# Decoded wire mode: for readers that cannot dechunk


def decoded(response: bytes, request: bytes = REQUEST) -> bytes:
    records = records_of(answered(response, request), warcinfo_id=INFO_ID, wire="decoded")
    with closing(records[0].block) as block:
        return block.read()


DECODED = [
    pytest.param(
        CHUNKED,
        b"HTTP/1.1 200 OK\r\nX-A:  1 \r\nX-Archiver-transfer-encoding : chunked\r\n"
        b"Content-Length: 5\r\n\r\nhello",
        id="chunked",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\n",
        b"HTTP/1.1 200 OK\nX-Archiver-Transfer-Encoding: chunked\nContent-Length: 0\r\n\r\n",
        id="line-feeds-alone",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        b"HTTP/1.1 200 OK\r\nX-Archiver-Transfer-Encoding: chunked\r\n"
        b"Content-Length: 3\r\n\r\nhel",
        id="cut-short",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n chunked\r\nContent-Length:\r\n 9\r\nB: 2\r\n"
        b"\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Archiver-Transfer-Encoding:\r\n chunked\r\nB: 2\r\n"
        b"Content-Length: 5\r\n\r\nhello",
        id="folded-lines",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nX-Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"
        b"X-Content-Length: 1\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX-Transfer-Encoding: chunked\r\n"
        b"X-Archiver-Transfer-Encoding: chunked\r\nX-Content-Length: 1\r\n"
        b"Content-Length: 5\r\n\r\nhello",
        id="names-that-look-alike",
    ),
]


@pytest.mark.parametrize(("response", "expected"), DECODED)
def test_decoded_mode_joins_the_chunks_and_corrects_the_head(
    response: bytes, expected: bytes
) -> None:
    assert decoded(response) == expected


@pytest.mark.parametrize(
    "response",
    [
        RESPONSE,
        b"HTTP/1.1 200 OK\r\n\r\nuntil close",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nbroken",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\njunk",
        b"no HTTP at all",
        b"HTTP/1.1 200 OK\r\nTransfer-Enc",
    ],
    ids=["length", "until-close", "broken", "excess", "no-http", "part-of-a-head"],
)
def test_decoded_mode_leaves_alone_what_is_not_soundly_chunked(response: bytes) -> None:
    assert decoded(response) == response


def test_decoded_mode_leaves_an_answer_to_head_alone() -> None:
    response = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert decoded(response, b"HEAD / HTTP/1.1\r\n\r\n") == response


def test_decoded_mode_has_the_digests_of_what_it_writes() -> None:
    record = records_of(answered(CHUNKED), warcinfo_id=INFO_ID, wire="decoded")[0]
    record.block.close()

    assert record.get("WARC-Block-Digest") == (
        "sha256:4268fc98400067d4cae6a8ffc618c35b7ef4d532a0bb00db5aa2f92decc02f9f"
    )
    assert record.get("WARC-Payload-Digest") == HELLO


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 12582912\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nc00000\r\n",
        b"no HTTP\r\n",
    ],
    ids=["length", "chunked", "no-http"],
)
def test_decoded_mode_keeps_a_long_response_out_of_memory(tmp_path: Path, head: bytes) -> None:
    tape = Tape(0, tmp_path)
    tape.write(head)
    tape.write(b"x" * (12 << 20))

    tracemalloc.start()
    records = records_of(replace(CAPTURE, response=tape), warcinfo_id=INFO_ID, wire="decoded")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    tape.close()
    records[0].block.close()

    assert peak < 6 << 20


@pytest.mark.parametrize("response", [CHUNKED, RESPONSE], ids=["chunked", "length"])
def test_decoded_mode_leaves_no_file_open(tmp_path: Path, response: bytes) -> None:
    tape = Tape(0, tmp_path)
    tape.write(response)

    records = records_of(replace(CAPTURE, response=tape), warcinfo_id=INFO_ID, wire="decoded")
    tape.close()
    records[0].block.close()

    del records
    gc.collect()  # a file that is open still would warn now, and warnings are errors


# Credentials

SENT = (
    b"GET /story HTTP/1.1\r\nHost: example.org\r\nAuthorization: Basic QWRhOnNlY3JldA==\r\n"
    b"proxy-authorization : Basic\r\n\tQWRhOnNlY3JldA==\r\nCookie: a=1\r\n\r\n"
)


def test_credentials_are_withheld_and_their_fields_named() -> None:
    _, request = recorded(answered(RESPONSE, SENT))

    assert request.endswith(
        b"\r\nContent-Length: 116\r\n\r\n"
        b"GET /story HTTP/1.1\r\nHost: example.org\r\nAuthorization: [withheld]\r\n"
        b"proxy-authorization : [withheld]\r\nCookie: a=1\r\n\r\n"
        b"\r\n\r\n"
    )


def test_the_digest_of_a_request_is_that_of_what_is_written() -> None:
    _, request = records_of(answered(RESPONSE, SENT), warcinfo_id=INFO_ID)

    assert request.get("WARC-Block-Digest") == (
        "sha256:ccc26145b91fe52b74d687526d171627cb02b19c7e20c2c4f74252d2185212df"
    )


@pytest.mark.parametrize(
    "request_",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\n\r\nAuthorization: in a body\r\n",
        b"GET /?Authorization:x HTTP/1.1\r\nX-Authorization: y\r\nX: Authorization: z\r\n\r\n",
    ],
    ids=["body", "elsewhere-in-the-head"],
)
def test_nothing_but_credentials_is_withheld(request_: bytes) -> None:
    _, request = records_of(answered(RESPONSE, request_), warcinfo_id=INFO_ID)

    assert request.block.read() == request_


# What comes from outside begins no field of its own (4)

EVIL = "x\r\nWARC-Type: warcinfo\r\n\r\nWARC/1.1\nA: 1\x00\x7f"
HARMLESS = "x WARC-Type: warcinfo WARC/1.1 A: 1 "


@pytest.mark.parametrize(
    ("capture", "name"),
    [
        (replace(CAPTURE, target=EVIL), "WARC-Target-URI"),
        (replace(CAPTURE, ip_address=EVIL), "WARC-IP-Address"),
        (replace(CAPTURE, cipher_suite=EVIL), "WARC-Cipher-Suite"),
        (replace(CAPTURE, protocols=(EVIL,)), "WARC-Protocol"),
        (replace(CAPTURE, response_id=EVIL), "WARC-Record-ID"),
    ],
    ids=["target", "address", "cipher", "protocol", "id"],
)
def test_a_value_with_line_ends_stays_one_field(capture: Capture, name: str) -> None:
    header = first_of(capture).header()

    assert f"\r\n{name}: {HARMLESS}\r\n".encode() in header
    assert header.count(b"\r\nWARC-Type:") == 1
    assert header.count(b"\r\n\r\n") == 1


def test_a_failure_with_line_ends_stays_one_field() -> None:
    record = first_of(replace(CAPTURE, response=Tape(), failure=EVIL))

    assert record.block.read() == f"fetchFailure: {HARMLESS}\r\nfetchTimeMs: 12\r\n".encode()


def test_a_page_with_line_ends_in_its_fields_keeps_to_them() -> None:
    page = replace(PAGE, via=EVIL, charset=EVIL, seed=EVIL, url_requested=EVIL)

    record = page_metadata(page, record_id=INFO_ID, warcinfo_id=INFO_ID)

    assert (
        record.block.read()
        == (
            f"via: {HARMLESS}\r\ncharset: {HARMLESS}\r\nseed: {HARMLESS}\r\n"
            f"urlRequested: {HARMLESS}\r\n"
        ).encode()
    )


def test_a_description_with_line_ends_keeps_to_its_field() -> None:
    record = warcinfo(
        {"operator": EVIL}, record_id=INFO_ID, filename="a.warc.gz", written_at=MOMENT
    )

    assert record.block.read() == f"operator: {HARMLESS}\r\n".encode()


@pytest.mark.parametrize("failure", ["Zeitüberschreitung", "時間切れ", "half a pair: \udcff"])
def test_a_failure_is_told_in_utf8_whatever_it_says(failure: str) -> None:
    record = first_of(replace(CAPTURE, response=Tape(), failure=failure))

    assert record.block.read().decode("utf-8").startswith("fetchFailure: ")


def test_text_beyond_ascii_is_utf8_in_a_header() -> None:
    header = first_of(replace(CAPTURE, target="http://example.org/Brücke")).header()

    assert b"\r\nWARC-Target-URI: http://example.org/Br\xc3\xbccke\r\n" in header


# Which fields may stand where (5)

CONTENT = {"Content-Type", "WARC-Type", "WARC-Record-ID", "WARC-Date", "WARC-Block-Digest"}
OF_AN_EVENT = CONTENT | {
    "WARC-Warcinfo-ID", "WARC-Target-URI", "WARC-IP-Address", "WARC-Protocol",
    "WARC-Cipher-Suite", "WARC-Concurrent-To",
}  # fmt: skip
FULL = replace(
    CAPTURE,
    protocols=("http/1.1", "tls/1.3"),
    cipher_suite="TLS_AES_256_GCM_SHA384",
    truncated="time",
)
ALLOWED = [
    pytest.param(
        records_of(FULL, warcinfo_id=INFO_ID)[0],
        OF_AN_EVENT | {"WARC-Truncated", "WARC-Payload-Digest"},
        id="response",
    ),
    pytest.param(
        records_of(FULL, warcinfo_id=INFO_ID)[1],
        OF_AN_EVENT | {"WARC-Payload-Digest"},
        id="request",
    ),
    pytest.param(
        records_of(replace(FULL, response=Tape(), failure="x"), warcinfo_id=INFO_ID)[0],
        OF_AN_EVENT,
        id="failure",
    ),
    pytest.param(
        page_metadata(PAGE, record_id=INFO_ID, warcinfo_id=INFO_ID),
        CONTENT | {"WARC-Warcinfo-ID", "WARC-Target-URI", "WARC-Concurrent-To", "WARC-Refers-To"},
        id="page",
    ),
    pytest.param(
        warcinfo({}, record_id=INFO_ID, filename="a.warc.gz", written_at=MOMENT),
        CONTENT | {"WARC-Filename"},
        id="warcinfo",
    ),
]


@pytest.mark.parametrize(("record", "names"), ALLOWED)
def test_a_record_has_the_fields_that_its_type_may_have(record: Record, names: set[str]) -> None:
    assert {name for name, _ in record.fields} == names


@pytest.mark.parametrize(("record", "names"), ALLOWED)
def test_no_field_is_repeated_but_those_that_may_be(record: Record, names: set[str]) -> None:
    given = [name for name, _ in record.fields if name != "WARC-Protocol"]

    assert len(given) == len(names - {"WARC-Protocol"})


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), "2026-03-04T05:06:07.000000Z"),
        (datetime(2026, 3, 4, 5, 6, 7, 999_999, tzinfo=UTC), "2026-03-04T05:06:07.999999Z"),
        (
            datetime(2026, 1, 1, 1, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "2025-12-31T19:30:00.000000Z",
        ),
    ],
)
def test_a_date_is_in_utc_and_has_microseconds(moment: datetime, expected: str) -> None:
    assert warc_date(moment) == expected


# Any octets whatever


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=200), st.binary(max_size=100))
def test_blocks_are_what_crossed_the_wire(response: bytes, body: bytes) -> None:
    request = b"POST / HTTP/1.1\r\nHost: a\r\n\r\n" + body

    records = records_of(answered(response, request), warcinfo_id=INFO_ID)

    assert [record.block.read() for record in records] == [response, request]


@settings(max_examples=60, deadline=None)
@given(st.text(), st.text())
def test_no_text_breaks_a_header(target: str, address: str) -> None:
    header = first_of(replace(CAPTURE, target=target, ip_address=address or "x")).header()

    assert header.count(b"\r\n") == header.count(b"\n") == header.count(b"\r") == 14
    assert header.endswith(b"\r\n\r\n")
