from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.capture import Location, Page
from archiver.demo.articles import read_articles
from archiver.demo.site import build_site
from archiver.errors import DamagedRecord
from archiver.options import EXTRACTORS
from archiver.rereading import extract_at, extract_by_trafilatura
from archiver.worker import function_named

PATH = next(article.path for article in read_articles() if article.slug == "slow-clock")
BLOCK = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    + build_site("http://127.0.0.1")[PATH].body
)
RECORD_ID = "<urn:uuid:00000000-0000-4000-8000-000000000001>"
RECORD = (
    f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: {RECORD_ID}\r\n"
    f"WARC-Target-URI: http://127.0.0.1{PATH}\r\nWARC-Date: 2026-04-01T00:00:00Z\r\n"
    f"Content-Type: application/http\r\nContent-Length: {len(BLOCK)}\r\n\r\n"
).encode() + BLOCK
FILE = b"something before it\r\n" + RECORD + b"\r\n\r\n"
PAGE = Page(
    target=f"http://127.0.0.1{PATH}",
    captured_at=datetime(2026, 4, 1, tzinfo=UTC),
    record_id=RECORD_ID,
    location=Location(filename="a.warc", offset=21, length=len(RECORD) + 4),
    collection="demo",
)


def test_a_page_is_read_from_where_its_record_lies_now(tmp_path: Path) -> None:
    growing = tmp_path / "a.warc.open"
    growing.write_bytes(FILE)
    record = extract_at(str(growing), PAGE)

    assert record is not None
    assert record.id == "00000000-0000-4000-8000-000000000001"
    assert record.file_path.endswith("a.warc")
    assert "four minutes in hand" in record.text


def test_a_block_gives_the_record_that_its_file_gives(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(FILE)

    assert extract_at(BLOCK, PAGE) == extract_at(str(tmp_path / "a.warc"), PAGE)


def test_who_finds_the_text_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(FILE)

    ours = extract_at(BLOCK, PAGE)
    theirs = extract_by_trafilatura(str(tmp_path / "a.warc"), PAGE)

    assert ours is not None
    assert theirs is not None
    assert (ours.extractor, theirs.extractor) == ("archiver", "trafilatura")
    assert theirs == extract_by_trafilatura(BLOCK, PAGE)


def test_workers_run_the_function_of_the_extractor() -> None:
    assert {name: function_named(path) for name, path in EXTRACTORS.items()} == {
        "archiver": extract_at,
        "trafilatura": extract_by_trafilatura,
    }


@pytest.mark.parametrize(
    ("content", "offset", "length"),
    [
        (FILE, 0, len(RECORD) + 4),
        (FILE, 21, len(RECORD) - 100),
        (FILE[:-100], 21, len(RECORD) + 4),
        (b"", 21, len(RECORD) + 4),
    ],
    ids=["elsewhere", "longer", "cut short", "gone"],
)
def test_a_record_that_is_not_there_whole_is_damage(
    tmp_path: Path, content: bytes, offset: int, length: int
) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    location = Location(filename="a.warc", offset=offset, length=length)

    with pytest.raises(DamagedRecord, match=f"a.warc at {offset}: "):
        extract_at(str(tmp_path / "a.warc"), replace(PAGE, location=location))
