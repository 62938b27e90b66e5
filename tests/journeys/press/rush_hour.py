"""A host that is too busy for every fifth request, and at times for several in a row."""

from __future__ import annotations

from tests.journeys.press.feeds import Item, rss
from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, article, front
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, refusal, text

NAME = "www.rush-hour.test"
RETRY_AFTER = 2
EVERY = 5
BURST = (8, 9)
ROBOTS = "User-agent: *\nDisallow:\n"
_NUMBERS = tuple(range(801, 811))


def rush_hour(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="Rush Hour", base=origin(NAME, port), sections=(("/", "Home"),))
    link = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
    items = [Item(link=f"{paper.base}{path_of(n)}", story=story_of(n)) for n in _NUMBERS]
    feed = rss(paper.name, f"{paper.base}/", items, itself=f"{paper.base}/feed/")
    cards = [(path_of(number), story_of(number)) for number in _NUMBERS[:4]]
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in _NUMBERS},
            "/robots.txt": text("robots", ROBOTS),
            "/": Sheet(kind="front", body=front(paper, "Rush hour", cards, head=link)),
            "/feed/": text("feed", feed, "application/rss+xml"),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        temper=_too_busy,
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/?p={number}"


def _article(paper: Paper, number: int) -> Sheet:
    octets = article(paper, story_of(number), path_of(number), shape="weblog")
    return Sheet(kind="article", body=octets)


def _too_busy(target: str, times: int, serial: int) -> Sheet | None:
    # Of the first few answers depends whether there is anything to crawl at all.
    if serial > EVERY and serial % EVERY == 0:
        return refusal("429 Too Many Requests", f"Retry-After: {RETRY_AFTER}")
    return refusal("503 Service Unavailable") if serial in BURST else None
