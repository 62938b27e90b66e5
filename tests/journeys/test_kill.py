"""A crawl that is killed again and again: nothing is lost, and nothing is there twice.

What is asserted is counted from the servers' own book and from the archive as outsiders read
it, never from what the crawl says of itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import strolling_spider
from tests.journeys.collected import Collected, collected, growing, stems_in
from tests.journeys.commands import archiver, cdxj_indexer, crawl_command
from tests.journeys.judges import blocks_by_fastwarc, index_line, wrong_for_warcio
from tests.journeys.killing import Kind, Run, moments, runs_until_the_end
from tests.journeys.reckoning import (
    Reckoning,
    members_of,
    reckoned,
    record_of,
    whole_exchanges,
)
from tests.journeys.town import Town
from tests.wire.warcs import of_type

CONCURRENT_REQUESTS = 16
SETTINGS = {
    "ROBOTSTXT_OBEY": True,
    "CONCURRENT_REQUESTS": CONCURRENT_REQUESTS,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "ARCHIVE_WARC_MAX_BYTES": 60_000,
    "ARCHIVE_PRIVATE_HOSTS": "127.0.0.0/8",  # the hosts of the town lead to one another
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A crawl: how large a town it reads, what is to be of it, and when it is killed."""

    sections: int
    follows_links: bool
    seed: int
    kinds: Sequence[Kind]


