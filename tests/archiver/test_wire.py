"""Responses whole, byte by byte, cut short and with garbage behind them.

Section numbers are those of RFC 9112 unless another RFC is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.head import MAX_HEAD, Head, parse_head
from archiver.wire import ResponseReader, payload_of


class Outcome(NamedTuple):
    """All that a reader says of what it was fed."""

    raw: bytes
    payload: bytes
    head: Head | None
    interim: tuple[bytes, ...]
    leftover: bytes
    problem: str | None
    is_broken: bool
    is_complete: bool
    is_cut_short: bool


def read(pieces: Iterable[bytes], method: bytes = b"GET") -> Outcome:
    reader = ResponseReader(method)
    fed = [reader.feed(piece) for piece in pieces]
    is_complete = reader.is_complete
    pending, is_cut_short = reader.close()
    return Outcome(
        raw=b"".join(raw for raw, _ in fed) + pending,
        payload=b"".join(payload for _, payload in fed),
        head=reader.head,
        interim=tuple(reader.interim),
        leftover=reader.leftover,
        problem=reader.problem,
        is_broken=reader.is_broken,
        is_complete=is_complete,
        is_cut_short=is_cut_short,
    )


Split = Callable[[bytes], list[bytes]]


def whole(octets: bytes) -> list[bytes]:
    return [octets]


def singly(octets: bytes) -> list[bytes]:
    return [octets[at : at + 1] for at in range(len(octets))]


def cut_at(octets: bytes, places: Iterable[int]) -> Iterator[bytes]:
    ends = sorted({place % (len(octets) + 1) for place in places} | {len(octets)})
    return (octets[start:end] for start, end in zip([0, *ends], ends, strict=False))


both_ways = pytest.mark.parametrize("split", [whole, singly])

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nX-Sum: 1\r\n\r\n"
)
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\nhello"

# How a body is delimited: the rules of 6.3 by their numbers there. Each is fed with more than
# it should take: (method, head and body, what follows, payload).
DELIMITED = [
    pytest.param(b"HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"", id="1-head"),
    pytest.param(
        b"HEAD", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"", id="1-head-chunked"
    ),
    pytest.param(b"HEAD", b"HTTP/1.1 200 OK\r\n\r\n", b"", id="1-head-without-length"),
    pytest.param(b"GET", b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", b"", id="1-204"),
    pytest.param(
        b"GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b"", id="1-304"
    ),
    pytest.param(b"GET", b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", b"", id="1-101"),
    pytest.param(b"CONNECT", b"HTTP/1.1 200 OK\r\n\r\n", b"", id="2-connect"),
    pytest.param(
        b"CONNECT", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", b"", id="2-connect-length"
    ),
    pytest.param(
        b"CONNECT",
        b"HTTP/1.1 299 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"",
        id="2-connect-chunked",
    ),
    pytest.param(
        b"CONNECT",
        b"HTTP/1.1 407 No\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        id="2-connect-refused",
    ),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"5\r\nhello\r\n0\r\n\r\n",
        b"hello",
        id="3-chunked-overrides-length",
    ),
    pytest.param(b"GET", CHUNKED, b"hello", id="4-chunked"),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\ntransfer-ENCODING:CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        b"hello",
        id="4-chunked-in-any-case",
    ),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        id="4-identity-was-no-coding-in-rfc-2616",
    ),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
        b"hello",
        id="5-equal-lengths-in-a-list",
    ),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        b"hello",
        id="5-equal-lengths-on-lines",
    ),
    pytest.param(
        b"GET",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, ,\r\n\r\nhello",
        b"hello",
        id="5-empty-elements-do-not-count",  # RFC 9110, 5.6.1.2
    ),
    pytest.param(b"GET", LENGTH, b"hello", id="6-length"),
    pytest.param(
        b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", b"", id="6-length-of-nothing"
    ),
    pytest.param(
        b"GET", b"HTTP/1.1 200 OK\r\nContent-Length: 0005\r\n\r\nhello", b"hello", id="6-zeros"
    ),
    pytest.param(
        b"POST", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", b"hello", id="6-post"
    ),
]

# Where nothing but the end of the connection delimits a body: rule 8.
UNDELIMITED = [
    pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="nothing-said"),
    pytest.param(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", id="http-1.0"),
    pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", id="identity"),
]

# Rule 4, for codings that we never ask for: (the field's value, payload of the body below).
FOREIGN = [
    (b"gzip", b"5\r\nhello\r\n0\r\n\r\n"),
    (b"gzip\r\nContent-Length: 5", b"5\r\nhello\r\n0\r\n\r\n"),
    (b"chunked, gzip", b"5\r\nhello\r\n0\r\n\r\n"),
    (b"chunked, identity\r\nContent-Length: 5", b"5\r\nhello\r\n0\r\n\r\n"),
    (b"gzip , chunked", b"hello"),
    (b"gzip\r\nTransfer-Encoding: chunked", b"hello"),
]

NO_LENGTHS = [b"5, 6", b"-5", b"+5", b"5.0", b"0x5", b"five", b"5 5", b"5;5", b"", b"9" * 19]

# What breaks the protocol: (all that came, the payload of it).
BROKEN = [
    pytest.param(b"<html>no HTTP</html>", b"", id="no-http"),
    pytest.param(b"\r\nHTTP/1.1 200 OK\r\n\r\nhello", b"", id="a-blank-line-first"),
    pytest.param(b"http/1.1 200 OK\r\n\r\nhello", b"", id="lower-case-name"),
    pytest.param(b"HTTP/1.1 OK\r\n\r\nhello", b"", id="no-status"),
    pytest.param(b"HTTP/1.1 20 OK\r\n\r\nhello", b"", id="two-digits"),
    pytest.param(b"HTTP/1.1 2000 OK\r\n\r\nhello", b"", id="four-digits"),
    pytest.param(b"HTTP/x.y 200 OK\r\n\r\nhello", b"", id="no-version"),
    pytest.param(b"\xff\xfe\x00\x01", b"", id="binary"),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!", b"hello!", id="two-lengths"
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nmore\r\n",
        b"hello",
        id="a-size-that-is-none",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXYZ\r\n0\r\n\r\n",
        b"hello",
        id="a-chunk-longer-than-its-size",
    ),
    pytest.param(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<p>no\nchunks</p>",
        b"<p>no\nchunks</p>",
        id="no-chunks-at-all",
    ),
    pytest.param(LENGTH + b"GARBAGE", b"hello", id="octets-after-the-length"),
    pytest.param(LENGTH + b"\r\n", b"hello", id="a-line-end-after-the-length"),
    pytest.param(LENGTH + b"HX", b"hello", id="octets-that-begin-like-http"),
    pytest.param(LENGTH + b"XHTTP/1.1 200 OK\r\n\r\n", b"hello", id="http-after-garbage"),
    pytest.param(CHUNKED + b"GARBAGE", b"hello", id="octets-after-the-last-chunk"),
    pytest.param(
        b"HTTP/1.1 204 No Content\r\n\r\nhello", b"", id="a-body-where-there-may-be-none"
    ),
]


# Whole and byte by byte


@both_ways
@pytest.mark.parametrize(("method", "message", "payload"), DELIMITED)
def test_a_response_ends_where_its_framing_says(
    split: Split, method: bytes, message: bytes, payload: bytes
) -> None:
    outcome = read(split(message), method)

    assert (outcome.raw, outcome.payload) == (message, payload)
    assert (outcome.is_complete, outcome.is_cut_short, outcome.problem) == (True, False, None)


@both_ways
@pytest.mark.parametrize("head", UNDELIMITED)
def test_a_body_without_framing_ends_with_its_connection(split: Split, head: bytes) -> None:
    outcome = read(split(head + b"hello\r\n\r\n0\r\n\r\n"))

    assert outcome.raw == head + b"hello\r\n\r\n0\r\n\r\n"
    assert outcome.payload == b"hello\r\n\r\n0\r\n\r\n"
    assert (outcome.is_complete, outcome.is_cut_short, outcome.problem) == (False, False, None)


@both_ways
@pytest.mark.parametrize(("coding", "payload"), FOREIGN)
def test_a_coding_that_nobody_asked_for_is_a_problem_and_delimits_all_the_same(
    split: Split, coding: bytes, payload: bytes
) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + coding + b"\r\n\r\n"
    message = head + b"5\r\nhello\r\n0\r\n\r\n"

    outcome = read(split(message))

    assert (outcome.raw, outcome.payload) == (message, payload)
    assert not outcome.is_cut_short
    assert outcome.problem is not None


@both_ways
@pytest.mark.parametrize("length", NO_LENGTHS)
def test_a_length_that_is_no_number_is_a_problem_and_costs_no_octet(
    split: Split, length: bytes
) -> None:
    message = b"HTTP/1.1 200 OK\r\nContent-Length: " + length + b"\r\n\r\nhello"

    outcome = read(split(message))

    assert (outcome.raw, outcome.payload) == (message, b"hello")
    assert outcome.problem is not None
    assert outcome.is_broken


@both_ways
@pytest.mark.parametrize(("message", "payload"), BROKEN)
def test_what_breaks_the_protocol_is_kept_and_reported(
    split: Split, message: bytes, payload: bytes
) -> None:
    outcome = read(split(message))

    assert (outcome.raw, outcome.payload) == (message, payload)
    assert outcome.problem is not None


@pytest.mark.parametrize(("message", "payload"), BROKEN)
def test_a_problem_reads_the_same_however_the_octets_came(message: bytes, payload: bytes) -> None:
    assert read(singly(message)).problem == read(whole(message)).problem


@both_ways
@pytest.mark.parametrize(
    "second",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.0 408 Request Timeout\r\n\r\n<p>late</p>",
        b"HTTP/",
        b"HT",
    ],
)
@pytest.mark.parametrize("message", [LENGTH, CHUNKED])
def test_a_second_response_that_nobody_asked_for_is_left_over(
    split: Split, message: bytes, second: bytes
) -> None:
    outcome = read(split(message + second))

    assert (outcome.raw, outcome.payload) == (message, b"hello")
    assert (outcome.leftover, outcome.problem) == (second, None)


# Cut short at every length


@pytest.mark.parametrize("length", range(len(LENGTH)))
def test_a_body_of_known_length_cut_anywhere_is_cut_short(length: int) -> None:
    arrived = LENGTH[:length]

    outcome = read(whole(arrived))

    assert (outcome.raw, outcome.payload) == (arrived, LENGTH[38:length])
    assert (outcome.is_complete, outcome.is_cut_short, outcome.problem) == (False, True, None)
    assert outcome == read(singly(arrived))


@pytest.mark.parametrize("length", range(len(CHUNKED)))
def test_a_chunked_body_cut_anywhere_is_cut_short(length: int) -> None:
    arrived = CHUNKED[:length]

    outcome = read(whole(arrived))

    assert outcome.raw == arrived
    assert outcome.payload == CHUNKED[54 : min(length, 57)] + CHUNKED[62 : min(length, 64)]
    assert (outcome.is_complete, outcome.is_cut_short, outcome.problem) == (False, True, None)
    assert outcome == read(singly(arrived))


@pytest.mark.parametrize("length", range(len(UNTIL_CLOSE) - 5))
def test_a_head_cut_anywhere_is_cut_short(length: int) -> None:
    outcome = read(whole(UNTIL_CLOSE[:length]))

    assert (outcome.raw, outcome.payload, outcome.head) == (UNTIL_CLOSE[:length], b"", None)
    assert outcome.is_cut_short
    assert outcome == read(singly(UNTIL_CLOSE[:length]))


def test_a_body_until_close_cannot_be_cut_short() -> None:
    assert not read(whole(UNTIL_CLOSE[:-1])).is_cut_short


# Any split whatever

FRAGMENTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 200 OK\n",
    b"HTTP/1.0 204\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n",
    b"HTTP/",
    b"Content-Length: 5\r\n",
    b"Content-Length: x\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b" fold\r\n",
    b"no colon\r\n",
    b"\r\n",
    b"\n",
    b"\r",
    b"5\r\nhello\r\n",
    b"5;a=b\nhello\n",
    b"2\r\nhello\r\n",
    b"zz\r\n",
    b"0\r\n\r\n",
    b"0\r\nX-Trailer: 1\r\n\r\n",
    b"hello",
    b"H",
    b"\x00\xff",
]
messages = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=10).map(b"".join),
    st.lists(st.sampled_from(FRAGMENTS), max_size=8).map(
        lambda pieces: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(pieces)
    ),
    st.lists(st.sampled_from(FRAGMENTS), max_size=4).map(
        lambda pieces: b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell" + b"".join(pieces)
    ),
)
methods = st.sampled_from([b"GET", b"HEAD", b"CONNECT"])


@settings(max_examples=200, deadline=None)
@given(messages, methods, st.lists(st.integers(0, 200), max_size=6))
def test_what_a_response_is_does_not_depend_on_how_it_came(
    message: bytes, method: bytes, places: list[int]
) -> None:
    assert read(cut_at(message, places), method) == read(whole(message), method)


@settings(max_examples=200, deadline=None)
@given(messages, methods)
def test_a_response_and_what_is_not_part_of_it_are_all_that_came(
    message: bytes, method: bytes
) -> None:
    outcome = read(whole(message), method)

    assert b"".join(outcome.interim) + outcome.raw + outcome.leftover == message


@settings(max_examples=200, deadline=None)
@given(messages, methods)
def test_what_was_kept_of_a_response_reads_the_same_again(message: bytes, method: bytes) -> None:
    first = read(whole(message), method)

    again = read(whole(first.raw), method)

    assert (again.raw, again.payload, again.head) == (first.raw, first.payload, first.head)


# Interim answers (RFC 9110, 15.2)


@both_ways
@pytest.mark.parametrize(
    "interim",
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n",),
        (b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", b"HTTP/1.1 199 X\n\n"),
    ],
)
def test_interim_answers_are_kept_apart_from_the_response(
    split: Split, interim: tuple[bytes, ...]
) -> None:
    outcome = read(split(b"".join(interim) + LENGTH))

    assert outcome.interim == interim
    assert (outcome.raw, outcome.payload) == (LENGTH, b"hello")
    assert (outcome.is_complete, outcome.problem) == (True, None)


def test_the_answer_101_is_a_final_one() -> None:
    message = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"

    outcome = read(whole(message))

    assert (outcome.raw, outcome.interim, outcome.is_complete) == (message, (), True)


def test_a_connection_that_ends_after_an_interim_answer_has_cut_the_response_short() -> None:
    outcome = read(whole(b"HTTP/1.1 100 Continue\r\n\r\n"))

    assert (outcome.raw, outcome.head, outcome.is_cut_short) == (b"", None, True)


# Heads

STATUS_LINES = [
    (b"HTTP/1.1 200 OK\r\n", ("1.1", 200, b"OK")),
    (b"HTTP/1.0 404 Not Found\r\n", ("1.0", 404, b"Not Found")),
    (b"HTTP/1.1 200\r\n", ("1.1", 200, b"")),
    (b"HTTP/1.1 200 \r\n", ("1.1", 200, b"")),
    (b"HTTP/1.1  200\tOK\r\n", ("1.1", 200, b"OK")),
    (b"HTTP/1.1 302 D\xe9plac\xe9\r\n", ("1.1", 302, b"D\xe9plac\xe9")),
    (b"HTTP/1.1 200 OK\n", ("1.1", 200, b"OK")),
    (b"HTTP/2 200\r\n", ("2", 200, b"")),
    (b"HTTP/1.1 999 Odd\r\n", ("1.1", 999, b"Odd")),
]


@pytest.mark.parametrize(("line", "expected"), STATUS_LINES)
def test_a_status_line_is_read_leniently(line: bytes, expected: tuple[str, int, bytes]) -> None:
    head = parse_head(line + b"\r\n")

    assert head is not None
    assert (head.version, head.status, head.reason) == expected


FIELDS = [
    pytest.param(
        b"A: 1\r\nb:2\r\nA:3\r\n", [(b"A", b"1"), (b"b", b"2"), (b"A", b"3")], id="order"
    ),
    pytest.param(b"A:\t 1 \t\r\n", [(b"A", b"1")], id="blanks-around-a-value"),
    pytest.param(b"A : 1\r\n", [(b"A", b"1")], id="blanks-before-a-colon"),
    pytest.param(b"A:\r\n", [(b"A", b"")], id="an-empty-value"),
    pytest.param(b"A: b: c\r\n", [(b"A", b"b: c")], id="a-colon-in-a-value"),
    pytest.param(b"A: caf\xe9\r\n", [(b"A", b"caf\xe9")], id="latin-1"),
    pytest.param(b"A: 1\nB: 2\n", [(b"A", b"1"), (b"B", b"2")], id="2.2-line-feed-alone"),
    pytest.param(b"A: 1\r\n 2\r\n\t3\r\n", [(b"A", b"1 2 3")], id="5.2-folds"),
    pytest.param(b"A:\r\n 1\r\n", [(b"A", b"1")], id="5.2-a-fold-before-the-value"),
    pytest.param(b" x: y\r\nA: 1\r\n", [(b"A", b"1")], id="2.2-a-fold-of-nothing"),
    pytest.param(b"junk\r\nA: 1\r\n", [(b"A", b"1")], id="no-colon"),
    pytest.param(
        b"A: 1\r\njunk\r\n more\r\nB: 2\r\n", [(b"A", b"1"), (b"B", b"2")], id="no-colon-folded"
    ),
    pytest.param(b"A: 1\r2\r\n", [(b"A", b"1 2")], id="2.2-a-bare-return-is-a-blank"),
    pytest.param(b"A: 1\x002\r\n", [(b"A", b"1 2")], id="rfc-9110-5.5-a-nul-is-a-blank"),
]


@pytest.mark.parametrize(("lines", "expected"), FIELDS)
def test_fields_are_read_as_the_standard_says(
    lines: bytes, expected: list[tuple[bytes, bytes]]
) -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n")

    assert head is not None
    assert list(head.fields) == expected


def test_a_head_is_as_long_as_it_is_with_its_blank_line() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\n\r\nbody")

    assert head is not None
    assert head.length == 25


@pytest.mark.parametrize(
    "octets", [b"", b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nA: 1\r\n"]
)
def test_a_head_without_its_blank_line_is_none(octets: bytes) -> None:
    assert parse_head(octets) is None


def test_a_field_is_found_in_any_case_and_the_first_one_counts() -> None:
    head = parse_head(b"HTTP/1.1 200 OK\r\nset-cookie: a\r\nSet-Cookie: b\r\n\r\n")

    assert head is not None
    assert head.get(b"SET-COOKIE") == b"a"
    assert head.get_all(b"Set-Cookie") == [b"a", b"b"]
    assert (head.get(b"Cookie"), head.get_all(b"Cookie")) == (None, [])


def in_four(octets: bytes) -> list[bytes]:
    quarter = len(octets) // 4
    return list(cut_at(octets, [quarter, 2 * quarter, 3 * quarter]))


@pytest.mark.parametrize("split", [whole, in_four])
def test_a_head_without_end_is_taken_as_it_is(split: Split) -> None:
    message = b"HTTP/1.1 200 OK\r\nX: " + b"x" * (MAX_HEAD + 1000)

    outcome = read(split(message))

    assert (outcome.raw, outcome.payload, outcome.head) == (message, b"", None)
    assert outcome.problem is not None


@pytest.mark.parametrize("size", [MAX_HEAD - 40, MAX_HEAD + 1000])
def test_whether_a_head_is_too_long_does_not_depend_on_how_it_came(size: int) -> None:
    message = b"HTTP/1.1 204 OK\r\nX: " + b"x" * size + b"\r\n\r\n"

    assert read(in_four(message)) == read(whole(message))


# What may be asked while a response arrives


def test_part_of_a_head_is_pending_and_may_still_be_http() -> None:
    reader = ResponseReader()

    reader.feed(b"HTTP/1.1 200 OK\r\n")

    assert (reader.has_pending, reader.is_http) == (True, True)


def test_what_is_no_http_is_not_waited_for() -> None:
    reader = ResponseReader()

    reader.feed(b"SSH-2.0-x\r\n")

    assert (reader.has_pending, reader.is_http, reader.is_broken) == (False, False, True)


def test_closing_twice_gives_the_pending_octets_once() -> None:
    reader = ResponseReader()
    reader.feed(b"HTTP/1.1")

    assert reader.close()[0] == b"HTTP/1.1"
    assert reader.close()[0] == b""


KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
OLD = b"HTTP/1.0 200 OK\r\n"
PERSISTENCE = [  # 9.3
    pytest.param(KEPT + b"\r\nhello", True, id="1.1"),
    pytest.param(KEPT + b"Connection: close\r\n\r\nhello", False, id="1.1-close"),
    pytest.param(KEPT + b"Connection: x, CLOSE\r\n\r\nhello", False, id="1.1-close-in-a-list"),
    pytest.param(KEPT + b"Connection: x\r\nConnection: close\r\n\r\nhello", False, id="1.1-lines"),
    pytest.param(CHUNKED, True, id="1.1-chunked"),
    pytest.param(UNTIL_CLOSE, False, id="1.1-until-close"),
    pytest.param(KEPT + b"\r\nhell", False, id="1.1-incomplete"),
    pytest.param(KEPT + b"\r\nhello!", False, id="1.1-garbage-behind-it"),
    pytest.param(LENGTH + b"HTTP/1.1 200 OK\r\n\r\n", False, id="1.1-another-behind-it"),
    pytest.param(b"HTTP/1.1 101 Switching\r\n\r\n", False, id="101"),
    pytest.param(OLD + b"Content-Length: 5\r\n\r\nhello", False, id="1.0"),
    pytest.param(
        OLD + b"Connection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello", True, id="1.0-kept"
    ),
    pytest.param(  # 6.1: the framing counts as faulty, and the connection must be closed
        OLD + b"Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        False,
        id="1.0-chunked",
    ),
    pytest.param(b"no HTTP", False, id="no-http"),
]


@pytest.mark.parametrize(("message", "expected"), PERSISTENCE)
def test_a_connection_may_be_reused_only_where_that_is_safe(
    message: bytes, expected: bool
) -> None:
    reader = ResponseReader()

    reader.feed(message)

    assert reader.may_be_reused is expected


# Payloads


@both_ways
@pytest.mark.parametrize(
    "message", [LENGTH, CHUNKED, UNTIL_CLOSE, b"HTTP/1.1 100\r\n\r\n" + LENGTH]
)
def test_a_payload_is_the_body_without_its_framing(split: Split, message: bytes) -> None:
    assert b"".join(payload_of(split(message))) == b"hello"


def test_the_answer_to_head_has_no_payload() -> None:
    assert list(payload_of([LENGTH], b"HEAD")) == []


def test_what_is_no_response_has_no_payload() -> None:
    assert list(payload_of([b"220 ftp.example.org ready\r\n"])) == []


@both_ways
@pytest.mark.parametrize(
    "body",
    [
        b"<p>one line</p>",
        b"<p>one</p>\r\n<p>two</p>\r\n",
        b"hello",
        b"\x1f\x8b\x08\x00",
        b"{}",
        b"5 apples and 3 pears",
    ],
)
def test_a_body_that_claims_to_be_chunked_and_is_not_is_its_own_payload(
    split: Split, body: bytes
) -> None:
    message = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body

    assert b"".join(payload_of(split(message))) == body
