"""Articles that are spread over several pages, followed to their end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scrapy import Request

from archiver.capture import HELD_KEY, Page
from archiver.prospect import Prospect
from spiders.paging import Series, begun, went_on
from tests.spiders.prospects import SITE, answer, document, uuid, way

STORY = "/reports/canal"


def ask(url: str, series: Series) -> Request:
    return Request(url, cb_kwargs={"series": series})


def page_of(number: int, kind: str | None = "article", original: str | None = None) -> Page:
    response = answer(STORY, number=number)
    assert response.request is not None
    page: Page = response.request.meta["archive_page"]
    return replace(page, page_type=kind, original=original)


def begin(following: str | None, kind: str = "article") -> list[Page | Request]:
    prospect = document(kind, following=following)
    return list(begun(page_of(1, kind), prospect, answer(STORY), way("page"), ask))


def begin_series() -> Series:
    (request,) = begin(f"{STORY}?page=2")
    assert isinstance(request, Request)
    series: Series = request.cb_kwargs["series"]
    return series


def test_an_article_of_one_page_is_a_page_at_once() -> None:
    assert begin(None) == [page_of(1)]


def test_an_article_that_goes_on_waits_for_its_next_page() -> None:
    (request,) = begin(f"{STORY}?page=2")

    assert isinstance(request, Request)
    assert request.url == f"{SITE}{STORY}?page=2"
    assert [held.url for held in request.meta[HELD_KEY]] == [SITE + STORY]


@pytest.mark.parametrize(
    "following", ["/reports/tunnel", f"{STORY}?page=3", STORY, "/reports/tunnel?page=2"]
)
def test_what_follows_may_be_another_article(following: str) -> None:
    assert begin(following) == [page_of(1)]


def test_what_is_no_page_to_be_read_does_not_go_on() -> None:
    assert begin(f"{STORY}?page=2", kind="listing") == [page_of(1, "listing")]


def test_a_page_that_repeats_another_does_not_go_on() -> None:
    page = page_of(1, original=uuid(9))
    prospect = document("article", following=f"{STORY}?page=2")

    assert list(begun(page, prospect, answer(STORY), way("page"), ask)) == [page]


def test_the_last_page_completes_the_article() -> None:
    response = answer(f"{STORY}?page=2", number=2)

    part, whole = went_on(begin_series(), document("article"), response, ask)

    assert isinstance(part, Page)
    assert isinstance(whole, Page)
    assert (part.record_id, part.page_type) == (uuid(2), "part")
    assert (whole.record_id, whole.parts, whole.page_type) == (uuid(1), (uuid(2),), "article")


def test_a_page_in_the_middle_leads_on() -> None:
    response = answer(f"{STORY}?page=2", number=2)

    part, request = went_on(
        begin_series(), document("article", following=f"{STORY}?page=3"), response, ask
    )

    assert isinstance(part, Page)
    assert isinstance(request, Request)
    assert request.url == f"{SITE}{STORY}?page=3"
    assert len(request.meta[HELD_KEY]) == 2


@pytest.mark.parametrize(
    ("prospect", "status"),
    [(document("soft404"), 200), (document("article"), 404), (Prospect(kind="other"), 200)],
)
def test_where_the_next_page_is_none_the_article_ends(prospect: Prospect, status: int) -> None:
    response = answer(f"{STORY}?page=2", number=2, status=status)

    assert list(went_on(begin_series(), prospect, response, ask)) == [page_of(1)]


def test_an_article_does_not_go_on_for_ever() -> None:
    long = replace(begin_series().first, parts=(uuid(2),) * 49)
    series = replace(begin_series(), first=long)
    response = answer(f"{STORY}?page=51", number=3)

    *_, whole = went_on(series, document("article", following=f"{STORY}?page=52"), response, ask)

    assert isinstance(whole, Page)
    assert len(whole.parts) == 50
