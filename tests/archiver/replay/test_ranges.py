"""Which octets a Range header asks for, of ten (RFC 9110, 14.1.2 and 14.2)."""

from __future__ import annotations

import pytest

from archiver.replay.ranges import NotSatisfiable, range_of

HEEDED = [
    ("bytes=0-", (0, 10)),
    ("bytes=0-0", (0, 1)),
    ("bytes=2-4", (2, 5)),
    ("bytes=9-", (9, 10)),
    ("bytes=2-99", (2, 10)),
    ("bytes=-3", (7, 10)),
    ("bytes=-99", (0, 10)),
    ("Bytes=1-1", (1, 2)),
    (" bytes=1-1 ", (1, 2)),
]
IGNORED = [
    None, "", "bytes", "bytes=", "bytes=-", "bytes=4-2", "bytes=0-1,3-4", "bytes=a-b",
    "items=0-1", "bytes=0 - 1", "bytes=1-1x", "bytes=" + "9" * 5000 + "-",
]  # fmt: skip
BEYOND = ["bytes=10-", "bytes=10-12", "bytes=-0", "bytes=999999999999999999-"]


@pytest.mark.parametrize(("header", "span"), HEEDED)
def test_a_single_range_is_heeded(header: str, span: tuple[int, int]) -> None:
    assert range_of(header, 10) == span


@pytest.mark.parametrize("header", IGNORED)
def test_anything_else_asks_for_the_whole(header: str | None) -> None:
    assert range_of(header, 10) is None


@pytest.mark.parametrize("header", BEYOND)
def test_a_range_beyond_the_end_cannot_be_satisfied(header: str) -> None:
    with pytest.raises(NotSatisfiable):
        range_of(header, 10)
