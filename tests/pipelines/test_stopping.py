"""Who hears of SIGTERM: Scrapy's own handler first, and then we, unless it is somebody else's."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import pytest
from scrapy.crawler import AsyncCrawlerProcess

from pipelines.stopping import ignore, listen


class Process(AsyncCrawlerProcess):
    """What runs `scrapy crawl`, but that it installs nothing and only notes what it is told."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def first(self, number: int, frame: FrameType | None) -> None:
        self.heard.append("first")
        signal.signal(signal.SIGTERM, self.second)

    def second(self, number: int, frame: FrameType | None) -> None:
        self.heard.append("second")

    def ours(self) -> None:
        self.heard.append("ours")

    def another(self) -> None:
        self.heard.append("another")


@pytest.fixture
def process() -> Iterator[Process]:
    """Handle SIGTERM as a `scrapy crawl` that is running does."""
    process = Process()
    before = signal.signal(signal.SIGTERM, process.first)
    yield process
    signal.signal(signal.SIGTERM, before)


def terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_we_hear_of_a_signal_after_scrapy(process: Process) -> None:
    listen(process.ours)
    terminate()

    assert process.heard == ["first", "ours"]


def test_the_second_signal_is_scrapys_alone(process: Process) -> None:
    listen(process.ours)
    terminate()
    terminate()

    assert process.heard == ["first", "ours", "second"]


def test_whoever_ignores_it_again_leaves_scrapys_own_handler(process: Process) -> None:
    listen(process.ours)
    ignore(process.ours)

    assert signal.getsignal(signal.SIGTERM) == process.first


def test_to_ignore_it_after_the_first_signal_leaves_scrapys_second_handler(
    process: Process,
) -> None:
    listen(process.ours)
    terminate()
    ignore(process.ours)

    assert signal.getsignal(signal.SIGTERM) == process.second


def test_two_crawls_of_one_process_both_hear_of_it(process: Process) -> None:
    listen(process.ours)
    listen(process.another)
    terminate()

    assert process.heard == ["first", "ours", "another"]


def test_a_crawl_that_ends_takes_nothing_from_another(process: Process) -> None:
    listen(process.ours)
    listen(process.another)
    ignore(process.ours)
    terminate()

    assert process.heard == ["first", "another"]


def test_a_handler_that_is_not_scrapys_stays_as_it_is(process: Process) -> None:
    def of_the_program(number: int, frame: FrameType | None) -> None:
        process.heard.append("program")

    signal.signal(signal.SIGTERM, of_the_program)
    listen(process.ours)
    terminate()
    ignore(process.ours)

    assert process.heard == ["program"]
    assert signal.getsignal(signal.SIGTERM) is of_the_program


def test_a_crawl_in_a_thread_sets_no_handler(process: Process) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(listen, process.ours).result()
    terminate()

    assert process.heard == ["first"]
