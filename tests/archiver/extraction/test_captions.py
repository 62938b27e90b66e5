from __future__ import annotations

import numpy as np
import pytest

from archiver.extraction.captions import caption_runs, captions_from
from archiver.extraction.columns import column
from tests.archiver.extraction.made_views import columns_of, kept_but, tree_of, view_of

P = (
    "The ferry came back to Pell Quay on Friday, a year after its winch broke in the gale.",
    "Its first passenger was a cow named Marigold, who had been waiting for it since last May.",
    "The captain said the winch was new, the rope was new, and the captain was the old one.",
    "Fares stay as they were. Bicycles travel free until June, and cows by agreement.",
)
CAPTION = "Marigold waits on the quay"
CREDIT = "Photo: Ben Ito"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def page(among: str) -> str:
    """Return an article with *among* its paragraphs."""
    return f"<main><h1>Ferry</h1>{paragraphs(*P[:2])}{among}{paragraphs(*P[2:])}</main>"


def captions(body: str, *outside: str) -> tuple[str, ...]:
    """Return the captions of a page, whose text is all but the lines *outside*."""
    view = view_of(body)
    runs = caption_runs(tree_of(body), view, columns_of(view), column([0] * len(view.lines)))
    return captions_from(view, runs, np.asarray(kept_but(view, *outside)))


def lines_of_captions(body: str) -> set[str]:
    view = view_of(body)
    runs = caption_runs(tree_of(body), view, columns_of(view), column([0] * len(view.lines)))
    return {view.blocks[at].text for run in runs for at in run}


MARKED = [
    ("figcaption", f"<figure><img src=a><figcaption>{CAPTION}</figcaption></figure>"),
    ("figure", f"<figure><img src=a><div><span>{CAPTION}</span></div></figure>"),
    ("paragraphs", f"<figure><img src=a><figcaption><p>{CAPTION}</p></figcaption></figure>"),
    ("a class", f"<div><img src=a></div><p class=wp-caption-text>{CAPTION}</p>"),
    ("a class around", f"<div class=image-caption><p>{CAPTION}</p></div>"),
    ("German", f"<div class=bildunterschrift>{CAPTION}</div>"),
    ("definition", f"<dl class=wp-caption><dt><img src=a></dt><dd>{CAPTION}</dd></dl>"),
    ("the text of the image", f"<img src=a alt='{CAPTION}'><p>{CAPTION}</p>"),
    ("its text in other letters", f"<img src=a alt='{CAPTION.upper()}!'><p>{CAPTION}</p>"),
    ("a box", f"<div><div><img src=a></div><div>{CAPTION}</div></div>"),
    ("a table", f"<table><tr><td><img src=a><tr><td>{CAPTION}</table>"),
    ("a link partly", f"<div class=caption><img src=a>{CAPTION} <a href=/>a</a></div>"),
    (
        "twice",
        f"<figure><img src=a><figcaption>{CAPTION}</figcaption></figure><p>{P[0]} Twice.</p>"
        f"<figure><img src=b><figcaption>{CAPTION}</figcaption></figure>",
    ),
    ("twice in its box", f"<div><img src=a><p>{CAPTION}</p><p>{CAPTION}</p></div>"),
]  # fmt: skip


@pytest.mark.parametrize("markup", [m[1] for m in MARKED], ids=[m[0] for m in MARKED])
def test_a_caption_is_known_by_its_markup_or_its_place(markup: str) -> None:
    [found] = captions(page(markup))

    assert found.removesuffix(" a") == CAPTION
    assert not lines_of_captions(page(markup)) & {*P, "Ferry"}


CREDITED = [
    f"<figure><img src=a><figcaption><p>{CAPTION}</p><p>{CREDIT}</p></figcaption></figure>",
    f"<figure><img src=a><figcaption>{CAPTION}<br>{CREDIT}</figcaption></figure>",
    f"<figure><img src=a><figcaption>{CAPTION}</figcaption></figure><div>{CREDIT}</div>",
    f"<figure><img src=a><div class=credit>{CREDIT}</div><figcaption>{CAPTION}</figcaption>"
    "</figure>",
    f"<div><img src=a><div class=credit>{CREDIT}</div></div><div class=caption>{CAPTION}</div>",
    f"<div class=credit>{CREDIT}</div><a href=/>Tides</a><div class=caption>{CAPTION}</div>",
    f"<div class=caption><p>{CAPTION}</p><p>{CREDIT}</p><p>{CAPTION}</p><p>{CREDIT}</p></div>",
]


@pytest.mark.parametrize("markup", CREDITED)
def test_the_credit_belongs_to_the_caption(markup: str) -> None:
    [found] = captions(page(f"<div>{markup}</div>"))

    assert sorted([found.replace(CREDIT, "").strip(), CREDIT]) == sorted([CAPTION, CREDIT])
    assert CREDIT in found


