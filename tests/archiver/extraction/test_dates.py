from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from archiver.extraction.annotations import Annotations
from archiver.extraction.dates import Dates, dates_of
from archiver.extraction.headings import Headings, heading_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.tree import parse


def dates(
    markup: str,
    article: dict[str, Any] | None = None,
    url: str | None = None,
    captured_at: datetime | None = None,
    nodes: list[dict[str, Any]] | None = None,
) -> Dates:
    tree = parse(f"<html><head>{markup}</head><body><p>x</p></body></html>".encode())
    assert tree is not None
    near = Surroundings(heading_of(Headings(tree), None))
    meta, annotations = MetaTags(tree), Annotations(tree)
    return dates_of(tree, meta, annotations, nodes or [], article, near, url, captured_at)


def published(markup: str, *arguments: Any, **more: Any) -> str | None:
    return dates(markup, *arguments, **more).published


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
    meta = '<meta property="article:modified_time" content="2024-05-04T08:00:00Z">'

    assert dates(meta, {"dateModified": "?"}).modified == "2024-05-04T08:00:00Z"
    assert dates(meta, {"dateModified": "2024-05-05"}).modified == "2024-05-05"


def test_a_change_that_is_only_shown_is_read_beside_the_headline() -> None:
    found = dates("<h1>Ferry is back</h1><p>Published May 3, 2024. Updated May 4, 2024</p>")

    assert found == Dates(published="2024-05-03", modified="2024-05-04")


def test_a_page_that_shows_only_its_last_change_is_of_that_day() -> None:
    found = dates("<h1>Ferry is back</h1><p>Updated May 4, 2024</p>")

    assert found == Dates(published="2024-05-04", modified="2024-05-04")


@pytest.mark.parametrize(
    "more",
    ["unchanged since: May 3, 2024", "valid from May 3, 2024", "Effective date: May 3, 2024",
     "gültig ab 3. Mai 2024", "not updated since May 3, 2020"],
)  # fmt: skip
def test_since_when_something_is_so_is_no_date_of_the_page(more: str) -> None:
    found = dates(f"<h1>Ferry</h1><p>Updated May 4, 2024 ({more})</p>")

    assert found == Dates(published="2024-05-04", modified="2024-05-04")


@pytest.mark.parametrize(
    "shown",
    ["Online seit 3. Mai 2024, 10.29 Uhr", "Published and effective May 3, 2024",
     "Posted and effective: <time datetime=2024-05-03>May 3</time>"],
)  # fmt: skip
def test_since_when_a_page_is_there_is_its_date(shown: str) -> None:
    other = "<p class=date>9. Juni 2024</p>"

    assert published(f"<h1>Ferry</h1><p>{shown}</p>{other}") == "2024-05-03"


def test_a_declared_date_may_be_written_in_words() -> None:
    assert published('<meta name="pubdate" content="May 3, 2024">') == "2024-05-03"


def test_the_page_around_the_article_may_declare_the_date() -> None:
    page = {"@type": "WebPage", "datePublished": "2024-05-03T08:00:00Z"}

    assert published("", nodes=[page]) == "2024-05-03T08:00:00Z"


URL = "https://a.example/2024/05/03/ferry"


def test_the_address_goes_before_a_day_that_is_shown() -> None:
    assert published("<h1>Ferry</h1><p>May 9, 2024</p>", url=URL) == "2024-05-03"


@pytest.mark.parametrize(
    ("declared", "day"),
    [
        ("2024-05-09T08:00:00Z", "2024-05-09T08:00:00Z"),
        ("2024-06-02T08:00:00Z", "2024-06-02T08:00:00Z"),
        ("2024-06-03T08:00:00Z", "2024-05-03"),  # the site has moved
        ("2022-05-03T08:00:00Z", "2022-05-03T08:00:00Z"),  # the article has
    ],
)
def test_a_day_that_is_declared_goes_before_that_in_the_address_by_a_month(
    declared: str, day: str
) -> None:
    meta = f'<meta property="article:published_time" content="{declared}">'

    assert published(meta, url=URL) == day


def test_a_day_in_the_address_may_have_a_month_with_a_name() -> None:
    assert published(META, url="https://a.example/2023/may/3/ferry") == "2023-05-03"


def test_what_is_declared_is_not_believed_beyond_the_capture_for_its_address() -> None:
    captured_at = datetime(2024, 4, 20, tzinfo=UTC)
    url = "https://a.example/2024/04/15/ferry"

    assert published(META, url=url, captured_at=captured_at) == "2024-04-15"


def test_a_page_that_has_moved_may_still_have_its_time() -> None:
    shown = "<h1>Ferry</h1><time datetime='2024-05-03T09:30:00-04:00'>May 3</time>"
    moved = {"datePublished": "2024-08-01T08:00:00Z"}

    assert published(shown, moved, url=URL) == "2024-05-03T09:30:00-04:00"
    assert published(META, moved, url=URL) == "2024-05-03T11:42:10Z"


@pytest.mark.parametrize(
    "path",
    ["news/2023-10-07-one-year-on", "quarter-ended-2023-12-31", "2024/1/12-dead-on-quay",
     "2024/jan/12-dead-on-quay"],
)  # fmt: skip
def test_a_day_in_the_name_of_a_page_is_no_reason_to_doubt_it(path: str) -> None:
    assert published(META, url=f"https://a.example/{path}") == "2024-05-03T11:42:10Z"


def test_a_time_that_is_shown_completes_the_day_in_the_address() -> None:
    shown = "<h1>Ferry</h1><time datetime='2024-05-03T09:30:00-04:00'>May 3</time>"

    assert published(shown, url=URL) == "2024-05-03T09:30:00-04:00"


def test_a_number_in_the_address_is_a_date_where_there_is_no_other() -> None:
    url = "https://a.example/story/A202405031200"

    assert published("", url=url) == "2024-05-03"
    assert published("<h1>Ferry</h1><p>May 9, 2024</p>", url=url) == "2024-05-09"


def test_a_date_in_prose_is_none_of_the_pages() -> None:
    prose = "The harbour board said on May 3, 2024 that it would buy a second ferry for the bay."
    assert (
        published(f"<h1>Ferry</h1><p class='date'>May 9, 2024</p><p>{prose}</p>") == "2024-05-09"
    )


def test_a_day_that_is_called_published_goes_before_a_bare_one_that_is_nearer() -> None:
    shown = "<p>Published: 3 May 2024</p><h1>Ferry</h1><p>5 June 2023</p>"

    assert published(shown) == "2024-05-03"


def test_a_change_that_stands_before_the_headline_is_one() -> None:
    shown = "<p>Updated: 7 May 2024</p><h1>Ferry</h1><p>Published: 3 May 2024</p>"

    assert dates(shown) == Dates(published="2024-05-03", modified="2024-05-07")


@pytest.mark.parametrize("value", [20240503, 1.5, True, None, [], {}, [[["x"]]], {"@value": {}}])
def test_odd_values_declare_nothing(value: object) -> None:
    assert dates("", {"datePublished": value, "dateModified": value}) == Dates(
        published=None, modified=None
    )
