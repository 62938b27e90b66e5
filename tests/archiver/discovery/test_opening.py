from __future__ import annotations

import gzip
import time

import pytest

from archiver.discovery import opening
from archiver.discovery.opening import beginning_in, content_in, root_of

ROOTS = [
    ("<rss>", "rss", 0),
    ("<RSS version='2.0'>", "rss", 0),
    ("<feed/>", "feed", 0),
    ("<rdf:RDF >", "rdf", 0),
    ("<a10:feed>", "feed", 0),
    ("<urlset\n>", "urlset", 0),
    ("<sm:sitemapindex>", "sitemapindex", 0),
    ('<?xml version="1.0"?><rss>', "rss", 21),
    ("<?xml version='1.0'><rss>", "rss", 20),
    ("<!-- a comment about <html> --><rss>", "rss", 31),
    ("<!DOCTYPE rss><rss>", "rss", 14),
    ("<!DOCTYPE rss [ <!ENTITY a '<html>'> ]><rss>", "rss", 39),
    ("<br />\n<b>Warning</b>: no such file<br />\n<?xml version='1.0'?><rss>", "rss", 63),
    ("junk" * 900 + "<rss>", "rss", 3600),
    ("<!doctype html><p>", "html", 0),
    ("<!DOCTYPE HTML PUBLIC ''><p>", "html", 0),
    ("<html><body><rss>", "html", 0),
    ("<p>Hello<body>", "body", 8),
]


@pytest.mark.parametrize(("text", "name", "start"), ROOTS)
def test_a_document_begins_with_its_root(text: str, name: str, start: int) -> None:
    assert root_of(text) == (name, start)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ferry",
        "<rssfeed>",
        '<?xml version="1.0"?><opml><head>',
        "<header>",
        "<rss",
        "<!-- <rss> -->",
        "<!-- never closed <rss>",
        "<!DOCTYPE rss [ never closed <rss>",
        "junk" * 1100 + "<rss>",
        "<!--" + "a" * 70_000 + "--><rss>",
    ],
)
def test_what_begins_with_no_such_element_has_no_root(text: str) -> None:
    assert root_of(text) is None


@pytest.mark.parametrize(
    "piece", ["<!--", "<?", "<!doctype ", "<!doctype [", "]", "<a:", "<a", "<"]
)
def test_no_beginning_takes_long(piece: str) -> None:
    text = piece * (2_000_000 // len(piece))
    started = time.monotonic()

    assert root_of(text) is None
    assert time.monotonic() - started < 1


TEXT = "<rss>Fähre</rss>"


@pytest.mark.parametrize(
    ("octets", "charset"),
    [
        (TEXT.encode(), None),
        (TEXT.encode(), "iso-8859-1"),  # as if it were not UTF-8
        (TEXT.encode("utf-8-sig"), None),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-le"), None),
        (TEXT.encode("utf-16-be"), None),
        (TEXT.encode("iso-8859-1"), "iso-8859-1"),
        (TEXT.encode("iso-8859-1"), "utf-8"),  # as if it were UTF-8
        (TEXT.encode("iso-8859-1"), None),
        (gzip.compress(TEXT.encode()), None),
        (gzip.compress(gzip.compress(TEXT.encode())), None),
        (b"\r\n  " + TEXT.encode() + b"\n", None),
    ],
)
def test_a_document_is_read_in_its_encoding(octets: bytes, charset: str | None) -> None:
    assert content_in(octets, charset) == (TEXT, False)


@pytest.mark.parametrize("declared", ["windows-1251", "koi8-r"])
def test_a_document_is_read_as_it_declares(declared: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><rss>Паром вернулся на рассвете</rss>'

    assert content_in(text.encode(declared)).text == text


def test_what_is_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_OCTETS", 10)

    assert content_in(b"a" * 11) == ("a" * 10, True)
    assert content_in(b"a" * 10) == ("a" * 10, False)


def test_what_unzips_to_too_much_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_OCTETS", 1000)

    assert content_in(gzip.compress(b"a" * 1_000_000)) == ("a" * 1000, True)
    assert content_in(gzip.compress(gzip.compress(b"a" * 1_000_000))) == ("a" * 1000, True)


def test_a_beginning_is_short_however_long_the_document_is() -> None:
    assert len(beginning_in(b"a" * 1_000_000)) == 1 << 16
    assert len(beginning_in(gzip.compress(b"a" * 1_000_000))) == 1 << 16
