from __future__ import annotations

import io
import multiprocessing
import sqlite3
import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.capture import Capture, Location, Original, Page
from archiver.errors import CollectionError, DamagedRecord, StoreError
from archiver.memory import Memory
from archiver.reader import read_records
from archiver.records import Record, page_metadata, records_of, warcinfo
from archiver.tape import Tape
from archiver.warc import WarcWriter
from tests.disk import files_end_at

INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
FERRY = "http://example.org/ferry"
TIDES = "http://example.org/tides"
PAYLOAD = b"The ferry leaves at nine, unless the fog stays.\n" * 8
DIGEST = "sha256:5ea994534c4299467b78682fe06b8fccfd5c5d1e4e8636da80c5f23bd8d30d26"
FIRST = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
SECOND = datetime(2026, 3, 11, 5, 6, 7, 8, tzinfo=UTC)
THIRD = datetime(2026, 3, 18, 5, 6, 7, 8, tzinfo=UTC)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory(tmp_path / "memory.sqlite")
    yield memory
    memory.close()


def uuid(last: str) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-00000000000{last}>"


def capture(
    last: str, target: str = FERRY, *, at: datetime = FIRST, fields: bytes = b'ETag: "a"\r\n',
    payload: bytes = PAYLOAD, status: bytes = b"200 OK", method: bytes = b"GET",
) -> Capture:  # fmt: skip
    head = b"HTTP/1.1 %b\r\n%bContent-Length: %d\r\n\r\n" % (status, fields, len(payload))
    return Capture(
        target=target,
        captured_at=at,
        request=method + b" / HTTP/1.1\r\nHost: example.org\r\n\r\n",
        response=Tape.of(head + payload),
        request_id=f"<urn:uuid:00000000-0000-4000-8000-00000000001{last}>",
        response_id=uuid(last),
    )


def place(last: str, filename: str = "a.warc.gz") -> Location:
    return Location(filename=filename, offset=1000 * int(last, 16), length=700)


def note(memory: Memory, capture: Capture, filename: str = "a.warc.gz") -> None:
    record = records_of(capture, warcinfo_id=INFO_ID)[0]
    memory.note(record, place(capture.response_id[-2], filename))


def note_many(memory: Memory, count: int, filename: str = "a.warc.gz") -> None:
    record = records_of(capture("1"), warcinfo_id=INFO_ID)[0]
    for number in range(count):
        memory.note(record, Location(filename=filename, offset=number, length=1))


def count_of_visits(path: Path) -> int:
    with closing(sqlite3.connect(path)) as reader:
        (count,) = reader.execute("SELECT count(*) FROM visits").fetchone()
    return int(count)


def note_revisit(
    memory: Memory, capture: Capture, original: Original, filename: str = "a.warc.gz"
) -> Record:
    record = records_of(capture, warcinfo_id=INFO_ID, original_of=lambda digest, head: original)[0]
    memory.note(record, place(capture.response_id[-2], filename))
    return record


def note_unmodified(memory: Memory, capture: Capture, original: Original) -> None:
    capture = replace(capture, response=Tape.of(b'HTTP/1.1 304 Not Modified\r\nETag: "b"\r\n\r\n'))
    record = records_of(capture, warcinfo_id=INFO_ID, unchanged=original)[0]
    memory.note(record, place(capture.response_id[-2]))


THE_FIRST = Original(
    record_id=uuid("1"),
    target=FERRY,
    date="2026-03-04T05:06:07.000008Z",
    payload_digest=DIGEST,
    location=place("1"),
    status=200,
    etag='"a"',
)


# Repeated payloads


def test_a_payload_of_the_growing_warc_is_known_at_once(memory: Memory) -> None:
    note(memory, capture("1"))

    assert memory.by_payload(DIGEST, None, growing="a.warc.gz") == THE_FIRST


