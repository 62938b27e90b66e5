from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from archiver.discovery import links
from archiver.discovery.links import Link, Links, links_of
from archiver.extraction.tree import parse

ROOT = "https://paper.example"
PAGE = f"{ROOT}/town/story.html?page=1"


def tree_of(html: str) -> HtmlElement:
    tree = parse(html.encode("utf-8", "replace"))
    assert tree is not None
    return tree


def links_in(html: str, url: str = PAGE) -> Links:
    return links_of(tree_of(f"<p>{html}</p>"), url)


def pages_in(html: str) -> list[str]:
    return [link.url.removeprefix(ROOT) for link in links_in(html).pages]


def short(urls: tuple[str, ...]) -> list[str]:
    return [url.removeprefix(ROOT) for url in urls]


PAGES = {
    "a link": ('<a href="/a">A</a>', ["/a"]),
    "a place in a picture": ('<map><area href="/a"></map>', ["/a"]),
    "in the order of the page": (
        '<a href="/b">B</a><map><area href="/a"></map><a href="/c">C</a>',
        ["/b", "/a", "/c"],
    ),
    "a relative one": ('<a href="b.html">B</a>', ["/town/b.html"]),
    "a query": ('<a href="?page=2">2</a>', ["/town/story.html?page=2"]),
    "another host": ('<a href="//other.example/a">A</a>', ["https://other.example/a"]),
    "each once": ('<a href="/a">A</a><a href="/a#b">B</a><a href=" /a ">C</a>', ["/a"]),
    "blanks and slashes": ('<a href="\n /a\\b ">A</a>', ["/a/b"]),
    "references to characters": ('<a href="/a?b=1&amp;c=2&d">A</a>', ["/a?b=1&c=2&d"]),
    "a place in the page": ('<a href="#b">B</a><a name="b"></a>', []),
    "nothing": ('<a href="">A</a><a href>A</a><a>A</a>', []),
    "scripts and letters": (
        '<a href="javascript:a()">A</a><a href="JavaScript:void(0)">B</a>'
        '<a href="mailto:x@y">C</a><a href="tel:+1">D</a>'
        '<a href="data:text/html,E">E</a><a href="ftp://paper.example/">F</a>'
        '<a href=" java\nscript:a()">G</a>',
        [],
    ),
    "no host": ('<a href="https://">A</a><a href="http://[">B</a><a href="http://a:b/">C</a>', []),
    "too long": (f'<a href="/{"a" * 8000}">A</a><a href="/b">B</a>', ["/b"]),
    "what scripts name": ('<p data-href="/a" onclick="go(\'/b\')"></p><link href="/c">', []),
    "a link in a link": ('<a href="/a">A<b><a href="/b">B</a></b></a>', ["/a", "/b"]),
    "null characters": ('<a href="/a\0b">A</a>', ["/ab"]),
}


@pytest.mark.parametrize(("html", "urls"), PAGES.values(), ids=PAGES)
def test_a_page_leads_to_pages(html: str, urls: list[str]) -> None:
    assert pages_in(html) == urls


TEXTS = {
    "text": ('<a href="/a"> The\n ferry </a>', "The ferry"),
    "elements": ('<a href="/a">a<b>b<i>c</i>d</b>e<br>f</a> g', "abcdef"),
    "a picture": ('<a href="/a"><img src="/i.png" alt="Ferry"></a>', ""),
    "a place in a picture": ('<area href="/a" alt="Ferry">', "Ferry"),
    "the first that there is": (
        '<a href="/a"><img></a><a href="/a">Ferry</a><a href="/a">Boat</a>',
        "Ferry",
    ),
    "a long one": (f'<a href="/a">{"a" * 5000}</a>', "a" * 1000),
}


@pytest.mark.parametrize(("html", "text"), TEXTS.values(), ids=TEXTS)
def test_a_link_has_a_text(html: str, text: str) -> None:
    assert links_in(html).pages == (Link(url=f"{ROOT}/a", text=text, is_nofollow=False),)


NOFOLLOW = [
    ('<a href="/a" rel="nofollow">A</a>', True),
    ('<a href="/a" rel="ugc NoFollow">A</a>', True),
    ('<a href="/a" rel="nofollow">A</a><a href="/a" rel="nofollow">A</a>', True),
    ('<a href="/a" rel="nofollow">A</a><a href="/a#b">A</a>', False),
    ('<a href="/a" rel="noopener">A</a>', False),
]


