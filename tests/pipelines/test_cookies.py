"""Cookies are kept and sent back as ever, but no more and no longer ones than a client must."""

from __future__ import annotations

import pytest
from scrapy import Request, Spider
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from pipelines.cookies import Cookies

URL = "http://paper.example.org/"


@pytest.fixture
def cookies() -> Cookies:
    return Cookies.from_crawler(get_crawler(Spider))


def answered(cookies: Cookies, *fields: str, url: str = URL) -> Response:
    """Have *url* set cookies by *fields*; return what the spider gets."""
    request = Request(url)
    response = Response(url, headers={"Set-Cookie": list(fields)}, body=b"The ferry is late.")
    found = cookies.process_response(request, response)
    assert isinstance(found, Response)
    return found


def sent(cookies: Cookies, url: str = URL) -> list[bytes]:
    """Return the cookies that the next request for *url* has, sorted."""
    request = Request(url)
    cookies.process_request(request)
    field = request.headers.get(b"Cookie") or b""
    return sorted(field.split(b"; ")) if field else []


def names(first: int, last: int) -> list[str]:
    return [f"c{number:05}=x" for number in range(first, last)]


def test_a_cookie_is_sent_back_to_its_site_alone(cookies: Cookies) -> None:
    answered(cookies, "a=1; Path=/", "b=2; Domain=example.org", "c=3; Path=/inner")

    assert sent(cookies) == [b"a=1", b"b=2"]
    assert sent(cookies, f"{URL}inner/page") == [b"a=1", b"b=2", b"c=3"]
    assert sent(cookies, "http://other.example.org/") == [b"b=2"]
    assert sent(cookies, "http://example.com/") == []


def test_a_cookie_is_replaced_and_taken_back(cookies: Cookies) -> None:
    answered(cookies, "a=1", "b=1")
    answered(cookies, "a=2", "b=; Max-Age=0")

    assert sent(cookies) == [b"a=2"]


def test_an_answer_sets_no_more_than_fifty(cookies: Cookies) -> None:
    response = answered(cookies, *names(0, 9000))

    assert sent(cookies) == [name.encode() for name in names(0, 50)]
    assert cookies.crawler.stats is not None
    assert cookies.crawler.stats.get_value("archive/cookie_limited_count") == 8950
    assert len(response.headers.getlist("Set-Cookie")) == 9000
    assert response.body == b"The ferry is late."


def test_many_answers_leave_the_last_fifty_of_a_domain(cookies: Cookies) -> None:
    answered(cookies, *names(0, 40))
    answered(cookies, *names(0, 1))
    answered(cookies, *names(40, 70))

    assert sent(cookies) == [name.encode() for name in [*names(0, 1), *names(21, 70)]]


def test_what_was_taken_back_needs_no_room_later(cookies: Cookies) -> None:
    answered(cookies, *names(0, 50))
    answered(cookies, *(f"{name}; Max-Age=0" for name in names(0, 50)))
    answered(cookies, *names(50, 100))

    assert sent(cookies) == [name.encode() for name in names(50, 100)]


@pytest.mark.parametrize(("length", "count"), [(4096, 1), (4097, 0)])
def test_a_cookie_longer_than_a_client_must_take_is_not_kept(
    cookies: Cookies, length: int, count: int
) -> None:
    answered(cookies, "a=" + "x" * (length - 1))

    assert len(sent(cookies)) == count


def test_the_cookies_of_hosts_long_gone_make_room(cookies: Cookies) -> None:
    answered(cookies, "a=1", url="http://first.example/")
    answered(cookies, "a=1", url="http://second.example/")
    answered(cookies, "b=1", url="http://first.example/")
    for number in range(2999):
        answered(cookies, "a=1", url=f"http://h{number}.example/")

    assert sent(cookies, "http://first.example/") == [b"a=1", b"b=1"]
    assert sent(cookies, "http://second.example/") == []
    assert sent(cookies, "http://h2998.example/") == [b"a=1"]


def test_jars_are_apart(cookies: Cookies) -> None:
    request = Request(URL, meta={"cookiejar": "one"})
    cookies.process_response(request, Response(URL, headers={"Set-Cookie": "a=1"}))

    assert sent(cookies) == []


def test_without_cookies_there_is_no_middleware() -> None:
    with pytest.raises(NotConfigured):
        Cookies.from_crawler(get_crawler(Spider, {"COOKIES_ENABLED": False}))
