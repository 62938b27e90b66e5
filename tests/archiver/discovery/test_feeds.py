"""Feeds in every dialect, sound and broken, and what is no feed."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery import opening, outline
from archiver.discovery.announced import Announced, Feed
from archiver.discovery.feeds import feed_of

FEED = "https://paper.example/feeds/all.xml"
FERRY = "https://paper.example/ferry"
MOMENT = datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC)
LATER = datetime(2024, 5, 4, 8, tzinfo=UTC)


def feed_in(text: str, url: str = FEED) -> Feed:
    feed = feed_of(text.encode(), url)
    assert feed is not None
    return feed


def urls_in(text: str) -> list[str]:
    return [entry.url.removeprefix("https://paper.example") for entry in feed_in(text).entries]


def rss(item: str, head: str = "") -> str:
    return f'<rss version="2.0"><channel>{head}<item>{item}</item></channel></rss>'


def atom(entry: str, head: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom">{head}<entry>{entry}</entry></feed>'


# Dialects

NETSCAPE = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns="http://my.netscape.com/rdf/simple/0.9/">
  <channel><title>Paper</title><link>https://paper.example/</link></channel>
  <image><title>Logo</title><url>https://paper.example/logo.png</url></image>
  <item><title>The ferry is back</title><link>https://paper.example/ferry</link></item>
</rdf:RDF>"""
RSS_091 = """<?xml version="1.0"?>
<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
  "http://my.netscape.com/publish/formats/rss-0.91.dtd">
<rss version="0.91"><channel>
  <title>Paper</title><link>https://paper.example/</link><language>en</language>
  <image><title>Logo</title><url>https://paper.example/logo.png</url>
    <link>https://paper.example/about</link></image>
  <item><title>The ferry is back</title><link>https://paper.example/ferry</link></item>
  <textinput><title>Search</title><link>https://paper.example/search</link></textinput>
</channel></rss>"""
RSS_092 = """<rss version="0.92"><channel>
  <title>Paper</title><link>https://paper.example/</link>
  <item><title>The ferry is back</title><link>https://paper.example/ferry</link>
    <source url="https://other.example/rss">Other</source>
    <enclosure url="https://paper.example/horn.mp3" length="1" type="audio/mpeg"/></item>
</channel></rss>"""
RSS_10 = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="https://paper.example/rss"><title>Paper</title>
    <link>https://paper.example/</link>
    <items><rdf:Seq><rdf:li resource="https://paper.example/ferry"/></rdf:Seq></items></channel>
  <item rdf:about="https://paper.example/ferry"><title>The ferry is back</title>
    <link>https://paper.example/ferry</link><dc:date>2024-05-03T11:42:10Z</dc:date></item>
</rdf:RDF>"""
RSS_20 = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><atom:link href="https://paper.example/feeds/all.xml" rel="self"/>
  <title>Paper</title><link>https://paper.example/</link>
  <lastBuildDate>Fri, 03 May 2024 12:00:00 GMT</lastBuildDate>
  <item><media:title>A picture of it</media:title><title>The ferry is back</title>
    <link>https://paper.example/ferry</link><guid isPermaLink="false">7</guid>
    <pubDate>Fri, 03 May 2024 13:42:10 +0200</pubDate>
    <atom:updated>2024-05-04T08:00:00Z</atom:updated>
    <content:encoded><![CDATA[<p>See <a href="/other">there</a></p>]]></content:encoded></item>
</channel></rss>"""
ATOM_03 = """<?xml version="1.0"?>
<feed version="0.3" xmlns="http://purl.org/atom/ns#">
  <title>Paper</title><link rel="alternate" type="text/html" href="https://paper.example/"/>
  <modified>2024-05-04T08:00:00Z</modified>
  <entry><title>The ferry is back</title>
    <link rel="alternate" type="text/html" href="https://paper.example/ferry"/>
    <issued>2024-05-03T13:42:10+02:00</issued><modified>2024-05-04T08:00:00Z</modified></entry>
</feed>"""
ATOM_10 = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="text">Paper</title><link rel="self" href="https://paper.example/feeds/all.xml"/>
  <link href="https://paper.example/"/><updated>2024-05-04T08:00:00Z</updated>
  <entry><id>tag:paper.example,2024:7</id>
    <title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <b>ferry</b> is back</div>
    </title>
    <link rel="replies" href="https://paper.example/ferry/comments"/>
    <link rel="enclosure" type="audio/mpeg" href="https://paper.example/horn.mp3"/>
    <link rel="alternate" type="application/json" href="https://paper.example/ferry.json"/>
    <link rel="alternate" type="text/html" href="https://paper.example/ferry"/>
    <published>2024-05-03T11:42:10Z</published><updated>2024-05-04T08:00:00Z</updated>
    <source><title>Other</title><link href="https://other.example/"/>
      <updated>2020-01-01T00:00:00Z</updated></source>
    <content type="html">&lt;a href="/other"&gt;there&lt;/a&gt;</content></entry>
