"""A newspaper that only its robots.txt says anything of: it names the index of its sitemaps."""

from __future__ import annotations

from datetime import datetime

from tests.journeys.press.host import BEGINNING, Host, Issue, origin
from tests.journeys.press.maps import Dated, image_sitemap, news_sitemap, sitemap, sitemap_index
from tests.journeys.press.markup import Paper, article, page
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, packed, text

NAME = "www.kelm-gazette.test"
# A crawler obeys the group that names it, and of that one alone the longest match (RFC 9309).
ROBOTS = """# Readers are welcome; machines read this first.
User-agent: *
Disallow: /2024/world/
Disallow: /maps/

User-agent: otherbot
Disallow: /

User-agent: Archiver
Disallow: /private/
Allow: /private/open/
Disallow: /*?print=
Disallow: /*.pdf$

Sitemap: {base}/maps/index.xml
"""
_FIRST = (201, 202, 203, 204, 205)
_WORLD = (211, 212)  # closed to others
_OPEN = (221, 222)  # an allowed part of what is closed
_ILLUSTRATED = (231, 232)
_BREAKING = (241, 242)
_LATER = (251, 252, 253)
_REVISED = 203

FORBIDDEN = frozenset(
    {
        "/private/letters/1",
        "/private/letters/2",
        "/2024/town/201?print=1",
        "/2024/town/202.pdf",
    }
)


def kelm_gazette(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="Kelm Gazette", base=origin(NAME, port), sections=(("/", "Home"),))
    return Host(
        name=NAME,
        issue=lambda edition, raised_at: _issue(paper, edition, raised_at),
        forbidden=FORBIDDEN,
        marks={
            path_of(number): (story_of(number).mark,)
            for number in (*_FIRST, *_WORLD, *_OPEN, *_ILLUSTRATED, *_BREAKING, *_LATER)
        },
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    tens = number // 10 % 10
    return f"{ {1: '/2024/world', 2: '/private/open'}.get(tens, '/2024/town') }/{number}"


def _issue(paper: Paper, edition: int, raised_at: datetime) -> Issue:
    later = tuple(reversed(_LATER[:edition]))
    numbers = (*_FIRST, *_WORLD, *_OPEN, *_ILLUSTRATED, *_BREAKING, *later)
    closed = Sheet(kind="forbidden", body=b"<p>Nobody is to read this.")
    changed = {path_of(n) for n in (*later[:1], _REVISED)} if edition else set()
    return Issue(
        sheets={
            **{path_of(number): _article(paper, number, edition) for number in numbers},
            **dict.fromkeys(FORBIDDEN, closed),
            **_maps(paper, later, raised_at if edition else BEGINNING),
            "/robots.txt": text("robots", ROBOTS.format(base=paper.base)),
            "/": Sheet(kind="front", body=_front(paper)),
        },
        announced=frozenset(path_of(number) for number in numbers),
        changed=frozenset(changed),
    )


def _article(paper: Paper, number: int, edition: int) -> Sheet:
    story = story_of(number, revision=edition if number == _REVISED else 0)
    return Sheet(kind="article", body=article(paper, story, path_of(number), shape="weblog"))


def _front(paper: Paper) -> bytes:
    letters = '<a href="/private/letters/1">Letters</a>'
    main = f"<h1>Kelm Gazette</h1><p>The paper is at the kiosk. {letters}</p>"
    return page(paper, "Kelm Gazette", main, kind="front").encode()


def _maps(paper: Paper, later: tuple[int, ...], revised_at: datetime) -> dict[str, Sheet]:
    base = paper.base
    first: list[Dated] = [(f"{base}{path_of(number)}", BEGINNING) for number in _FIRST]
    first[_FIRST.index(_REVISED)] = (f"{base}{path_of(_REVISED)}", revised_at)
    second: list[Dated] = [(f"{base}{path_of(number)}", None) for number in (*_WORLD, *_OPEN)]
    second += [(f"{base}{path}", None) for path in sorted(FORBIDDEN)]
    pictures = [(f"{base}{path_of(n)}", f"{base}/pictures/{n}.jpg") for n in _ILLUSTRATED]
    breaking = [(f"{base}{path_of(n)}", story_of(n)) for n in (*later, *_BREAKING)]
    children: list[Dated] = [
        (f"{base}/maps/town.xml.gz", revised_at),
        (f"{base}/maps/world.xml.gz", None),
        (f"{base}/maps/images.xml", BEGINNING),
        (f"{base}/maps/news.xml", revised_at),
    ]
    xml = "application/xml"
    return {
        "/maps/index.xml": text("sitemap", sitemap_index(children), xml),
        "/maps/town.xml.gz": packed("sitemap", sitemap(first)),
        "/maps/world.xml.gz": packed("sitemap", sitemap(second)),
        "/maps/images.xml": text("sitemap", image_sitemap(pictures), xml),
        "/maps/news.xml": text("sitemap", news_sitemap(paper.name, breaking), xml),
    }
