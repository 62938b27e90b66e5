from __future__ import annotations

import time

import pytest

from archiver.extraction.others import others_in
from tests.archiver.extraction.made_views import FERRY, kept_but, view_of

P = FERRY
TEXT = "".join(f"<p>{text}</p>" for text in P)
OTHER = tuple(f"In Tarn, too, it is said: {text}" for text in P)
MORE = "".join(f"<p>{text}</p>" for text in OTHER)
TITLE = "The ferry is back at Pell Quay"
ARTICLE = f"<article><h1>{TITLE}</h1>{TEXT}</article>"


def others(body: str, *outside: str, title: str = TITLE) -> dict[str, str]:
    """Return what is of other articles, and why; all but *outside* had been kept."""
    view = view_of(body, title)
    found = others_in(view, kept_but(view, *outside))
    return {view.blocks[at].text: reason for at, reason in found.items()}


@pytest.mark.parametrize("heading", ["Related stories", "You may also like…", "Lesen Sie auch"])
@pytest.mark.parametrize(
    "section",
    [
        "<section><h2>{}</h2>{}</section>",
        "<div><div class=head><h3>{}</h3></div><article>{}</article></div>",
    ],
)
def test_what_a_section_announces_is_other_pages(section: str, heading: str) -> None:
    body = f"<main>{ARTICLE}{section.format(heading, MORE)}</main>"

    assert others(body) == dict.fromkeys((heading, *OTHER), "after the article")
    assert others(body, heading) == dict.fromkeys(OTHER, "after the article")


@pytest.mark.parametrize(
    "body",
    [
        f"<main>{ARTICLE}<h2>Related stories</h2>{MORE}</main>",  # no element of its own
        f"<main><section><h2>Related stories</h2>{TEXT}</section></main>",  # nothing before
        f"<main>{ARTICLE}<section><p>Related stories</p>{MORE}</section></main>",
        f"<h1>{TITLE}</h1><section><p>{P[0]}</p><h2>Related stories</h2>{TEXT}</section>",
        f"<ul>{MORE}</ul><section><h2>Most popular</h2>{ARTICLE}</section>",
        f"<h1>{TITLE}</h1><h3>Related</h3><p>{P[0]}</p>",
    ],
)
def test_where_no_section_announces_other_pages_nothing_is_of_others(body: str) -> None:
    assert others(body) == {}


@pytest.mark.parametrize(
    "heading",
    ["Related to Marigold by marriage", "Related conditions", "Recommended dosage",
     "Most popular boat names", "More from the minister"],
)  # fmt: skip
def test_a_heading_that_goes_on_announces_nothing(heading: str) -> None:
    assert others(f"<main>{ARTICLE}<section><h2>{heading}</h2>{MORE}</section></main>") == {}


@pytest.mark.parametrize(
    "box",
    ["<aside><h3>Related</h3><ul><li><a href=/m>The mill</a></ul></aside>",
     "<div><h4>Read more</h4><a href=/m>The mill</a></div>"],
)  # fmt: skip
def test_what_begins_with_a_box_of_other_pages_is_not_all_of_them(box: str) -> None:
    body = f"<article><h1>{TITLE}</h1><div>{TEXT}</div><div>{box}{MORE}</div></article>"

    found = others(body)

    assert found["The mill"] == "after the article"
    assert not set(found) & {*P, *OTHER}


def test_text_that_is_not_kept_is_not_enough_before_a_section() -> None:
    body = f"<main>{ARTICLE}<section><h2>Related</h2>{MORE}</section></main>"

    assert others(body, *P[2:]) == {}


def test_an_article_below_with_a_headline_of_its_own_is_another() -> None:
    below = f"<article><div><h1>The mill of Tarn</h1></div>{MORE}</article>"

    assert others(f"<main>{ARTICLE}{below}</main>") == dict.fromkeys(
        ("The mill of Tarn", *OTHER), "another article"
    )


CHAPTERS = "".join(f"<article><h1>Chapter {at}</h1>{MORE}</article>" for at in range(3))


@pytest.mark.parametrize(
    "body",
    [
        f"<article><h1>{TITLE}</h1>{TEXT}<article><h1>The mill</h1>{MORE}</article></article>",
        f"<article>{ARTICLE}<article><h1>The mill of Tarn</h1>{MORE}</article></article>",
        f"<article><h1>The Pell Times</h1>{MORE}</article>{ARTICLE}",
        f"{ARTICLE}<article><h2>The mill of Tarn</h2>{MORE}</article>",
        f"{ARTICLE}{CHAPTERS}",  # a long read, or a live blog
        f"<h1>{TITLE}</h1>{TEXT}<article><h1>The mill of Tarn</h1>{MORE}</article>",
        f"{ARTICLE}<article>{MORE}<h1>Boats</h1></article>",  # at its end
        f"{ARTICLE}<article><aside><h1>Newsletter</h1></aside>{MORE}</article>",
    ],
)
def test_an_article_that_may_be_a_part_is_no_other(body: str) -> None:
    assert others(body) == {}


def test_a_page_without_a_headline_has_no_others() -> None:
    related = f"<section><h2>Related</h2>{MORE}</section>"

    assert others(f"{ARTICLE}{related}<article><h1>Mill</h1></article>", title="") == {}


def test_very_many_others_take_no_time() -> None:
    text = "<div>" * 200 + "".join(f"<p>{at} {P[0]}</p>" for at in range(2_500)) + "</div>" * 200
    page = f"<article><h1>{TITLE}</h1>{text}</article>"
    started = time.process_time()

    others(page + "<article><h1>a</h1></article>" * 2_400)
    others(page + "<div><h2>Related</h2><p>x</p></div>" * 1_200)

    assert time.process_time() - started < 5
