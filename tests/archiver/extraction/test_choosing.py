from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.extraction import choosing
from archiver.extraction.blocks import blocks_of
from archiver.extraction.choosing import (
    LEAST_ASKED,
    MAX_ASKED,
    MOST_ASKED,
    Candidates,
    Choice,
    choose,
    expected_f1,
    limit_of,
)
from archiver.extraction.columns import Ints
from archiver.extraction.verdicts import Verdict
from tests.archiver.extraction.made_views import blocks, tree_of

PROSE = "The ferry came back to Pell Quay on Friday, a year after its winch broke in the gale."
OTHER = "Its first passenger was a cow named Marigold, who had been waiting for it since last May."

SHARES = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 60)), min_size=1, max_size=8)


def f1(shares: list[tuple[int, int]], kept: set[int]) -> float:
    """Return the expected F1 of keeping the blocks at *kept*."""
    right = sum(shares[at][0] / 1000 * shares[at][1] for at in kept)
    found = sum(shares[at][1] for at in kept)
    whole = sum(share / 1000 * size for share, size in shares)
    return 2 * right / (found + whole) if found + whole else 0.0


def columns(shares: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    likely, sizes = zip(*shares, strict=True)
    return np.asarray(likely, dtype=np.int64), np.asarray(sizes, dtype=np.int64)


@given(SHARES)
def test_the_limit_keeps_the_set_of_blocks_with_the_best_f1(shares: list[tuple[int, int]]) -> None:
    limit = limit_of(*columns(shares))

    every = range(len(shares))
    subsets = chain.from_iterable(combinations(every, count) for count in range(len(shares) + 1))
    best = max(f1(shares, set(subset)) for subset in subsets)
    kept = {at for at in every if shares[at][0] > limit}
    is_bounded = limit in (LEAST_ASKED, MOST_ASKED)
    assert is_bounded or f1(shares, kept) == pytest.approx(best, abs=2e-6)
    assert LEAST_ASKED <= limit <= MOST_ASKED


@given(SHARES)
def test_what_is_promised_is_what_keeping_the_likelier_promises(
    shares: list[tuple[int, int]],
) -> None:
    kept = {at for at, (share, _) in enumerate(shares) if share > 400}

    assert expected_f1(*columns(shares)) == int(1000 * f1(shares, kept) + 1e-9)


@pytest.mark.parametrize(
    ("shares", "limit"),
    [
        ([(990, 40), (980, 40), (10, 40)], MOST_ASKED),
        ([(900, 40), (450, 40), (440, 40), (430, 40)], 429),
        ([(20, 40), (10, 40)], LEAST_ASKED),
        ([(0, 40)], LEAST_ASKED),
        ([(900, 0)], MOST_ASKED),
    ],
)
def test_the_limit_is_known(shares: list[tuple[int, int]], limit: int) -> None:
    assert limit_of(*columns(shares)) == limit


PAGE = f"<main><h1>Ferry</h1><p>{PROSE}</p><p>{OTHER}</p></main><p>Tides today</p>"


def chosen(body: str, likely: list[int]) -> Choice:
    tree = tree_of(body)
    candidates = Candidates.of(blocks_of(tree), "", "")
    assert candidates is not None
    return choose(tree, candidates, likely=np.asarray(likely))


class Asked:
    """Stands for an extractor: says what it is told to, and how often it was asked."""

    def __init__(self, *said: bool) -> None:
        self.said = said
        self.times = 0

    def __call__(self, *shown: object) -> list[bool]:
        self.times += 1
        return [*self.said]


FIRST, SECOND = (False, True, False, False), (False, False, True, False)
BOTH = (False, True, True, False)


class Experts:
    """The two that may be asked, who keep nothing by themselves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.resiliparse = Asked(False, False, False, False)
        self.trafilatura = Asked(False, False, False, False)
        monkeypatch.setattr(choosing, "resiliparse_keeps", self.resiliparse)
        monkeypatch.setattr(choosing, "trafilatura_keeps", self.trafilatura)

    @property
    def times(self) -> tuple[int, int]:
        """Return how often each was asked."""
        return self.resiliparse.times, self.trafilatura.times


@pytest.fixture
def experts(monkeypatch: pytest.MonkeyPatch) -> Experts:
    return Experts(monkeypatch)


def test_a_page_that_the_model_is_sure_of_asks_nobody(experts: Experts) -> None:
    choice = chosen(PAGE, [10, 990, 990, 10])

    assert experts.times == (0, 0)
    assert choice.text == f"{PROSE}\n{OTHER}"
    assert [verdict.likelihood for verdict in choice.verdicts] == [10, 990, 990, 10]


def test_resiliparse_decides_what_the_model_leaves_open(experts: Experts) -> None:
    experts.resiliparse.said = BOTH

    choice = chosen(PAGE, [10, 500, 500, 10])

    assert experts.times == (1, 0)
    assert choice.text == f"{PROSE}\n{OTHER}"
    assert [verdict.likelihood for verdict in choice.verdicts] == [4, 731, 731, 4]


def test_who_is_sure_enough_asks_nobody(experts: Experts) -> None:
    chosen(PAGE, [0, 825, 825, 0])
    assert experts.times == (0, 0)

    chosen(PAGE, [0, 810, 810, 0])
    assert experts.times == (1, 0)


def test_who_does_not_answer_changes_nothing(
    experts: Experts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "resiliparse_keeps", lambda blocks: None)

    choice = chosen(PAGE, [0, 700, 700, 0])

    assert experts.times == (0, 0)
    assert [verdict.likelihood for verdict in choice.verdicts] == [0, 700, 700, 0]


@pytest.mark.parametrize(
    ("said", "text"), [(FIRST, PROSE), (SECOND, f"{PROSE}\n{OTHER}"), (BOTH, f"{PROSE}\n{OTHER}")]
)
def test_trafilatura_is_asked_where_resiliparse_leaves_it_open(
    said: tuple[bool, ...], text: str, experts: Experts
) -> None:
    experts.resiliparse.said = FIRST
    experts.trafilatura.said = said

    choice = chosen(PAGE, [10, 500, 500, 10])

    assert experts.times == (1, 1)
    assert choice.text == text


def test_nobody_who_is_asked_has_the_last_word(experts: Experts) -> None:
    experts.resiliparse.said = experts.trafilatura.said = (True, False, False, True)

    choice = chosen(PAGE, [10, 850, 350, 10])

    assert experts.times == (1, 1)
    assert choice.text == PROSE
    assert [verdict.reason for verdict in choice.verdicts][1:] == [None, "unlikely", "unlikely"]


def test_trafilatura_is_not_asked_about_a_page_of_very_many_elements(experts: Experts) -> None:
    experts.resiliparse.said = FIRST

    choice = chosen(PAGE + "<hr>" * MAX_ASKED, [10, 500, 500, 10])

    assert experts.times == (1, 0)
    assert choice.text == PROSE


def test_what_is_not_kept_says_why() -> None:
    choice = chosen(PAGE, [10, 990, 990, 10])

    assert [verdict.reason for verdict in choice.verdicts] == ["unlikely", None, None, "unlikely"]


def test_what_is_of_another_article_is_not_written() -> None:
    text = "".join(f"<p>{at} {PROSE}</p>" for at in range(9))
    page = f"<article><h1>The ferry is back</h1>{text}</article>"
    other = f"<article><h1>The cow</h1><p>{OTHER}</p></article>"
    candidates = Candidates.of(blocks(page + other), "The ferry is back", "")
    assert candidates is not None

    choice = choose(tree_of(""), candidates, likely=np.asarray([10, *[990] * 9, 10, 990]))

    assert choice.text == "\n".join(f"{at} {PROSE}" for at in range(9))
    assert [verdict.reason for verdict in choice.verdicts][-2:] == ["unlikely", "another article"]


def test_a_page_without_blocks_has_no_candidates() -> None:
    assert Candidates.of([], "", "") is None
    assert Choice().text == ""


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (
            ("The bell rang.", "Nobody knew w…", "Already a member?"),
            "The bell rang.\nNobody knew w…",
        ),
        (("The bell …", "It rang …", "Sign in."), "The bell …\nIt rang …"),
        (("The bell rang.", "It stopped."), "The bell rang.\nIt stopped."),
        ((), ""),
    ],
)
def test_an_excerpt_ends_where_it_is_cut_off(lines: tuple[str, ...], text: str) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)

    whole = Choice([Verdict(each, each.text, 900, None) for each in blocks(body)])

    assert whole.excerpt.text == text


def test_what_is_below_an_excerpt_says_so() -> None:
    one, two, six = blocks("<p>The bell …</p><p>Sign in.</p><p>Tides</p>")
    verdicts = [
        Verdict(one, one.text, 900, None),
        Verdict(two, two.text, 900, None),
        Verdict(six, six.text, 9, "unlikely"),
    ]

    found = [verdict.reason for verdict in Choice(verdicts).excerpt.verdicts]

    assert found == [None, "below the excerpt", "unlikely"]
