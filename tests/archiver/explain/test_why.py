from __future__ import annotations

import pytest

from archiver.explain.why import around_kept, runs_of, where, why
from archiver.extraction.verdicts import Verdict
from tests.archiver.explain.made import dropped, verdicts

REASONS = [
    "unlikely: a menu, in nav",
    "",
    "",
    "unlikely: in div.newsletter (signup)",
    "unlikely: most of it is a link, in div (related)",
    "unlikely: it is hidden",
    "caption",
    "unlikely",
]
PLACES = ["ul", "p.lead.intro", "p", "p", "p", "p", "p", "p"]


@pytest.mark.parametrize("at", range(8))
def test_a_block_that_was_dropped_says_what_speaks_against_it(at: int) -> None:
    given = verdicts()

    assert why(given[at], around_kept(given)) == REASONS[at]


@pytest.mark.parametrize("at", range(8))
def test_a_block_says_where_it_lies(at: int) -> None:
    assert where(verdicts()[at].block.container) == PLACES[at]


def test_a_block_of_which_a_part_was_cut_away_says_so() -> None:
    (given,) = verdicts("<p>By Jo Field. The ferry sails.", ((900, None),))

    assert why(given, set()) == ""
    assert why(given._replace(text="The ferry sails."), set()) == "kept in part"


def test_an_element_that_holds_the_article_speaks_against_nothing() -> None:
    given = verdicts(
        '<div class="sidebar"><p>The ferry sails on Monday, at noon.</p>'
        "<p>The mayor has a new hat, as we have heard.</p></div>",
        ((900, None), (100, "unlikely")),
    )

    assert why(given[1], set()) == "unlikely: in div.sidebar (aside)"
    assert why(given[1], around_kept(given)) == "unlikely"


def test_few_words_are_counted_as_words_are_written_in_chinese() -> None:
    few, many = verdicts("<p>渡口</p><p>江边的老渡口昨天重新开放</p>", ((10, "unlikely"),) * 2)

    assert why(few, set()) == "unlikely: few words"
    assert why(many, set()) == "unlikely"


def test_a_class_of_a_thousand_names_is_cut() -> None:
    names = " ".join(f"name{number}" for number in range(1000))
    (given,) = verdicts(f'<p class="{names}">The ferry sails.</p>', ((10, "unlikely"),))

    assert where(given.block.container) == "p.name0.name1.name2"


RUNS = [
    (dropped(3), [1, 1, 1]),
    (dropped(4), [4]),
    (dropped(4, likelihood=99), [4]),
    (dropped(4, likelihood=100), [1, 1, 1, 1]),
    ((*dropped(4), *dropped(5, reason="comment")), [4, 5]),
    ((*verdicts()[1:3], *dropped(9), *verdicts()[1:3], *dropped(2)), [1, 1, 9, 1, 1, 1, 1]),
    ((), []),
]


@pytest.mark.parametrize(("given", "expected"), RUNS)
def test_a_long_run_that_was_clearly_dropped_is_shown_as_one(
    given: tuple[Verdict, ...], expected: list[int]
) -> None:
    runs = list(runs_of(given))

    assert [len(run) for run in runs] == expected
    assert [verdict for run in runs for verdict in run] == list(given)
