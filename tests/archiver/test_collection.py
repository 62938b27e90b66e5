"""A collection's life: begun, written to, declared, finished, released, sealed, closed."""

from __future__ import annotations

import gc
import gzip
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archiver import __version__
from archiver.capture import Capture, Location, Page
from archiver.check import check_path
from archiver.collection import Collection
from archiver.errors import CollectionError, StoreError
from archiver.manifests import prove_usable
from archiver.reader import read_records
from archiver.storage import LocalStore
from archiver.tape import Tape
from archiver.terms import Terms
from archiver.text import TextRecord
from archiver.warcpages import find_pages
from tests.disk import files_end_at

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89_000, tzinfo=UTC)
HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: 5\r\n\r\nhello"
)
SMALL = 1  # octets: every capture fills its WARC
Open = Callable[..., Collection]


def ids(first: int) -> Callable[[], str]:
    numbers = count(first)
    return lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(numbers):012x}>"


@pytest.fixture
def open_collection(tmp_path: Path) -> Iterator[Open]:
    """Open collections of one name in one store, each with ids of its own; close them."""
    with ExitStack() as stack:
        seeds = count(1)

        def opened(**terms: Any) -> Collection:  # Any: the fields of Terms
            collection = Collection(
                LocalStore(tmp_path),
                "news",
                folder=tmp_path / "news",
                terms=Terms(prefix=terms.pop("prefix", "news"), **terms),
                clock=lambda: MOMENT,
                new_id=ids(next(seeds) << 20),
            )
            stack.callback(collection.close)
            return collection

        yield opened


def visit(number: int = 1, response: bytes = HTML) -> Capture:
    return Capture(
        target=f"http://example.org/{number}",
        captured_at=MOMENT,
        request=b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        response=Tape.of(response),
        request_id=f"<urn:uuid:00000000-0000-4000-8000-00000000{number:03}2>",
        response_id=f"<urn:uuid:00000000-0000-4000-8000-00000000{number:03}1>",
        ip_address="192.0.2.1",
        fetch_ms=12,
    )


def text_of(page: Page) -> TextRecord:
    return TextRecord(
        id=page.record_id,
        url=page.target,
        text="The ferry is back.",
        text_sha256="0" * 64,
        word_count=4,
        date="2026-03-04T05:06:07.000008Z",
        file_path=page.location.filename,
        warc_record_id=page.record_id,
        warc_offset=page.location.offset,
        warc_length=page.location.length,
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


def written(collection: Collection, number: int = 1, response: bytes = HTML) -> Page:
    page = collection.write(visit(number, response)).page
    assert page is not None
    return page


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def names(folder: Path, part: str) -> list[str]:
    return files(folder / "news" / part)


def manifests(folder: Path) -> list[dict[str, Any]]:
    """Return the manifests in the order of their names."""
    paths = sorted((folder / "news/manifests").glob("*.json"))
    return [json.loads(path.read_bytes()) for path in paths]


def records_in(path: Path) -> list[tuple[str, str | None, bytes]]:
    """Return type, target and block of each record, as warcio finds them."""
    with path.open("rb") as file:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.raw_stream.read(),
            )
            for record in ArchiveIterator(file, no_record_parse=True)
        ]


# Begun


def test_a_crawl_that_begins_has_a_log(open_collection: Open, tmp_path: Path) -> None:
    log = open_collection().begin("article")

    assert log.path == tmp_path / "news/crawls/20260304050607-article.json"
    assert files(tmp_path) == ["news/crawls/20260304050607-article.json"]


def put_manifest(folder: Path, name: str, content: str) -> None:
    path = folder / "news/manifests" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)


def test_a_collection_that_can_be_used_is_left_as_it_is(tmp_path: Path) -> None:
    prove_usable(LocalStore(tmp_path), "news")

    assert list(tmp_path.iterdir()) == []


def test_a_crawl_that_cannot_have_a_log_does_not_begin(
    open_collection: Open, tmp_path: Path
) -> None:
    (tmp_path / "news").write_bytes(b"a file")

    with pytest.raises(StoreError, match=r"/news/crawls cannot be written \(.*\): free it$"):
        open_collection().begin("article")


OLD = '{"format": "archiver-manifest", "version": 1}'
NEW = '{"format": "archiver-manifest", "version": 2, "software": "archiver/9.9"}'