</feed>"""
ATOM_PREFIXED = """<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Paper</a:title>
  <a:entry><a:title>The ferry is back</a:title><a:link href="https://paper.example/ferry"/>
    <a:published>2024-05-03T11:42:10Z</a:published></a:entry></a:feed>"""

DIALECTS = {
    "RSS 0.90": (NETSCAPE, "rdf", None, None),
    "RSS 0.91": (RSS_091, "rss", None, None),
    "RSS 0.92": (RSS_092, "rss", None, None),
    "RSS 1.0": (RSS_10, "rdf", MOMENT, None),
    "RSS 2.0": (RSS_20, "rss", MOMENT, LATER),
    "Atom 0.3": (ATOM_03, "atom", MOMENT, LATER),
    "Atom 1.0": (ATOM_10, "atom", MOMENT, LATER),
    "Atom with a prefix": (ATOM_PREFIXED, "atom", MOMENT, None),
    "Atom without a namespace": (ATOM_10.replace(' xmlns="http://www.w3.org/2005/Atom"', ""),
                                 "atom", MOMENT, LATER),
    "Atom with an undeclared prefix": (ATOM_PREFIXED.replace(" xmlns:a=", " x="), "atom", MOMENT,
                                       None),
    "RSS in capitals": ("<RSS><CHANNEL><TITLE>Paper</TITLE><ITEM><TITLE>The ferry is back</TITLE>"
                        "<LINK>https://paper.example/ferry</LINK></ITEM></CHANNEL></RSS>",
                        "rss", None, None),
    "RSS with a namespace": (RSS_092.replace("<rss", '<rss xmlns="http://backend.userland.com/rss2"'),
                             "rss", None, None),
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "published_at", "modified_at"), DIALECTS.values(), ids=DIALECTS
)
def test_every_dialect_is_read(
    text: str, kind: str, published_at: datetime | None, modified_at: datetime | None
) -> None:
    entry = Announced(
        url=FERRY,
        published_at=published_at,
        modified_at=modified_at,
        title="The ferry is back",
    )

    feed = feed_in(text)

    assert (feed.kind, feed.title, feed.following, feed.left_out) == (kind, "Paper", (), 0)
    assert feed.entries == (entry,)


def test_a_feed_may_be_in_json() -> None:
    feed = feed_in('{"version": "https://jsonfeed.org/version/1", "items": [{"url": "/ferry"}]}')

    assert (feed.kind, feed.entries) == ("json", (Announced(url=FERRY),))


def test_a_feed_may_be_zipped() -> None:
    feed = feed_of(gzip.compress(RSS_20.encode()), FEED)

    assert feed is not None
    assert [entry.url for entry in feed.entries] == [FERRY]


def test_a_feed_may_have_no_entries() -> None:
    assert feed_in("<rss><channel><title>Paper</title></channel></rss>").entries == ()


# The link of an entry

LINKS = {
    "a link": ("<link>/a</link>", ["/a"]),
    "a link among blanks": ("<link>\n  /a\n</link>", ["/a"]),
    "a link in CDATA": ("<link><![CDATA[/a?b=1&c=2]]></link>", ["/a?b=1&c=2"]),
    "a link with a fragment": ("<link>/a#b</link>", ["/a"]),
    "a link as Atom has it": ('<link href="/a"/>', ["/a"]),
    "a link of Atom's own": (
        '<a:link xmlns:a="http://www.w3.org/2005/Atom" href="/a"/>',
        ["/a"],
    ),
    "a link of RSS before one of Atom": ('<link href="/b"/><link>/a</link>', ["/a"]),
    "a link before what names it": ("<guid>https://paper.example/b</guid><link>/a</link>", ["/a"]),
    "an empty link": ("<link/><guid>https://paper.example/a</guid>", ["/a"]),
    "a link to no page": (
        "<link>mailto:desk@paper.example</link><guid>https://paper.example/a</guid>",
        ["/a"],
    ),
    "what names it": ("<guid>https://paper.example/a</guid>", ["/a"]),
    "what names it for good": ('<guid isPermaLink="true">https://paper.example/a</guid>', ["/a"]),
    "what names it and is no link": (
        '<guid isPermaLink="False">https://paper.example/a</guid>',
        [],
    ),
    "what names it and is no URL": ("<guid>paper-7</guid>", []),
    "what it is about": ('<x/><link rdf:about="/b"/>', []),
    "FeedBurner's": (
        "<link>https://burner.example/~r/7</link>"
        '<f:origLink xmlns:f="http://rssnamespace.org/feedburner/ext/1.0">/a</f:origLink>',
        ["/a"],
    ),
    "no link": ("<title>Ferry</title>", []),
    "a link that is too long": (f"<link>/{'a' * 8000}</link>", []),
    "a link to a host that there cannot be": ("<link>https://[/</link>", []),
}


@pytest.mark.parametrize(("item", "urls"), LINKS.values(), ids=LINKS)
def test_an_item_has_a_link(item: str, urls: list[str]) -> None:
    assert urls_in(rss(item)) == urls


ATOM_LINKS = {
    "without a relation": ('<link href="/a"/>', ["/a"]),
    "the alternate": ('<link rel="self" href="/b"/><link rel="alternate" href="/a"/>', ["/a"]),
    "by the long name": (
        '<link rel="http://www.iana.org/assignments/relation/alternate" href="/a"/>',
        ["/a"],
    ),
    "in capitals": ('<link REL="Alternate" HREF="/a"/>', ["/a"]),
    "the first of two": ('<link href="/a"/><link href="/b" hreflang="fr"/>', ["/a"]),
    "HTML before all else": (
        '<link type="application/pdf" href="/b"/><link type="text/html" href="/a"/>',
        ["/a"],
    ),
    "all else without HTML": ('<link type="application/pdf" href="/a"/>', ["/a"]),
    "as RSS has it": ("<link>/a</link>", ["/a"]),
    "to itself alone": ('<link rel="self" href="/a"/><id>https://paper.example/a</id>', []),
    "with ampersands": ('<link href="/a?b=1&amp;c=2&d=3"/>', ["/a?b=1&c=2&d=3"]),
}


@pytest.mark.parametrize(("entry", "urls"), ATOM_LINKS.values(), ids=ATOM_LINKS)
def test_an_entry_has_a_link(entry: str, urls: list[str]) -> None:
    assert urls_in(atom(entry)) == urls


def test_an_item_of_rdf_is_about_its_page() -> None:
    text = RSS_10.replace("<link>https://paper.example/ferry</link>", "")

    assert urls_in(text) == ["/ferry"]


RELATIVE = {
    "the feed": (atom('<link href="a"/>'), ["/feeds/a"]),
    "the channel": (rss("<link>a</link>", "<link>/world/</link>"), ["/world/a"]),
    "a channel that leads nowhere": (rss("<link>a</link>", "<link>mailto:x</link>"), ["/feeds/a"]),
    "an Atom link is no channel": (atom('<link href="a"/>', '<link href="/b/"/>'), ["/feeds/a"]),
    "a base": (atom('<link href="a"/>').replace("<feed", '<feed xml:base="/c/"'), ["/c/a"]),
    "a base in a base": (
        '<feed xml:base="/c/"><entry xml:base="d/"><link xml:base="e/" href="a"/></entry></feed>',
        ["/c/d/e/a"],
    ),
    "a base before the channel": (
        '<rss xml:base="/c/"><channel><link>/d/</link><item><link>a</link></item></channel></rss>',
        ["/c/a"],
    ),
    "a base that is none": (
        atom('<link href="a"/>').replace("<feed", '<feed xml:base="urn:x"'),
        ["/feeds/a"],
    ),
}


@pytest.mark.parametrize(("text", "urls"), RELATIVE.values(), ids=RELATIVE)
def test_a_link_may_be_relative(text: str, urls: list[str]) -> None:
    assert urls_in(text) == urls


def test_each_url_is_announced_once() -> None:
    text = rss("<link>/a</link><title>First</title></item><item><link>/a#b</link>")

    assert feed_in(text).entries == (Announced(url="https://paper.example/a", title="First"),)


# Dates and titles

DATES = {
    "the first that is one": (
        "<pubDate>soon</pubDate><dc:date>2024-05-03T11:42:10Z</dc:date>",
        (MOMENT, None),
    ),
    "Dublin Core's terms": (
        "<dcterms:issued>2024-05-03T11:42:10Z</dcterms:issued>"
        "<dcterms:modified>2024-05-04T08:00:00Z</dcterms:modified>",
        (MOMENT, LATER),
    ),
    "an update alone": ("<updated>2024-05-04T08:00:00Z</updated>", (None, LATER)),
    "a day": ("<pubDate>2024-05-03</pubDate>", (datetime(2024, 5, 3, tzinfo=UTC), None)),
    "none": ("<pubDate/>", (None, None)),
}


@pytest.mark.parametrize(("dates", "expected"), DATES.values(), ids=DATES)
def test_an_item_has_dates(dates: str, expected: tuple[datetime | None, datetime | None]) -> None:
    [entry] = feed_in(rss(f"<link>/a</link>{dates}")).entries

    assert (entry.published_at, entry.modified_at) == expected


TITLES = {
    "text": ("Fish &amp; chips", "Fish & chips"),
    "HTML": ("&lt;b&gt;Fish&lt;/b&gt; &amp;amp; chips", "Fish & chips"),
    "HTML in CDATA": ("<![CDATA[<b>Fish</b> &eacute;]]>", "Fish é"),
    "several lines": ("Fish\n  and\tchips", "Fish and chips"),
    "less than": ("1 &lt; 2", "1 < 2"),
    "nothing": (" ", None),
}


@pytest.mark.parametrize(("title", "expected"), TITLES.values(), ids=TITLES)
def test_an_item_has_a_title(title: str, expected: str | None) -> None:
    [entry] = feed_in(rss(f"<link>/a</link><title>{title}</title>")).entries

    assert entry.title == expected


# Feeds that go on elsewhere (RFC 5005)

FOLLOWING = {
    "pages": (atom("", '<link rel="next" href="?page=2"/>'), ["/feeds/all.xml?page=2"]),
    "archives": (atom("", '<link rel="prev-archive" href="/2023.xml"/>'), ["/2023.xml"]),
    "both": (
        atom("", '<link rel="next" href="/2"/><link rel="prev-archive" href="/3"/>'),
        ["/2", "/3"],
    ),
    "in RSS": (
        rss("", '<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="next" href="/2"/>'),
        ["/2"],
    ),
    "in RSS, undeclared": (rss("", '<atom:link rel="next" href="/2"/>'), ["/2"]),
    "twice": (atom("", '<link rel="next" href="/2"/><link rel="next" href="/2#a"/>'), ["/2"]),
    "with a base": (
        atom("", '<link rel="next" href="2"/>').replace("<feed", '<feed xml:base="/c/"'),
        ["/c/2"],
    ),
    "itself": (atom("", '<link rel="next" href="/feeds/all.xml"/>'), []),
    "back": (atom("", '<link rel="previous" href="/2"/><link rel="first" href="/1"/>'), []),
    "of an entry": (atom('<link rel="next" href="/2"/>'), []),
    "in JSON": (
        '{"version": "https://jsonfeed.org/version/1", "items": [], "next_url": "/2"}',
        ["/2"],
    ),
}


@pytest.mark.parametrize(("text", "urls"), FOLLOWING.values(), ids=FOLLOWING)
def test_a_feed_goes_on_elsewhere(text: str, urls: list[str]) -> None:
    found = [url.removeprefix("https://paper.example") for url in feed_in(text).following]

    assert found == urls


# Broken feeds

A_AND_B = (
    "<item><title>A</title><link>/a</link></item><item><title>B</title><link>/b</link></item>"
)
BROKEN = {
    "ampersands": A_AND_B.replace("A<", "Fish & chips &c.<"),
    "entities of HTML": A_AND_B.replace("A<", "Fish&nbsp;&hellip;<"),
    "an undeclared prefix": A_AND_B.replace("<title>", "<dc:creator>Ann</dc:creator><title>"),
    "controls": A_AND_B.replace("A<", "\x0bA\x00<"),
    "less than": A_AND_B.replace("A<", "1 < 2<"),
    "HTML that is not escaped": A_AND_B.replace(
        "<title>B", "<description>One<br>two<p>three</b></p></description><title>B"
    ),
    "an attribute twice": A_AND_B.replace("<item>", "<item a='1' a='2'>"),
    "no ends of items": A_AND_B.replace("</item>", ""),
    "no ends of links": A_AND_B.replace("</link>", ""),
    "ends too many": A_AND_B.replace("</item>", "</p></div></item></br>"),
    "a declaration within": A_AND_B.replace("<item>", '<?xml version="1.0"?><item>'),
    "comments": A_AND_B.replace("<link>", "<!-- <link>/c</link> --><link>"),
    "two dashes in a comment": A_AND_B.replace("<link>", "<!-- a -- b --><link>"),
    "an empty attribute": A_AND_B.replace("<title>", "<title x>"),
}


@pytest.mark.parametrize("items", BROKEN.values(), ids=BROKEN)
def test_a_broken_feed_is_read(items: str) -> None:
    assert urls_in(f"<rss><channel><title>Paper</title>{items}</channel></rss>") == ["/a", "/b"]


BEGINNINGS = {
    "blank lines": '\n\n<?xml version="1.0"?>',
    "a byte-order mark twice": "\ufeff\ufeff",
    "a warning": "<br />\n<b>Warning</b>: file(x): no such file in <b>/a.php</b><br />\n",
    "text": "Cached at noon.\n",
    "comments": "<!-- cached --><!-- <html> -->",
    "a declaration of another encoding": '<?xml version="1.0" encoding="utf-16"?>',
    "an encoding that nobody knows": '<?xml version="1.0" encoding="x-nobody"?>',
    "a declaration that is none": "<?xml?>",
    "a style": '<?xml version="1.0"?><?xml-stylesheet href="a.xsl"?>',
    "a doctype": "<!DOCTYPE rss [<!ELEMENT rss ANY><!ENTITY nbsp '&#160;'>]>",
}


@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS)
def test_what_comes_before_a_feed_is_passed_over(beginning: str) -> None:
    assert urls_in(beginning + rss("<link>/a</link>")) == ["/a"]


ENDINGS = {
    "in a tag": ("<item><link>/b</lin", ["/a"]),
    "in a link": ("<item><link>https://paper.example/b", ["/a"]),
    "in CDATA": ("<item><link>/b</link><title><![CDATA[B", ["/a", "/b"]),
    "after an entry": ("", ["/a"]),
    "with more after its end": ("</channel></rss><!-- cached --><p>in 7 ms", ["/a"]),
    "with another feed": ("</channel></rss><rss><item><link>/b</link></item></rss>", ["/a", "/b"]),
}


@pytest.mark.parametrize(("ending", "urls"), ENDINGS.values(), ids=ENDINGS)
def test_a_feed_may_end_anywhere(ending: str, urls: list[str]) -> None:
    assert urls_in(f"<rss><channel><item><link>/a</link></item>{ending}") == urls


@pytest.mark.parametrize(
    ("encoding", "declared", "charset"),
    [
        ("windows-1252", "utf-8", None),
        ("windows-1252", "windows-1252", "utf-8"),
        ("utf-8", "iso-8859-1", "iso-8859-1"),
        ("utf-16", "utf-8", None),
    ],
)
def test_a_feed_may_be_in_another_encoding_than_it_says(
    encoding: str, declared: str, charset: str | None
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(
        "<link>/a</link><title>Die F\u00e4hre ist zur\u00fcck</title>"
    )

    feed = feed_of(text.encode(encoding), FEED, charset)

    assert feed is not None
    assert feed.entries[0].title == "Die F\u00e4hre ist zur\u00fcck"


# What is no feed

NONE = {
    "nothing": b"",
    "text": b"The ferry is back.",
    "HTML": b"<!doctype html><html><body><rss><item><link>/a</link></item></rss></body></html>",
    "a sitemap": b"<urlset><url><loc>https://paper.example/a</loc></url></urlset>",
    "other XML": b"<?xml version='1.0'?><opml><body><outline/></body></opml>",
    "a feed of another kind": b"<feed><price>7</price></feed>",
    "RDF of another kind": b'<rdf:RDF xmlns:rdf="x"><Person><name>Ann</name></Person></rdf:RDF>',
    "JSON": b'{"items": [{"url": "/a"}]}',
    "broken JSON": b'{"version": "https://jsonfeed.org/version/1", "items": [',
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "what is not zipped": b"\x1f\x8b<channel/>",
}


@pytest.mark.parametrize("octets", NONE.values(), ids=NONE)
def test_what_is_no_feed_is_none(octets: bytes) -> None:
    assert feed_of(octets, FEED) is None


# Hostile feeds

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
ATTACKS = {
    "a file": '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    "a parameter": '<!DOCTYPE rss [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]>',
    "another document": '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "ha">{LAUGHS}<!ENTITY x "&l9;">]>',
    "a long entity": f'<!DOCTYPE rss [<!ENTITY x "{"ha" * 20_000}">]>',
    "an entity of itself": '<!DOCTYPE rss [<!ENTITY x "&x;">]>',
    "an entity with the end of a doctype": '<!DOCTYPE rss [<!ENTITY x "]>&y;">]>',
}


@pytest.mark.parametrize("doctype", ATTACKS.values(), ids=ATTACKS)
def test_an_entity_is_text(doctype: str) -> None:
    text = doctype + rss(f"<link>/a</link><title>{'&x;' * 20_000}</title>")

    [entry] = feed_in(text).entries

    assert entry.title is not None
    assert entry.title.startswith("&x;&x;&x;")
    assert len(entry.title) == 1000


def test_entries_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "MOST", 2)

    feed = feed_in(rss("<link>/a</link>" + "</item><item><link>/b</link>" * 4))

    assert [entry.url[-2:] for entry in feed.entries] == ["/a", "/b"]
    assert feed.left_out == 3


def test_a_feed_that_is_cut_leaves_something_out(monkeypatch: pytest.MonkeyPatch) -> None:
    text = rss("<link>/a</link></item><item><link>/b</link>")
    monkeypatch.setattr(opening, "MAX_OCTETS", text.index("/b"))

    feed = feed_in(text)

    assert [entry.url[-2:] for entry in feed.entries] == ["/a"]
    assert feed.left_out == 1


def test_what_leads_nowhere_is_not_followed_for_ever() -> None:
    links = "<link>http://[</link>" * 5 + "<guid>https://paper.example/a</guid>"

    assert urls_in(rss(links)) == []
    assert urls_in(rss(links.replace("<link>http://[</link>", "", 1))) == ["/a"]


def test_a_feed_goes_on_in_ten_places_at_most() -> None:
    links = "".join(f'<channel><link rel="next" href="/{n}"/></channel>' for n in range(50))

    assert len(feed_in(f"<rss>{links}</rss>").following) == 10


@given(st.binary())
@settings(max_examples=50, deadline=None)
def test_any_octets_are_a_feed_or_none(octets: bytes) -> None:
    assert feed_of(octets, FEED) is None
    assert isinstance(feed_of(b"<rss>" + octets, FEED), Feed)


PIECES = [
    b"<rss>",
    b"<feed>",
    b"<channel>",
    b"<item>",
    b"</item>",
    b"<entry xml:base='//'>",
    b"<link>",
    b"<link href='a' rel='next'/>",
    b"</link>",
    b"http://[",
    b"/a",
    b"<guid>",
    b"<pubDate>0",
    b"&",
    b"\xff",
    b"<![CDATA[",
    b"<title>",
    b"\xed\xa0\x80",
    b"{",
    b"\x1f\x8b",
]


@given(
    st.lists(st.sampled_from(PIECES)).map(b"".join), st.sampled_from([FEED, "", "x:", "http://["])
)
@settings(max_examples=50, deadline=None)
def test_any_pieces_of_a_feed_are_a_feed(octets: bytes, url: str) -> None:
    assert isinstance(feed_of(b"<rss>" + octets, url), Feed)