def test_a_payload_of_a_warc_that_grows_elsewhere_is_not_durably_there(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.commit()

    assert memory.by_payload(DIGEST, None, growing="b.warc.gz") is None


def test_a_payload_of_a_sealed_warc_may_be_referred_to_from_any(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.sealed("a.warc.gz")

    assert memory.by_payload(DIGEST, None, growing="b.warc.gz") == THE_FIRST


@pytest.mark.parametrize(("target", "is_known"), [(FERRY, True), (TIDES, False)])
def test_a_payload_may_be_asked_for_at_one_target_alone(
    target: str, is_known: bool, memory: Memory
) -> None:
    note(memory, capture("1"))

    assert (memory.by_payload(DIGEST, target, growing="a.warc.gz") is not None) is is_known


def test_a_page_is_referred_to_rather_than_an_earlier_response(memory: Memory) -> None:
    note(memory, capture("1"))
    note(memory, capture("2", TIDES, at=SECOND))
    memory.note_page(uuid("2"), [TIDES])

    found = memory.by_payload(DIGEST, None, growing="a.warc.gz")

    assert found is not None
    assert (found.record_id, found.is_page) == (uuid("2"), True)


def test_the_earliest_response_is_referred_to_where_no_page_is(memory: Memory) -> None:
    note(memory, capture("2", TIDES, at=SECOND))
    note(memory, capture("1"))

    assert memory.by_payload(DIGEST, None, growing="a.warc.gz") == THE_FIRST


def test_a_revisit_is_never_referred_to(memory: Memory) -> None:
    note_revisit(memory, capture("2", at=SECOND), THE_FIRST)

    assert memory.by_payload(DIGEST, None, growing="a.warc.gz") is None
    assert memory.by_record(uuid("2")) is None


@pytest.mark.parametrize(
    "seldom",
    [
        capture("1", payload=PAYLOAD[:255]),
        capture("1", payload=b""),
        capture("1", status=b"302 Found"),
        capture("1", method=b"POST"),
        replace(capture("1"), truncated="time"),
    ],
    ids=["255 octets", "nothing", "a redirect", "no answer to GET", "truncated"],
)
def test_what_is_never_a_revisit_is_never_referred_to(seldom: Capture, memory: Memory) -> None:
    record = records_of(seldom, warcinfo_id=INFO_ID)[0]
    memory.note(record, place("1"))

    digest = record.get("WARC-Payload-Digest") or ""
    assert memory.by_payload(digest, None, growing="a.warc.gz") is None


def test_a_request_and_a_page_description_are_no_visits(memory: Memory) -> None:
    page = page_of("1")
    memory.note(records_of(capture("1"), warcinfo_id=INFO_ID)[1], place("1"))
    memory.note(page_metadata(page, record_id=uuid("2"), warcinfo_id=INFO_ID), place("2"))

    assert memory.by_record(uuid("2")) is None


# Conditional requests


def test_a_target_is_asked_about_with_what_its_server_said_last(memory: Memory) -> None:
    note(memory, capture("1"))
    note(memory, capture("2", at=SECOND, fields=b"Last-Modified: Sun\r\n", payload=PAYLOAD * 2))
    memory.sealed("a.warc.gz")

    found = memory.by_target(FERRY, before=THIRD)

    assert found is not None
    assert (found.record_id, found.etag, found.last_modified) == (uuid("2"), None, "Sun")


def test_only_an_earlier_crawl_is_asked_about(memory: Memory) -> None:
    note(memory, capture("1"))
    note(memory, capture("2", at=SECOND))
    memory.sealed("a.warc.gz")

    assert memory.by_target(FERRY, before=SECOND) == THE_FIRST
    assert memory.by_target(FERRY, before=FIRST) is None


def test_a_small_payload_may_be_asked_about(memory: Memory) -> None:
    note(memory, capture("1", payload=b"Closed."))
    memory.sealed("a.warc.gz")

    assert memory.by_target(FERRY, before=THIRD) is not None


@pytest.mark.parametrize(
    "other",
    [
        capture("1", fields=b"", at=FIRST),
        capture("1", fields=b"ETag:\r\n", at=FIRST),
        capture("1", status=b"404 Not Found"),
        capture("1", status=b"206 Partial Content"),
        capture("1", method=b"POST"),
        capture("1", TIDES),
        replace(capture("1"), truncated="length"),
    ],
    ids=["no fields", "an empty field", "404", "206", "POST", "elsewhere", "truncated"],
)
def test_what_says_nothing_of_its_version_is_not_asked_about(
    other: Capture, memory: Memory
) -> None:
    note(memory, other)
    memory.sealed("a.warc.gz")

    assert memory.by_target(FERRY, before=THIRD) is None


def test_nothing_is_asked_about_that_is_not_sealed(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.commit()

    assert memory.by_target(FERRY, before=THIRD) is None


def test_a_repetition_is_asked_about_by_its_original_with_its_own_fields(memory: Memory) -> None:
    note(memory, capture("1"))
    note_revisit(memory, capture("2", TIDES, at=SECOND, fields=b'ETag: "b"\r\n'), THE_FIRST)
    memory.sealed("a.warc.gz")

    assert memory.by_target(TIDES, before=THIRD) == replace(THE_FIRST, etag='"b"')


def test_a_repetition_of_what_is_gone_is_not_asked_about(memory: Memory) -> None:
    note_revisit(memory, capture("2", TIDES, at=SECOND), THE_FIRST, "b.warc.gz")
    memory.sealed("b.warc.gz")

    assert memory.by_target(TIDES, before=THIRD) is None


# Pages


def page_of(last: str, target: str = FERRY) -> Page:
    return Page(
        target=target,
        captured_at=FIRST,
        record_id=uuid(last),
        location=place(last),
        collection="news",
        url_requested="http://example.org/short",
    )


def test_a_page_is_there_at_its_url_and_at_those_that_led_to_it(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY, "http://example.org/short"])
    memory.sealed("a.warc.gz")

    asked = [FERRY, "http://example.org/short", TIDES]
    assert [memory.has_page(url, before=SECOND) for url in asked] == [True, True, False]


def test_a_page_noted_after_its_response_was_written_is_there(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.commit()
    memory.note_page(uuid("1"), [FERRY])
    memory.sealed("a.warc.gz")

    assert memory.has_page(FERRY, before=SECOND)


def test_a_page_counts_once_it_is_sealed_and_for_later_crawls(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])
    memory.commit()
    is_there_too_soon = memory.has_page(FERRY, before=SECOND)

    memory.sealed("a.warc.gz")

    assert not is_there_too_soon
    assert not memory.has_page(FERRY, before=FIRST)


def test_a_response_alone_is_no_page(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.sealed("a.warc.gz")

    assert not memory.has_page(FERRY, before=SECOND)


def test_a_page_that_came_in_part_is_fetched_again(memory: Memory) -> None:
    note(memory, replace(capture("1"), truncated="disconnect"))
    memory.note_page(uuid("1"), [FERRY])
    memory.sealed("a.warc.gz")

    assert not memory.has_page(FERRY, before=SECOND)


def test_the_repetition_of_a_page_is_there_too(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])
    note_revisit(memory, capture("2", TIDES), THE_FIRST)
    memory.sealed("a.warc.gz")

    assert memory.has_page(TIDES, before=SECOND)


def test_a_payload_is_read_where_a_revisit_of_it_is_a_page(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.sealed("a.warc.gz")
    note_revisit(memory, capture("2", at=SECOND), THE_FIRST, "b.warc.gz")

    memory.note_page(uuid("2"), [FERRY])

    assert memory.by_record(uuid("1")) == replace(THE_FIRST, is_page=True)


def test_an_unmodified_page_is_one_at_once(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])
    note_unmodified(memory, capture("2", TIDES, at=SECOND), THE_FIRST)
    memory.sealed("a.warc.gz")

    assert memory.has_page(TIDES, before=THIRD)


def test_an_unmodified_answer_may_become_a_page(memory: Memory) -> None:
    note(memory, capture("1"))
    note_unmodified(memory, capture("2", at=SECOND), THE_FIRST)

    memory.note_page(uuid("2"), [FERRY])

    assert memory.by_record(uuid("1")) == replace(THE_FIRST, is_page=True)


def test_an_unmodified_answer_is_not_asked_about(memory: Memory) -> None:
    note(memory, capture("1"))
    note_unmodified(memory, capture("2", at=SECOND, fields=b'ETag: "b"\r\n'), THE_FIRST)
    memory.sealed("a.warc.gz")

    assert memory.by_target(FERRY, before=THIRD) == THE_FIRST


def test_a_payload_is_unread_again_when_the_page_is_forgotten(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.sealed("a.warc.gz")
    note_revisit(memory, capture("2", at=SECOND), THE_FIRST, "b.warc.gz")
    memory.note_page(uuid("2"), [FERRY])

    memory.forget("b.warc.gz")

    assert memory.by_record(uuid("1")) == THE_FIRST


def test_a_url_that_is_no_text_is_looked_up_all_the_same(memory: Memory) -> None:
    note(memory, capture("1", "http://example.org/\udcff"))
    memory.note_page(uuid("1"), ["http://example.org/\udc80\0"])
    memory.sealed("a.warc.gz")

    assert memory.has_page("http://example.org/\udcff", before=SECOND)
    assert memory.has_page("http://example.org/\udc80\0", before=SECOND)


# WARCs


def test_a_record_is_found_by_its_id_wherever_it_lies(memory: Memory) -> None:
    note(memory, capture("1"))
    fresh = memory.by_record(uuid("1"))
    memory.commit()

    assert fresh == memory.by_record(uuid("1")) == THE_FIRST


def test_only_sealed_warcs_are_known(memory: Memory) -> None:
    note(memory, capture("1"), "a.warc.gz")
    note(memory, capture("2"), "b.warc.gz")
    memory.sealed("b.warc.gz")
    memory.sealed("empty.warc.gz")

    assert memory.known() == {"b.warc.gz", "empty.warc.gz"}


def test_a_warc_can_be_forgotten_and_the_others_stay(memory: Memory) -> None:
    note(memory, capture("1"), "a.warc.gz")
    note(memory, capture("2", TIDES), "b.warc.gz")
    memory.note_page(uuid("1"), ["http://example.org/short"])
    memory.sealed("a.warc.gz")
    memory.sealed("b.warc.gz")

    memory.forget("a.warc.gz")

    assert memory.known() == {"b.warc.gz"}
    assert memory.by_record(uuid("1")) is None
    assert memory.by_record(uuid("2")) is not None
    assert not memory.has_page("http://example.org/short", before=SECOND)


def test_what_waits_to_be_written_can_be_forgotten(memory: Memory) -> None:
    note(memory, capture("1"))

    memory.forget("a.warc.gz")

    assert memory.by_record(uuid("1")) is None


def test_a_memory_outlives_its_process(memory: Memory, tmp_path: Path) -> None:
    note(memory, capture("1"))
    memory.sealed("a.warc.gz")
    memory.close()

    with closing(Memory(tmp_path / "memory.sqlite")) as again:
        assert again.by_payload(DIGEST, None, growing="b.warc.gz") == THE_FIRST


def test_a_kill_takes_what_was_not_committed_and_no_more(memory: Memory, tmp_path: Path) -> None:
    note(memory, capture("1"))
    memory.commit()
    note(memory, capture("2"))

    with closing(Memory(tmp_path / "memory.sqlite")) as after:
        assert (after.by_record(uuid("1")), after.by_record(uuid("2"))) == (THE_FIRST, None)


def test_many_visits_are_committed_by_themselves(memory: Memory, tmp_path: Path) -> None:
    note_many(memory, 501)

    assert count_of_visits(tmp_path / "memory.sqlite") == 500


# Learning from a WARC


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    """Return the path of a WARC with a page, a POST, a truncated response and a revisit."""
    path = tmp_path / "a.warc.gz"
    writer = WarcWriter(path, path.name)
    info = warcinfo({}, record_id=INFO_ID, filename=path.name, written_at=FIRST)
    page = page_metadata(page_of("1"), record_id=uuid("8"), warcinfo_id=INFO_ID)
    revisit = records_of(
        capture("4", TIDES, at=SECOND, fields=b'ETag: "b"\r\n'),
        warcinfo_id=INFO_ID,
        original_of=lambda digest, head: THE_FIRST,
    )
    writer.write(info)
    writer.write_all(records_of(capture("1"), warcinfo_id=INFO_ID))
    writer.write_all(records_of(capture("2", method=b"POST"), warcinfo_id=INFO_ID))
    cut = replace(capture("3"), truncated="time")
    writer.write_all(records_of(cut, warcinfo_id=INFO_ID))
    writer.write_all([page, *revisit])
    writer.close()
    return path


def learn(memory: Memory, octets: bytes, *, is_sealed: bool = True) -> None:
    memory.learn("a.warc.gz", read_records(io.BytesIO(octets), "a.warc.gz"), is_sealed=is_sealed)


def test_a_warc_that_is_read_back_tells_what_was_noted(memory: Memory, warc: Path) -> None:
    learn(memory, warc.read_bytes())

    found = memory.by_payload(DIGEST, None, growing="b.warc.gz")
    assert found is not None
    assert found == replace(THE_FIRST, location=found.location, is_page=True)
    assert memory.by_target(TIDES, before=THIRD) == replace(found, etag='"b"')
    assert [memory.by_record(uuid(last)) for last in "234"] == [None, None, None]


def test_pages_are_learned_with_the_urls_that_led_to_them(memory: Memory, warc: Path) -> None:
    learn(memory, warc.read_bytes())

    asked = [FERRY, "http://example.org/short", TIDES]
    assert [memory.has_page(url, before=THIRD) for url in asked] == [True, True, True]


def test_learning_twice_is_learning_once(memory: Memory, warc: Path, tmp_path: Path) -> None:
    learn(memory, warc.read_bytes())
    learn(memory, warc.read_bytes())

    assert count_of_visits(tmp_path / "memory.sqlite") == 2


def test_a_growing_warc_that_is_learned_is_not_known(memory: Memory, warc: Path) -> None:
    learn(memory, warc.read_bytes(), is_sealed=False)

    assert memory.known() == set()
    assert memory.by_payload(DIGEST, None, growing="a.warc.gz") is not None
    assert memory.by_payload(DIGEST, None, growing="b.warc.gz") is None


def test_what_comes_before_damage_counts_once_it_is_called_sealed(
    memory: Memory, warc: Path
) -> None:
    octets = warc.read_bytes()

    with pytest.raises(DamagedRecord):
        learn(memory, octets[:-100])

    assert memory.known() == set()
    memory.sealed("a.warc.gz")
    assert memory.by_payload(DIGEST, None, growing="b.warc.gz") is not None


def test_a_response_without_its_request_is_not_learned(memory: Memory, tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    writer = WarcWriter(path, path.name)
    writer.write(records_of(capture("1"), warcinfo_id=INFO_ID)[0])
    writer.close()

    learn(memory, path.read_bytes())

    assert memory.by_record(uuid("1")) is None


# The file


def test_the_file_is_its_owners_alone(memory: Memory, tmp_path: Path) -> None:
    assert (tmp_path / "memory.sqlite").stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_refused_with_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    path.write_bytes(b"no database, not even a small one" * 100)

    with pytest.raises(CollectionError, match=r"memory\.sqlite is damaged .* remove it while no"):
        Memory(path)


def test_a_file_of_a_newer_version_is_refused(memory: Memory, tmp_path: Path) -> None:
    memory.close()
    path = tmp_path / "memory.sqlite"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA user_version = 2")

    with pytest.raises(CollectionError, match="was made by a newer version: upgrade, or remove"):
        Memory(path)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/memory\.sqlite cannot be read or written"):
        Memory(tmp_path / "nowhere/memory.sqlite")


def test_a_full_disk_is_told_and_what_waits_is_written_once_there_is_room(
    memory: Memory, tmp_path: Path
) -> None:
    note(memory, capture("1"))
    with files_end_at(100), pytest.raises(StoreError, match="make sure that its disk has room"):
        memory.commit()

    memory.commit()

    with closing(Memory(tmp_path / "memory.sqlite")) as after:
        assert after.by_record(uuid("1")) == THE_FIRST


def test_closing_twice_is_harmless(memory: Memory) -> None:
    note(memory, capture("1"))

    memory.close()
    memory.close()


def test_the_methods_may_be_called_from_another_thread(memory: Memory) -> None:
    thread = threading.Thread(target=note, args=(memory, capture("1")))
    thread.start()
    thread.join()

    assert memory.by_record(uuid("1")) == THE_FIRST


def _fill(path: Path, filename: str) -> None:
    with closing(Memory(path)) as memory:
        note_many(memory, 1500, filename)
        memory.sealed(filename)


def test_processes_that_begin_one_memory_together_all_write_it(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    names = [f"{number}.warc.gz" for number in range(4)]

    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_fill, [path] * 4, names))

    with closing(Memory(path)) as memory:
        assert memory.known() == set(names)
    assert count_of_visits(path) == 6000


def test_what_waits_to_be_written_stays_small(memory: Memory) -> None:
    tracemalloc.start()
    note_many(memory, 5000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 1 << 20


# When a URL was last read


def test_a_page_was_read_when_it_was_visited(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])

    assert memory.last_read(FERRY) == FIRST
    assert memory.last_read(TIDES) is None


def test_what_was_only_visited_was_not_read(memory: Memory) -> None:
    note(memory, capture("1"))

    assert memory.last_read(FERRY) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/ferry?utm_source=letter#top",
        "http://example.org/short?utm_medium=rss",
        "http://EXAMPLE.org:80/ferry",
    ],
)
def test_a_page_was_read_by_every_url_of_the_same_form(url: str, memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY, "http://example.org/short"])

    assert memory.last_read(url) == FIRST


