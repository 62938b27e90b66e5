from __future__ import annotations

import gzip
import io
from datetime import UTC, datetime

import pytest

from archiver.capture import Location, Page
from archiver.reader import read_records
from archiver.warcpages import Found, find_pages, warc_fields

FERRY = "<urn:uuid:00000000-0000-4000-8000-00000000000a>"
OVEN = "<urn:uuid:00000000-0000-4000-8000-00000000000b>"
LOGO = "<urn:uuid:00000000-0000-4000-8000-00000000000c>"
GONE = "<urn:uuid:00000000-0000-4000-8000-00000000000d>"


def record(kind: str, fields: str, block: bytes) -> bytes:
    head = f"WARC/1.1\nWARC-Type: {kind}\n{fields}Content-Length: {len(block)}\n\n"
    return head.replace("\n", "\r\n").encode() + block + b"\r\n\r\n"


def warcinfo(software: str) -> bytes:
    block = f"software: {software}\r\nformat: WARC File Format 1.1\r\nisPartOf: demo\r\n"
    return record("warcinfo", "WARC-Record-ID: <urn:uuid:1>\n", block.encode())


def response(
    record_id: str, path: str, http: bytes, *, date: str = "2026-03-04T05:06:07Z"
) -> bytes:
    fields = (
        f"WARC-Record-ID: {record_id}\nWARC-Target-URI: http://127.0.0.1{path}\n"
        f"WARC-Date: {date}\nWARC-Payload-Digest: sha256:00\n"
        "Content-Type: application/http;msgtype=response\n"
    )
    return record("response", fields, http)


def metadata(refers_to: str, fields: bytes) -> bytes:
    return record(
        "metadata",
        f"WARC-Record-ID: <urn:uuid:2>\nWARC-Refers-To: {refers_to}\n"
        "Content-Type: application/warc-fields\n",
        fields,
    )


def html(status: str = "200 OK", media_type: str = "text/html") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n\r\n<p>Text.</p>".encode()


INFO = warcinfo("archiver/0.1.0")
FERRY_RESPONSE = response(FERRY, "/ferry", html(), date="2026-03-04T05:06:07.000008Z")
LOGO_RESPONSE = response(LOGO, "/logo", html(media_type="image/png"))
OVEN_RESPONSE = response(OVEN, "/oven", html("404 Not Found"))
FERRY_PAGE = metadata(
    FERRY,
    b"via: http://127.0.0.1/\r\nhopsFromSeed: 2\r\nfetchTimeMs: 17\r\ncharset: utf-8\r\n"
    b"seed: http://127.0.0.1/\r\nurlRequested: http://127.0.0.1/ferry.php\r\n",
)
OVEN_PAGE = metadata(OVEN, b"")
OURS = b"".join((INFO, FERRY_RESPONSE, LOGO_RESPONSE, OVEN_RESPONSE, OVEN_PAGE, FERRY_PAGE))


def found_in(octets: bytes) -> Found:
    return find_pages(read_records(io.BytesIO(octets), "a.warc"))


def paths(found: Found) -> list[str]:
    return [page.page.target.removeprefix("http://127.0.0.1") for page in found.pages]


def test_our_pages_are_the_responses_that_metadata_refers_to_in_the_order_of_the_file() -> None:
    found = found_in(OURS)

    assert paths(found) == ["/ferry", "/oven"]
    assert found.damage == []


def test_a_page_of_ours_is_the_one_that_the_crawl_declared() -> None:
    assert found_in(OURS).pages[0].page == Page(
        target="http://127.0.0.1/ferry",
        captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
        record_id=FERRY,
        location=Location(filename="a.warc", offset=len(INFO), length=len(FERRY_RESPONSE)),
        collection="demo",
        payload_digest="sha256:00",
        fetch_ms=17,
        charset="utf-8",
        url_requested="http://127.0.0.1/ferry.php",
        seed="http://127.0.0.1/",
        via="http://127.0.0.1/",
        hops=2,
    )


def test_what_a_declaration_does_not_say_is_none() -> None:
    page = found_in(OURS).pages[1].page

    assert (page.fetch_ms, page.charset, page.url_requested) == (None, None, None)
    assert (page.seed, page.via, page.hops) == (None, None, None)


def test_a_revisit_of_ours_may_be_a_page_and_names_its_original() -> None:
    revisit = response(LOGO, "/ferry", b"HTTP/1.1 304 Not Modified\r\n\r\n").replace(
        b"WARC-Type: response", b"WARC-Type: revisit\r\nWARC-Refers-To: " + FERRY.encode()
    )

    found = found_in(INFO + FERRY_RESPONSE + revisit + metadata(LOGO, b""))

    assert [(page.page.record_id, page.page.original) for page in found.pages] == [(LOGO, FERRY)]


