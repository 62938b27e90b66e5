"""The log of one crawl: `crawls/<timestamp>-<spider>.json` in its collection.

It is claimed when the crawl begins, so that two crawls never share a name, and written again,
in one step, when the crawl ends. An empty one is of a crawl that was killed as it began. One
whose outcome is `running` belongs to a crawl that is running still, or that was killed; the
next run of the same command tells which.
"""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from archiver import __version__
from archiver.disk import DISK, Disk
from archiver.errors import StoreError
from archiver.records import warc_date

FORMAT = "archiver-crawl"
VERSION = 1

_DRAFT = ".json.open"
_STALE_SECONDS = 60.0


class CrawlLog:
    """The log at *path*; its *name* is what manifests call the crawl."""

    def __init__(self, path: Path, spider: str, started_at: datetime, disk: Disk = DISK) -> None:
        self.path = path
        self._id = str(uuid.uuid4())  # another crawl may give its log the same name elsewhere
        self._disk = disk
        self.name = path.name
        self._spider = spider
        self._started_at = started_at

    @classmethod
    def begun(
        cls, folder: Path, spider: str, *, started_at: datetime, disk: Disk = DISK,
        claim: Callable[[str], bool] = lambda _: True,
    ) -> Self:  # fmt: skip
        """Claim a name under *folder* for a crawl by *spider*. StoreError if there is none.

        *claim* is told the name when the log is there, and says whether it is free elsewhere.
        """
        crawls = folder / "crawls"
        label = re.sub(r"[^A-Za-z0-9_]+", "-", spider)
        moment = started_at.astimezone(UTC)
        try:
            crawls.mkdir(parents=True, exist_ok=True)
            _tidy(crawls)
            while True:
                path = crawls / f"{moment:%Y%m%d%H%M%S}-{label}.json"
                log = cls(path, spider, started_at, disk)
                if log._claim():
                    if claim(path.name):
                        return log
                    disk.remove(path)
                moment += timedelta(seconds=1)  # another crawl began in this very second
        except OSError as error:
            raise StoreError(f"{crawls} cannot be written ({error.strerror}): free it") from error

    def write(
        self, *, outcome: str, finished_at: datetime | None, details: Mapping[str, object] = {}
    ) -> None:
        """Put down how the crawl stands, in place of what was put down before."""
        content = self._content(outcome=outcome, finished_at=finished_at)
        self._disk.put(self.path, _octets({**content, **details}))

    def _content(self, *, outcome: str, finished_at: datetime | None) -> dict[str, object]:
        return {
            "format": FORMAT,
            "version": VERSION,
            "id": self._id,
            "spider": self._spider,
            "software": f"archiver/{__version__}",
            "started_at": warc_date(self._started_at),
            "finished_at": warc_date(finished_at) if finished_at else None,
            "outcome": outcome,
        }

    def _claim(self) -> bool:
        """Take the name and say that the crawl is running; False if another crawl has it."""
        try:
            self._disk.create(self.path).close()
        except FileExistsError:
            return False
        try:
            self.write(outcome="running", finished_at=None)
        except OSError:
            self._disk.remove(self.path)
            raise
        return True


def note_killed(folder: Path, name: str) -> None:
    """Write down that the crawl whose log is called *name* was killed, if it never ended."""
    path = folder / "crawls" / name
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return  # taken away, or none of ours: there is nothing to put right
    if isinstance(content, dict) and content.get("outcome") == "running":
        DISK.put(path, _octets(content | {"outcome": "killed"}))


def id_in(octets: bytes) -> str | None:
    """Return what tells the log in *octets* from those of other crawls, None if nothing does."""
    try:
        content = json.loads(octets)
    except ValueError:
        return None
    id = content.get("id") if isinstance(content, dict) else None
    return id if isinstance(id, str) else None


def _tidy(crawls: Path) -> None:
    """Take away the drafts that killed crawls left: one that is at work lives for an instant."""
    for draft in crawls.glob(f"*{_DRAFT}"):
        with suppress(FileNotFoundError):
            if time.time() - draft.stat().st_mtime > _STALE_SECONDS:
                draft.unlink()


def _octets(content: Mapping[str, object]) -> bytes:
    return (json.dumps(content, indent=1, default=str) + "\n").encode("utf-8")
