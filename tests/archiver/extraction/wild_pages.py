"""Strategies for pages that nobody wrote, made of what extraction reacts to, or damaged."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

PAGES = [
    gzip.decompress(path.read_bytes())
    for path in sorted((Path(__file__).parents[2] / "pages").glob("*/*.html.gz"))
]
STORY = (
    "<h1>The ferry is back</h1><p>The ferry came back on Friday, and the first to go aboard was "
    "a cow that the captain greeted by its name.</p><p>It was the spring of many a year, he "
    "said, and nobody on the pier who heard him would have doubted it.</p>"
)


def words(text: str) -> list[str]:
    return text.split()


# What extraction reacts to

WORDS = words(
    "article story content body headline title byline author published modified date time "
    "caption credit figure gallery liveblog paywall related share comment footer nav menu sidebar "
    "advert newsletter cookie breadcrumb tags search login hidden entry-content post__text"
)
NAMES = words(
    "p p p div div span a b em br h1 h2 h3 ul li table tr td article main section header footer "
    "nav aside figure figcaption img picture time blockquote pre form input button iframe video "
    "svg noscript template script style title meta link base body html head select option "
    "textarea address details summary math frameset noframes plaintext x-odd"
)
SAID = st.sampled_from(
    [
        "By Odile Harkness", "By Odile Harkness and Jun Ferrante, Staff Writers", "(AP) — ",
        "3 May 2024", "2024-05-03T10:00:00+02:00", "31/31/2024", "0000-00-00", "Updated: May 3rd",
        "99999999999999", "Sign in to continue", "Read more", "Photo: A. Person / Reuters",
        "The ferry is back | Harbour Times", "渡船星期五回来了。", "می\u200cرود", "\u202eabc",
        "&amp;lt;b&gt;", "&#xD83D;", "&#0;", "\ud83d", "\0", "\ufeff", "\u00a0", "CafÃ©", " \n\t ",
        "https://news.example.org/a?b=c#d", "http://[", "//", "javascript:void(0)", "data:,", "",
        "The ferry came back on Friday, and the first to go aboard was a cow, said the captain.",
    ]
) | st.text(max_size=30)  # fmt: skip
KEYS = words(
    "@context @type @id @graph author creator name givenName url headline alternativeHeadline "
    "datePublished dateModified dateCreated uploadDate publisher image keywords articleSection "
    "articleBody description mainEntityOfPage mainEntity isAccessibleForFree hasPart isPartOf "
    "license sourceOrganization copyrightHolder creditText provider video itemListElement about "
    "liveBlogUpdate position item sameAs inLanguage"
)
TYPES = words(
    "NewsArticle Article BlogPosting LiveBlogPosting ReportageNewsArticle VideoObject "
    "ImageGallery WebPage CollectionPage Person Organization BreadcrumbList ItemList "
    "schema:Article"
)
METAS = words(
    "author byl article:author og:title og:type og:description og:url og:image og:site_name "
    "description keywords news_keywords article:published_time article:modified_time date "
    "dc.date dcterms.created parsely-pub-date sailthru.date twitter:title twitter:creator robots "
    "refresh generator tdm-reservation tdm-policy citation_author charset viewport"
)
ATTRIBUTES = words(
    "class id itemprop itemtype rel href src content datetime data-date style hidden role "
    "aria-hidden aria-label lang dir alt title property name type pubdate"
)

values = st.recursive(
    SAID | st.sampled_from(TYPES) | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
nodes = st.dictionaries(st.sampled_from(KEYS), values, max_size=8).flatmap(
    lambda node: st.sampled_from(TYPES).map(lambda kind: {**node, "@type": kind})
)
attributes = st.lists(
    st.tuples(
        st.sampled_from(ATTRIBUTES),
        SAID | st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    ),
    max_size=3,
).map(lambda pairs: "".join(f" {name}='{value}'" for name, value in pairs))
opened = st.builds("<{}{}>".format, st.sampled_from(NAMES), attributes)
closed = st.builds("</{}>".format, st.sampled_from(NAMES))
odd = st.sampled_from(
    ["<", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "&", "'>", '">', STORY]
)
scripts = st.builds(
    '<script type="application/ld+json">{}</script>'.format,
    (nodes | st.lists(nodes, max_size=3) | values).map(json.dumps) | SAID,
)
metas = st.builds(
    '<meta {}="{}" content="{}">'.format,
    st.sampled_from(["name", "property", "itemprop", "http-equiv"]),
    st.sampled_from(METAS),
    SAID,
)
tokens = st.lists(opened | opened | closed | SAID | odd | scripts | metas, max_size=40).map(
    "".join
)
written = st.builds(
    "{}<html><head>{}{}</head><body>{}{}{}".format,
    st.sampled_from(["", "<!DOCTYPE html>", "\ufeff", " "]),
    st.lists(scripts, max_size=2).map("".join),
    st.lists(metas, max_size=5).map("".join),
    tokens,
    st.sampled_from(["", STORY, f"<article>{STORY}", f'<div class="story-body">{STORY}']),
    tokens,
)


# Pages that were whole once


def cut(page: bytes, at: int, length: int, piece: bytes) -> bytes:
    at %= len(page) + 1
    return page[:at] + piece + page[at + length :]


def retagged(page: bytes, number: int, times: int) -> bytes:
    tags = list(re.finditer(rb"<[^>]*>", page))
    if not tags:
        return page
    tag = tags[number % len(tags)]
    return page[: tag.start()] + tag[0] * times + page[tag.end() :]


places = st.integers(0, 100_000)
mutations = st.lists(
    st.tuples(
        st.just(cut), places, st.sampled_from([0, 1, 8, 300, 100_000]), st.binary(max_size=3)
    )
    | st.tuples(
        st.just(cut), places, st.just(0), tokens.map(lambda text: text.encode("utf-8", "replace"))
    )
    | st.tuples(st.just(retagged), places, st.sampled_from([0, 0, 2, 3])),
    min_size=1,
    max_size=8,
)


def mutated(page: bytes, changes: list[tuple[Any, ...]]) -> bytes:
    for change, *how in changes:
        page = change(page, *how)
    return page


written_pages = written.map(lambda text: text.encode("utf-8", "surrogatepass"))
damaged_pages = st.builds(mutated, st.sampled_from(PAGES), mutations)
