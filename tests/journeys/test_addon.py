"""A user's own Scrapy project gets the archive with one line, and otherwise stays as it was."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from tests.journeys.collected import Collected, collected, growing
from tests.journeys.commands import Finished, archiver, python
from tests.journeys.harbour import PASSWORD, Run, run
from tests.journeys.site import Site, answer
from tests.journeys.stories import story, title_of
from tests.wire.warcs import of_type

CREDENTIAL = base64.b64encode(f"master:{PASSWORD}".encode())
# The middlewares that a project has without doing anything, by the names of their stats.
COUNTED = (
    "downloader/request_count", "downloader/request_method_count", "downloader/response_count",
    "downloader/response_status_count", "downloader/exception", "dupefilter", "httpcompression",
    "httperror", "item_scraped_count", "offsite", "request_depth", "response_received_count",
    "retry", "robotstxt", "scheduler",
)  # fmt: skip
FETCHED = [
    "/", "/arrived", "/busy", "/busy", "/gone", "/moved", "/packed", "/robots.txt", "/slot",
    "/story",
]  # fmt: skip

SCRIPT = """\
import sys

from scrapy import Spider
from scrapy.crawler import CrawlerProcess


class Quay(Spider):
    name = "quay"

    def parse(self, response):
        yield {"title": response.css("title::text").get()}
        yield response.meta["archive_page"]


settings = {
    "ADDONS": {"archiver.addon.ArchiveAddon": 0},
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
}
process = CrawlerProcess(settings)
process.crawl(Quay, start_urls=sys.argv[1:])
process.start()
"""


@pytest.fixture(scope="module")
def with_line(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("with-line"))


@pytest.fixture(scope="module")
def without_line(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("without-line"), archives=False)


@pytest.fixture(scope="module")
def with_pages(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("with-pages"), "pages")


@pytest.fixture(scope="module")
def kept(with_line: Run) -> Collected:
    return collected(with_line.collection)


def sorted_items(run: Run) -> list[str]:
    return sorted(json.dumps(item, sort_keys=True) for item in run.items)


def counted(run: Run) -> dict[str, object]:
    # Where requests wait is the scheduler's own affair: Scrapy's keeps them in memory.
    names = [name for name in run.stats if name.startswith(COUNTED) and "/memory" not in name]
    return {name: run.stats[name] for name in names}


def requests_of(run: Run) -> list[str]:
    """Return what the site was asked, but for the field that the archive's own setting gives."""
    asked = [(a.path, sorted({**a.fields, "accept-encoding": ""}.items())) for a in run.asked]
    return sorted(
        str(request).replace(run.base, "").replace(run.base[7:], "") for request in asked
    )


def values_of(run: Run, path: str, field: str) -> list[str | None]:
    return [asked.fields.get(field) for asked in run.asked if asked.path == path]


def test_both_crawls_end_well(with_line: Run, without_line: Run) -> None:
    assert [with_line.end.status, with_line.end.log_lines("ERROR")] == [0, []]
    assert [without_line.end.status, without_line.end.log_lines("ERROR")] == [0, []]


def test_without_the_line_nothing_is_archived(without_line: Run) -> None:
    assert not (without_line.project / "collections").exists()
    assert not (without_line.project / ".archiver").exists()


def test_with_the_line_everything_that_was_fetched_is_archived(kept: Collected) -> None:
    assert sorted(kept.fetched) == FETCHED


def test_the_collection_is_complete_and_sound(with_line: Run) -> None:
    check = archiver("check", with_line.collection)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")
    assert growing(with_line.project) == []


def test_a_spider_that_declares_no_page_gets_no_text(kept: Collected) -> None:
    assert [len(kept.manifests), kept.pages, kept.texts] == [1, [], []]


def test_items_are_exported_as_without_the_line(with_line: Run, without_line: Run) -> None:
    assert len(with_line.items) == 6
    assert sorted_items(with_line) == sorted_items(without_line)


def test_the_middlewares_count_what_they_count_without_the_line(
    with_line: Run, without_line: Run
) -> None:
    assert len(counted(with_line)) > 20
    assert counted(with_line) == counted(without_line)


