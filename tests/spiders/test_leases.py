"""Leases: what is over is marked as done, and let go of only when the mark is on disk."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scrapy import Request

from archiver.capture import PAGE_KEY, PLACE_KEY, UNDONE_KEY, Location, Page
from archiver.frontier import Frontier, done_records
from spiders.leases import Leases

NOW = datetime(2026, 3, 4, tzinfo=UTC)
PLACE = Location(filename="a.warc.gz", offset=1, length=2)
PAGE = Page(
    target="http://example.org/a",
    captured_at=NOW,
    record_id="<urn:uuid:1>",
    location=PLACE,
    collection="news",
)


class Hands:
    """Leases of a frontier, and what they have told."""

    def __init__(self, path: Path) -> None:
        self.frontier = Frontier(path, started_at=NOW, sync_every=2)
        self.under_way: set[Request] = set()
        self.settled: list[int] = []
        self.failures: list[Exception] = []
        self.asked: list[str] = []
        self.leases = Leases(
            self.frontier,
            under_way=lambda: self.under_way,
            is_sealed=self._is_sealed,
            settled=self.settled.append,
            fail=self.failures.append,
        )

    def hand_out(self, **meta: object) -> tuple[int, Request]:
        request = Request("http://example.org/a", meta=meta)
        self.frontier.add(b"packed", slot="a", priority=0, key=None)
        lease = self.frontier.lease(lambda slot: 0)
        assert lease is not None
        self.leases.enter(lease.id, request)
        return lease.id, request

    def _is_sealed(self, filename: str) -> bool:
        self.asked.append(filename)
        return False


@pytest.fixture
def hands(tmp_path: Path) -> Iterator[Hands]:
    hands = Hands(tmp_path / "frontier.sqlite")
    yield hands
    hands.frontier.close()


def test_what_is_over_is_settled_once(hands: Hands) -> None:
    async def crawl() -> None:
        over, _ = hands.hand_out()
        going_on, request = hands.hand_out()
        hands.under_way.add(request)
        hands.leases.flush()
        hands.leases.flush()

        assert hands.settled == [over]
        assert (over in hands.leases, going_on in hands.leases) == (False, True)
        assert hands.frontier.leased == 1

    asyncio.run(crawl())


def test_a_done_mark_names_the_record(hands: Hands) -> None:
    async def crawl() -> None:
        hands.hand_out(**{PLACE_KEY: PLACE, PAGE_KEY: PAGE})
        hands.leases.flush()

    asyncio.run(crawl())

    assert done_records(hands.frontier.path, PLACE.filename) == {PAGE.record_id: PLACE.offset}


def test_what_is_undone_is_let_go_of_and_stays_leased(hands: Hands) -> None:
    async def crawl() -> None:
        lease_id, _ = hands.hand_out(**{PLACE_KEY: PLACE, UNDONE_KEY: True})
        hands.leases.flush()

        assert (lease_id in hands.leases, hands.frontier.leased) == (False, 1)

    asyncio.run(crawl())


def test_a_request_is_let_go_of_when_no_power_cut_can_undo_its_mark(hands: Hands) -> None:
    async def crawl() -> None:
        _, request = hands.hand_out()
        reference = weakref.ref(request)
        del request
        hands.leases.flush()
        alive = reference() is not None
        hands.leases.flush()

        assert (alive, reference()) == (True, None)

    asyncio.run(crawl())


def test_the_frontier_may_forget_when_a_new_warc_begins(hands: Hands) -> None:
    async def crawl() -> None:
        hands.hand_out(**{PLACE_KEY: PLACE})
        hands.hand_out(**{PLACE_KEY: PLACE})
        hands.leases.flush()

        assert hands.asked == [PLACE.filename]

    asyncio.run(crawl())


def test_what_cannot_be_committed_is_told_and_nothing_is_let_go(hands: Hands) -> None:
    async def crawl() -> None:
        lease_id, _ = hands.hand_out()
        hands.frontier._db.run("DROP TABLE request")
        hands.leases.flush()

        assert (len(hands.failures), hands.settled) == (1, [])
        assert lease_id in hands.leases

    asyncio.run(crawl())


def test_nothing_is_written_once_stopped(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spiders.leases._FLUSH_SECONDS", 0.01)

    async def crawl() -> None:
        hands.hand_out()
        hands.leases.stop()
        await asyncio.sleep(0.05)

    asyncio.run(crawl())

    assert hands.settled == []
