"""Responses that are not to be archived: what a collection writes in their place."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from itertools import count
from pathlib import Path

import pytest

from archiver.capture import Capture, Location, Original
from archiver.check import run_check
from archiver.collection import Collection
from archiver.memory import Memory
from archiver.mending import mended
from archiver.records import records_of
from archiver.rights import Withheld
from archiver.storage import LocalStore
from archiver.tape import Tape
from archiver.terms import Terms
from tests.wire.warcs import Found, read_records

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
PAYLOAD = random.Random(3).randbytes(300).hex().encode()
OPEN = b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n" + PAYLOAD
CLOSED = OPEN.replace(b"\r\n\r\n", b"\r\nX-Robots-Tag: noarchive\r\n\r\n", 1)
UNCHANGED = b"HTTP/1.1 304 Not Modified\r\nX-Robots-Tag: noarchive\r\n\r\n"
ORIGINAL = Original(
    record_id="<urn:uuid:00000000-0000-4000-8000-0000000000ff>",
    target="http://example.org/ferry",
    date="2026-03-03T05:06:07.000008Z",
    payload_digest="sha256:00",
    location=Location(filename="a.warc.gz", offset=0, length=1),
    status=200,
)

RECORD = (
    b"WARC/1.1\r\n"
    b"WARC-Type: metadata\r\n"
    b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000011>\r\n"
    b"WARC-Warcinfo-ID: <urn:uuid:00000000-0000-4000-8000-000000000009>\r\n"
    b"WARC-Target-URI: http://example.org/ferry\r\n"
    b"WARC-Date: 2026-03-04T05:06:07.000008Z\r\n"
    b"WARC-IP-Address: 192.0.2.1\r\n"
    b"WARC-Protocol: http/1.1\r\n"
    b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-000000000012>\r\n"
    b"WARC-Block-Digest: "
    b"sha256:7215abc55172ed3b79a2a75909db348130102640845803eed2d3a564a6420a66\r\n"
    b"Content-Type: application/warc-fields\r\n"
    b"Content-Length: 82\r\n"
    b"\r\n"
)
BLOCK = (
    b"withheld: noarchive\r\nnoarchiveBy: x-robots-tag\r\nhttpStatus: 404\r\nfetchTimeMs: 12\r\n"
)


def visit(response: bytes = CLOSED, number: int = 1) -> Capture:
    return Capture(
        target="http://example.org/ferry",
        captured_at=MOMENT,
        request=b"GET /ferry HTTP/1.1\r\nHost: example.org\r\n\r\n",
        response=Tape.of(response),
        request_id=f"<urn:uuid:00000000-0000-4000-8000-0000000000{number}2>",
        response_id=f"<urn:uuid:00000000-0000-4000-8000-0000000000{number}1>",
        ip_address="192.0.2.1",
        fetch_ms=12,
    )


@pytest.fixture
def open_collection(tmp_path: Path) -> Iterator[Callable[[bool], Collection]]:
    """Open a collection that remembers, and heeds `noarchive` or not; close it."""
    with ExitStack() as stack:

        def opened(heeds_noarchive: bool) -> Collection:
            ids = count(1000)
            collection = Collection(
                LocalStore(tmp_path),
                "news",
                folder=tmp_path / "news",
                terms=Terms(prefix="news", dedup="any", heeds_noarchive=heeds_noarchive),
                clock=lambda: MOMENT,
                new_id=lambda: f"<urn:uuid:00000000-0000-4000-8000-{next(ids):012x}>",
                memory=Memory(tmp_path / "memory.sqlite"),
            )
            stack.callback(collection.close)
            return collection

        yield opened


Open = Callable[[bool], Collection]


def records(folder: Path) -> list[Found]:
    """Return the sealed records, found sound, but for the warcinfo."""
    out = StringIO()
    assert run_check([folder / "news"], False, out) == 0, out.getvalue()
    return read_records(folder / "news/archive")[1:]


def test_a_record_says_that_the_response_was_withheld_and_why() -> None:
    withheld = Withheld(by="x-robots-tag", status=404)

    first, request = records_of(
        visit(), warcinfo_id="<urn:uuid:00000000-0000-4000-8000-000000000009>", withheld=withheld
    )

    assert first.header() == RECORD
    assert first.block.read() == BLOCK
    assert (first.http_head, first.payload_size) == (None, None)
    assert (request.type, request.get("WARC-Concurrent-To")) == (
        "request",
        "<urn:uuid:00000000-0000-4000-8000-000000000011>",
    )


def test_what_never_came_is_not_withheld() -> None:
    capture = replace(visit(b""), failure="timeout")

    (first, _) = records_of(capture, warcinfo_id="<urn:uuid:9>")

    assert first.block.read() == b"fetchFailure: timeout\r\nfetchTimeMs: 12\r\n"


@pytest.mark.parametrize("response", [CLOSED, UNCHANGED])
def test_where_rights_are_recorded_everything_is_archived(
    open_collection: Open, tmp_path: Path, response: bytes
) -> None:
    collection = open_collection(False)

    kept = collection.write(visit(response))
    collection.sealed()

    assert (kept.page is not None, kept.withheld) == (True, None)
    assert [record.type for record in records(tmp_path)] == ["response", "request"]


def test_where_they_are_respected_it_is_kept_out_and_no_page(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(True)

    kept = collection.write(visit())
    collection.sealed()

    assert (kept.page, kept.withheld) == (None, Withheld(by="x-robots-tag", status=200))
    first, request = records(tmp_path)
    assert (first.type, request.type) == ("metadata", "request")
    assert PAYLOAD not in first.block
    assert (tmp_path / "news/indexes").glob("*.cdxj").__next__().read_bytes() == b""


def test_what_may_be_archived_is(open_collection: Open, tmp_path: Path) -> None:
    collection = open_collection(True)

    kept = collection.write(visit(OPEN))
    collection.sealed()

    assert (kept.page is not None, kept.withheld) == (True, None)
    assert [record.type for record in records(tmp_path)] == ["response", "request"]


def test_a_revisit_is_withheld_too_and_what_was_withheld_is_not_referred_to(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(True)

    for_now = collection.write(visit(CLOSED, 1))
    stored = collection.write(visit(OPEN, 2))
    again = collection.write(visit(CLOSED, 3))
    collection.write(visit(OPEN, 4))
    collection.sealed()

    assert (for_now.page, again.page) == (None, None)
    assert stored.page is not None
    types = [record.type for record in records(tmp_path)]
    assert types[::2] == ["metadata", "response", "metadata", "revisit"]


def test_the_answer_that_nothing_has_changed_is_withheld_too(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(True)

    kept = collection.write(visit(UNCHANGED), ORIGINAL)
    collection.sealed()

    assert kept.withheld == Withheld(by="x-robots-tag", status=304)
    assert [record.type for record in records(tmp_path)] == ["metadata", "request"]


@pytest.mark.parametrize("missing", [1, 20, 150, 320, 500, 620])
def test_what_a_kill_leaves_of_it_is_mended(
    open_collection: Open, tmp_path: Path, missing: int
) -> None:
    collection = open_collection(True)
    collection.write(visit(OPEN, 1))
    whole = collection.size
    collection.write(visit(CLOSED, 2))
    collection.close()
    (growing,) = (tmp_path / "news/archive").iterdir()
    octets = growing.read_bytes()
    assert len(octets) - whole > missing
    growing.write_bytes(octets[:-missing])
    name = growing.name.removesuffix(".warc.gz.open")

    found = mended(tmp_path / "news", name, done=lambda _: None)

    assert found is not None
    stem, survey = found
    assert survey.size == whole
    stem.seal(LocalStore(tmp_path), "news", crawl="", sealed_at=MOMENT)
    assert [record.type for record in records(tmp_path)] == ["response", "request"]


def test_what_is_whole_is_left_as_it_is_and_asked_for_by_nobody(
    open_collection: Open, tmp_path: Path
) -> None:
    collection = open_collection(True)
    collection.write(visit(CLOSED))
    collection.close()
    (growing,) = (tmp_path / "news/archive").iterdir()
    name = growing.name.removesuffix(".warc.gz.open")

    found = mended(tmp_path / "news", name, done=lambda _: None)

    assert found is not None
    stem, survey = found
    stem.close()
    assert survey.size == growing.stat().st_size
    assert (survey.unclaimed, survey.unfinished) == ({}, {})