@pytest.mark.parametrize(
    ("path", "field", "values"),
    [
        ("/", "cookie", [None]),
        ("/story", "cookie", ["berth=7"]),
        ("/story", "accept-language", ["nl"]),
        ("/slot", "referer", ["{base}/chosen"]),
        ("/story", "referer", ["{base}/"]),
        ("/busy", "cookie", ["berth=7", "berth=7"]),
        ("/private", "cookie", []),
        ("/story", "accept-encoding", ["gzip"]),
    ],
)
def test_the_site_is_asked_as_the_middlewares_say(
    with_line: Run, path: str, field: str, values: list[str | None]
) -> None:
    assert values_of(with_line, path, field) == [
        value and value.format(base=with_line.base) for value in values
    ]


def test_the_site_is_asked_as_without_the_line(with_line: Run, without_line: Run) -> None:
    assert requests_of(with_line) == requests_of(without_line)


def test_a_slot_that_a_request_names_is_used(with_line: Run) -> None:
    slots = {item["path"]: item["slot"] for item in with_line.items if "path" in item}

    assert slots["/slot"] == "pilots"
    assert slots["/story"] == "127.0.0.1"


def test_a_credential_is_sent_and_kept_nowhere(with_line: Run, kept: Collected) -> None:
    log = next((with_line.collection / "crawls").iterdir()).read_bytes()
    requests = of_type(kept.records, "request")

    assert values_of(with_line, "/story", "authorization") == [f"Basic {CREDENTIAL.decode()}"]
    assert [r for r in kept.records if CREDENTIAL in r.block or PASSWORD.encode() in r.block] == []
    assert [b"\r\nAuthorization: [withheld]\r\n" in record.block for record in requests] == (
        [True] * len(FETCHED)
    )
    assert CREDENTIAL not in log
    assert PASSWORD.encode() not in log


def test_the_crawls_log_names_the_users_spider_and_its_stats(
    with_line: Run, kept: Collected
) -> None:
    (log,) = kept.crawls

    assert (log["spider"], log["outcome"]) == ("links", "finished")
    assert log["stats"]["httpcompression/response_count"] == 1
    assert log["stats"]["retry/count"] == 1


def test_a_page_that_is_yielded_gets_text(with_pages: Run) -> None:
    kept = collected(with_pages.collection)
    paths = ["/arrived", "/busy", "/packed", "/slot", "/story"]

    assert sorted(kept.paths_of_pages) == sorted(kept.paths_of_texts) == paths
    assert {text["title"] for text in kept.texts} == {title_of(1), title_of(2)}


def test_a_page_says_how_it_was_come_by(with_pages: Run) -> None:
    texts = {text["url"]: text for text in collected(with_pages.collection).texts}

    assert texts[f"{with_pages.base}/arrived"]["http_status"] == 200
    assert archiver("check", with_pages.collection).status == 0


def test_the_users_items_are_exported_beside_the_texts(with_pages: Run, with_line: Run) -> None:
    own = [item for item in with_pages.items if "warc_record_id" not in item]
    texts = [item for item in with_pages.items if "warc_record_id" in item]
    kept = collected(with_pages.collection)

    assert sorted(item.get("path", "") for item in own) == (
        sorted(item.get("path", "") for item in with_line.items)
    )
    assert sorted(texts, key=id_of) == sorted(kept.texts, key=id_of)


def id_of(text: dict[str, str]) -> str:
    return text["id"]


@pytest.fixture(scope="module")
def by_script(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    """A crawl by a script outside any project, which does not guard its main part."""
    folder = tmp_path_factory.mktemp("script")
    (folder / "quay.py").write_text(SCRIPT, encoding="ascii")
    with Site(lambda asked: answer(story(int(asked.path[1:])))) as site:
        end = python("quay.py", f"{site.base}/1", f"{site.base}/2", folder=folder)
    return folder, end


def test_a_script_outside_any_project_archives_and_extracts(
    by_script: tuple[Path, Finished],
) -> None:
    folder, end = by_script
    kept = collected(folder / "collections" / "news")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted(kept.fetched) == ["/1", "/2"]
    assert {text["title"] for text in kept.texts} == {title_of(1), title_of(2)}
    assert archiver("check", kept.folder).status == 0


def test_a_script_is_run_once_and_not_again_in_its_workers(
    by_script: tuple[Path, Finished],
) -> None:
    folder, end = by_script

    assert len(list((folder / "collections" / "news" / "crawls").iterdir())) == 1
    assert end.stderr.count("Spider opened") == 1
