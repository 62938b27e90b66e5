"""Zstandard files: frames, dictionaries, and what is built to fill the memory.

The rules are those of the IIPC's "Zstandard Compression for WARC Files 1.0", named by section,
and of RFC 8878, by number.
"""

from __future__ import annotations

import io
import random
import sys
import tracemalloc

import pytest

from archiver.capture import Location
from archiver.errors import DamagedRecord
from archiver.inflow import CutShort
from archiver.reader import read_record, read_records
from tests.archiver.logbook import (
    BLOCKS,
    DICTIONARY,
    DICTIONARY_FRAME,
    FRAMES,
    INFO,
    NOTE,
    PLAIN,
    RECORDS,
    REPLY,
    WITH_DICTIONARY,
    faults_of,
    first,
    framed,
    framed_by_dictionary,
    outcome_of,
    read_all,
    skippable,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC = b"\x28\xb5\x2f\xfd"


def places_of(octets: bytes) -> list[tuple[int, int, bool]]:
    records = read_records(io.BytesIO(octets), "x.warc.zst")
    return [(r.location.offset, r.location.length, r.is_alone) for r in records]


def test_a_frame_of_literal_octets_is_read() -> None:
    # A window of 128 KiB, no size and no checksum; the last block, of 38 octets as they stand.
    frame = b"\x28\xb5\x2f\xfd\x00\x38\x31\x01\x00"

    assert read_all(frame + b"WARC/1.1\r\nContent-Length: 3\r\n\r\nsea\r\n\r\n") == [b"sea"]


@pytest.mark.parametrize("lead", [b"", DICTIONARY_FRAME], ids=["without", "with a dictionary"])
def test_locations_are_those_of_the_frames(lead: bytes) -> None:
    pack = framed_by_dictionary if lead else framed
    lengths = [len(pack(record)) for record in RECORDS]

    assert places_of(lead + b"".join(map(pack, RECORDS))) == [
        (len(lead), lengths[0], True),
        (len(lead) + lengths[0], lengths[1], True),
        (len(lead) + lengths[0] + lengths[1], lengths[2], True),
    ]


@pytest.mark.parametrize("octets", [FRAMES, WITH_DICTIONARY], ids=["without", "with a dictionary"])
def test_a_record_is_read_back_by_its_location(octets: bytes) -> None:
    locations = [record.location for record in read_records(io.BytesIO(octets), "x.warc.zst")]
    file = io.BytesIO(octets)

    read_back = [read_record(file, location).read(999) for location in reversed(locations)]

    assert read_back == BLOCKS[::-1]


def test_records_in_a_common_frame_are_not_alone() -> None:
    frames = framed(INFO) + framed(REPLY + NOTE)

    assert [is_alone for *_, is_alone in places_of(frames)] == [True, False, False]


# "File format": a record may lie in several frames


def test_a_record_in_two_frames_is_read_wherever_they_meet() -> None:
    halves = [framed(REPLY[:at]) + framed(REPLY[at:]) for at in range(1, len(REPLY))]

    read = [read_all(framed(INFO) + both + framed(NOTE)) for both in halves]

    assert read == [BLOCKS] * len(halves)


@pytest.mark.parametrize("at", [3, 30, len(REPLY) - 44, len(REPLY) - 20, len(REPLY) - 5])
def test_a_record_in_two_frames_is_where_both_are(at: int) -> None:
    halves = framed(REPLY[:at]) + framed(b"") + skippable(b"") + framed(REPLY[at:])
    before = len(framed(INFO))

    assert places_of(framed(INFO) + halves + framed(NOTE))[1] == (before, len(halves), True)
    location = Location(filename="x", offset=before, length=len(halves))
    assert read_record(io.BytesIO(framed(INFO) + halves), location).read(99) == BLOCKS[1]


@pytest.mark.parametrize("cut", [20, len(REPLY) - 10], ids=["in its header", "in its block"])
def test_a_record_is_damaged_where_the_next_frame_begins_another(cut: int) -> None:
    outcome = outcome_of(framed(INFO) + framed(REPLY[:cut]) + framed(NOTE))

    assert outcome.blocks == BLOCKS[:1]
    assert outcome.damage is not None
    assert outcome.damage.offset == len(framed(INFO))


# "Extension frames"


def test_what_is_for_others_is_passed_over() -> None:
    extension = skippable(b"\x28\xb5\x2f\xfd of no concern" * 9000, 0x184D2A5F)
    frames = [framed(INFO), extension, framed(REPLY), skippable(b""), extension, framed(NOTE)]

    assert read_all(b"".join(frames) + extension) == BLOCKS
    assert places_of(b"".join(frames))[1] == (
        len(framed(INFO) + extension), len(framed(REPLY)), True,
    )  # fmt: skip


def test_a_file_may_begin_with_what_is_for_others() -> None:
    # The specification forbids it, and pzstd does it.
    assert read_all(skippable(b"1234") + FRAMES) == BLOCKS


# "Dictionaries"


def test_a_dictionary_may_be_compressed_itself() -> None:
    lead = skippable(framed(DICTIONARY.dict_content), 0x184D2A5D)
    octets = lead + b"".join(map(framed_by_dictionary, RECORDS))
    length = len(framed_by_dictionary(INFO))
    location = Location(filename="x", offset=len(lead), length=length)

    assert read_all(octets) == BLOCKS
    assert read_record(io.BytesIO(octets), location).read(99) == BLOCKS[0]


def test_frames_that_need_no_dictionary_are_read_beside_one() -> None:
    assert read_all(DICTIONARY_FRAME + FRAMES) == BLOCKS


OTHER = zstd.finalize_dict(zstd.ZstdDict(bytes(range(64)), is_raw=True), [INFO], 1024, 3)
DAMAGE = {
    "no dictionary": (
        framed_by_dictionary(INFO),
        0,
        "the zstd frame is damaged (Unable to decompress Zstandard data: Dictionary mismatch)",
    ),
    "another's dictionary": (
        skippable(OTHER.dict_content, 0x184D2A5D) + framed_by_dictionary(INFO),
        8 + len(OTHER.dict_content),
        "the zstd frame is damaged (Unable to decompress Zstandard data: Dictionary mismatch)",
    ),
    "a second dictionary": (
        WITH_DICTIONARY * 2,
        len(WITH_DICTIONARY),
        "a dictionary, which may lie only at the beginning",
    ),
    "a dictionary too large": (
        b"\x5d\x2a\x4d\x18\x01\x00\x00\x01",
        0,
        "a dictionary of 16777217 octets, of 16777216 at most",
    ),
    "a dictionary that is none": (
        skippable(b"quay and harbour", 0x184D2A5D) + FRAMES,
        0,
        "the dictionary is damaged (invalid Zstandard dictionary)",
    ),
    "a dictionary with broken tables": (
        skippable(DICTIONARY.dict_content[:40], 0x184D2A5D) + FRAMES,
        0,
        "the dictionary is damaged (Failed to create a ZSTD_DDict instance from Zstandard "
        "dictionary content.)",
    ),
    "a dictionary in a broken frame": (
        skippable(framed(DICTIONARY.dict_content)[:-1] + b"x", 0x184D2A5D) + FRAMES,
        0,
        "the dictionary is damaged (Unable to decompress Zstandard data: Restored data doesn't "
        "match checksum)",
    ),
    "a dictionary in half a frame": (
        skippable(framed(DICTIONARY.dict_content)[:-9], 0x184D2A5D) + FRAMES,
        0,
        "the dictionary is damaged (it does not end within 16777216 octets)",
    ),
    "a dictionary that is a bomb": (
        skippable(framed(DICTIONARY.dict_content + bytes(17 << 20)), 0x184D2A5D) + FRAMES,
        0,
        "the dictionary is damaged (it does not end within 16777216 octets)",
    ),
    "a window of 2 GiB": (
        MAGIC + b"\x00\xa8" + bytes(20),
        0,
        "a zstd frame that takes 2147483648 octets of memory, of 134217728 at most",
    ),
    "a single segment of 2 GiB": (
        MAGIC + b"\xa0\x00\x00\x00\x80" + bytes(20),
        0,
        "a zstd frame that takes 2147483648 octets of memory, of 134217728 at most",
    ),
    "a block of 2 MiB": (
        MAGIC + b"\x00\x38\xfd\xff\xff" + bytes(99),
        0,
        r"b'\xfd\xff\xff' where a block of a zstd frame should begin",
    ),
    "a block of no kind": (
        MAGIC + b"\x00\x38\x0f\x00\x00" + bytes(99),
        0,
        r"b'\x0f\x00\x00' where a block of a zstd frame should begin",
    ),
    "a wrong checksum": (
        framed(INFO)[:-1] + b"x",
        0,
        "the zstd frame is damaged (Unable to decompress Zstandard data: Restored data doesn't "
        "match checksum)",
    ),
    "a wrong content size": (
        framed(INFO)[:5] + b"\x01" + framed(INFO)[6:],
        0,
        "the zstd frame is damaged (Unable to decompress Zstandard data: Data corruption "
        "detected)",
    ),
    "something else in between": (
        framed(INFO) + b"(quay and harbour)" + framed(REPLY),
        len(framed(INFO)),
        r"b'(quay and harbour)(\xb5' where a zstd frame should begin",
    ),
}


@pytest.mark.parametrize(("octets", "offset", "problem"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_named_with_its_place(octets: bytes, offset: int, problem: str) -> None:
    damage = outcome_of(octets).damage

    assert damage is not None
    assert (damage.filename, damage.offset, damage.problem) == ("x.warc", offset, problem)
    assert not isinstance(damage, CutShort)


@pytest.mark.parametrize("length", [4, 7, 8, 100, len(DICTIONARY_FRAME) - 1])
def test_a_dictionary_cut_short_is_a_file_cut_short(length: int) -> None:
    damage = outcome_of(WITH_DICTIONARY[:length]).damage

    assert isinstance(damage, CutShort)
    assert (damage.offset, damage.problem) == (0, "the file ends inside its dictionary")


def test_what_is_for_others_is_cut_short_too() -> None:
    damage = outcome_of(FRAMES + skippable(b"quay")[:-1]).damage

    assert isinstance(damage, CutShort)
    assert damage.offset == len(FRAMES)


# Damage in what many records share


def test_records_before_the_damage_in_their_common_frame_are_read() -> None:
    blocks = [random.Random(octet).randbytes(90_000) for octet in range(20)]
    records = [b"WARC/1.1\r\nContent-Length: 90000\r\n\r\n%b\r\n\r\n" % block for block in blocks]
    frame = framed(b"".join(records))

    outcome = outcome_of(frame[:-60] + bytes(56) + frame[-4:])

    # A block of a frame holds 128 KiB at most; the damage lies in the last of them.
    assert outcome.blocks == blocks[: len(outcome.blocks)]
    assert len(outcome.blocks) >= 17
    assert outcome.damage is not None
    assert outcome.damage.offset == 0


def test_a_wrong_checksum_costs_but_the_last_of_the_records_it_covers() -> None:
    outcome = outcome_of(framed(PLAIN)[:-4] + bytes(4))

    assert outcome.blocks == BLOCKS[:2]


def test_a_frame_without_size_and_checksum_is_read() -> None:
    compressor = zstd.ZstdCompressor()
    streamed = compressor.compress(PLAIN) + compressor.flush()

    assert read_all(streamed) == BLOCKS
    assert faults_of(streamed) == []


def test_a_bomb_comes_in_pieces_and_fills_no_memory() -> None:
    # A block of 4 octets that stands for 128 KiB of zeros (3.1.1.2.2), 1600 times.
    count = 1600
    head = b"WARC/1.1\r\nContent-Length: %d\r\n\r\n" % (count << 17)
    begin = MAGIC + b"\x00\x38" + (len(head) << 3).to_bytes(3, "little") + head
    bomb = begin + b"\x02\x00\x10\x00" * count + b"\x21\x00\x00\r\n\r\n"

    tracemalloc.start()
    try:
        pieces = [len(piece) for piece in first(bomb).chunks()]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert sum(pieces) == count << 17
    assert max(pieces) == 1 << 17
    assert peak < 4 << 20


def test_damage_stays_damage_when_the_record_is_asked_again() -> None:
    record = first(framed(INFO)[:-1] + b"x")
    problem = "match checksum"

    with pytest.raises(DamagedRecord, match=problem):
        record.read(99)
    with pytest.raises(DamagedRecord, match=problem):
        assert record.location
