from __future__ import annotations

from dataclasses import asdict

import pytest

from archiver.extraction.article import Article
from archiver.extraction.linked_data import nodes_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.metadata import article_from
from archiver.extraction.tree import parse

URL = "https://news.example.org/2/ferry?ref=feed"
TEXT = "The ferry came back to the quay on Friday."


def article(markup: str) -> Article:
    tree = parse(f"<html><head>{markup}</head><body><p>{TEXT}</p></body></html>".encode())
    assert tree is not None
    return article_from(tree, MetaTags(tree), nodes_of(tree), TEXT, "article", URL, None)


def linked(properties: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", {properties}}}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{content}">'


def web_page(properties: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "WebPage", {properties}}}</script>'


def part(is_free: str) -> str:
    return f'{{"@type": "WebPageElement", "cssSelector": ".x", "isAccessibleForFree": {is_free}}}'


LOCKED = '"http://schema.org/False"'
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
    ("robots_meta", meta("robots", "noindex") + meta("ROBOTS", "noarchive"), "noindex, noarchive"),
    ("robots_meta", meta("archiver", "noai") + meta("robots", "index"), "index, archiver: noai"),
    ("robots_meta", meta("googlebot", "noindex"), None),
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
    (
        "license",
        linked('"license": {"@type": "CreativeWork", "url": "/terms"}'),
        "https://news.example.org/terms",
    ),
    ("license", '<a rel="nofollow LICENSE" href="/by">CC</a>', "https://news.example.org/by"),
    ("license", linked('"license": "All rights reserved"'), None),
    ("license", linked('"license": "CC-BY-4.0"'), None),
    ("paywalled", linked('"isAccessibleForFree": false'), True),
    ("paywalled", linked('"isAccessibleForFree": "True"'), False),
    ("paywalled", linked('"isAccessibleForFree": "http://schema.org/False"'), True),
    ("paywalled", linked('"isAccessibleForFree": ["false"]'), True),
    ("paywalled", linked('"isAccessibleForFree": {"@value": "false"}'), True),
    ("paywalled", linked('"isAccessibleForFree": {"@id": "https://schema.org/True"}'), False),
    ("paywalled", linked('"isAccessibleForFree": "partly"'), None),
    ("paywalled", linked('"isAccessibleForFree": 0'), None),
    ("paywalled", linked(f'"hasPart": {part("false")}'), True),
    ("paywalled", linked(f'"hasPart": [{part("true")}, {part(LOCKED)}]'), True),
    ("paywalled", linked(f'"isAccessibleForFree": true, "hasPart": [{part(LOCKED)}]'), True),
    ("paywalled", linked(f'"hasPart": {part("true")}'), None),
    ("paywalled", linked(f'"isAccessibleForFree": true, "hasPart": {part("true")}'), False),
    ("paywalled", web_page(f'"isAccessibleForFree": true, "hasPart": {part("false")}'), True),
    ("paywalled", web_page('"isAccessibleForFree": "False"'), True),
    ("paywalled", web_page('"isAccessibleForFree": false') + linked('"headline": "x"'), None),
    ("paywalled", '<meta itemprop="isAccessibleForFree" content="false">', True),
    ("paywalled", '<meta itemprop="isAccessibleForFree" content="true">', False),
    ("paywalled", meta("article:content_tier", " Locked "), True),
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
        "page_type": "article",
        "robots_meta": None,
        "tdm_reservation": None,
        "tdm_policy": None,
        "license": None,
        "paywalled": None,
    }
