"""Pages that mean harm, or nothing: each has an article or none, in bounded time and memory."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.extraction import extract_html
from tests.archiver.extraction.reader import Reader

MB = 1_000_000
STORY = "".join(
    f"<p>The ferry came back on day {day}, and the first to go aboard was a cow that the "
    "captain, who has seen many things on this lake, greeted by its name.</p>"
    for day in range(5)
)
HEADLINE = "<h1>The ferry is back, and a cow was first aboard</h1>"
NOISE = random.Random(7).randbytes(300_000)


def page(body: str = "", *, head: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>The ferry is back</title>{head}</head><body>"
        f"<article>{HEADLINE}{STORY}{body}</article></body></html>"
    ).encode("utf-8", "surrogatepass")


SCRIPT = '<script type="application/ld+json">'


def linked(value: object) -> bytes:
    return linked_text(json.dumps(value))


def linked_text(text: str) -> bytes:
    return page(head=f"{SCRIPT}{text}</script>")


def meta(name: str, content: str) -> bytes:
    return page(head=f'<meta name="{name}" property="{name}" content="{content}">')


NAMES = ", ".join(f"Odile Harkness{number}" for number in range(60_000))
DATES = "2024-05-03T10:00:00Z 3 May 2024 05/03/24 " * 12_500
NEWS = {"@context": "https://schema.org", "@type": "NewsArticle"}
SCALARS: list[object] = [
    7,
    1e308,
    None,
    True,
    "text",
    [],
    {},
    [None, 1, [[]]],
    {"@type": 5},
    {"@graph": 5},
]

# Pages whose story is there to be found, whatever else they hold.
STORIES = {
    "many tiny elements": page("<i>x</i>" * 8_000),
    "attributes of a megabyte": page(f'<p data-x="{"a b " * 250_000}">x</p>'),
    "a class of a megabyte": page(f'<div class="{"story byline date " * 55_000}">x</div>'),
    "an id of a megabyte": page(f'<div id="{"a" * MB}">x</div>'),
    "nine hundred attributes": page("<p " + " ".join(f"a{n}=1" for n in range(900)) + ">x"),
    "line breaks": page("<br>" * 40_000),
    "unclosed bold": page("<b>" * 10_000 + "x"),
    "bold in many ways, never closed": page("".join(f"<p><b id={n}>x</p>" for n in range(4_000))),
    "nested deeply beside the story": page("<div>" * 20_000),
    "unclosed links": page('<a href="/x">' * 10_000 + "x"),
    "unclosed paragraphs": page("<p>x" * 4_000),
    "nested inline elements": page("<em>" * 10_000 + "x" + "</em>" * 10_000),
    "nested tables": page("<table><tr><td>" * 10_000 + "x"),
    "nested lists": page("<ul><li>" * 10_000 + "x"),
    "nested quotations": page("<blockquote>" * 10_000 + "x"),
    "misnested": page("<b><p><i><div></b></i>" * 1_000),
    "closing tags": page("</div></p></b>" * 10_000),
    "entities": page("<p>" + "&amp;" * 200_000 + "lt;" + "&#x26;" * 1000),
    "entities that are declared": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    + page("<p>" + "&b;" * 10_000),
    "lone surrogates as entities": page("<p>" + "&#xD83D; &#xDE00; &#55357;" * 1000),
    "lone surrogates as octets": page("<p>\ud83d \ude00" * 1000),
    "endless linked data": linked(NEWS | {"articleBody": "word " * 200_000}),
    "many linked stories": linked([NEWS | {"headline": f"Story {n}"} for n in range(5_000)]),
    "deep linked data": linked_text('{"a":' * 20_000 + "1" + "}" * 20_000),
    "deep lists of linked data": linked_text("[" * 100_000 + "]" * 100_000),
    "linked data in a circle": linked([NEWS | {"@id": "#a", "author": {"@id": "#a"}}]),
    "linked data without an end": linked_text('{"@type": "NewsArticle", "headline": "' * 50_000),
    "linked data of odd types": linked(SCALARS),
    "many scripts of linked data": linked_text(f"{{}}</script>{SCRIPT}" * 9_000),
    "many meta tags": page(head='<meta name="author" content="Odile Harkness">' * 5_000),
    "a headline of a megabyte": page("<h1>" + "Ferry " * 170_000 + "</h1>"),
    "a meta title of a megabyte": meta("og:title", "Ferry " * 170_000),
    "a description of a megabyte": meta("description", "Ferry " * 170_000),
    "dates of half a megabyte": page(f'<time datetime="{DATES}">{DATES}</time>'),
    "a meta date of half a megabyte": meta("article:published_time", DATES),
    "digits of a megabyte": meta("date", "1234567890" * 100_000),
    "a meta author of a megabyte": meta("author", NAMES),
    "a byline of a megabyte": page(f'<p class="byline">By {NAMES}</p>'),
    "linked authors of a megabyte": linked(NEWS | {"author": NAMES.split(", ")}),
    "keywords of a megabyte": meta("keywords", "ferry, cow, " * 85_000),
    "mixed newlines": page("<p>a\rb\r\nc\n\rd\x85g\u2028h\u2029" * 1000),
    "NUL octets here and there": page("<p>Fer\0ry</p>" * 5),
    "a mark in the middle": page("<p>\ufeffFerry</p>" * 1000),
}  # fmt: skip

# Pages with nothing to find, or so much that nobody looks.
NOTHING = {
    "empty": b"",
    "blanks": b" \r\n\t" * 1000,
    "fifty megabytes": b"<p>" + STORY.encode() * (50 * MB // len(STORY)),
    "two hundred thousand elements": page("<i>x</i>" * 200_000),
    "endless attributes": page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x"),
    "a hundred thousand nested elements": b"<div>" * 100_000 + b"x" + b"</div>" * 100_000,
    "binary": NOISE,
    "binary after a tag": b"<html><p>" + NOISE,
    "UTF-7": b"<html><p>" + "Fährmann <script>".encode("utf-7") + b"</p></html>",
    "a page of links": page().replace(STORY.encode(), b"<p><a href='/x'>Ferry</a></p>" * 5_000),
    "only a doctype": b"<!DOCTYPE html>",
    "a comment without an end": b"<!-- " + page(),
    "a script without an end": b"<script> " + page(),
    "less-than signs": b"<" * MB,
    "open tags": b"<a" * (MB // 2),
    "open quotes": b"<a b='" * (MB // 6),
    "a doctype without an end": b"<!DOCTYPE " + b"x" * MB,
    "ampersands": b"<p>" + b"&" * MB,
}  # fmt: skip

# Pages of which a text may be made, or not.
EITHER = {
    "ten megabytes without a space": b"<html><body><p>" + b"x" * (10 * MB) + b"</p>",
    "ten megabytes of words": b"<html><body><p>" + b"ferry " * (10 * MB // 6) + b"</p>",
    "a megabyte of accents": page("<p>e" + "\u0301" * 300_000),
    "invalid UTF-8": page().replace(b" ", b"\xff"),
    "NUL octets everywhere": page().replace(b" ", b"\0"),
    "a hundred thousand meta tags": page(head="<meta>" * 100_000),
    "paragraphs of a letter": page("<p>x</p>" * 5_000),
    "sections": page("<section><h2>Ferry</h2><p>It is back.</p></section>" * 2_000),
    "a table": page("<table>" + "<tr><td>1<td>2<td>3" * 2_000),
    "a list": page("<ul>" + "<li>Ferry" * 5_000),
    "bylines": page('<p class="byline author">By Odile Harkness, 3 May 2024</p>' * 2_000),
    "dates": page('<time datetime="2024-05-03">3 May 2024</time>' * 4_000),
    "headings": page("<h1>The ferry is back</h1>" * 4_000),
    "attributes that say who wrote it": page(
        "<a rel=author class=author id=byline itemprop=author>x</a>" * 40_000
    ),
    "menus in menus around a megabyte": page("<nav>" * 240 + "x " * (MB // 2)),
    "lines alike": page("".join(f"<p>{'a' * 70}b{n}</p>" for n in range(4_900))),
    "frames": b"<frameset>" * 10_000,
    "forms": page("<form><select><option>x" * 5_000),
    "vectors": page("<svg><g><path d='M0'/>" * 5_000),
}


@pytest.fixture(scope="module")
def readers() -> Iterator[list[Reader]]:
    readers = [Reader()]
    yield readers
    readers[-1].__exit__()


@pytest.fixture
def reader(readers: list[Reader]) -> Reader:
    if not readers[-1].is_running:
        readers.append(Reader())  # the page before was its last
    return readers[-1]


@pytest.mark.parametrize("html", STORIES.values(), ids=STORIES)
def test_a_story_is_found_whatever_is_beside_it(
    html: bytes, reader: Reader, tmp_path: Path
) -> None:
    assert int(reader.read(saved(html, tmp_path))) > 500


@pytest.mark.parametrize("html", NOTHING.values(), ids=NOTHING)
def test_a_page_without_a_story_has_none(html: bytes, reader: Reader, tmp_path: Path) -> None:
    assert reader.read(saved(html, tmp_path)) == "\n"


@pytest.mark.parametrize("html", EITHER.values(), ids=EITHER)
def test_any_page_is_read_in_the_end(html: bytes, reader: Reader, tmp_path: Path) -> None:
    assert reader.read(saved(html, tmp_path)).endswith("\n")


@pytest.mark.parametrize("value", SCALARS, ids=repr)
def test_linked_data_of_any_type_is_no_trouble(value: object) -> None:
    assert extract_html(linked(value)) is not None


@pytest.mark.parametrize("value", SCALARS, ids=repr)
@pytest.mark.parametrize(
    "key",
    ["@type", "@id", "@graph", "author", "headline", "datePublished", "publisher", "image",
     "keywords", "articleSection", "mainEntityOfPage", "isAccessibleForFree", "articleBody",
     "url", "license", "sourceOrganization", "isPartOf", "hasPart", "name"],
)  # fmt: skip
def test_properties_of_any_type_are_no_trouble(key: str, value: object) -> None:
    assert extract_html(linked({**NEWS, key: value})) is not None


def saved(html: bytes, folder: Path) -> Path:
    path = folder / "page.html"
    path.write_bytes(html)
    return path