@pytest.mark.parametrize(("html", "is_nofollow"), NOFOLLOW)
def test_a_link_may_not_be_vouched_for(html: str, is_nofollow: bool) -> None:
    assert [link.is_nofollow for link in links_in(html).pages] == [is_nofollow]


BASES = {
    "a folder": ('<base href="/world/">', "/world/a"),
    "a relative one": ('<base href="eu/">', "/town/eu/a"),
    "another host": ('<base href="https://other.example/">', "https://other.example/a"),
    "the first of two": ('<base href="/world/"><base href="/sport/">', "/world/a"),
    "one without an address": ('<base target="_blank"><base href="/world/">', "/world/a"),
    "an empty one": ('<base href=""><base href="/sport/">', "/town/a"),
    "a base that is none": ('<base href="javascript:a()">', "/town/a"),
    "one within another": ('<base href="/world/"><p><base href="/sport/"></p>', "/world/a"),
}


@pytest.mark.parametrize(("base", "url"), BASES.values(), ids=BASES)
def test_links_are_relative_to_the_base(base: str, url: str) -> None:
    assert pages_in(f'{base}<a href="a">A</a>') == [url]


# What a page declares


def declared(relation: str, *references: str, tag: str = "link") -> str:
    return "".join(f'<{tag} rel="{relation}" href="{reference}">' for reference in references)


def test_a_page_declares_relations() -> None:
    found = links_in(
        '<link rel="canonical" href="/town/story"><link rel="amphtml" href="/amp/story">'
        '<link rel="next" href="?page=2"><link rel="sitemap" href="/map.xml">'
        '<link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/a.css">'
    )

    assert found == Links(
        pages=(),
        feeds=(f"{ROOT}/rss",),
        canonical=f"{ROOT}/town/story",
        amp=f"{ROOT}/amp/story",
        following=f"{ROOT}/town/story.html?page=2",
        sitemaps=(f"{ROOT}/map.xml",),
        left_out=0,
    )


def test_a_page_may_declare_nothing() -> None:
    assert links_in("Ferry") == Links(
        pages=(), feeds=(), canonical=None, amp=None, following=None, sitemaps=(), left_out=0
    )


CANONICAL = [
    (declared("canonical", "/a"), f"{ROOT}/a"),
    (declared("CANONICAL nofollow", "/a#b"), f"{ROOT}/a"),
    (declared("canonical", "/a", "/a"), f"{ROOT}/a"),
    (declared("canonical", "/a", "/b"), None),
    (declared("canonical", "", "mailto:x", "/a"), f"{ROOT}/a"),
    (declared("canonical", "/a", tag="a"), None),
    ('<base href="/world/">' + declared("canonical", "a"), f"{ROOT}/world/a"),
]


@pytest.mark.parametrize(("html", "url"), CANONICAL)
def test_a_page_has_one_url_of_its_own(html: str, url: str | None) -> None:
    assert links_in(html).canonical == url


FOLLOWING = [
    (declared("next", "/2"), f"{ROOT}/2"),
    (declared("next", "/2", tag="a"), f"{ROOT}/2"),
    (declared("next", "/2", tag="a") + declared("next", "/3"), f"{ROOT}/3"),
    (declared("nofollow Next", "/2", "/3", tag="a"), f"{ROOT}/2"),
    (declared("prev", "/1"), None),
    ('<a class="next" href="/2">Next page</a>', None),
]


@pytest.mark.parametrize(("html", "url"), FOLLOWING)
def test_a_page_goes_on_where_it_says(html: str, url: str | None) -> None:
    assert links_in(html).following == url


def alternate(media_type: str, reference: str) -> str:
    return f'<link rel="alternate" type="{media_type}" href="{reference}">'


