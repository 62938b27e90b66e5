from __future__ import annotations

import io
from dataclasses import dataclass

import pytest

from archiver.octets import CutShort, UnreadableFormat
from archiver.reader import read_records
from tests.archiver.logbook import (
    BLOCKS,
    INFO,
    MEMBERS,
    NOTE,
    ONE_MEMBER,
    PACKED,
    PLAIN,
    REPLY,
    outcome_of,
    read_all,
    zipped,
)

packed = pytest.mark.parametrize("octets", PACKED.values(), ids=PACKED.keys())


@dataclass
class Dribble:
    """A file that gives one octet at a time."""

    file: io.BytesIO

    def read(self, size: int, /) -> bytes:
        return self.file.read(min(size, 1))


@packed
def test_a_file_that_comes_octet_by_octet_reads_the_same(octets: bytes) -> None:
    records = read_records(Dribble(io.BytesIO(octets)), "x.warc")

    assert [b"".join(record.chunks()) for record in records] == BLOCKS


def test_an_empty_file_holds_no_record() -> None:
    assert read_all(b"") == []


def test_an_empty_gzip_member_holds_no_record() -> None:
    assert read_all(zipped(INFO) + zipped(b"") + zipped(NOTE)) == [BLOCKS[0], b""]


def test_a_file_cut_short_in_plain_gives_the_records_before_and_never_a_shorter_one() -> None:
    at = [len(INFO), len(INFO + REPLY)]

    outcomes = [outcome_of(PLAIN[:length]) for length in range(len(PLAIN))]

    # In front of the line ends that close it, a record is whole; from there to its end it is
    # read with a fault, and before it is cut short.
    assert [len(outcome.blocks) for outcome in outcomes] == (
        [0] * (at[0] - 4) + [1] * (at[1] - at[0]) + [2] * (len(NOTE)) + [3] * 4
    )
    assert [outcome.blocks for outcome in outcomes] == [
        BLOCKS[: len(outcome.blocks)] for outcome in outcomes
    ]
    assert {n for n, outcome in enumerate(outcomes) if outcome.damage is None} == {
        0,
        *range(at[0] - 4, at[0] + 1),
        *range(at[1] - 4, at[1] + 1),
        *range(len(PLAIN) - 4, len(PLAIN)),
    }
    assert {type(outcome.damage) for outcome in outcomes} == {CutShort, type(None)}


def test_a_file_of_members_cut_short_gives_the_whole_members_and_never_a_shorter_record() -> None:
    first, second = len(zipped(INFO)), len(zipped(INFO) + zipped(REPLY))

    outcomes = [outcome_of(MEMBERS[:length]) for length in range(len(MEMBERS))]

    assert [outcome.blocks for outcome in outcomes] == (
        [[]] * first + [BLOCKS[:1]] * (second - first) + [BLOCKS[:2]] * (len(MEMBERS) - second)
    )
    assert [n for n, outcome in enumerate(outcomes) if outcome.damage is None] == [
        0,
        first,
        second,
    ]
    assert [outcome.damage.offset for outcome in outcomes if outcome.damage is not None] == (
        [0] * (first - 1) + [first] * (second - first - 1) + [second] * (len(MEMBERS) - second - 1)
    )


def test_a_single_member_cut_short_gives_the_records_before_and_never_a_shorter_one() -> None:
    outcomes = [outcome_of(ONE_MEMBER[:length]) for length in range(1, len(ONE_MEMBER))]

    assert [outcome.blocks for outcome in outcomes] == [
        BLOCKS[: len(outcome.blocks)] for outcome in outcomes
    ]
    assert {type(outcome.damage) for outcome in outcomes} == {CutShort}


def test_records_before_the_damage_in_their_common_member_are_read() -> None:
    torn = ONE_MEMBER[:-8] + bytes(8)

    assert outcome_of(torn).blocks == BLOCKS[:2]


def test_a_damaged_member_costs_its_own_record_and_those_after() -> None:
    member = bytearray(zipped(REPLY))
    member[40] ^= 0xFF

    outcome = outcome_of(zipped(INFO) + bytes(member) + zipped(NOTE))

    assert outcome.blocks == BLOCKS[:1]
    assert outcome.damage is not None
    assert outcome.damage.offset == len(zipped(INFO))


@pytest.mark.parametrize(
    ("magic", "format"),
    [
        (b"\x04\x22\x4d\x18", "LZ4"),
        (b"\x28\xb5\x2f\xfd", "Zstandard"),
        (b"\x5d\x2a\x4d\x18", "Zstandard"),
        (b"PK\x03\x04", "ZIP"),
    ],
)
def test_a_format_that_is_not_read_is_called_by_its_name(magic: bytes, format: str) -> None:
    with pytest.raises(UnreadableFormat, match=f"x.warc is compressed with {format}"):
        read_all(magic + bytes(20))
