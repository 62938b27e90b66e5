from __future__ import annotations

import time

import pytest

from archiver.extraction.hints import ALL, BIT, NOWHERE, hints_of, nearer


def names(said: str) -> set[str]:
    mask = hints_of(said)
    return {name for name in ALL if mask & BIT[name]}


@pytest.mark.parametrize(
    ("said", "hints"),
    [
        # words, however they are joined
        ("article-body", {"body", "article"}),
        ("articleBody", {"body", "article"}),
        ("article__body", {"body", "article"}),
        ("ARTICLE_BODY", {"body", "article"}),
        ("read-more", {"related"}),
        ("readMore", {"related"}),
        ("btn3", {"share"}),
        # a stem begins a word or ends it, and is no part of its middle
        ("sidebars", {"aside"}),
        ("leftsidebar", {"aside"}),
        ("xsidebarx", set()),
        # short words are whole or nothing
        ("ad", {"ad"}),
        ("ads top", {"ad", "header"}),
        ("head", {"header"}),
        ("reader", set()),
        ("shadow", set()),
        ("navy", set()),
        ("cards", {"related"}),
        ("scorecards", set()),
        ("bio", {"author"}),
        ("biology", set()),
        # languages
        ("bildunterschrift", {"caption"}),
        ("werbung", {"ad"}),
        ("noticia", {"article"}),
        # nothing
        ("", set()),
        ("   - __ 123", set()),
        ("wp-1 x", set()),
        ("\u0441\u0442\u0430\u0442\u044c\u044f", set()),
    ],
)
def test_names_give_hints(said: str, hints: set[str]) -> None:
    assert names(said) == hints


def test_two_words_are_one_only_where_they_follow_each_other() -> None:
    assert "caption" in names("image-text")
    assert "caption" not in names("image-of-text")
    assert "caption" not in names("text-image")


def test_no_more_names_are_read_than_the_most() -> None:
    assert hints_of("x " * 100 + "sidebar") == 0
    assert hints_of("ab " * 23 + "sidebar") != 0
    assert hints_of("ab " * 24 + "sidebar") == 0


def test_a_name_of_great_length_is_read_in_no_time() -> None:
    started = time.process_time()

    for number in range(3_000):
        hints_of(f"{'a' * number} {number} {'sidebar' * 50}")

    assert time.process_time() - started < 10


def test_nearer_leaves_what_it_is_given() -> None:
    outer = nearer(NOWHERE, 3, BIT["aside"] | BIT["nav"])

    inner = nearer(outer, 5, BIT["nav"])

    assert set(NOWHERE) == {0}
    assert (outer[ALL.index("aside")], outer[ALL.index("nav")]) == (3, 3)
    assert (inner[ALL.index("aside")], inner[ALL.index("nav")]) == (3, 5)
