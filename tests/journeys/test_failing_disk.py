"""A disk that gives input/output errors: the crawl ends, and another one makes up for it."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import ExitStack
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import BinaryIO, get_args

import pytest

from archiver.capture import Page
from archiver.check.run import Check
from archiver.collection import Collection
from archiver.disk import DISK, Disk
from archiver.errors import StoreError
from archiver.frontier import Frontier
from archiver.options import Fsync
from archiver.records import warc_date
from archiver.state import State
from archiver.storage import LocalStore
from archiver.terms import Terms
from archiver.text import TextRecord
from tests.archiver.test_collection import MOMENT, visit, written
from tests.archiver.test_collection import text_of as text_of_a_page
from tests.journeys.collected import collected, growing

JOB = "0123456789abcdef"
PAGES = [f"/{number}" for number in range(8)]


class Failing(Disk):
    """A disk that goes wrong for good at call number *sound* (from 0) of one of *methods*.

    A write that fails has got half of its octets in.
    """

    def __init__(self, *methods: str, sound: int) -> None:
        self._methods = methods
        self._sound = sound
        self._calls = count()

    def open(self, path: Path, mode: str) -> BinaryIO:
        self._call("open")
        return super().open(path, mode)

    def write(self, file: BinaryIO, octets: memoryview) -> int:
        try:
            self._call("write")
        except OSError:
            super().write(file, octets[: len(octets) // 2])
            raise
        return super().write(file, octets)

    def truncate(self, file: BinaryIO, size: int) -> None:
        self._call("truncate")
        super().truncate(file, size)

    def sync(self, file: BinaryIO) -> None:
        self._call("sync")
        super().sync(file)

    def rename(self, path: Path, target: Path) -> None:
        self._call("rename")
        super().rename(path, target)

    def remove(self, path: Path) -> None:
        self._call("remove")
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self._call("sync_folder")
        super().sync_folder(folder)

    def _call(self, method: str) -> None:
        if method in self._methods and next(self._calls) >= self._sound:
            raise OSError(errno.EIO, os.strerror(errno.EIO))


class World:
    """The folder of a collection, and one crawl after the other of the same job in it."""

    def __init__(self, folder: Path, fsync: Fsync) -> None:
        self.folder = folder / "store" / "news"
        self._state = State(folder / "work", str(folder / "store"), "news")
        self._state.make()
        self._fsync = fsync
        self._ids = count(1 << 20)

    def crawl(self, disk: Disk) -> None:
        """Do what is left of the job on *disk*, and seal all of it, or raise what it raises."""
        with ExitStack() as undo:
            frontier = Frontier(self._state.frontier_path(JOB), started_at=MOMENT)
            undo.callback(frontier.close)
            collection = self._collection(disk)
            undo.callback(collection.close)
            taken = collection.take_up()
            collection.begin("article")
            for page in taken.unfinished:
                collection.finish(page, text_of(page))
            frontier.take_back(lambda filename, offset: True)
            for path in PAGES:
                frontier.add(path.encode(), slot="", priority=0, key=path.encode())
            while (lease := frontier.lease(lambda slot: 0)) is not None:
                number = int(lease.packed[1:])
                unclaimed = taken.unclaimed.get((b"GET", visit(number).target, b""))
                page = unclaimed.popleft() if unclaimed else written(collection, number)
                collection.declare(page)
                collection.finish(page, text_of(page))
                frontier.finish(lease.id, page.location, page.record_id)
                frontier.commit()
                collection.release(page)
            collection.sealed()
        frontier.remove()

    def faults(self) -> list[str]:
        """Return what `archiver check` finds wrong; of nothing at all that is nothing."""
        return [str(fault) for fault in Check().faults(self.folder) if fault.severity == "fault"]

    def _collection(self, disk: Disk) -> Collection:
        return Collection(
            LocalStore(self.folder.parent, disk),
            "news",
            folder=self.folder,
            terms=Terms(prefix="news", max_bytes=2500, fsync=self._fsync),
            clock=lambda: MOMENT,
            new_id=lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(self._ids):012x}>",
            state=self._state,
            job=JOB,
            disk=disk,
        )


def text_of(page: Page) -> TextRecord:
    return replace(
        text_of_a_page(page),
        id=page.record_id[10:-1],
        date=warc_date(page.captured_at),
        file_path=f"archive/{page.location.filename}",
        http_status=200,
        payload_digest=page.payload_digest,
        text_sha256=hashlib.sha256(b"The ferry is back.").hexdigest(),
    )


# Early, in the midst and late, by the calls that a crawl makes when all is well.
CALLS = [
    *((("open",), sound) for sound in (3, 20, 35)),
    *((("write",), sound) for sound in (1, 9, 25, 46)),
    *((("write", "truncate"), sound) for sound in (1, 9, 25, 46)),
    *((("sync",), sound) for sound in (0, 10, 29)),
    *((("sync_folder",), sound) for sound in (0, 12, 23)),
    *((("rename",), sound) for sound in (0, 7, 14)),
    *((("remove",), sound) for sound in (0, 5)),
]


@pytest.mark.parametrize("fsync", get_args(Fsync))
@pytest.mark.parametrize(("methods", "sound"), CALLS)
def test_what_a_disk_with_errors_cost_a_crawl_the_next_makes_up_for(
    tmp_path: Path, methods: tuple[str, ...], sound: int, fsync: Fsync
) -> None:
    world = World(tmp_path, fsync)
    with pytest.raises((OSError, StoreError), match="Input/output error"):
        world.crawl(Failing(*methods, sound=sound))
    faults_before = world.faults()
    world.crawl(DISK)
    found = collected(world.folder)

    assert faults_before == world.faults() == []
    assert growing(world.folder) == []
    assert sorted(found.fetched) == PAGES
    assert sorted(found.paths_of_pages) == PAGES
    assert sorted(found.paths_of_texts) == PAGES
