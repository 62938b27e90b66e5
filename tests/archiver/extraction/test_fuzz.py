"""Pages that nobody wrote: any of them has an article or none, and the same one each time."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.extraction import extract_html
from archiver.text import normalise, normalise_line
from tests.archiver.extraction.wild_pages import STORY, damaged_pages, written_pages

URL = "https://news.example.org/2024/05/03/ferry.html"
NOW = datetime(2026, 3, 4, tzinfo=UTC)

FUZZ = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@FUZZ
@given(written_pages)
def test_what_nobody_wrote_has_an_article_or_none(html: bytes) -> None:
    assert_sound(html)


@FUZZ
@given(damaged_pages)
def test_a_page_that_was_damaged_has_an_article_or_none(html: bytes) -> None:
    assert_sound(html)


@FUZZ
@given(st.binary(max_size=300), st.none() | st.sampled_from(["utf-16", "gbk", "utf-7", "x", "\0"]))
def test_octets_have_an_article_or_none(octets: bytes, charset: str | None) -> None:
    extract_html(octets, URL, charset=charset)
    extract_html(b"<p>" + octets + STORY.encode() + octets, URL, charset=charset)


def assert_sound(html: bytes) -> None:
    """Assert what is true of every article: normal texts, nothing empty, the same again."""
    article = extract_html(html, URL, captured_at=NOW)

    assert extract_html(html, URL, captured_at=NOW) == article
    if article is None:
        return
    assert article.text
    assert normalise(article.text) == article.text
    for name, value in asdict(article).items():
        assert value != "", name
    lines = [article.title, article.sitename, article.description, article.agency]
    for line in [*filter(None, lines), *article.authors, *article.captions, *article.tags]:
        assert normalise_line(line) == line
    json.dumps(asdict(article), allow_nan=False).encode()
