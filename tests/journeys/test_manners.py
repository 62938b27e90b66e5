"""Manners, as the hosts see them that are asked: how often, how soon again, and for what."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.collected import Collected, collected
from tests.journeys.commands import PROJECT, Finished, Running, crawl_command, finished, started
from tests.journeys.street import (
    Busy,
    Crossroads,
    Failing,
    House,
    Moved,
    Ruled,
    Shut,
    Street,
    Visit,
)

SETTINGS = {
    "ARCHIVE_OPERATOR": "https://newsbot.example/about",
    "ARCHIVE_PRIVATE_HOSTS": "127.0.0.0/8",
    "AUTOTHROTTLE_ENABLED": True,
    "AUTOTHROTTLE_START_DELAY": 0.05,
    "ROBOTSTXT_OBEY": True,
    "SPIDER_MODULES": "spiders,tests.journeys.hasty",
}
LONG = (
    b"User-agent: *\nDisallow: /story/1\n" + b"#" * 63 + b"\n" + b"#" * 500_000 + b"\n" * 12_000
    + b"Disallow: /story/2\n" + b"#" * 500_000
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Houses:
    """The houses that the crawl comes by."""

    calm: House = field(default_factory=lambda: House(pace=0.1))
    busy: Busy = field(default_factory=Busy)
    slow: Ruled = field(default_factory=lambda: Ruled(text=b"User-agent: *\nCrawl-delay: 0.6\n"))
    failing: Failing = field(default_factory=Failing)
    shut: Shut = field(default_factory=Shut)
    broken: Shut = field(
        default_factory=lambda: Shut(errors=99, status="500 Internal Server Error")
    )
    long: Ruled = field(default_factory=lambda: Ruled(text=LONG))
    moved: Moved = field(default_factory=lambda: Moved(hops=5))
    lost: Moved = field(default_factory=lambda: Moved(hops=6))
    asking: Shut = field(
        default_factory=lambda: Shut(errors=1, status="503 Unavailable\r\nRetry-After: 1")
    )

    @property
    def all(self) -> list[House]:
        """All of them, in their order along the street."""
        return [
            self.calm, self.busy, self.slow, self.failing, self.shut, self.broken, self.long,
            self.moved, self.lost, self.asking,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Walked:
    """A crawl along the street: how it ended, and what it left."""

    end: Finished
    kept: Collected
    houses: Houses


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    folder = tmp_path_factory.mktemp("street")
    houses = Houses()
    with Street(houses.all):
        houses.moved.last = houses.lost.last = f"{houses.shut.base}/robots.txt"
        urls = [f"{houses.calm.base}/story/{number}" for number in range(28)]
        urls += [f"{houses.busy.base}/story/{number}" for number in range(12)]
        urls += [f"{house.base}/story/{n}" for house in houses.all[2:] for n in range(4)]
        end = finished(command(folder, urls, {}), PROJECT)
    return Walked(end=end, kept=collected(folder / "store" / "news"), houses=houses)


def command(folder: Path, urls: list[str], settings: dict[str, object]) -> list[str]:
    """Return the command that crawls *urls*."""
    seeds = folder / "seeds.txt"
    seeds.write_text("\n".join(urls), "ascii")
    return crawl_command(
        folder / "store", "-a", f"seeds={seeds}", settings={**SETTINGS, **settings}
    )


def seconds_of_peace(house: House) -> float:
    """Return after how long *house*, which wanted peace, was asked for a page again."""
    (refused,) = [visit for visit in house.visits if visit.status == 429]
    after = [visit.came_at - refused.left_at for visit in house.pages]
    return min(seconds for seconds in after if seconds > 0.3)


def stories(*numbers: int) -> list[str]:
    return sorted(f"/story/{number}" for number in numbers)


def gaps(visits: Sequence[Visit]) -> list[float]:
    """Return the seconds between the starts of one visit and of the next."""
    times = sorted(visit.came_at for visit in visits)
    return [after - before for before, after in itertools.pairwise(times)]


def test_it_comes_to_its_end(walked: Walked) -> None:
    assert walked.end.status == 0


# Peace that is asked for


def test_nothing_is_sent_to_a_host_while_it_wants_peace(walked: Walked) -> None:
    assert 2.0 <= seconds_of_peace(walked.houses.busy) < 2.6


def test_meanwhile_other_hosts_are_asked(walked: Walked) -> None:
    (refused,) = [visit for visit in walked.houses.busy.visits if visit.status == 429]
    others = [v for v in walked.houses.calm.pages if 0 < v.came_at - refused.left_at < 2.0]

    assert len(others) >= 5


def test_what_was_refused_for_a_time_is_asked_for_once_more_and_first(walked: Walked) -> None:
    (place,) = [n for n, visit in enumerate(walked.houses.busy.pages) if visit.status == 429]
    path = walked.houses.busy.paths[place]
    following = [visit for visit in walked.houses.busy.pages[place:] if visit.status == 200]

    assert path in [visit.path for visit in following[:2]]
    assert sorted({*walked.houses.busy.paths}) == stories(*range(12))
    assert len(walked.houses.busy.paths) == 13


# How fast


def test_the_delay_of_robots_txt_is_kept_by_all_requests(walked: Walked) -> None:
    assert len(walked.houses.slow.visits) == 7  # with what it might say of rights
    assert min(gaps(walked.houses.slow.visits)) > 0.57  # sockets and threads take a moment or less
    assert walked.houses.slow.most_at_once == 1


# Hosts that fail


def test_a_host_that_fails_again_and_again_is_left_in_peace_and_loses_nothing(
    walked: Walked,
) -> None:
    failures = [visit for visit in walked.houses.failing.pages if visit.status == 0]
    answered = [visit for visit in walked.houses.failing.pages if visit.status == 200]

    assert len(failures) == 6
    assert answered[0].came_at - failures[-1].left_at > 0.19
    assert sorted(visit.path for visit in answered) == stories(0, 1, 2, 3)


def test_each_parking_is_said_in_a_line(walked: Walked) -> None:
    lines = [line for line in walked.end.log_lines("INFO") if "is left in peace for" in line]
    of_the_failing = [line for line in lines if " 127.0.0.14 fails: " in line]

    assert len(of_the_failing) == 1
    assert " for 0.2 seconds (the server closed the connection unanswered)" in of_the_failing[0]


# robots.txt that does not come


def test_while_robots_txt_is_an_error_nothing_is_asked_for(walked: Walked) -> None:
    errors = [visit for visit in walked.houses.shut.rules if visit.status == 503]
    others = [visit for visit in walked.houses.shut.visits if visit.status != 503]

    assert len(errors) == 2
    assert min(v.came_at for v in others) > max(v.left_at for v in errors)
    assert gaps(walked.houses.shut.rules)[1] > 0.39  # the second time it is left alone for longer


def test_once_robots_txt_has_come_it_is_obeyed(walked: Walked) -> None:
    assert sorted(walked.houses.shut.paths) == stories(0, 2, 3)
    assert sorted(walked.houses.asking.paths) == stories(0, 2, 3)


def test_an_error_that_says_for_how_long_is_believed(walked: Walked) -> None:
    assert [visit.status for visit in walked.houses.asking.rules] == [503, 200]
    assert 1.0 <= gaps(walked.houses.asking.rules)[0] < 1.6


def test_where_robots_txt_never_comes_nothing_is_fetched(walked: Walked) -> None:
    lines = [line for line in walked.end.log_lines("INFO") if "robots.txt cannot be had" in line]
    refusals = [line for line in lines if "No page from http://127.0.0.16:" in line]

    assert walked.houses.broken.pages == []
    assert len(refusals) == 4
    # The first time, after each of eight times of peace, and perhaps for one more of the four.
    assert 9 <= len(walked.houses.broken.rules) <= 10


def test_what_comes_after_500_kib_of_robots_txt_does_not_count(walked: Walked) -> None:
    assert sorted(walked.houses.long.paths) == stories(0, 2, 3)


def test_robots_txt_is_followed_over_five_hops(walked: Walked) -> None:
    assert sorted(walked.houses.moved.paths) == stories(0, 2, 3)


def test_six_hops_are_as_good_as_no_robots_txt(walked: Walked) -> None:
    hops = [visit.path for visit in walked.houses.lost.visits if visit.path.startswith("/hop/")]

    assert hops == ["/hop/2", "/hop/3", "/hop/4", "/hop/5", "/hop/6"]
    assert sorted(walked.houses.lost.paths) == stories(0, 1, 2, 3)


# In a hurry, and stopped


def test_no_host_has_more_than_two_visitors_at_once(tmp_path: Path) -> None:
    crowded, far = House(pace=0.08), Crossroads()
    with Street([crowded, far]):
        far.target = crowded.base
        urls = [f"{house.base}/story/{n}" for n in range(10) for house in (crowded, far)]
        end = finished(command(tmp_path, urls, {"AUTOTHROTTLE_ENABLED": False}), PROJECT)

    assert end.status == 0
    assert sorted(crowded.paths) == stories(*range(10), *range(100, 110))
    assert crowded.most_at_once == 2


@pytest.mark.parametrize("stop", [Running.interrupt, Running.terminate])
def test_what_waits_for_peace_does_not_hold_up_a_stop_and_is_kept(
    tmp_path: Path, stop: Callable[[Running], None]
) -> None:
    busy = Busy(seconds=3600)
    with Street([busy]):
        crawl = command(tmp_path, [f"{busy.base}/story/{n}" for n in range(6)], {})
        with started(crawl) as running:
            running.wait_for_log("asks to be left in peace for 3600 seconds")
            stop(running)
            end = running.end()
    answered = {visit.path for visit in busy.pages if visit.status == 200}
    left = collected(tmp_path / "store" / "news").crawls[0]["stats"]["archive/frontier_left_count"]

    assert end.status == 0
    assert left == 6 - len(answered) > 0


def test_a_kill_while_a_host_is_left_in_peace_loses_nothing(tmp_path: Path) -> None:
    busy = Busy(seconds=6)
    with Street([busy]):
        crawl = command(tmp_path, [f"{busy.base}/story/{n}" for n in range(6)], {})
        with started(crawl) as running:
            running.wait_for_log("asks to be left in peace for 6 seconds")
            time.sleep(0.6)  # what is given back is written down four times a second
            running.kill()
            running.end()
        end = finished(crawl, PROJECT)

    assert end.status == 0
    assert sorted({*busy.paths}) == stories(*range(6))
    assert seconds_of_peace(busy) >= 6.0


# Ourselves


def test_it_is_counted(walked: Walked) -> None:
    stats = walked.kept.crawls[0]["stats"]

    assert stats["archive/backoff_count/429"] == 1
    assert stats["archive/backoff_count/503"] == 3
    assert stats["archive/host_parked_count"] == 11
    assert stats["archive/given_back_count"] > 11


def test_nothing_of_it_is_a_warning_or_an_error(walked: Walked) -> None:
    assert walked.end.log_lines("WARNING") + walked.end.log_lines("ERROR") == []
