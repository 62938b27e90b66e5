"""Readings made by hand: no model is asked, so that what it learns changes no test here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from archiver.explain.given import GivenPage
from archiver.extraction.article import Article
from archiver.extraction.blocks import blocks_of
from archiver.extraction.html import Reading
from archiver.extraction.menus import with_menus_joined
from archiver.extraction.tree import parse
from archiver.extraction.verdicts import Verdict

PAGE = """
<html><body class="related">
<nav><ul><li><a href="/">Home</a></li><li><a href="/t">Tides</a></li></ul></nav>
<main class="story-body">
<p class="lead intro">The ferry to the island of Tarn will sail again on Monday.</p>
<p>It had been in the yard since the storm of November.</p>
<div class="newsletter"><p>Every morning all that matters, in your letter box.</p></div>
<div id="most-read"><p><a href="/2">The mayor has a new hat</a> today</p></div>
<div style="display: none"><p>Nobody sees this line, which is as long as any other.</p></div>
<p>Short one</p>
</main>
<p>There is nothing to be said against this line.</p>
</body></html>
"""
# The likelihood and the reason of each block of the page.
SAID: tuple[tuple[int, str | None], ...] = (
    (3, "unlikely"),
    (987, None),
    (991, None),
    (120, "unlikely"),
    (130, "unlikely"),
    (140, "unlikely"),
    (455, "caption"),
    (200, "unlikely"),
)
ARTICLE = Article(
    text="The ferry to the island of Tarn will sail again on Monday.\n\n"
    "It had been in the yard since the storm of November.",
    captions=("The ferry in the yard.",),
    language="en",
    language_score=0.987,
    title="Ferry sails",
    authors=("Jo Field", "Ann Hill"),
    published_date="2026-11-20T08:00:00Z",
    modified_date=None,
    sitename=None,
    description=None,
    categories=(),
    tags=(),
    url_canonical=None,
    image_url=None,
    agency="Lantern News",
    page_type="article",
    robots_meta=None,
    tdm_reservation=None,
    tdm_policy=None,
    license=None,
    paywalled=None,
)
GIVEN = GivenPage(
    name="page.html",
    content=PAGE.encode(),
    captured_at=datetime(2026, 11, 21, tzinfo=UTC),
    url="https://www.example.org/story",
)


def verdicts(
    html: str = PAGE, said: tuple[tuple[int, str | None], ...] = SAID
) -> tuple[Verdict, ...]:
    """Return what is *said* of each block of the page *html*."""
    tree = parse(html.encode())
    assert tree is not None
    return tuple(
        Verdict(block=block, text=block.text, likelihood=likelihood, reason=reason)
        for block, (likelihood, reason) in zip(
            with_menus_joined(blocks_of(tree)), said, strict=True
        )
    )


def reading(*given: Verdict, article: Article | None = ARTICLE) -> Reading:
    """Return the reading of a page with the verdicts *given*, those of PAGE if there are none."""
    return Reading(page_type="article", verdicts=given or verdicts(), article=article)


def dropped(count: int, likelihood: int = 5, reason: str = "unlikely") -> tuple[Verdict, ...]:
    """Return the verdicts on a page of *count* blocks, all dropped for one *reason*."""
    return verdicts("<p>Home, sweet home and more of it" * count, ((likelihood, reason),) * count)


def titled(title: str) -> Article:
    return replace(ARTICLE, title=title)
