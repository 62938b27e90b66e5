"""Members of gzipped files that are long, built to fill the memory, or gzipped in odd ways."""

from __future__ import annotations

import gzip
import io
import random
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from isal import isal_zlib

from archiver.errors import DamagedRecord
from archiver.reader import read_records
from tests.archiver.logbook import (
    BLOCKS,
    INFO,
    NOTE,
    REPLY,
    Dribble,
    first,
    outcome_of,
    read_all,
    zipped,
)

NOISE = random.Random(3).randbytes(3 << 20)


def record_of(block: bytes) -> bytes:
    return b"WARC/1.1\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n" % (len(block), block)


# Longer than what is unpacked in one go, by what it holds and by what it takes in the file.
LONG = {"when unpacked": bytes(5 << 20), "in the file": NOISE, "just so": bytes((4 << 20) - 34)}
long = pytest.mark.parametrize("block", LONG.values(), ids=LONG.keys())


@long
def test_a_long_member_is_read_and_so_is_what_follows(block: bytes) -> None:
    member = zipped(record_of(block))

    records = read_records(io.BytesIO(member + zipped(INFO)), "x.warc.gz")
    found = [(b"".join(r.chunks()), r.location.offset, r.location.length) for r in records]

    assert found == [
        (block, 0, len(member)),
        (BLOCKS[0], len(member), len(zipped(INFO))),
    ]


@pytest.mark.parametrize("at", [100_000, 1_500_000, 3_000_000])
def test_what_came_before_the_damage_in_a_long_member_is_handed_out(at: int) -> None:
    member = zlib.compress(record_of(NOISE), 0, 31)  # stored: what lies where is plain
    record = first(member[:at] + b"\xff" * 70_000 + member[at + 70_000 :])

    pieces: list[bytes] = []
    with pytest.raises(DamagedRecord, match=r"^x.warc at 0: the gzip member is damaged"):
        pieces.extend(record.chunks())

    # Blocks of a stored member are 64 KiB long at most.
    assert b"".join(pieces)[: at - (64 << 10)] == NOISE[: at - (64 << 10)]


def test_many_records_before_the_damage_in_their_common_member_are_read() -> None:
    blocks = [NOISE[at : at + 30_000] for at in range(0, len(NOISE), 30_000)]
    member = zipped(b"".join(map(record_of, blocks)))

    outcome = outcome_of(member[:-8] + bytes(8))

    assert outcome.blocks == blocks[:-1]
    assert outcome.damage is not None


def test_a_bomb_comes_in_pieces_and_fills_no_memory() -> None:
    size = 200 << 20
    compressor = zlib.compressobj(1, zlib.DEFLATED, 31)
    bomb = compressor.compress(b"WARC/1.1\r\nContent-Length: %d\r\n\r\n" % size)
    bomb += b"".join(compressor.compress(bytes(1 << 20)) for _ in range(200))
    bomb += compressor.compress(b"\r\n\r\n") + compressor.flush()

    tracemalloc.start()
    try:
        read = sum(map(len, first(bomb).chunks()))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert read == size
    assert peak < 16 << 20


ODD = {
    "with a name": gzip.compress(INFO)[:3] + b"\x08" + gzip.compress(INFO)[4:10] + b"quay.warc\0",
    "with an extra field": b"\x1f\x8b\x08\x04" + bytes(5) + b"\x03\x04\x00sl\x00\x00",
    "with a comment": b"\x1f\x8b\x08\x10" + bytes(5) + b"\x03by hand\0",
}


@pytest.mark.parametrize("header", ODD.values(), ids=ODD.keys())
def test_a_member_with_fields_in_its_header_is_read(header: bytes) -> None:
    member = header + zipped(INFO)[10:]

    assert read_all(member + zipped(REPLY)) == BLOCKS[:2]


@pytest.mark.parametrize("level", [0, 1, 6, 9])
def test_a_member_is_read_whoever_packed_it(level: int) -> None:
    members = zlib.compress(INFO, level, 31) + isal_zlib.compress(REPLY, min(level, 3), 31)

    assert read_all(members + zipped(NOTE)) == BLOCKS


@given(
    block=st.binary(max_size=2000).map(lambda octets: octets * 3),
    at=st.integers(0, 5000),
    octet=st.integers(0, 255),
    level=st.sampled_from([0, 1, 9]),
)
def test_zlib_unpacks_the_same_from_a_changed_member(
    block: bytes, at: int, octet: int, level: int
) -> None:
    member = bytearray(zlib.compress(record_of(block), level, 31))
    # Not the flags: two of them must be zero, and ISA-L does not mind if they are not.
    member[at % (len(member) - 4) + 4] = octet

    try:
        expected = [zlib.decompress(member, 31)]
    except zlib.error:
        expected = []

    outcome, in_drops = outcome_of(bytes(member)), outcome_of(bytes(member), Dribble)
    assert bool(expected) or outcome.damage is not None
    assert outcome.damage is not None or [*map(record_of, outcome.blocks)] == expected
    assert in_drops.blocks == outcome.blocks
    assert type(in_drops.damage) is type(outcome.damage)
