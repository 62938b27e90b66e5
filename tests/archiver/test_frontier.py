"""The frontier: its order, its memory, and what is left of it after a kill at any moment."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.capture import Location
from archiver.errors import ArchiveError, CollectionError, StoreError
from archiver.frontier import Frontier, Lease, done_records

BEGAN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
LATER = datetime(2026, 3, 5, tzinfo=UTC)
WARC = "news-1.warc.gz"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "frontier.sqlite"


@pytest.fixture
def frontier(path: Path) -> Iterator[Frontier]:
    frontier = Frontier(path, started_at=BEGAN)
    yield frontier
    frontier.close()


def idle(slot: str) -> int:
    return 0


def kept(filename: str, offset: int) -> bool:
    return True


def place(offset: int = 0, filename: str = WARC) -> Location:
    return Location(filename=filename, offset=offset, length=10)


def add(frontier: Frontier, name: str, *, slot: str = "a", priority: int = 0) -> bool:
    key = name.encode()
    return frontier.add(key, slot=slot, priority=priority, key=key) is not None


def add_all(frontier: Frontier, *names: str) -> None:
    """Add *names* in order, each in the slot of its first letter."""
    for name in names:
        add(frontier, name, slot=name[0])


def archive(frontier: Frontier, name: str, location: Location | None, id: str | None) -> None:
    """Add a request, hand it out, and mark it as done."""
    add(frontier, name)
    frontier.finish(leased(frontier).id, location, id)


def leased(frontier: Frontier, active: Callable[[str], int] = idle) -> Lease:
    lease = frontier.lease(active)
    assert lease is not None
    return lease


def drained(frontier: Frontier) -> list[str]:
    """Lease all that is queued, in the order in which it is handed out."""
    return [leased(frontier).packed.decode() for _ in range(len(frontier))]


def left(frontier: Frontier, folder: Path) -> Path:
    """Return in *folder* what a kill of the process would leave now."""
    folder.mkdir()
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{frontier.path}{suffix}", folder / f"killed.sqlite{suffix}")
    return folder / "killed.sqlite"


def killed(frontier: Frontier, folder: Path) -> Frontier:
    """Open what a kill of the process would leave now, of which the live one learns nothing."""
    return Frontier(left(frontier, folder), started_at=LATER)


# Order


def test_within_a_slot_the_oldest_comes_first(frontier: Frontier) -> None:
    add_all(frontier, "a1", "a2", "a3")

    assert drained(frontier) == ["a1", "a2", "a3"]


def test_a_higher_priority_comes_before_an_older_request(frontier: Frontier) -> None:
    add(frontier, "old", priority=-1)
    add(frontier, "new", priority=0)
    add(frontier, "urgent", priority=7)

    assert drained(frontier) == ["urgent", "new", "old"]


def test_a_priority_beyond_what_sqlite_counts_is_the_highest(frontier: Frontier) -> None:
    add(frontier, "low", priority=-(10**30))
    add(frontier, "high", priority=10**30)

    assert drained(frontier) == ["high", "low"]


def test_slots_take_turns(frontier: Frontier) -> None:
    add_all(frontier, "a1", "a2", "a3", "b1", "b2", "c1")

    assert drained(frontier) == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_the_slot_with_the_fewest_downloads_comes_first(frontier: Frontier) -> None:
    add_all(frontier, "a1", "b1", "c1")

    assert leased(frontier, {"a": 3, "b": 1, "c": 2}.__getitem__).packed == b"b1"


def test_no_more_slots_are_looked_at_than_are_busy_and_one(frontier: Frontier) -> None:
    add_all(frontier, *"abcdefghijklmnopqrstuvwxyz")
    asked: list[str] = []

    def active(slot: str) -> int:
        asked.append(slot)
        return 1 if slot in ("a", "b") else 0

    leased(frontier, active)

    assert asked == ["a", "b", "c"]


def test_an_empty_frontier_hands_nothing_out(frontier: Frontier) -> None:
    assert frontier.lease(idle) is None


def test_a_lease_tells_what_was_added(frontier: Frontier) -> None:
    number = frontier.add(b"packed", slot="a", priority=0, key=b"key")

    lease = leased(frontier)

    assert (lease.packed, lease.key) == (b"packed", b"key")
    assert lease.id == number
    assert (len(frontier), frontier.leased) == (0, 1)


# Memory


def test_a_key_is_taken_once(frontier: Frontier) -> None:
    assert add(frontier, "page")
    assert not add(frontier, "page")
    assert (len(frontier), frontier.has_seen(b"page")) == (1, True)


def test_a_key_stays_taken_when_its_request_is_done_and_forgotten(frontier: Frontier) -> None:
    add(frontier, "page")
    frontier.finish(leased(frontier).id, place())
    frontier.forget(lambda filename: True)

    assert not add(frontier, "page")


def test_a_key_may_be_noted_without_a_request(frontier: Frontier) -> None:
    assert [frontier.see(b"page"), frontier.see(b"page")] == [True, False]
    assert (add(frontier, "page"), len(frontier)) == (False, 0)


def test_a_request_without_a_key_is_never_seen(frontier: Frontier) -> None:
    first = frontier.add(b"same", slot="a", priority=0, key=None)
    second = frontier.add(b"same", slot="a", priority=0, key=None)

    assert (first, second, len(frontier)) == (1, 2, 2)


def test_an_ordinal_counts_the_questions_before(frontier: Frontier) -> None:
    ordinals = [frontier.ordinal(key) for key in (b"x", b"y", b"x", b"x")]

    assert ordinals == [0, 0, 1, 2]


def test_ordinals_begin_again_with_the_process(frontier: Frontier, tmp_path: Path) -> None:
    frontier.ordinal(b"x")
    frontier.commit()

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        assert resumed.ordinal(b"x") == 0


# What a kill leaves


def test_a_new_frontier_is_not_resumed(frontier: Frontier) -> None:
    assert (frontier.is_resumed, frontier.started_at) == (False, BEGAN)


def test_the_date_of_a_job_is_when_it_first_began(frontier: Frontier, tmp_path: Path) -> None:
    with closing(killed(frontier, tmp_path / "next")) as resumed:
        assert (resumed.is_resumed, resumed.started_at) == (True, BEGAN)


def test_a_kill_takes_what_was_not_committed_and_its_key_with_it(
    frontier: Frontier, tmp_path: Path
) -> None:
    add(frontier, "committed")
    frontier.commit()
    add(frontier, "lost")

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        assert len(resumed) == 1
        assert not add(resumed, "committed")
        assert add(resumed, "lost")


def test_what_was_leased_at_a_kill_is_handed_out_again_in_its_old_place(
    frontier: Frontier, tmp_path: Path
) -> None:
    add_all(frontier, "a1", "a2", "a3")
    first = leased(frontier)
    frontier.commit()

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        assert (len(resumed), resumed.leased) == (2, 1)
        assert resumed.take_back(kept) == 1
        again = leased(resumed)
        assert (again.id, again.packed, again.key) == (first.id, b"a1", b"a1")
        assert drained(resumed) == ["a2", "a3"]


def test_done_means_done_after_a_kill(frontier: Frontier, tmp_path: Path) -> None:
    add(frontier, "archived")
    add(frontier, "dropped")
    frontier.finish(leased(frontier).id, place(), "<urn:uuid:1>")
    frontier.finish(leased(frontier).id, None)
    frontier.commit()

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        assert resumed.take_back(kept) == 0
        assert (len(resumed), resumed.leased) == (0, 0)


def test_what_is_done_is_wanted_again_when_its_record_is_gone(
    frontier: Frontier, tmp_path: Path
) -> None:
    archive(frontier, "whole", place(100), "<whole>")
    archive(frontier, "cut", place(200), "<cut>")
    frontier.commit()

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        back = resumed.take_back(lambda filename, offset: (filename, offset) == (WARC, 100))
        assert back == 1
        assert drained(resumed) == ["cut"]
        assert resumed.leased == 1
    assert done_records(tmp_path / "next" / "killed.sqlite", WARC).keys() == {"<whole>"}


def test_what_lies_in_a_sealed_warc_is_forgotten(frontier: Frontier, tmp_path: Path) -> None:
    archive(frontier, "sealed", place(filename="sealed.warc.gz"), None)
    archive(frontier, "growing", place(filename="growing.warc.gz"), None)

    frontier.forget(lambda filename: filename == "sealed.warc.gz")
    frontier.commit()

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        resumed.take_back(lambda filename, offset: False)
        assert drained(resumed) == ["growing"]


def test_a_number_is_never_given_twice(frontier: Frontier, tmp_path: Path) -> None:
    add(frontier, "one")
    first = leased(frontier)
    frontier.finish(first.id, None)
    frontier.commit()

    with closing(killed(frontier, tmp_path / "next")) as resumed:
        add(resumed, "two")
        assert leased(resumed).id > first.id


def test_a_process_killed_with_sigkill_leaves_its_last_commit(path: Path) -> None:
    program = f"""
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from archiver.frontier import Frontier
frontier = Frontier(Path({str(path)!r}), started_at=datetime.now(UTC))
for n in range(3000):
    frontier.add(b"%d" % n, slot=str(n % 7), priority=0, key=b"%d" % n)
    if n == 1999:
        frontier.commit()
