"""A bucket that fails, stalls, lies and goes away, and a crawl that is killed while it sends.

Whatever happens: when all is sent, the bucket equals the local disk octet for octet, and until
then nothing has left the disk that the bucket does not hold.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.commands import wait_until
from tests.journeys.pier import STORIES, Pier, sealed, tell
from tests.journeys.site import Asked, Site
from tests.servers.faults import Do, Fault
from tests.servers.faulty import Faulty, faulty
from tests.servers.s3 import S3Server


@pytest.fixture(params=["swift", "rclone"])
def server(request: pytest.FixtureRequest) -> S3Server:
    server: S3Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def proxy(server: S3Server) -> Iterator[Faulty]:
    with faulty(server) as proxy:
        yield proxy


@pytest.fixture
def pier(server: S3Server, proxy: Faulty, tmp_path: Path) -> Pier:
    return Pier(server, tmp_path, through=proxy.server)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(tell) as site:
        yield site


ARCHIVE = "/news/archive/"
FAULTS = {
    "internal errors": [Fault(do=Do.FAIL, path=ARCHIVE, after=1, times=9)],
    "slow down": [Fault(do=Do.SLOW_DOWN, method="PUT", path="/news/", after=2, times=9)],
    "resets half way through a file": [
        Fault(do=Do.RESET_REQUEST, method="PUT", path=ARCHIVE, times=3)
    ],
    "resets in place of an answer": [
        Fault(do=Do.RESET_ANSWER, method="PUT", path="/news/", after=2, times=5)
    ],
    "a bit that turns on the way": [
        Fault(do=Do.DAMAGE_REQUEST, method="PUT", path=ARCHIVE, times=2)
    ],
    "a wrong ETag where it was sent": [
        Fault(do=Do.WRONG_ETAG, method="PUT", path=ARCHIVE, times=3)
    ],
    "a wrong ETag where it is proven": [
        Fault(do=Do.WRONG_ETAG, method="HEAD", path=ARCHIVE, times=None)
    ],
    "refusals for a while": [Fault(do=Do.DENY, method="PUT", path=ARCHIVE, times=2)],
    "a page in place of an answer": [Fault(do=Do.SPEAK_HTML, method="PUT", path=ARCHIVE, times=2)],
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_what_fails_is_sent_again_until_the_bucket_equals_the_disk(
    pier: Pier, proxy: Faulty, site: Site, faults: list[Fault]
) -> None:
    proxy.add(*faults)
    end = pier.crawl(site, ARCHIVE_KEEP_LOCAL=True)

    assert end.status == 0
    assert {fired.fault.do for fired in proxy.fired} == {fault.do for fault in faults}
    assert pier.remote == pier.local
    assert len(sealed(pier.local)) > 10
    assert pier.run("check").status == 0


def test_a_store_that_stalls_for_a_minute_is_waited_for(
    rclone: S3Server, tmp_path: Path, site: Site
) -> None:
    with faulty(rclone) as proxy:
        pier = Pier(rclone, tmp_path, through=proxy.server)
        proxy.add(Fault(do=Do.STALL, method="PUT", path=ARCHIVE, seconds=61))
        end = pier.crawl(site, ARCHIVE_KEEP_LOCAL=True)

        assert [fired.fault.do for fired in proxy.fired] == [Do.STALL]
    assert end.status == 0
    assert pier.remote == pier.local


def test_a_store_that_goes_away_for_good_costs_nothing_but_its_sync(
    pier: Pier, proxy: Faulty
) -> None:
    with (
        Site(_slowly) as site,
        pier.crawling(
            site, ARCHIVE_UPLOAD_WAIT=2, ARCHIVE_KEEP_LOCAL=True, CONCURRENT_REQUESTS=1
        ) as running,
    ):
        wait_until(lambda: any("/manifests/" in name for name in pier.names))
        proxy.away = True
        end = running.end()
    assert len(site.paths) == STORIES
    left = {name: octets for name, octets in pier.local.items() if name not in pier.remote}
    failed = pier.sync("--wait", "1")
    proxy.away = False
    synced = pier.sync()

    assert end.status == 1
    assert "are still to be sent to s3://" in end.stderr
    assert f"send them by 'archiver sync news -s ARCHIVE_WORK_DIR={pier.work}'" in end.stderr
    assert "the server cannot be reached" in end.stderr
    assert left
    assert (failed.status, synced.status) == (1, 0)
    assert "are still to be sent" in failed.stderr
    assert synced.stdout.endswith(" 0 left\n")
    assert pier.remote == pier.local
    assert pier.run("check").status == 0


def test_what_was_sent_before_a_fault_leaves_the_disk_with_the_rest(
    pier: Pier, proxy: Faulty, site: Site
) -> None:
    proxy.add(Fault(do=Do.FAIL, method="PUT", path="/news/text/", times=9))
    end = pier.crawl(site)

    assert (end.status, {name.split("/")[1] for name in pier.local}) == (
        0,
        {"manifests", "crawls"},
    )


def test_sync_sends_to_the_server_that_the_crawl_was_for(
    rclone: S3Server, swift: S3Server, tmp_path: Path, site: Site
) -> None:
    with faulty(rclone) as proxy:
        pier = Pier(rclone, tmp_path, through=proxy.server)
        proxy.add(Fault(do=Do.FAIL, method="PUT", path=ARCHIVE, times=None))
        pier.crawl(site, ARCHIVE_UPLOAD_WAIT=0)
        proxy.clear()
        elsewhere = pier.sync("-s", f"AWS_ENDPOINT_URL={swift.endpoint}")
        (tmp_path / "settings.py").write_text(f"AWS_ENDPOINT_URL = {swift.endpoint!r}\n")
        (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = settings\n")
        end = pier.sync(folder=tmp_path)

    assert (elsewhere.status, elsewhere.stdout) == (2, "")
    assert f"no crawl into 'news' at {swift.endpoint} has left anything" in elsewhere.stderr
    assert end.status == 0
    assert pier.run("check").status == 0


def test_a_wrong_key_ends_a_sync_at_once(pier: Pier, proxy: Faulty, site: Site) -> None:
    proxy.add(Fault(do=Do.FAIL, method="PUT", path=ARCHIVE, times=None))
    pier.crawl(site, ARCHIVE_UPLOAD_WAIT=0)
    proxy.clear()
    end = pier.sync("-s", "AWS_SECRET_ACCESS_KEY=guessed")

    assert (end.status, end.stdout, end.stderr.count("\n")) == (2, "", 1)
    assert "AWS_SECRET_ACCESS_KEY" in end.stderr


def test_a_crawl_into_a_store_that_stalls_begins_before_long(
    rclone: S3Server, tmp_path: Path, site: Site
) -> None:
    with faulty(rclone) as proxy:
        pier = Pier(rclone, tmp_path, through=proxy.server)
        pier.crawl(site, range(3))
        proxy.add(Fault(do=Do.STALL, seconds=600, times=None))
        began = time.monotonic()
        with pier.crawling(site, range(3, 6), ARCHIVE_UPLOAD_WAIT=0) as running:
            running.wait_for_log("The crawl begins all the same")
            wait_until(lambda: "/5" in site.paths)
            assert time.monotonic() - began < 60
            end = running.end()

    assert end.status == 1


def test_an_outbox_that_was_lost_costs_nothing(pier: Pier, proxy: Faulty, site: Site) -> None:
    proxy.add(Fault(do=Do.FAIL, method="PUT", path=ARCHIVE, times=None))
    pier.crawl(site, ARCHIVE_UPLOAD_WAIT=0)
    proxy.clear()
    for path in pier.root.parent.glob("outbox.sqlite*"):
        path.unlink()
    end = pier.sync()

    assert end.status == 0
    assert pier.run("check").status == 0
    assert len(sealed(pier.remote)) > 10


def test_nothing_leaves_the_disk_before_the_bucket_holds_it(
    pier: Pier, proxy: Faulty, site: Site
) -> None:
    proxy.add(Fault(do=Do.FAIL, method="PUT", path="/manifests/", times=None))
    pier.crawl(site, ARCHIVE_UPLOAD_WAIT=1)
    unsent = pier.local
    proxy.clear()
    assert pier.sync().status == 0
    sent = pier.remote

    assert {name.split("/")[1] for name in unsent} == {
        "archive", "indexes", "pages", "text", "manifests", "crawls",
    }  # fmt: skip
    assert sealed(sent) == sealed(unsent)
    assert {name: sent[name] for name in sealed(unsent)} == {
        name: unsent[name] for name in sealed(unsent)
    }
    assert {name.split("/")[1] for name in pier.local} == {"manifests", "crawls"}


KILLED = {
    "while it sends a WARC": Fault(do=Do.STALL, method="PUT", path=ARCHIVE, seconds=8),
    "when a WARC has arrived and is not marked": Fault(
        do=Do.STALL_ANSWER, method="PUT", path=ARCHIVE, seconds=8
    ),
    "while it proves a WARC": Fault(
        do=Do.STALL_ANSWER, method="HEAD", path=ARCHIVE, seconds=8, after=1
    ),
    "before a manifest": Fault(do=Do.STALL, method="PUT", path="/manifests/", seconds=8),
    "when a manifest has arrived and is not marked": Fault(
        do=Do.STALL_ANSWER, method="PUT", path="/manifests/", seconds=8
    ),
}


@pytest.mark.parametrize("fault", KILLED.values(), ids=KILLED)
def test_a_crawl_that_is_killed_while_it_sends_leaves_one_right_object_of_each(
    pier: Pier, proxy: Faulty, site: Site, fault: Fault
) -> None:
    proxy.add(fault)
    with pier.crawling(site, ARCHIVE_KEEP_LOCAL=True) as running:
        wait_until(lambda: proxy.fired or _has_met(proxy, fault))
        time.sleep(0.3)
        running.kill()
    proxy.clear()
    again = pier.crawl(site, ARCHIVE_KEEP_LOCAL=True)
    synced = pier.sync()

    assert (again.status, synced.status) == (0, 0)
    assert pier.remote == pier.local
    assert pier.run("check").status == 0


def test_what_a_killed_crawl_had_sealed_is_sent_by_sync_alone(
    pier: Pier, proxy: Faulty, site: Site
) -> None:
    proxy.add(Fault(do=Do.FAIL, method="PUT", path=ARCHIVE, times=None))
    with pier.crawling(site, ARCHIVE_KEEP_LOCAL=True) as running:
        wait_until(lambda: len(site.paths) == STORIES)
        wait_until(lambda: sum("/manifests/" in name for name in pier.local) > 1)
        running.kill()
    proxy.clear()
    end = pier.sync()

    assert end.status == 0
    local = {name: o for name, o in pier.local.items() if not name.endswith(".open")}
    stems = {name.split("/")[2].removesuffix(".json") for name in local if "/manifests/" in name}
    whole = {
        n: o for n, o in local.items() if "/crawls/" in n or n.split("/")[2].split(".")[0] in stems
    }
    assert pier.remote == whole


def test_a_crawl_begins_while_a_store_that_it_knows_is_away(
    pier: Pier, proxy: Faulty, site: Site
) -> None:
    pier.crawl(site, range(3))
    proxy.away = True
    end = pier.crawl(site, range(3, 6), ARCHIVE_UPLOAD_WAIT=0)
    proxy.away = False

    assert end.status == 1
    assert "The crawl begins all the same, and keeps what it seals: " in end.stderr
    assert pier.sync().status == 0
    assert pier.run("check").status == 0
    logs = [json.loads(o) for name, o in pier.remote.items() if "/crawls/" in name]
    assert [log["outcome"] for log in logs] == ["finished", "finished"]


def test_a_crawl_does_not_begin_where_a_store_that_it_does_not_know_is_away(
    pier: Pier, proxy: Faulty, site: Site
) -> None:
    proxy.away = True
    end = pier.crawl(site)

    assert (end.status, site.paths) == (2, [])


def test_a_crawl_pauses_before_what_waits_to_be_sent_fills_the_disk(
    rclone: S3Server, tmp_path: Path
) -> None:
    with faulty(rclone) as proxy, Site(_slowly) as site:
        pier = Pier(rclone, tmp_path, through=proxy.server)
        proxy.add(Fault(do=Do.DENY, method="PUT", path=ARCHIVE, times=None))
        with pier.crawling(
            site, range(60), ARCHIVE_OUTBOX_MAX_BYTES=15_000, CONCURRENT_REQUESTS=2
        ) as running:
            running.wait_for_log("The crawl pauses: ")
            wait_until(lambda: _is_quiet(site))
            paused_at = len(site.paths)
            proxy.clear()
            end = running.end()

    assert paused_at < 60
    assert "(ARCHIVE_OUTBOX_MAX_BYTES)" in end.stderr
    assert "The crawl goes on: there is room again" in end.stderr
    assert (end.status, len(site.paths)) == (0, 60)


def test_sigterm_ends_the_wait_for_a_store_that_is_away(
    pier: Pier, proxy: Faulty, site: Site
) -> None:
    with pier.crawling(site, ARCHIVE_STOP_SECONDS=3) as running:
        wait_until(lambda: site.paths)
        proxy.away = True
        running.terminate()
        began = time.monotonic()
        end = running.end()

    assert time.monotonic() - began < 15
    assert "are still to be sent" in end.stderr
    assert " files wait: archiver sync, or the next crawl" in end.stderr
    proxy.away = False
    assert pier.sync().status == 0


def test_a_second_ctrl_c_ends_the_wait_at_once(pier: Pier, proxy: Faulty, site: Site) -> None:
    with pier.crawling(site, ARCHIVE_KEEP_LOCAL=True) as running:
        wait_until(lambda: site.paths)
        proxy.away = True
        running.interrupt()
        running.wait_for_log("Closing spider (")
        time.sleep(2)
        running.interrupt()
        began = time.monotonic()
        end = running.end()
        ended = time.monotonic()
    proxy.away = False
    pier.crawl(site, ARCHIVE_KEEP_LOCAL=True)

    assert (end.status, ended - began < 15) == (1, True)
    assert "are still to be sent" in end.stderr
    assert "Traceback" not in end.stderr
    assert pier.remote == pier.local


def test_sync_of_what_was_never_crawled_is_refused_in_one_sentence(
    rclone: S3Server, tmp_path: Path
) -> None:
    end = Pier(rclone, tmp_path).sync(name="weekly")

    assert end.stderr.startswith("archiver: no crawl into 'weekly' has left anything in ")
    assert (end.status, end.stderr.count("\n")) == (2, 1)


def _slowly(asked: Asked) -> list[bytes]:
    time.sleep(0.3)
    return tell(asked)


def _has_met(proxy: Faulty, fault: Fault) -> bool:
    """Say whether the request that *fault* is to hit has come."""
    return sum(fault.matches(request) for request in proxy.requests) > fault.after


def _is_quiet(site: Site) -> bool:
    before = len(site.paths)
    time.sleep(1.5)
    return len(site.paths) == before
