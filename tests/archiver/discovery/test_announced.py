from __future__ import annotations

import pytest

from archiver.discovery.announced import Announced, each_once, one_line


def test_the_first_of_each_url_stays() -> None:
    first = Announced(url="https://paper.example/a", title="Ferry")
    other = Announced(url="https://paper.example/b")
    second = Announced(url="https://paper.example/a", title="Ferry, again")

    assert each_once([first, other, second]) == (first, other)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Ferry", "Ferry"),
        (" The ferry\n\tis\u00a0back ", "The ferry is back"),
        ("half a character: \ud83d", "half a character: ?"),
        ("a" * 2000, "a" * 1000),
        ("", None),
        (" \n", None),
    ],
)
def test_a_line_can_be_written_anywhere(text: str, line: str | None) -> None:
    assert one_line(text) == line
