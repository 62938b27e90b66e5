"""What goes wrong between us and a bucket, by a proxy before real servers: nothing is believed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.errors import StoreAway, StoreError
from archiver.storage.bucket import S3Store
from tests.archiver.storage.buckets import LARGE, held, store_on, written
from tests.servers.faults import Do, Fault
from tests.servers.faulty import Faulty, faulty
from tests.servers.s3 import S3Server

SMALL = b"sealed for good"


@pytest.fixture(params=["swift", "rclone"])
def server(request: pytest.FixtureRequest) -> S3Server:
    """Return one server after the other."""
    server: S3Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def proxy(server: S3Server) -> Iterator[Faulty]:
    with faulty(server) as proxy:
        yield proxy


@pytest.fixture
def store(proxy: Faulty) -> S3Store:
    return store_on(proxy.server)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return written(tmp_path / "small", SMALL)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return written(tmp_path / "large", LARGE)


def unfinished(server: S3Server, store: S3Store) -> int:
    """Return how many uploads in parts *server* holds that were never ended."""
    client = server.client()
    try:
        answer = client.list_multipart_uploads(Bucket=store.place.bucket)
    except client.exceptions.NoSuchUpload:  # what rclone says of none
        return 0
    return len(answer.get("Uploads", []))


PASSING = [
    pytest.param(Fault(do=Do.FAIL, method="PUT"), id="500"),
    pytest.param(Fault(do=Do.SLOW_DOWN, method="PUT"), id="503"),
    pytest.param(Fault(do=Do.RESET_REQUEST, method="PUT"), id="reset-half-way"),
    pytest.param(Fault(do=Do.RESET_ANSWER, method="PUT"), id="stored-and-reset"),
    pytest.param(Fault(do=Do.FAIL, method="HEAD"), id="500-to-the-look"),
    pytest.param(Fault(do=Do.WRONG_ETAG, method="HEAD", after=1), id="wrong-etag"),
    pytest.param(Fault(do=Do.WRONG_ETAG, method="PUT"), id="wrong-etag-to-the-put"),
]


@pytest.mark.parametrize("fault", PASSING)
def test_what_passes_is_got_over(rclone: S3Server, small: Path, fault: Fault) -> None:
    with faulty(rclone) as proxy:
        store = store_on(proxy.server)
        proxy.add(fault)

        assert store.send(small, "x")

    assert held(rclone, store, "x") == SMALL
    assert len(proxy.fired) == 1


@pytest.mark.parametrize("do", [Do.FAIL, Do.RESET_REQUEST, Do.RESET_ANSWER])
def test_a_part_that_fails_once_is_sent_once_more(
    server: S3Server, store: S3Store, proxy: Faulty, large: Path, do: Do
) -> None:
    proxy.add(Fault(do=do, method="PUT", path="partNumber=2"))

    assert store.send(large, "x")

    assert held(server, store, "x") == LARGE
    assert len(proxy.fired) == 1


@pytest.mark.parametrize("method", ["PUT", "HEAD"])
@pytest.mark.parametrize("do", [Do.FAIL, Do.SLOW_DOWN])
def test_a_server_that_goes_on_failing_is_away(
    rclone: S3Server, small: Path, method: str, do: Do
) -> None:
    with faulty(rclone) as proxy:
        store = store_on(proxy.server)
        proxy.add(Fault(do=do, method=method, times=None))

        with pytest.raises(StoreAway, match=r"busy, full or failing \(HTTP 50[03]"):
            store.send(small, "x")

        proxy.clear()
        assert store.send(small, "x")
    assert held(rclone, store, "x") == SMALL


def test_a_server_that_goes_away_is_away(store: S3Store, proxy: Faulty, small: Path) -> None:
    proxy.away = True
    began = time.monotonic()

    with pytest.raises(StoreAway, match=r"the server cannot be reached, or does not answer \("):
        store.send(small, "x")

    assert time.monotonic() - began < 10
    proxy.away = False
    assert store.send(small, "x")


@pytest.mark.parametrize("octets", [SMALL, LARGE], ids=["small", "large"])
def test_what_is_damaged_on_its_way_is_refused_and_may_be_sent_again(
    server: S3Server, store: S3Store, proxy: Faulty, tmp_path: Path, octets: bytes
) -> None:
    path = written(tmp_path / "x", octets)
    proxy.add(Fault(do=Do.DAMAGE_REQUEST, method="PUT"))

    with pytest.raises(StoreAway, match=r"failing \(HTTP 400 \w*(Digest|Mismatch)\)$"):
        store.send(path, "x")

    assert (store.exists("x"), unfinished(server, store)) == (False, 0)
    assert store.send(path, "x")
    assert held(server, store, "x") == octets


def test_parts_of_which_one_is_refused_are_taken_back(
    server: S3Server, store: S3Store, proxy: Faulty, large: Path
) -> None:
    proxy.add(Fault(do=Do.DENY, method="PUT", path="partNumber=2", times=None))

    with pytest.raises(StoreError, match="the access key has no permission for it"):
        store.send(large, "x")

    assert (store.exists("x"), unfinished(server, store)) == (False, 0)


def test_an_upload_whose_end_was_not_heard_is_found_by_the_next_try(
    server: S3Server, store: S3Store, proxy: Faulty, large: Path
) -> None:
    proxy.add(Fault(do=Do.RESET_ANSWER, method="POST", path="uploadId="))

    # Swift answers the repeated end of an upload as it did the first, rclone forgets it.
    tries = [attempt(store, large), attempt(store, large)]

    assert tries in ([True, False], [None, False])
    assert held(server, store, "x") == LARGE


def attempt(store: S3Store, path: Path) -> bool | None:
    """Send *path*; return what that returns, or None if the store is away."""
    try:
        return store.send(path, "x")
    except StoreAway:
        return None


def test_unfinished_uploads_that_cannot_be_listed_hinder_nobody(
    store: S3Store, proxy: Faulty, large: Path
) -> None:
    proxy.add(Fault(do=Do.DENY, method="GET", path="uploads", times=None))

    assert store.send(large, "x")


def test_what_was_sent_is_read_back_where_the_server_tells_another_digest(
    server: S3Server, store: S3Store, proxy: Faulty, large: Path
) -> None:
    store.send(large, "x")
    proxy.add(Fault(do=Do.WRONG_ETAG, method="HEAD", times=None))
    before = len(proxy.requests)

    assert not store.send(large, "x")

    asked = [request.method for request in proxy.requests[before:]]
    assert asked == ["HEAD", "GET", "GET", "GET"]


@pytest.mark.parametrize("do", [Do.CUT_ANSWER, Do.RESET_ANSWER, Do.FAIL])
def test_a_range_that_is_cut_short_is_asked_for_again(
    server: S3Server, store: S3Store, proxy: Faulty, large: Path, do: Do
) -> None:
    store.send(large, "x")
    proxy.add(Fault(do=do, method="GET", after=2, times=2))

    with store.open("x") as file:
        octets = file.read()

    assert octets == LARGE
    assert len(proxy.fired) == 2


def test_ranges_that_are_always_cut_short_are_given_up(
    store: S3Store, proxy: Faulty, small: Path
) -> None:
    store.send(small, "x")
    proxy.add(Fault(do=Do.CUT_ANSWER, method="GET", times=None))

    with store.open("x") as file, pytest.raises(StoreAway, match="cut short, again and again"):
        file.read()

    assert len(proxy.fired) == 3
