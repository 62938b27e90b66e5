"""A crawl of three hundred real pages into several stems, and what anybody can read of it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.collected import Collected, collected, growing, lines_of, stems_in
from tests.journeys.commands import Finished, archiver, cdxj_indexer, crawl
from tests.journeys.judges import (
    blocks_by_fastwarc,
    fields_by_warcio,
    index_line,
    payloads_by_fastwarc,
    wrong_for_warcio,
)
from tests.journeys.real_pages import RealPage, real_pages
from tests.journeys.site import Asked, Site
from tests.wire.warcs import Found

# A few megabytes make half a dozen stems of these pages.
WARC_BYTES = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Crawled:
    """The pages as they were served, how the crawl ended, and what it left."""

    pages: dict[str, RealPage]
    crawl: Finished
    collection: Collected

    def without_chunked(self, targets: list[str]) -> list[str]:
        """Return those of *targets* whose payload was not sent in chunks."""
        return [target for target in targets if not self.pages[_path(target)].is_chunked]


@pytest.fixture(scope="module")
def crawled(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """Serve the pages and crawl them once, for all tests."""
    folder = tmp_path_factory.mktemp("real")
    pages = {page.path: page for page in real_pages(shared)}

    def respond(asked: Asked) -> Iterator[bytes]:
        yield pages[asked.path].answer

    with Site(respond) as site:
        seeds = folder / "seeds.txt"
        seeds.write_text("".join(f"{site.base}{path}\n" for path in pages), encoding="ascii")
        end = crawl(
            folder / "store",
            "-a",
            f"seeds={seeds}",
            ARCHIVE_WARC_MAX_BYTES=WARC_BYTES,
            CONCURRENT_REQUESTS_PER_DOMAIN=16,
        )
    return Crawled(pages=pages, crawl=end, collection=collected(folder / "store" / "news"))


@pytest.fixture(scope="module")
def archive(crawled: Crawled) -> Path:
    """The folder of the WARC files."""
    return crawled.collection.folder / "archive"


def test_there_are_three_hundred_pages(crawled: Crawled) -> None:
    assert len(crawled.pages) == 300


def test_the_crawl_ends_without_complaint(crawled: Crawled) -> None:
    complaints = [crawled.crawl.log_lines(level) for level in ("WARNING", "ERROR", "CRITICAL")]

    assert (crawled.crawl.status, complaints) == (0, [[], [], []]), crawled.crawl.stderr


def test_the_collection_has_several_stems_of_five_files_and_nothing_else(
    crawled: Crawled,
) -> None:
    folder = crawled.collection.folder
    stems = stems_in(folder)

    assert len(stems["manifests"]) > 3
    assert list(stems.values()) == [stems["manifests"]] * 5
    assert len([path for path in folder.rglob("*") if path.is_file()]) == (
        5 * len(stems["manifests"]) + 1  # the log of the crawl
    )
    assert growing(folder) == []


def test_every_page_has_one_response_record_with_the_octets_that_were_sent(
    crawled: Crawled,
) -> None:
    blocks = sorted((_path(_target(r)), _digest(r.block)) for r in crawled.collection.responses)

    assert blocks == sorted((page.path, _digest(page.answer)) for page in crawled.pages.values())


def test_every_payload_digest_is_that_of_the_payload_that_was_sent(crawled: Crawled) -> None:
    digests = {
        _path(_target(record)): record.get("WARC-Payload-Digest")
        for record in crawled.collection.responses
    }

    assert digests == {page.path: _digest(page.payload) for page in crawled.pages.values()}


def test_every_page_has_one_index_line(crawled: Crawled) -> None:
    paths = [_path(line["url"]) for line in crawled.collection.index]

    assert sorted(paths) == sorted(crawled.pages)


def test_every_page_has_one_page_line(crawled: Crawled) -> None:
    assert sorted(crawled.collection.paths_of_pages) == sorted(crawled.pages)


def test_every_page_that_has_text_for_a_reader_has_a_text_record(crawled: Crawled) -> None:
    found = set(crawled.collection.paths_of_texts)
    missing = [page for page in crawled.pages.values() if page.has_text and page.path not in found]

    assert [(page.path, page.id) for page in missing] == []


def test_no_page_has_two_text_records(crawled: Crawled) -> None:
    paths = crawled.collection.paths_of_texts

    assert len(paths) == len(set(paths))


def test_every_text_record_points_to_its_response_record(crawled: Crawled, archive: Path) -> None:
    texts = crawled.collection.texts

    assert [_record_at(archive, text) for text in texts] == [
        ("response", text["warc_record_id"], text["url"]) for text in texts
    ]
    assert [f"<urn:uuid:{text['id']}>" for text in texts] == [
        text["warc_record_id"] for text in texts
    ]


def test_every_page_line_names_a_response_record(crawled: Crawled) -> None:
    pages = [(f"<urn:uuid:{p['id']}>", p["url"], p["ts"]) for p in crawled.collection.pages]
    fields = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date")

    assert pages == [tuple(map(r.get, fields)) for r in crawled.collection.responses]


def test_the_manifests_describe_their_files(crawled: Crawled) -> None:
    folder = crawled.collection.folder
    described = [file for manifest in crawled.collection.manifests for file in manifest["files"]]

    assert described == [_description(folder, file["path"]) for file in described]
    assert len(described) == 4 * len(crawled.collection.manifests)


def test_check_finds_nothing(crawled: Crawled) -> None:
    check = archiver("check", crawled.collection.folder)

    assert check.status == 0
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")
    assert check.stdout.count("\n") == 1
    assert check.stderr == ""


def test_warcio_reads_every_record_and_finds_its_digests_right(
    crawled: Crawled, archive: Path
) -> None:
    wrong = [target for warc in archive.iterdir() for target in wrong_for_warcio(warc)]

    assert crawled.without_chunked(wrong) == []


def test_fastwarc_reads_every_record_and_finds_its_block_digest_right(
    crawled: Crawled, archive: Path
) -> None:
    warcs = sorted(archive.iterdir())
    verdicts = [verdict for warc in warcs for verdict in blocks_by_fastwarc(warc)]

    assert verdicts == [(_target(record), True) for record in crawled.collection.records]


def test_fastwarc_finds_the_payload_digests_of_unchunked_bodies_right(
    crawled: Crawled, archive: Path
) -> None:
    verdicts = [verdict for warc in archive.iterdir() for verdict in payloads_by_fastwarc(warc)]
    wrong = [target for target, is_right in verdicts if not is_right]

    assert len(verdicts) == 600
    assert crawled.without_chunked(wrong) == []


def test_cdxj_indexer_makes_the_lines_of_our_indexes(crawled: Crawled, archive: Path) -> None:
    judge = cdxj_indexer("--sort", *sorted(archive.iterdir()))
    ours = sorted(lines_of(crawled.collection.folder / "indexes", "*.cdxj"))

    assert (judge.status, judge.stderr) == (0, "")
    assert [index_line(line) for line in ours] == [
        index_line(line) for line in judge.stdout.encode().splitlines()
    ]


def test_each_index_is_sorted_by_octets(crawled: Crawled) -> None:
    indexes = [
        path.read_bytes().splitlines()
        for path in (crawled.collection.folder / "indexes").iterdir()
    ]

    assert indexes == [sorted(lines) for lines in indexes]


def test_extraction_from_the_collection_gives_its_text_files(
    crawled: Crawled, tmp_path: Path
) -> None:
    extract = archiver("extract", crawled.collection.folder, "--out", tmp_path / "again")
    names = sorted(path.name for path in (crawled.collection.folder / "text").iterdir())

    assert (extract.status, extract.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == names
    assert _differing(names, tmp_path / "again", crawled.collection.folder / "text") == []


def test_extraction_from_warc_files_alone_gives_their_text_files(
    crawled: Crawled, archive: Path, tmp_path: Path
) -> None:
    # Two of them: extraction is what takes the time here.
    (tmp_path / "bare").mkdir()
    warcs = [shutil.copy(path, tmp_path / "bare") for path in sorted(archive.iterdir())[-2:]]
    extract = archiver("extract", tmp_path / "bare", "--out", tmp_path / "again")
    names = [Path(warc).name.replace(".warc.gz", ".jsonl.gz") for warc in warcs]

    assert (extract.status, extract.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == names
    assert _differing(names, tmp_path / "again", crawled.collection.folder / "text") == []


def _path(target: str) -> str:
    return "/" + target.split("/", 3)[3]


def _target(record: Found) -> str:
    return record.get("WARC-Target-URI") or ""


def _digest(octets: bytes) -> str:
    return f"sha256:{hashlib.sha256(octets).hexdigest()}"


def _description(folder: Path, path: str) -> dict[str, object]:
    octets = (folder / path).read_bytes()
    return {"path": path, "bytes": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}


def _record_at(archive: Path, text: dict[str, Any]) -> tuple[str | None, ...]:
    """Return what stands where *text* points to, read from those octets alone."""
    with (archive.parent / text["file_path"]).open("rb") as file:
        file.seek(text["warc_offset"])
        member = file.read(text["warc_length"])
    return fields_by_warcio(member, "WARC-Type", "WARC-Record-ID", "WARC-Target-URI")


def _differing(names: list[str], folder: Path, other: Path) -> list[str]:
    """Return those of *names* whose files differ. Pytest would show how, for minutes."""
    return [name for name in names if (folder / name).read_bytes() != (other / name).read_bytes()]
