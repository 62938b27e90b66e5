"""The sender: in which order, how often, and what it never does, whatever the bucket answers."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count, pairwise
from pathlib import Path
from threading import Event

import pytest

from archiver.errors import StoreAway, StoreConflict, StoreError
from archiver.locks import Lock
from archiver.outbox import Left, Outbox
from archiver.outgoing import Outgoing
from archiver.sending import Sender
from archiver.storage import LocalStore
from tests.archiver.depot import Depot

PARTS = ("archive/{}.warc.gz", "indexes/{}.cdxj", "pages/{}.jsonl", "text/{}.jsonl.gz")
LOG = "news/crawls/20261121180220-article.json"
PATIENCE = 20.0


class Quay:
    """A state folder with a local collection, its outbox, and a depot to send to."""

    def __init__(self, folder: Path, *, is_kept: bool = False) -> None:
        self.folder = folder
        self.root = folder / "local"
        self.depot = Depot(folder / "depot")
        self.outbox = Outbox(folder / "outbox.sqlite")
        self.lock = Lock(folder / "outbox.lock")
        self.store = Outgoing(LocalStore(self.root), self.outbox, self.depot, is_kept=is_kept)

    def seal(self, stem: str) -> dict[str, bytes]:
        """Put the five files of *stem*, as a collection does; return their octets by name."""
        files = {part.format(stem): f"{part} of {stem}\n".encode() * 9 for part in PARTS}
        described = [
            {"path": name, "bytes": len(o), "sha256": hashlib.sha256(o).hexdigest()}
            for name, o in files.items()
        ]
        files[f"manifests/{stem}.json"] = json.dumps({"files": described}).encode()
        for name, octets in files.items():
            path = self.folder / "next"
            path.write_bytes(octets)
            self.store.put(path, f"news/{name}")
        return {f"news/{name}": octets for name, octets in files.items()}

    def log(self, octets: bytes) -> None:
        path = self.root / LOG
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
        self.store.publish(LOG)

    @contextmanager
    def sending(self, threads: int = 2) -> Iterator[Sender]:
        sender = Sender(
            self.outbox, self.depot, self.root, self.lock, threads=threads, chance=lambda: 0.0
        )
        sender.start()
        try:
            yield sender
        finally:
            assert sender.stop()

    def send(self, threads: int = 2) -> bool:
        with self.sending(threads) as sender:
            return sender.drained(PATIENCE)

    @property
    def local(self) -> set[str]:
        return _files(self.root)

    @property
    def remote(self) -> dict[str, bytes]:
        return {name: (self.depot.root / name).read_bytes() for name in _files(self.depot.root)}


def _files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.fixture
def quay(tmp_path: Path) -> Iterator[Quay]:
    quay = Quay(tmp_path)
    yield quay
    quay.outbox.close()


def raising(error: Exception, times: int, only: str = "") -> Callable[[str], None]:
    """Return what raises *error* at its first *times* calls with names that hold *only*."""
    calls = count(1)

    def first(name: str) -> None:
        if only in name and next(calls) <= times:
            raise error

    return first


def test_a_stem_arrives_whole_and_its_manifest_last(quay: Quay) -> None:
    files = quay.seal("a")

    assert quay.send()
    assert quay.remote == files
    assert quay.depot.names == [
        *(f"news/{part.format('a')}" for part in PARTS),
        "news/manifests/a.json",
    ]


def test_only_the_manifest_stays_when_a_stem_was_sent(quay: Quay) -> None:
    quay.seal("a")
    quay.send()

    assert quay.local == {"news/manifests/a.json"}


def test_all_stays_that_is_to_be_kept(tmp_path: Path) -> None:
    quay = Quay(tmp_path, is_kept=True)
    files = quay.seal("a")
    quay.send()
    quay.outbox.close()

    assert quay.local == set(files) == set(quay.remote)


def test_nothing_is_sent_of_a_stem_without_a_manifest(quay: Quay) -> None:
    path = quay.folder / "next"
    path.write_bytes(b"a WARC")
    quay.store.put(path, "news/archive/a.warc.gz")

    assert quay.send()
    assert quay.depot.calls == []


def test_nothing_is_taken_away_before_the_manifest_has_arrived(quay: Quay) -> None:
    files = quay.seal("a")
    quay.depot.first = raising(StoreAway("it is busy"), 10**9, only="manifests")

    with quay.sending() as sender:
        assert not sender.drained(1.0)

    assert quay.local == set(files)
    assert set(quay.remote) == set(files) - {"news/manifests/a.json"}


def test_a_store_that_is_away_is_tried_until_it_is_back(
    quay: Quay, caplog: pytest.LogCaptureFixture
) -> None:
    files = quay.seal("a")
    quay.depot.first = raising(StoreAway("it is busy"), 2)

    with caplog.at_level(logging.INFO), quay.sending(1) as sender:
        assert sender.drained(PATIENCE)

    assert (quay.remote, sender.failed_tries) == (files, 2)
    assert [r.message for r in caplog.records if r.levelno == logging.WARNING] == [
        "Not sent yet, and tried again: it is busy"
    ]
    assert "The store takes files again" in caplog.messages


def test_each_pause_is_twice_as_long_as_the_one_before(quay: Quay) -> None:
    quay.seal("a")
    moments: list[float] = []

    def first(name: str) -> None:
        moments.append(time.monotonic())
        if len(moments) < 4:
            raise StoreAway("it is busy")

    quay.depot.first = first
    quay.send(threads=1)

    pauses = [later - sooner for sooner, later in pairwise(moments)][:3]
    assert pauses[0] >= 0.25
    assert pauses[1] >= 0.5
    assert pauses[2] >= 1.0


def test_what_was_tried_before_is_not_called_new(quay: Quay) -> None:
    quay.seal("a")
    quay.depot.first = raising(StoreAway("it is busy"), 1)
    quay.send(threads=1)

    first, again = quay.depot.calls[:2]
    assert (first, again) == (
        ("news/archive/a.warc.gz", False, True), ("news/archive/a.warc.gz", False, False),
    )  # fmt: skip


def test_a_name_that_is_taken_is_told_and_the_rest_is_sent(
    quay: Quay, caplog: pytest.LogCaptureFixture
) -> None:
    files = quay.seal("a")
    others = quay.seal("b")
    quay.depot.first = raising(StoreConflict("archive/a is taken"), 10**9, only="archive/a")

    with quay.sending() as sender:
        assert not sender.drained(PATIENCE)

    assert quay.remote == others
    assert set(files) <= quay.local
    size = sum(map(len, files.values()))
    assert sender.left == Left(5, size, 5, size, "archive/a is taken")
    assert "Not sent, and kept on the local disk: archive/a is taken" in caplog.messages


def test_what_was_given_up_is_tried_by_the_next_sender(quay: Quay) -> None:
    files = quay.seal("a")
    quay.depot.first = raising(StoreConflict("it is taken"), 1)
    results = [quay.send(), quay.send()]

    assert (results, quay.remote) == ([False, True], files)


def test_a_file_that_has_rotted_on_the_disk_is_not_sent(quay: Quay) -> None:
    quay.seal("a")
    (quay.root / "news/indexes/a.cdxj").write_bytes(b"rotten")

    with quay.sending() as sender:
        assert not sender.drained(PATIENCE)

    assert set(quay.remote) == {"news/archive/a.warc.gz"}
    assert "is not what its manifest says" in (sender.left.problem or "")


def test_a_file_that_is_gone_and_nowhere_is_told(quay: Quay) -> None:
    quay.seal("a")
    (quay.root / "news/text/a.jsonl.gz").unlink()

    with quay.sending() as sender:
        assert not sender.drained(PATIENCE)

    assert "text/a.jsonl.gz is gone, and the bucket does not" in (sender.left.problem or "")


def test_a_lost_outbox_costs_nothing(tmp_path: Path, quay: Quay) -> None:
    files = quay.seal("a")
    quay.send()
    quay.outbox.close()
    for path in tmp_path.glob("outbox.sqlite*"):
        path.unlink()
    later = Quay(tmp_path)
    later.store.reconcile("news")

    assert later.send()
    assert later.remote == files
    assert later.outbox.sent_names() == sorted(files)
    later.outbox.close()


def test_a_stem_whose_octets_in_the_bucket_are_others_is_not_taken_for_sent(
    tmp_path: Path, quay: Quay
) -> None:
    quay.seal("a")
    quay.send()
    quay.outbox.close()
    for path in tmp_path.glob("outbox.sqlite*"):
        path.unlink()
    (quay.depot.root / "news/archive/a.warc.gz").write_bytes(b"others")
    later = Quay(tmp_path)
    later.store.reconcile("news")

    assert not later.send()
    later.outbox.close()


def test_a_kill_before_a_stem_was_entered_is_made_good(quay: Quay) -> None:
    files = quay.seal("a")
    stem = quay.outbox.next_parcel()
    assert stem is not None
    quay.outbox.close()
    quay.outbox.path.unlink()
    later = Quay(quay.folder)
    later.store.reconcile("news")

    assert later.outbox.next_parcel() == stem
    assert later.send()
    assert later.remote == files
    later.outbox.close()


def test_a_kill_before_local_files_were_taken_away_is_made_good(quay: Quay) -> None:
    quay.seal("a")
    parcel = quay.outbox.next_parcel()
    assert parcel is not None
    for entry in parcel.files:
        quay.depot.send(quay.root / entry.name, entry.name)
        quay.outbox.sent([entry])
    quay.store.reconcile("news")

    assert quay.local == {"news/manifests/a.json"}


def test_a_log_is_sent_when_a_crawl_begins_and_again_when_it_ends(quay: Quay) -> None:
    quay.log(b'{"outcome": "running", "id": "7"}')
    quay.send()
    before = quay.remote
    quay.log(b'{"outcome": "finished", "id": "7"}')
    quay.send()

    assert (before, quay.remote) == (
        {LOG: b'{"outcome": "running", "id": "7"}'},
        {LOG: b'{"outcome": "finished", "id": "7"}'},
    )  # fmt: skip
    assert quay.local == {LOG}


def test_the_log_of_a_crawl_whose_outbox_was_lost_is_sent_again(quay: Quay) -> None:
    there = quay.depot.root / LOG
    there.parent.mkdir(parents=True)
    there.write_bytes(b'{"outcome": "running", "id": "7"}')
    quay.log(b'{"outcome": "killed", "id": "7"}')

    assert quay.send()
    assert there.read_bytes() == b'{"outcome": "killed", "id": "7"}'


def test_a_log_whose_name_was_let_go_of_keeps_nobody_waiting(quay: Quay) -> None:
    quay.log(b'{"id": "7"}')
    (quay.root / LOG).unlink()

    assert quay.send()
    assert quay.remote == {}


def test_what_the_system_refuses_for_a_while_is_tried_again(quay: Quay) -> None:
    files = quay.seal("a")
    quay.depot.first = raising(OSError(24, "Too many open files"), 1)

    assert quay.send()
    assert quay.remote == files


def test_the_log_of_a_crawl_elsewhere_is_left_alone(quay: Quay) -> None:
    theirs = quay.depot.root / LOG
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b'{"id": "7"}')
    quay.log(b'{"id": "8"}')
    results = [quay.send(), quay.send()]

    assert (results, theirs.read_bytes()) == ([False, False], b'{"id": "7"}')


def test_one_process_sends_and_the_other_waits_for_it(quay: Quay) -> None:
    files = quay.seal("a")
    go_on = Event()
    quay.depot.first = lambda _: assert_(go_on.wait(PATIENCE))
    with quay.sending() as ours:
        while not quay.depot.calls:
            ours.drained(0.01)
        with quay.sending() as waiting:
            assert not waiting.drained(0.2)
            go_on.set()
            assert waiting.drained(PATIENCE)
            assert (ours.sent_files, waiting.sent_files) == (5, 0)

    assert quay.remote == files


def test_another_process_takes_over_when_the_one_that_sends_has_ended(quay: Quay) -> None:
    assert quay.lock.acquire()
    files = quay.seal("a")
    other = Quay(quay.folder)
    with other.sending() as sender:
        assert not sender.drained(0.2)
        quay.lock.release()
        assert sender.drained(PATIENCE)
    other.outbox.close()

    assert other.remote == files


def test_what_is_left_is_known_while_it_waits(quay: Quay) -> None:
    files = quay.seal("a")
    quay.depot.first = raising(StoreAway("it is busy"), 10**9)
    with quay.sending() as sender:
        sender.drained(0.3)
        assert sender.left == Left(5, sum(map(len, files.values())))


def test_a_sender_that_stops_lets_another_begin(quay: Quay) -> None:
    quay.seal("a")
    quay.depot.first = raising(StoreAway("it is busy"), 1)
    with quay.sending(1):
        pass

    assert quay.send()


def test_a_parcel_that_fails_alone_does_not_keep_the_others(quay: Quay) -> None:
    quay.seal("bad")
    others = [quay.seal(stem) for stem in ("b", "c", "d")]
    quay.depot.first = raising(StoreError("it may not be written"), 10**9, only="bad")

    with quay.sending(1) as sender:
        assert not sender.drained(4.0)

    assert quay.remote == others[0] | others[1] | others[2]
    assert sender.left.given_up == 0


def test_a_refusal_that_passes_is_got_over(quay: Quay) -> None:
    files = quay.seal("a")
    quay.depot.first = raising(StoreError("the key has expired"), 2)

    assert quay.send()
    assert quay.remote == files


def test_what_was_sent_before_a_failure_is_taken_away_too(quay: Quay) -> None:
    quay.seal("a")
    quay.depot.first = raising(StoreAway("it is busy"), 2, only="text")

    assert quay.send()
    assert quay.local == {"news/manifests/a.json"}


def assert_(condition: object) -> None:
    assert condition
