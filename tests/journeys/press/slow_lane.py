"""A host whose robots.txt is out of order at first and then asks for a second between requests."""

from __future__ import annotations

from tests.journeys.press.feeds import Item, rss
from tests.journeys.press.host import BEGINNING, Host, Issue, lasting, origin
from tests.journeys.press.maps import sitemap
from tests.journeys.press.markup import Paper, article, page
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, refusal, text

NAME = "www.slow-lane.test"
CRAWL_DELAY = 1
# So often robots.txt does not come; nothing else may be asked for before it does.
OUT_OF_ORDER = 2
ROBOTS = f"""User-agent: *
Crawl-delay: {CRAWL_DELAY}
Disallow: /drafts/
Sitemap: {{base}}/sitemap.xml
"""
FORBIDDEN = frozenset({"/drafts/1"})
_NUMBERS = (701, 702, 703, 704)


def slow_lane(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="The Slow Lane", base=origin(NAME, port), sections=(("/drafts/1", "Soon"),))
    listed = [(f"{paper.base}{path_of(number)}", BEGINNING) for number in _NUMBERS]
    link = '<link rel="alternate" type="application/rss+xml" href="/news.rss">'
    main = "<h1>The Slow Lane</h1><p>Take your time.</p>"
    front = page(paper, "The Slow Lane", main, head=link, kind="front")
    items = [Item(link=f"{paper.base}{path_of(n)}", story=story_of(n)) for n in _NUMBERS[:2]]
    feed = rss(paper.name, f"{paper.base}/", items, itself=f"{paper.base}/news.rss")
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in _NUMBERS},
            "/robots.txt": text("robots", ROBOTS.format(base=paper.base)),
            "/": Sheet(kind="front", body=front.encode()),
            "/sitemap.xml": text("sitemap", sitemap(listed), "application/xml"),
            "/news.rss": text("feed", feed, "application/rss+xml"),
            "/drafts/1": Sheet(kind="forbidden", body=b"<p>Not yet."),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        forbidden=FORBIDDEN,
        temper=_out_of_order,
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/2024/{number}/walking-home"


def _article(paper: Paper, number: int) -> Sheet:
    return Sheet(kind="article", body=article(paper, story_of(number), path_of(number)))


def _out_of_order(target: str, times: int, serial: int) -> Sheet | None:
    if target == "/robots.txt" and times <= OUT_OF_ORDER:
        return refusal("503 Service Unavailable", "Retry-After: 1")
    return None
