from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.capture import Location
from archiver.errors import ArchiveError, DamagedRecord
from archiver.inflow import CutShort
from archiver.reader import read_record, read_records
from tests.archiver.logbook import (
    BLOCKS,
    EACH_ALONE,
    FRAMES,
    INFO,
    MEMBERS,
    NOTE,
    PACKED,
    PLAIN,
    RECORDS,
    REPLY,
    WITH_DICTIONARY,
    Dribble,
    faults_of,
    first,
    framed,
    outcome_of,
    read_all,
    zipped,
)

packed = pytest.mark.parametrize("octets", PACKED.values(), ids=PACKED.keys())


@packed
def test_every_record_is_read_in_order_however_the_file_is_packed(octets: bytes) -> None:
    records = list(read_records(io.BytesIO(octets), "x.warc"))

    assert [(r.version, r.type, (r.record_id or "")[-3:]) for r in records] == [
        ("1.1", "warcinfo", "01>"),
        ("1.1", "response", "02>"),
        ("1.0", "metadata", "03>"),
    ]


@packed
def test_a_block_is_the_octets_between_header_and_line_ends(octets: bytes) -> None:
    assert read_all(octets) == BLOCKS


@packed
def test_sound_records_have_no_faults(octets: bytes) -> None:
    assert faults_of(octets) == []


@pytest.mark.parametrize(
    ("written", "target"),
    [
        (b"<http://a.example/>", "http://a.example/"),
        (b"http://a.example/<b>", "http://a.example/<b>"),
        (b"<http://a.example/<b>>", "http://a.example/<b>"),
    ],
)
def test_only_brackets_around_a_target_are_no_part_of_it(written: bytes, target: str) -> None:
    header = b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: %s\r\n" % written
    octets = header + b"Content-Length: 0\r\n\r\n\r\n\r\n"

    assert [r.target for r in read_records(io.BytesIO(octets), "x.warc")] == [target]


# Blocks as streams


def test_a_block_can_be_read_in_portions() -> None:
    record = next(read_records(io.BytesIO(INFO), "x.warc"))

    assert [record.read(8), record.read(0), record.read(99), record.read(99)] == [
        b"software",
        b"",
        b": pen\r\n",
        b"",
    ]


def test_a_block_left_unread_is_passed_over() -> None:
    records = read_records(io.BytesIO(MEMBERS), "x.warc")
    first = next(records)
    first.read(3)

    assert next(records).read(99) == BLOCKS[1]
    with pytest.raises(ValueError, match="passed over"):
        first.read(3)


def test_a_block_of_millions_of_octets_comes_in_pieces() -> None:
    size = 40 << 20
    bomb = zipped(b"WARC/1.1\r\nContent-Length: %d\r\n\r\n" % size + bytes(size) + b"\r\n\r\n")

    pieces = [len(piece) for piece in first(bomb).chunks()]

    assert sum(pieces) == size
    assert max(pieces) <= 1 << 20


@pytest.mark.parametrize(
    "torn", [zipped(INFO)[:-8] + bytes(8), zipped(INFO)[:-1], INFO[:-8]], ids=len
)
def test_the_end_of_a_block_is_handed_out_only_if_its_record_ends_soundly(torn: bytes) -> None:
    with pytest.raises(DamagedRecord):
        read_record(io.BytesIO(torn), Location(filename="x", offset=0, length=999)).read(15)


# Places


def test_locations_are_those_of_the_gzip_members() -> None:
    first, second, third = map(len, map(zipped, RECORDS))

    records = list(read_records(io.BytesIO(MEMBERS), "x.warc.gz"))

    assert [record.location for record in records] == [
        Location(filename="x.warc.gz", offset=0, length=first),
        Location(filename="x.warc.gz", offset=first, length=second),
        Location(filename="x.warc.gz", offset=first + second, length=third),
    ]
    assert [record.is_alone for record in records] == [True, True, True]


