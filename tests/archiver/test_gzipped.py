"""Members as RFC 1952 has them, without name and time, however their pieces came."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.gzipped import gzip_member, record_member

Member = Callable[[Iterable[bytes]], Iterator[bytes]]


def of_a_record(pieces: Iterable[bytes]) -> Iterator[bytes]:
    collected = list(pieces)
    return record_member(collected, sum(map(len, collected)))


both_ways = pytest.mark.parametrize("member", [gzip_member, of_a_record])

NOISE = random.Random(3).randbytes(5 << 20)  # incompressible: more than is collected at a time
LINES = [b'{"n": %d, "text": "the ferry"}\n' % number for number in range(40_000)]


def gunzip(octets: bytes) -> tuple[bytes, bytes]:
    """Return what the first member holds, its checksum verified, and what follows it."""
    inflater = zlib.decompressobj(31)
    return inflater.decompress(octets) + inflater.flush(), inflater.unused_data


@both_ways
@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b""],
        [b"", b"a", b""],
        [b"hello ", b"world"],
        LINES,
        [NOISE[: 2 << 20]],
        [NOISE[:100]] * 20_000,
    ],
    ids=["nothing", "empty", "one", "two", "lines", "a-large-one", "many-small-ones"],
)
def test_the_pieces_come_back_from_a_single_member(member: Member, pieces: list[bytes]) -> None:
    assert gunzip(b"".join(member(pieces))) == (b"".join(pieces), b"")


@both_ways
@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.binary(max_size=200), max_size=8))
def test_any_octets_come_back(member: Member, pieces: list[bytes]) -> None:
    assert gunzip(b"".join(member(pieces))) == (b"".join(pieces), b"")


@both_ways
def test_a_member_has_no_name_and_no_time(member: Member) -> None:
    octets = b"".join(member([b"hello"]))

    assert octets[:4] == b"\x1f\x8b\x08\x00"  # no flags, so no name
    assert octets[4:8] == b"\0\0\0\0"  # no time


def test_a_text_file_is_the_same_to_the_octet_as_zlib_made_it_for_us() -> None:
    assert b"".join(gzip_member([b"hello ", b"world\n"])).hex() == (
        "1f8b0800000000000003cb48cdc9c95728cf2fca49e102002d3b08af0c000000"
    )


def test_a_text_file_is_the_same_however_its_lines_came() -> None:
    assert b"".join(gzip_member(LINES)) == b"".join(gzip_member([b"".join(LINES)]))


@both_ways
def test_a_long_member_is_handed_on_while_it_grows(member: Member) -> None:
    produced = member(NOISE[at : at + (1 << 20)] for at in range(0, len(NOISE), 1 << 20))

    sizes = [len(piece) for piece in produced]

    assert len(sizes) > 1
    assert max(sizes) < 5 << 20
