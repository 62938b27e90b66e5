"""One contract, run over every store; what is special to one store stands below it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from archiver.errors import StoreConflict, StoreError
from archiver.outbox import Outbox
from archiver.outgoing import Outgoing
from archiver.storage import LocalStore, Store, open_store
from archiver.storage.bucket import S3Store
from tests.archiver.storage.buckets import store_on
from tests.disk import files_end_at

OTHER_DISK = Path("/dev/shm")


PREFIX = "a prefix/ünd 100%+more"
BUCKETS = [
    pytest.param(("swift", ""), id="swift"),
    pytest.param(("swift_https", PREFIX), id="swift-https-prefix"),
    pytest.param(("rclone", ""), id="rclone"),
    pytest.param(("rclone", PREFIX), id="rclone-prefix"),
]


KINDS = [
    pytest.param(None, id="local"), *BUCKETS, pytest.param(("rclone", None), id="outgoing"),
]  # fmt: skip


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return an empty store of each kind."""
    if request.param is None:
        yield LocalStore(tmp_path / "store")
        return
    server, prefix = request.param
    bucket = store_on(request.getfixturevalue(server), prefix or "")
    if prefix is not None:
        yield bucket
        return
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield Outgoing(LocalStore(tmp_path / "store"), outbox, bucket, is_kept=False)
    outbox.close()


@pytest.fixture
def ready(tmp_path: Path) -> Path:
    """Return a file that waits for its place in the store."""
    path = tmp_path / "x.warc.gz.open"
    path.write_bytes(b"sealed for good")
    return path


def put(store: Store, tmp_path: Path, *names: str, octets: bytes = b"") -> None:
    for name in names:
        path = tmp_path / "next"
        path.write_bytes(octets)
        store.put(path, name)


# The contract


def test_what_is_put_can_be_read(store: Store, ready: Path) -> None:
    store.put(ready, "news/archive/x.warc.gz")

    with store.open("news/archive/x.warc.gz") as file:
        assert file.read() == b"sealed for good"


def test_what_is_put_is_gone_from_where_it_was(store: Store, ready: Path) -> None:
    store.put(ready, "news/archive/x.warc.gz")

    assert not ready.exists()


def test_an_open_file_can_be_read_from_any_place(store: Store, ready: Path) -> None:
    store.put(ready, "x")

    with store.open("x") as file:
        file.seek(7)
        assert file.read(3) == b"for"


def test_an_open_file_is_read_as_any_other(store: Store, tmp_path: Path) -> None:
    octets = bytes(range(256)) * 4096
    put(store, tmp_path, "x", octets=octets)

    with store.open("x") as file:
        assert (file.readable(), file.seekable(), file.writable()) == (True, True, False)
        assert (file.read(5), file.tell()) == (octets[:5], 5)
        assert (file.seek(-3, os.SEEK_END), file.read(), file.read()) == (
            len(octets) - 3,
            octets[-3:],
            b"",
        )
        assert (file.seek(1000), file.seek(10, os.SEEK_CUR), file.read(7)) == (
            1000,
            1010,
            octets[1010:1017],
        )
        assert (file.seek(len(octets) + 10), file.read(1)) == (len(octets) + 10, b"")
        file.seek(0)
        assert file.read() == octets


def test_an_empty_file_is_a_file(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, "x")

    with store.open("x") as file:
        assert (file.read(), file.seek(0, os.SEEK_END)) == (b"", 0)
    assert list(store.list("")) == ["x"]


def test_a_store_knows_what_it_holds(store: Store, ready: Path) -> None:
    before = store.exists("news/x")

    store.put(ready, "news/x")

    assert (before, store.exists("news/x")) == (False, True)
    assert (store.exists("news"), store.exists("news/"), store.exists("n")) == (False,) * 3


def test_a_file_is_never_put_over_another(store: Store, tmp_path: Path, ready: Path) -> None:
    put(store, tmp_path, "news/x", octets=b"first")

    with pytest.raises(StoreConflict, match="exists already, and a sealed file never changes"):
        store.put(ready, "news/x")

    with store.open("news/x") as file:
        assert file.read() == b"first"
    assert ready.read_bytes() == b"sealed for good"


def test_what_is_not_there_cannot_be_put(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="No such file"):
        store.put(tmp_path / "nothing", "news/x")

    assert not store.exists("news/x")


def test_what_was_never_put_cannot_be_opened(store: Store, ready: Path) -> None:
    store.put(ready, "news/x")

    for name in ("news/y", "news", "x/news", "news/x/y"):
        with pytest.raises(StoreError, match="cannot be read"):
            store.open(name)


LISTED = {
    "": ["a/b-c", "a/b/1", "a/b/2", "a/bb/3", "a/é", "a/\U0001f600", "b/1", "c&d/e+f g%20<h>?#"],
    "a/b/": ["a/b/1", "a/b/2"],
    "a/b": ["a/b-c", "a/b/1", "a/b/2", "a/bb/3"],
    "a/b/1": ["a/b/1"],
    "a/b/12": [],
    "a/é": ["a/é"],
    "c&d/e+f g%": ["c&d/e+f g%20<h>?#"],
    "d": [],
    "c/d/": [],
    "a/b-c/": [],
}


