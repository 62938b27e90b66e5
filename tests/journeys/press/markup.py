"""Pages as the systems lay them out that newspapers run on: articles amid their furniture."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from tests.journeys.press.prose import Story

# How a page names its article to machines: by linked data, by OpenGraph, or not at all.
Shape = Literal["newsroom", "weblog", "plain"]

# A link and what it says.
Link = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A newspaper: its *name*, what its URLs begin with, and its sections."""

    name: str
    base: str
    sections: Sequence[Link] = ()


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | {paper}</title>
{head}
<script>window.queue=window.queue||[];function measure(){{queue.push(arguments)}}</script>
<style>.masthead{{display:flex}}.consent{{position:fixed;bottom:0}}</style>
</head>
<body class="{kind}">
<a class="skip-link" href="#content">Skip to content</a>
<header class="masthead"><a class="logo" href="/">{paper}</a>
<nav aria-label="Sections"><ul>{sections}</ul></nav></header>
<div id="consent" class="consent" hidden><p>We keep a cookie or two.</p><button>Fine</button></div>
<main id="content">
{main}
</main>
<aside class="newsletter"><h2>Every morning by mail</h2><form><input type="email" name="mail">
<button>Sign up</button></form></aside>
<footer class="colophon"><ul><li><a href="/about">About us</a></li>
<li><a href="/imprint">Imprint</a></li></ul><small>© {paper}. Set by hand.</small></footer>
</body>
</html>
"""


def page(paper: Paper, title: str, main: str, *, head: str = "", kind: str = "page") -> str:
    """Return a page of *paper* with *main* amid the furniture."""
    return _PAGE.format(
        title=escape(title),
        paper=escape(paper.name),
        head=head,
        kind=kind,
        sections=anchors(paper.sections),
        main=main,
    )


def anchors(links: Iterable[Link]) -> str:
    """Return *links* as items of a list."""
    return "".join(
        f'<li><a href="{escape(href)}">{escape(label)}</a></li>' for href, label in links
    )


def article(
    paper: Paper, story: Story, path: str, *, shape: Shape = "newsroom", head: str = "",
    body: str | None = None, below: str = "", related: Iterable[Link] = (),
) -> bytes:  # fmt: skip
    """Return the page of *story*, which stands at *path* of *paper*.

    *body* stands in the place of its paragraphs; *below* follows them.
    """
    url = f"{paper.base}{path}"
    told = paragraphs(story.paragraphs) if body is None else body
    heads = {"newsroom": _linked_data, "weblog": _open_graph, "plain": _nothing}
    bodies = {"newsroom": _newsroom, "weblog": _weblog, "plain": _plain}
    main = bodies[shape](story, told + below, anchors(related))
    meta = heads[shape](paper, story, url)
    return page(paper, story.headline, main, head=f"{meta}\n{head}", kind="article").encode()


def paragraphs(lines: Iterable[str]) -> str:
    """Return *lines* as paragraphs."""
    return "\n".join(f"<p>{line}</p>" for line in lines)


def front(
    paper: Paper, title: str, cards: Iterable[tuple[str, Story]], *, head: str = "",
    below: str = "", kind: str = "front",
) -> bytes:  # fmt: skip
    """Return a page that leads to the stories of *cards*, each given with its link."""
    teasers = "\n".join(
        f'<article class="card"><h3><a href="{escape(href)}">{story.headline}</a></h3>'
        f'<p class="teaser">{story.standfirst}</p><time>{story.published:%d %B}</time></article>'
        for href, story in cards
    )
    main = f'<h1 class="section-title">{title}</h1>\n<div class="grid">{teasers}</div>\n{below}'
    return page(paper, title, main, head=head, kind=kind).encode()


def _newsroom(story: Story, told: str, related: str) -> str:
    return f"""<article data-component="story" itemscope>
<header><h1 itemprop="headline">{story.headline}</h1>
<p class="standfirst">{story.standfirst}</p>
<div class="byline">By <a rel="author" href="/about">{story.author}</a>
<time datetime="{story.published.isoformat()}">{story.published:%d %B %Y, %H:%M}</time></div>
<ul class="share"><li><button>Copy link</button></li><li><button>Print</button></li></ul></header>
<div class="article-body" itemprop="articleBody">
{told}
</div>
</article>
<section class="related"><h2>More on this</h2><ul>{related}</ul></section>"""


def _weblog(story: Story, told: str, related: str) -> str:
    return f"""<article id="post-{story.number}" class="post type-post hentry">
<header class="entry-header"><h1 class="entry-title">{story.headline}</h1>
<div class="entry-meta"><span class="byline author vcard">{story.author}</span>
<time class="entry-date published" datetime="{story.published.isoformat()}">\
{story.published:%B %d, %Y}</time></div></header>
<div class="entry-content">
{told}
</div>
<footer class="entry-footer"><span class="tags-links"><a href="/about">Town</a></span></footer>
</article>
<div class="widget-area"><h2 class="widget-title">Read next</h2><ul>{related}</ul></div>"""


def _plain(story: Story, told: str, related: str) -> str:
    return f"""<div id="story">
<h1>{story.headline}</h1>
<p class="byline"><b>{story.author}</b>, {story.published:%d %B %Y}</p>
<div class="text">
{told}
</div>
</div>
<div class="box"><b>Also</b><ul>{related}</ul></div>"""


def _linked_data(paper: Paper, story: Story, url: str) -> str:
    told = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": url,
        "headline": story.headline,
        "description": story.standfirst,
        "datePublished": story.published.isoformat(),
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "NewsMediaOrganization", "name": paper.name},
    }
    return (
        f'<link rel="canonical" href="{url}">\n'
        f'<script type="application/ld+json">{json.dumps(told)}</script>'
    )


def _open_graph(paper: Paper, story: Story, url: str) -> str:
    return f"""<link rel="canonical" href="{url}">
<meta property="og:type" content="article">
<meta property="og:site_name" content="{paper.name}">
<meta property="og:title" content="{escape(story.headline)}">
<meta property="og:url" content="{url}">
<meta property="article:published_time" content="{story.published.isoformat()}">
<meta name="author" content="{story.author}">"""


def _nothing(paper: Paper, story: Story, url: str) -> str:
    return ""