def test_a_collection_of_this_version_may_be_added_to(tmp_path: Path) -> None:
    put_manifest(tmp_path, "news-20250101000000000-00000-host-0.json", OLD)

    prove_usable(LocalStore(tmp_path), "news")


def test_a_collection_made_by_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    put_manifest(tmp_path, "news-20250101000000000-00000-host-0.json", NEW)

    with pytest.raises(CollectionError) as refusal:
        prove_usable(LocalStore(tmp_path), "news")

    assert str(refusal.value) == (
        "the collection 'news' was made by a newer version (archiver/9.9, manifest version 2; "
        f"this is archiver/{__version__}): upgrade, or choose another ARCHIVE_COLLECTION"
    )
    assert files(tmp_path) == ["news/manifests/news-20250101000000000-00000-host-0.json"]


def test_the_newest_manifest_counts_whatever_its_prefix(tmp_path: Path) -> None:
    put_manifest(tmp_path, "a-20260101000000000-00000-host-0.json", NEW)
    put_manifest(tmp_path, "z-20250101000000000-00000-host-0.json", OLD)

    with pytest.raises(CollectionError, match="was made by a newer version"):
        prove_usable(LocalStore(tmp_path), "news")


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 1, "version": "x"}', "7"])
def test_a_manifest_that_is_none_of_ours_is_refused_in_one_sentence(
    tmp_path: Path, content: str
) -> None:
    put_manifest(tmp_path, "news-20250101000000000-00000-host-0.json", content)

    with pytest.raises(CollectionError, match=r"is no manifest of ours: move it away, or choose"):
        prove_usable(LocalStore(tmp_path), "news")


def test_a_manifest_that_a_killed_crawl_was_writing_is_none_yet(tmp_path: Path) -> None:
    put_manifest(tmp_path, "news-20250101000000000-00000-host-0.json.open", '{"format": "ar')

    prove_usable(LocalStore(tmp_path), "news")


def test_a_store_that_is_a_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"a file")

    with pytest.raises(StoreError, match=r"^the store '.*' cannot be written \(.*\): free it"):
        prove_usable(LocalStore(tmp_path / "store"), "news")

    assert files(tmp_path) == ["store"]


def test_a_full_disk_is_noticed_before_anything_is_fetched(tmp_path: Path) -> None:
    with files_end_at(0), pytest.raises(StoreError, match="cannot be written"):
        prove_usable(LocalStore(tmp_path), "news")

    assert list(tmp_path.iterdir()) == []


# Written


