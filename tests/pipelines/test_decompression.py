"""What a spider gets of a body that grows when it is decoded."""

from __future__ import annotations

import gzip

import pytest
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import HtmlResponse, Response
from scrapy.utils.test import get_crawler

from pipelines.decompression import Decompression

PAGE = b"<p>The ferry is late.</p>"
BOMB = gzip.compress(b"a" * 5_000_000)


def decoded(body: bytes, *, maxsize: int = 1 << 30) -> Response:
    crawler = get_crawler(
        settings_dict={"ARCHIVE_SPIDER_BYTES": 1_000_000, "DOWNLOAD_MAXSIZE": maxsize}
    )
    request = Request("http://example.org/")
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/html"}
    response = Response(request.url, headers=headers, body=body, flags=["before"])
    found = Decompression.from_crawler(crawler).process_response(request, response)
    assert isinstance(found, Response)
    return found


def test_a_body_within_the_limit_is_decoded_as_by_scrapy() -> None:
    response = decoded(gzip.compress(PAGE))

    assert isinstance(response, HtmlResponse)
    assert (response.body, response.flags) == (PAGE, ["before"])
    assert b"Content-Encoding" not in response.headers


def test_a_body_that_grows_beyond_the_limit_is_withheld_and_flagged() -> None:
    response = decoded(BOMB)

    assert (response.body, response.flags) == (b"", ["before", "archive_body_withheld"])
    assert b"Content-Encoding" not in response.headers


def test_a_lower_limit_of_scrapys_own_holds_as_before() -> None:
    with pytest.raises(IgnoreRequest, match="DOWNLOAD_MAXSIZE"):
        decoded(BOMB, maxsize=1000)
