from __future__ import annotations

import gzip
import json
import re
import struct
import zlib
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from socket import create_connection
from urllib.parse import urlsplit
from xml.etree import ElementTree

import lxml.html
import pytest

from archiver.demo.articles import read_articles
from archiver.demo.server import DemoServer, demo_server
from archiver.demo.site import (
    FORBIDDEN_PATH,
    MISSING_PATH,
    OLD_PATH,
    Resource,
    build_site,
    requisite_paths,
)
from archiver.requisites import requisites_of_css, requisites_of_html

BASE = "http://127.0.0.1:8000"
SITE = build_site(BASE)
ARTICLES = {article.slug: article for article in read_articles()}
PAGES = {path: resource for path, resource in SITE.items() if "html" in resource.media_type}
PICTURES = {path: resource for path, resource in SITE.items() if path.endswith(".png")}

each_article = pytest.mark.parametrize("slug", ARTICLES)


def tree_of(page: Resource) -> lxml.html.HtmlElement:
    charset = page.media_type.partition("charset=")[2]
    return lxml.html.document_fromstring(page.body.decode(charset))


def addresses_in(page: Resource) -> set[str]:
    """Return every address on this site that *page* names, as a path."""
    found = tree_of(page).xpath("//@href | //@src | //@data-src | //@srcset")
    single = (part.split()[0] for value in found for part in value.split(","))
    return {path for path in (urlsplit(url).path for url in single) if path}


def chunk(name: bytes, png: bytes) -> bytes:
    """Return what the first chunk *name* of *png* holds (ISO/IEC 15948, 5.3)."""
    at = png.index(name)
    (length,) = struct.unpack(">I", png[at - 4 : at])
    assert png[at + 4 + length :][:4] == struct.pack(">I", zlib.crc32(png[at : at + 4 + length]))
    return png[at + 4 : at + 4 + length]


def test_the_site_is_the_same_whenever_it_is_built() -> None:
    assert build_site(BASE) == SITE


def test_there_are_twelve_articles() -> None:
    assert len(ARTICLES) == 12


@each_article
def test_an_article_has_150_to_400_words(slug: str) -> None:
    words = re.sub(r"<[^>]*>", " ", ARTICLES[slug].body).split()

    assert 150 <= len(words) <= 400


@each_article
def test_an_article_stands_on_the_front_page(slug: str) -> None:
    assert ARTICLES[slug].path in addresses_in(SITE["/"])


@each_article
def test_an_article_stands_on_the_page_of_its_section(slug: str) -> None:
    article = ARTICLES[slug]

    assert article.path in addresses_in(SITE[f"/{article.facts['section']}/"])


@each_article
def test_an_article_shows_its_headline_and_its_authors(slug: str) -> None:
    facts = ARTICLES[slug].facts
    text = " ".join(tree_of(SITE[ARTICLES[slug].path]).text_content().split())

    assert facts["title"] in text
    assert facts["authors"].replace(", ", " and ") in text


@pytest.mark.parametrize("path", PAGES)
def test_every_address_on_a_page_leads_somewhere(path: str) -> None:
    assert addresses_in(PAGES[path]) <= SITE.keys()


def test_every_requisite_is_named_by_an_article_or_its_stylesheet() -> None:
    pages = [SITE[article.path].body for article in ARTICLES.values()]
    named = {r.url for body in pages for r in requisites_of_html(body, f"{BASE}/")}
    css = f"{BASE}/assets/lantern.css"
    named |= {r.url for r in requisites_of_css(SITE["/assets/lantern.css"].body, css)}

    assert named == {BASE + path for path in requisite_paths()}
    assert requisite_paths()[0] == "/favicon.ico"
    assert len(requisite_paths()) == 16


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_holds_all_its_pixels(path: str) -> None:
    png = PICTURES[path].body
    width, height, depth, colour = struct.unpack(">IIBB", chunk(b"IHDR", png)[:10])

    assert path.endswith(f"-{width}.png")
    assert (height, depth, colour) == (width * 9 // 16, 8, 2)
    assert len(zlib.decompress(chunk(b"IDAT", png))) == height * (1 + 3 * width)


def test_the_icon_is_a_picture_of_32_pixels() -> None:
    icon = SITE["/favicon.ico"].body
    reserved, kind, images, width, height = struct.unpack("<HHHBB", icon[:8])

    assert (reserved, kind, images, width, height) == (0, 1, 1, 32, 32)
    assert struct.unpack(">II", chunk(b"IHDR", icon)[:8]) == (32, 32)


def test_the_feed_lists_all_articles_and_the_newest_first() -> None:
    feed = ElementTree.fromstring(SITE["/feed.xml"].body)

    assert [link.text for link in feed.findall("channel/item/link")] == [
        BASE + article.path for article in ARTICLES.values()
    ]
    assert feed.findtext("channel/item/pubDate") == "Tue, 17 Mar 2026 06:10:00 +0000"


def test_the_sitemap_lists_all_articles_with_their_last_change() -> None:
    sitemap = ElementTree.fromstring(SITE["/sitemap.xml"].body)
    entries = {entry[0].text: entry[1].text for entry in sitemap}

    assert entries.keys() == {BASE + article.path for article in ARTICLES.values()}
    assert entries[BASE + ARTICLES["swift-count"].path] == "2026-03-13T09:30:00+00:00"


def test_robots_txt_names_the_sitemap_and_one_folder_to_keep_out_of() -> None:
    assert SITE["/robots.txt"].body.decode() == (
        f"User-agent: *\nDisallow: /desk/\nAllow: /\n\nSitemap: {BASE}/sitemap.xml\n"
    )
    assert FORBIDDEN_PATH in addresses_in(SITE["/"])


def test_json_ld_tells_what_the_article_is() -> None:
    page = tree_of(SITE[ARTICLES["roof-budget"].path])
    claims = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))

    assert claims["@type"] == "NewsArticle"
    assert [author["name"] for author in claims["author"]] == ["Odile Harkness", "Gregor Lathbury"]


