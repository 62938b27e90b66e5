"""Scrapy's slots in our hands, and what we lean on for that."""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider, signals
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.internet.defer import Deferred

from pipelines.slots import Floors, hold, slow

READ = "Scrapy has changed: read scrapy/core/downloader/__init__.py and then pipelines/slots.py"
HTTP, HTTPS = "http://a.example", "https://a.example"


# What waits in a slot


async def sent_after(slot: Slot, seconds: float, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Say whether Scrapy's downloader sends what waits in *slot* within *seconds*."""
    sent: list[Request] = []

    async def send(self: Downloader, slot: Slot, request: Request, answer: Any) -> None:
        sent.append(request)

    monkeypatch.setattr(Downloader, "_wait_for_download", send)
    downloader = Downloader.__new__(Downloader)
    slot.queue.append((Request("http://a.example/"), Deferred()))
    downloader._process_queue(slot)
    await asyncio.sleep(seconds)
    slot.close()
    return bool(sent)


@pytest.mark.parametrize("delay", [0, 0.001, 0.02])
@pytest.mark.parametrize(("seconds", "is_sent"), [(0.1, False), (0.3, True)])
def test_a_slot_that_is_held_sends_nothing_before_its_time(
    delay: float, seconds: float, is_sent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = Slot(concurrency=2, delay=delay, jitter=0.5)
    hold(slot, time.monotonic() + 0.2)

    assert asyncio.run(sent_after(slot, seconds, monkeypatch)) is is_sent, READ


def test_a_slot_that_waits_for_its_delay_already_can_be_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def held_later() -> bool:
        slot = Slot(concurrency=2, delay=0.05, jitter=0)
        slot.lastseen = time.monotonic()
        Downloader.__new__(Downloader)._process_queue(slot)
        hold(slot, time.monotonic() + 0.2)
        return await sent_after(slot, 0.12, monkeypatch)

    assert asyncio.run(held_later()) is False, READ


def test_a_slot_is_not_held_for_less_than_before() -> None:
    slot = Slot(concurrency=2, delay=1, jitter=0)
    hold(slot, 50.0)
    hold(slot, 20.0)

    assert slot.lastseen == 50.0


@pytest.mark.parametrize(
    ("delay", "expected"), [(0.5, 1.0), (7.0, 10.0), (10.0, 10.0), (15.0, 15.0), (0.0, 0.0)]
)
def test_a_slot_is_slowed_by_doubling_its_delay_up_to_a_limit(
    delay: float, expected: float
) -> None:
    slot = Slot(concurrency=2, delay=delay, jitter=0)
    slow(slot, 10.0)

    assert slot.delay == expected


# Floors


def crawler_with(slots: dict[str, Slot]) -> Crawler:
    crawler = get_crawler(Spider, {"AUTOTHROTTLE_ENABLED": True, "LOGSTATS_INTERVAL": 0})
    downloader = SimpleNamespace(slots=slots, per_slot_settings={}, _delay=0.0)
    crawler.engine = SimpleNamespace(downloader=downloader)  # type: ignore[assignment]
    crawler.signals.send_catch_log(signals.spider_opened, spider=Spider("a"))
    return crawler


def answered(crawler: Crawler, slot: str = "a.example") -> None:
    """Have Scrapy's AutoThrottle and whoever listens hear of an answer in no time."""
    request = Request("http://a.example/", meta={"download_slot": slot, "download_latency": 0.0})
    crawler.signals.send_catch_log(
        signals.response_downloaded,
        response=Response(request.url), request=request, spider=Spider("a"),
    )  # fmt: skip


def test_autothrottle_takes_no_slot_below_its_floor() -> None:
    slots = {name: Slot(2, 1.0, 0.5) for name in ("a.example", "b.example")}
    crawler = crawler_with(slots)
    floors = Floors(crawler)
    floors.put("a.example", HTTP, 4.0)
    answered(crawler)
    answered(crawler, "b.example")

    assert (slots["a.example"].delay, slots["b.example"].delay) == (4.0, 0.5), (
        "AutoThrottle hears of an answer after us now: read scrapy/extensions/throttle.py"
    )


def test_a_slot_with_a_floor_sends_one_at_a_time_and_never_sooner() -> None:
    slot = Slot(2, 9.0, 0.5)
    Floors(crawler_with({"a.example": slot})).put("a.example", HTTP, 4.0)

    assert (slot.concurrency, slot.jitter, slot.delay) == (1, 0.0, 9.0)


def test_of_two_floors_of_a_slot_the_higher_counts() -> None:
    slot = Slot(2, 0.0, 0.5)
    floors = Floors(crawler_with({"a.example": slot}))
    floors.put("a.example", HTTP, 4.0)
    floors.put("a.example", HTTPS, 2.0)

    assert slot.delay == 4.0


@pytest.mark.parametrize(("own", "delay"), [(1.0, 4.0), (6.0, 6.0)])
def test_a_slot_that_is_made_later_has_the_floor(own: float, delay: float) -> None:
    crawler = crawler_with({})
    downloader: Any = crawler.engine.downloader
    downloader.per_slot_settings["a.example"] = {"delay": own, "concurrency": 8}
    Floors(crawler).put("a.example", HTTP, 4.0)

    assert downloader.per_slot_settings["a.example"] == {
        "delay": delay, "concurrency": 1, "jitter": 0.0,
    }  # fmt: skip


def test_a_slot_made_of_settings_has_them() -> None:
    downloader = Downloader.__new__(Downloader)
    downloader.slots = {}
    downloader.per_slot_settings = {"a.example": {"delay": 4.0, "concurrency": 1, "jitter": 0.0}}
    downloader.ip_concurrency, downloader.domain_concurrency = 0, 8
    downloader._delay, downloader._jitter = 0.0, 0.5
    downloader._slot_gc_loop = SimpleNamespace()  # type: ignore[assignment]  # it runs already

    _, slot = downloader._get_slot(Request("http://a.example/"))

    assert (slot.delay, slot.concurrency, slot.jitter) == (4.0, 1, 0.0), READ


def test_who_asks_for_no_delay_changes_nothing() -> None:
    slot = Slot(2, 0.5, 0.5)
    crawler = crawler_with({"a.example": slot})
    Floors(crawler).put("a.example", HTTP, 0.0)

    assert (slot.concurrency, slot.jitter, slot.delay) == (2, 0.5, 0.5)
    assert crawler.engine.downloader.per_slot_settings == {}


def test_a_floor_that_is_asked_for_no_more_is_none() -> None:
    slot = Slot(2, 0.5, 0.5)
    crawler = crawler_with({"a.example": slot})
    floors = Floors(crawler)
    floors.put("a.example", HTTP, 4.0)
    floors.put("a.example", HTTP, 0.0)
    answered(crawler)

    assert slot.delay == 2.0  # AutoThrottle is on its way down