def test_a_file_begins_with_warcinfo_and_holds_pairs(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()

    collection.write(visit(1))
    collection.write(visit(2, b""))

    (name,) = names(tmp_path, "archive")
    assert [
        (kind, target) for kind, target, _ in records_in(tmp_path / "news/archive" / name)
    ] == [
        ("warcinfo", None),
        ("response", "http://example.org/1"),
        ("request", "http://example.org/1"),
        ("metadata", "http://example.org/2"),
        ("request", "http://example.org/2"),
    ]


def test_warcinfo_describes_the_file_and_the_crawl(
    open_collection: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "crawler-7.example.org")
    collection = open_collection(description={"robots": "obey", "operator": "Zoë"})

    collection.write(visit())

    (name,) = names(tmp_path, "archive")
    _, _, block = records_in(tmp_path / "news/archive" / name)[0]
    assert block.decode("utf-8") == (
        f"software: archiver/{__version__}\r\n"
        "format: WARC File Format 1.1\r\n"
        "conformsTo: "
        "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n"
        "isPartOf: news\r\n"
        "hostname: crawler-7.example.org\r\n"
        "robots: obey\r\n"
        "operator: Zoë\r\n"
    )


@pytest.mark.parametrize(
    ("host", "label"),
    [
        ("crawler7", "crawler7"),
        ("crawler-7.example.org", "crawler-7"),
        ("my_host (1)", "my-host-1"),
        ("...", "host"),
        ("ÜÜ", "host"),
    ],
)
def test_a_stem_is_named_after_prefix_time_serial_host_and_chance(
    open_collection: Open, monkeypatch: pytest.MonkeyPatch, host: str, label: str
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: host)

    page = written(open_collection(prefix="PRE"))

    pattern = rf"PRE-20260304050607089-00000-{label}-[0-9a-f]{{8}}\.warc\.gz"
    assert re.fullmatch(pattern, page.location.filename)


def test_warcinfo_names_the_file_as_it_will_be_called(
    open_collection: Open, tmp_path: Path
) -> None:
    page = written(open_collection())

    (name,) = names(tmp_path, "archive")
    with (tmp_path / "news/archive" / name).open("rb") as file:
        record = next(iter(ArchiveIterator(file)))
        assert record.rec_headers.get_header("WARC-Filename") == page.location.filename
    assert name == f"{page.location.filename}.open"


def test_a_page_is_what_a_spider_may_declare(open_collection: Open, tmp_path: Path) -> None:
    page = written(open_collection())

    path = tmp_path / "news/archive" / f"{page.location.filename}.open"
    member = path.read_bytes()[page.location.offset :][: page.location.length]
    assert gzip.decompress(member).endswith(HTML + b"\r\n\r\n")
    assert page == Page(
        target="http://example.org/1",
        captured_at=MOMENT,
        record_id="<urn:uuid:00000000-0000-4000-8000-000000000011>",
        location=page.location,
        collection="news",
        payload_digest="sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
        fetch_ms=12,
        charset="UTF-8",
    )


def test_what_never_came_back_is_no_page(open_collection: Open) -> None:
    assert open_collection().write(visit(1, b"")).page is None


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        (b"text/html", None),
        (b"text/html; charset=utf-8", "utf-8"),
        (b"text/html;CHARSET=ISO-8859-1", "ISO-8859-1"),
        (b'text/html; charset="windows-1252"; x=y', "windows-1252"),
        (b"text/html; charset = 'utf-8'", "utf-8"),
        (b"text/html; x=y; charset=koi8-r ; z", "koi8-r"),
        (b"text/html; charset=", None),
        (b"text/html; charset=\xff", None),
        (b"text/html; charset-hint=x", None),
    ],
)
def test_the_charset_of_a_page_is_what_its_header_declares(
    open_collection: Open, content_type: bytes, charset: str | None
) -> None:
    response = b"HTTP/1.1 200 OK\r\nContent-Type: " + content_type + b"\r\n\r\n"

    assert written(open_collection(), 1, response).charset == charset


def test_the_size_of_a_collection_is_that_of_all_its_warcs(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(max_bytes=SMALL)

    collection.write(visit(1, b""))
    written(collection, 2)

    sizes = [path.stat().st_size for path in (tmp_path / "news/archive").iterdir()]
    assert (len(sizes), collection.size) == (2, sum(sizes))


def test_terms_choose_digest_and_wire(open_collection: Open, tmp_path: Path) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"

    page = written(open_collection(algorithm="sha1", wire="decoded"), 1, chunked)

    (name,) = names(tmp_path, "archive")
    assert page.payload_digest == "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N"
    assert records_in(tmp_path / "news/archive" / name)[1][2] == (
        b"HTTP/1.1 200 OK\r\nX-Archiver-Transfer-Encoding: chunked\r\n"
        b"Content-Length: 5\r\n\r\nhello"
    )


@pytest.mark.parametrize(
    "response",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        HTML,
        b"no HTTP",
    ],
)
def test_a_long_response_written_decoded_leaves_no_file_open(
    open_collection: Open, tmp_path: Path, response: bytes
) -> None:
    tape = Tape(0, tmp_path / "spool")
    tape.write(response)
    capture = visit()
    object.__setattr__(capture, "response", tape)

    open_collection(wire="decoded").write(capture)
    tape.close()

    gc.collect()  # a file that is open still would warn now, and warnings are errors


# Declared, finished, released


