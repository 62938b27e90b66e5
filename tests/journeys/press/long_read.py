"""A host whose articles are spread over several pages, and some that only seem to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.journeys.press.host import BEGINNING, Host, Issue, lasting, origin
from tests.journeys.press.maps import sitemap
from tests.journeys.press.markup import Paper, article, front, paragraphs
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Kind, Sheet, text

NAME = "www.long-read.test"
ROBOTS = "User-agent: *\nDisallow:\nSitemap: {base}/sitemap.xml\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serial:
    """An article on *paths*; each names the next by *rel*, and the last *leads* on to another.

    Of its pages *count* are its own: each tells one story of those that begin with *number*.
    """

    number: int
    paths: Sequence[str]
    rel: str
    leads: str | None = None


_SERIALS = (
    _Serial(
        number=1101,
        paths=("/reports/canal", "/reports/canal?page=2", "/reports/canal?page=3"),
        rel="link",
    ),
    _Serial(
        number=1111,
        paths=("/reports/tunnel/", "/reports/tunnel/2/", "/reports/tunnel/3/"),
        rel="a",
    ),
    # Its second page leads back to the first.
    _Serial(
        number=1121, paths=("/reports/ring", "/reports/ring?page=2"), rel="link",
        leads="/reports/ring",
    ),
    # These two are whole: what their `next` leads to is another article.
    _Serial(number=1131, paths=("/reports/2024/lamp",), rel="a", leads="/reports/2024/mast"),
    _Serial(number=1141, paths=("/reports/2024/mast",), rel="link", leads="/reports/canal"),
)  # fmt: skip


def long_read(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="The Long Read", base=origin(NAME, port), sections=(("/", "Home"),))
    listed = [(f"{paper.base}{serial.paths[0]}", BEGINNING) for serial in _SERIALS]
    cards = [(serial.paths[0], story_of(serial.number)) for serial in _SERIALS]
    sheets: dict[str, Sheet] = {
        "/robots.txt": text("robots", ROBOTS.format(base=paper.base)),
        "/sitemap.xml": text("sitemap", sitemap(listed), "application/xml"),
        "/": Sheet(kind="front", body=front(paper, "Long reads", cards)),
    }
    for serial in _SERIALS:
        sheets |= {path: _part(paper, serial, at) for at, path in enumerate(serial.paths)}
    return Host(
        name=NAME,
        issue=lasting(
            Issue(sheets=sheets, announced=frozenset(serial.paths[0] for serial in _SERIALS))
        ),
        marks={
            serial.paths[0]: tuple(
                story_of(serial.number + at).mark for at in range(len(serial.paths))
            )
            for serial in _SERIALS
        },
    )


def _part(paper: Paper, serial: _Serial, at: int) -> Sheet:
    """Return page *at* of *serial*: the headline is that of the first, the text its own."""
    following = serial.paths[at + 1] if at + 1 < len(serial.paths) else serial.leads
    is_by_link = serial.rel == "link"
    octets = article(
        paper,
        story_of(serial.number),
        serial.paths[0] if at == 0 else serial.paths[at],
        shape="weblog",
        head=f'<link rel="next" href="{following}">' if following and is_by_link else "",
        body=paragraphs(story_of(serial.number + at).paragraphs),
        below=_pager(serial, at, following),
    )
    kind: Kind = "article" if at == 0 else "part"
    return Sheet(kind=kind, body=octets)


def _pager(serial: _Serial, at: int, following: str | None) -> str:
    numbers = "".join(f'<a href="{path}">{n}</a> ' for n, path in enumerate(serial.paths, start=1))
    rel = ' rel="next"' if serial.rel == "a" else ""
    onward = f'<a{rel} class="next" href="{following}">Next</a>' if following else ""
    return f'<nav class="pagination">Page {at + 1}: {numbers}{onward}</nav>'
