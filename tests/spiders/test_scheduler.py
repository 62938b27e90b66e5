"""The scheduler: what is done, what comes again after a kill, and what must not come twice."""

from __future__ import annotations

import inspect
import logging
import re
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

import pytest
from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.core.engine import ExecutionEngine, _Slot
from scrapy.utils.test import get_crawler

import spiders.leases
import spiders.live
from archiver.capture import HELD_KEY, LEASE_KEY, NOT_BEFORE_KEY, UNDONE_KEY
from spiders.lineage import PARENT_KEY
from spiders.scheduler import ArchiveScheduler
from tests.spiders.backstage import Backstage, Walker, lease_of

READ = "Scrapy has changed: read scrapy/core/engine.py and then spiders/scheduler.py"


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have what has changed written down after two hundredths of a second, not a quarter."""
    monkeypatch.setattr(spiders.leases, "_FLUSH_SECONDS", 0.02)


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Backstage]:
    with Backstage(tmp_path / "work", tmp_path / "store") as run:
        yield run


@pytest.fixture
def next_run(run: Backstage, tmp_path: Path) -> Iterator[Callable[[], Backstage]]:
    """Give the run that follows when this one is killed now."""
    with ExitStack() as runs:
        yield lambda: runs.enter_context(run.killed(tmp_path / f"killed-{next(_NUMBERS)}"))


_NUMBERS = count()
NextRun = Callable[[], Backstage]


def page(path: str = "/a", host: str = "example.org", **arguments: Any) -> Request:
    return Request(f"http://{host}{path}", **arguments)


def start(path: str = "/a") -> Request:
    return page(path, dont_filter=True, meta={"is_start_request": True})


def again(request: Request) -> Request:
    """Return what Scrapy's retry middleware makes of *request*."""
    return request.replace(dont_filter=True)


# The queue, as Scrapy's own


def test_a_request_that_was_queued_before_is_filtered(run: Backstage) -> None:
    assert run.add(page("/a?x=1&y=2"), page("/a?y=2&x=1"), page("/b")) == [True, False, True]
    assert run.stats.get_value("scheduler/enqueued") == 2
    assert run.stats.get_value("dupefilter/filtered") == 1


def test_a_request_that_asks_not_to_be_filtered_is_queued_each_time(run: Backstage) -> None:
    assert run.add(page(dont_filter=True), page(dont_filter=True)) == [True, True]


def test_a_request_comes_out_as_it_went_in(run: Backstage) -> None:
    run.add(page(callback=run.spider.parse, meta={"depth": 2}, cb_kwargs={"a": 1}))

    request = run.take()

    assert (request.url, request.callback) == ("http://example.org/a", run.spider.parse)
    assert (request.cb_kwargs, request.meta["depth"]) == ({"a": 1}, 2)


def test_requests_wait_until_all_are_handed_out(run: Backstage) -> None:
    waiting = [run.scheduler.has_pending_requests()]
    run.add(page("/a"))
    waiting.append(run.scheduler.has_pending_requests())
    run.take_all()
    waiting.append(run.scheduler.has_pending_requests())

    assert waiting == [False, True, False]


def test_hosts_with_fewer_downloads_come_first(run: Backstage) -> None:
    run.add(page("/busy", "busy.example"), page("/idle", "idle.example"))
    run.engine.downloader.active.add(page("/before", "busy.example"))

    assert run.take_all() == ["/idle", "/busy"]


def test_no_more_of_a_host_is_handed_out_than_it_may_be_sent(run: Backstage) -> None:
    run.engine.downloader.domain_concurrency = 2
    run.add(*(page(f"/{n}") for n in range(4)), page("/other", "other.example"))
    first, other, _ = run.download(), run.download(), run.download()

    assert (other.url, run.next()) == ("http://other.example/other", None)
    assert run.scheduler.has_pending_requests()
    run.arrived(first)
    assert run.take_all() == ["/2", "/3"]  # these are not downloaded


