"""The files of one stem: how they grow, how they are sealed, and what a full disk leaves."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver import __version__
from archiver.capture import Capture, Location, Page
from archiver.errors import StoreError
from archiver.records import records_of, warcinfo
from archiver.stem import Stem
from archiver.storage import LocalStore
from archiver.tape import Tape
from archiver.text import TextRecord
from tests.disk import files_end_at

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello"
PAGE = Page(
    target="http://example.org/story",
    captured_at=MOMENT,
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="x.warc.gz", offset=300, length=20),
    collection="news",
)
RECORD = TextRecord(
    id="00000000-0000-4000-8000-000000000001",
    url="http://example.org/story",
    text="The ferry is back.",
    text_sha256="0" * 64,
    word_count=4,
    date="2026-03-04T05:06:07.000008Z",
    file_path="x.warc.gz",
    warc_record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    warc_offset=300,
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


@pytest.fixture
def stem(tmp_path: Path) -> Iterator[Stem]:
    stem = Stem.begun("x", tmp_path / "news")
    yield stem
    stem.close()


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def fill(stem: Stem, *, minutes: int = 0, target: str = "http://example.org/story") -> Location:
    """Write a warcinfo record, a response and its request; return where the response lies."""
    info = warcinfo({}, record_id=INFO_ID, filename=stem.filename, written_at=MOMENT)
    capture = Capture(
        target=target,
        captured_at=MOMENT + timedelta(minutes=minutes),
        request=b"GET /story HTTP/1.1\r\n\r\n",
        response=Tape.of(RESPONSE),
        request_id="<urn:uuid:00000000-0000-4000-8000-000000000002>",
        response_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    )
    records = [info, *records_of(capture, warcinfo_id=INFO_ID)]
    return stem.write(*records)[1]


def seal(stem: Stem, folder: Path) -> str:
    return stem.seal(LocalStore(folder), "news", crawl="c.json", sealed_at=MOMENT)


SEALED = [
    "archive/x.warc.gz",
    "indexes/x.cdxj",
    "manifests/x.json",
    "pages/x.jsonl",
    "text/x.jsonl.gz",
]


def test_a_stem_knows_what_its_files_are_called(stem: Stem, tmp_path: Path) -> None:
    assert (stem.name, stem.filename) == ("x", "x.warc.gz")
    assert stem.warc_path == tmp_path / "news/archive/x.warc.gz.open"


def test_all_that_grows_is_called_open(stem: Stem, tmp_path: Path) -> None:
    fill(stem)
    stem.finish(PAGE, RECORD)

    assert [name for name in files(tmp_path) if not name.endswith(".open")] == []


def test_sealing_leaves_five_files_and_nothing_open(stem: Stem, tmp_path: Path) -> None:
    fill(stem)
    stem.finish(PAGE, RECORD)

    name = seal(stem, tmp_path)

    assert name == "news/manifests/x.json"
    assert files(tmp_path / "news") == SEALED


def test_a_store_elsewhere_takes_all_and_leaves_nothing(stem: Stem, tmp_path: Path) -> None:
    fill(stem)

    seal(stem, tmp_path / "store")

    assert files(tmp_path) == [f"store/news/{name}" for name in SEALED]


def test_a_manifest_says_what_there_is(stem: Stem, tmp_path: Path) -> None:
    fill(stem, minutes=2)
    fill(stem, minutes=1, target="http://example.org/other")
    fill(stem, minutes=3)
    stem.finish(PAGE, RECORD)
    stem.finish(replace(PAGE, location=replace(PAGE.location, offset=1)), None)

    seal(stem, tmp_path)

    manifest = json.loads((tmp_path / "news/manifests/x.json").read_bytes())
    del manifest["files"]
    assert manifest == {
        "format": "archiver-manifest",
        "version": 1,
        "stem": "x",
        "collection": "news",
        "crawl": "c.json",
        "software": f"archiver/{__version__}",
        "sealed_at": "2026-03-04T05:06:07.000008Z",
        "record_counts": {"request": 3, "response": 3, "warcinfo": 3},
        "page_count": 2,
        "text_count": 1,
        "first_date": "2026-03-04T05:07:07.000008Z",
        "last_date": "2026-03-04T05:09:07.000008Z",
    }


def test_a_manifest_tells_the_truth_about_its_files(stem: Stem, tmp_path: Path) -> None:
    fill(stem)
    stem.finish(PAGE, RECORD)

    seal(stem, tmp_path)

    folder = tmp_path / "news"
    manifest = json.loads((folder / "manifests/x.json").read_bytes())
    assert manifest["files"] == [
        {
            "path": name,
            "bytes": (folder / name).stat().st_size,
            "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest(),
        }
        for name in ["archive/x.warc.gz", "indexes/x.cdxj", "pages/x.jsonl", "text/x.jsonl.gz"]
    ]


def test_a_stem_without_captures_has_no_dates(stem: Stem, tmp_path: Path) -> None:
    stem.write(warcinfo({}, record_id=INFO_ID, filename="x.warc.gz", written_at=MOMENT))

    seal(stem, tmp_path)

    manifest = json.loads((tmp_path / "news/manifests/x.json").read_bytes())
    assert (manifest["first_date"], manifest["last_date"]) == (None, None)
    assert (tmp_path / "news/indexes/x.cdxj").read_bytes() == b""
    assert gzip.decompress((tmp_path / "news/text/x.jsonl.gz").read_bytes()) == b""


def test_an_index_has_a_sorted_line_for_each_response(stem: Stem, tmp_path: Path) -> None:
    later = fill(stem, target="http://example.org/b")
    first = fill(stem, target="http://example.org/a")

    seal(stem, tmp_path)

    assert (tmp_path / "news/indexes/x.cdxj").read_text().splitlines() == [
        'org,example)/a 20260304050607 {"url": "http://example.org/a", "mime": "text/html", '
        '"status": "200", "digest": '
        '"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", '
        f'"length": "{first.length}", "offset": "{first.offset}", "filename": "x.warc.gz"}}',
        'org,example)/b 20260304050607 {"url": "http://example.org/b", "mime": "text/html", '
        '"status": "200", "digest": '
        '"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", '
        f'"length": "{later.length}", "offset": "{later.offset}", "filename": "x.warc.gz"}}',
    ]


def test_pages_and_texts_are_ordered_by_offset_whatever_finished_first(
    stem: Stem, tmp_path: Path
) -> None:
    places = [replace(PAGE.location, offset=offset) for offset in (900, 30, 1200)]
    stem.finish(replace(PAGE, location=places[0], seed="second"), replace(RECORD, url="second"))
    stem.finish(replace(PAGE, location=places[1], seed="first"), replace(RECORD, url="first"))
    stem.finish(replace(PAGE, location=places[2], seed="third"), replace(RECORD, url="third"))

    seal(stem, tmp_path)

    header, *pages = (tmp_path / "news/pages/x.jsonl").read_bytes().splitlines()
    texts = gzip.decompress((tmp_path / "news/text/x.jsonl.gz").read_bytes()).splitlines()
    assert json.loads(header)["format"] == "json-pages-1.0"
    assert [json.loads(line)["seed"] for line in pages] == ["first", "second", "third"]
    assert [json.loads(line)["url"] for line in texts] == ["first", "second", "third"]


def test_a_text_file_is_one_member_without_name_and_time(stem: Stem, tmp_path: Path) -> None:
    stem.finish(PAGE, RECORD)

    seal(stem, tmp_path)

    octets = (tmp_path / "news/text/x.jsonl.gz").read_bytes()
    assert octets[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


def test_a_name_that_is_taken_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/x.jsonl.open").write_bytes(b"another's")

    with pytest.raises(FileExistsError):
        Stem.begun("x", tmp_path)

    assert files(tmp_path) == ["pages/x.jsonl.open"]


def test_closing_lets_the_files_stand_as_they_are(stem: Stem, tmp_path: Path) -> None:
    fill(stem)

    stem.close()
    stem.close()

    assert files(tmp_path / "news") == [
        "archive/x.warc.gz.open", "pages/x.jsonl.open", "text/x.jsonl.open",
    ]  # fmt: skip


# The manifest is the commit


@pytest.mark.parametrize(
    "taken", ["archive/x.warc.gz", "indexes/x.cdxj", "pages/x.jsonl", "text/x.jsonl.gz"]
)
def test_a_file_that_cannot_be_stored_costs_the_manifest(
    stem: Stem, tmp_path: Path, taken: str
) -> None:
    fill(stem)
    (tmp_path / "store/news" / taken).parent.mkdir(parents=True)
    (tmp_path / "store/news" / taken).write_bytes(b"another's")

    with pytest.raises(StoreError, match="exists already"):
        seal(stem, tmp_path / "store")

    assert not (tmp_path / "store/news/manifests").exists()
    assert (tmp_path / "store/news" / taken).read_bytes() == b"another's"


@pytest.mark.parametrize("size", [0, 100, 300])
def test_a_full_disk_seals_nothing_and_leaves_only_what_grew(
    stem: Stem, tmp_path: Path, size: int
) -> None:
    fill(stem)
    stem.finish(PAGE, RECORD)
    before = files(tmp_path / "news")

    with files_end_at(size), pytest.raises(OSError, match="File too large"):
        seal(stem, tmp_path / "store")

    assert files(tmp_path / "store") == []
    assert files(tmp_path / "news") == before


def test_a_stem_that_a_full_disk_refused_is_sealed_once_there_is_room(
    stem: Stem, tmp_path: Path
) -> None:
    fill(stem)
    stem.finish(PAGE, RECORD)
    with files_end_at(100), pytest.raises(OSError, match="File too large"):
        seal(stem, tmp_path)

    seal(stem, tmp_path)

    assert files(tmp_path / "news") == SEALED


def test_a_page_that_the_disk_refuses_leaves_neither_line_nor_text(
    stem: Stem, tmp_path: Path
) -> None:
    page = replace(PAGE, seed="http://example.org/" + "x" * 4000)
    with files_end_at(3000), pytest.raises(OSError, match="File too large"):
        stem.finish(page, RECORD)

    stem.finish(PAGE, RECORD)
    seal(stem, tmp_path)

    manifest = json.loads((tmp_path / "news/manifests/x.json").read_bytes())
    assert (manifest["page_count"], manifest["text_count"]) == (1, 1)


def test_a_disk_that_has_no_room_for_the_manifest_takes_nothing(
    stem: Stem, tmp_path: Path
) -> None:
    fill(stem)
    before = files(tmp_path / "news")

    with files_end_at(600), pytest.raises(OSError, match="File too large"):
        seal(stem, tmp_path / "store")

    assert files(tmp_path / "store") == []
    assert files(tmp_path / "news") == before
