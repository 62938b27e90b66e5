"""A file over ranges: it reads as any file, and fetches little."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import StoreAway
from archiver.storage.ranged import FIRST_BYTES, MOST_BYTES, RangedReader, ranged_file

KIB, MIB = 1 << 10, 1 << 20


class Far:
    """Octets that are far away, and a record of what was fetched of them."""

    def __init__(self, octets: bytes) -> None:
        self.octets = octets
        self.fetched: list[tuple[int, int]] = []

    def fetch(self, start: int, stop: int) -> bytes:
        self.fetched.append((start, stop))
        return self.octets[start:stop]


def test_windows_double_while_reading_goes_on_in_order() -> None:
    far = Far(bytes(20 * MIB))

    assert len(ranged_file(far.fetch, 20 * MIB).read()) == 20 * MIB

    lengths = [stop - start for start, stop in far.fetched]
    assert lengths == [
        *(256 * KIB, 512 * KIB, MIB, 2 * MIB, 4 * MIB, 8 * MIB),
        20 * MIB - 16 * MIB + 256 * KIB,
    ]


def test_reading_one_record_fetches_little_more_than_that() -> None:
    octets = bytes(range(256)) * 4096 * 32
    far = Far(octets)

    file = ranged_file(far.fetch, len(octets))
    file.seek(20 * MIB + 5)
    record = file.read(3000)

    assert record == octets[20 * MIB + 5 : 20 * MIB + 3005]
    assert far.fetched == [(20 * MIB + 5, 20 * MIB + 5 + FIRST_BYTES)]


def test_after_a_seek_the_windows_begin_small_again() -> None:
    far = Far(bytes(20 * MIB))
    file = ranged_file(far.fetch, 20 * MIB)

    file.read(3 * MIB)
    far.fetched.clear()
    file.seek(15 * MIB)
    file.read(10)

    assert far.fetched == [(15 * MIB, 15 * MIB + FIRST_BYTES)]


def test_a_seek_within_the_window_fetches_nothing() -> None:
    far = Far(bytes(MIB))
    file = ranged_file(far.fetch, MIB)

    file.read(100 * KIB)
    file.seek(5)
    file.read(10)
    file.seek(200 * KIB)
    file.read(10)

    assert far.fetched == [(0, FIRST_BYTES)]


def test_opening_and_seeking_alone_fetch_nothing() -> None:
    far = Far(bytes(MIB))

    file = ranged_file(far.fetch, MIB)
    file.seek(-1, io.SEEK_END)

    assert (file.tell(), far.fetched) == (MIB - 1, [])


def test_nothing_is_fetched_of_nothing() -> None:
    far = Far(b"")

    assert (ranged_file(far.fetch, 0).read(), far.fetched) == (b"", [])


def test_a_long_read_is_one_request_and_not_endless() -> None:
    far = Far(bytes(32 * MIB))

    RangedReader(far.fetch, 32 * MIB).readinto(bytearray(5 * MIB))
    RangedReader(far.fetch, 32 * MIB).readinto(bytearray(20 * MIB))

    assert far.fetched == [(0, 5 * MIB), (0, MOST_BYTES)]


def test_what_cannot_be_fetched_is_said_and_may_be_tried_again() -> None:
    answers: list[bytes] = []

    def fetch(start: int, stop: int) -> bytes:
        if not answers:
            raise StoreAway("away")
        return answers.pop()

    file = ranged_file(fetch, 3)

    with pytest.raises(StoreAway):
        file.read(3)
    answers.append(b"abc")
    assert file.read(3) == b"abc"


def test_a_closed_file_is_not_read() -> None:
    reader = RangedReader(Far(b"abc").fetch, 3)
    reader.close()

    with pytest.raises(ValueError, match="closed"):
        reader.read(1)
    with pytest.raises(ValueError, match="closed"):
        reader.seek(0)


def test_there_is_nothing_before_the_beginning() -> None:
    with pytest.raises(ValueError, match="nothing before the beginning, at -1"):
        RangedReader(Far(b"abc").fetch, 3).seek(-4, io.SEEK_END)


OCTETS = random.Random(4).randbytes(MIB)
STEPS = st.lists(st.tuples(st.integers(0, MIB + 100), st.integers(0, 400 * KIB)), max_size=20)


@given(STEPS)
def test_it_reads_what_a_file_in_memory_reads(steps: list[tuple[int, int]]) -> None:
    file, twin = ranged_file(Far(OCTETS).fetch, MIB), io.BytesIO(OCTETS)

    read = [(file.seek(offset), file.read(count)) for offset, count in steps]

    assert read == [(twin.seek(offset), twin.read(count)) for offset, count in steps]
