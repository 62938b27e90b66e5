"""A magazine with a JSON Feed, which lies behind a redirect and is served as plain text."""

from __future__ import annotations

from tests.journeys.press.feeds import Item, json_feed
from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, article, page
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, moved, text

NAME = "www.tessel-quay.test"
ROBOTS = "User-agent: *\nAllow: /\n"
_PAGES = ((401, 402, 403, 404), (405, 406, 407))


def tessel_quay(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="Tessel Quay Monthly", base=origin(NAME, port), sections=(("/", "Home"),))
    numbers = [number for numbers in _PAGES for number in numbers]
    link = '<link rel="alternate" type="application/feed+json" title="JSON" href="/feed.json">'
    main = "<h1>The monthly of the quay</h1><p>Read us in your reader, if you have one.</p>"
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in numbers},
            "/robots.txt": text("robots", ROBOTS),
            "/": Sheet(kind="front", body=page(paper, "Home", main, head=link).encode()),
            "/feed.json": moved("feed", "/feeds/main.json"),
            "/feeds/main.json": _feed(paper, 0, following=f"{paper.base}/feeds/main-2.json"),
            "/feeds/main-2.json": _feed(paper, 1, following=None),
        },
        announced=frozenset(path_of(number) for number in numbers),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        marks={path_of(number): (story_of(number).mark,) for number in numbers},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*, which is an international one and ends in a slash."""
    return f"/h%C3%A4fen/{number}/"


def _article(paper: Paper, number: int) -> Sheet:
    octets = article(paper, story_of(number), path_of(number), shape="weblog")
    return Sheet(kind="article", body=octets)


def _feed(paper: Paper, place: int, *, following: str | None) -> Sheet:
    items = [Item(link=f"{paper.base}{path_of(n)}", story=story_of(n)) for n in _PAGES[place]]
    itself = f"{paper.base}/feeds/main{'-2' if place else ''}.json"
    feed = json_feed(paper.name, items, home=f"{paper.base}/", itself=itself, following=following)
    return text("feed", feed)
