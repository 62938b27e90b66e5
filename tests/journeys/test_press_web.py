"""The press by itself: its hosts answer as described, and its book says what was asked."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Self
from urllib.parse import urljoin, urlsplit

import pytest

from tests.journeys.commands import wait_until
from tests.journeys.press import Press
from tests.journeys.press.sheet import Kind

Answer = tuple[http.client.HTTPResponse, bytes]


@pytest.fixture(scope="module")
def web() -> Iterator[Press]:
    """Let the press answer to all tests that change nothing in it."""
    with Press() as press:
        yield press


@pytest.fixture
def press() -> Iterator[Press]:
    """Let a press answer to one test alone."""
    with Press() as press:
        yield press


def fetch(press: Press, url: str, **fields: str) -> Answer:
    """Ask for *url* as a crawl does whose resolver has the names of *press*."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    connection = http.client.HTTPConnection(press.address(host), press.port, timeout=5)
    target = url.removeprefix(f"{parts.scheme}://{parts.netloc}")
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    connection.request("GET", target, headers={"Host": parts.netloc, **named})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def statuses(press: Press, *urls: str) -> list[int]:
    return [fetch(press, url)[0].status for url in urls]


# What it has


def test_more_than_twelve_hosts_answer_at_one_port_by_names_of_their_own(web: Press) -> None:
    addresses = {address for answers in web.names.values() for (address,) in answers[:1]}

    assert len(web.names) == 17
    assert len(addresses) == 16  # two names lead to one address inside
    assert all(address.startswith("127.0.") for address in addresses)


def test_what_has_to_come_home_is_written_down(web: Press) -> None:
    assert len(web.announced) == 91
    assert len(web.linked) == 8
    assert len(web.seeds) == 13
    assert web.announced.isdisjoint(web.forbidden)
    assert web.announced | web.linked <= web.marks.keys()


def test_every_announced_article_is_there_with_its_mark(press: Press) -> None:
    quiet = [url for url in sorted(press.announced) if "rush-hour" not in url]
    answers = {url: fetch(press, url) for url in quiet}
    unmarked = [u for u, (_, body) in answers.items() if press.marks[u][0].encode() not in body]

    assert {answer.status for answer, _ in answers.values()} == {200}
    assert unmarked == []
    assert {entry.kind for entry in press.book} == {"article"}


def test_no_two_articles_are_the_same(web: Press) -> None:
    marks = [mark for marks in web.marks.values() for mark in marks]

    assert len(set(marks)) == len(marks)


@pytest.mark.parametrize(
    ("host", "kinds"),
    [
        ("harbour-times", {"article": 20, "front": 5, "feed": 2, "robots": 1, "forbidden": 2}),
        ("kelm-gazette", {"article": 13, "front": 1, "sitemap": 5, "robots": 1, "forbidden": 4}),
        ("brackwater-review", {"article": 8, "front": 1, "feed": 3, "robots": 1}),
        ("marrowby", {"article": 6, "twin": 3, "front": 1, "sitemap": 1}),
        ("m.marrowby", {"twin": 2, "front": 1}),
        ("long-read", {"article": 5, "part": 5, "front": 1, "sitemap": 1, "robots": 1}),
        ("reserved-rights", {"article": 9, "rights": 2, "front": 1, "feed": 1, "robots": 1}),
    ],
)
def test_a_host_has_what_is_described(web: Press, host: str, kinds: dict[Kind, int]) -> None:
    there = list(web.pages_of(host).values())

    assert {kind: there.count(kind) for kind in kinds} == kinds


# What its hosts answer


@pytest.mark.parametrize(
    ("host", "path", "status", "media_type", "begins"),
    [
        ("harbour-times", "/rss/news.xml", 200, "application/rss+xml; charset=utf-8", b"<?xml"),
        ("kelm-gazette", "/maps/town.xml.gz", 200, "application/gzip", b"\x1f\x8b"),
        ("brackwater-review", "/atom/2.xml", 200, "application/atom+xml", b"<?xml"),
        ("tessel-quay", "/feeds/main.json", 200, "text/plain; charset=utf-8", b"{"),
        ("old-post", "/rss.php", 200, "text/html", b"\n\n<?xml"),
        ("marrowby", "/sitemap.xml", 200, "text/plain; charset=utf-8", b"http://"),
        ("marrowby", "/robots.txt", 404, "text/html; charset=utf-8", b"<html>"),
        ("m.marrowby", "/robots.txt", 404, "text/html; charset=utf-8", b"<html>"),
        ("many-kinds", "/2024/02/11/guarded", 403, "text/html; charset=utf-8", b"<!DOCTYPE"),
        ("reserved-rights", "/.well-known/tdmrep.json", 200, "application/json", b"["),
    ],
)  # fmt: skip
def test_a_host_answers(
    web: Press, host: str, path: str, status: int, media_type: str, begins: bytes
) -> None:
    answer, body = fetch(web, web.base(host) + path)

    assert (answer.status, answer.headers["Content-Type"]) == (status, media_type)
    assert body.startswith(begins)


