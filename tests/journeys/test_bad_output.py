"""`archiver extract` where it cannot write: one sentence, and nothing half-made."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.collected import tree
from tests.journeys.commands import Finished, archiver, crawl
from tests.journeys.mounts import Mount, mount
from tests.journeys.site import Site, answer
from tests.journeys.stories import story

__all__ = ["mount"]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("source")
    with Site(lambda asked: answer(story(int(asked.path[1:])))) as site:
        seeds = folder / "seeds.txt"
        seeds.write_text("".join(f"{site.base}/{n}\n" for n in range(60)), encoding="ascii")
        assert crawl(folder / "store", "-a", f"seeds={seeds}").status == 0
    return folder / "store" / "news"


def assert_refused(end: Finished, out: Path, reason: str) -> None:
    """Assert one sentence that names the folder, the system's reason and what to change."""
    (sentence,) = end.stderr.splitlines()

    assert sentence.startswith("archiver: ")
    assert str(out) in sentence
    assert reason in sentence
    assert "--out" in sentence
    assert (end.status, end.stdout) == (2, "")


def test_text_that_a_full_disk_does_not_take_is_refused(collection: Path, mount: Mount) -> None:
    disk = mount("size=4k")
    end = archiver("extract", collection, "--out", disk / "out")

    assert_refused(end, disk / "out", "No space left on device")
    assert [path for path in disk.rglob("*") if path.is_file()] == []


def test_a_folder_on_a_read_only_disk_is_refused(collection: Path, mount: Mount) -> None:
    disk = mount("ro")

    assert_refused(
        archiver("extract", collection, "--out", disk / "out"), disk / "out", "Read-only"
    )


def test_a_file_in_place_of_the_folder_is_refused(collection: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    end = archiver("extract", collection, "--out", tmp_path / "file")

    assert_refused(end, tmp_path / "file", "File exists")
    assert tree(tmp_path) == {"file": b""}


def test_the_texts_of_a_sealed_collection_are_not_written_over(collection: Path) -> None:
    before = tree(collection)
    end = archiver("extract", collection, "--out", collection / "text")

    assert end.status == 2
    assert end.stderr.count("\n") == 1
    assert "is sealed and never changes: choose another folder" in end.stderr
    assert tree(collection) == before