def test_a_slots_own_concurrency_counts(run: Backstage) -> None:
    run.engine.downloader.per_slot_settings["a.example"] = {"concurrency": 1}
    run.engine.downloader.slots["b.example"] = Slot(concurrency=1, delay=0, jitter=0)
    run.add(*(page(f"/{host}{n}", f"{host}.example") for host in "ab" for n in range(2)))

    assert [run.download().url[-2:], run.download().url[-2:], run.next()] == ["a0", "b0", None]


def test_a_request_waits_here_and_not_in_the_downloader_while_its_host_is_slow(
    run: Backstage,
) -> None:
    slot = Slot(concurrency=2, delay=0.5, jitter=0)
    slot.lastseen = time.monotonic() - 0.3
    run.engine.downloader.slots["example.org"] = slot
    run.add(page("/slow"), page("/other", "other.example"))

    assert run.take_all() == ["/other"]
    run.pass_time(0.25)
    assert (run.engine.wakes, run.take_all()) == (1, ["/slow"])


def test_of_a_slow_host_one_request_at_most_waits_in_the_downloader(run: Backstage) -> None:
    run.engine.downloader.slots["example.org"] = slot = Slot(concurrency=8, delay=9, jitter=0.5)
    slot.lastseen = time.monotonic() - 60
    run.add(*(page(f"/{n}") for n in range(3)))
    waiting = run.download()
    slot.lastseen = time.monotonic() - 10

    assert (waiting.url, run.next()) == ("http://example.org/0", None)


# Hosts that are left in peace


def in_peace(request: Request, seconds: float) -> Request:
    """Return what the retry middleware makes of *request*, whose host asks for peace."""
    given_back = again(request)
    given_back.meta[NOT_BEFORE_KEY] = time.time() + seconds
    return given_back


def test_of_a_host_that_is_left_in_peace_nothing_is_handed_out_before_its_time(
    run: Backstage,
) -> None:
    run.add(page("/a"), page("/b"), page("/other", "other.example"))
    request = run.take()
    run.add(in_peace(request, 0.15), page("/c"))
    run.let_go(request)

    assert run.take_all() == ["/other"]
    assert run.scheduler.has_pending_requests()
    run.pass_time(0.1)
    assert (run.engine.wakes, run.take_all()) == (0, [])
    run.pass_time(0.1)
    assert (run.engine.wakes, run.take_all()) == (1, ["/b", "/a", "/c"])


def test_the_longest_time_of_peace_counts(run: Backstage) -> None:
    run.add(in_peace(page("/a"), 0.2), in_peace(page("/b"), 0.05))
    run.pass_time(0.1)

    assert run.take_all() == []
    run.pass_time(0.15)
    assert run.take_all() == ["/a", "/b"]


def test_a_time_that_is_over_holds_up_nobody(run: Backstage) -> None:
    run.add(in_peace(page("/a"), -1))

    assert NOT_BEFORE_KEY not in run.take().meta


def test_nobody_is_left_in_peace_for_more_than_a_day(run: Backstage) -> None:
    run.add(in_peace(page("/a"), 10**9))

    assert (run.scheduler._turns._parking.first() or 0) - time.monotonic() <= 86_400


def test_what_is_kept_in_memory_only_waits_as_well(run: Backstage) -> None:
    run.add(in_peace(volatile("/a"), 0.1), volatile("/b"), volatile("/other", "other.example"))

    assert run.take_all() == ["/other"]
    assert run.scheduler.has_pending_requests()
    run.pass_time(0.15)
    assert run.take_all() == ["/a", "/b"]


def test_of_what_is_kept_in_memory_no_more_is_handed_out_than_may_be_sent(
    run: Backstage,
) -> None:
    run.engine.downloader.domain_concurrency = 1
    run.add(volatile("/a"), volatile("/b"), volatile("/other", "other.example"))

    assert [run.download().url[-2:], run.download().url[-2:], run.next()] == ["/a", "er", None]


