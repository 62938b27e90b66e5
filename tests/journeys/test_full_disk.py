"""A disk that is full half way: one clear error, and nothing on it that pretends to be whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.journeys.collected import collected, growing
from tests.journeys.commands import Finished, archiver, crawl, wait_until
from tests.journeys.mounts import Mount, mount, small_disk
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

__all__ = ["mount"]

PAGE = 60_000
# From too few for the folder of a collection to enough for all that a page leaves.
INODES = range(3, 19)


def number_of(asked: Asked) -> int:
    return int(asked.path.removeprefix("/"))


def seed_list(folder: Path, base: str, count: int) -> str:
    path = folder / "seeds.txt"
    path.write_text("".join(f"{base}/{number}\n" for number in range(count)), encoding="ascii")
    return f"seeds={path}"


def files_without_manifest(folder: Path) -> list[str]:
    """Return the files of stems that no manifest vouches for."""
    manifests = [json.loads(path.read_bytes()) for path in folder.glob("manifests/*.json")]
    vouched = {file["path"] for manifest in manifests for file in manifest["files"]}
    found = (path.relative_to(folder).as_posix() for path in folder.glob("*/*.*"))
    return [
        name
        for name in found
        if name not in vouched and not name.startswith(("manifests/", "crawls/"))
    ]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Finished]]:
    """A crawl of forty pages onto a disk that has room for a third of them.

    Page 8 is held back until eight pages are read, so that there are stems to be sealed.
    """
    folder = tmp_path_factory.mktemp("full")
    with small_disk(folder / "disk", "size=1m") as disk:
        collection = disk / "store" / "news"

        def respond(asked: Asked) -> list[bytes]:
            if number_of(asked) == 8:
                wait_until(lambda: list(collection.glob("manifests/*.json")))
            return answer(story(number_of(asked), ballast=PAGE))

        with Site(respond) as site:
            end = crawl(
                collection.parent,
                "-a",
                seed_list(folder, site.base, 40),
                ARCHIVE_WARC_MAX_BYTES=2 * PAGE,
                ARCHIVE_WORK_DIR=folder / "work",
                CONCURRENT_REQUESTS=1,
                DOWNLOAD_TIMEOUT=60,
            )
        yield collection, end


def test_a_crawl_onto_a_full_disk_stops_with_one_error(full: tuple[Path, Finished]) -> None:
    collection, end = full
    errors = end.log_lines("ERROR")

    assert end.status == 1
    assert f"The archive stops the crawl: {collection}" in errors[0]
    assert "cannot be written (No space left on device): make room or choose another" in errors[0]
    assert len(errors) == 1
    assert "Traceback" not in end.stderr


def test_what_a_full_disk_holds_is_sound(full: tuple[Path, Finished]) -> None:
    check = archiver("check", full[0])

    assert (check.status, check.stderr) == (0, ""), check.stdout
    assert ": note: unfinished: " in check.stdout


def test_what_was_sealed_before_the_disk_was_full_is_whole(full: tuple[Path, Finished]) -> None:
    found = collected(full[0])

    assert len(found.manifests) > 0
    assert sorted(found.paths_of_texts) == sorted(found.fetched)
    assert len(found.fetched) < 40


def test_nothing_half_made_on_a_full_disk_looks_sealed(full: tuple[Path, Finished]) -> None:
    names = files_without_manifest(full[0])

    assert names != []
    assert [name for name in names if not name.endswith(".open")] == []


def test_every_growing_warc_on_a_full_disk_ends_with_a_whole_record(
    full: tuple[Path, Finished],
) -> None:
    # A gzip member that is torn off raises EOFError.
    warcs = [gzip.decompress(path.read_bytes()) for path in growing(full[0] / "archive")]

    assert [warc[-80:] for warc in warcs if warc and not warc.endswith(b"\r\n\r\n")] == []
    assert b"WARC-Type: response" in b"".join(warcs)


def finding(folder: Path, end: Finished) -> dict[str, object]:
    """Return how a crawl ended, what it said, and what it left that is neither here nor there."""
    names = files_without_manifest(folder)
    return {
        "status": end.status,
        "errors": len(end.log_lines("ERROR")) + end.stderr.count("\narchiver: "),
        "traceback": "Traceback" in end.stderr,
        "looks sealed": [name for name in names if not name.endswith(".open")],
        "empty": [log.name for log in folder.glob("crawls/*") if not log.stat().st_size],
    }


@pytest.fixture(scope="module")
def by_inodes(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[int, tuple[Path, Finished]]]:
    """Crawls of one page, each onto a disk with room for one more file than the one before."""
    folder = tmp_path_factory.mktemp("inodes")

    def crawl_onto(disk: Path) -> Finished:
        return crawl(
            disk / "store",
            "-a",
            f"url={site.base}/1",
            ARCHIVE_TEXT_ENABLED=False,
            ARCHIVE_WORK_DIR=folder / "work",
        )

    with ExitStack() as opened:
        site = opened.enter_context(Site(lambda asked: answer(story(1))))
        disks = [
            opened.enter_context(small_disk(folder / str(count), f"nr_inodes={count}"))
            for count in INODES
        ]
        with ThreadPoolExecutor(4) as pool:
            ends = list(pool.map(crawl_onto, disks))
        yield {
            count: (disk / "store" / "news", end)
            for count, disk, end in zip(INODES, disks, ends, strict=True)
        }


def test_wherever_a_disk_runs_out_of_files_there_is_one_error_and_nothing_looks_sealed(
    by_inodes: dict[int, tuple[Path, Finished]],
) -> None:
    findings = {count: finding(*left) for count, left in by_inodes.items()}
    clean = {"traceback": False, "looks sealed": [], "empty": []}
    refused = {"status": 2, "errors": 1, **clean}
    stopped = {"status": 1, "errors": 1, **clean}
    finished = {"status": 0, "errors": 0, **clean}

    assert findings[INODES[0]] == refused
    assert findings[INODES[-1]] == finished
    expected = (refused, stopped, finished)
    assert {n: found for n, found in findings.items() if found not in expected} == {}


def test_wherever_a_disk_runs_out_of_files_there_is_no_damage(
    by_inodes: dict[int, tuple[Path, Finished]],
) -> None:
    folders = [folder for folder, _ in by_inodes.values() if (folder / "archive").is_dir()]
    check = archiver("check", *folders)

    assert (check.status, check.stderr) == (0, ""), check.stdout


def test_a_spool_on_a_full_disk_stops_the_crawl_with_one_error(
    tmp_path: Path, mount: Mount
) -> None:
    disk = mount("size=1m")

    def respond(asked: Asked) -> list[bytes]:
        return answer(story(number_of(asked), ballast=1_000_000 * number_of(asked)))

    with Site(respond) as site:
        end = crawl(
            tmp_path / "store",
            "-a",
            seed_list(tmp_path, site.base, 4),
            ARCHIVE_MEMORY_BYTES=10_000,
            ARCHIVE_WORK_DIR=disk / "work",
        )
    check = archiver("check", tmp_path / "store" / "news")
    errors = end.log_lines("ERROR")

    assert end.status == 1
    assert f"{disk}/work" in errors[0]
    assert "(No space left on device)" in errors[0]
    assert "ARCHIVE_WORK_DIR" in errors[0]
    assert len(errors) == 1
    assert "Traceback" not in end.stderr
    assert (check.status, check.stderr) == (0, ""), check.stdout
    assert list((disk / "work" / "spool").iterdir()) == []


def test_a_spool_that_is_a_file_stops_the_crawl_with_one_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Site(lambda asked: answer(story(1, ballast=50_000))) as site:
        end = crawl(
            tmp_path / "store",
            "-a",
            f"url={site.base}/1",
            ARCHIVE_MEMORY_BYTES=10_000,
            ARCHIVE_WORK_DIR=tmp_path / "file",
        )
    errors = end.log_lines("ERROR") + [line for line in end.stderr.splitlines()
                                       if line.startswith("archiver: ")]  # fmt: skip

    assert end.status != 0
    assert f"{tmp_path}/file" in errors[0]
    assert "(Not a directory)" in errors[0]
    assert "ARCHIVE_WORK_DIR" in errors[0]
    assert len(errors) == 1
    assert "Traceback" not in end.stderr