def test_the_last_of_several_visits_counts_though_it_brought_nothing_new(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])
    note_revisit(memory, capture("2", at=THIRD), THE_FIRST)
    memory.note_read(uuid("2"), [FERRY])

    assert memory.last_read(FERRY) == THIRD


def test_what_was_read_and_was_no_page_is_none_to_be_skipped(memory: Memory) -> None:
    note(memory, capture("1"))
    memory.note_read(uuid("1"), [FERRY])
    memory.sealed("a.warc.gz")

    assert memory.last_read(FERRY) == FIRST
    assert not memory.has_page(FERRY, before=THIRD)


@pytest.mark.parametrize(
    ("kind", "read_at"), [("soft404", FIRST), ("other", FIRST), ("front", None), ("botwall", None)]
)
def test_a_mark_is_learned_from_the_warc(
    kind: str, read_at: datetime | None, memory: Memory, tmp_path: Path
) -> None:
    writer = WarcWriter(tmp_path / "a.warc.gz.open", "a.warc.gz")
    info = warcinfo({"software": "archiver/0"}, record_id=INFO_ID, filename="a", written_at=FIRST)
    writer.write_all([info])
    location = writer.write_all(records_of(capture("1"), warcinfo_id=INFO_ID))[0]
    page = Page(
        target=FERRY, captured_at=FIRST, record_id=uuid("1"), location=location, collection="news",
        page_type=kind,
    )  # fmt: skip
    mark = page_metadata(page, record_id=uuid("5"), warcinfo_id=INFO_ID, is_passed_over=True)
    writer.write_all([mark])
    writer.close()

    with (tmp_path / "a.warc.gz.open").open("rb") as file:
        memory.learn("a.warc.gz", read_records(file, "a.warc.gz"))

    assert memory.last_read(FERRY) == read_at
    assert not memory.has_page(FERRY, before=THIRD)


# What to ask about within one crawl


def test_an_answer_in_the_growing_warc_may_be_asked_about_from_there(memory: Memory) -> None:
    note(memory, capture("1"))

    assert memory.by_target(FERRY, before=SECOND, growing="a.warc.gz") == THE_FIRST
    assert memory.by_target(FERRY, before=SECOND, growing="b.warc.gz") is None
    assert memory.by_target(FERRY, before=SECOND) is None


def test_a_revisit_has_the_payload_of_its_original(memory: Memory) -> None:
    note(memory, capture("1"))
    note_revisit(memory, capture("2", at=SECOND), THE_FIRST)

    assert memory.by_payload_of(uuid("2")) == THE_FIRST
    assert memory.by_payload_of(uuid("1")) == THE_FIRST
    assert memory.by_payload_of(uuid("3")) is None