def test_a_kill_while_a_host_is_left_in_peace_loses_nothing(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/a"), page("/b"))
    request = run.take()
    run.add(in_peace(request, 0.3))
    run.let_go(request)
    run.pass_time()

    resumed = next_run()

    assert resumed.take_all() == ["/b"]
    assert resumed.scheduler.has_pending_requests()
    resumed.pass_time(0.3)
    assert resumed.take_all() == ["/a"]


def test_the_next_run_leaves_a_host_in_peace_that_was_to_be_left_so(
    run: Backstage, next_run: NextRun
) -> None:
    request = page("/a")
    request.priority = 1
    run.add(in_peace(request, 0.4), page("/b"), page("/other", "other.example"))
    run.pass_time()

    resumed = next_run()

    assert resumed.take_all() == ["/other"]
    assert len(resumed.scheduler._frontier) == 2
    resumed.pass_time(0.4)
    assert resumed.take_all() == ["/a", "/b"]


def test_a_crawl_that_is_stopped_leaves_what_waits_for_the_next(run: Backstage) -> None:
    run.add(in_peace(page("/a"), 60))

    run.close("shutdown")
    run.turn()

    assert run.stats.get_value("archive/frontier_left_count") == 1
    assert run.engine.wakes == 0


# Redirects to other hosts


@pytest.mark.parametrize(
    ("slot", "url", "expected"),
    [
        ("example.org", "http://other.example/a", None),
        ("example.org", "http://example.org/b", "example.org"),
        ("pilots", "http://other.example/a", "pilots"),
        (None, "http://other.example/a", None),
    ],
)
def test_a_redirect_to_another_host_goes_into_its_slot(
    run: Backstage, slot: str | None, url: str, expected: str | None
) -> None:
    run.add(page("/a"))
    request = run.take()
    request.meta.update({"download_slot": slot} if slot else {})
    redirect = request.replace(url=url)
    run.add(redirect)

    assert redirect.meta.get("download_slot") == expected


# Done, and not done


def test_what_the_engine_has_let_go_of_is_done(run: Backstage, next_run: NextRun) -> None:
    run.add(page())
    run.let_go(run.take())
    run.pass_time()

    resumed = next_run()

    assert resumed.take_all() == []
    assert resumed.add(page()) == [False]


def test_what_is_under_way_comes_again(run: Backstage, next_run: NextRun) -> None:
    run.add(page("/a"), page("/b"))
    run.take()
    run.pass_time()

    assert next_run().take_all() == ["/a", "/b"]


def test_what_was_not_written_down_yet_comes_again(run: Backstage, next_run: NextRun) -> None:
    run.add(page())
    request = run.take()
    run.pass_time()
    run.let_go(request)

    assert next_run().take_all() == ["/a"]


def test_what_could_not_be_written_comes_again(run: Backstage, next_run: NextRun) -> None:
    run.add(page("/a"), page("/b"))
    run.undo(run.take())
    run.let_go(run.take())
    run.pass_time()

    assert next_run().take_all() == ["/a"]


def test_what_could_not_be_written_does_not_come_again_in_the_same_run(run: Backstage) -> None:
    run.add(page())
    run.undo(run.take())
    run.pass_time()

    assert run.take_all() == []


def test_what_is_done_comes_again_when_its_record_is_gone(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/archived"), page("/without"))
    run.let_go(run.take(), filename="never-written.warc.gz")
    run.let_go(run.take())
    run.pass_time()

    assert next_run().take_all() == ["/archived"]


def test_what_lies_in_a_sealed_warc_is_done_for_good(run: Backstage, next_run: NextRun) -> None:
    manifests = run.store / "news" / "manifests"
    manifests.mkdir(parents=True)
    (manifests / "first.json").write_text("{}")
    run.add(page())
    run.let_go(run.take(), filename="first.warc.gz")
    run.pass_time()

    assert next_run().take_all() == []


def test_a_request_lives_until_its_mark_is_on_disk(run: Backstage) -> None:
    run.add(page())
    request = run.take()
    reference = weakref.ref(request)
    run.let_go(request)
    del request

    assert reference() is not None
    run.pass_time(0.2)
    assert reference() is None


def test_what_has_changed_much_is_written_down_at_once(
    run: Backstage, next_run: NextRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spiders.leases, "_FLUSH_SECONDS", 60)

    run.add(*(page(f"/{number}") for number in range(2000)))

    assert len(next_run().scheduler._frontier) == 2000


# Retries and redirects


def test_a_retry_takes_the_place_of_its_request(run: Backstage, next_run: NextRun) -> None:
    run.add(page("/first"))
    request = run.take()
    run.add(again(request))
    run.let_go(request)
    run.pass_time()

    resumed = next_run()

    assert resumed.take_all() == ["/first"]


def test_a_kill_between_a_request_and_its_redirect_loses_neither(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/from"))
    request = run.take()
    run.pass_time()
    run.add(request.replace(url="http://example.org/to"))
    run.let_go(request)

    assert next_run().take_all() == ["/from"]


def test_a_retry_of_a_request_that_comes_again_is_not_queued_twice(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/a"))
    request = run.take()
    run.add(again(request))
    run.pass_time()  # and no turn for the engine to let go

    resumed = next_run()
    first, second = resumed.take(), resumed.take()

    assert resumed.add(again(first)) == [False]
    assert resumed.add(again(second)) == [True]


def test_each_retry_of_one_request_is_another(run: Backstage) -> None:
    run.add(page())
    request = run.take()

    assert run.add(again(request), again(request)) == [True, True]


# Callbacks and starts that run again


def test_children_of_a_callback_that_runs_again_are_not_queued_twice(
    run: Backstage, next_run: NextRun
) -> None:
    children = [page("/x", dont_filter=True), page("/x", dont_filter=True), page("/y")]
    run.add(page("/parent", priority=1))
    assert run.yielded(run.take(), *children) == [True, True, True]
    run.pass_time()

    resumed = next_run()
    added = resumed.yielded(resumed.take(), *children, page("/x", dont_filter=True))

    assert added == [False, False, False, True]
    assert resumed.take_all() == ["/x", "/x", "/y", "/x"]


def test_children_of_different_parents_are_different(run: Backstage) -> None:
    run.add(page("/one"), page("/two"))
    child = page("/x", dont_filter=True)

    assert run.yielded(run.take(), child.copy()) == [True]
    assert run.yielded(run.take(), child.copy()) == [True]


def test_a_parent_that_is_done_is_no_parent_any_more(run: Backstage) -> None:
    run.add(page("/parent"))
    parent = run.take()
    late = page("/x", dont_filter=True, meta=parent.meta)
    run.yielded(parent, late.copy())
    run.let_go(parent)
    run.pass_time()

    assert run.add(late.copy(), late.copy()) == [True, True]


def test_notes_of_one_handing_out_are_taken_off(run: Backstage) -> None:
    run.add(page("/parent"))
    child = page("/child", meta={**run.take().meta, PARENT_KEY: 1})

    run.add(child)

    assert not {LEASE_KEY, PARENT_KEY} & child.meta.keys()


def test_a_spider_that_starts_again_does_not_add_its_start_requests_again(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(start("/a"), start("/a"), start("/b"))
    run.let_go(run.take())
    run.pass_time()

    resumed = next_run()
    added = resumed.add(start("/a"), start("/a"), start("/b"), start("/c"))

    assert added == [False, False, False, True]
    assert resumed.take_all() == ["/a", "/b", "/c"]


def test_what_is_taken_up_is_said_in_a_line(
    run: Backstage, next_run: NextRun, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "spiders.scheduler")
    run.add(page("/a"), page("/b"), page("/c"))
    run.take()
    run.pass_time()

    next_run()

    (line,) = caplog.messages
    assert line.startswith("Taking up the crawl begun ")
    assert line.endswith("2 requests wait, 1 were under way")


# Two crawls at once


def test_of_two_crawls_that_want_a_page_one_fetches_it(run: Backstage) -> None:
    with run.other("seeds") as other:
        run.add(page("/shared"), page("/mine"))
        other.add(page("/shared"), page("/theirs"))

        assert run.take_all() == ["/shared", "/mine"]
        assert other.take_all() == ["/theirs"]
        assert other.stats.get_value("archive/frontier_elsewhere_count") == 1


@pytest.mark.parametrize(
    "arguments", [{"method": "POST"}, {"body": b"query"}, {"dont_filter": True}]
)
def test_what_is_no_plain_page_is_fetched_by_both(
    run: Backstage, arguments: dict[str, Any]
) -> None:
    with run.other("seeds") as other:
        run.add(page("/shared", **arguments))
        other.add(page("/shared", **arguments))

        assert (run.take_all(), other.take_all()) == (["/shared"], ["/shared"])


def test_a_run_that_takes_up_a_killed_one_fetches_what_that_had_claimed(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/a"))
    run.take()
    run.pass_time()

    assert next_run().take_all() == ["/a"]


def test_a_stopped_crawl_that_goes_on_fetches_what_it_had_claimed_and_not_finished(
    run: Backstage,
) -> None:
    run.add(page("/a"))
    run.undo(run.take())
    run.close("shutdown")

    with run.other(job="") as resumed:
        assert resumed.take_all() == ["/a"]


def test_many_pages_that_others_fetch_do_not_hold_up_the_event_loop(run: Backstage) -> None:
    with run.other("seeds") as other:
        run.add(*(page(f"/{number}") for number in range(250)))
        other.add(*(page(f"/{number}") for number in range(250)))
        run.take_all()

        assert (other.take_all(), other.engine.wakes) == ([], 1)
        assert other.scheduler.has_pending_requests()
        assert other.take_all() == []
        assert not other.scheduler.has_pending_requests()


# What cannot be kept on disk


def volatile(path: str, host: str = "example.org") -> Request:
    then: Callable[..., None] = lambda response: None  # noqa: E731
    return page(path, host, callback=then)


def test_what_cannot_be_kept_waits_in_memory_and_comes_first(
    run: Backstage, caplog: pytest.LogCaptureFixture
) -> None:
    run.add(page("/kept"), volatile("/one"), volatile("/two"))

    assert run.take_all() == ["/one", "/two", "/kept"]
    assert run.stats.get_value("archive/frontier_volatile_count") == 2
    assert [r.levelname for r in caplog.records if "memory only" in r.message] == ["WARNING"]


def test_what_cannot_be_kept_is_filtered_all_the_same(run: Backstage) -> None:
    assert run.add(volatile("/a"), volatile("/a"), page("/a")) == [True, False, False]
    assert run.add(page("/b"), volatile("/b")) == [True, False]


def test_what_could_not_be_kept_is_wanted_anew_after_a_kill(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(volatile("/a"))
    run.pass_time()

    assert next_run().add(volatile("/a")) == [True]


def test_what_cannot_be_read_any_more_is_kept_and_not_fetched(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Taught(Walker):
        def forgotten(self, response: object) -> None:
            pass

    teacher = Taught()
    with Backstage(tmp_path, tmp_path / "store", spider=teacher) as before:
        before.add(page("/a", callback=teacher.forgotten), page("/b"))
    with Backstage(tmp_path, tmp_path / "store") as after:
        assert after.take_all() == ["/b"]
        assert after.stats.get_value("archive/frontier_unreadable_count") == 1
    with Backstage(tmp_path, tmp_path / "store", spider=Taught()) as mended:
        assert mended.take_all() == ["/a"]
    assert "'forgotten'" in caplog.text


class Trap:
    def __getstate__(self) -> dict[str, int]:
        return {"set": 1}

    def __setstate__(self, state: dict[str, int]) -> None:
        raise KeyError("bait")


class Stubborn:
    def __reduce__(self) -> str:
        raise ValueError("no way")


def test_what_raises_when_it_is_packed_is_kept_in_memory(run: Backstage) -> None:
    assert run.add(page("/a", meta={"item": Stubborn()})) == [True]
    assert run.take_all() == ["/a"]
    assert run.stats.get_value("archive/frontier_volatile_count") == 1


def test_what_raises_when_it_is_unpacked_is_kept_and_not_fetched(
    run: Backstage, next_run: NextRun, caplog: pytest.LogCaptureFixture
) -> None:
    run.add(page("/a", meta={"item": Trap()}), page("/b"))
    run.pass_time()

    resumed = next_run()

    assert resumed.take_all() == ["/b"]
    assert resumed.stats.get_value("archive/frontier_unreadable_count") == 1
    assert "KeyError: 'bait'" in caplog.text
    resumed.close("finished")
    assert resumed.stats.get_value("archive/frontier_left_count") == 1


# What stays the object that it was


def test_what_requests_share_stays_shared(run: Backstage) -> None:
    item: dict[str, int] = {}
    run.add(*(page(f"/{n}", cb_kwargs={"item": item}) for n in range(3)))

    assert all(run.take().cb_kwargs["item"] is item for _ in range(3))


def test_what_waits_beyond_the_bound_is_unpacked(
    run: Backstage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spiders.live, "_MOST", 1)
    item = {"title": "A"}
    run.add(*(page(f"/{n}", cb_kwargs={"item": item}) for n in range(2)))

    first, second = (run.take().cb_kwargs["item"] for _ in range(2))

    assert (first is item, second is item, second) == (True, False, item)


def test_one_object_that_is_queued_twice_is_never_under_way_twice(run: Backstage) -> None:
    item: dict[str, int] = {}
    request = page(dont_filter=True, cb_kwargs={"item": item})
    run.add(request, request)

    first, second = run.take(), run.take()
    run.add(first)
    third = run.take()

    assert len({id(first), id(second), id(third)}) == 3
    assert third.cb_kwargs["item"] is item


class Single(Request):
    def copy(self) -> NoReturn:
        raise ValueError("there is but one")


def test_a_request_that_cannot_be_copied_is_unpacked(run: Backstage) -> None:
    request = Single("http://example.org/a", dont_filter=True)
    run.add(request, request)

    assert (run.take() is request, run.take() is request) == (True, False)


# What is kept in memory only, and the request that it came from


def test_a_parent_is_not_done_while_a_volatile_child_waits(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/parent"))
    parent = run.take()
    run.yielded(parent, volatile("/one"), volatile("/two"), page("/kept"))
    run.let_go(parent)
    one = run.take()
    run.let_go(one)
    run.pass_time()

    resumed = next_run()
    again = resumed.take()
    added = resumed.yielded(again, volatile("/one"), volatile("/two"), page("/kept"))

    assert (again.url, added) == (parent.url, [False, True, False])
    assert resumed.take_all() == ["/two", "/kept"]


def test_a_parent_is_done_when_its_last_volatile_child_is(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/parent"))
    parent = run.take()
    run.yielded(parent, volatile("/one"), volatile("/two"))
    run.let_go(parent)
    run.let_go(run.take())
    two = run.take()
    run.pass_time()
    assert lease_of(parent) in run.scheduler._leases
    run.let_go(two)
    run.pass_time()

    assert next_run().take_all() == []


def test_a_volatile_request_is_not_done_before_its_own_volatile_children(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/parent"))
    parent = run.take()
    run.yielded(parent, volatile("/child"))
    run.let_go(parent)
    child = run.take()
    run.add(again(child))
    run.let_go(child)
    run.pass_time()

    resumed = next_run()
    assert resumed.yielded(resumed.take(), volatile("/child")) == [True]


def test_a_volatile_chain_is_done_from_its_end(run: Backstage, next_run: NextRun) -> None:
    run.add(page("/parent"))
    parent = run.take()
    run.yielded(parent, volatile("/child"))
    run.let_go(parent)
    child = run.take()
    run.yielded(child, volatile("/grandchild"))
    run.let_go(child)
    run.let_go(run.take())
    run.pass_time()

    assert next_run().take_all() == []


def test_children_of_a_volatile_request_are_not_queued_twice(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/parent"))
    parent = run.take()
    run.yielded(parent, volatile("/child"))
    run.yielded(run.take(), page("/x", dont_filter=True))
    run.pass_time()

    resumed = next_run()
    resumed.yielded(resumed.take(), volatile("/child"))
    assert resumed.yielded(resumed.take(), page("/x", dont_filter=True)) == [False]


def test_what_could_not_be_written_of_a_volatile_request_has_its_parent_come_again(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(page("/parent"))
    parent = run.take()
    run.yielded(parent, volatile("/child"))
    run.let_go(parent)
    run.undo(run.take())
    run.pass_time()

    resumed = next_run()
    assert resumed.yielded(resumed.take(), volatile("/child")) == [True]


def test_a_volatile_start_request_that_is_done_is_not_asked_for_again(
    run: Backstage, next_run: NextRun
) -> None:
    run.add(volatile("/a"), volatile("/b"))
    run.let_go(run.take())
    run.pass_time()

    assert next_run().add(volatile("/a"), volatile("/b")) == [False, True]


def test_the_next_page_of_an_article_is_wanted_as_long_as_its_first_is(
    run: Backstage, next_run: NextRun, caplog: pytest.LogCaptureFixture
) -> None:
    run.add(page("/story"))
    first = run.take()
    run.yielded(first, page("/story/2", dont_filter=True, meta={HELD_KEY: (first,)}))
    first.meta[UNDONE_KEY] = True  # its text could not be written
    run.let_go(run.take())
    run.let_go(first)
    run.pass_time()

    resumed = next_run()
    came_again = resumed.take()
    child = page("/story/2", dont_filter=True, meta={HELD_KEY: (came_again,)})
    assert came_again.url.endswith("/story")
    assert resumed.yielded(came_again, child) == [True]
    assert "kept in memory only" not in caplog.text


def test_what_is_dropped_is_counted_and_said(
    run: Backstage, caplog: pytest.LogCaptureFixture
) -> None:
    run.add(page("/a"), page("/b"), volatile("/c"), volatile("/d"))
    run.let_go(run.take())
    caplog.clear()

    run.close("shutdown")

    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.messages[0].startswith("1 requests that were kept in memory only are dropped")
    assert run.stats.get_value("archive/frontier_left_count") == 3


def test_a_crawl_that_is_finished_leaves_none(run: Backstage) -> None:
    run.add(page())
    run.let_go(run.take())

    run.close("finished")

    assert run.stats.get_value("archive/frontier_left_count") == 0


def test_a_lease_is_left_too(run: Backstage) -> None:
    run.add(page("/a"), page("/b"))
    run.undo(run.take())

    run.close("shutdown")

    assert run.stats.get_value("archive/frontier_left_count") == 2


def test_an_error_of_the_projects_own_code_loses_nothing_in_silence(
    run: Backstage, next_run: NextRun, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(request: Request) -> bytes:
        raise KeyError("no fingerprint")

    run.add(page("/parent"))
    parent = run.take()
    run.scheduler._keys._fingerprint = fail

    assert run.yielded(parent, page("/child")) == [False]
    run.let_go(parent)
    run.pass_time()

    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert next_run().take_all() == ["/parent"]


# The settings that have no effect


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, []),
        ({"JOBDIR": ""}, []),
        ({"JOBDIR": "jobs"}, ["the place of JOBDIR:"]),
        (
            {"JOBDIR": "jobs", "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter"},
            ["the place of DUPEFILTER_CLASS and JOBDIR:"],
        ),
    ],
)
def test_settings_whose_place_the_frontier_takes_are_named(
    tmp_path: Path, given: dict[str, str], said: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    folders = {"ARCHIVE_WORK_DIR": str(tmp_path), "ARCHIVE_STORE": str(tmp_path / "store")}
    scheduler = ArchiveScheduler.from_crawler(get_crawler(Walker, {**folders, **given}))

    scheduler.open(Walker())
    scheduler._frontier.close()
    scheduler._skipping.close(datetime.now(UTC))

    assert [re.search("the place of .*:", line)[0] for line in caplog.messages] == said  # type: ignore[index]


# The end


def frontiers(run: Backstage) -> list[Path]:
    return list(run.work.glob("*/frontier-*"))


def test_a_finished_crawl_leaves_no_frontier(run: Backstage) -> None:
    run.add(page())
    run.let_go(run.take())

    run.close("finished")
    assert len(frontiers(run)) == 1  # the archive has still to be sealed
    run.scheduler.engine_stopped()

    assert frontiers(run) == []


def archive_failed(run: Backstage) -> None:
    run.let_go(run.take())
    run.stats.set_value("archive/failed", 1)


UNFINISHED: dict[str, Callable[[Backstage], None]] = {
    "a request that could not be written": lambda run: run.undo(run.take()),
    "a request that was not handed out": lambda run: None,
    "an archive that failed": archive_failed,
}


@pytest.mark.parametrize("leave", UNFINISHED.values(), ids=UNFINISHED)
def test_a_crawl_that_left_something_keeps_its_frontier(
    run: Backstage, leave: Callable[[Backstage], None]
) -> None:
    run.add(page())
    leave(run)

    run.close("finished")
    run.scheduler.engine_stopped()

    assert len(frontiers(run)) == 1


def test_a_crawl_that_was_stopped_keeps_its_frontier(run: Backstage) -> None:
    run.close("shutdown")
    run.scheduler.engine_stopped()

    assert len(frontiers(run)) == 1


def test_a_scheduler_that_could_not_open_closes_in_peace() -> None:
    scheduler = ArchiveScheduler.from_crawler(get_crawler(Walker))

    scheduler.close("shutdown")
    scheduler.engine_stopped()


# What goes wrong


def test_a_frontier_that_cannot_be_written_stops_the_crawl_and_keeps_its_last_state(
    run: Backstage, next_run: NextRun, caplog: pytest.LogCaptureFixture
) -> None:
    run.add(page("/a"), page("/b"))
    run.pass_time()
    run.take()
    (path,) = run.work.glob("*/frontier-*.sqlite")
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    run.scheduler._frontier._db.run(f"PRAGMA max_page_count = {pages}")

    run.add(page("/c", meta={"big": bytes(10**6)}))
    run.turn()

    assert run.engine.closed == ["frontier_failed"]
    assert run.stats.get_value("archive/failed") == 1
    assert (run.add(page("/d")), run.take_all()) == ([False], [])
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert next_run().take_all() == ["/a", "/b"]


# What we lean on in Scrapy without a promise that it stays


def test_the_engine_has_a_slot_with_what_is_under_way() -> None:
    assert "_slot" in inspect.getsource(ExecutionEngine.__init__), READ
    slot = inspect.getsource(_Slot.__init__)
    for name in ("closing", "inprogress", "nextcall"):
        assert f"self.{name}" in slot, READ


def test_the_engine_has_a_request_under_way_in_the_turn_in_which_it_takes_it() -> None:
    source = inspect.getsource(ExecutionEngine._start_scheduled_request)
    taken = source.index("scheduler.next_request()")

    assert source.index("self._download(request)") > taken, READ
    assert "await" not in source, READ
    body = inspect.getsource(ExecutionEngine._download)
    assert body.index("add_request(request)") < body.index("yield"), READ


def test_the_engine_lets_go_once_the_output_is_handled() -> None:
    source = inspect.getsource(ExecutionEngine._start_scheduled_request)

    assert source.index("_handle_downloader_output") < source.index("self._remove_request"), READ


def test_the_downloader_tells_its_slots() -> None:
    assert "self.slots: dict[str, Slot]" in inspect.getsource(Downloader.__init__), READ
    names = {"active", "concurrency", "delay", "jitter", "lastseen", "transferring"}
    assert names <= Slot.__dataclass_fields__.keys(), READ
    made = inspect.getsource(Downloader.__init__)
    for name in ("active", "per_slot_settings", "ip_concurrency", "domain_concurrency"):
        assert f"self.{name}" in made, READ


def test_the_downloader_has_a_request_in_the_turn_in_which_it_takes_it() -> None:
    source = inspect.getsource(Downloader.fetch)

    assert source.index("self.active.add(request)") < source.index("yield"), READ


def test_the_downloader_notes_its_slot_in_the_request() -> None:
    assert "request.meta[self.DOWNLOAD_SLOT] = key" in inspect.getsource(
        Downloader._enqueue_request
    ), READ