FEEDS = {
    "RSS": (alternate("application/rss+xml", "/a"), ["/a"]),
    "Atom": (alternate("Application/Atom+XML; charset=utf-8", "/a"), ["/a"]),
    "JSON Feed": (alternate("application/feed+json", "/a"), ["/a"]),
    "RDF": (alternate("application/rdf+xml", "/a"), ["/a"]),
    "JSON that is a feed": (alternate("application/json", "/feed.json"), ["/feed.json"]),
    "JSON that is none": (alternate("application/json", "/wp-json/posts/7"), []),
    "XML that is a feed": (alternate("text/xml", "/rss/all"), ["/rss/all"]),
    "XML that is none": (alternate("application/xml", "/a.xml"), []),
    "a card": (alternate("application/json+oembed", "/feed"), []),
    "another language": (alternate("text/html", "/feed"), []),
    "no alternate": ('<link rel="self" type="application/rss+xml" href="/a">', []),
    "several": (
        alternate("application/rss+xml", "/a") + alternate("application/atom+xml", "/b") * 2,
        ["/a", "/b"],
    ),
    "links, where none is declared": (
        '<a href="/feed/">F</a><a href="/rss">R</a><a href="/a.rss">R</a><a href="/a.atom">A</a>'
        '<a href="/feed.xml">R</a><a href="/rss.xml?b">R</a><a href="/atom.xml">R</a>'
        '<a href="/index.xml">R</a><a href="/feed.json">R</a>',
        ["/feed/", "/rss", "/a.rss", "/a.atom", "/feed.xml", "/rss.xml?b", "/atom.xml",
         "/index.xml", "/feed.json"],
    ),
    "no links, where one is declared": (
        '<a href="/feed/">Feed</a>' + alternate("application/rss+xml", "/a"),
        ["/a"],
    ),
    "links that only sound so": (
        '<a href="/newsfeed-help">A</a><a href="/feed/a">B</a><a href="/a?feed">C</a>'
        '<a href="/cross">D</a>',
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("html", "urls"), FEEDS.values(), ids=FEEDS)
def test_a_page_has_feeds(html: str, urls: list[str]) -> None:
    assert short(links_in(html).feeds) == urls


# Hostile pages


def raw_tree_of(html: str) -> HtmlElement:
    """Return a tree that `parse` would refuse for its size."""
    return document_fromstring(html, parser=HTMLParser(huge_tree=True))


def test_as_many_links_as_there_may_be_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST", 5000)
    html = "".join(f"<a href=/{number}>a</a>" for number in range(5000))

    found = links_of(raw_tree_of(html), PAGE)

    assert (len(found.pages), found.left_out) == (5000, 0)


def test_links_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST", 2)

    found = links_in("".join(f'<a href="/{name}">A</a>' for name in "abacdbe"))

    assert short(tuple(link.url for link in found.pages)) == ["/a", "/b"]
    assert found.left_out == 3


def test_a_page_of_too_many_links_is_soon_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MOST", 1000)
    html = "".join(f"<a href=/{number}>" for number in range(50_000))

    found = links_of(raw_tree_of(html), PAGE)

    assert (len(found.pages), found.left_out) == (1000, 49_000)


def test_references_that_lead_nowhere_are_not_looked_at_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(links, "MOST", 10)
    html = "".join(f'<a href="http://[{number}">A</a>' for number in range(25))

    assert links_in(html).left_out == 5


def test_a_thousand_addresses_of_a_relation_are_read() -> None:
    html = "".join(declared("sitemap", f"/{number}") for number in range(1500))

    assert len(links_in(html).sitemaps) == 1000


@pytest.mark.parametrize("attribute", ["href", "rel", "type", "class"])
def test_an_attribute_may_be_long(attribute: str) -> None:
    long = "a" * 9_000_000
    html = f'<a {attribute}="{long}">A</a><link {attribute}="{long}"><a href="/b">B</a>'

    assert [link.url for link in links_of(raw_tree_of(html), PAGE).pages] == [f"{ROOT}/b"]


def test_links_within_links_are_soon_read() -> None:
    html = "".join(f'<a href="/{number}"><b>' for number in range(2000)) + "text" * 100_000

    assert len(links_in(html).pages) > 100


def test_nested_bases_are_no_trouble() -> None:
    html = '<base href="b/">' * 5000 + '<a href="a">A</a>'

    assert pages_in(html) == ["/town/b/a"]


HREFS = st.text(max_size=10) | st.sampled_from(
    ["http://[", "//", "http://a:b", "%", "\ud800", "/\0", "?", "#", "https://paper.example:0/"]
)
TAGS = st.sampled_from(["a", "area", "base", "link"])
RELATIONS = st.sampled_from(["next", "canonical", "alternate", "amphtml nofollow", "sitemap"])


@given(st.lists(st.tuples(TAGS, RELATIONS, HREFS), max_size=5), st.sampled_from([PAGE, "", "x:"]))
@settings(max_examples=50, deadline=None)
def test_any_references_are_links_or_none(elements: list[tuple[str, str, str]], url: str) -> None:
    html = "".join(f'<{tag} rel="{rel}" href="{href}">A' for tag, rel, href in elements)

    assert links_in(html, url).left_out == 0
