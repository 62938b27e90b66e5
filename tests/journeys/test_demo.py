"""`archiver demo`, twice, as an outsider finds it: what is on disk is what the site has."""

from __future__ import annotations

import hashlib
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

from archiver.demo.articles import read_articles
from tests.journeys.collected import Collected, collected, growing, path_of, tree
from tests.journeys.commands import Finished, archiver
from tests.wire.warcs import Found

# What its twelve articles, an address that moved and one that is gone make a crawler fetch, and
# what the articles need to be shown.
ARTICLES = sorted(article.path for article in read_articles())
REQUISITES = [
    *(f"/assets/{name}" for name in ("colours.css", "lantern.css", "lantern.js", "lantern.svg")),
    *(f"/assets/{name}" for name in ("paper.svg", "print.css", "swifts.svg")),
    "/favicon.ico",
    *(
        f"/media/{scene}-{width}.png"
        for scene in ("ferry", "orchard", "quarry", "tower")
        for width in (320, 640)
    ),
]
TITLES = sorted(article.facts["title"] for article in read_articles())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Toured:
    """Where the demo was run, how often and how it ended, and what it left."""

    folder: Path
    tours: list[Finished]
    kept: Collected


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Toured:
    folder = tmp_path_factory.mktemp("tours")
    tours = [archiver("demo", folder=folder) for _ in range(2)]
    return Toured(folder=folder, tours=tours, kept=collected(folder / "collections" / "demo"))


def statuses(kept: Collected) -> list[str]:
    return sorted(line["status"] for line in kept.index)


def fields_of(record: Found) -> bytes:
    return record.block.partition(b"\r\n\r\n")[0].lower()


def test_both_tours_end_well_and_silently(toured: Toured) -> None:
    assert [(tour.status, tour.stderr) for tour in toured.tours] == [(0, ""), (0, "")]


def test_each_tour_is_a_stem_and_a_log(toured: Toured) -> None:
    assert (len(toured.kept.manifests), len(toured.kept.crawls)) == (2, 2)
    assert growing(toured.folder) == []


def test_every_article_is_a_page_with_text_once_a_tour(toured: Toured) -> None:
    assert sorted(toured.kept.paths_of_pages) == sorted(ARTICLES * 2)
    assert sorted(toured.kept.paths_of_texts) == sorted(ARTICLES * 2)
    assert sorted(text["title"] for text in toured.kept.texts) == sorted(TITLES * 2)


def test_what_is_no_article_is_archived_too(toured: Toured) -> None:
    others = [path for path in toured.kept.fetched if path not in [*ARTICLES, *REQUISITES]]

    assert len(others) == 10
    assert others.count("/robots.txt") == others.count("/ai.txt") == 2
    assert statuses(toured.kept) == ["200"] * 58 + ["301"] * 2 + ["404"] * 6


def test_what_the_articles_need_is_archived_once_a_tour_and_tied_to_one_of_them(
    toured: Toured,
) -> None:
    tied = [record for record in toured.kept.responses if record.get("WARC-Page-ID")]
    paths = sorted(path_of(record.get("WARC-Target-URI") or "") for record in tied)

    assert paths == sorted(REQUISITES * 2)
    assert {record.get("WARC-Page-ID") for record in tied} <= {
        page["id"] for page in toured.kept.pages
    }


@pytest.mark.parametrize(
    "line",
    [
        b"transfer-encoding: chunked",
        b"content-encoding: gzip",
        b"content-type: text/html; charset=iso-8859-1",
    ],
)
def test_the_site_has_a_page_that_is_sent_so(toured: Toured, line: bytes) -> None:
    assert [record for record in toured.kept.responses if line in fields_of(record)] != []


def test_the_second_tour_finds_the_texts_of_the_first(toured: Toured) -> None:
    texts = sorted((text["title"], text["text_sha256"]) for text in toured.kept.texts)

    assert texts[::2] == texts[1::2]


def test_every_text_is_intact(toured: Toured) -> None:
    texts = toured.kept.texts

    assert [text["text_sha256"] for text in texts] == [
        hashlib.sha256(text["text"].encode()).hexdigest() for text in texts
    ]
    assert [text["title"] for text in texts if "\ufffd" in text["text"]] == []


def test_check_finds_nothing(toured: Toured) -> None:
    check = archiver("check", toured.kept.folder)

    assert (check.status, check.stderr) == (0, "")
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_the_commands_that_the_tour_says_to_try_work(toured: Toured) -> None:
    advice = toured.tours[0].stdout.partition("\nNow try:\n")[2]
    replay, *commands = [
        shlex.split(line) for line in re.findall(r"^  archiver (.*)$", advice, re.M)
    ]
    runs = [archiver(*command, folder=toured.folder) for command in commands]

    assert replay == ["replay", "collections/demo"]  # which goes on until it is stopped
    assert [command[0] for command in commands] == ["wacz", "check", "extract"]
    assert [(run.status, run.stderr) for run in runs] == [(0, ""), (0, ""), (0, "")]
    assert (toured.folder / "demo.wacz").is_file()
    assert tree(toured.folder / "again") == tree(toured.kept.folder / "text")