def test_feeds_carry_tracking_parameters_that_their_articles_do_not_have(web: Press) -> None:
    _, feed = fetch(web, web.base("harbour-times") + "/rss/sport.xml")
    tracked = feed.decode().split("<link>")[2].partition("</link>")[0].replace("&amp;", "&")

    assert tracked.endswith("?utm_source=rss&utm_medium=feed&utm_campaign=sport")
    assert web.article_of(tracked) == tracked.partition("?")[0]
    assert statuses(web, tracked) == [200]


def test_forbidden_pages_are_announced(web: Press) -> None:
    _, octets = fetch(web, web.base("kelm-gazette") + "/maps/world.xml.gz")

    assert b"/private/letters/1</loc>" in gzip.decompress(octets)


def test_a_redirect_leads_to_the_feed_in_json(web: Press) -> None:
    moved, _ = fetch(web, web.base("tessel-quay") + "/feed.json")
    _, feed = fetch(web, urljoin(web.base("tessel-quay"), moved.headers["Location"]))

    assert moved.status == 301
    assert json.loads(feed)["next_url"] == web.base("tessel-quay") + "/feeds/main-2.json"


@pytest.mark.parametrize("path", ["/atom.xml", "/essays/2024/301-on-repairs"])
def test_what_has_not_changed_is_not_sent_again(web: Press, path: str) -> None:
    url = web.base("brackwater-review") + path
    first, _ = fetch(web, url)
    by_tag, _ = fetch(web, url, If_None_Match=first.headers["ETag"])
    by_date, _ = fetch(web, url, If_Modified_Since=first.headers["Last-Modified"])
    other, _ = fetch(web, url, If_None_Match='"another"')

    assert [a.status for a in (first, by_tag, by_date, other)] == [200, 304, 304, 200]


def test_twins_are_known_by_their_article(web: Press) -> None:
    www, mobile = web.base("marrowby"), web.base("m.marrowby")
    twins = [f"{www}/amp/story/2024/604", f"{mobile}/story/2024/603", f"{www}/sitemap.xml"]

    assert [web.article_of(url) for url in twins] == [
        f"{www}/story/2024/604",
        f"{www}/story/2024/603",
        None,
    ]


def test_robots_txt_is_out_of_order_twice(press: Press) -> None:
    url = press.base("slow-lane") + "/robots.txt"

    assert statuses(press, url, url, url) == [503, 503, 200]


def test_the_busy_host_refuses_every_fifth_request_and_two_in_a_row(press: Press) -> None:
    found = statuses(press, *[press.base("rush-hour") + "/?p=801"] * 15)

    assert found == [200] * 7 + [503] * 2 + [429] + [200] * 4 + [429]
    assert {entry.kind for entry in press.book} == {"article"}


def test_the_labyrinth_has_no_end_and_new_sessions_each_time(web: Press) -> None:
    base = web.base("labyrinth")
    paths = ["/calendar/2093/11", "/a/b/a/b/a/b/a/b/", "/find?colour=red&size=small&page=2"]
    visits = ["/story/903.html;jsessionid=0A", "/story/904.html?PHPSESSID=0a", "/list?then=1"]
    fronts = [fetch(web, f"{base}/")[1] for _ in range(2)]

    assert statuses(web, *(base + path for path in (*paths, *visits))) == [200] * 6
    assert fronts[0] != fronts[1]
    assert statuses(web, f"{base}/elsewhere") == [404]
    assert web.article_of(base + visits[0]) == f"{base}/story/903.html"
    assert web.article_of(base + visits[1]) == f"{base}/story/904.html"


def test_the_parts_of_an_article_follow_one_another(web: Press) -> None:
    base = web.base("long-read")
    _, first = fetch(web, f"{base}/reports/canal")
    _, last = fetch(web, f"{base}/reports/canal?page=3")

    assert b'<link rel="next" href="/reports/canal?page=2">' in first
    assert b'rel="next"' not in last
    assert len(web.marks[f"{base}/reports/canal"]) == 3
    assert web.marks[f"{base}/reports/canal"][2].encode() in last


# What means harm


def test_the_brigand_leads_inside_by_redirects(web: Press) -> None:
    base = web.base("brigand")
    paths = ("/metadata", "/inside", "/loop/1", "/loop/2")
    found = [fetch(web, base + path)[0].headers["Location"] for path in paths]

    assert found == [
        "http://169.254.169.254/latest/meta-data/",
        f"http://127.0.0.1:{web.port}/admin",
        f"{base}/loop/2",
        f"{base}/loop/1",
    ]


