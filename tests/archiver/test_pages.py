"""Lines of a pages file as FORMATS.md and WACZ 1.1.1 have them, to the octet."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from archiver.capture import Location, Page
from archiver.pages import HEADER, bare_uuid, page_line
from archiver.text import TextRecord

PAGE = Page(
    target="http://example.org/story",
    captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="a.warc.gz", offset=10, length=20),
    collection="news",
)
RECORD = TextRecord(
    id="00000000-0000-4000-8000-000000000001",
    url="http://example.org/story",
    text="The ferry is back.",
    text_sha256="0" * 64,
    word_count=4,
    date="2026-03-04T05:06:07.000008Z",
    file_path="a.warc.gz",
    warc_record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    warc_offset=10,
    warc_length=20,
    extractor="none",
    extractor_version="0",
    extractor_config_hash="0",
    quality_mean_word_length=4.0,
    quality_alphabetic_word_fraction=1.0,
    quality_symbol_word_ratio=0.0,
    quality_ellipsis_line_fraction=0.0,
    quality_terminal_punctuation_fraction=1.0,
    quality_short_line_fraction=0.0,
    quality_duplicate_line_fraction=0.0,
    quality_replacement_count=0,
)


def test_the_header_is_the_one_that_the_format_asks_for() -> None:
    assert HEADER == (
        b'{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": true}\n'
    )


def test_a_page_without_text_says_where_and_when_it_was_and_no_more() -> None:
    assert page_line(PAGE, None) == (
        b'{"id": "00000000-0000-4000-8000-000000000001", "url": "http://example.org/story", '
        b'"ts": "2026-03-04T05:06:07.000008Z"}\n'
    )


def test_a_page_with_all_that_can_be_known_says_it_all() -> None:
    page = replace(PAGE, seed="http://example.org/")
    record = replace(RECORD, title="Ferry", language="en")

    assert page_line(page, record) == (
        b'{"id": "00000000-0000-4000-8000-000000000001", "url": "http://example.org/story", '
        b'"ts": "2026-03-04T05:06:07.000008Z", "title": "Ferry", "text": "The ferry is back.", '
        b'"language": "en", "seed": "http://example.org/"}\n'
    )


def test_text_without_title_and_language_is_text_alone() -> None:
    line = json.loads(page_line(PAGE, RECORD))

    assert sorted(line) == ["id", "text", "ts", "url"]


def test_the_text_of_a_page_is_capped() -> None:
    line = json.loads(page_line(PAGE, replace(RECORD, text="ü" * 10_001)))

    assert line["text"] == "ü" * 10_000


def test_the_date_of_a_page_is_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    page = replace(PAGE, captured_at=datetime(2026, 1, 1, 1, 30, tzinfo=east))

    assert json.loads(page_line(page, None))["ts"] == "2025-12-31T23:30:00.000000Z"


@pytest.mark.parametrize(
    "text",
    ['"quoted" \\ back', "one\n\ntwo", "Brücke\u2028über", "𝄞", "\x00", "half \udcff a character"],
)
def test_a_line_is_one_line_of_utf8_whatever_the_text(text: str) -> None:
    line = page_line(PAGE, replace(RECORD, text=text))

    assert line.count(b"\n") == 1
    assert json.loads(line.decode("utf-8"))["text"] == text


def test_the_id_of_a_page_is_the_uuid_of_its_response() -> None:
    assert bare_uuid("<urn:uuid:0f-1>") == "0f-1"