def test_a_page_is_declared_by_a_record_in_the_file_of_its_response(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    page = written(collection)

    path, location = collection.declare(page)

    with path.open("rb") as file:
        *_, last = [record.rec_headers for record in ArchiveIterator(file, no_record_parse=True)]
    assert location is not None
    assert location.offset + location.length == path.stat().st_size
    assert path == tmp_path / "news/archive" / f"{page.location.filename}.open"
    assert last.get_header("WARC-Type") == "metadata"
    assert last.get_header("WARC-Refers-To") == page.record_id


HELD: list[Any] = [
    pytest.param(["declare", "release"], id="until-finished"),
    pytest.param(["declare", "finish"], id="until-released"),
    pytest.param([], id="until-released-though-never-declared"),
]
LET_GO: list[Any] = [
    pytest.param(["release"], id="released"),
    pytest.param(["declare", "finish", "release"], id="finished-and-released"),
    pytest.param(["declare", "release", "finish"], id="released-and-finished"),
]


def do(collection: Collection, page: Page, steps: list[str]) -> None:
    """Take *page* through *steps* of its life."""
    actions: dict[str, Callable[[], object]] = {
        "declare": lambda: collection.declare(page),
        "finish": lambda: collection.finish(page, text_of(page)),
        "release": lambda: collection.release(page),
    }
    for step in steps:
        actions[step]()


@pytest.mark.parametrize("steps", HELD)
def test_a_held_stem_is_not_sealed(
    open_collection: Open, tmp_path: Path, steps: list[str]
) -> None:
    collection = open_collection(max_bytes=SMALL)
    page = written(collection)

    do(collection, page, steps)

    assert names(tmp_path, "manifests") == []


@pytest.mark.parametrize("steps", LET_GO)
def test_a_full_stem_is_sealed_as_soon_as_nobody_holds_it(
    open_collection: Open, tmp_path: Path, steps: list[str]
) -> None:
    collection = open_collection(max_bytes=SMALL)
    page = written(collection)

    do(collection, page, steps)

    assert names(tmp_path, "archive") == [page.location.filename]
    assert len(names(tmp_path, "manifests")) == 1


@pytest.mark.parametrize("steps", LET_GO)
def test_a_stem_that_is_not_full_goes_on_growing(
    open_collection: Open, tmp_path: Path, steps: list[str]
) -> None:
    collection = open_collection()
    first = written(collection, 1)

    do(collection, first, steps)
    second = written(collection, 2)

    assert second.location.filename == first.location.filename
    assert names(tmp_path, "manifests") == []


def test_a_full_stem_that_nobody_can_hold_is_sealed_at_once(
    open_collection: Open, tmp_path: Path
) -> None:
    open_collection(max_bytes=SMALL).write(visit(1, b""))

    assert len(names(tmp_path, "manifests")) == 1


def test_a_stem_is_held_by_each_of_its_pages(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection(max_bytes=1500)
    first, second = written(collection, 1), written(collection, 2)
    assert first.location.filename == second.location.filename

    collection.release(first)
    before = names(tmp_path, "manifests")
    collection.release(second)

    assert (before, len(names(tmp_path, "manifests"))) == ([], 1)


def test_a_full_stem_makes_room_for_the_next(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection(max_bytes=SMALL)

    pages = [written(collection, number) for number in (1, 2, 3)]

    serials = [page.location.filename.split("-")[2] for page in pages]
    assert serials == ["00000", "00001", "00002"]
    assert len(names(tmp_path, "archive")) == 3


@pytest.mark.parametrize("step", ["declare", "finish"])
def test_a_page_that_comes_late_is_refused_in_one_sentence(
    open_collection: Open, step: str
) -> None:
    collection = open_collection(max_bytes=SMALL)
    page = written(collection)
    collection.release(page)

    with pytest.raises(CollectionError) as refusal:
        do(collection, page, [step])

    assert str(refusal.value) == (
        f"http://example.org/1 was declared a page after {page.location.filename} was sealed: "
        "yield a page from the callback of its own response"
    )


def test_a_page_may_be_released_after_all_is_sealed(open_collection: Open) -> None:
    collection = open_collection()
    page = written(collection)
    collection.sealed()

    collection.release(page)


def test_a_page_that_is_declared_twice_is_one_page(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection()
    page = written(collection)
    collection.declare(page)

    with pytest.raises(CollectionError, match="declared a page"):
        collection.declare(page)

    collection.finish(page, None)
    collection.sealed()
    (manifest,) = manifests(tmp_path)
    assert (manifest["page_count"], manifest["record_counts"]["metadata"]) == (1, 1)


# Sealed


def test_until_they_are_sealed_all_files_are_called_open(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    page = written(collection)
    do(collection, page, ["declare", "finish"])

    assert [name for name in files(tmp_path) if not name.endswith(".open")] == []


def test_after_sealing_no_file_is_called_open(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection(max_bytes=1500)
    collection.begin("article")
    pages = [written(collection, number) for number in range(5)]
    do(collection, pages[0], ["declare", "finish", "release"])
    do(collection, pages[1], ["release"])
    do(collection, pages[4], ["declare", "finish"])

    collection.sealed()

    assert [name for name in files(tmp_path) if name.endswith(".open")] == []
    assert len(manifests(tmp_path)) == len(names(tmp_path, "archive")) > 1


def test_a_stem_whose_page_was_not_finished_is_left_for_the_next_crawl(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    collection.declare(written(collection))

    collection.sealed()

    assert manifests(tmp_path) == []
    assert [name for name in files(tmp_path) if not name.endswith(".open")] == []


def test_manifests_say_what_is_on_disk(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection(max_bytes=1500)
    pages = [written(collection, number) for number in range(5)]
    do(collection, pages[3], ["declare", "finish", "release"])

    collection.sealed()

    described = [file for manifest in manifests(tmp_path) for file in manifest["files"]]
    contents = [(tmp_path / "news" / file["path"]).read_bytes() for file in described]
    assert [(file["bytes"], file["sha256"]) for file in described] == [
        (len(content), hashlib.sha256(content).hexdigest()) for content in contents
    ]
    assert sorted(file["path"] for file in described) == [
        name for name in files(tmp_path / "news") if not name.startswith("manifests/")
    ]


def test_a_manifest_names_the_crawl_that_wrote_it(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection()
    collection.begin("article")

    collection.write(visit())
    collection.sealed()

    (manifest,) = manifests(tmp_path)
    assert (manifest["crawl"], manifest["collection"]) == ("20260304050607-article.json", "news")


def test_pages_and_texts_stand_in_the_order_of_their_responses(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    pages = [written(collection, number) for number in (1, 2, 3)]
    do(collection, pages[2], ["declare", "finish"])
    do(collection, pages[0], ["declare"])
    do(collection, pages[1], ["declare", "finish"])
    do(collection, pages[0], ["finish"])

    collection.sealed()

    (page_file,), (text_file,) = names(tmp_path, "pages"), names(tmp_path, "text")
    _, *lines = (tmp_path / "news/pages" / page_file).read_bytes().splitlines()
    texts = gzip.decompress((tmp_path / "news/text" / text_file).read_bytes()).splitlines()
    expected = ["http://example.org/1", "http://example.org/2", "http://example.org/3"]
    assert [json.loads(line)["url"] for line in lines] == expected
    assert [json.loads(line)["url"] for line in texts] == expected


def test_a_page_without_text_has_a_line_and_no_text(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection()
    page = written(collection)

    collection.declare(page)
    collection.finish(page, None)
    collection.sealed()

    (manifest,) = manifests(tmp_path)
    assert (manifest["page_count"], manifest["text_count"]) == (1, 0)


def test_each_index_line_leads_to_its_response(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection()
    pages = [written(collection, number) for number in (3, 1, 2)]

    collection.sealed()

    (name,), (index,) = names(tmp_path, "archive"), names(tmp_path, "indexes")
    warc = (tmp_path / "news/archive" / name).read_bytes()
    lines = (tmp_path / "news/indexes" / index).read_bytes().splitlines(keepends=True)
    entries = [json.loads(line.split(b" ", 2)[2]) for line in lines]
    places = [(int(entry["offset"]), int(entry["length"])) for entry in entries]
    found = [next(iter(ArchiveIterator(io.BytesIO(warc[at : at + n])))) for at, n in places]
    assert [record.rec_headers.get_header("WARC-Target-URI") for record in found] == [
        "http://example.org/1", "http://example.org/2", "http://example.org/3",
    ]  # fmt: skip
    assert lines == sorted(lines)
    assert {entry["filename"] for entry in entries} == {pages[0].location.filename}


def test_sealing_twice_seals_once(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection()
    collection.write(visit())

    collection.sealed()
    before = files(tmp_path)
    collection.sealed()

    assert files(tmp_path) == before


def test_a_collection_that_saw_nothing_seals_nothing(
    open_collection: Open, tmp_path: Path
) -> None:
    open_collection().sealed()

    assert files(tmp_path) == []


def test_what_comes_after_sealing_goes_into_another_file(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    first = written(collection, 1)
    collection.sealed()

    second = written(collection, 2)
    collection.sealed()

    assert names(tmp_path, "archive") == [first.location.filename, second.location.filename]
    assert len(manifests(tmp_path)) == 2


def test_closing_leaves_what_is_not_sealed_open(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection()
    page = written(collection)

    collection.close()
    collection.close()

    assert names(tmp_path, "archive") == [f"{page.location.filename}.open"]
    assert names(tmp_path, "manifests") == []


def test_two_collections_of_one_name_never_collide(open_collection: Open, tmp_path: Path) -> None:
    one, other = open_collection(), open_collection()
    logs = [one.begin("article").name, other.begin("article").name]
    pages = [written(one, 1), written(other, 1)]

    one.sealed()
    other.sealed()

    assert len(set(logs)) == 2
    assert names(tmp_path, "archive") == sorted(page.location.filename for page in pages)
    assert [manifest["record_counts"]["response"] for manifest in manifests(tmp_path)] == [1, 1]


# A disk that refuses more


def test_a_refused_capture_leaves_whole_records_only(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    written(collection, 1)

    with files_end_at(collection.size + 200), pytest.raises(OSError, match="File too large"):
        collection.write(visit(2, HTML))

    (name,) = names(tmp_path, "archive")
    path = tmp_path / "news/archive" / name
    assert [kind for kind, _, _ in records_in(path)] == ["warcinfo", "response", "request"]
    assert path.stat().st_size == collection.size


def test_a_stem_that_the_disk_refuses_to_begin_leaves_nothing(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()

    with files_end_at(100), pytest.raises(OSError, match="File too large"):
        collection.write(visit())

    assert (files(tmp_path), collection.size) == ([], 0)


def test_a_collection_goes_on_once_there_is_room_again(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    with files_end_at(100), pytest.raises(OSError, match="File too large"):
        collection.write(visit(1))

    collection.write(visit(2))
    collection.sealed()

    (manifest,) = manifests(tmp_path)
    assert manifest["record_counts"] == {"request": 1, "response": 1, "warcinfo": 1}


def test_a_page_declared_on_a_full_disk_holds_nothing(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(max_bytes=SMALL)
    page = written(collection)
    with files_end_at(collection.size), pytest.raises(OSError, match="File too large"):
        collection.declare(page)

    collection.release(page)

    (manifest,) = manifests(tmp_path)
    assert manifest["record_counts"] == {"request": 1, "response": 1, "warcinfo": 1}


def test_locations_are_those_of_the_sealed_name(open_collection: Open) -> None:
    page = written(open_collection())

    assert isinstance(page.location, Location)
    assert page.location.filename.endswith(".warc.gz")


# What is no page


def marked(collection: Collection, kind: str, number: int = 1) -> Page:
    page = replace(written(collection, number), page_type=kind)
    collection.mark(page)
    collection.release(page)
    return page


def test_what_is_no_page_has_a_record_that_says_what_it_is(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    page = marked(collection, "botwall")
    collection.sealed()

    (path,) = (tmp_path / "news" / "archive").iterdir()
    *_, (kind, target, block) = records_in(path)
    assert (kind, target) == ("metadata", "http://example.org/1")
    assert block == (b"notAPage: botwall\r\nfetchTimeMs: 12\r\ncharset: UTF-8\r\n")
    assert page.record_id.encode() not in block


def test_what_is_no_page_has_neither_a_line_nor_a_text(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    marked(collection, "front")
    collection.sealed()

    (manifest,) = manifests(tmp_path)
    assert (manifest["page_count"], manifest["text_count"]) == (0, 0)
    assert manifest["record_counts"] == {
        "metadata": 1, "request": 1, "response": 1, "warcinfo": 1,
    }  # fmt: skip


def test_a_collection_with_marks_is_sound_and_has_no_page_to_extract(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    marked(collection, "soft404", 1)
    page = written(collection, 2)
    collection.declare(page)
    collection.finish(page, text_of(page))
    collection.sealed()

    faults = [fault for fault in check_path(tmp_path / "news") if fault.kind != "text"]
    (path,) = (tmp_path / "news" / "archive").iterdir()
    with path.open("rb") as file:
        found = find_pages(read_records(file, path.name))
    assert faults == []
    assert [each.page.target for each in found.pages] == ["http://example.org/2"]


def test_a_page_listed_although_it_is_marked_is_a_fault(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection()
    page = marked(collection, "login")
    collection.sealed()
    (path,) = (tmp_path / "news" / "pages").iterdir()
    line = {"id": page.record_id[10:-1], "url": page.target, "ts": "2026-03-04T05:06:07.089000Z"}
    path.write_text(path.read_text("utf-8") + json.dumps(line) + "\n", "utf-8")

    told = [fault.found for fault in check_path(tmp_path / "news")]
    assert "a page for this response" in told
