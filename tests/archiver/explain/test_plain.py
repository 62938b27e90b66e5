from __future__ import annotations

import pytest

from archiver.explain.plain import cut, padded, visible

SPELLED = [
    ("The ferry came back.", "The ferry came back."),
    ("老渡口重新开放", "老渡口重新开放"),
    ("red \x1b[31malert\x1b[0m", "red \\x1b[31malert\\x1b[0m"),
    ("one\x9b2Jtwo", "one\\x9b2Jtwo"),
    ("title\x07\x00", "title\\x07\\x00"),
    ("one\rtwo\nthree", "one\\rtwo\\nthree"),
    ("invoice\u202efdp.exe", "invoice\\u202efdp.exe"),
    ("\u2066isolated\u2069", "\\u2066isolated\\u2069"),
    ("zero\u200bwidth", "zero\\u200bwidth"),
    ("می\u200cرود", "می\u200cرود"),
    ("half \ud800 a pair", "half \\ud800 a pair"),
    ("a\u2028b", "a\\u2028b"),
    ("10\u00a0000\u202f€", "10 000 €"),
]


@pytest.mark.parametrize(("text", "expected"), SPELLED)
def test_what_nobody_can_see_is_spelled_out(text: str, expected: str) -> None:
    assert visible(text) == expected


CUTS = [
    ("ferry", None, "ferry"),
    ("ferry", 5, "ferry"),
    ("ferry", 4, "fer…"),
    ("ferry", 1, "…"),
    ("ferry", 0, ""),
    ("", 0, ""),
    ("老渡口", 6, "老渡口"),
    ("老渡口", 5, "老渡…"),
    ("老渡口", 4, "老…"),
    ("cafe\u0301s", 5, "cafe\u0301s"),
]


@pytest.mark.parametrize(("text", "cells", "expected"), CUTS)
def test_a_line_takes_no_more_cells_than_there_are(
    text: str, cells: int | None, expected: str
) -> None:
    assert cut(text, cells) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("p", "p    "), ("div.story", "div.…"), ("渡口", "渡口 ")]
)
def test_a_column_has_always_the_same_width(text: str, expected: str) -> None:
    assert padded(text, 5) == expected
