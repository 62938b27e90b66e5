"""Content codings undone: sound, cut short, damaged, lying, and built to fill the memory."""

from __future__ import annotations

import gzip
import random
import time
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
from backports import zstd

from archiver.content import content_of

LIMIT = 1 << 20
# Words in an order that compresses to a third or so, and in many blocks.
WORDS = b"the ferry returns at dawn and nobody on the pier had counted it among the living".split()
TEXT = b" ".join(random.Random(7).choices(WORDS, k=60_000))
NOISE = random.Random(1).randbytes(300_000)
SHORT = b"The ferry is back. " * 8


def deflated(octets: bytes) -> bytes:
    compressor = zlib.compressobj(6, zlib.DEFLATED, -15)
    return compressor.compress(octets) + compressor.flush()


CODINGS: list[tuple[bytes, Callable[[bytes], bytes]]] = [
    (b"gzip", lambda octets: gzip.compress(octets, 6)),
    (b"deflate", zlib.compress),
    (b"deflate", deflated),
    (b"br", lambda octets: brotli.compress(octets, quality=5)),
    (b"zstd", zstd.compress),
]
IDS = ["gzip", "deflate-zlib", "deflate-raw", "br", "zstd"]
each_coding = pytest.mark.parametrize(("name", "encode"), CODINGS, ids=IDS)
Encode = Callable[[bytes], bytes]


@each_coding
@pytest.mark.parametrize(
    "content", [SHORT, TEXT, b"x", NOISE], ids=["short", "long", "tiny", "incompressible"]
)
def test_a_coding_is_undone(name: bytes, encode: Encode, content: bytes) -> None:
    assert content_of(encode(content), name, LIMIT) == content


@each_coding
def test_an_empty_content_is_empty(name: bytes, encode: Encode) -> None:
    assert content_of(encode(b""), name, LIMIT) == b""


@pytest.mark.parametrize("encoding", [None, b"", b" ", b"identity", b"Identity, ,"])
def test_no_coding_leaves_the_payload_alone(encoding: bytes | None) -> None:
    assert content_of(SHORT, encoding, LIMIT) == SHORT


@pytest.mark.parametrize("encoding", [b"GZIP", b"x-gzip", b" gzip ", b"gzip,", b"identity, gzip"])
def test_a_coding_is_known_however_it_is_spelt(encoding: bytes) -> None:
    assert content_of(gzip.compress(SHORT), encoding, LIMIT) == SHORT


# Several codings are listed in the order in which they were applied (RFC 9110, 8.4).
SEVERAL = [
    (b"gzip, br", brotli.compress(gzip.compress(SHORT))),
    (b"br, gzip", gzip.compress(brotli.compress(SHORT))),
    (b"deflate, identity, zstd", zstd.compress(zlib.compress(SHORT))),
    (b"gzip, gzip", gzip.compress(gzip.compress(SHORT))),
]


@pytest.mark.parametrize(("encoding", "payload"), SEVERAL)
def test_several_codings_are_undone_from_the_last_to_the_first(
    encoding: bytes, payload: bytes
) -> None:
    assert content_of(payload, encoding, LIMIT) == SHORT


def test_several_codings_of_what_cannot_be_compressed_give_all_that_the_limit_allows() -> None:
    payload = gzip.compress(gzip.compress(NOISE[:1000]))

    assert content_of(payload, b"gzip, gzip", 1000) == NOISE[:1000]


def test_an_unknown_coding_ends_the_decoding_there() -> None:
    assert content_of(gzip.compress(SHORT), b"compress, gzip", LIMIT) == SHORT
    assert content_of(SHORT, b"gzip, compress", LIMIT) == SHORT


# Members and frames that follow each other


