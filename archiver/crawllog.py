"""The log of one crawl: `crawls/<timestamp>-<spider>.json` in its collection.

It is claimed when the crawl begins, so that two crawls never share a name, and written again,
in one step, when the crawl ends. A log whose outcome is `running` belongs to a crawl that is
running still, or that was killed; the next run of the same command tells which.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from archiver import __version__
from archiver.errors import StoreError
from archiver.records import warc_date

FORMAT = "archiver-crawl"
VERSION = 1


class CrawlLog:
    """The log at *path*; its *name* is what manifests call the crawl."""

    def __init__(self, path: Path, spider: str, started_at: datetime) -> None:
        self.path = path
        self.name = path.name
        self._spider = spider
        self._started_at = started_at

    @classmethod
    def begun(cls, folder: Path, spider: str, *, started_at: datetime) -> Self:
        """Claim a name under *folder* for a crawl by *spider*. StoreError if there is none."""
        crawls = folder / "crawls"
        label = re.sub(r"[^A-Za-z0-9_]+", "-", spider)
        moment = started_at.astimezone(UTC)
        try:
            crawls.mkdir(parents=True, exist_ok=True)
            while True:
                path = crawls / f"{moment:%Y%m%d%H%M%S}-{label}.json"
                log = cls(path, spider, started_at)
                try:
                    path.open("x").close()
                except FileExistsError:
                    moment += timedelta(seconds=1)  # another crawl began in this very second
                    continue
                try:
                    log.write(outcome="running", finished_at=None)
                except OSError:
                    path.unlink()
                    raise
                return log
        except OSError as error:
            raise StoreError(f"{crawls} cannot be written ({error.strerror}): free it") from error

    def write(
        self, *, outcome: str, finished_at: datetime | None, details: Mapping[str, object] = {}
    ) -> None:
        """Put down how the crawl stands, in place of what was put down before."""
        content = {
            "format": FORMAT,
            "version": VERSION,
            "spider": self._spider,
            "software": f"archiver/{__version__}",
            "started_at": warc_date(self._started_at),
            "finished_at": warc_date(finished_at) if finished_at else None,
            "outcome": outcome,
            **details,
        }
        _put(self.path, content)


def note_killed(folder: Path, name: str) -> None:
    """Write down that the crawl whose log is called *name* was killed, if it never ended."""
    path = folder / "crawls" / name
    try:
        content = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        return  # taken away, or none of ours: there is nothing to put right
    if content.get("outcome") == "running":
        _put(path, content | {"outcome": "killed"})


def _put(path: Path, content: Mapping[str, object]) -> None:
    draft = path.with_suffix(".json.open")
    try:
        draft.write_text(json.dumps(content, indent=1, default=str) + "\n", encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
