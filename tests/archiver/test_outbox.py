"""The outbox: what is entered, what waits, what is sent, whoever looks and whenever he dies."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archiver.errors import CollectionError, StoreError
from archiver.outbox import Entry, Left, Outbox, Parcel

WARC = Entry(name="news/archive/a.warc.gz", size=1000, sha256="aa")
INDEX = Entry(name="news/indexes/a.cdxj", size=20, sha256="bb")
COMMIT = Entry(name="news/manifests/a.json", size=3, sha256="cc")
LATER = Entry(name="news/archive/b.warc.gz", size=5, sha256="dd")
LOG = "news/crawls/20261121180220-article.json"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox.sqlite")
    yield outbox
    outbox.close()


def test_nothing_waits_in_a_new_outbox(outbox: Outbox) -> None:
    assert (outbox.next_parcel(), outbox.left()) == (None, Left())


def test_what_was_entered_waits_in_its_order(outbox: Outbox) -> None:
    outbox.enter("a", [WARC, INDEX, COMMIT])

    assert outbox.next_parcel() == Parcel("a", (WARC, INDEX, COMMIT))
    assert outbox.left() == Left(3, 1023)


def test_it_waits_for_another_process_too(tmp_path: Path, outbox: Outbox) -> None:
    outbox.enter("a", [WARC])
    other = Outbox(tmp_path / "outbox.sqlite")

    assert other.next_parcel() == Parcel("a", (WARC,))
    other.close()


def test_the_parcel_that_has_waited_longest_comes_first(outbox: Outbox) -> None:
    outbox.enter("z", [WARC])
    outbox.enter("b", [LATER])

    assert [outbox.next_parcel(but) for but in ((), {"z"}, {"z", "b"})] == [
        Parcel("z", (WARC,)), Parcel("b", (LATER,)), None,
    ]  # fmt: skip


def test_what_was_sent_waits_no_longer(outbox: Outbox) -> None:
    outbox.enter("a", [WARC, INDEX])
    outbox.sent([WARC])

    assert outbox.next_parcel() == Parcel("a", (INDEX,))
    assert (outbox.is_sent(WARC.name), outbox.is_sent(INDEX.name)) == (True, False)
    assert outbox.left() == Left(1, 20)


def test_what_is_entered_twice_is_sent_once(outbox: Outbox) -> None:
    outbox.enter("a", [WARC])
    outbox.sent([WARC])
    outbox.enter("a", [WARC, INDEX])

    assert outbox.next_parcel() == Parcel("a", (INDEX,))


def test_a_try_is_remembered(outbox: Outbox) -> None:
    outbox.enter("a", [WARC])
    parcel = outbox.next_parcel()
    assert parcel is not None
    outbox.trying(parcel)

    again = outbox.next_parcel()
    assert again is not None
    assert (parcel.files[0].tries, again.files[0].tries) == (0, 1)


def test_a_parcel_that_was_given_up_counts_but_does_not_come(outbox: Outbox) -> None:
    outbox.enter("a", [WARC, INDEX])
    outbox.enter("b", [LATER])
    outbox.trying(Parcel("a", (WARC, INDEX)))
    outbox.give_up(Parcel("a", (WARC, INDEX)), "it is taken")

    assert outbox.next_parcel() == Parcel("b", (LATER,))
    assert outbox.left() == Left(3, 1025, 2, 1020, "it is taken")


def test_a_parcel_that_was_given_up_can_be_tried_again(outbox: Outbox) -> None:
    outbox.enter("a", [WARC])
    outbox.give_up(Parcel("a", (WARC,)), "it is taken")
    outbox.try_again()

    assert outbox.next_parcel() == Parcel("a", (WARC,))
    assert outbox.left() == Left(1, 1000)


def test_all_files_of_a_parcel_are_known_when_some_are_sent(outbox: Outbox) -> None:
    outbox.enter("a", [WARC, INDEX])
    outbox.sent([WARC])

    assert outbox.files_of(Parcel("a", (INDEX,))) == [WARC, INDEX]


def test_a_log_is_sent_again_when_it_has_changed(outbox: Outbox) -> None:
    outbox.renew(LOG, 10)
    first = outbox.next_parcel()
    assert first is not None
    outbox.trying(first)
    outbox.sent(first.files)
    outbox.renew(LOG, 12)
    second = outbox.next_parcel()

    assert first.files == (Entry(name=LOG, size=10, sha256=None, is_kept=True),)
    assert second == Parcel(
        LOG, (Entry(name=LOG, size=12, sha256=None, is_kept=True, version=2, tries=1),)
    )
    assert outbox.size_of(LOG) == 12


def test_a_log_that_changes_while_it_is_sent_is_sent_again(outbox: Outbox) -> None:
    outbox.renew(LOG, 10)
    under_way = outbox.next_parcel()
    assert under_way is not None
    outbox.renew(LOG, 12)
    outbox.sent(under_way.files)

    left = outbox.next_parcel()
    assert left is not None
    assert left.files[0].version == 2


def test_what_was_sent_is_listed_by_its_beginning(outbox: Outbox) -> None:
    kept = Entry(name="news/archive/é.warc.gz", size=1, sha256="ee", is_kept=True)
    outbox.enter("a", [LATER, WARC, INDEX, kept])
    outbox.sent([LATER, WARC, kept])

    assert outbox.sent_names("news/archive/") == [WARC.name, LATER.name, kept.name]
    assert outbox.sent_names("news/archive/", kept=False) == [WARC.name, LATER.name]
    assert outbox.sent_names("news_archive/") == []


def test_its_file_is_its_owners_alone(tmp_path: Path, outbox: Outbox) -> None:
    assert outbox.path.stat().st_mode & 0o777 == 0o600


def test_any_number_of_threads_may_use_it(outbox: Outbox) -> None:
    entries = [Entry(name=f"news/archive/{n}", size=1, sha256="aa") for n in range(60)]

    def enter_and_send(entry: Entry) -> None:
        outbox.enter(entry.name, [entry])
        outbox.sent([entry])

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(enter_and_send, entries))

    assert (len(outbox.sent_names()), outbox.left()) == (60, Left())


def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"no database at all" * 100)

    with pytest.raises(CollectionError, match=r"outbox.sqlite is damaged .* delete it, and the"):
        Outbox(path)


def test_the_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()

    with pytest.raises(CollectionError, match="written by a newer version"):
        Outbox(path)


def test_a_place_that_takes_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read or written"):
        Outbox(tmp_path / "missing" / "outbox.sqlite")