def test_microdata_tells_what_the_article_is() -> None:
    page = tree_of(SITE[ARTICLES["bakery-oven"].path])

    assert page.xpath("string(//*[@itemprop='author']//*[@itemprop='name'])") == "Perrin Ashgrove"
    assert page.xpath("string(//*[@itemprop='datePublished']/@datetime)").startswith("2026-03-09")


def test_opengraph_tells_what_the_article_is() -> None:
    page = tree_of(SITE[ARTICLES["chess-bus"].path])

    assert page.xpath("//meta[@property='og:type']/@content") == ["article"]
    assert page.xpath("//meta[@name='author']/@content") == ["Tobiah Wrenfield"]


def test_only_the_http_header_tells_that_one_page_is_latin_1() -> None:
    page = SITE[ARTICLES["twin-town"].path]

    assert page.media_type == "text/html; charset=ISO-8859-1"
    assert b"Gr\xfcnm\xfchle" in page.body
    assert b"<meta charset" not in page.body


@pytest.fixture(scope="module")
def server() -> Iterator[DemoServer]:
    with demo_server() as server:
        yield server


@pytest.fixture
def connection(server: DemoServer) -> Iterator[HTTPConnection]:
    connection = HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    yield connection
    connection.close()


def get(connection: HTTPConnection, path: str, coding: str = "identity") -> HTTPResponse:
    connection.request("GET", path, headers={"Accept-Encoding": coding})
    return connection.getresponse()


def raw(server: DemoServer, path: str) -> bytes:
    """Return all octets that a request for *path* brings."""
    with create_connection(("127.0.0.1", server.server_address[1]), timeout=10) as peer:
        peer.sendall(
            f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        return b"".join(iter(lambda: peer.recv(65536), b""))


def test_one_connection_serves_many_requests(connection: HTTPConnection) -> None:
    get(connection, "/").read()
    peer = connection.sock
    get(connection, "/about").read()

    assert connection.sock is peer


def test_a_request_gets_the_same_octets_each_time(server: DemoServer) -> None:
    path = ARTICLES["quarry-brass"].path

    assert raw(server, path) == raw(server, path)


def test_a_head_request_gets_the_head_alone(connection: HTTPConnection) -> None:
    connection.request("HEAD", "/")
    response = connection.getresponse()

    assert int(response.headers["Content-Length"]) > 1000
    assert response.read() == b""
    assert get(connection, "/").status == 200


def test_the_old_address_redirects_for_good(
    connection: HTTPConnection, server: DemoServer
) -> None:
    response = get(connection, OLD_PATH)

    assert response.status == 301
    assert response.headers["Location"] == server.base + ARTICLES["ferry-returns"].path


def test_a_missing_page_is_a_404_with_something_to_read(connection: HTTPConnection) -> None:
    response = get(connection, MISSING_PATH)

    assert response.status == 404
    assert b"Nothing is printed here" in response.read()


def test_a_query_changes_nothing(connection: HTTPConnection) -> None:
    assert get(connection, "/about?utm_source=feed").status == 200


def test_a_page_is_compressed_for_whoever_accepts_it(connection: HTTPConnection) -> None:
    path = ARTICLES["roof-budget"].path
    plain = get(connection, path).read()
    response = get(connection, path, "gzip")

    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(response.read()) == plain


def test_a_page_comes_in_chunks(server: DemoServer) -> None:
    head, _, body = raw(server, ARTICLES["ferry-returns"].path).partition(b"\r\n\r\n")

    assert b"Transfer-Encoding: chunked" in head
    assert body.startswith(b"3e8\r\n<!doctype html>")
    assert body.endswith(b"\r\n0\r\n\r\n")


def test_a_page_comes_compressed_and_in_chunks(connection: HTTPConnection) -> None:
    response = get(connection, ARTICLES["quarry-brass"].path, "gzip")

    assert response.headers["Transfer-Encoding"] == "chunked"
    assert b"Ottoline Marsh" in gzip.decompress(response.read())


def test_the_port_is_free_again_when_the_site_stops() -> None:
    with demo_server() as server:
        address = ("127.0.0.1", server.server_address[1])

    with pytest.raises(ConnectionRefusedError):
        create_connection(address, timeout=10)
