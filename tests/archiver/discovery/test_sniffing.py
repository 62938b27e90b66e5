from __future__ import annotations

import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery.sniffing import sniffed

RSS = b'<rss version="2.0"><channel><title>Paper</title></channel></rss>'
URLSET = b"<urlset><url><loc>https://paper.example/a</loc></url></urlset>"
RSS_10 = b'<rdf:RDF xmlns="http://purl.org/rss/1.0/"><channel></channel></rdf:RDF>'
JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'
HTML = b"<!doctype html><title>Paper</title><p>Ferry"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
LICENCE = b"<!-- " + b"All rights reserved. " * 1000 + b"-->"

# Told by content, whatever the type.
CONTENTS = {
    "RSS": (RSS, "feed"),
    "RSS after a declaration": (b'<?xml version="1.0"?>\n' + RSS, "feed"),
    "RSS after a mark": (b"\xef\xbb\xbf" + RSS, "feed"),
    "RSS after a licence": (LICENCE + RSS, "feed"),
    "RSS after a doctype": (b"<!DOCTYPE rss SYSTEM 'a.dtd' [<!ENTITY a 'b'>]>" + RSS, "feed"),
    "RSS after a warning": (b"<br /><b>Warning</b>: no such file<br />" + RSS, "feed"),
    "RSS in UTF-16": (RSS.decode().encode("utf-16"), "feed"),
    "RSS in UTF-16 without a mark": (RSS.decode().encode("utf-16-be"), "feed"),
    "RSS, zipped": (gzip.compress(RSS), "feed"),
    "RSS, zipped and cut short": (gzip.compress(RSS + PICTURE * 9)[:-40], "feed"),
    "RSS 1.0": (RSS_10, "feed"),
    "Atom": (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "feed"),
    "Atom with a prefix": (b'<a:feed xmlns:a="http://www.w3.org/2005/Atom">', "feed"),
    "JSON Feed": (JSON_FEED, "feed"),
    "JSON Feed of PHP": (JSON_FEED.replace(b"/", b"\\/"), "feed"),
    "JSON Feed in another order": (b'{"items": "' + b"a" * 9000 + b'",' + JSON_FEED[1:], "feed"),
    "a sitemap": (URLSET, "sitemap"),
    "a sitemap, zipped": (gzip.compress(URLSET), "sitemap"),
    "an index of sitemaps": (b"<sitemapindex/>", "sitemap"),
    "a list": (b"https://paper.example/a\r\nhttps://paper.example/b\r\n", "sitemap"),
    "a long list": (b"https://paper.example/some-long-story\n" * 1000, "sitemap"),
    "a list, zipped": (gzip.compress(b"https://paper.example/a\n"), "sitemap"),
    "HTML": (b"<html><body>Ferry", "html"),
    "HTML after a licence": (LICENCE + b"<html>", "html"),
    "HTML that tells of RSS": (b"<!doctype html><p>&lt;rss> and <rss>", "html"),
    "XHTML": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "html"),
    "nothing": (b"", "other"),
    "blanks": (b" \n", "other"),
    "a picture": (PICTURE, "other"),
    "a picture, zipped": (gzip.compress(PICTURE), "other"),
    "HTML, zipped": (gzip.compress(HTML), "other"),
    "a bomb": (gzip.compress(b"\0" * 1_000_000), "other"),
    "PDF": (b"%PDF-1.7\n1 0 obj", "other"),
}


@pytest.mark.parametrize(
    "media_type", [None, "text/html; charset=utf-8", "application/octet-stream"]
)
@pytest.mark.parametrize(("octets", "kind"), CONTENTS.values(), ids=CONTENTS)
def test_content_tells(octets: bytes, kind: str, media_type: str | None) -> None:
    assert sniffed(octets, media_type) == kind


# Told by the type, where content does not tell.
TYPES = [
    (b"The ferry is back.", "text/html", "", "html"),
    (b"The ferry is back.", "Text/HTML; charset=utf-8", "", "html"),
    (b"<p>The ferry is back.", "application/xhtml+xml", "", "html"),
    (b"The ferry is back.", "text/plain", "", "text"),
    (b"<p>The ferry is back.", "text/plain", "", "text"),
    (b"The ferry is back.", None, "", "text"),
    (b"<p>The ferry is back.", None, "", "html"),
    (b"<!-- a --><div>The ferry is back.", "application/octet-stream", "", "html"),
    (b"<p>The ferry is back.", "", "/a.txt", "html"),
    (b"The ferry is back.", "", "/a.html", "html"),
    (b"The ferry is back.", "text/plain", "/a.html", "text"),
    (b"The ferry is back.", None, "/a.RSS", "feed"),
    (b"The ferry is back.", "application/rss+xml", "", "feed"),
    (b"{}", "application/feed+json", "", "feed"),
    (b"{}", "application/json", "", "other"),
    (b'<?xml version="1.0"?><opml><head>', "text/xml", "", "other"),
    (b"<opml><outline>", "text/xml", "", "other"),
    (b"<rdf:RDF><Person>", "application/xml", "", "other"),
    (b"p { color: red }", "text/css", "", "other"),
    (b"alert(1)", "text/javascript", "", "other"),
    (b"GIF89a", "image/gif", "", "other"),
    (b"https://paper.example/a\nand more", "text/plain", "", "text"),
]


@pytest.mark.parametrize(("octets", "media_type", "path", "kind"), TYPES)
def test_the_type_tells_what_content_does_not(
    octets: bytes, media_type: str | None, path: str, kind: str
) -> None:
    assert sniffed(octets, media_type, path) == kind


@pytest.mark.parametrize(
    "piece", [b"<", b"<!--", b"<?", b"{", b"https://", b"\n", b"<!doctype ", b"<!d["]
)
def test_only_the_beginning_is_looked_at(piece: bytes) -> None:
    assert sniffed(piece * 2_000_000, "image/png") == "other"


@given(st.binary(), st.none() | st.text(max_size=20), st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_any_octets_are_something(octets: bytes, media_type: str | None, path: str) -> None:
    kinds = ("feed", "sitemap", "html", "text", "other")

    assert sniffed(octets, media_type, path) in kinds
    assert sniffed(b"\x1f\x8b" + octets, media_type, path) in kinds
