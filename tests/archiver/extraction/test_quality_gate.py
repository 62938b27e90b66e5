"""Quality can only rise: what the shipped pages scored is stored, and so is how it is measured.

The measures are those of `benchmarks/scores.py`; what real pages score by them is tried in
`test_dev_pages.py`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from benchmarks import baseline
from benchmarks.baseline import Scores, complaints, fallen, shipped_names, shipped_scores
from benchmarks.gold import GoldPage, evenly
from benchmarks.scores import (
    MEASURES,
    Overlap,
    bag,
    facts_of,
    rouge_l,
    same_authors,
    same_title,
    score_of,
    shingles,
    snippets,
)

NAMES = sorted(shipped_names())
REMEDY = "run: make bench-extraction ARGS='--update --set shipped'"
GOLD = GoldPage(
    name="a page",
    url=None,
    html=b"",
    text="The dam held. Nobody slept.",
    required=("dam held", "Nobody  slept"),
    forbidden=("Subscribe", "Related"),
    title="The dam held",
    authors=("Ines Kobalt", "Tom Reusser"),
    date="2024-05-03",
)


@cache
def stored() -> dict[str, Any]:
    found: dict[str, Any] = baseline.read_baseline()["shipped"]
    return found


@cache
def scored() -> dict[str, Scores]:
    return shipped_scores()


def test_each_shipped_page_has_a_stored_score() -> None:
    assert sorted(stored()["pages"]) == NAMES, REMEDY


@pytest.mark.parametrize("name", NAMES)
def test_no_shipped_page_scores_below_what_is_stored(name: str) -> None:
    assert fallen(scored()[name], stored()["pages"].get(name, {}), 0) == []


def test_the_mean_of_the_shipped_pages_is_not_below_what_is_stored() -> None:
    assert fallen(baseline.means(scored()), stored()["mean"], 0) == []


def test_an_extractor_that_finds_nothing_is_named_for_each_page() -> None:
    now = {"sets": {}, "shipped": {"pages": shipped_scores(lambda *_, **__: None)}}

    lines = complaints(now, {"shipped": stored()})

    fell = {line.partition(" fell")[0] for line in lines}
    assert fell >= {f"{name}: f1" for name in stored()["pages"]}


def test_a_set_that_fell_is_named_with_both_numbers() -> None:
    assert fallen({"aeb F1": 0.9679, "atf F1": 0.9299}, {"aeb F1": 0.97, "atf F1": 0.93}) == [
        "aeb F1 fell from 0.9700 to 0.9679"
    ]


def test_a_set_that_lost_as_much_as_is_tolerated_has_not_fallen() -> None:
    assert fallen({"aeb F1": 0.968}, {"aeb F1": 0.97}) == []


def test_a_set_with_other_pages_is_named() -> None:
    now = {"sets": {"hdt": {"pages": 29, "metadata": {}}}}
    before = {"sets": {"hdt": {"pages": 30, "metadata": {}}}}

    assert complaints(now, before) == ["hdt has 29 pages, and had 30"]


def test_what_has_no_stored_score_is_named() -> None:
    pages = {"valley.example/2024-05-03": {"f1": 1.0, "metadata": 1.0}}
    now = {"sets": {"hdt": {"pages": 30, "metadata": {}}}, "shipped": {"pages": pages}}

    assert complaints(now, {}) == [
        "hdt has no stored score",
        "valley.example/2024-05-03 has no stored score",
    ]


def test_pages_of_a_sample_lie_evenly_apart() -> None:
    assert evenly(10, 4) == [0, 2, 5, 7]


@pytest.mark.parametrize("measure", [shingles, bag, rouge_l])
def test_the_gold_itself_is_right(measure: Any) -> None:
    assert measure("The dam held. Nobody slept.", GOLD).f1 == 1


# What was found, by which measure, and the pieces in common, found and gold.
OVERLAPS = [
    (shingles, "The dam held. Nobody", (1, 1, 2)),
    (shingles, "the dam held. Nobody slept.", (1, 2, 2)),
    (shingles, "The dam", (0, 1, 2)),
    (shingles, "", (0, 0, 2)),
    (bag, "Slept! Nobody, nobody held", (3, 4, 5)),
    (rouge_l, "nobody slept, the dam held", (3, 5, 5)),
    (snippets, "The dam\nheld. Related: Nobody slept.", (2, 3, 2)),
    (snippets, "Nobody", (0, 0, 2)),
]


@pytest.mark.parametrize(("measure", "text", "counts"), OVERLAPS)
def test_pieces_are_counted(measure: Any, text: str, counts: tuple[int, int, int]) -> None:
    common, found, gold = counts

    assert measure(text, GOLD) == Overlap(common=common, found=found, gold=gold)


def test_each_character_is_a_word_where_words_are_not_spaced() -> None:
    page = GoldPage(name="a page", url=None, html=b"", text="大坝 NTSC守住了")

    assert rouge_l("大坝ntsc住了", page) == Overlap(common=5, found=5, gold=6)


def test_a_set_scores_by_its_means_and_leaves_pages_without_text_out_of_precision() -> None:
    pages = [Overlap(common=1, found=2, gold=4), Overlap(common=0, found=0, gold=9)]

    assert (score_of("aeb", pages).precision, score_of("aeb", pages).recall) == (0.5, 0.125)


def test_a_set_of_snippets_scores_by_their_sums() -> None:
    pages = [Overlap(common=1, found=2, gold=4), Overlap(common=2, found=2, gold=2)]

    assert (score_of("tef", pages).precision, score_of("tef", pages).recall) == (0.75, 0.5)


def test_a_set_without_any_text_scores_nothing() -> None:
    assert score_of("aeb", [Overlap(common=0, found=0, gold=9)]).f1 == 0


def test_each_set_is_scored_by_the_measure_it_was_published_with() -> None:
    by_rouge_l = [name for name, measure in MEASURES.items() if measure is rouge_l]

    assert by_rouge_l == ["fundus", "cpe", "daniel"]


TITLES = [
    ("The dam held", True),
    ("THE DAM — held!", True),
    ("The dam held | Valley Post", True),
    ("Valley Post: The dam held", True),
    ("The dam held, and what the valley will do about it", False),
    ("The dam", False),
    ("", False),
]


@pytest.mark.parametrize(("found", "same"), TITLES)
def test_a_title_is_the_same_but_for_the_name_of_the_site(found: str, same: bool) -> None:
    assert same_title(found, "The dam held") is same


def test_authors_are_compared_word_by_word() -> None:
    assert same_authors(["By Ines Kobalt"], GOLD.authors) == pytest.approx(2 / 3)


def test_only_what_is_known_of_a_page_is_compared() -> None:
    page = GoldPage(name="a page", url=None, html=b"", date="2024-05-03")

    assert facts_of("A title", ["Ines Kobalt"], "2024-05-03T10:00:00+02:00", page) == {"date": 1}


def test_title_authors_and_day_are_compared() -> None:
    found = facts_of("The dam held - Post", ["Reusser, Tom", "Ines Kobalt"], "2024-05-04", GOLD)

    assert found == {"title": 1, "title_exact": 0, "author": 1, "date": 0}
