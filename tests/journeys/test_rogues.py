"""A host that answers without end or sense costs a crawl some seconds, and no page of others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import measured
from tests.journeys.collected import Collected, collected, path_of
from tests.journeys.commands import PROJECT, Finished, archiver, crawl_command, finished, python
from tests.journeys.rogues import LINKS, NOWHERE, WAYS, rogue
from tests.journeys.site import Site
from tests.wire.warcs import Found, of_type

MAXSIZE = 5_000_000
MIB = 1 << 20
SETTINGS: dict[str, object] = {
    "DOWNLOAD_MAXSIZE": MAXSIZE,
    "DOWNLOAD_TIMEOUT": 8,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DEPTH_LIMIT": 1,
    "REDIRECT_MAX_TIMES": 5,
    "RETRY_ENABLED": False,
    "ARCHIVE_SPIDER_BYTES": 4_000_000,
    "ARCHIVE_TEXT_ENABLED": False,
    "ARCHIVE_OPERATOR": "desk@paper.example",
}
# The octets that are kept of what has no end: as many as a page may have, with what comes in one
# piece; or two mebibytes where they are no page.
PAGE, NO_PAGE = range(MAXSIZE, MAXSIZE + 2 * MIB), range(2 * MIB, 3 * MIB)
CUT = {
    "/endless-body": ("length", PAGE),
    "/endless-chunks": ("length", PAGE),
    "/endless-extension": ("length", PAGE),
    "/tiny-chunks": ("length", NO_PAGE),
    "/endless-trailers": ("length", NO_PAGE),
    "/endless-head": ("length", NO_PAGE),
    "/endless-field": ("length", NO_PAGE),
    "/endless-interim": ("length", NO_PAGE),
    "/endless-nonsense": ("length", NO_PAGE),
    "/announced": ("length", range(MIB)),
    "/dripping-body": ("time", range(MIB)),
    "/dripping-head": ("time", range(MIB)),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Met:
    """A crawl that has met the rogue: how it ended, its peak of memory, and what it left."""

    end: Finished
    peak: int
    asked: set[str]
    kept: Collected

    @property
    def stats(self) -> dict[str, int]:
        counts: dict[str, int] = self.kept.crawls[0]["stats"]
        return counts


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Met:
    folder = tmp_path_factory.mktemp("rogue")
    with Site(rogue) as site:
        arguments = ("-a", f"url={site.base}/", "-a", "scope=host")
        command = crawl_command(folder / "store", *arguments, spider="site", settings=SETTINGS)
        end = python(measured.__file__, folder / "peak", *command, folder=PROJECT)
        asked = {path.partition("?")[0] for path in site.paths}
    return Met(
        end=end,
        peak=int((folder / "peak").read_text("ascii")),
        asked=asked,
        kept=collected(folder / "store" / "news"),
    )


def test_the_crawl_comes_to_its_end_and_nothing_is_an_error(met: Met) -> None:
    assert met.end.status == 0
    assert met.kept.crawls[0]["outcome"] == "finished"
    assert met.end.log_lines("ERROR") + met.end.log_lines("CRITICAL") == []
    assert "Traceback" not in met.end.stderr


def test_every_way_is_gone(met: Met) -> None:
    nowhere = {f"/nowhere/{number}" for number in range(len(NOWHERE))}

    assert met.asked >= {f"/{way}" for way in WAYS} | nowhere


def test_it_takes_no_more_memory_than_a_crawl_may(met: Met) -> None:
    assert MIB < met.peak < 400 * MIB


@pytest.mark.parametrize("path", CUT)
def test_what_has_no_end_is_archived_as_cut_short(met: Met, path: str) -> None:
    truncated, octets = CUT[path]
    (response,) = of_path(met, path)

    assert response.get("WARC-Truncated") == truncated
    assert len(response.block) in octets


def test_nothing_else_is_cut_short_and_all_of_it_is_counted(met: Met) -> None:
    cut = [record for record in met.kept.responses if record.get("WARC-Truncated")]

    assert len(cut) == len(CUT)
    assert met.stats["archive/truncated_count/length"] == 10
    assert met.stats["archive/truncated_count/time"] == 2


def test_a_server_that_never_answers_is_a_failure_by_time(met: Met) -> None:
    failures = {
        path_of(record.get("WARC-Target-URI") or ""): record.block
        for record in of_type(met.kept.records, "metadata")
        if b"fetchFailure: " in record.block
    }

    assert failures["/dripping-interim"].startswith(b"fetchFailure: DownloadTimeoutError: ")


def test_redirects_come_to_an_end(met: Met) -> None:
    asked = sorted(path for path in met.asked if path.startswith("/chain"))

    assert asked == ["/chain", *(f"/chain/{number}" for number in range(1, 6))]
    assert {path for path in met.asked if len(path) > 2100} == set()
    # The chain, and two addresses that are too long; a loop has been seen before.
    assert met.stats["archive/redirect_limited_count"] == 3


def test_cookies_without_number_are_not_kept(met: Met) -> None:
    assert met.stats["archive/cookie_limited_count"] == 8950


def test_what_has_been_kept_is_sound(met: Met) -> None:
    check = archiver("check", met.kept.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_a_page_of_fifty_thousand_links_costs_no_more_than_the_budget_of_its_host(
    tmp_path: Path,
) -> None:
    with Site(rogue) as site:
        arguments = ("-a", f"url={site.base}/links", "-a", "scope=host")
        settings = SETTINGS | {"ARCHIVE_HOST_BUDGET": 5, "DOWNLOAD_TIMEOUT": 60}
        command = crawl_command(tmp_path / "store", *arguments, spider="site", settings=settings)
        end = finished(command, PROJECT)
    stats = collected(tmp_path / "store" / "news").crawls[0]["stats"]

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert len([path for path in site.paths if path.startswith("/story/")]) <= 5
    assert stats["archive/over_budget_count"] >= LINKS - 5


def of_path(met: Met, path: str) -> list[Found]:
    return [
        record
        for record in met.kept.responses
        if path_of(record.get("WARC-Target-URI") or "") == path
    ]
