from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from archiver.indexing import index_records
from archiver.sources.methods import Methods
from tests.archiver.sources.crates import capture

POST = b"POST / HTTP/1.1\r\n\r\n"
GET = b"GET / HTTP/1.1\r\n\r\n"
AN_ID = "<urn:uuid:00000000-0000-4000-8000-00000000000a>"
TO_IT = f"WARC-Concurrent-To: {AN_ID}\n"


def lines_of(*records: bytes) -> Iterator[bytes]:
    methods = Methods()
    for found in index_records(io.BytesIO(b"".join(records)), "x"):
        yield from methods.take(found)
    yield from methods.rest()


def answered(*records: bytes) -> list[bool]:
    """Say of each response among *records* whether it is taken for that to a POST."""
    return [b'"method": "POST"}' in line for line in lines_of(*records)]


def renamed(record: bytes, name: str) -> bytes:
    start = record.index(b"<urn:")
    return record[:start] + name.encode() + record[record.index(b">", start) + 1 :]


@pytest.mark.parametrize(
    "records",
    [
        [capture("a"), capture("other", POST, kind="request", fields=TO_IT)],
        [capture("other", POST, kind="request", fields=TO_IT), capture("a")],
    ],
)  # fmt: skip
def test_a_request_belongs_to_the_response_that_it_names(records: list[bytes]) -> None:
    named = [renamed(record, AN_ID) if b": response" in record else record for record in records]

    assert answered(*named) == [True]


def test_a_response_belongs_to_the_request_that_it_names() -> None:
    request = renamed(capture("other", POST, kind="request"), AN_ID)

    assert answered(capture("a", fields=TO_IT), request) == [True]


def test_what_is_named_counts_more_than_target_and_date() -> None:
    asked = renamed(capture("a", GET, kind="request"), AN_ID)
    response = capture("a", fields=TO_IT)

    assert answered(capture("a", POST, kind="request"), asked, response) == [False]


def test_a_response_without_a_request_counts_as_one_to_a_get() -> None:
    assert answered(capture("a"), capture("b", POST, kind="request")) == [False]


def test_a_block_that_begins_with_no_method_says_nothing() -> None:
    assert answered(capture("a"), capture("a", b'"\n', kind="request")) == [False]


def test_of_any_number_of_records_few_are_held_back() -> None:
    methods = Methods()
    records = b"".join(
        [capture(f"{n}") + capture(f"{n}", POST, kind="request") for n in range(2000)]
    )

    taken = 0
    for count, found in enumerate(index_records(io.BytesIO(records), "x"), 1):
        taken += sum(b'"method": "POST"' in line for line in methods.take(found))
        assert count / 2 - taken <= 258
    assert taken + sum(b'"method": "POST"' in line for line in methods.rest()) == 2000
