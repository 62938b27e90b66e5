from __future__ import annotations

import io
from itertools import accumulate

import pytest

from archiver.inflow import CutShort
from archiver.octets import UnreadableFormat
from archiver.reader import read_records
from tests.archiver.logbook import (
    BLOCKS,
    EACH_ALONE,
    INFO,
    NOTE,
    ONE_FRAME,
    ONE_MEMBER,
    PACKED,
    PLAIN,
    RECORDS,
    REPLY,
    Dribble,
    Packing,
    outcome_of,
    read_all,
)

packed = pytest.mark.parametrize("octets", PACKED.values(), ids=PACKED.keys())
each_alone = pytest.mark.parametrize("packing", EACH_ALONE.values(), ids=EACH_ALONE.keys())


@packed
def test_a_file_that_comes_octet_by_octet_reads_the_same(octets: bytes) -> None:
    records = read_records(Dribble(io.BytesIO(octets)), "x.warc")

    assert [b"".join(record.chunks()) for record in records] == BLOCKS


def test_an_empty_file_holds_no_record() -> None:
    assert read_all(b"") == []


@each_alone
def test_an_empty_member_holds_no_record(packing: Packing) -> None:
    members = map(packing.pack, [b"", INFO, b"", NOTE, b""])

    assert read_all(packing.lead + b"".join(members)) == [BLOCKS[0], b""]


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


@each_alone
def test_a_file_of_members_cut_short_gives_the_whole_members_and_never_a_shorter_record(
    packing: Packing,
) -> None:
    members = [packing.pack(record) for record in RECORDS]
    whole = packing.lead + b"".join(members)
    start, first, second, _ = accumulate(map(len, members), initial=len(packing.lead))

    outcomes = [outcome_of(whole[:length]) for length in range(len(whole))]

    assert [outcome.blocks for outcome in outcomes] == (
        [[]] * first + [BLOCKS[:1]] * (second - first) + [BLOCKS[:2]] * (len(whole) - second)
    )
    sound = {n for n, outcome in enumerate(outcomes) if outcome.damage is None}
    assert sound == {0, start, first, second}
    assert {type(outcome.damage) for outcome in outcomes} == {CutShort, type(None)}
    # A member that is cut short begins at the last sound place before the cut.
    assert all(
        outcome.damage.offset == max(place for place in sound if place < n)
        for n, outcome in enumerate(outcomes)
        if outcome.damage is not None
    )


@pytest.mark.parametrize("whole", [ONE_MEMBER, ONE_FRAME], ids=["gzip", "zstd"])
def test_a_single_member_cut_short_gives_the_records_before_and_never_a_shorter_one(
    whole: bytes,
) -> None:
    outcomes = [outcome_of(whole[:length]) for length in range(1, len(whole))]

    assert [outcome.blocks for outcome in outcomes] == [
        BLOCKS[: len(outcome.blocks)] for outcome in outcomes
    ]
    assert {type(outcome.damage) for outcome in outcomes} == {CutShort}


def test_records_before_the_damage_in_their_common_member_are_read() -> None:
    torn = ONE_MEMBER[:-8] + bytes(8)

    assert outcome_of(torn).blocks == BLOCKS[:2]


@each_alone
@pytest.mark.parametrize("from_its_end", [1, 6, 10])
def test_a_damaged_member_costs_its_own_record_and_those_after(
    packing: Packing, from_its_end: int
) -> None:
    before, member = packing.lead + packing.pack(INFO), bytearray(packing.pack(REPLY))
    member[-from_its_end] ^= 0x10

    outcome = outcome_of(before + bytes(member) + packing.pack(NOTE))

    assert outcome.blocks == BLOCKS[:1]
    assert outcome.damage is not None
    assert outcome.damage.offset == len(before)


@each_alone
def test_garbage_after_the_last_member_costs_no_record(packing: Packing) -> None:
    whole = packing.lead + b"".join(map(packing.pack, RECORDS))

    outcome = outcome_of(whole + b"quay")

    assert outcome.blocks == BLOCKS
    assert outcome.damage is not None
    assert outcome.damage.offset == len(whole)
    assert outcome.damage.problem.startswith("b'quay' where a ")


@packed
def test_what_is_damaged_is_the_same_octet_by_octet(octets: bytes) -> None:
    torn = octets[:-20] + bytes(3) + octets[-17:]

    assert repr(outcome_of(torn, Dribble)) == repr(outcome_of(torn))


@pytest.mark.parametrize(
    ("magic", "format"),
    [
        (b"\x04\x22\x4d\x18", "LZ4"),
        (b"PK\x03\x04", "ZIP"),
    ],
)
def test_a_format_that_is_not_read_is_called_by_its_name(magic: bytes, format: str) -> None:
    with pytest.raises(UnreadableFormat, match=f"x.warc is compressed with {format}"):
        read_all(magic + bytes(20))