NONE = [
    ("no image", f"<div><p>{CAPTION}</p></div>"),
    ("linked", f"<figure><img src=a><figcaption><a href=/>{CAPTION}</a></figcaption></figure>"),
    ("letters", "<figure><img src=a><figcaption>A cow</figcaption></figure>"),
    ("a word", "<figure><img src=a><figcaption>Kuhgeschichte</figcaption></figure>"),
    ("a credit alone", f"<figure><img src=a><figcaption>{CREDIT}</figcaption></figure>"),
    ("a control", "<div><img src=a><div class=x>View image in full</div></div>"),
    ("another control", "<div><img src=a><div class=x>Open image in a gallery</div></div>"),
    ("rights", "<div><img src=a><div class=x>Copyright The Pell Times</div></div>"),
    ("alt of another line", f"<img src=a alt='{CAPTION} today'><div><p>{CAPTION}</p></div>"),
]


@pytest.mark.parametrize("markup", [n[1] for n in NONE], ids=[n[0] for n in NONE])
def test_what_is_no_caption_is_none(markup: str) -> None:
    assert captions(page(markup)) == ()


FIGURE = f"<figure><img src=a><figcaption>{CAPTION}</figcaption></figure>"


def test_captions_outside_the_article_are_not_of_it() -> None:
    teasers = "<p>Tides today</p>" * 20
    below = page("") + f"{teasers}<aside>{FIGURE}</aside>"
    above = f"<aside>{FIGURE}</aside>{teasers}" + page("")

    assert captions(below, "Tides today", CAPTION) == ()
    assert captions(above, "Tides today", CAPTION) == ()
    assert captions(f"<div>{FIGURE}</div>{paragraphs(*P)}", CAPTION) == (CAPTION,)


def test_a_page_without_text_has_no_captions() -> None:
    view = view_of(FIGURE)
    runs = caption_runs(tree_of(FIGURE), view, columns_of(view), column([0] * len(view.lines)))

    assert runs == [[0]]
    assert captions_from(view, runs, np.asarray([False])) == ()


def test_captions_keep_their_order() -> None:
    other = FIGURE.replace(CAPTION, "The new winch, oiled")

    assert captions(page(FIGURE + paragraphs(P[0][:-1]) + other)) == (
        CAPTION,
        "The new winch, oiled",
    )


SECTIONS = "".join(
    f"<section><img src=a><p>{one}</p><p>{two}</p></section>"
    for one, two in zip(P, P[::-1], strict=True)
)
UPDATES = "".join(f"<div class=update><b>10:30</b><img src=a><p>{text}</p></div>" for text in P)
TEXTS = [
    ("an image at its side", page(f"<p><img src=a>{P[0]} No doubt.</p>")),
    ("an image in its middle", page(f"<p>{P[0]} <img src=a> No doubt.</p>")),
    ("a smiling face", page(f"<p>{P[0]} No doubt. <img class=emoji src=a alt='&#128512;'></p>")),
    ("a pixel that counts", f"<div><img src=a width=1 height=1>{paragraphs(*P)}</div>"),
    ("an image above the paragraphs", f"<article><img src=a>{paragraphs(*P)}</article>"),
    ("sections with an image", f"<main>{SECTIONS}</main>"),
    ("updates with an image", f"<main>{UPDATES}</main>"),
    ("an image that says it", page(f"<img src=a alt='{P[0]}'>")),
    ("a quotation", page(f"<figure><blockquote><p>{P[0]} No doubt.</p></blockquote></figure>")),
    ("a table", page("<figure><table><tr><td>Monday<td>Ten crossings</table></figure>")),
    ("accredited", page(f"<div class=accredited-press><p>{P[0]} No doubt.</p></div>")),
    ("a long one", page(f"<div class=caption><p>{' '.join(P * 2)}</p></div>")),
]


@pytest.mark.parametrize("body", [t[1] for t in TEXTS], ids=[t[0] for t in TEXTS])
def test_the_text_of_an_article_is_no_caption(body: str) -> None:
    assert lines_of_captions(body) == set()


@pytest.mark.parametrize(
    "line",
    [
        "<h2>What comes next</h2>",
        "<p><b>And the cow?</b></p>",
        "<p>She said no.</p>",
        "<h1>Ferry</h1>",
    ],
)
def test_a_line_of_the_text_below_a_figure_is_no_credit(line: str) -> None:
    section = f"<section>{FIGURE}{line}<p>{P[0]} No doubt.</p></section>"

    assert lines_of_captions(page(section)) == {CAPTION}


def test_a_headline_is_no_caption_of_the_image_that_repeats_it() -> None:
    title = "Ferry returns to Pell Quay on Friday"
    body = f"<h1>{title}</h1><p class=by>By Odile Harkness</p><img src=a alt='{title}'>" + page("")

    assert captions(body) == ()
