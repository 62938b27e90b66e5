"""Article pages, one by one: what is asked for, and what is declared a page."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler
from twisted.python.failure import Failure

from archiver.capture import Location, Page
from archiver.errors import SeedError
from spiders.article import ArticleSpider

PAGE = Page(
    target="http://example.org/story",
    captured_at=datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC),
    record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
    location=Location(filename="a.warc.gz", offset=10, length=20),
    collection="news",
)


def spider(**arguments: Any) -> ArticleSpider:  # Any: what a command line gives
    return ArticleSpider.from_crawler(get_crawler(ArticleSpider), **arguments)


def requests_of(spider: ArticleSpider) -> list[Request]:
    async def started() -> list[Request]:
        return [request async for request in spider.start()]

    return asyncio.run(started())


def test_a_url_is_asked_for_once() -> None:
    (request,) = requests_of(spider(url="https://www.example.org/story"))

    assert (request.url, request.method) == ("https://www.example.org/story", "GET")
    assert request.cb_kwargs == {"seed": "https://www.example.org/story"}


def test_the_seeds_of_a_list_are_asked_for_in_order_and_once_each(tmp_path: Path) -> None:
    path = tmp_path / "seeds.txt"
    path.write_text(
        "# stories\nhttps://example.org/b\n\nhttps://example.org/a\nhttps://example.org/b\n"
    )

    requests = requests_of(spider(seeds=str(path)))

    assert [request.url for request in requests] == [
        "https://example.org/b",
        "https://example.org/a",
    ]


def test_a_toml_list_serves_too(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    path.write_text('[[seed]]\nurl = "https://example.org/a"\nkind = "article"\n')

    assert [request.url for request in requests_of(spider(seeds=str(path)))] == [
        "https://example.org/a"
    ]


@pytest.mark.parametrize("arguments", [{}, {"url": "http://example.org/", "seeds": "x.txt"}])
def test_a_spider_wants_either_a_url_or_a_list(arguments: dict[str, str]) -> None:
    with pytest.raises(SeedError) as refusal:
        spider(**arguments)

    assert str(refusal.value) == ("name what to fetch: either -a url=URL or -a seeds=FILE")


@pytest.mark.parametrize(
    "arguments",
    [
        {"url": ""},
        {"url": "ftp://example.org/"},
        {"url": "no url"},
        {"seeds": ""},
        {"seeds": "/nowhere/seeds.txt"},
        {"seeds": "/"},
    ],
)
def test_seeds_that_cannot_be_used_are_refused_before_anything_is_fetched(
    arguments: dict[str, str],
) -> None:
    with pytest.raises(SeedError) as refusal:
        spider(**arguments)

    assert "\n" not in str(refusal.value)


def test_other_arguments_become_attributes_as_with_any_spider() -> None:
    assert vars(spider(url="http://example.org/", note="x"))["note"] == "x"


def answer(kind: type[Response]) -> Response:
    request = Request("http://example.org/story", meta={"archive_page": PAGE})
    return kind("http://example.org/story", request=request)


def test_an_answer_in_html_is_declared_a_page_with_its_seed() -> None:
    article = spider(url="http://example.org/s")

    (page,) = article.parse(answer(HtmlResponse), seed="http://example.org/s")

    assert (page.record_id, page.seed) == (PAGE.record_id, "http://example.org/s")


def test_any_other_answer_is_archived_and_no_page() -> None:
    article = spider(url="http://example.org/s")

    assert list(article.parse(answer(Response), seed="http://example.org/s")) == []


def test_a_seed_that_is_no_article_is_taken_for_a_page_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "seeds.toml"
    path.write_text('[[seed]]\nurl = "https://example.org/"\nkind = "front"\n')

    requests = requests_of(spider(seeds=str(path)))

    assert [request.url for request in requests] == ["https://example.org/"]
    assert caplog.messages == [
        "https://example.org/ is a front: this spider takes it for one page and follows no link"
    ]


def failed(error: Exception) -> Any:  # Any: Scrapy gives a Failure its request
    failure: Any = Failure(error)  # type: ignore[no-untyped-call]
    failure.request = Request("http://ada:s3cret@example.org/story")
    return failure


@pytest.mark.parametrize(
    ("error", "level", "reason"),
    [
        (CannotResolveHostError("no address"), "ERROR", "no address"),
        (DownloadFailedError(), "ERROR", "DownloadFailedError"),
        (IgnoreRequest("Forbidden by robots.txt"), "INFO", "Forbidden by robots.txt"),
    ],
)
def test_a_seed_that_gave_no_page_is_said_in_a_line_without_credentials(
    error: Exception, level: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    article = spider(url="http://example.org/story")
    caplog.clear()

    article.say_why_not(failed(error))

    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        (level, f"No page from http://example.org/story: {reason}")
    ]


# What sets a crawl apart


def given(text: str) -> io.TextIOWrapper:
    """Return a standard input that holds *text*."""
    return io.TextIOWrapper(io.BytesIO(text.encode("utf-8")))


def test_the_jobs_of_two_urls_differ() -> None:
    one, another = spider(url="https://example.org/a"), spider(url="https://example.org/b")

    assert one.archive_job != another.archive_job


def test_a_list_is_the_same_job_by_whatever_way_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "seeds.txt").write_text("https://example.org/a\n")
    monkeypatch.chdir(tmp_path)

    named = spider(seeds="seeds.txt")

    assert named.archive_job == spider(seeds=str(tmp_path / "seeds.txt")).archive_job


@pytest.mark.parametrize(
    ("text", "is_same"),
    [("https://example.org/b\nhttps://example.org/a\n", True), ("https://example.org/a\n", False)],
)
def test_a_list_from_standard_input_is_known_by_what_is_in_it(
    monkeypatch: pytest.MonkeyPatch, text: str, is_same: bool
) -> None:
    monkeypatch.setattr("sys.stdin", given("https://example.org/a\nhttps://example.org/b\n"))
    first = spider(seeds="-").archive_job
    monkeypatch.setattr("sys.stdin", given(text))

    assert (spider(seeds="-").archive_job == first) is is_same
