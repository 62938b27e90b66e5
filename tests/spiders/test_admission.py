"""Which leads are followed, and how those are counted that are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy.statscollectors import StatsCollector
from scrapy.utils.test import get_crawler

from archiver.memory import Memory
from archiver.options import Recrawl
from archiver.seeds import Seed
from spiders.admission import Admission, Admitted
from spiders.announcing import announcing
from spiders.known import Known
from spiders.leads import Lead, Way
from tests.archiver.test_memory import FERRY, FIRST, capture, note, uuid

SITE = "http://example.org"
SEEDS = {f"{SITE}/": Seed(url=f"{SITE}/")}
WAY = Way(seed=f"{SITE}/", role="seed")
NOW = datetime(2026, 6, 1, tzinfo=UTC)
MAY = datetime(2026, 5, 1, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    """Remember the ferry, which was read on 2026-03-04."""
    memory = Memory(tmp_path / "memory.sqlite")
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])
    yield memory
    memory.close()


@pytest.fixture
def stats() -> StatsCollector:
    return get_crawler().stats


def admission(
    memory: Memory, stats: StatsCollector, *, recrawl: Recrawl = "changed", budget: int = 0,
    asks_again: bool = False, seeds: dict[str, Seed] = SEEDS,
) -> Admission:  # fmt: skip
    known = Known(memory, recrawl)
    return Admission(known, stats, seeds, host_budget=budget, asks_again=asks_again)


def page(path: str, changed_at: datetime | None = None) -> Lead:
    return Lead(url=f"{SITE}{path}", role="page", changed_at=changed_at)


def test_what_is_not_known_is_followed(memory: Memory, stats: StatsCollector) -> None:
    assert admission(memory, stats).admitted(page("/tides"), WAY, NOW) == Admitted()


@pytest.mark.parametrize("changed_at", [None, FEBRUARY, FIRST])
def test_what_the_collection_has_is_not_followed(
    changed_at: datetime | None, memory: Memory, stats: StatsCollector
) -> None:
    lead = page("/ferry?utm_source=letter", changed_at)

    assert admission(memory, stats).admitted(lead, WAY, NOW) is None
    assert stats.get_value("archive/known_count") == 1


def test_what_has_changed_since_is_another_edition(memory: Memory, stats: StatsCollector) -> None:
    found = admission(memory, stats).admitted(page("/ferry", MAY), WAY, NOW)

    assert found == Admitted(edition="2026-03-04T05:06:07.000008+00:00")


def test_an_edition_is_followed_once(memory: Memory, stats: StatsCollector) -> None:
    followed = admission(memory, stats)
    followed.admitted(page("/ferry", MAY), WAY, NOW)

    assert followed.admitted(page("/ferry?fbclid=x", NOW), WAY, NOW) is None


@pytest.mark.parametrize(
    ("recrawl", "expected"),
    [("new", None), ("all", Admitted())],
)
def test_a_recrawl_may_want_none_or_all_again(
    recrawl: Recrawl, expected: Admitted | None, memory: Memory, stats: StatsCollector
) -> None:
    followed = admission(memory, stats, recrawl=recrawl)

    assert followed.admitted(page("/ferry", MAY), WAY, NOW) == expected


def test_a_spider_may_ask_for_everything_again(memory: Memory, stats: StatsCollector) -> None:
    followed = admission(memory, stats, asks_again=True)

    assert followed.admitted(page("/ferry"), WAY, NOW) == Admitted()


@pytest.mark.parametrize("role", ["feed", "sitemap", "robots"])
def test_what_announces_pages_is_asked_for_in_each_round(
    role: str, memory: Memory, stats: StatsCollector
) -> None:
    followed = admission(memory, stats)
    lead = Lead(url=FERRY, role=role)  # type: ignore[arg-type]  # one of the three
    first, second = (Way(seed=f"{SITE}/", role="seed", round=name) for name in ("1", "2"))

    assert followed.admitted(lead, first, NOW) == Admitted(edition="1")
    assert followed.admitted(lead, first, NOW) is None
    assert followed.admitted(lead, second, NOW) == Admitted(edition="2")


def test_a_page_is_asked_for_in_one_round_alone(memory: Memory, stats: StatsCollector) -> None:
    followed = admission(memory, stats)
    first, second = (Way(seed=f"{SITE}/", role="seed", round=name) for name in ("1", "2"))

    assert followed.admitted(page("/tides"), first, NOW) == Admitted()
    assert followed.admitted(page("/tides"), second, NOW) is None


def test_what_lies_out_of_scope_is_counted(memory: Memory, stats: StatsCollector) -> None:
    lead = Lead(url="http://example.net/", role="page", is_announced=True)

    assert admission(memory, stats).admitted(lead, WAY, NOW) is None
    assert stats.get_value("archive/out_of_scope_count") == 1


def test_where_a_seed_was_led_to_is_in_scope_too(memory: Memory, stats: StatsCollector) -> None:
    way = Way(seed=f"{SITE}/", role="seed", home="http://example.net/en")
    lead = Lead(url="http://example.net/story", role="page")

    assert admission(memory, stats).admitted(lead, way, NOW) == Admitted()


@pytest.mark.parametrize(
    ("scope", "expected"), [("domain", Admitted()), ("host", None), ("page", None)]
)
def test_a_feed_of_ones_own_announces_pages_anywhere_unless_its_scope_is_narrower(
    scope: str, expected: Admitted | None, memory: Memory, stats: StatsCollector
) -> None:
    seeds = {f"{SITE}/": Seed(url=f"{SITE}/", scope=scope)}  # type: ignore[arg-type]  # is one
    lead = Lead(url="http://example.net/a", role="page", is_announced=True, is_anywhere=True)

    assert admission(memory, stats, seeds=seeds).admitted(lead, WAY, NOW) == expected


def test_a_link_into_a_trap_is_not_followed_but_an_announcement_is(
    memory: Memory, stats: StatsCollector
) -> None:
    followed = admission(memory, stats)
    trap = f"{SITE}/a/b/a/b/a/b/a/b/c"

    assert followed.admitted(Lead(url=trap, role="front"), WAY, NOW) is None
    assert stats.get_value("archive/trap_count/repeating_segments") == 1
    assert followed.admitted(Lead(url=trap, role="page", is_announced=True), WAY, NOW)


def test_a_host_has_a_budget_and_a_new_one_each_day(memory: Memory, stats: StatsCollector) -> None:
    followed = admission(memory, stats, budget=2)
    leads = [page(f"/{number}") for number in range(4)]

    assert [followed.admitted(lead, WAY, NOW) for lead in leads[:3]] == [
        Admitted(), Admitted(), None,
    ]  # fmt: skip
    assert stats.get_value("archive/over_budget_count") == 1
    assert followed.admitted(leads[3], WAY, datetime(2026, 6, 2, tzinfo=UTC)) == Admitted()


def test_a_page_that_did_not_come_is_asked_for_in_later_rounds_a_few_times(
    memory: Memory, stats: StatsCollector
) -> None:
    followed = admission(memory, stats)
    found = []
    for number in range(7):
        way = Way(seed=f"{SITE}/", role="feed", round=str(number))
        found.append(followed.admitted(page("/tides"), way, NOW))
        followed.note_failed(f"{SITE}/tides")

    assert found == [
        Admitted(), *(Admitted(edition=f"try {n}") for n in range(2, 6)), None, None,
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["feed", "sitemap"])
def test_what_announces_pages_may_lie_elsewhere_and_its_pages_may_not(
    role: str, memory: Memory, stats: StatsCollector
) -> None:
    followed = admission(memory, stats)
    lead = announcing("http://feeds.example.net/paper", role, WAY)  # type: ignore[arg-type]  # one
    pages = Lead(url="http://example.net/story", role="page", is_announced=True)

    assert followed.admitted(lead, WAY, NOW) == Admitted()
    assert followed.admitted(pages, WAY, NOW) is None