@pytest.mark.parametrize("size", [1 << 10, (256 << 10) - 40, 256 << 10, 1 << 20, 5 << 20])
def test_a_location_is_right_after_a_block_of_any_size(size: int) -> None:
    long = zipped(b"WARC/1.1\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (size, bytes(size)))

    records = list(read_records(io.BytesIO(long + zipped(INFO) + long), "x.warc.gz"))

    assert [(record.location.offset, record.location.length) for record in records] == [
        (0, len(long)),
        (len(long), len(zipped(INFO))),
        (len(long) + len(zipped(INFO)), len(long)),
    ]


def test_locations_in_plain_are_from_version_to_line_ends() -> None:
    records = list(read_records(io.BytesIO(PLAIN), "x.warc"))

    assert [(record.location.offset, record.location.length) for record in records] == [
        (0, len(INFO)),
        (len(INFO), len(REPLY)),
        (len(INFO + REPLY), len(NOTE)),
    ]
    assert [record.is_alone for record in records] == [True, True, True]


def test_records_in_a_common_member_are_not_alone() -> None:
    records = list(read_records(io.BytesIO(zipped(INFO) + zipped(REPLY + NOTE)), "x.warc.gz"))

    assert [record.is_alone for record in records] == [True, False, False]
    assert [record.offset for record in records] == [0, len(zipped(INFO)), len(zipped(INFO))]


@pytest.mark.parametrize("octets", [PLAIN, MEMBERS], ids=["plain", "a member each"])
def test_a_record_is_read_back_by_its_location(octets: bytes) -> None:
    locations = [record.location for record in read_records(io.BytesIO(octets), "x.warc")]
    file = io.BytesIO(octets)

    read_back = [read_record(file, location).read(999) for location in reversed(locations)]

    assert read_back == BLOCKS[::-1]


@pytest.mark.parametrize(
    ("offset", "length", "problem"),
    [
        (0, len(zipped(INFO)) - 1, "the file ends inside a gzip member"),
        (0, len(MEMBERS), f"the record is {len(zipped(INFO))} octets long, not {len(MEMBERS)}"),
        (1, len(MEMBERS), "begins no record"),
        (len(MEMBERS), 10, "no record begins here"),
    ],
)
def test_a_wrong_location_is_damage(offset: int, length: int, problem: str) -> None:
    location = Location(filename="x.warc.gz", offset=offset, length=length)

    with pytest.raises(DamagedRecord, match=problem):
        read_record(io.BytesIO(MEMBERS), location).read(999)


# Properties


RECORD = b"WARC/1.1\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
FILES: dict[str, Callable[[list[bytes]], bytes]] = {
    "plain": b"".join,
    "one member": lambda records: zipped(b"".join(records)),
    "one frame": lambda records: framed(b"".join(records)),
    **{name: packing.file for name, packing in EACH_ALONE.items()},
}


@given(
    blocks=st.lists(st.binary(max_size=300) | st.just(PLAIN), min_size=1, max_size=4),
    pack=st.sampled_from(list(FILES.values())),
    by=st.sampled_from([None, Dribble]),
    cut=st.integers(0, 2000),
    garbage=st.binary(max_size=30),
)
def test_no_file_gives_a_record_that_was_not_written_so(
    blocks: list[bytes],
    pack: Callable[[list[bytes]], bytes],
    by: type[Dribble] | None,
    cut: int,
    garbage: bytes,
) -> None:
    file = pack([RECORD % (len(block), block) for block in blocks])

    assert outcome_of(file, by) == (blocks, None)
    assert faults_of(file) == []
    assert outcome_of(file + garbage, by).blocks[: len(blocks)] == blocks
    part = outcome_of(file[:cut], by)
    assert part.blocks == blocks[: len(part.blocks)]
    assert part.damage is None or isinstance(part.damage, CutShort)


@given(at=st.integers(0, 2000), octet=st.integers(0, 255))
@pytest.mark.parametrize("file", [MEMBERS, FRAMES, WITH_DICTIONARY], ids=EACH_ALONE.keys())
def test_any_changed_octet_gives_sound_records_and_then_damage(
    file: bytes, at: int, octet: int
) -> None:
    at %= len(file)
    changed = file[:at] + bytes([octet]) + file[at + 1 :]

    outcome = outcome_of(changed)

    # A member's checksum stands at its end: a change that looks like the beginning of another
    # record behind it lets the one before out, and is damage right after.
    sound = outcome.blocks[:-1] if outcome.damage else outcome.blocks
    assert sound == BLOCKS[: len(sound)]


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"WARC/1.1\r\n", b"\x1f\x8b\x08\0", b"a:b "])
)
def test_whatever_a_file_holds_nothing_but_our_own_errors_comes_of_it(
    octets: bytes, beginning: bytes
) -> None:
    with suppress(ArchiveError):
        read_all(beginning + octets)
