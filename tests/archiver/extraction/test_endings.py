from __future__ import annotations

from collections.abc import Sequence

import pytest

from archiver.extraction.endings import endings_in
from tests.archiver.extraction.made_views import FERRY, view_of

P = FERRY
ARTICLE = "<main><article>{}</article></main>".format("".join(f"<p>{text}</p>" for text in P))
WRITER = ("Odile Harkness",)


def endings(
    body: str, *outside: str, authors: Sequence[str] = (), article: str = ARTICLE
) -> dict[str, str]:
    """Return what is left out of a page, and why; all but *outside* had been kept."""
    view = view_of(article + body)
    reasons = ["unlikely" if block.text in outside else None for block in view.blocks]
    found = endings_in(view, reasons, authors)
    assert not [at for at in found if reasons[at] is not None]
    return {view.blocks[at].text: reason for at, reason in found.items()}


def within(*texts: str) -> str:
    """Return the article with further paragraphs."""
    return ARTICLE.replace(
        "</article>", "".join(f"<p>{text}</p>" for text in texts) + "</article>"
    )


TEASER = "Breakwater closed for a third week"


@pytest.mark.parametrize(
    "stop",
    [
        "Related",
        "Related stories",
        "More from Pell",
        "Read more:",
        "You might also like",
        "Most read",
        "Mehr zum Thema",
        "Lire aussi",
        "Leggi anche",
        "Te puede interesar",
        "Читайте также",
        "相关阅读",
    ],
)
def test_what_a_line_announces_below_the_article_goes(stop: str) -> None:
    box = f"<div><div><h3>{stop}</h3><p>{TEASER}</p></div></div>"

    assert endings(box) == {stop: "after the article", TEASER: "after the article"}
    assert endings(box, stop) == {TEASER: "after the article"}


@pytest.mark.parametrize(
    "line",
    [
        "Related to the captain by marriage, the mate of the ferry knew of the rope long before.",
        "“Read more,” she said.",
        "Recommended by nobody, it sold.",
        "More on the rope was not to be had.",
        "See also what the mate wrote.",
    ],
)
def test_a_paragraph_beside_the_others_stays_with_what_follows(line: str) -> None:
    assert endings("", article=within(line, "The mate would say no more of it.")) == {}


def test_no_more_than_a_part_of_the_text_is_an_ending() -> None:
    others = [f"{text} Indeed." for text in P[:4]]
    section = "".join(f"<div><div><p>{text}</p></div></div>" for text in others)

    found = endings(f"<div><div><h3>Related</h3></div></div>{section}")

    assert not found.keys() & set(others)


def test_a_section_that_ends_in_a_button_is_an_appeal() -> None:
    asks = "It costs two pounds a month and is read by the cow."
    box = f"<div><h3>Before you go</h3><p>{asks}</p><a href=/give>Donate to Pell</a></div>"

    assert endings(box, "Donate to Pell") == {"Before you go": "appeal", asks: "appeal"}
    # Whoever drops the heading may keep what it says below.
    assert endings(box, "Donate to Pell", "Before you go") == {asks: "appeal"}


@pytest.mark.parametrize(
    ("box", "said"),
    [
        ("<p><strong><a href=/s>Subscribe to The Tarn Post</a></strong></p>", ()),
        ("<aside><h3>In your inbox</h3><a href=/s>Sign up</a></aside>", ("In your inbox",)),
        ("<div><h4>Help us</h4><p><a href=/g>Donate now</a></p></div>", ("Help us",)),
    ],
)
def test_a_box_in_the_text_takes_nothing_of_it_along(box: str, said: tuple[str, ...]) -> None:
    body = "".join(f"<p>{text}</p>" for text in (*P, *(f"{text} Indeed." for text in P)))
    end = "<p>Nobody at the quay would say more, and the cow was asleep.</p>"
    buttons = ("Subscribe to The Tarn Post", "Sign up", "Donate now")

    assert endings("", *said, *buttons, article=f"<article>{body}{box}{end}</article>") == {}


def test_a_heading_that_is_dropped_among_the_paragraphs_begins_no_appeal() -> None:
    box = "<h4>Support us</h4><p><a href=/g>Donate now</a></p>"
    end = ("Nobody at the quay would say more.", "The cow was asleep, and the tide was out.")
    article = "<article>{}{}{}</article>".format(
        "".join(f"<p>{text}</p>" for text in P), box, "".join(f"<p>{text}</p>" for text in end)
    )

    assert endings("", "Support us", "Donate now", article=article) == {}


def test_an_appeal_ends_in_its_button() -> None:
    box = "<p><b>Support us</b></p><p>Two pounds will do.</p><p><a href=/g>Donate now</a></p>"
    end = "Nobody at the quay would say more."
    article = ARTICLE.replace("</article>", f"{box}<p>{end}</p></article>")

    found = endings("", "Donate now", article=article)

    assert found == {"Support us": "appeal", "Two pounds will do.": "appeal"}


@pytest.mark.parametrize(
    "button",
    [
        "<a href=/n>Subscribe</a>",
        "<p><a href=/n>Sign up to the newsletter</a></p>",
        "<footer><ul><li><a href=/g>Give</a></li><li><a href=/j>Jobs</a></li></ul></footer>",
        "<p><a href=/f>Join the discussion</a></p>",
    ],
)
def test_the_last_section_of_an_article_stays_whatever_stands_below(button: str) -> None:
    last = "A second boat will be built at the yard, and nobody knows who will pay for it."
    article = ARTICLE.replace("</article>", f"<h2>What comes next</h2><p>{last}</p></article>")

    found = endings(button, "Subscribe", "Sign up to the newsletter", "Give", "Jobs", "Join the "
                    "discussion", article=article)  # fmt: skip

    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "Odile Harkness covers the sea for The Pell Times.",
        "Odile Harkness is a reporter on Pell.",
        "ODILE HARKNESS joined The Pell Times in May.",
        "Odile Harkness schreibt über das Meer.",
        "More stories by Odile Harkness",
    ],
)
def test_who_wrote_the_article_is_none_of_it(line: str) -> None:
    assert endings("", article=within(line), authors=WRITER) == {line: "biography"}


@pytest.mark.parametrize(
    "line",
    [
        "Odile Harkness came too late for the song.",
        "The captain is a friend of Odile Harkness, and says so.",
        "Ben Ito covers the sea for The Pell Times.",
    ],
)
def test_others_stay(line: str) -> None:
    assert endings("", article=within(line), authors=WRITER) == {}


def test_a_paragraph_that_is_most_of_the_text_is_no_biography() -> None:
    long = "Odile Harkness was a child when the winch broke, and writes of it here. " + " ".join(P)

    assert endings("", article=f"<p>{long}</p><p>She lives on Pell.</p>", authors=WRITER) == {}


def test_a_writer_of_one_name_is_too_common_to_be_known() -> None:
    assert endings("", article=within("Odile is a cow."), authors=["Odile"]) == {}


def test_a_heading_that_nothing_follows_goes() -> None:
    heads = "<h2>What comes next</h2><h3>The cow</h3>"

    assert endings(heads) == {"The cow": "heading of nothing"}
    assert endings(f"{heads}<p>She slept.</p>") == {}


def test_a_text_of_one_paragraph_has_no_ending() -> None:
    one = f"<p>{P[0]}</p>"

    assert endings("", article=one) == {}
    assert endings("", P[0], article=one) == {}
