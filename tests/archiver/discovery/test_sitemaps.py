"""Sitemaps in XML and as lists, sound, broken and hostile; and where robots.txt names them."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery import opening, outline, sitemaps
from archiver.discovery.announced import Announced
from archiver.discovery.sitemaps import Sitemap, sitemap_of, sitemaps_in_robots

ROOT = "https://paper.example"
SITEMAP = f"{ROOT}/maps/all.xml"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
A = f"{ROOT}/a"


def sitemap_in(text: str) -> Sitemap:
    sitemap = sitemap_of(text.encode(), SITEMAP)
    assert sitemap is not None
    return sitemap


def pages_in(text: str) -> list[str]:
    return [page.url.removeprefix(ROOT) for page in sitemap_in(text).pages]


def urlset(inner: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACE}>{inner}</urlset>'


PAGES = {
    "a page": ("<url><loc>https://paper.example/a</loc></url>", ["/a"]),
    "a page among blanks": ("<url>\n <loc>\n https://paper.example/a \n</loc></url>", ["/a"]),
    "a page in CDATA": (
        "<url><loc><![CDATA[https://paper.example/a?b&c]]></loc></url>",
        ["/a?b&c"],
    ),
    "ampersands": ("<url><loc>https://paper.example/a?b&amp;c&d</loc></url>", ["/a?b&c&d"]),
    "a relative one": ("<url><loc>/a</loc></url><url><loc>b</loc></url>", ["/a", "/maps/b"]),
    "a page twice": ("<url><loc>/a</loc></url><url><loc>/a</loc></url>", ["/a"]),
    "no page": ("<url><loc/></url><url/><url><loc>mailto:x</loc></url>", []),
    "a page that is too long": (f"<url><loc>/{'a' * 8000}</loc></url>", []),
    "images": (
        '<url><image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
        "<image:loc>/i.png</image:loc><image:title>I</image:title></image:image>"
        "<loc>/a</loc></url>",
        ["/a"],
    ),
    "images, undeclared": (
        "<url><image:image><image:loc>/i.png</image:loc></image:image><loc>/a</loc></url>",
        ["/a"],
    ),
    "images, astray": ("<url><image:loc>/i.png</image:loc><loc>/a</loc></url>", ["/a"]),
    "other languages": (
        '<url><loc>/a</loc><xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml"'
        ' rel="alternate" hreflang="de" href="/b"/></url>',
        ["/a"],
    ),
}


@pytest.mark.parametrize(("inner", "pages"), PAGES.values(), ids=PAGES)
def test_a_sitemap_names_pages(inner: str, pages: list[str]) -> None:
    sitemap = sitemap_in(urlset(inner))

    assert [page.url.removeprefix(ROOT) for page in sitemap.pages] == pages
    assert (sitemap.sitemaps, sitemap.left_out) == ((), 0)


# The precisions of W3C's note on dates, and what is written for them.
DATES = [
    ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
    ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
    ("2024-05-03", datetime(2024, 5, 3, tzinfo=UTC)),
    ("2024-05-03T13:42+02:00", datetime(2024, 5, 3, 11, 42, tzinfo=UTC)),
    ("2024-05-03T11:42:10Z", datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC)),
    ("2024-05-03T13:42:10.45+02:00", datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC)),
    (" 2024-05-03 ", datetime(2024, 5, 3, tzinfo=UTC)),
    ("Fri, 03 May 2024 11:42:10 GMT", datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC)),
    ("", None),
    ("yesterday", None),
    ("0000-00-00", None),
]


@pytest.mark.parametrize(("text", "moment"), DATES)
def test_a_page_has_a_last_change(text: str, moment: datetime | None) -> None:
    [page] = sitemap_in(urlset(f"<url><loc>/a</loc><lastmod>{text}</lastmod></url>")).pages

    assert page == Announced(url=A, modified_at=moment)


NEWS = """<url><loc>/a</loc><lastmod>2024-05-04</lastmod>
  <news:news xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <news:publication><news:name>Paper</news:name><news:language>en</news:language>
      <news:title>Not this</news:title></news:publication>
    <news:publication_date>2024-05-03T11:42:10Z</news:publication_date>
    <news:title>Fish &amp; chips</news:title></news:news>
  <video:video xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">
    <video:title>Nor this</video:title>
    <video:publication_date>2001-01-01</video:publication_date></video:video></url>"""


@pytest.mark.parametrize(
    "text",
    [NEWS, NEWS.replace("xmlns:news=", "x=")],
    ids=["declared", "undeclared"],
)
def test_news_have_a_title_and_a_date(text: str) -> None:
    sitemap = sitemap_in(urlset(text))

    assert sitemap.pages == (
        Announced(
            url=A,
            published_at=datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC),
            modified_at=datetime(2024, 5, 4, tzinfo=UTC),
            title="Fish & chips",
        ),
    )


def test_an_index_names_sitemaps() -> None:
    sitemap = sitemap_in(
        f"<sitemapindex {NAMESPACE}>"
        "<sitemap><loc>https://paper.example/2024.xml.gz</loc><lastmod>2024-05-03</lastmod></sitemap>"
        "<sitemap><loc>/2023.xml</loc></sitemap></sitemapindex>"
    )

    assert sitemap.pages == ()
    assert sitemap.sitemaps == (
        Announced(url=f"{ROOT}/2024.xml.gz", modified_at=datetime(2024, 5, 3, tzinfo=UTC)),
        Announced(url=f"{ROOT}/2023.xml"),
    )


def test_an_index_may_name_pages_too() -> None:
    sitemap = sitemap_in(
        "<sitemapindex><url><loc>/a</loc></url><sitemap><loc>/b</loc></sitemap></sitemapindex>"
    )

    assert sitemap.pages == (Announced(url=A),)
    assert sitemap.sitemaps == (Announced(url=f"{ROOT}/b"),)


URL = "<url><loc>/a</loc></url>"
BROKEN = {
    "no namespace": f"<urlset>{URL}</urlset>",
    "an old namespace": f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">{URL}</urlset>',
    "a wrong namespace": f'<urlset xmlns="https://paper.example/">{URL}</urlset>',
    "a prefix": '<s:urlset xmlns:s="x:y"><s:url><s:loc>/a</s:loc></s:url></s:urlset>',
    "an undeclared prefix": "<s:urlset><s:url><s:loc>/a</s:loc></s:url></s:urlset>",
    "capitals": "<URLSET><URL><LOC>/a</LOC></URL></URLSET>",
    "blanks before all": f'\n <?xml version="1.0"?><urlset>{URL}</urlset>',
    "a byte-order mark": f"\ufeff<urlset>{URL}</urlset>",
    "a warning before all": f"<b>Notice</b>: x in /a.php<urlset>{URL}</urlset>",
    "a style": f'<?xml-stylesheet href="a.xsl"?><urlset>{URL}</urlset>',
    "no end": f"<urlset>{URL}",
    "an end within a URL": f"<urlset>{URL}<url><loc>https://paper.exa",
    "an end within a tag": f"<urlset>{URL}<url><loc>/b</l",
    "no ends of pages": "<urlset><url><loc>/a<url><loc>/a</urlset>",
    "controls": "<urlset><url><loc>\x00/a\x0b</loc></url></urlset>",
    "entities of HTML": f"<urlset>{URL}<url><loc>/a</loc><title>&nbsp;</title></url></urlset>",
    "ends too many": f"<urlset></p></br>{URL}</urlset>",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_sitemap_is_read(text: str) -> None:
    assert pages_in(text) == ["/a"]


@pytest.mark.parametrize("times", [1, 2])
def test_a_sitemap_may_be_zipped(times: int) -> None:
    octets = urlset(URL).encode()
    for _ in range(times):
        octets = gzip.compress(octets)

    assert sitemap_of(octets, f"{SITEMAP}.gz") == sitemap_in(urlset(URL))


def test_what_can_be_unzipped_is_read() -> None:
    octets = gzip.compress(
        urlset(URL + "".join(f"<url>{n}</url>" for n in range(20_000))).encode()
    )

    sitemap = sitemap_of(octets[: len(octets) // 2], SITEMAP)

    assert sitemap is not None
    assert sitemap.pages == (Announced(url=A),)


LISTS = {
    "one": (f"{A}", ["/a"]),
    "several": (f"{A}\n{ROOT}/b\r\n\n  {ROOT}/c  \n", ["/a", "/b", "/c"]),
    "a byte-order mark": (f"\ufeff{A}\n", ["/a"]),
    "twice": (f"{A}\n{A}", ["/a"]),
    "capitals": ("HTTPS://paper.example/a", ["/a"]),
    "beyond ASCII": (f"{ROOT}/f\u00e4hre", ["/f%C3%A4hre"]),
}


@pytest.mark.parametrize(("text", "pages"), LISTS.values(), ids=LISTS)
def test_a_sitemap_may_be_a_list(text: str, pages: list[str]) -> None:
    assert pages_in(text) == pages


NONE = {
    "nothing": b"",
    "blank lines": b" \n\n",
    "text": b"The ferry is back.\n",
    "a list and text": b"https://paper.example/a\nand more",
    "paths": b"/a\n/b\n",
    "other URLs": b"ftp://paper.example/a",
    "robots.txt": b"User-agent: *\nSitemap: https://paper.example/a",
    "HTML": b"<html><body><urlset><url><loc>/a</loc></url></urlset></body></html>",
    "RSS": b"<rss><channel><item><link>/a</link></item></channel></rss>",
    "other XML": b"<opml><url><loc>/a</loc></url></opml>",
    "JSON": b'["https://paper.example/a"]',
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a zipped picture": gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    "what is not zipped": b"\x1f\x8b\x08\x00https",
}


@pytest.mark.parametrize("octets", NONE.values(), ids=NONE)
def test_what_is_no_sitemap_is_none(octets: bytes) -> None:
    assert sitemap_of(octets, SITEMAP) is None


# Hostile sitemaps


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE urlset [<!ENTITY y "haha"><!ENTITY x "&y;&y;&y;&y;&y;&y;&y;&y;">]>',
    ],
)
def test_no_entity_is_resolved(doctype: str) -> None:
    assert pages_in(f"{doctype}<urlset><url><loc>/a?&x;</loc></url></urlset>") == ["/a?&x;"]


def test_a_bomb_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_OCTETS", 100_000)
    octets = gzip.compress(urlset(URL + " " * 20_000_000).encode())

    sitemap = sitemap_of(octets, SITEMAP)

    assert sitemap == Sitemap(pages=(Announced(url=A),), sitemaps=(), left_out=1)


def test_a_list_that_is_cut_ends_with_a_whole_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_OCTETS", len(A) + 5)

    sitemap = sitemap_of(f"{A}\n{A}/b".encode(), SITEMAP)

    assert sitemap == Sitemap(pages=(Announced(url=A),), sitemaps=(), left_out=1)


def test_pages_beyond_the_most_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outline, "MOST", 1)
    monkeypatch.setattr(sitemaps, "MOST", 1)
    expected = Sitemap(pages=(Announced(url=A),), sitemaps=(), left_out=2)

    assert sitemap_in(urlset(URL + "<url><loc>/b</loc></url>" * 2)) == expected
    assert sitemap_in(f"{A}\n{A}\n{A}") == expected


@given(st.binary())
@settings(max_examples=50, deadline=None)
def test_any_octets_are_a_sitemap_or_none(octets: bytes) -> None:
    assert sitemap_of(octets, SITEMAP) is None
    assert isinstance(sitemap_of(b"<urlset>" + octets, SITEMAP), Sitemap)


PIECES = [
    b"<urlset>",
    b"<url>",
    b"<loc>",
    b"</loc>",
    b"https://[",
    b"/a",
    b"&",
    b"<news>",
    b"\xff",
    b"<lastmod>0",
    b"<sitemap>",
    b"<loc",
    b">",
    b"\0",
    b"\n",
    b"https://paper.example/",
]


@given(st.lists(st.sampled_from(PIECES)).map(b"".join), st.sampled_from([SITEMAP, "", "http://["]))
@settings(max_examples=50, deadline=None)
def test_any_pieces_of_a_sitemap_are_one(octets: bytes, url: str) -> None:
    assert isinstance(sitemap_of(b"<urlset>" + octets, url), Sitemap)


# robots.txt

ROBOTS = {
    "a line": (b"Sitemap: https://paper.example/a.xml", ["/a.xml"]),
    "any case": (b"SITEMAP: /a.xml\nsitemap:/b.xml\n", ["/a.xml", "/b.xml"]),
    "among groups": (
        b"User-agent: *\nDisallow: /\n\nSitemap: /a.xml\n\nUser-agent: x\nSitemap: /b.xml\n",
        ["/a.xml", "/b.xml"],
    ),
    "blanks": (b"  Sitemap  :\t/a.xml  \r\n", ["/a.xml"]),
    "old ends of lines": (b"User-agent: *\rSitemap: /a.xml\rDisallow:\r", ["/a.xml"]),
    "a byte-order mark": (b"\xef\xbb\xbfSitemap: /a.xml", ["/a.xml"]),
    "a comment": (b"# Sitemap: /b.xml\nSitemap: /a.xml # ours\n", ["/a.xml"]),
    "twice": (b"Sitemap: /a.xml\nSitemap: https://paper.example/a.xml", ["/a.xml"]),
    "a query": (b"Sitemap: /a?b=c&d", ["/a?b=c&d"]),
    "nothing": (b"Sitemap:\nDisallow: /x\n", []),
    "no sitemap": (b"Sitemap: mailto:x\nSitemaps: /a.xml\nNo-Sitemap: /b.xml", []),
    "HTML": (b"<html><p>Sitemap: /a.xml</p></html>", []),
    "empty": (b"", []),
}  # fmt: skip


@pytest.mark.parametrize(("octets", "urls"), ROBOTS.values(), ids=ROBOTS)
def test_robots_txt_names_sitemaps(octets: bytes, urls: list[str]) -> None:
    found = sitemaps_in_robots(octets, f"{ROOT}/robots.txt")

    assert [url.removeprefix(ROOT) for url in found] == urls


@pytest.mark.parametrize(
    "piece", [b"Sitemap", b"Sitemap:", b" ", b"\n", b"Sitemap: /a\n", b"\xff"]
)
def test_a_long_robots_txt_is_soon_read(piece: bytes) -> None:
    assert len(sitemaps_in_robots(piece * (1_000_000 // len(piece)), f"{ROOT}/robots.txt")) < 2


@given(st.binary())
@settings(max_examples=50, deadline=None)
def test_any_octets_may_be_robots_txt(octets: bytes) -> None:
    assert sitemaps_in_robots(b"Sitemap: /a\n" + octets, f"{ROOT}/robots.txt")[0] == A