PLANS = {
    # 1,192 targets, a kill after some 45 of them, and two while the end is being mended.
    "a stroll": Plan(
        sections=10,
        follows_links=True,
        seed=3,
        kinds=(
            "asking", "touched", "sealing", "asking", "begun", "touched", "sealed", "asking",
            "sealing", "touched", "asking", "ending", "touched", "touched",
        ),
    ),
    "a seed list": Plan(
        sections=5,
        follows_links=False,
        seed=5,
        kinds=("asking", "begun", "begun", "sealing", "asking", "touched", "ending", "touched"),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Journey:
    """A crawl that came to its end after all: what it was to fetch, its runs, what it left."""

    town: Town
    targets: Counter[str]
    articles: list[str]
    kills_planned: int
    runs: list[Run]
    collection: Collected
    reckoning: Reckoning
    work: Path


@pytest.fixture(scope="module", params=PLANS)
def journey(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Journey:
    """A crawl that is killed as its plan says, and started again each time."""
    plan: Plan = PLANS[request.param]
    folder = tmp_path_factory.mktemp("killed")
    with Town(sections=plan.sections, stories=12) as town:
        arguments, targets = _stroll(town) if plan.follows_links else _seed_list(folder, town)
        spider = strolling_spider.StrollingSpider.name if plan.follows_links else "article"
        settings = {**SETTINGS, "SPIDER_MODULES": f"spiders,{strolling_spider.__name__}"}
        command = crawl_command(folder / "store", *arguments, spider=spider, settings=settings)
        times = moments(plan.seed, plan.kinds)
        runs = list(
            runs_until_the_end(command, times, town=town, targets=targets, store=folder / "store")
        )
    kept = collected(folder / "store" / "news")
    return Journey(
        town=town,
        targets=targets,
        articles=[*town.stories, *town.arrived],
        kills_planned=len(plan.kinds),
        runs=runs,
        collection=kept,
        reckoning=reckoned(town.book, kept),
        work=folder / "store.work",
    )


def test_every_run_but_the_last_is_killed_and_the_last_ends_well(journey: Journey) -> None:
    statuses = [run.end.status for run in journey.runs]

    assert statuses == [-9] * journey.kills_planned + [0], journey.runs[-1].end.stderr


def test_no_run_complains(journey: Journey) -> None:
    complaints = [run.end.log_lines("ERROR") for run in journey.runs]

    assert [line for lines in complaints for line in lines] == []
    assert [run.end.stderr for run in journey.runs if "Traceback" in run.end.stderr] == []


def test_every_target_is_kept_exactly_as_often_as_it_should_be(journey: Journey) -> None:
    times = journey.reckoning.times_kept()

    assert {"lost": journey.targets - times, "twice": times - journey.targets} == {
        "lost": {},
        "twice": {},
    }


def test_no_answer_is_kept_twice(journey: Journey) -> None:
    assert journey.reckoning.kept_twice() == []


def test_every_answer_is_kept_or_was_asked_for_again(journey: Journey) -> None:
    assert journey.reckoning.lost_for_good() == []


def test_a_kill_costs_no_more_answers_than_were_on_their_way(journey: Journey) -> None:
    lost = Counter(entry.run for entry in journey.reckoning.lost())

    assert max(lost.values(), default=0) <= CONCURRENT_REQUESTS


def test_what_ends_by_itself_loses_nothing(journey: Journey) -> None:
    assert [entry for entry in journey.reckoning.lost() if entry.run == len(journey.runs)] == []


def test_what_robots_txt_forbids_is_never_asked_for(journey: Journey) -> None:
    assert [entry for entry in journey.town.book if entry.target.endswith("/private")] == []


def test_every_article_is_one_page_and_has_one_text(journey: Journey) -> None:
    articles = Counter(journey.articles)
    pages = Counter(page["url"] for page in journey.collection.pages)
    texts = Counter(text["url"] for text in journey.collection.texts)
    metadata = of_type(journey.collection.records, "metadata")
    declared = Counter(record.get("WARC-Target-URI") or "" for record in metadata)

    assert (articles - declared, declared - articles) == ({}, {})
    assert (articles - pages, pages - articles) == ({}, {})
    assert (articles - texts, texts - articles) == ({}, {})


def test_every_text_points_to_the_response_of_its_page(journey: Journey) -> None:
    targets = {
        record.get("WARC-Record-ID"): record.get("WARC-Target-URI")
        for record in journey.collection.responses
    }
    texts = journey.collection.texts

    assert [targets.get(text["warc_record_id"]) for text in texts] == [t["url"] for t in texts]


def test_the_collection_is_sound(journey: Journey) -> None:
    check = archiver("check", journey.collection.folder)

    assert (check.status, check.stderr) == (0, ""), check.stdout
    assert " 0 faults, " in check.stdout
    assert ": note: unfinished: " not in check.stdout


def test_outsiders_find_every_record_and_index_line_right(journey: Journey) -> None:
    warcs = sorted(journey.collection.folder.glob("archive/*.warc.gz"))
    lines = cdxj_indexer("--sort", *warcs).stdout.encode().splitlines()
    ours = [
        line
        for path in journey.collection.folder.glob("indexes/*.cdxj")
        for line in path.read_bytes().splitlines()
    ]

    assert [target for warc in warcs for target in wrong_for_warcio(warc)] == []
    assert [t for warc in warcs for t, is_right in blocks_by_fastwarc(warc) if not is_right] == []
    assert sorted(map(repr, map(index_line, ours))) == sorted(map(repr, map(index_line, lines)))


def test_nothing_is_left_open(journey: Journey) -> None:
    stems = stems_in(journey.collection.folder)

    assert growing(journey.collection.folder) == []
    assert list(stems.values()) == [stems["manifests"]] * 5


def test_a_crawl_at_its_end_has_no_frontier(journey: Journey) -> None:
    assert sorted(journey.work.rglob("frontier-*.sqlite*")) == []


def test_what_was_cut_off_is_the_torn_end_of_an_exchange(journey: Journey) -> None:
    torn = [path.read_bytes() for path in journey.collection.folder.glob("archive/*.torn")]

    assert b"" not in torn
    assert [
        exchanges
        for octets in torn
        if (exchanges := whole_exchanges(map(record_of, members_of(octets))))
    ] == []


def _stroll(town: Town) -> tuple[list[str], Counter[str]]:
    """Return the arguments of a spider that follows links, and what it is to fetch."""
    again = " ".join(town.gazettes)
    return ["-a", f"starts={town.bases[0]}/", "-a", f"again={again}"], town.all


def _seed_list(folder: Path, town: Town) -> tuple[list[str], Counter[str]]:
    """Return the arguments of a spider that reads a seed list, and what it is to fetch."""
    seeds = [*town.stories, *town.moved, *town.gone]
    path = folder / "seeds.txt"
    path.write_text("".join(f"{seed}\n" for seed in seeds), encoding="ascii")
    return ["-a", f"seeds={path}"], Counter([*seeds, *town.arrived])
