from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import htmldate.extractors
import pytest

from archiver.extraction.dates import modified_date_of, published_date_of, rfc3339
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.tree import parse

TEXTS = [
    ("2024-05-03", "2024-05-03"),
    ("2024-5-3", "2024-05-03"),
    ("20240503", "2024-05-03"),
    ("2024-05-03T11:42:10Z", "2024-05-03T11:42:10Z"),
    ("2024-05-03T11:42:10+00:00", "2024-05-03T11:42:10Z"),
    ("2024-05-03T11:42:10.123456+0200", "2024-05-03T11:42:10+02:00"),
    ("2024-05-03 11:42 -03:30", "2024-05-03T11:42:00-03:30"),
    ("2024-05-03 11:42:10 UTC", "2024-05-03T11:42:10Z"),
    ("2024-05-03T11:42:10+02", "2024-05-03T11:42:10+02:00"),
    ("2024-05-03T11:42:10", "2024-05-03"),
    ("2024-05-03T24:00:00Z", "2024-05-03"),
    ("2024-05-03T11:42:10+99:00", "2024-05-03"),
    ("Fri, 03 May 2024 11:42:10 GMT", "2024-05-03T11:42:10Z"),
    ("Thu, 21 Dec 2023 09:45:16 PST", "2023-12-21T09:45:16-08:00"),
    ("Fri, 03 May 2024 11:42:10 -0000", "2024-05-03"),
    ("2024-13-01", None),
    ("2024-02-30", None),
    ("yesterday", None),
    ("1714736530", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_date_is_written_as_rfc_3339_has_it(text: str, expected: str | None) -> None:
    assert rfc3339(text) == expected


def published(
    markup: str,
    article: dict[str, Any] | None = None,
    url: str | None = None,
    captured_at: datetime | None = None,
) -> str | None:
    tree = parse(f"<html><head>{markup}</head><body><p>x</p></body></html>".encode())
    assert tree is not None
    return published_date_of(tree, MetaTags(tree), article, url, captured_at)


META = '<meta property="article:published_time" content="2024-05-03T11:42:10Z">'


def test_linked_data_goes_before_meta_elements() -> None:
    assert published(META, {"datePublished": "2024-05-02"}) == "2024-05-02"


@pytest.mark.parametrize("value", ["", "soon", "0001-01-01T00:00:00Z", "1970-01-01", 20240503])
def test_what_is_no_date_makes_way_for_the_next(value: object) -> None:
    assert published(META, {"datePublished": value}) == "2024-05-03T11:42:10Z"


@pytest.mark.parametrize(
    "markup",
    [
        '<meta name="dc.date.issued" content="2024-05-03">',
        '<meta itemprop="datePublished" content="2024-05-03">',
        '<time itemprop="datePublished" datetime="2024-05-03">3 May</time>',
        '<span itemprop="datePublished" content="2024-05-03">3 May</span>',
        '<p class="date">Published on May 3, 2024</p>',
    ],
)
def test_markup_tells_the_date(markup: str) -> None:
    assert published(markup) == "2024-05-03"


def test_the_address_tells_the_date() -> None:
    assert published("", url="https://a.example/2024/05/03/ferry") == "2024-05-03"


def test_a_year_in_a_copyright_line_is_no_date() -> None:
    assert published("<p>© 2019 The Harbour Times</p>") is None


def test_nothing_is_published_after_it_was_captured() -> None:
    captured_at = datetime(2024, 4, 1, tzinfo=UTC)

    assert published(META, {"datePublished": "2031-01-02"}, captured_at=captured_at) is None
    assert published("<p>Published on May 3, 2024</p>", captured_at=captured_at) is None


def test_a_page_may_be_in_a_zone_where_it_is_tomorrow() -> None:
    captured_at = datetime(2024, 5, 2, 23, tzinfo=UTC)

    assert published(META, captured_at=captured_at) == "2024-05-03T11:42:10Z"


def test_the_last_change_is_read() -> None:
    tree = parse(b'<meta property="article:modified_time" content="2024-05-04T08:00:00Z"><p>x')
    assert tree is not None

    assert modified_date_of(MetaTags(tree), {"dateModified": "?"}, None) == "2024-05-04T08:00:00Z"
    assert modified_date_of(MetaTags(tree), {"dateModified": "2024-05-05"}, None) == "2024-05-05"


def test_a_date_that_lacks_its_day_is_not_filled_in_from_today() -> None:
    found = htmldate.extractors.try_date_expr(
        "2019 March, 12:30 CST", "%Y-%m-%d", True, datetime(1995, 1, 1), datetime(2100, 1, 1)
    )

    assert found == "2019-03-01", (
        "htmldate reads the clock again: see how htmldate.extractors calls dateutil, and "
        "archiver.extraction.dates for what we put in its place"
    )
