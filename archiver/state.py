"""Where the local state of a collection lies, below `ARCHIVE_WORK_DIR`.

    <collection>-<8 hex of the store's address>/
        frontier-<job>.sqlite     what an unfinished crawl has still to fetch
        frontier-<job>.lock       held by the process that runs it
        memory.sqlite             what the collection holds already
        claims.sqlite             which of the crawls that run now fetches a page
        seeds-<job>.sqlite        when each seed is to be asked again
        run-<job>.lock            held by a run whose claims count, for the others to try
        stems/<stem>              the job and the crawl that grow the stem, until it is sealed
        local/<collection>/       where the collection grows whose store is a bucket
        outbox.sqlite             what of it the bucket has still to get
        outbox.lock               held by the process that sends
        bucket.json               which bucket that is, and how it is reached

None of it is ever in the store. A *job* is what the same command, run again, does again.
"""

from __future__ import annotations

import errno
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from archiver.disk import DISK, Disk


@dataclass(frozen=True, slots=True)
class Grower:
    """The job that grows a stem, and the name of the log of its crawl; empty if unknown."""

    job: str
    crawl: str


# What sets a job apart that is nobody's to take up when it is over, as of `scrapy shell`.
PASSING = "passing"


def job_of(spider: str, particulars: str) -> str:
    """Return the job of a crawl by *spider*; *particulars* tell its jobs apart, if anything."""
    job = hashlib.sha256(f"{spider}\0{particulars}".encode()).hexdigest()[:16]
    return f"{PASSING}-{job}" if particulars.startswith(PASSING) else job


class State:
    """The folder of one collection's local state; its methods make nothing but what they say.

    *store* is its address, *endpoint* the server that a bucket of this name is on.
    """

    BUCKET = "bucket.json"

    def __init__(
        self, work_dir: Path, store: str, collection: str, endpoint: str | None = None
    ) -> None:
        if "://" in store:
            address = " ".join(filter(None, (store.rstrip("/"), endpoint)))
        else:
            address = str(Path(store).resolve())
        mark = hashlib.sha256(os.fsencode(address)).hexdigest()[:8]
        self.folder = work_dir / f"{collection}-{mark}"
        self._store = store

    @classmethod
    def at(cls, folder: Path, store: str) -> Self:
        """Return the state that lies in *folder*, whatever made it lie there."""
        state = cls(folder.parent, store, "")
        state.folder = folder
        return state

    @property
    def root(self) -> Path:
        """The folder on the local disk in which collections grow, each in one of its name."""
        return self.folder / "local" if "://" in self._store else Path(self._store)

    @property
    def outbox_path(self) -> Path:
        """The file that says what a bucket has still to get."""
        return self.folder / "outbox.sqlite"

    @property
    def bucket_path(self) -> Path:
        """The file that says which bucket it is, and how it is reached."""
        return self.folder / self.BUCKET

    @property
    def sender_lock_path(self) -> Path:
        """The file that the process which sends has locked."""
        return self.folder / "outbox.lock"

    @property
    def memory_path(self) -> Path:
        """The file that remembers what the collection holds."""
        return self.folder / "memory.sqlite"

    @property
    def claims_path(self) -> Path:
        """The file in which crawls that run at the same time divide their pages."""
        return self.folder / "claims.sqlite"

    def frontier_path(self, job: str) -> Path:
        """Return the file of *job*'s frontier, which is there while the job is unfinished."""
        return self.folder / f"frontier-{job}.sqlite"

    def watch_path(self, job: str) -> Path:
        """Return the file that says when each seed of *job* is to be asked again."""
        return self.folder / f"seeds-{job}.sqlite"

    def lock_path(self, job: str) -> Path:
        """Return the file that the process which runs *job* has locked."""
        return self.folder / f"frontier-{job}.lock"

    def make(self) -> None:
        """Make the folder, for its owner alone: what waits to be fetched may hold secrets.

        PermissionError where it is another user's.
        """
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name == "posix" and self.folder.stat().st_uid != os.geteuid():
            # Requests come out of it as pickles, which may do anything.
            raise PermissionError(errno.EACCES, "it belongs to another user", str(self.folder))

    def passing_jobs(self) -> list[str]:
        """Return the jobs with a frontier that are nobody's to take up."""
        paths = self.folder.glob(f"frontier-{PASSING}-*.sqlite")
        return sorted(path.stem.removeprefix("frontier-") for path in paths)

    def claim(self, stem: str, grower: Grower, disk: Disk = DISK) -> None:
        """Write down, durably, that *grower* grows *stem*."""
        stems = self.folder / "stems"
        stems.mkdir(parents=True, exist_ok=True)
        disk.put(stems / stem, f"{grower.job}\n{grower.crawl}\n".encode())

    def grower(self, stem: str) -> Grower | None:
        """Return who grows *stem*, None where nobody has said so."""
        try:
            lines = (self.folder / "stems" / stem).read_text("utf-8").split("\n")
        except FileNotFoundError:
            return None
        return Grower(lines[0], lines[1]) if len(lines) == 3 and not lines[2] else None

    def disclaim(self, stem: str) -> None:
        """Forget *stem*: it is sealed, or there is nothing of it."""
        (self.folder / "stems" / stem).unlink(missing_ok=True)

    def stems(self) -> list[str]:
        """Return the stems that somebody grows, or grew when he was killed.

        A draft of such a note is one too: of a stem of which there is nothing else.
        """
        return sorted(path.name for path in (self.folder / "stems").glob("*"))
