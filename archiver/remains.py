"""What killed crawls left growing in a collection, found, mended and handed to its new owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archiver.database import remove
from archiver.disk import DISK, Disk
from archiver.frontier import done_records
from archiver.growing import is_sealed
from archiver.locks import Lock
from archiver.mending import left_behind, mended, tidy
from archiver.state import Grower, State
from archiver.stem import Stem
from archiver.storage import Store
from archiver.survey import Done, Survey


@dataclass(frozen=True, slots=True)
class Remains:
    """A stem that was left behind, whole again; *crawl* is the log of the crawl that began it."""

    stem: Stem
    survey: Survey
    crawl: str


def take_up(
    store: Store, collection: str, folder: Path, state: State, job: str, disk: Disk = DISK
) -> Iterator[Remains]:
    """Yield what was left in *folder*, where stems of *collection* grow, and is *job*'s to end.

    The stems of another job that is unfinished are left to it, and so is what another process
    is writing. Where no frontier knows what is done, all that is whole counts as done.
    """
    _forget_passing(state)
    sealed = is_sealed(store, collection)
    for name in sorted(left_behind(folder) | set(state.stems())):
        noted = state.grower(name)
        grower = noted or Grower("", "")
        if grower.job != job and state.frontier_path(grower.job).exists():
            continue
        filename = f"{name}.warc.gz"
        if sealed(filename):
            tidy(folder, name, disk)
            state.disclaim(name)
            continue
        done = _done(state, grower.job, filename)
        found = mended(folder, name, done=done, is_noted=noted is not None, disk=disk)
        if found is not None:
            yield Remains(*found, grower.crawl)
        elif not (folder / f"archive/{filename}.open").exists():
            state.disclaim(name)


def _forget_passing(state: State) -> None:
    """Take away the frontiers of jobs that are over and that nobody will take up."""
    for job in state.passing_jobs():
        lock = Lock(state.lock_path(job))
        if lock.acquire():
            remove(state.frontier_path(job))
            lock.release()


def _done(state: State, job: str, filename: str) -> Done:
    path = state.frontier_path(job)
    return done_records(path, filename).get if path.exists() else lambda _: 0
