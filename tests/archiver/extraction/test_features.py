from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.extraction.blocks import MAX_BLOCKS
from archiver.extraction.columns import FAR, Columns
from archiver.extraction.model import model
from tests.archiver.extraction.made_views import blocks, columns_of, view_of

PROSE = "The ferry came back to Pell Quay on Friday, a year after its winch broke in the gale."
OTHER = "Its first passenger was a cow named Marigold, who had been waiting for it since last May."
PAGE = (
    "<div><ul><li><a href=/>Home</a></li><li><a href=/t>Tides</a></li></ul></div>"
    f"<main><h1>Ferry returns</h1><p>{PROSE}</p><img src=a><h2>The cow</h2><p>{OTHER}</p></main>"
    "<aside hidden><p>Related stories</p><p>Home</p></aside>"
)


def columns(body: str, title: str = "", description: str = "") -> Columns:
    return columns_of(view_of(body, title), description)


PIECES = st.sampled_from(
    ("<p>", "</p>", "<div class=sidebar>", "</div>", "<a href=/>", "</a>", "<br>", "<td>", "<li>",
     "<h2>", "</h2>", "<b>", "<img src=a>", "Related", PROSE, "渡船。", "* * *", "2024 ")
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=40).map("".join), st.booleans())
def test_each_column_has_a_whole_number_for_each_block(body: str, is_titled: bool) -> None:
    body = f"{body}<p>end</p>"

    found = columns(body, "Ferry returns" if is_titled else "", PROSE)

    count = len(blocks(body))
    assert {column.shape for column in found.values()} == {(count,)}
    assert {str(column.dtype) for column in found.values()} == {"int64"}


def test_every_page_has_the_same_columns_among_them_those_of_the_model() -> None:
    one, many = columns("x"), columns(PAGE, "Ferry returns", PROSE)

    assert list(one) == list(many)
    assert set(model().names) <= set(one)


def test_the_same_page_gives_the_same_numbers() -> None:
    first, second = columns(PAGE, "Ferry returns"), columns(PAGE, "Ferry returns")

    assert all(np.array_equal(first[name], second[name]) for name in first)


def test_numbers_are_read_in_any_script() -> None:
    hebrew = "המעבורת חזרה. " * 6
    chinese = "渡船回来了。" * 12

    found = columns(f"<p>{hebrew}</p><p>{chinese}</p>")

    assert found["prose"].tolist() == [1, 1]
    assert found["ends"].tolist() == [1, 1]
    assert found["chars"].tolist() == [len(hebrew) - 1, 12 * (5 * 3 + 1)]


CASES = [
    # column, value of each of home, tides, headline, prose, heading, prose, related, home
    ("words", [1, 1, 2, 18, 2, 17, 2, 1]),
    ("linked", [1000, 1000, 0, 0, 0, 0, 0, 0]),
    ("prose", [0, 0, 0, 1, 0, 1, 0, 0]),
    ("ends", [0, 0, 0, 1, 0, 1, 0, 0]),
    ("heading", [0, 0, 1, 0, 2, 0, 0, 0]),
    ("images_since", [0, 0, 0, 0, 1, 0, 0, 0]),
    ("repeats", [2, 1, 1, 1, 1, 1, 1, 2]),
    ("title_same", [0, 0, 1000, 500, 0, 0, 0, 0]),
    ("near_list_tag", [1, 1, *[FAR] * 6]),
    ("in_main", [0, 0, 1, 1, 1, 1, 0, 0]),
    ("from_headline", [-2, -1, 0, 1, 2, 3, 4, 5]),
    ("from_first_prose", [-3, -2, -1, 0, 1, 2, 3, 4]),
    ("to_last_prose", [5, 4, 3, 2, 1, 0, -1, -2]),
    ("prose_ahead", [3, 2, 1, 2, 1, FAR, FAR, FAR]),
    ("linked_ago", [FAR, 1, 1, 2, 3, 4, 5, 6]),
    ("heading_level", [-1, -1, 1, 1, 2, 2, 2, 2]),
    ("heading_title", [-1, -1, 1000, 1000, 0, 0, 0, 0]),
    ("near_main_tag", [FAR, FAR, 1, 1, 1, 1, FAR, FAR]),
    ("parent_blocks", [2, 2, 4, 4, 4, 4, 2, 2]),
    ("twins", [2, 2, 1, 2, 1, 2, 2, 2]),
    ("heading_ago", [FAR, FAR, 0, 1, 0, 1, 2, 3]),
    ("stops", [-1, -1, -1, -1, -1, -1, 0, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values"), CASES, ids=[case[0] for case in CASES])
def test_blocks_are_measured(name: str, values: list[int]) -> None:
    assert columns(PAGE, "Ferry returns")[name].tolist() == values


def test_a_line_of_the_description_is_known() -> None:
    found = columns(PAGE, description=f"  {OTHER.upper()} Read on.")

    assert found["in_description"].tolist() == [0, 0, 0, 0, 0, 1, 0, 0]


def test_a_page_of_one_block_is_measured() -> None:
    found = columns("x")

    assert (found["from_headline"][0], found["from_first_prose"][0]) == (-999, 0)
    assert (found["linked_ago"][0], found["prose_ahead"][0], found["stops"][0]) == (FAR, FAR, -1)


@pytest.mark.parametrize("piece", [f"<p>{PROSE}</p>", "<div class=sidebar><a href=/>x</a></div>"])
def test_a_page_of_very_many_blocks_is_measured_in_bounded_time(piece: str) -> None:
    view = view_of("<div>" * 150 + piece * MAX_BLOCKS, "Ferry returns")
    started = time.process_time()

    found = columns_of(view)

    assert found["chars"].size == MAX_BLOCKS
    assert time.process_time() - started < 10
