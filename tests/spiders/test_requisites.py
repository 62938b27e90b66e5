"""What is asked for beside a page that a spider yields, and beside a stylesheet that came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from archiver.capture import PAGE_KEY, REQUISITE_KEY, UNDONE_KEY, Location, Page
from spiders.packing import pack, unpack
from spiders.requisites import Missed, Requisites, missed

PAGE_ID = "00000000-0000-4000-8000-000000000001"
PAGE = Page(
    target="http://paper.example/story",
    captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
    record_id=f"<urn:uuid:{PAGE_ID}>",
    location=Location(filename="a.warc.gz", offset=10, length=20),
    collection="news",
)
HTML = (
    b'<link rel="stylesheet" href="/a.css"><img src="/b.png">'
    b'<img src="http://pictures.example/c.png">'
)


class Crawl:
    """A crawl's middleware, and what it counted."""

    def __init__(self, **settings: object) -> None:
        crawler = get_crawler(Spider, {"ARCHIVE_REQUISITES": True, **settings})
        self.spider = Spider("any")
        self.stats = crawler.stats
        self.middleware = Requisites.from_crawler(crawler)

    def output(self, response: Response, *items: Any) -> list[Any]:  # Any: whatever is yielded
        """Return what comes of a callback that yields *items* for *response*."""

        async def result() -> AsyncIterator[Any]:
            for item in items:
                yield item

        async def gathered() -> list[Any]:
            output = self.middleware.process_spider_output(response, result())
            return [item async for item in output]

        return asyncio.run(gathered())

    def asked(self, response: Response, *items: Any) -> list[Request]:
        """Return what is asked for beside *items*."""
        return [item for item in self.output(response, *items) if isinstance(item, Request)]

    def count(self, name: str) -> int:
        """Return what was counted under *name*."""
        counted: int = self.stats.get_value(f"archive/requisite_{name}", 0)
        return counted


def page_response(body: bytes = HTML, page: Page = PAGE, priority: int = 0) -> HtmlResponse:
    request = Request(page.target, meta={PAGE_KEY: page}, priority=priority)
    return HtmlResponse(page.target, body=body, request=request)


def arrived(
    request: Request, body: bytes = b"", status: int = 200, media_type: str = "text/css"
) -> Response:
    headers = {"Content-Type": media_type}
    return TextResponse(request.url, body=body, status=status, headers=headers, request=request)


def urls_of(requests: list[Request]) -> list[str]:
    return [request.url for request in requests]


def failure_of(request: Request, error: Exception) -> Any:  # Any: Scrapy gives it a request
    failure: Any = Failure(error)  # type: ignore[no-untyped-call]
    failure.request = request
    return failure


@pytest.mark.parametrize(
    "settings",
    [
        {"ARCHIVE_REQUISITES": False},
        {"ARCHIVE_ENABLED": False},
        {"ARCHIVE_REPLAY_FROM": "news.wacz"},
    ],
)
def test_nothing_is_asked_for_where_nobody_wants_it(settings: dict[str, object]) -> None:
    with pytest.raises(NotConfigured):
        Crawl(**settings)


def test_a_page_is_followed_by_what_it_needs() -> None:
    other = {"any": "item"}
    output = Crawl().output(page_response(), other, PAGE, other)

    assert output[:2] == [other, PAGE]
    assert [getattr(item, "url", item) for item in output[2:]] == [
        "http://paper.example/a.css",
        "http://paper.example/b.png",
        "http://pictures.example/c.png",
        other,
    ]


def test_a_requisite_knows_its_page_and_no_domain_holds_for_it() -> None:
    request = Crawl(DOWNLOAD_MAXSIZE=1000).asked(page_response(), PAGE)[1]

    assert request.meta == {
        REQUISITE_KEY: PAGE_ID,
        "allow_offsite": True,
        "download_maxsize": 1000,
        "give_up_log_level": "DEBUG",
    }
    assert not request.dont_filter


def test_a_requisite_comes_before_other_pages() -> None:
    (style, *_) = Crawl().asked(page_response(priority=5), PAGE)
    crawl = Crawl()
    (nested,) = crawl.asked(arrived(style, b"p { background: url(d.png) }"))

    assert (style.priority, nested.priority) == (6, 6)


@pytest.mark.parametrize(
    ("own", "general", "expected"), [(50, 100, 50), (100, 50, 50), (0, 50, 50), (0, 0, 0)]
)
def test_the_lower_limit_holds_for_its_length(own: int, general: int, expected: int) -> None:
    crawl = Crawl(ARCHIVE_REQUISITES_MAX_BYTES=own, DOWNLOAD_MAXSIZE=general)

    assert crawl.asked(page_response(), PAGE)[0].meta["download_maxsize"] == expected


def test_a_requisite_survives_the_frontier() -> None:
    crawl = Crawl()
    before = crawl.asked(page_response(), PAGE)[0]
    after = unpack(pack(before, crawl.spider), crawl.spider)

    assert (after.url, after.meta, after.priority) == (before.url, before.meta, before.priority)
    assert (after.callback, after.errback) == (before.callback, before.errback)


