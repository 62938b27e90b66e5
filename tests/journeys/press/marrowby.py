"""A site without robots.txt: a text sitemap at the usual path, and twins of its articles.

Some articles have a twin for mobile telephones on a host of its own and one in AMP; each calls
the article its canonical address.
"""

from __future__ import annotations

from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, article, page, paragraphs
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, moved, text

# Both belong to one site; names below .test, which no list of suffixes has, would not.
NAME = "www.marrowby.example.org"
MOBILE = "m.marrowby.example.org"
_NUMBERS = (601, 602, 603, 604, 605, 606)
_ON_MOBILES = (602, 603)
_IN_AMP = (603, 604, 605)

_AMP = """<!doctype html>
<html \u26a1 lang="en"><head><meta charset="utf-8"><title>{headline}</title>
<link rel="canonical" href="{canonical}"><script async src="/amp/v0.js"></script></head>
<body><amp-sidebar id="menu" layout="nodisplay"><a href="/">Home</a></amp-sidebar>
<main><article><h1>{headline}</h1><p class="byline">{author}, {date:%d %B %Y}</p>
<amp-img src="/pictures/amp.jpg" width="8" height="5"></amp-img>
{told}
</article></main></body></html>
"""


def marrowby(port: int) -> Host:
    """Return the host of the articles."""
    paper = _paper(port)
    front = page(paper, "Marrowby", "<h1>Marrowby</h1><p>A town and its news.</p>", kind="front")
    sitemap = "".join(f"{url}\r\n" for url in _listed(port))
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number, port) for number in _NUMBERS},
            **{f"/amp{path_of(number)}": _amp(paper, number) for number in _IN_AMP},
            "/": Sheet(kind="front", body=front.encode()),
            "/sitemap.xml": text("sitemap", sitemap),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )
    mobiles = {f"{origin(MOBILE, port)}{path_of(n)}": path_of(n) for n in _ON_MOBILES}
    return Host(
        name=NAME,
        issue=lasting(issue),
        twins=mobiles | {f"{paper.base}/amp{path_of(n)}": path_of(n) for n in _IN_AMP},
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def marrowby_mobile(port: int) -> Host:
    """Return the host of the twins for mobile telephones."""
    paper = _paper(port)
    sheets = {path_of(number): _mobile(paper, number) for number in _ON_MOBILES}
    sheets["/"] = moved("front", f"{paper.base}/", "302 Found")
    return Host(name=MOBILE, issue=lasting(Issue(sheets=sheets)), is_seed=False)


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/story/2024/{number}"


def _paper(port: int) -> Paper:
    return Paper(name="Marrowby Today", base=origin(NAME, port), sections=(("/", "Home"),))


def _listed(port: int) -> list[str]:
    """Return what the sitemap lists: articles, some by their twins as well, one by its twin."""
    base = origin(NAME, port)
    return [
        *(f"{base}{path_of(number)}" for number in (601, 602, 603, 604)),
        f"{origin(MOBILE, port)}{path_of(603)}",
        f"{base}/amp{path_of(604)}",
        f"{base}/amp{path_of(605)}",
        f"{origin('WWW.Marrowby.Example.ORG', port)}{path_of(606)}",
    ]


def _article(paper: Paper, number: int, port: int) -> Sheet:
    path = path_of(number)
    head = f'<link rel="amphtml" href="{paper.base}/amp{path}">' if number in _IN_AMP else ""
    if number in _ON_MOBILES:
        mobile = f"{origin(MOBILE, port)}{path}"
        head += (
            f'<link rel="alternate" media="only screen and (max-width: 640px)" href="{mobile}">'
        )
    octets = article(paper, story_of(number), path, shape="newsroom", head=head)
    return Sheet(kind="article", body=octets)


def _amp(paper: Paper, number: int) -> Sheet:
    story = story_of(number)
    amp = _AMP.format(
        headline=story.headline,
        canonical=f"{paper.base}{path_of(number)}",
        author=story.author,
        date=story.published,
        told=paragraphs(story.paragraphs),
    )
    return Sheet(kind="twin", body=amp.encode())


def _mobile(paper: Paper, number: int) -> Sheet:
    # The shape's linked data and its canonical link speak of the article, not of this twin.
    octets = article(paper, story_of(number), path_of(number), shape="weblog")
    return Sheet(kind="twin", body=octets)
