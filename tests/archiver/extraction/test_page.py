from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from importlib.metadata import version

import brotli
import pytest

from archiver import __version__
from archiver.capture import HostRights, Location, Page
from archiver.extraction import config_hash, extract
from archiver.extraction.tree import MAX_OCTETS
from archiver.text import line_from_record, record_from_line

PAGE = Page(
    target="https://news.example.org/ferry",
    captured_at=datetime(2024, 5, 3, 14, 0, 5, 250, tzinfo=UTC),
    record_id="<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>",
    location=Location(filename="news-1.warc.gz", offset=512, length=2048),
    collection="news",
    payload_digest="sha256:00",
    url_requested="http://example.org/f",
    seed="https://news.example.org/",
)
TEXT = (
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the gale.",
    "Its first passenger was a cow named Märigold, who had been waiting since May.",
)
HTML = (
    '<html><head><title>Ferry returns to the quay</title><meta name="date" content="2024-05-03">'
    f'<meta name="author" content="Odile Harkness"></head><body><p>{TEXT[0]}</p><p>{TEXT[1]}</p>'
    "</body></html>"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"


def block(payload: bytes = HTML.encode(), head: bytes = HEAD) -> bytes:
    return head + b"Content-Length: %d\r\n\r\n" % len(payload) + payload


def test_a_response_record_becomes_a_text_record() -> None:
    record = extract(PAGE, block())

    assert record is not None
    text = "\n\n".join(TEXT)
    assert record.text == text
    assert record.text_sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert record.word_count == 32
    assert (record.title, record.authors) == ("Ferry returns to the quay", ("Odile Harkness",))
    assert (record.published_date, record.language) == ("2024-05-03", "en")
    assert record.id == "7f3c1f8e-0000-4000-8000-000000000001"
    assert record.url == "https://news.example.org/ferry"
    assert record.url_requested == "http://example.org/f"
    assert (record.domain, record.source) == ("example.org", "news")
    assert (record.date, record.http_status) == ("2024-05-03T14:00:05.000250Z", 200)
    assert record.seed == "https://news.example.org/"
    assert record.file_path == "archive/news-1.warc.gz"
    assert record.warc_record_id == "<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>"
    assert (record.warc_offset, record.warc_length) == (512, 2048)
    assert record.payload_digest == "sha256:00"
    assert record.captions == ()
    assert (record.extractor, record.extractor_version) == ("archiver", __version__)
    assert record.extractor_config_hash == config_hash()
    assert record.quality_terminal_punctuation_fraction == 1
    assert (record.duplicate_of, record.near_duplicate_cluster) == (None, None)
    assert (record.robots_allowed, record.x_robots_tag) == (None, None)


def test_the_record_says_that_trafilatura_found_its_text() -> None:
    record = extract(PAGE, block(), extractor="trafilatura")

    assert record is not None
    assert record.text == "\n\n".join(TEXT)
    assert (record.title, record.authors) == ("Ferry returns to the quay", ("Odile Harkness",))
    assert record.extractor == "trafilatura"
    assert record.extractor_version == version("trafilatura")
    assert record.extractor_config_hash == config_hash("trafilatura")


def test_the_captions_of_a_page_are_in_its_record() -> None:
    figure = "<figure><img src=a><figcaption>Marigold on the quay</figcaption></figure>"

    record = extract(PAGE, block(HTML.replace("</p><p>", f"</p>{figure}<p>").encode()))

    assert record is not None
    assert record.captions == ("Marigold on the quay",)
    assert record.text == "\n\n".join(TEXT)


def test_the_record_survives_its_line() -> None:
    record = extract(PAGE, block())

    assert record is not None
    assert record_from_line(line_from_record(record)) == record


def test_a_page_that_was_not_redirected_was_requested_where_it_is() -> None:
    record = extract(replace(PAGE, url_requested=None), block())

    assert record is not None
    assert record.url_requested == PAGE.target


def test_the_date_is_in_utc() -> None:
    lima = timezone(timedelta(hours=-5))

    record = extract(replace(PAGE, captured_at=PAGE.captured_at.astimezone(lima)), block())

    assert record is not None
    assert record.date == "2024-05-03T14:00:05.000250Z"


CHUNKS = b"%x\r\n%b\r\n0\r\n\r\n" % (len(HTML.encode()), HTML.encode())
LATIN = HEAD.replace(b"utf-8", b"iso-8859-1")
WIRE = [
    ("chunked", HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNKS),
    ("gzip", block(gzip.compress(HTML.encode()), HEAD + b"Content-Encoding: gzip\r\n")),
    ("brotli", block(brotli.compress(HTML.encode()), HEAD + b"Content-Encoding: br\r\n")),
    ("until close", HEAD + b"\r\n" + HTML.encode()),
    ("Latin-1", block(HTML.encode("latin-1"), LATIN)),
    ("no type", block(head=b"HTTP/1.1 200 OK\r\n")),
    ("bare line feeds", block().replace(b"\r\n", b"\n", 3)),
    ("XHTML", block(head=HEAD.replace(b"text/html", b"application/xhtml+xml"))),
]


@pytest.mark.parametrize("wire", [w[1] for w in WIRE], ids=[w[0] for w in WIRE])
def test_the_text_does_not_depend_on_how_it_crossed_the_wire(wire: bytes) -> None:
    record = extract(PAGE, wire)

    assert record is not None
    assert record.text == "\n\n".join(TEXT)


NO_TEXT = [
    ("empty", b""),
    ("no HTTP", b"<html><body><p>Ferry</p></body></html>"),
    ("cut in the head", HEAD),
    ("no body", block(b"")),
    ("an image", block(head=HEAD.replace(b"text/html", b"image/png"))),
    ("JSON", block(head=HEAD.replace(b"text/html", b"application/json"))),
    ("no article", block(b"<html><body><p>404</p></body></html>")),
    (
        "too long once decoded",
        block(
            gzip.compress(HTML.encode() + b" " * MAX_OCTETS), HEAD + b"Content-Encoding: gzip\r\n"
        ),
    ),
]


@pytest.mark.parametrize("wire", [n[1] for n in NO_TEXT], ids=[n[0] for n in NO_TEXT])
def test_a_record_without_an_article_has_no_text(wire: bytes) -> None:
    assert extract(PAGE, wire) is None


def test_a_body_cut_short_gives_what_arrived() -> None:
    record = extract(PAGE, block()[:-60])

    assert record is not None
    assert record.text.startswith(TEXT[0])


RIGHTS = [
    (
        b"X-Robots-Tag: noai\r\nX-Robots-Tag: unavailable_after: x\r\n",
        "",
        ("noai, unavailable_after: x", None, None),
    ),
    (
        b"TDM-Reservation: 1\r\nTDM-Policy: https://a.example/p\r\n",
        "",
        (None, 1, "https://a.example/p"),
    ),
    (b"TDM-Reservation: 0\r\n", '<meta name="tdm-reservation" content="1">', (None, 1, None)),
    # A page supersedes its head (TDMRep, "Processing priority"), and what is an error does not.
    (b"TDM-Reservation: 1\r\n", '<meta name="tdm-reservation" content="0">', (None, 0, None)),
    (b"TDM-Reservation: 1\r\n", '<meta name="tdm-reservation" content="2">', (None, 1, None)),
    (
        b"TDM-Reservation: 1\r\nTDM-Policy: /p\r\n",
        '<meta name="tdm-policy" content="https://a.example/q">',
        (None, 1, "https://a.example/q"),
    ),
    (b"TDM-Policy: /p\r\n", "", (None, None, "https://news.example.org/p")),
    (b"TDM-Reservation: 0\r\n", "", (None, 0, None)),
]


@pytest.mark.parametrize(("fields", "markup", "expected"), RIGHTS)
def test_the_head_and_the_page_declare_rights(
    fields: bytes, markup: str, expected: tuple[str | None, int | None, str | None]
) -> None:
    payload = HTML.replace("<title>", f"{markup}<title>").encode()

    record = extract(PAGE, block(payload, HEAD + fields))

    assert record is not None
    assert (record.x_robots_tag, record.tdm_reservation, record.tdm_policy) == expected


HOST = HostRights(
    robots_allowed=True, ai_txt_allowed=False, tdm_reservation=1, tdm_policy="https://a.example/h"
)
OF_HOST = [
    (b"", "", (True, False, 1, "https://a.example/h")),
    (b"TDM-Reservation: 0\r\n", "", (True, False, 0, "https://a.example/h")),
    (
        b"TDM-Policy: https://a.example/p\r\n",
        '<meta name="tdm-reservation" content="0">',
        (True, False, 0, "https://a.example/p"),
    ),
]


@pytest.mark.parametrize(("fields", "markup", "expected"), OF_HOST)
def test_what_the_host_says_is_recorded_and_superseded_by_its_pages(
    fields: bytes, markup: str, expected: tuple[bool, bool, int, str]
) -> None:
    payload = HTML.replace("<title>", f"{markup}<title>").encode()

    record = extract(replace(PAGE, rights=HOST), block(payload, HEAD + fields))

    assert record is not None
    found = (record.robots_allowed, record.ai_txt_allowed)
    assert (*found, record.tdm_reservation, record.tdm_policy) == expected


def test_a_reserved_page_gives_no_text_where_rights_are_respected() -> None:
    reserved = block(head=HEAD + b"X-Robots-Tag: noai\r\n")

    assert extract(PAGE, reserved) is not None
    assert extract(replace(PAGE, is_rights_respected=True), reserved) is None
    assert extract(replace(PAGE, is_rights_respected=True), block()) is not None
