"""A bucket on a real server, the crawls into it, and what lies there and on the local disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.journeys.commands import (
    PROJECT,
    Finished,
    Running,
    archiver,
    crawl,
    crawl_command,
    started,
)
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story
from tests.servers.s3 import S3Server

STORIES = 12
# Of some stories each, so that a crawl seals several WARCs.
WARC_BYTES = 6_000


class Pier:
    """The fresh bucket *bucket* of *server*, and the work folder of the crawls into it.

    They reach it by *through*, which may stand before the server.
    """

    def __init__(self, server: S3Server, folder: Path, through: S3Server | None = None) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.bucket = server.bucket()
        self.store = f"s3://{self.bucket}/crawls"
        self._server = server
        self._through = through or server

    def crawl(
        self, site: Site, paths: range = range(STORIES), **settings: Any
    ) -> Finished:  # as a command line takes them
        """Crawl the stories *paths* of *site* into the collection news."""
        seeds = self._seeds(site, paths)
        return crawl(self.store, "-a", f"seeds={seeds}", **self._settings(settings))

    @contextmanager
    def crawling(
        self, site: Site, paths: range = range(STORIES), **settings: Any
    ) -> Iterator[Running]:
        """Start such a crawl."""
        seeds = self._seeds(site, paths)
        command = crawl_command(
            self.store, "-a", f"seeds={seeds}", settings=self._settings(settings)
        )
        with started(command) as running:
            yield running

    def sync(self, *arguments: str, name: str = "news", folder: Path = PROJECT) -> Finished:
        """Run `archiver sync` in *folder*, which is given the keys alone."""
        keys = {
            name: value
            for name, value in self._through.settings().items()
            if name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
        }
        given = {**keys, "ARCHIVE_WORK_DIR": self.work}
        settings = [f"-s{k}={v}" for k, v in given.items()]
        return archiver("sync", name, *settings, *arguments, folder=folder)

    def run(self, command: str, *arguments: str | Path) -> Finished:
        """Run `archiver` over the collection in the bucket."""
        given = [f"-s{name}={value}" for name, value in self._server.settings().items()]
        return archiver(command, f"{self.store}/news", *arguments, *given)

    @property
    def root(self) -> Path:
        """The folder on the local disk in which collections grow."""
        (root,) = self.work.glob("news-*/local")
        return root

    @property
    def local(self) -> dict[str, bytes]:
        """The files on the local disk, by their names in the store."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in self.root.rglob("*")
            if path.is_file()
        }

    @property
    def names(self) -> list[str]:
        """The names of the objects in the bucket in the store, asked without our code."""
        pages = self._server.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.bucket)
        keys = [each["Key"] for page in found for each in page.get("Contents", ())]
        return [key.removeprefix("crawls/") for key in keys]

    @property
    def remote(self) -> dict[str, bytes]:
        """The objects in the bucket, by these names."""
        client = self._server.client()
        return {
            name: client.get_object(Bucket=self.bucket, Key=f"crawls/{name}")["Body"].read()
            for name in self.names
        }

    def _seeds(self, site: Site, paths: range) -> Path:
        seeds = self.folder / f"seeds-{paths.start}-{paths.stop}.txt"
        seeds.write_text("".join(f"{site.base}/{number}\n" for number in paths))
        return seeds

    def _settings(self, settings: dict[str, Any]) -> dict[str, Any]:
        return {
            **self._through.settings(),
            "ARCHIVE_WORK_DIR": self.work,
            "ARCHIVE_WARC_MAX_BYTES": WARC_BYTES,
            **settings,
        }


def tell(asked: Asked) -> list[bytes]:
    """Answer with the story of the number that is asked for."""
    return answer(story(int(asked.path.strip("/"))))


def sealed(names: dict[str, bytes]) -> set[str]:
    """Return those of *names* that belong to stems."""
    return {name for name in names if "/crawls/" not in name}