def test_a_page_of_another_response_has_no_html_to_be_read() -> None:
    other = Page(
        target=PAGE.target,
        captured_at=PAGE.captured_at,
        record_id="<urn:uuid:00000000-0000-4000-8000-000000000002>",
        location=PAGE.location,
        collection="news",
    )

    assert Crawl().asked(page_response(), other) == []


def test_what_was_asked_for_is_not_asked_for_again() -> None:
    crawl = Crawl()
    crawl.asked(page_response(), PAGE)

    assert urls_of(crawl.asked(page_response(HTML + b'<img src="/d.png">'), PAGE)) == [
        "http://paper.example/d.png"
    ]


def test_a_stylesheet_is_followed_by_what_it_names() -> None:
    crawl = Crawl()
    style = crawl.asked(page_response(), PAGE)[0]
    found = crawl.asked(arrived(style, b"@import 'e.css'; p { background: url(/f.png) }"))

    assert urls_of(found) == ["http://paper.example/e.css", "http://paper.example/f.png"]
    assert [request.meta[REQUISITE_KEY] for request in found] == [PAGE_ID, PAGE_ID]


@pytest.mark.parametrize(
    ("place", "status", "media_type"),
    [(0, 404, "text/css"), (0, 200, "text/html; charset=utf-8"), (1, 200, "text/css")],
)
def test_what_is_no_stylesheet_is_not_read(place: int, status: int, media_type: str) -> None:
    crawl = Crawl()
    request = crawl.asked(page_response(), PAGE)[place]

    assert crawl.asked(arrived(request, b"p { src: url(no.png) }", status, media_type)) == []


def test_stylesheets_import_one_another_five_deep_and_no_more() -> None:
    crawl = Crawl()
    requests, names = crawl.asked(page_response(), PAGE), []
    while requests:
        names.append(requests[0].url)
        following = f"@import '{len(names)}.css';".encode()
        requests = crawl.asked(arrived(requests[0], following))

    assert names[-1] == "http://paper.example/4.css"


def test_what_comes_and_what_does_not_is_counted() -> None:
    crawl = Crawl()
    style, picture, other = crawl.asked(page_response(), PAGE)
    crawl.asked(arrived(style))
    crawl.asked(arrived(picture, status=404))
    (said,) = missed(failure_of(other, OSError("gone")))
    with pytest.raises(IgnoreRequest):
        crawl.middleware.request_scheduled(said)

    assert isinstance(said, Missed)
    assert (crawl.count("count"), crawl.count("failed_count")) == (1, 2)


def test_an_error_status_is_counted_once() -> None:
    crawl = Crawl()
    request = crawl.asked(page_response(), PAGE)[1]

    assert list(missed(failure_of(request, HttpError(arrived(request, status=404))))) == []


def test_what_the_next_run_asks_for_again_has_not_failed() -> None:
    request = Request("http://paper.example/a.png", meta={UNDONE_KEY: True})

    assert list(missed(failure_of(request, IgnoreRequest()))) == []


def test_a_page_has_no_more_than_it_may_with_those_of_its_stylesheets() -> None:
    crawl = Crawl(ARCHIVE_REQUISITES_PER_PAGE=2)
    found = crawl.asked(page_response(), PAGE)
    nested = crawl.asked(arrived(found[0], b"p { background: url(d.png) }"))

    assert urls_of(found) == ["http://paper.example/a.css", "http://paper.example/b.png"]
    assert nested == []
    assert crawl.count("limited_count") == 2


def test_a_host_is_asked_for_no_more_than_it_may_be() -> None:
    crawl = Crawl(ARCHIVE_REQUISITES_PER_HOST=1)

    assert urls_of(crawl.asked(page_response(), PAGE)) == [
        "http://paper.example/a.css",
        "http://pictures.example/c.png",
    ]
    assert crawl.count("limited_count") == 1


def test_zero_is_no_limit() -> None:
    crawl = Crawl(ARCHIVE_REQUISITES_PER_HOST=0, ARCHIVE_REQUISITES_PER_PAGE=0)

    assert len(crawl.asked(page_response(), PAGE)) == 3


def test_what_the_frontier_had_seen_counts_for_nobody() -> None:
    crawl = Crawl(ARCHIVE_REQUISITES_PER_HOST=2, ARCHIVE_REQUISITES_PER_PAGE=3)
    for request in crawl.asked(page_response(), PAGE):
        crawl.middleware.request_dropped(request)

    found = crawl.asked(page_response(b'<img src="/d.png"><img src="/e.png">'), PAGE)
    assert len(found) == 2


def test_a_redirect_that_was_seen_takes_nothing_back() -> None:
    crawl = Crawl(ARCHIVE_REQUISITES_PER_HOST=1)
    request = crawl.asked(page_response(b'<img src="/d.png">'), PAGE)[0]
    request.meta["redirect_times"] = 1
    crawl.middleware.request_dropped(request)

    assert crawl.asked(page_response(b'<img src="/e.png">'), PAGE) == []
