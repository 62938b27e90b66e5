"""A review with an Atom feed of several pages (RFC 5005), relative links, and ETags."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.journeys.press.feeds import Item, atom
from tests.journeys.press.host import BEGINNING, Host, Issue, origin
from tests.journeys.press.markup import Paper, article, front
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, text

NAME = "brackwater-review.test"
ROBOTS = "User-agent: *\nDisallow:\n"

# The pages of the feed, and what each later edition adds to the first of them.
_PAGES = ((301, 302, 303), (304, 305, 306), (307, 308))
_LATER = (311, 312, 313)
_REVISED = 302
_ELSEWHERE = 303  # it stands in another folder, by an xml:base of its own


def brackwater_review(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="Brackwater Review", base=origin(NAME, port), sections=(("/", "Home"),))
    numbers = (*(number for page in _PAGES for number in page), *_LATER)
    return Host(
        name=NAME,
        issue=lambda edition, raised_at: _issue(paper, edition, raised_at),
        marks={path_of(number): (story_of(number).mark,) for number in numbers},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/{'notes' if number == _ELSEWHERE else 'essays'}/2024/{number}-on-repairs"


def _issue(paper: Paper, edition: int, raised_at: datetime) -> Issue:
    later = tuple(reversed(_LATER[:edition]))
    pages = ((*later, *_PAGES[0]), *_PAGES[1:])
    numbers = [number for page in pages for number in page]
    changed_at = raised_at if edition else BEGINNING
    links = '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
    cards = [(path_of(number), story_of(number)) for number in pages[0]]
    return Issue(
        sheets={
            **{
                path_of(number): _article(paper, number, edition, changed_at) for number in numbers
            },
            **_feeds(paper, pages, changed_at),
            "/robots.txt": text("robots", ROBOTS),
            "/": Sheet(kind="front", body=front(paper, "Essays and notes", cards, head=links)),
        },
        announced=frozenset(path_of(number) for number in numbers),
        changed=frozenset(path_of(n) for n in (later[0], _REVISED)) if edition else frozenset(),
    )


def _article(paper: Paper, number: int, edition: int, changed_at: datetime) -> Sheet:
    story = story_of(number, revision=edition if number == _REVISED else 0)
    octets = article(paper, story, path_of(number), shape="newsroom")
    modified = changed_at if number == _REVISED else BEGINNING
    return Sheet(kind="article", body=octets, modified=modified)


def _feeds(
    paper: Paper, pages: tuple[tuple[int, ...], ...], changed_at: datetime
) -> dict[str, Sheet]:
    paths = ("/atom.xml", "/atom/2.xml", "/atom/3.xml")
    sheets = {}
    for place, (path, numbers) in enumerate(zip(paths, pages, strict=True)):
        items = [_item(paper, number, changed_at) for number in numbers]
        around = (("previous", place - 1), ("next", place + 1))
        links = [(rel, paths[at]) for rel, at in around if 0 <= at < len(paths)]
        updated = changed_at if place == 0 else BEGINNING
        feed = atom(
            paper.name,
            items,
            base=f"{paper.base}/essays/",
            pages=[("self", path), *links],
            updated=updated,
        )
        sheet = text("feed", feed, "application/atom+xml")
        sheets[path] = replace(sheet, modified=updated)
    return sheets


def _item(paper: Paper, number: int, changed_at: datetime) -> Item:
    folder, _, name = path_of(number)[1:].partition("/")
    return Item(
        link=name,
        story=story_of(number),
        updated=changed_at if number == _REVISED else None,
        base=f"../{folder}/" if number == _ELSEWHERE else None,
    )