os.kill(os.getpid(), signal.SIGKILL)
"""

    process = subprocess.run([sys.executable, "-c", program], check=False)

    assert process.returncode == -9
    with closing(Frontier(path, started_at=LATER)) as resumed:
        assert len(resumed) == 2000
        assert not resumed.add(b"x", slot="0", priority=0, key=b"1999")
        assert resumed.add(b"x", slot="0", priority=0, key=b"2000")


@pytest.mark.parametrize("octets", [b"", None])
def test_a_kill_before_the_first_commit_leaves_a_frontier_that_is_new(
    path: Path, octets: bytes | None
) -> None:
    sqlite3.connect(path).close() if octets is None else path.write_bytes(octets)

    with closing(Frontier(path, started_at=BEGAN)) as frontier:
        assert (frontier.is_resumed, len(frontier)) == (False, 0)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 9)),
        st.tuples(st.just("lease"), st.just(0)),
        st.tuples(st.just("finish"), st.integers(0, 9)),
        st.tuples(st.just("commit"), st.just(0)),
    ),
    max_size=40,
)
_FOLDERS = count()


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_a_request_is_queued_or_done_after_any_history_and_never_both(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("history")
    with closing(Frontier(folder / "live.sqlite", started_at=BEGAN, sync_every=3)) as frontier:
        added, done = _played(frontier, steps)

        with closing(killed(frontier, folder / "next")) as resumed:
            resumed.take_back(kept)
            assert sorted(drained(resumed)) == sorted(added - done)
            assert all(not add(resumed, name) for name in added)


def _played(frontier: Frontier, steps: list[tuple[str, int]]) -> tuple[set[str], set[str]]:
    """Do *steps* and return which requests were added and done as of the last commit."""
    added: set[str] = set()
    done: set[str] = set()
    held: list[Lease] = []
    committed: tuple[set[str], set[str]] = (set(), set())
    for step, number in steps:
        if step == "add":
            add(frontier, str(number), slot=str(number % 3))
            added.add(str(number))
        elif step == "lease":
            held += filter(None, [frontier.lease(idle)])
        elif step == "finish" and held:
            lease = held.pop(number % len(held))
            frontier.finish(lease.id, place() if number % 2 else None)
            done.add(lease.packed.decode())
        elif step == "commit":
            frontier.commit()
            committed = set(added), set(done)
    return committed


# What a power cut leaves


def test_every_commit_is_durable_unless_asked_otherwise(frontier: Frontier) -> None:
    add(frontier, "page")

    assert frontier.commit()


def test_what_is_not_yet_durable_is_said_and_becomes_so_without_further_work(path: Path) -> None:
    with closing(Frontier(path, started_at=BEGAN, sync_every=3)) as frontier:
        add(frontier, "one")
        durable = [frontier.commit()]
        add(frontier, "two")
        durable += [frontier.commit() for _ in range(4)]

    assert durable == [False, False, True, True, True]


# What repair is told


def test_repair_is_told_the_records_of_one_warc_that_are_done(
    frontier: Frontier, tmp_path: Path
) -> None:
    archive(frontier, "here", place(), "<1>")
    archive(frontier, "elsewhere", place(filename="other.warc.gz"), "<2>")
    archive(frontier, "no response", place(), None)
    add(frontier, "leased")
    leased(frontier)
    frontier.commit()
    killed(frontier, tmp_path / "next").close()

    assert done_records(tmp_path / "next" / "killed.sqlite", WARC).keys() == {"<1>"}


def test_repair_reads_what_a_kill_left_beside_its_log(frontier: Frontier, tmp_path: Path) -> None:
    add(frontier, "page")
    frontier.finish(leased(frontier).id, place(), "<1>")
    frontier.commit()
    folder = tmp_path / "left ?#%"  # characters that a URI would take for its own

    assert done_records(left(frontier, folder), WARC).keys() == {"<1>"}


def test_where_no_frontier_is_nothing_is_done(path: Path) -> None:
    assert done_records(path, WARC) == {}
    assert not path.exists()


def test_a_frontier_that_was_only_just_made_knows_of_nothing_done(path: Path) -> None:
    path.touch()

    assert done_records(path, WARC) == {}


# The file


def test_nobody_else_may_read_the_file_or_its_log(frontier: Frontier, tmp_path: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}

    assert modes == dict.fromkeys(
        ("frontier.sqlite", "frontier.sqlite-wal", "frontier.sqlite-shm"), 0o600
    )


def test_a_removed_frontier_leaves_no_file(frontier: Frontier, tmp_path: Path) -> None:
    add(frontier, "page")
    frontier.commit()

    frontier.remove()

    assert list(tmp_path.iterdir()) == []


def test_a_log_left_by_a_removal_that_was_killed_does_not_come_back(
    frontier: Frontier, path: Path, tmp_path: Path
) -> None:
    add(frontier, "page")
    frontier.commit()
    shutil.copyfile(f"{path}-wal", tmp_path / "next.sqlite-wal")

    with closing(Frontier(tmp_path / "next.sqlite", started_at=LATER)) as begun_anew:
        assert (begun_anew.is_resumed, len(begun_anew)) == (False, 0)


OPENERS = [
    lambda path: Frontier(path, started_at=BEGAN),
    lambda path: done_records(path, WARC),
]


@pytest.mark.parametrize("opened", OPENERS)
def test_a_file_that_is_no_frontier_is_refused_with_a_remedy(
    path: Path, opened: Callable[[Path], object]
) -> None:
    path.write_bytes(b"This is a shopping list, and no database at all.\n" * 100)

    with pytest.raises(CollectionError, match=r"frontier\.sqlite is damaged .*: delete it"):
        opened(path)


@pytest.mark.parametrize("opened", OPENERS)
def test_a_frontier_of_a_newer_version_is_refused_and_left_alone(
    path: Path, opened: Callable[[Path], object]
) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 2")
    octets = path.read_bytes()

    with pytest.raises(CollectionError, match=r"written by a newer version .*: use that one"):
        opened(path)

    assert path.read_bytes() == octets


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"gone/frontier\.sqlite cannot be read or written"):
        Frontier(tmp_path / "gone" / "frontier.sqlite", started_at=BEGAN)


def test_after_an_error_nothing_is_committed_any_more(frontier: Frontier, path: Path) -> None:
    add(frontier, "committed")
    frontier.commit()
    add(frontier, "half of something")
    with closing(sqlite3.connect(path)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    frontier._db.run(f"PRAGMA max_page_count = {pages}")  # as if the disk were full

    with pytest.raises(StoreError, match=r"full.*make room"):
        frontier.add(bytes(10**6), slot="a", priority=0, key=b"big")
    with pytest.raises(StoreError, match="full"):
        frontier.commit()
    frontier.close()

    with closing(Frontier(path, started_at=LATER)) as resumed:
        assert drained(resumed) == ["committed"]
        assert not resumed.has_seen(b"big")


@pytest.mark.parametrize("size", range(0, 40_000, 3_000))
def test_a_frontier_cut_short_is_read_as_it_was_once_or_refused(path: Path, size: int) -> None:
    with closing(Frontier(path, started_at=BEGAN)) as frontier:
        add_all(frontier, *(f"{number:050}" for number in range(300)))
        frontier.commit()
    octets = path.read_bytes()
    path.write_bytes(octets[:size])

    assert _size_or_refusal(path) in (0, 300, "damaged")


def _size_or_refusal(path: Path) -> int | str:
    try:
        with closing(Frontier(path, started_at=LATER)) as frontier:
            return len(drained(frontier))
    except ArchiveError:
        return "damaged"


# Slots without a turn


def next_of(frontier: Frontier, active: Callable[[str], int | None] = idle) -> str | None:
    lease = frontier.lease(active)
    return lease.packed.decode() if lease is not None else None


def test_a_slot_that_may_have_no_more_is_passed_over(frontier: Frontier) -> None:
    add_all(frontier, "a1", "b1", "c1")
    active = {"a": None, "b": 2, "c": 1}

    assert next_of(frontier, active.__getitem__) == "c1"
    assert next_of(frontier, active.__getitem__) == "b1"
    assert next_of(frontier, active.__getitem__) is None
    assert len(frontier) == 1


def test_of_a_slot_that_is_held_nothing_is_handed_out(frontier: Frontier) -> None:
    add_all(frontier, "a1", "b1")
    frontier.hold("a")
    add_all(frontier, "a2", "b2")

    assert [next_of(frontier), next_of(frontier), next_of(frontier)] == ["b1", "b2", None]
    assert len(frontier) == 2


def test_a_slot_that_is_released_takes_its_turns_again(frontier: Frontier) -> None:
    add_all(frontier, "a1", "b1")
    frontier.hold("a")
    frontier.hold("a")
    add_all(frontier, "a2")
    frontier.release("a")

    assert drained(frontier) == ["b1", "a1", "a2"]


def test_a_slot_may_be_held_before_anything_of_it_waits(frontier: Frontier) -> None:
    frontier.hold("a")
    frontier.release("a")
    frontier.hold("a")
    add_all(frontier, "a1")

    assert next_of(frontier) is None
    frontier.release("a")
    assert next_of(frontier) == "a1"


def test_what_is_put_back_waits_as_before(frontier: Frontier) -> None:
    add_all(frontier, "a1", "a2")
    frontier.put_back(leased(frontier))

    assert (len(frontier), frontier.leased) == (2, 0)
    assert drained(frontier) == ["a1", "a2"]


def test_what_is_put_back_into_a_slot_that_is_held_waits_there(frontier: Frontier) -> None:
    add_all(frontier, "a1")
    lease = leased(frontier)
    frontier.hold("a")
    frontier.put_back(lease)

    assert (next_of(frontier), len(frontier)) == (None, 1)


def test_a_kill_finds_what_is_held(frontier: Frontier, tmp_path: Path) -> None:
    add_all(frontier, "a1", "b1")
    frontier.hold("a")
    frontier.commit()

    assert drained(killed(frontier, tmp_path / "k")) == ["a1", "b1"]