@pytest.mark.parametrize(
    ("encoding", "payload"),
    [
        (b"gzip", gzip.compress(SHORT) + gzip.compress(b"more")),
        (b"gzip", gzip.compress(SHORT) + gzip.compress(b"") + gzip.compress(b"more")),
        (b"zstd", zstd.compress(SHORT) + zstd.compress(b"more")),
        (b"zstd", b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc" + zstd.compress(SHORT + b"more")),
    ],
    ids=["gzip", "gzip-with-an-empty-one", "zstd", "zstd-after-a-skippable-one"],
)
def test_members_that_follow_each_other_are_one_content(encoding: bytes, payload: bytes) -> None:
    assert content_of(payload, encoding, LIMIT) == SHORT + b"more"


@each_coding
@pytest.mark.parametrize("padding", [b"\0" * 9, b"\r\n", b"<!-- cached -->"])
def test_what_follows_the_coded_content_does_not_spoil_it(
    name: bytes, encode: Encode, padding: bytes
) -> None:
    assert content_of(encode(TEXT) + padding, name, LIMIT) == TEXT


def test_a_great_many_empty_members_are_soon_read() -> None:
    payload = gzip.compress(b"") * 20_000 + gzip.compress(b"at last")
    started = time.monotonic()

    content = content_of(payload, b"gzip", LIMIT)

    assert content == b"at last"
    assert time.monotonic() - started < 1.0  # twenty thousand copies of the payload take longer


# Cut short, damaged, and not what it claims to be


@each_coding
def test_half_a_payload_gives_the_beginning_of_its_content(name: bytes, encode: Encode) -> None:
    payload = encode(TEXT)

    content = content_of(payload[: len(payload) // 2], name, LIMIT)

    assert len(content) > len(TEXT) // 4
    assert TEXT.startswith(content)


@each_coding
@pytest.mark.parametrize("length", range(0, 60, 3))
def test_a_payload_cut_anywhere_gives_a_beginning_or_stands_as_it_is(
    name: bytes, encode: Encode, length: int
) -> None:
    payload = encode(SHORT)[:length]

    content = content_of(payload, name, LIMIT)

    assert SHORT.startswith(content) or content == payload


@each_coding
def test_what_was_decoded_before_the_damage_stands(name: bytes, encode: Encode) -> None:
    payload = encode(TEXT)
    sound = len(payload) * 9 // 10
    damaged = payload[:sound] + NOISE[:2000] + payload[sound + 2000 :]

    content = content_of(damaged, name, LIMIT)

    assert content[: len(TEXT) // 2] == TEXT[: len(TEXT) // 2]


@pytest.mark.parametrize(
    ("encoding", "payload"),
    [
        (b"gzip", gzip.compress(SHORT)[:-8] + b"\0" * 8),
        (b"deflate", zlib.compress(SHORT)[:-4] + b"\0" * 4),
        (b"gzip", gzip.compress(SHORT)[:-8]),
        (b"deflate", zlib.compress(SHORT)[:-4]),
    ],
    ids=["gzip-wrong", "deflate-wrong", "gzip-missing", "deflate-missing"],
)
def test_a_checksum_that_is_wrong_or_missing_costs_no_content(
    encoding: bytes, payload: bytes
) -> None:
    assert content_of(payload, encoding, LIMIT) == SHORT


@pytest.mark.parametrize("encoding", [b"gzip", b"x-gzip", b"deflate", b"br", b"zstd", b"gzip, br"])
@pytest.mark.parametrize(
    "payload", [b"<!doctype html><p>plain</p>", b"", b"\0", b"\xff" * 50, b"\x1f\x8b\x08"]
)
def test_a_payload_that_is_not_what_its_header_claims_stands_as_it_is(
    encoding: bytes, payload: bytes
) -> None:
    assert content_of(payload, encoding, LIMIT) == payload


def test_a_payload_coded_once_whose_header_says_twice_is_decoded_once() -> None:
    assert content_of(gzip.compress(SHORT), b"gzip, gzip", LIMIT) == SHORT


# Never more than the limit


@each_coding
@pytest.mark.parametrize("limit", [0, 1, 19, 100_000])
def test_content_ends_at_the_limit(name: bytes, encode: Encode, limit: int) -> None:
    assert content_of(encode(TEXT), name, limit) == TEXT[:limit]


@pytest.mark.parametrize("encoding", [None, b"gzip", b"unknown"])
def test_a_payload_that_stands_as_it_is_ends_at_the_limit_too(encoding: bytes | None) -> None:
    assert content_of(b"plain text", encoding, 5) == b"plain"


BOMB = b"\0" * (24 << 20)


@each_coding
def test_a_bomb_fills_no_memory(name: bytes, encode: Encode) -> None:
    payload = encode(BOMB)

    content, peak = measured(payload, name)

    assert content == BOMB[:LIMIT]
    assert peak < 6 * LIMIT


@each_coding
@pytest.mark.parametrize(("outer", "encode_again"), CODINGS, ids=IDS)
def test_a_bomb_in_a_bomb_fills_no_memory(
    name: bytes, encode: Encode, outer: bytes, encode_again: Encode
) -> None:
    payload = encode_again(encode(BOMB))

    content, peak = measured(payload, name + b", " + outer)

    assert content == BOMB[:LIMIT]
    assert peak < 6 * LIMIT


def test_a_bomb_in_many_bombs_fills_no_memory() -> None:
    payload = BOMB
    for _ in range(9):
        payload = gzip.compress(payload, 1)

    content, peak = measured(payload, b", ".join([b"gzip"] * 9))

    assert content == BOMB[: len(content)]
    assert peak < 6 * LIMIT


def measured(payload: bytes, encoding: bytes) -> tuple[bytes, int]:
    """Return the content, and the most memory that decoding it took."""
    tracemalloc.start()
    try:
        content = content_of(payload, encoding, LIMIT)
        return content, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
