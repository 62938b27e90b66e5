"""What a bucket does on real servers; their own client is the judge."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from archiver.errors import FileDamaged, StoreConflict, StoreError
from archiver.storage.bucket import S3Store
from tests.archiver.storage.buckets import LARGE, held, store_on, written
from tests.servers.faults import Do, Fault
from tests.servers.faulty import Faulty, faulty
from tests.servers.s3 import S3Server

SMALL = b"sealed for good"
SMALL_SHA256 = hashlib.sha256(SMALL).hexdigest()
LARGE_SHA256 = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture(params=["swift", "rclone"])
def server(request: pytest.FixtureRequest) -> S3Server:
    """Return one server after the other."""
    server: S3Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def store(server: S3Server) -> S3Store:
    return store_on(server, "pre fix")


@pytest.fixture
def proxy(server: S3Server) -> Iterator[Faulty]:
    with faulty(server) as proxy:
        yield proxy


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return written(tmp_path / "small", SMALL)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return written(tmp_path / "large", LARGE)


def told(server: S3Server, store: S3Store, name: str) -> dict[str, Any]:
    """Return what *server* says of an object, the names of its metadata in lower case."""
    key = f"pre fix/{name}"
    answer: dict[str, Any] = server.client().head_object(Bucket=store.place.bucket, Key=key)
    return answer | {"Metadata": {name.lower(): v for name, v in answer["Metadata"].items()}}


def place(server: S3Server, store: S3Store, name: str, octets: bytes, sha256: str = "") -> None:
    """Let *server* hold *octets*, as if somebody had sent them and said they had *sha256*."""
    server.client().put_object(
        Bucket=store.place.bucket,
        Key=f"pre fix/{name}",
        Body=octets,
        Metadata={"sha256": sha256} if sha256 else {},
    )


# Sending


def test_what_is_sent_is_there_and_still_here(
    server: S3Server, store: S3Store, small: Path
) -> None:
    assert store.send(small, "news/é x", sha256=SMALL_SHA256)

    assert held(server, store, "news/é x") == SMALL == small.read_bytes()
    assert told(server, store, "news/é x")["Metadata"] == {"sha256": SMALL_SHA256}
    assert store.size("news/é x") == 15


def test_what_is_large_is_sent_in_parts(server: S3Server, store: S3Store, large: Path) -> None:
    assert store.send(large, "x", sha256=LARGE_SHA256)

    assert held(server, store, "x") == LARGE == large.read_bytes()
    assert told(server, store, "x")["Metadata"] == {"sha256": LARGE_SHA256}
    assert not store.send(large, "x", sha256=LARGE_SHA256)


def test_swift_tells_the_digest_of_the_parts_digests(
    swift: S3Server, tmp_path: Path, large: Path
) -> None:
    store = store_on(swift, "pre fix")

    store.send(large, "x")

    assert told(swift, store, "x")["ETag"].endswith('-2"')


def test_rclone_tells_the_md5_of_the_whole(rclone: S3Server, large: Path) -> None:
    store = store_on(rclone, "pre fix")

    store.send(large, "x")

    assert told(rclone, store, "x")["ETag"] == f'"{hashlib.md5(LARGE).hexdigest()}"'


@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_there_already_is_not_sent_again(
    store: S3Store, small: Path, is_new: bool
) -> None:
    store.send(small, "x")

    assert not store.send(small, "x", is_new=is_new)
    store.prove_writable("")
    assert not store.send(small, "x", is_new=is_new)


def test_the_same_octets_are_the_same_whoever_sent_them(
    server: S3Server, store: S3Store, small: Path
) -> None:
    place(server, store, "x", SMALL)

    assert not store.send(small, "x")


@pytest.mark.parametrize("is_new", [True, False])
def test_what_others_hold_under_the_name_stays(
    server: S3Server, store: S3Store, small: Path, is_new: bool
) -> None:
    store.prove_writable("")
    place(server, store, "x", b"sealed for evil", hashlib.sha256(b"sealed for evil").hexdigest())

    with pytest.raises(StoreConflict, match=r"/pre fix/x exists already, and a sealed file never"):
        store.send(small, "x", is_new=is_new)

    assert held(server, store, "x") == b"sealed for evil"


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("broken", [b"sealed for", b"sealed for evil"])
def test_what_a_try_of_ours_left_broken_is_sent_again(
    server: S3Server, store: S3Store, small: Path, broken: bytes, is_new: bool
) -> None:
    store.prove_writable("")
    place(server, store, "x", broken, SMALL_SHA256)

    assert store.send(small, "x", is_new=is_new)

    assert held(server, store, "x") == SMALL


def test_what_replaces_may_replace(server: S3Server, store: S3Store, small: Path) -> None:
    place(server, store, "x", b"a crawl that goes on")

    assert store.send(small, "x", replaces=True)
    assert not store.send(small, "x", replaces=True)

    assert held(server, store, "x") == SMALL


def test_a_file_that_is_not_what_was_sealed_is_not_sent(store: S3Store, small: Path) -> None:
    with pytest.raises(StoreError, match="small is damaged: it has another SHA-256 than when"):
        store.send(small, "x", sha256=LARGE_SHA256)

    assert not store.exists("x")


def test_a_name_that_is_not_utf_8_is_refused(store: S3Store, small: Path) -> None:
    with pytest.raises(StoreError, match=r"^'x\\udcff' is not UTF-8, and no object can have"):
        store.send(small, "x\udcff")


def test_several_threads_may_send_at_once(store: S3Store, tmp_path: Path) -> None:
    files = [written(tmp_path / f"{number}", b"%d" % number * 1000) for number in range(20)]
    files += [written(tmp_path / f"large-{n}", LARGE + b"%d" % n) for n in range(3)]

    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(lambda path: store.send(path, path.name), files))

    assert sent == [True] * 23
    assert {name: store.size(name) for name in store.list("")} == {
        path.name: path.stat().st_size for path in files
    }


def test_parts_that_an_earlier_try_left_are_taken_back_and_no_others(
    server: S3Server, store: S3Store, large: Path
) -> None:
    client, bucket = server.client(), store.place.bucket
    keys = ("pre fix/x", "pre fix/x", "pre fix/xx")
    uploads = [client.create_multipart_upload(Bucket=bucket, Key=key)["UploadId"] for key in keys]

    store.send(large, "x")

    left = client.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert [(each["Key"], each["UploadId"]) for each in left] == [("pre fix/xx", uploads[2])]


def methods(proxy: Faulty) -> list[str]:
    return [request.method for request in proxy.requests]


def test_swift_itself_says_whether_a_new_file_is_there(swift: S3Server, small: Path) -> None:
    with faulty(swift) as proxy:
        store = store_on(proxy.server)
        store.prove_writable("")
        before = len(proxy.requests)

        store.send(small, "x", is_new=True)

        assert methods(proxy)[before:] == ["PUT", "HEAD"]


def test_rclone_is_asked_first(rclone: S3Server, small: Path) -> None:
    with faulty(rclone) as proxy:
        store = store_on(proxy.server)
        store.prove_writable("")
        before = len(proxy.requests)

        store.send(small, "x", is_new=True)

        assert methods(proxy)[before:] == ["HEAD", "PUT", "HEAD"]


@pytest.mark.parametrize("name", ["swift", "swift_https", "rclone"])
@pytest.mark.parametrize("octets", [SMALL, LARGE], ids=["small", "large"])
def test_checksums_may_be_asked_of_those_that_take_them(
    request: pytest.FixtureRequest, tmp_path: Path, name: str, octets: bytes
) -> None:
    server = request.getfixturevalue(name)
    store = store_on(server, checksums="when_supported")

    assert store.send(written(tmp_path / "x", octets), "x")

    assert held(server, store, "x") == octets
    with store.open("x") as file:
        assert file.read() == octets


# Reading


def test_reading_one_record_asks_for_one_range(proxy: Faulty, large: Path) -> None:
    store = store_on(proxy.server)
    store.send(large, "x")
    before = len(proxy.requests)

    with store.open("x") as file:
        file.seek(9 << 20)
        record = file.read(2000)

    assert record == LARGE[9 << 20 :][:2000]
    assert methods(proxy)[before:] == ["HEAD", "GET"]


def test_what_is_replaced_while_it_is_read_is_not_mixed(
    server: S3Server, store: S3Store, tmp_path: Path
) -> None:
    store.send(written(tmp_path / "x", bytes(1 << 20)), "x")

    with store.open("x") as file:
        file.read(10)
        place(server, store, "x", b"\1" * (1 << 20))
        with pytest.raises(StoreError, match="the object was replaced while it was read"):
            file.read()


def test_what_stands_for_a_folder_is_no_name(swift: S3Server) -> None:
    store = store_on(swift, "pre fix")
    swift.client().put_object(Bucket=store.place.bucket, Key="pre fix/news/", Body=b"")

    assert (list(store.list("")), store.exists("news/")) == ([], False)


def test_a_size_is_asked_of_what_is_there_only(store: S3Store) -> None:
    with pytest.raises(StoreError, match=r"/pre fix/x cannot be read: there is no such object"):
        store.size("x")


def test_a_store_is_shown_by_its_address(store: S3Store) -> None:
    assert repr(store) == f"S3Store('s3://{store.place.bucket}/pre fix')"


def test_a_name_is_claimed_once(server: S3Server, store: S3Store) -> None:
    store.prove_writable("news")
    claims = [store.claim("news/log", b"first"), store.claim("news/log", b"second")]

    assert (claims, held(server, store, "news/log")) == ([True, False], b"first")


def test_a_claim_whose_answer_was_lost_holds(swift: S3Server) -> None:
    with faulty(swift) as proxy:
        store = store_on(proxy.server, bucket=swift.bucket())
        store.prove_writable("news")
        proxy.add(Fault(do=Do.RESET_ANSWER, method="PUT", path="/news/log"))

        assert store.claim("news/log", b"ours")
        assert [fired.fault.do for fired in proxy.fired] == [Do.RESET_ANSWER]


def test_of_those_who_claim_at_once_one_gets_the_name(server: S3Server, store: S3Store) -> None:
    store.prove_writable("news")
    with ThreadPoolExecutor(4) as threads:
        claims = threads.map(lambda n: store.claim("news/log", f"claim {n}".encode()), range(4))
        assert sorted(claims) == [False, False, False, True]


def test_a_name_that_is_there_is_not_claimed(server: S3Server, store: S3Store) -> None:
    place(server, store, "news/log", b"theirs")

    assert not store.claim("news/log", b"ours")
    assert held(server, store, "news/log") == b"theirs"


def uploads(server: S3Server, store: S3Store) -> list[str]:
    """Return the keys of the uploads in parts that were begun and not ended."""
    try:
        found = server.client().list_multipart_uploads(Bucket=store.place.bucket)
    except server.client().exceptions.NoSuchUpload:  # as rclone says that there are none
        return []
    return [each["Key"] for each in found.get("Uploads", ())]


def test_a_large_file_that_is_not_what_was_sealed_does_not_become_an_object(
    server: S3Server, store: S3Store, large: Path
) -> None:
    octets = bytearray(LARGE)
    octets[-1] ^= 1
    large.write_bytes(octets)

    with pytest.raises(FileDamaged, match="it has another SHA-256 than when it was sealed"):
        store.send(large, "news/x", sha256=LARGE_SHA256)

    assert (store.exists("news/x"), uploads(server, store)) == (False, [])


def test_a_large_file_is_sent_with_its_digests_as_they_become_known(
    server: S3Server, store: S3Store, large: Path
) -> None:
    sent = [store.send(large, "news/x", sha256=LARGE_SHA256) for _ in range(2)]

    assert (sent, held(server, store, "news/x")) == ([True, False], LARGE)
    assert uploads(server, store) == []


def test_a_large_file_that_is_gone_is_told(store: S3Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="gone cannot be read: No such file"):
        store.send(tmp_path / "gone", "news/x", sha256=LARGE_SHA256)


def test_a_part_that_fails_leaves_no_upload_and_no_thread(swift: S3Server, large: Path) -> None:
    with faulty(swift) as proxy:
        store = store_on(proxy.server, bucket=swift.bucket())
        proxy.add(Fault(do=Do.DENY, method="PUT", path="partNumber=2", times=None))
        with pytest.raises(StoreError):
            store.send(large, "news/x", sha256=LARGE_SHA256)

    assert (store_on(swift, bucket=store.place.bucket).exists("news/x")) is False
    assert uploads(swift, store) == []
    assert [thread.name for thread in enumerate_threads() if "proof" in thread.name] == []
