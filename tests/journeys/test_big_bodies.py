"""Bodies far beyond memory, eight at once: archived whole, and never held in memory."""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.journeys import big_bodies_spider, measured
from tests.journeys.collected import Line
from tests.journeys.commands import NO_MANNERS, PROJECT, Finished, archiver, python
from tests.journeys.site import Asked, Site, chunks_of, head

COUNT = 8
MIB = 1 << 20
BODY_BYTES = 48 * MIB
# Eight bodies are 384 MiB. A crawl of nothing takes some 85.
MOST_MEMORY = 160 * MIB
# Text-like: every crawl meets such bodies, and a disk of CI need not hold them uncompressed.
PIECE = random.Random(8).randbytes(MIB // 8).hex().encode() * 4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Downloaded:
    """How the crawl ended, its peak of memory in octets, and what it left."""

    end: Finished
    peak: int
    items: list[Line]
    folder: Path
    work_dir: Path


def respond_together(together: Barrier, asked: Asked) -> Iterator[bytes]:
    """Send a body, in chunks where the path says so, once all have been asked for."""
    together.wait(60)
    is_chunked = asked.path.endswith("/chunked")
    framing = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {BODY_BYTES}"
    yield head("Content-Type: text/html", framing)
    piece = chunks_of(PIECE).removesuffix(b"0\r\n\r\n") if is_chunked else PIECE
    for _ in range(BODY_BYTES // len(PIECE)):
        yield piece
    yield b"0\r\n\r\n" if is_chunked else b""


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory) -> Downloaded:
    """Eight downloads, none of which ends before all have begun."""
    folder = tmp_path_factory.mktemp("big")
    together = Barrier(COUNT)
    settings = {
        **NO_MANNERS,
        "ARCHIVE_STORE": folder / "store",
        "ARCHIVE_WORK_DIR": folder / "work",
        "ARCHIVE_MEMORY_BYTES": MIB,
        "ARCHIVE_SPIDER_BYTES": 2 * MIB,
        "DOWNLOAD_TIMEOUT": 100,
    }
    with Site(lambda asked: respond_together(together, asked)) as site:
        urls = [f"{site.base}/{n}/{'chunked' if n % 2 else 'whole'}" for n in range(COUNT)]
        command = _runspider(folder, urls, settings)
        end = python(measured.__file__, folder / "peak", *command, folder=PROJECT)
    return Downloaded(
        end=end,
        peak=int((folder / "peak").read_text("ascii")),
        items=[json.loads(line) for line in (folder / "items.jl").read_bytes().splitlines()],
        folder=folder / "store" / "news",
        work_dir=folder / "work",
    )


def test_eight_big_bodies_at_once_take_a_fraction_of_their_size(downloaded: Downloaded) -> None:
    assert downloaded.end.status == 0, downloaded.end.stderr
    assert MIB < downloaded.peak < MOST_MEMORY


def test_a_spider_is_handed_an_empty_and_flagged_response(downloaded: Downloaded) -> None:
    assert sorted(downloaded.items, key=_url) == [
        {
            "url": url,
            "status": 200,
            "length": 0,
            "announced": str(BODY_BYTES) if url.endswith("/whole") else "",
            "flags": ["archive_body_withheld"],
        }
        for url in sorted(map(_url, downloaded.items))
    ]
    assert len(downloaded.items) == COUNT


def test_big_bodies_are_archived_whole(downloaded: Downloaded) -> None:
    digest = hashlib.sha256(PIECE * (BODY_BYTES // len(PIECE))).hexdigest()
    digests = [_content_of(path) for path in (downloaded.folder / "archive").iterdir()]

    assert digests == [[(BODY_BYTES, digest)] * COUNT]


def test_the_archive_of_big_bodies_is_sound(downloaded: Downloaded) -> None:
    check = archiver("check", downloaded.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_nothing_of_a_finished_crawl_is_left_in_the_work_dir(downloaded: Downloaded) -> None:
    left = {path.name for path in downloaded.work_dir.rglob("*") if not path.is_dir()}

    assert (downloaded.work_dir / "spool").is_dir()
    assert left <= {"memory.sqlite", "claims.sqlite"}


def _url(item: Line) -> str:
    return str(item["url"])


def _runspider(folder: Path, urls: list[str], settings: dict[str, object]) -> list[str]:
    command = [sys.executable, "-m", "scrapy", "runspider", big_bodies_spider.__file__]
    command += [f"--set={name}={value}" for name, value in settings.items()]
    return [*command, "-a", f"urls={' '.join(urls)}", "-o", str(folder / "items.jl")]


def _content_of(path: Path) -> list[tuple[int, str]]:
    """Return length and digest of the payload of each response, as warcio reads them."""
    found = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                hasher, length = hashlib.sha256(), 0
                while piece := record.content_stream().read(MIB):
                    hasher.update(piece)
                    length += len(piece)
                found.append((length, hasher.hexdigest()))
    return found
