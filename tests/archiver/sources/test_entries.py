from __future__ import annotations

import io

import pytest

from archiver.sources.entries import lines_of, sound_lines
from archiver.sources.part import Member
from tests.archiver.sources.crates import line


def member(filename: str) -> Member:
    return Member(filename=filename, shown="x", size=1000, sha256=None, opener=io.BytesIO)


MEMBERS = {"data.warc.gz": member("data.warc.gz"), "other.warc.gz": member("2-data.warc.gz")}


def sound(*lines: bytes) -> tuple[list[bytes], list[str]]:
    told: list[str] = []
    return list(sound_lines(lines, MEMBERS, shown="x.wacz", complain=told.append)), told


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_line_about_a_member_comes_out_as_it_is_with_an_end(end: bytes) -> None:
    good = line("ferry", 0, 1000, "data.warc.gz")

    assert sound(good.rstrip() + end) == ([good], [])


def test_a_line_gives_the_member_its_name_in_the_source() -> None:
    given = line("fe{rry", 7, 8, "other.warc.gz", requestBody="a=b")

    assert sound(given) == ([line("fe{rry", 7, 8, "2-data.warc.gz", requestBody="a=b")], [])


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        (line("ferry", 0, 10, "../data.warc.gz"), "'../data.warc.gz' is no WARC of its archive"),
        (line("ferry", 0, 10, "/etc/passwd"), "'/etc/passwd' is no WARC of its archive"),
        (line("ferry", 0, 10, "\udc80"), "'\\udc80' is no WARC of its archive"),
        (line("ferry", 991, 10, "data.warc.gz"), "'data.warc.gz' has 1000 octets only"),
        (line("ferry", 0, 0, "data.warc.gz"), "'data.warc.gz' has 1000 octets only"),
        (line("ferry", -1, 10, "data.warc.gz"), "offset is -1 where a number is expected"),
        (line("ferry", 0, 10**4000, "data.warc.gz"), ""),
        (b"org,example)/ 2026 text/html 200\n", "no key and 14-digit timestamp"),
        (b"\xff 20260304050607 {}\n", ""),
        (b"a)/ 20260304050607 " + b"[" * 100_000, ""),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_line_that_leads_nowhere_is_left_out_and_told(bad: bytes, problem: str) -> None:
    good = line("ferry", 0, 1000, "data.warc.gz")

    lines, told = sound(bad, good, bad)

    assert lines == [good]
    assert len(told) == 1
    assert told[0].startswith(f"x.wacz: 2 index lines left out, such as {bad[:120]!r}, ")
    assert told[0].endswith(problem)


@pytest.mark.parametrize("header", [b"\n", b'!meta 0 {"format": "cdxj-gzip-1.0"}\n'])
def test_what_says_nothing_is_passed_over(header: bytes) -> None:
    assert sound(header) == ([], [])


@pytest.mark.parametrize("size", [8 << 20, (8 << 20) + 1, 20 << 20])
def test_of_an_endless_line_no_more_is_read_into_memory_than_a_line_has(size: int) -> None:
    lines = [len(line) for line in lines_of(io.BytesIO(b"x" * size + b"\nferry\n"))]

    assert lines == [8 << 20, 6]


def test_a_line_as_long_as_lines_may_be_is_whole() -> None:
    octets = b"x" * ((8 << 20) - 1) + b"\n" + b"ferry\n"

    assert [len(line) for line in lines_of(io.BytesIO(octets))] == [8 << 20, 6]
