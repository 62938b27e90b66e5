from __future__ import annotations

from dataclasses import asdict

import pytest

from archiver.extraction.article import Article
from archiver.extraction.blocks import blocks_of
from archiver.extraction.declared import declared_by
from archiver.extraction.linked_data import nodes_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.metadata import article_from
from archiver.extraction.tree import parse

URL = "https://news.example.org/2/ferry?ref=feed"
TEXT = "The ferry came back to the quay on Friday."
CAPTIONS = ("The ferry at the quay",)


def article(markup: str) -> Article:
    tree = parse(f"<html><head>{markup}</head><body><p>{TEXT}</p></body></html>".encode())
    assert tree is not None
    page = declared_by(tree, URL, MetaTags(tree), nodes_of(tree))
    return article_from(tree, blocks_of(tree), page, TEXT, CAPTIONS, "article", URL, None)


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
    ("categories", meta("parsely-section", "Harbour"), ("Harbour",)),
    ("tags", meta("keywords", "ferry, quay,,Ferry, cow"), ("ferry", "quay", "cow")),
    ("tags", meta("dc.subject", "ferry"), ("ferry",)),
    ("tags", meta("keywords", "," * 1_000_000 + "ferry"), ()),
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
    ("agency", linked('"copyrightHolder": {"name": "The Associated Press"}'), "Associated Press"),
    ("agency", "<p>Copyright 2025 NPR</p>", "National Public Radio"),
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
        "captions": CAPTIONS,
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


ODD = '[[["x"]], 7, null, true, {"name": {"name": []}}, {"@id": {}}, {"@value": [1]}]'
NAMES = (
    "headline", "author", "publisher", "datePublished", "dateModified", "image", "keywords",
    "articleSection", "description", "license", "url", "mainEntityOfPage", "hasPart",
    "sourceOrganization", "copyrightHolder", "provider", "creditText", "isAccessibleForFree",
)  # fmt: skip


def test_odd_values_say_nothing() -> None:
    found = asdict(article(linked(", ".join(f'"{name}": {ODD}' for name in NAMES))))

    assert (found["title"], found["authors"], found["published_date"]) == (None, (), None)
    assert (found["agency"], found["paywalled"], found["image_url"]) == (None, None, None)


def test_a_page_of_great_size_is_read_in_no_time() -> None:
    block = "<div class='date author byline source' itemprop='author'>By 3 May 2024</div>"

    found = article(f"<h1 id='{'x' * 1_000_000}'>Ferry is back</h1>{block * 20_000}")

    assert (found.title, found.published_date) == ("Ferry is back", "2024-05-03")
