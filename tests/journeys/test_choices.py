"""Crawls with the settings that change what is written or how: the archive is as sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.collected import Collected, collected, tree
from tests.journeys.commands import Finished, archiver, crawl
from tests.journeys.judges import wrong_for_warcio
from tests.journeys.site import Asked, Site, answer, chunks_of, gzipped, head
from tests.journeys.stories import story

CHOICES: dict[str, dict[str, Any]] = {
    "chunks joined": {"ARCHIVE_WIRE": "decoded"},
    "sha1": {"ARCHIVE_DIGEST": "sha1", "ARCHIVE_WIRE": "decoded"},
    "extraction in a thread": {"ARCHIVE_EXTRACT_WORKERS": 0},
    "no reactor": {"TWISTED_REACTOR_ENABLED": False},
}
PATHS = ["/arrived", "/chunked", "/gzip", "/moved", "/plain"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Crawled:
    """How the crawl ended, and what it left."""

    end: Finished
    kept: Collected


def respond(asked: Asked) -> list[bytes]:
    match asked.path:
        case "/chunked":
            field = "Content-Type: text/html; charset=utf-8"
            return [head(field, "Transfer-Encoding: chunked"), chunks_of(story(1))]
        case "/gzip":
            return gzipped(story(2))
        case "/moved":
            return answer(b"", "Location: /arrived", status="301 Moved Permanently")
        case _:
            return answer(story(3))


@pytest.fixture(scope="module", params=CHOICES)
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("choices")
    with Site(respond) as site:
        seeds = folder / "seeds.txt"
        seeds.write_text("".join(f"{site.base}{path}\n" for path in PATHS[1:]), encoding="ascii")
        end = crawl(folder / "store", "-a", f"seeds={seeds}", **CHOICES[request.param])
    return Crawled(end=end, kept=collected(folder / "store" / "news"))


def test_the_crawl_ends_well_with_everything_archived(crawled: Crawled) -> None:
    assert (crawled.end.status, crawled.end.log_lines("ERROR")) == (0, [])
    assert sorted(crawled.kept.fetched) == PATHS
    assert len(crawled.kept.texts) == 4


def test_check_finds_nothing(crawled: Crawled) -> None:
    check = archiver("check", crawled.kept.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_extraction_gives_the_text_files_again(crawled: Crawled, tmp_path: Path) -> None:
    extract = archiver("extract", crawled.kept.folder, "--out", tmp_path / "again")

    assert (extract.status, extract.stderr) == (0, "")
    assert tree(tmp_path / "again") == tree(crawled.kept.folder / "text")


@pytest.mark.parametrize("crawled", ["chunks joined", "sha1"], indirect=True)
def test_warcio_finds_every_digest_right_where_chunks_are_joined(crawled: Crawled) -> None:
    (warc,) = (crawled.kept.folder / "archive").iterdir()

    assert list(wrong_for_warcio(warc)) == []
