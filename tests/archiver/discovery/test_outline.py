from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery import outline as outline_module
from archiver.discovery.outline import Outline, name_of


def outlined(text: str) -> Outline:
    return Outline(
        text,
        heads=frozenset(("rss", "channel")),
        entries=frozenset(("item",)),
        fields=frozenset(("title", "link", "date")),
        part="news",
    )


def fields(text: str) -> list[tuple[str, str]]:
    """Return the fields of the one entry in *text*."""
    [entry] = outlined(text).entries
    return [(field.name, field.text) for field in entry.fields]


FIELDS = {
    "text": ("<title> Ferry </title>", [("title", "Ferry")]),
    "capitals": ("<TITLE>Ferry</TITLE>", [("title", "Ferry")]),
    "a declared prefix": ("<d:date xmlns:d='x:y'>now</d:date>", [("date", "now")]),
    "an undeclared prefix": ("<dc:date>now</dc:date>", [("date", "now")]),
    "CDATA": (
        "<title><![CDATA[Fish & <b>chips</b>]]></title>",
        [("title", "Fish & <b>chips</b>")],
    ),
    "elements within": ("<title>a <i>b <u>c</u></i> d</title>", [("title", "a b c d")]),
    "a comment within": ("<title>a<!-- & <title> -->b</title>", [("title", "ab")]),
    "an ampersand": ("<link>/a?b=1&c=2&amp;d=3</link>", [("link", "/a?b=1&c=2&d=3")]),
    "an ampersand at the end": ("<title>Fish &</title>", [("title", "Fish &")]),
    "an entity of HTML": ("<title>F&auml;hre&nbsp;7</title>", [("title", "Fähre\u00a07")]),
    "an entity of nobody": ("<title>a &ferry; b</title>", [("title", "a &ferry; b")]),
    "an entity that is markup": ("<title>a &lt; &LT; b</title>", [("title", "a < < b")]),
    "characters by number": ("<title>&#70;&#x65;&#8217;&#38;</title>", [("title", "Fe\u2019&")]),
    "no character by number": (
        "<title>a&#0;&#31;&#xD800;b</title>",
        [("title", "a\ufffd\ufffdb")],
    ),
    "controls": ("<title>Fe\x0brr\x00y</title>", [("title", "Ferry")]),
    "no character of XML": ("<title>Fe\ufffery</title>", [("title", "Fery")]),
    "a part": ("<news><title>Ferry</title></news>", [("title", "Ferry")]),
    "a stranger's title": ("<image><title>Logo</title></image>", []),
    "a stranger's part": ("<image><news><title>Logo</title></news></image>", []),
    "nothing in it": ("<title/>", [("title", "")]),
    "a title left open": (
        "<title>Ferry<link>/a</link>",
        [("title", "Ferry"), ("link", "/a")],
    ),
    "a wrong end": ("<title>Ferry</titel><link>/a</link>", [("title", "Ferry"), ("link", "/a")]),
    "a stray less-than sign": (
        "<title>1 < 2</title><link>/a</link>",
        [("title", "1 < 2"), ("link", "/a")],
    ),
}


@pytest.mark.parametrize(("inner", "expected"), FIELDS.values(), ids=FIELDS)
def test_an_entry_has_fields(inner: str, expected: list[tuple[str, str]]) -> None:
    assert fields(f"<rss><channel><item>{inner}</item></channel></rss>") == expected


def test_a_field_has_those_attributes_that_are_asked_for() -> None:
    [entry] = outlined(
        '<rss><item><link HREF="/a" rel="next" onclick="x" xml:base="/b/"/></item></rss>'
    ).entries

    assert entry.fields[0].attributes == {"href": "/a", "rel": "next", "base": "/b/"}


def test_what_is_of_another_namespace_is_not_the_groups_own() -> None:
    [entry] = outlined("<rss><item><m:title>a</m:title><title>b</title></item></rss>").entries

    assert entry.own("title") == "b"
    assert list(entry.texts("title")) == ["a", "b"]


def test_ampersands_in_attributes_are_read() -> None:
    [entry] = outlined(
        "<rss><item><link href='/a?b=1&amp;c=2&d=&#38;&auml;'/></item></rss>"
    ).entries

    assert entry.fields[0].attributes == {"href": "/a?b=1&c=2&d=&ä"}


def test_ampersands_in_attributes_of_sound_documents_are_read() -> None:
    [entry] = outlined(
        "<rss><item><link href='/a?b=1&amp;c=2&#38;d&amp;#38;'/></item></rss>"
    ).entries

    assert entry.fields[0].attributes == {"href": "/a?b=1&c=2&d&#38;"}


def test_groups_know_what_their_addresses_are_relative_to() -> None:
    outline = outlined('<rss xml:base="/a/"><channel><item xml:base="b/"/><item/></channel></rss>')

    assert [head.bases for head in outline.heads] == [("/a/",), ("/a/",)]
    assert [entry.bases for entry in outline.entries] == [("/a/", "b/"), ("/a/",)]


