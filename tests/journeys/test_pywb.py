"""A collection as it stands is one that pywb serves: every page, picture and redirect of it.

pywb lives in an environment of its own, since its brotlipy breaks Scrapy's Brotli.
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from archiver.demo.server import demo_server
from archiver.demo.site import MISSING_PATH, OLD_PATH, Resource, build_site, missing_page
from tests.conftest import present
from tests.journeys.browser import archived
from tests.journeys.commands import PROJECT
from tests.servers.programs import free_port, running, wait_until_open
from tests.servers.s3 import Missing

PATHS = [*sorted(set(build_site("http://any")) - {"/robots.txt"}), MISSING_PATH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where pywb serves what was captured of the site *base*, by path and time."""

    port: int
    base: str
    resources: Mapping[str, Resource]
    timestamps: Mapping[str, list[str]]

    def get(
        self, path: str, timestamp: str, **fields: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Return how pywb answers for *path* as it was, unrewritten: status, fields and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", f"/news/{timestamp}id_/{self.base}{path}", headers=fields)
        with connection.getresponse() as response:
            octets = response.read()
        connection.close()
        return response.status, dict(response.getheaders()), octets


@contextmanager
def pywb(folder: Path) -> Iterator[int]:
    """Have pywb serve the collections in *folder*, and yield its port; Missing where it is not."""
    program = Path(os.environ.get("ARCHIVER_PYWB") or PROJECT / ".venv-pywb" / "bin" / "wayback")
    if not program.is_file():
        raise Missing(f"{program} is not there: make parts, or say in ARCHIVER_PYWB where it is")
    log = folder / "pywb.log"
    with free_port() as port:
        command = [str(program), "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
        with running(command, log) as process:
            wait_until_open(process, port, log)
            yield port


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("pywb")
    with present(pywb(folder)) as port:
        with demo_server() as site:
            for _ in range(2):
                collection = archived(folder, [site.base + path for path in PATHS])
        yield Served(
            port=port,
            base=site.base,
            resources=site.resources | {MISSING_PATH: missing_page(site.base)},
            timestamps=timestamps_in(collection),
        )


def timestamps_in(collection: Path) -> dict[str, list[str]]:
    """Return when each path was captured, by the indexes of *collection*."""
    found: dict[str, list[str]] = {}
    for path in sorted((collection / "indexes").iterdir()):
        for line in path.read_text("utf-8").splitlines():
            _, timestamp, fields = line.split(" ", 2)
            found.setdefault(urlsplit(json.loads(fields)["url"]).path, []).append(timestamp)
    return found


@pytest.mark.parametrize("capture", [0, 1], ids=["first", "second"])
@pytest.mark.parametrize("path", PATHS)
def test_pywb_gives_what_the_site_sent(served: Served, path: str, capture: int) -> None:
    timestamp = served.timestamps[path][capture]
    status, fields, octets = served.get(path, timestamp)

    assert (status, octets) == (served.resources[path].status, served.resources[path].body)
    assert fields["Content-Type"] == served.resources[path].media_type


def test_pywb_gives_the_location_that_the_site_sent(served: Served) -> None:
    _, fields, _ = served.get(OLD_PATH, served.timestamps[OLD_PATH][0])

    assert fields["Location"] == served.resources[OLD_PATH].location


def test_pywb_keeps_gzip_for_who_takes_it(served: Served) -> None:
    path = next(path for path in PATHS if served.resources[path].is_gzipped)
    gzipped = {"Accept-Encoding": "gzip"}
    _, fields, octets = served.get(path, served.timestamps[path][0], **gzipped)

    assert fields["Content-Encoding"] == "gzip"
    assert gzip.decompress(octets) == served.resources[path].body


def test_what_is_not_archived_is_not_found(served: Served) -> None:
    assert served.get("/nowhere", served.timestamps["/"][0])[0] == 404