def test_a_small_answer_is_a_large_one_once_it_is_unpacked(web: Press) -> None:
    answer, body = fetch(web, web.base("brigand") + "/bomb")

    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(body) < 1_000_000
    assert len(gzip.decompress(body)) == 64 << 20


def test_an_answer_that_nobody_takes_whole_has_no_end_in_the_book(press: Press) -> None:
    with socket.create_connection((press.address("brigand"), press.port), timeout=5) as taker:
        taker.sendall(b"GET /endless HTTP/1.1\r\nHost: www.brigand.example.net\r\n\r\n")
        taker.recv(1000)
    (entry,) = press.book

    assert (entry.kind, entry.status, entry.ended_at) == ("rogue", 200, None)


def test_whoever_comes_inside_is_a_trespasser(press: Press) -> None:
    assert press.trespasses == []

    socket.create_connection(("127.0.2.1", press.port), timeout=5).close()
    socket.create_connection(("127.0.0.1", press.port), timeout=5).close()
    wait_until(lambda: len(press.trespasses) == 2)

    assert press.trespasses == ["127.0.2.1", "127.0.0.1"]


def test_the_host_of_two_faces_is_inside_when_it_is_asked_for_again(web: Press) -> None:
    faces = web.names["two-faced.brigand.example.net"]

    assert faces == [[web.address("two-faced.brigand")], ["127.0.2.1"]]
    assert web.names["admin.test"] == [["127.0.2.1"]]
    assert fetch(web, web.base("two-faced.brigand") + "/face")[0].headers["Connection"] == "close"


# Editions


def test_a_new_edition_has_articles_that_are_new_and_some_that_have_changed(press: Press) -> None:
    before = press.announced
    feed, sitemap = "/atom.xml", "/maps/news.xml"
    feeds = [fetch(press, press.base("brackwater-review") + feed)]
    maps = [fetch(press, press.base("kelm-gazette") + sitemap)]
    press.edition += 1
    feeds += [fetch(press, press.base("brackwater-review") + feed)]
    maps += [fetch(press, press.base("kelm-gazette") + sitemap)]

    assert len(press.announced - before) == 3
    assert len(press.changed) == 5
    assert press.changed <= press.announced
    assert feeds[0][0].headers["ETag"] != feeds[1][0].headers["ETag"]
    assert len(maps[1][1]) > len(maps[0][1])
    assert [entry.edition for entry in press.book] == [0, 0, 1, 1]


def test_what_has_changed_is_another_text_with_another_etag(press: Press) -> None:
    url = press.base("brackwater-review") + "/essays/2024/302-on-repairs"
    before, old = fetch(press, url)
    press.edition += 1
    after, new = fetch(press, url, If_None_Match=before.headers["ETag"])

    assert url in press.changed
    assert after.status == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert b"number 00302-0." in old
    assert b"number 00302-1." in new


# The book


def test_the_book_has_every_request_in_its_order(press: Press) -> None:
    fetch(press, press.base("harbour-times") + "/search?q=ferry", User_Agent="reader")
    fetch(press, press.base("kelm-gazette") + "/nowhere")
    first, second = press.book

    assert (first.host, first.path, first.query) == (
        "www.harbour-times.test",
        "/search",
        "q=ferry",
    )
    assert first.url == f"{press.base('harbour-times')}/search?q=ferry"
    assert first.url in press.forbidden
    assert (first.method, first.fields["user-agent"]) == ("GET", "reader")
    assert (first.kind, first.status, first.connections) == ("forbidden", 200, 1)
    assert (second.kind, second.status) == ("missing", 404)
    assert first.connection != second.connection
    assert first.arrived_at <= (first.ended_at or 0) <= second.arrived_at


def test_connections_are_counted_by_host(press: Press) -> None:
    with ExitStack() as opened:
        first, second, _, _ = (
            opened.enter_context(Line(press, host))
            for host in ("harbour-times", "harbour-times", "harbour-times", "old-post")
        )
        first.close()
        second.ask()
    *others, last = press.book

    assert [entry.connections for entry in others] == [1, 2, 3, 1]
    assert (last.connections, last.connection) == (2, others[1].connection)


class Line:
    """A connection to a host, which has been asked for something by it."""

    def __init__(self, press: Press, host: str) -> None:
        self._socket = socket.create_connection((press.address(host), press.port), timeout=5)
        self.ask()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trace: object) -> None:
        self.close()

    def ask(self) -> None:
        """Ask for robots.txt; the answer is small enough to come at once."""
        self._socket.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: a.test\r\n\r\n")
        assert self._socket.recv(4096).startswith(b"HTTP/1.1 200")

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
