"""The chunked coding (RFC 9112, 7.1) whole, byte by byte, cut short and broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.chunked import MAX_LINE, MAX_TRAILERS, ChunkedReader


class Outcome(NamedTuple):
    payload: bytes
    taken: int
    problem: str | None
    is_complete: bool


def read(pieces: Iterable[bytes]) -> Outcome:
    reader = ChunkedReader()
    fed = [reader.feed(piece) for piece in pieces]
    return Outcome(
        payload=b"".join(payload for payload, _ in fed),
        taken=sum(taken for _, taken in fed),
        problem=reader.problem,
        is_complete=reader.is_complete,
    )


Split = Callable[[bytes], list[bytes]]


def whole(octets: bytes) -> list[bytes]:
    return [octets]


def singly(octets: bytes) -> list[bytes]:
    return [octets[at : at + 1] for at in range(len(octets))]


def by_thousands(octets: bytes) -> list[bytes]:
    return [octets[at : at + 1000] for at in range(0, len(octets), 1000)]


both_ways = pytest.mark.parametrize("split", [whole, singly])

SOUND = [
    pytest.param(b"0\r\n\r\n", b"", id="no-chunk-but-the-last"),
    pytest.param(b"5\r\nhello\r\n0\r\n\r\n", b"hello", id="one"),
    pytest.param(b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", b"hello", id="two"),
    pytest.param(b"a\r\n0123456789\r\n0\r\n\r\n", b"0123456789", id="lower-case-size"),
    pytest.param(b"A\r\n0123456789\r\n0\r\n\r\n", b"0123456789", id="upper-case-size"),
    pytest.param(b"00000005\r\nhello\r\n000\r\n\r\n", b"hello", id="leading-zeros"),
    pytest.param(b"5;a\r\nhello\r\n0;b=c\r\n\r\n", b"hello", id="7.1.1-extensions"),
    pytest.param(b'5 ; a="b;c"\r\nhello\r\n0\r\n\r\n', b"hello", id="7.1.1-a-quoted-extension"),
    pytest.param(b"5  \r\nhello\r\n0\r\n\r\n", b"hello", id="blanks-after-a-size"),
    pytest.param(b"5\t\r\nhello\r\n 0\r\n\r\n", b"hello", id="blanks-before-a-size"),
    pytest.param(b"5\nhello\n0\n\n", b"hello", id="2.2-line-feeds-alone"),
    pytest.param(b"5\r\nhello\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", b"hello", id="7.1.2-trailers"),
    pytest.param(b"2\r\n\r\n\r\n0\r\n\r\n", b"\r\n", id="a-line-end-in-a-chunk"),
    pytest.param(b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", b"0\r\n\r\n", id="an-end-in-a-chunk"),
    pytest.param(b"1\r\n\x00\r\n1\r\n\xff\r\n0\r\n\r\n", b"\x00\xff", id="any-octets"),
]

# (what was sent, payload). Everything sent belongs to the body.
BROKEN = [
    pytest.param(b"5\r\nhelloX\r\n0\r\n\r\n", b"hello", id="a-chunk-longer-than-its-size"),
    pytest.param(b"5\r\nhello5\r\nhello\r\n", b"hello", id="no-line-end-after-a-chunk"),
    pytest.param(b"5\r\nhello\r\r\n0\r\n\r\n", b"hello", id="two-returns-after-a-chunk"),
    pytest.param(b"5\r\nhello\r\n\r\n0\r\n\r\n", b"hello", id="a-blank-line-between-chunks"),
    pytest.param(b"5\r\nhello\r\n-1\r\nx\r\n", b"hello", id="a-negative-size"),
    pytest.param(b"5\r\nhello\r\n0x5\r\nhello\r\n", b"hello", id="a-prefixed-size"),
    pytest.param(b"5\r\nhello\r\n5 5\r\nhello\r\n", b"hello", id="two-sizes"),
    pytest.param(b"5\r\nhello\r\n;a\r\n\r\n", b"hello", id="no-size-but-an-extension"),
    pytest.param(b"5\r\nhello\r\n" + b"f" * 16 + b"\r\n", b"hello", id="a-size-beyond-all-bounds"),
    pytest.param(b"5\r\nhello\r\n5\r;a\r\nhello\r\n", b"hello", id="a-return-in-a-size"),
    pytest.param(b"<p>no chunks</p>\n", b"<p>no chunks</p>\n", id="no-chunk-at-all"),
    pytest.param(b"hello", b"hello", id="no-chunk-and-no-line-end"),
    pytest.param(b"\r\n5\r\nhello\r\n", b"\r\n5\r\nhello\r\n", id="a-blank-line-first"),
    pytest.param(b"5 apples\r\n0\r\n\r\n", b"5 apples\r\n0\r\n\r\n", id="a-number-of-apples"),
]


@both_ways
@pytest.mark.parametrize(("body", "payload"), SOUND)
def test_the_framing_goes_and_the_payload_stays(split: Split, body: bytes, payload: bytes) -> None:
    assert read(split(body)) == Outcome(payload, len(body), None, True)


@both_ways
@pytest.mark.parametrize(("body", "payload"), SOUND)
@pytest.mark.parametrize("garbage", [b"\r\n", b"x", b"5\r\nhello\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_what_follows_the_last_chunk_is_not_taken(
    split: Split, body: bytes, payload: bytes, garbage: bytes
) -> None:
    assert read(split(body + garbage)) == Outcome(payload, len(body), None, True)


@both_ways
@pytest.mark.parametrize(("body", "payload"), BROKEN)
def test_broken_framing_costs_no_octet_and_is_a_problem(
    split: Split, body: bytes, payload: bytes
) -> None:
    outcome = read(split(body))

    assert (outcome.payload, outcome.taken) == (payload, len(body))
    assert (outcome.problem is None, outcome.is_complete) == (False, False)


@pytest.mark.parametrize(("body", "payload"), BROKEN)
def test_a_problem_reads_the_same_however_the_octets_came(body: bytes, payload: bytes) -> None:
    assert read(singly(body)) == read(whole(body))


WITH_ALL = b"3;a=b\r\nhel\r\n02\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n"


@pytest.mark.parametrize("length", range(len(WITH_ALL)))
def test_a_body_cut_anywhere_is_incomplete_and_no_problem(length: int) -> None:
    arrived = WITH_ALL[:length]

    outcome = read(whole(arrived))

    assert outcome == Outcome(
        WITH_ALL[7 : min(length, 10)] + WITH_ALL[16 : min(length, 18)], length, None, False
    )
    assert outcome == read(singly(arrived))


FRAGMENTS = [
    b"5\r\nhello\r\n",
    b"5\nhello\n",
    b"2;x\r\n",
    b"0\r\n",
    b"\r\n",
    b"\r",
    b"\n",
    b"A: 1\r\n",
    b"hello",
    b"f",
    b" ",
    b";",
    b"\xff",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=8).map(b"".join),
    st.lists(st.integers(0, 60), max_size=5),
)
def test_what_a_body_holds_does_not_depend_on_how_it_came(body: bytes, places: list[int]) -> None:
    ends = sorted({place % (len(body) + 1) for place in places} | {len(body)})
    pieces = [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    assert read(pieces) == read(whole(body))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_any_octets_survive_the_framing(chunks: list[bytes]) -> None:
    body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"

    assert read(whole(body)).payload == b"".join(chunks)


@pytest.mark.parametrize("length", [MAX_LINE - 100, MAX_LINE + 100])
@pytest.mark.parametrize("start", [b"5;", b"0\r\nX: "], ids=["size-line", "trailer"])
def test_whether_a_line_is_too_long_does_not_depend_on_how_it_came(
    start: bytes, length: int
) -> None:
    body = start + b"x" * length + b"\r\nhello\r\n0\r\n\r\n"

    assert read(by_thousands(body)) == read(whole(body))


@pytest.mark.parametrize("split", [whole, by_thousands])
def test_a_size_line_without_end_is_a_problem(split: Split) -> None:
    body = b"5\r\nhello\r\n5;" + b"x" * (MAX_LINE + 1000)

    outcome = read(split(body))

    assert (outcome.payload, outcome.taken) == (b"hello", len(body))
    assert outcome.problem is not None


@pytest.mark.parametrize("split", [whole, by_thousands])
def test_trailers_without_end_are_a_problem(split: Split) -> None:
    body = b"0\r\n" + b"X: 1\r\n" * (MAX_TRAILERS // 4)

    outcome = read(split(body))

    assert (outcome.payload, outcome.taken) == (b"", len(body))
    assert outcome.problem is not None
