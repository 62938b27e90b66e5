from __future__ import annotations

from dataclasses import asdict

import pytest

from archiver.extraction.article import Article
from archiver.extraction.metadata import article_from, reservation
from archiver.extraction.tree import parse

URL = "https://news.example.org/2/ferry?ref=feed"
TEXT = "The ferry came back to the quay on Friday."


def article(markup: str) -> Article:
    tree = parse(f"<html><head>{markup}</head><body><p>{TEXT}</p></body></html>".encode())
    assert tree is not None
    return article_from(tree, TEXT, URL, None)


def linked(properties: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {properties}}}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


CASES = [
    # column, markup, value
    (
        "url_canonical",
        '<link rel="canonical" href="/2/ferry">',
        "https://news.example.org/2/ferry",
    ),
    (
        "url_canonical",
        '<meta property="og:url" content="https://a.example/x">',
        "https://a.example/x",
    ),
    ("url_canonical", '<link rel="canonical" href="javascript:0">', None),
    ("url_canonical", '<link rel="canonical" href="http://[::1">', None),
    ("sitename", '<meta property="og:site_name" content=" The&amp;nbsp;Times ">', "The Times"),
    ("sitename", linked('"publisher": {"name": "The Times"}'), "The Times"),
    (
        "sitename",
        '<script type="application/ld+json">{"@type": "WebSite", "name": "The Times"}</script>',
        "The Times",
    ),
    ("description", meta("description", "It came\nback."), "It came back."),
    ("description", linked('"description": "It came back."'), "It came back."),
    ("description", meta("description", " "), None),
    (
        "categories",
        meta("article:section", "Harbour") + linked('"articleSection": ["harbour", "Sea"]'),
        ("Harbour", "Sea"),
    ),
    ("tags", meta("keywords", "ferry, quay,,Ferry, cow"), ("ferry", "quay", "cow")),
    ("tags", linked('"keywords": ["ferry", "quay"]'), ("ferry", "quay")),
    ("tags", meta("keywords", "x" * 101), ()),
    ("image_url", meta("twitter:image", "/i.jpg"), "https://news.example.org/i.jpg"),
    (
        "image_url",
        linked('"image": {"url": "https://a.example/i.jpg"}'),
        "https://a.example/i.jpg",
    ),
    ("image_url", meta("og:image", "data:image/gif;base64,AAAA"), None),
    ("agency", linked('"author": {"@type": "Organization", "name": "Reuters"}'), "Reuters"),
    ("agency", meta("author", "AFP"), "Agence France-Presse"),
    ("page_type", linked('"headline": "x"'), "article"),
    ("page_type", '<meta property="og:type" content="Video.Other">', "video.other"),
    (
        "page_type",
        '<script type="application/ld+json">{"@type": "LiveBlogPosting"}</script>',
        "liveblog",
    ),
    ("robots_meta", meta("robots", "noindex") + meta("ROBOTS", "noarchive"), "noindex, noarchive"),
    ("tdm_reservation", meta("tdm-reservation", "1"), 1),
    ("tdm_reservation", meta("tdm-reservation", " 0 "), 0),
    ("tdm_reservation", meta("tdm-reservation", "yes"), None),
    ("tdm_policy", meta("tdm-policy", "/tdm.json"), "https://news.example.org/tdm.json"),
    (
        "license",
        '<link rel="license" href="https://a.example/by/4.0/">',
        "https://a.example/by/4.0/",
    ),
    ("license", linked('"license": "https://a.example/by/4.0/"'), "https://a.example/by/4.0/"),
    ("paywalled", linked('"isAccessibleForFree": false'), True),
    ("paywalled", linked('"isAccessibleForFree": "True"'), False),
    ("paywalled", linked('"isAccessibleForFree": "http://schema.org/False"'), True),
    ("paywalled", meta("article:content_tier", "metered"), True),
    ("paywalled", meta("article:content_tier", "free"), False),
]


@pytest.mark.parametrize(("column", "markup", "value"), CASES)
def test_a_page_says_of_itself(column: str, markup: str, value: object) -> None:
    assert asdict(article(markup))[column] == value


def test_what_a_page_does_not_say_is_none() -> None:
    assert asdict(article("")) == {
        "text": TEXT,
        "language": "en",
        "language_score": article("").language_score,
        "title": None,
        "authors": (),
        "published_date": None,
        "modified_date": None,
        "sitename": None,
        "description": None,
        "categories": (),
        "tags": (),
        "url_canonical": None,
        "image_url": None,
        "agency": None,
        "page_type": None,
        "robots_meta": None,
        "tdm_reservation": None,
        "tdm_policy": None,
        "license": None,
        "paywalled": None,
    }


def test_only_what_tdmrep_defines_is_a_reservation() -> None:
    assert [reservation(value) for value in ("1", " 0", "2", "", None)] == [1, 0, None, None, None]