def test_names_are_listed_by_prefix_and_in_byte_order(store: Store, tmp_path: Path) -> None:
    put(store, tmp_path, *reversed(LISTED[""]))

    assert {prefix: list(store.list(prefix)) for prefix in LISTED} == LISTED


def test_an_empty_store_lists_nothing(store: Store) -> None:
    assert list(store.list("")) == []


def test_a_store_that_can_be_written_says_so_and_holds_nothing_more(store: Store) -> None:
    store.prove_writable("news")
    store.prove_writable("news")

    assert list(store.list("")) == []


# A folder as a store


def test_a_store_is_made_when_the_first_file_arrives(tmp_path: Path, ready: Path) -> None:
    store = LocalStore(tmp_path / "a" / "b")

    assert (list(store.list("")), (tmp_path / "a").exists()) == ([], False)
    store.put(ready, "news/x")

    assert (tmp_path / "a/b/news/x").read_bytes() == b"sealed for good"


def test_a_store_that_is_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "store").write_bytes(b"a file")

    with pytest.raises(StoreError) as refusal:
        LocalStore(tmp_path / "store").prove_writable("news")

    assert str(refusal.value) == (
        f"the store '{tmp_path}/store' cannot be written (Not a directory): "
        "free it, or name another folder in ARCHIVE_STORE"
    )
    assert (tmp_path / "store").read_bytes() == b"a file"


UNWRITABLE = [
    pytest.param("/proc/store", id="a-folder-that-takes-no-files"),
    pytest.param("/dev/null/store", id="below-a-device"),
    pytest.param("x" * 300, id="a-name-that-is-too-long"),
]


@pytest.mark.parametrize("address", UNWRITABLE)
def test_a_store_that_cannot_be_written_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StoreError, match=r"^the store '.+' cannot be written \(.+\): free it, or"):
        LocalStore(Path(address)).prove_writable("news")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("made", ["", "store", "store/news"])
def test_a_full_disk_is_refused_and_nothing_is_left_behind(tmp_path: Path, made: str) -> None:
    (tmp_path / made).mkdir(parents=True, exist_ok=True)
    before = sorted(tmp_path.rglob("*"))

    with files_end_at(0), pytest.raises(StoreError, match="cannot be written"):
        LocalStore(tmp_path / "store").prove_writable("news")

    assert sorted(tmp_path.rglob("*")) == before


def test_a_place_that_is_a_file_takes_no_file(tmp_path: Path, ready: Path) -> None:
    (tmp_path / "news").write_bytes(b"a file")

    with pytest.raises(StoreError, match=r"cannot be stored: (File exists|Not a directory)"):
        LocalStore(tmp_path).put(ready, "news/x")

    assert ready.read_bytes() == b"sealed for good"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on another disk than *tmp_path*."""
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        missing = f"{OTHER_DISK} is no second disk, which this test needs"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    with TemporaryDirectory(dir=OTHER_DISK) as folder:
        yield Path(folder)


def test_a_file_may_come_from_another_disk(tmp_path: Path, elsewhere: Path, ready: Path) -> None:
    LocalStore(elsewhere).put(ready, "news/x")

    assert (elsewhere / "news/x").read_bytes() == b"sealed for good"
    assert [path.name for path in (elsewhere / "news").iterdir()] == ["x"]
    assert not ready.exists()


def test_a_file_from_another_disk_may_be_read_by_whom_it_was_before(
    elsewhere: Path, ready: Path
) -> None:
    ready.chmod(0o644)

    LocalStore(elsewhere).put(ready, "news/x")

    assert (elsewhere / "news/x").stat().st_mode & 0o777 == 0o644


def test_a_file_for_which_the_other_disk_has_no_room_leaves_no_part_of_itself(
    elsewhere: Path, ready: Path
) -> None:
    with files_end_at(5), pytest.raises(StoreError, match="cannot be stored: File too large"):
        LocalStore(elsewhere).put(ready, "news/x")

    assert list((elsewhere / "news").iterdir()) == []
    assert ready.read_bytes() == b"sealed for good"


# Addresses


@pytest.mark.parametrize("address", ["collections", "/data/archives", "./a b", "a:b"])
def test_a_path_is_the_address_of_a_folder(address: str) -> None:
    store = open_store(address)

    assert isinstance(store, LocalStore)
    assert store.root == Path(address)


@pytest.mark.parametrize("address", ["http://example.org/", "gs://b", "s4://b"])
def test_an_address_of_no_kind_that_we_know_is_refused_in_one_sentence(address: str) -> None:
    with pytest.raises(StoreError, match=r"^ARCHIVE_STORE \w+:// is not supported .*: name a"):
        open_store(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("s3://bucket", "s3://bucket"),
        ("s3://bucket/", "s3://bucket"),
        ("S3://bucket/pre/fix//", "s3://bucket/pre/fix"),
    ],
)
def test_an_address_that_begins_with_s3_is_that_of_a_bucket(address: str, expected: str) -> None:
    store = open_store(address)

    assert isinstance(store, S3Store)
    assert str(store) == expected


def test_what_only_names_a_folder_costs_no_import_of_boto3() -> None:
    script = "import sys, archiver.storage as s; s.open_store('x'); print('boto3' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert done.stdout == b"False\n"