def test_a_revisit_of_anybody_elses_is_no_page() -> None:
    revisit = response(FERRY, "/ferry", html()).replace(b"Type: response", b"Type: revisit")

    assert paths(found_in(warcinfo("Wget/1.21") + revisit)) == []


def test_a_fetch_that_failed_is_no_page() -> None:
    failure = record("metadata", "WARC-Record-ID: <urn:uuid:3>\n", b"fetchFailure: timeout\r\n")

    assert paths(found_in(INFO + failure + OURS)) == ["/ferry", "/oven"]


@pytest.mark.parametrize(
    "http",
    [
        html(),
        html(media_type="text/HTML; charset=utf-8"),
        html(media_type="application/xhtml+xml"),
        # A head that is longer than what is read of most.
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 20_000 + b"\r\nContent-Type: text/html\r\n\r\n",
    ],
)
def test_a_document_that_was_found_is_a_page_of_anybody_elses_warc(http: bytes) -> None:
    assert paths(found_in(warcinfo("Wget/1.21") + response(FERRY, "/ferry", http))) == ["/ferry"]


@pytest.mark.parametrize(
    "http",
    [
        html("404 Not Found"),
        html("301 Moved Permanently"),
        html(media_type="image/png"),
        html(media_type="text/htmlx"),
        b"HTTP/1.1 200 OK\r\n\r\nno media type",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html",
        b"220 mail.example ESMTP\r\n",
        b"",
    ],
)
def test_other_responses_are_no_pages_of_anybody_elses_warc(http: bytes) -> None:
    assert paths(found_in(warcinfo("Wget/1.21") + response(FERRY, "/ferry", http))) == []


def test_what_anybody_elses_metadata_refers_to_is_no_page_for_that() -> None:
    octets = warcinfo("Heritrix/3.4.0") + LOGO_RESPONSE + metadata(LOGO, b"via: x\r\n")

    assert paths(found_in(octets)) == []


def test_each_warcinfo_says_whose_the_records_after_it_are() -> None:
    theirs = warcinfo("Wget/1.21") + response(GONE, "/theirs", html())

    assert paths(found_in(OURS + theirs)) == ["/ferry", "/oven", "/theirs"]


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("2026-03-04T05:06:07Z", datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)),
        ("2026-03-04T05:06:07.123456789Z", datetime(2026, 3, 4, 5, 6, 7, 123456, tzinfo=UTC)),
        ("2026-03-04T05:06Z", datetime(2026, 3, 4, 5, 6, tzinfo=UTC)),
        ("2026-03-04", datetime(2026, 3, 4, tzinfo=UTC)),
        ("2026-03", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_date_may_be_as_precise_as_the_standard_lets_it_be(date: str, moment: datetime) -> None:
    found = found_in(response(FERRY, "/ferry", html(), date=date))

    assert [page.page.captured_at for page in found.pages] == [moment]


def test_a_response_without_a_date_is_said_and_the_next_is_found() -> None:
    bad = response(FERRY, "/ferry", html(), date="yesterday")
    found = found_in(bad + response(OVEN, "/oven", html()))

    assert paths(found) == ["/oven"]
    assert [str(damage) for damage in found.damage] == [
        "a.warc at 0: a response without a valid WARC-Date, WARC-Record-ID or WARC-Target-URI"
    ]


def test_pages_before_damage_are_found_and_the_damage_has_its_place() -> None:
    found = found_in(OURS[:-20])

    assert paths(found) == ["/oven"]
    assert [damage.offset for damage in found.damage] == [len(OURS) - len(FERRY_PAGE)]


@pytest.mark.parametrize("length", range(1, len(OURS), 11))
def test_a_file_cut_short_anywhere_gives_no_page_that_was_not_there(length: int) -> None:
    assert set(paths(found_in(OURS[:length]))) <= {"/ferry", "/oven"}


def test_records_that_share_a_gzip_member_are_found_by_their_number() -> None:
    found = found_in(gzip.compress(OURS))

    assert [(page.number, page.is_alone) for page in found.pages] == [(1, False), (3, False)]


def test_records_in_gzip_members_of_their_own_are_found_by_their_place() -> None:
    first, second = gzip.compress(FERRY_RESPONSE), gzip.compress(response(GONE, "/x", html()))
    found = found_in(first + second).pages[1]

    assert found.is_alone
    assert found.page.location == Location(
        filename="a.warc", offset=len(first), length=len(second)
    )


def test_fields_are_read_whatever_their_case_and_whatever_stands_between_them() -> None:
    block = b"Software: archiver/0.1.0\r\n\r\nnonsense\r\nisPartOf : demo\nX: a:b\r\n\xff: y"

    assert warc_fields(block) == {
        "software": "archiver/0.1.0",
        "ispartof": "demo",
        "x": "a:b",
        "\ufffd": "y",
    }
