"""A newspaper with RSS feeds by section, whose links carry tracking parameters."""

from __future__ import annotations

from tests.journeys.press.feeds import Item, rss
from tests.journeys.press.host import Host, Issue, origin
from tests.journeys.press.markup import Paper, article, front
from tests.journeys.press.prose import Story, story_of
from tests.journeys.press.sheet import Sheet, text

NAME = "www.harbour-times.test"
ROBOTS = """User-agent: *
Disallow: /search
Disallow: /account/
"""
FORBIDDEN = frozenset({"/account/letters", "/search?q=ferry"})

# What the feeds name, by the numbers of the stories; 104 is in both.
_NEWS = (101, 102, 103, 104, 105, 106, 107, 108)
_SPORT = (104, 121, 122, 123, 124)
# Older ones, to which only the later pages of a section lead.
_OLDER = (131, 132, 133, 134, 135, 136, 137, 138)
# What each later edition adds to the news.
_LATER = (141, 142, 143)
_FEEDS = (("/rss/news.xml", "News"), ("/rss/sport.xml", "Sport"))


def harbour_times(port: int) -> Host:
    """Return the host."""
    paper = Paper(
        name="The Harbour Times",
        base=origin(NAME, port),
        sections=(("/news/", "News"), ("/sport/", "Sport"), ("/account/letters", "Letters")),
    )
    return Host(
        name=NAME,
        issue=lambda edition, raised_at: _issue(paper, edition),
        forbidden=FORBIDDEN,
        marks={path_of(n): (story_of(n).mark,) for n in (*_NEWS, *_SPORT, *_OLDER, *_LATER)},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*, with its date and its headline in it."""
    story = story_of(number)
    words = "-".join(word for word in story.headline.lower().split() if word.isalpha())
    section = "sport" if 120 < number < 130 else "news"
    return f"/{section}/{story.published:%Y/%m/%d}/{words}-{number}.html"


def _issue(paper: Paper, edition: int) -> Issue:
    news = (*reversed(_LATER[:edition]), *_NEWS)
    numbers = dict.fromkeys((*news, *_SPORT, *_OLDER))
    sheets = {path_of(number): _article(paper, number) for number in numbers}
    sheets |= {
        "/robots.txt": text("robots", ROBOTS),
        "/": Sheet(kind="front", body=_front(paper, news)),
        "/news/": _section(paper, "News", news[:6], older="/news/?page=2"),
        "/news/?page=2": _section(paper, "News", _OLDER[:4], older="/news/?page=3"),
        "/news/?page=3": _section(paper, "News", _OLDER[4:], older=None),
        "/sport/": _section(paper, "Sport", _SPORT, older=None),
        "/rss/news.xml": _feed(paper, "/rss/news.xml", news),
        "/rss/sport.xml": _feed(paper, "/rss/sport.xml", _SPORT),
        "/account/letters": Sheet(kind="forbidden", body=b"<p>Your letters."),
        "/search": Sheet(kind="forbidden", body=b"<p>Found nothing."),
    }
    new = [path_of(number) for number in _LATER[:edition][-1:]]
    return Issue(
        sheets=sheets,
        announced=frozenset(path_of(number) for number in (*news, *_SPORT)),
        linked=frozenset(path_of(number) for number in _OLDER),
        changed=frozenset(new),
    )


def _article(paper: Paper, number: int) -> Sheet:
    related = [(path_of(other), story_of(other).headline) for other in (101, 122, 105)]
    octets = article(paper, story_of(number), path_of(number), related=related)
    return Sheet(kind="article", body=octets)


def _front(paper: Paper, news: tuple[int, ...]) -> bytes:
    head = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        for href, title in _FEEDS
    )
    # The third leads to where readers talk, which is a place on the same page.
    cards = [*_cards(news[:2]), (f"{path_of(news[2])}#comments", story_of(news[2]))]
    below = '<p><a href="/search?q=ferry">Search for “ferry”</a></p>'
    return front(paper, "Today", [*cards, *_cards(_SPORT[1:3])], head=head, below=below)


def _section(paper: Paper, title: str, numbers: tuple[int, ...], *, older: str | None) -> Sheet:
    below = f'<a class="older" rel="next" href="{older}">Older stories</a>' if older else ""
    octets = front(paper, title, _cards(numbers), below=below, kind="section")
    return Sheet(kind="front", body=octets)


def _feed(paper: Paper, path: str, numbers: tuple[int, ...]) -> Sheet:
    source = path.removeprefix("/rss/").removesuffix(".xml")
    items = [
        Item(
            link=f"{paper.base}{path_of(n)}?utm_source=rss&utm_medium=feed&utm_campaign={source}",
            story=story_of(n),
        )
        for n in numbers
    ]
    feed = rss(paper.name, f"{paper.base}/", items, itself=f"{paper.base}{path}")
    return text("feed", feed, "application/rss+xml; charset=utf-8")


def _cards(numbers: tuple[int, ...]) -> list[tuple[str, Story]]:
    return [(path_of(number), story_of(number)) for number in numbers]