def test_bases_beyond_the_most_are_not_kept() -> None:
    outline = outlined("<rss>" + "<channel xml:base='a/'>" * 100 + "<item/>" + "</channel>" * 100)

    assert outline.entries[0].bases == ("a/",) * 8


def test_fields_of_a_head_are_no_fields_of_an_entry() -> None:
    outline = outlined(
        "<rss><channel><item><title>a</title></item><title>b</title></channel></rss>"
    )

    assert outline.heads[1].own("title") == "b"
    assert outline.entries[0].own("title") == "a"


@pytest.mark.parametrize(
    "text",
    [
        "<rss><item><title>Ferry</title><link>https://paper.exam",
        "<rss><item><title>Ferry</title><link",
        '<rss><item><title>Ferry</title><link href="https://paper.exam',
        "<rss><item><title>Ferry</title><![CDATA[a > b",
        "<rss><item><title>Ferry</title><!-- a > b",
    ],
)
def test_what_was_cut_short_is_not_believed(text: str) -> None:
    outline = outlined(text)

    assert [field.text for field in outline.entries[0].fields if field.text] == ["Ferry"]


def test_entries_that_nobody_closed_are_entries() -> None:
    outline = outlined("<rss>" + "<item><title>Ferry</title>" * 100)

    assert [entry.own("title") for entry in outline.entries] == ["Ferry"] * 100


def test_a_document_without_a_tag_has_nothing_in_it() -> None:
    assert outlined("").heads == []
    assert outlined("Ferry").heads == []


# Hostile documents


def test_no_entity_is_resolved_though_one_should_be_declared() -> None:
    outline = outlined(
        '<rss><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY y "Ferry">]>'
        "<item><title>&x;</title><link href='&y;'/></item></rss>"
    )

    assert outline.entries[0].own("title") == "&x;"
    assert outline.entries[0].fields[1].attributes == {"href": "&y;"}


def test_ampersands_after_an_error_are_read() -> None:
    [entry] = outlined("<rss></a></b><item><link>/a?b&amp;c&d</link></item></rss>").entries

    assert entry.own("link") == "/a?b&c&d"


def test_entries_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline_module, "MOST", 3)

    outline = outlined("<rss>" + "<item><title>Ferry</title></item>" * 5 + "</rss>")

    assert [entry.own("title") for entry in outline.entries] == ["Ferry"] * 3
    assert outline.left_out == 2


def test_elements_beyond_the_most_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline_module, "MAX_ELEMENTS", 5)

    outline = outlined("<rss><item><title>Ferry</title></item>" + "<a/>" * 5 + "<item/></rss>")

    assert [entry.own("title") for entry in outline.entries] == ["Ferry"]
    assert outline.left_out == 1


def test_fields_beyond_the_most_are_not_kept() -> None:
    assert len(fields("<rss><item>" + "<date>now</date>" * 500)) == 20


HOSTILE = [
    "<",
    "&",
    "<a ",
    "<a/>",
    "<!--",
    "<![CDATA[",
    "]]>",
    "<item>",
    "<title>",
    '<a b="',
    "<?x ",
    "<item><link>",
    "<link href='a'/>",
    "&#x41;",
    "&amp;",
    "<!DOCTYPE ",
    "</item>",
    "<a b=''>",
    "<a xmlns:b='c'>",
    "<item xml:base='/a/'>",
    "<a:b>",
    "<a:a><b:b>",
]


def hostile(piece: str, size: int) -> str:
    return f"<rss><item><title>Ferry</title></item>{piece * (size // len(piece))}>"


@pytest.mark.parametrize("piece", HOSTILE)
def test_what_comes_before_an_attack_is_read(piece: str) -> None:
    assert outlined(hostile(piece, 50_000)).entries[0].own("title") == "Ferry"


@pytest.mark.parametrize("piece", ["<", "&", "<a/>", "<link/>"])
def test_no_document_fills_the_memory(piece: str) -> None:
    text = hostile(piece, 40_000)
    tracemalloc.start()
    try:
        outline = outlined(text)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert outline.entries[0].own("title") == "Ferry"
    assert peak < 5_000_000


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_any_text_has_an_outline(text: str) -> None:
    assert outlined(f"<rss>{text}").left_out == 0


PIECES = [
    "<rss>",
    "<channel>",
    "<item>",
    "</item>",
    "<title>",
    "</title>",
    "<link",
    " href='a'",
    ">",
    "/>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&",
    "&amp;",
    "<?",
    "?>",
    "<!DOCTYPE a [",
    "]>",
    "a",
    "<news>",
    "</news>",
    "<m:title>",
    "xmlns='b'",
    '"',
    "\0",
    "\ud800",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@settings(max_examples=50, deadline=None)
def test_any_markup_has_an_outline(text: str) -> None:
    assert outlined(text).left_out == 0


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("title", ("", "title")),
        ("{http://purl.org/rss/1.0/}Title", ("http://purl.org/rss/1.0/", "title")),
        ("dc:Date", ("dc", "date")),
        ("{urn:a}b:c", ("urn:a", "c")),
        (":", ("", "")),
    ],
)
def test_a_tag_has_a_namespace_and_a_name(tag: str, name: tuple[str, str]) -> None:
    assert name_of(tag) == name
