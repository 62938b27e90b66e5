"""robots.txt: who may fetch what, how fast, and how long that holds."""

from __future__ import annotations

import pytest
from protego import Protego

from archiver.robots import Rulebook, Rules, product_token, standing_of
from tests.archiver.robots_cases import CASES, Verdict

HOUR, DAY = 3600.0, 24 * 3600.0
US = "archiver/0.1 (+https://newsbot.example/about)"


def identity(case: Verdict) -> str:
    return f"{case.section}: {case.agent} {case.path[:40]}"


def allows(body: bytes, path: str = "/a", agent: str = US) -> bool:
    return Rules(body).allows(f"https://example.org{path}", agent)


# The table


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_the_verdict_is_that_of_the_rfc_but_where_the_table_says_so(case: Verdict) -> None:
    expected = case.allowed if case.ours is None else case.ours

    assert Rules(case.rules.encode()).allows(f"http://foo.bar{case.path}", case.agent) is expected


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_protego_deviates_by_itself_where_the_table_says_so(case: Verdict) -> None:
    expected = case.allowed if case.protego is None else case.protego

    assert Protego.parse(case.rules).can_fetch(f"http://foo.bar{case.path}", case.agent) is (
        expected
    ), "Protego has changed: change the table, and see what archiver/robots.py need mend no more"


# Who we are


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        (US, "archiver"),
        ("archiver", "archiver"),
        ("News-Bot/2.1", "news-bot"),
        ("  Daily_Reader 3 ", "daily_reader"),
        ("Mozilla/5.0 (compatible; Lantern/1.0; +https://example.org/)", "lantern"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "mozilla"),
        ("", ""),
        ("(nobody)", ""),
    ],
)
def test_the_product_token_is_the_name_before_the_version(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


@pytest.mark.parametrize(
    ("name", "is_ours"),
    [
        ("archiver", True),
        ("Archiver", True),
        ("archiver/0.1", True),
        ("archiver/9", True),
        ("archiver*", True),
        ("*", True),
        ("* # everybody", True),
        ("arch", False),
        ("archiver-images", False),
        ("newsbot", False),  # a word in our address is no name of ours
        ("about", False),
        ("()", False),
    ],
)
def test_a_group_is_ours_by_our_whole_name(name: str, is_ours: bool) -> None:
    assert allows(f"User-agent: {name}\nDisallow: /".encode()) is not is_ours


def test_who_has_no_name_is_everybody() -> None:
    assert allows(b"User-agent: archiver\nDisallow: /", agent="")
    assert not allows(b"User-agent: *\nDisallow: /", agent="")


def test_one_file_is_read_for_each_agent() -> None:
    rules = Rules(b"User-agent: a\nDisallow: /\nUser-agent: b\nAllow: /")

    assert not rules.allows("https://example.org/", "a/1")
    assert rules.allows("https://example.org/", "b/1")
    assert not rules.allows("https://example.org/", "a/2")


# Octets


FORBIDDING = [
    pytest.param(b"User-agent: *\r\nDisallow: /\r\n", id="CR LF"),
    pytest.param(b"User-agent: *\rDisallow: /\r", id="CR"),
    pytest.param(b"User-agent: *\nDisallow: /", id="no end of line"),
    pytest.param(b"User-agent: *\n\r\n\n  Disallow : /  \n", id="blanks and empty lines"),
    pytest.param(b"\xef\xbb\xbfUser-agent: *\nDisallow: /", id="a byte-order mark"),
    pytest.param(b"\xef\xbbUser-agent: *\nDisallow: /", id="two thirds of one"),
    pytest.param(b"\xefUser-agent: *\nDisallow: /", id="a third of one"),
    pytest.param(b"User-agent: *\n\xff\xfe\x00\nDisallow: /", id="a line of garbage"),
    pytest.param(b"<!doctype html>\nUser-agent: *\nDisallow: /\n", id="after HTML"),
    pytest.param(b"User agent *\nDissallow /\n", id="misspelt, without colons"),
]


@pytest.mark.parametrize("body", FORBIDDING)
def test_rules_are_found_however_they_are_written(body: bytes) -> None:
    assert not allows(body)


@pytest.mark.parametrize(
    ("path", "is_allowed"), [("/caf%E9", True), ("/caf%E9/menu", True), ("/cafeteria", False)]
)
def test_octets_that_are_no_utf_8_are_compared_as_they_are(path: str, is_allowed: bool) -> None:
    assert allows(b"User-agent: *\nDisallow: /\nAllow: /caf\xe9", path) is is_allowed


@pytest.mark.parametrize("control", ["\v", "\f", "\x1c", "\x85", "\u2028"])
def test_a_control_that_ends_a_line_for_python_ends_none_here(control: str) -> None:
    body = f"User-agent: *\nDisallow: /\nAllow: /open{control}Allow: /b".encode()

    assert (allows(body, "/open-letter"), allows(body, "/b")) == (False, False)


@pytest.mark.parametrize("body", [b"", b"<html>Not here</html>", b"\x00\x01\xff", b"Disallow: /"])
def test_what_has_no_rules_for_anybody_frees_all(body: bytes) -> None:
    assert allows(body)


def filled(size: int) -> bytes:
    """Return *size* octets of a robots.txt that forbids /first, in lines of 64 octets."""
    begin = b"User-agent: *\nDisallow: /first\n"
    return (begin + (b"#" * 63 + b"\n") * (size // 64 + 1))[:size]


def test_of_a_long_file_the_first_500_kib_count() -> None:
    body = filled(500 * 1024 - 17) + b"\nDisallow: /last\nDisallow: /late\n"

    assert [allows(body, path) for path in ("/first", "/last", "/late")] == [False, False, True]


def test_a_line_across_the_limit_does_not_count() -> None:
    body = filled(500 * 1024 - 8) + b"\nAllow: /a/public\nDisallow: /b"

    assert allows(b"User-agent: *\nDisallow: /a\n" + body, "/b")
    assert not allows(b"User-agent: *\nDisallow: /a\n" + body, "/a/public")


def test_a_file_of_one_endless_line_says_nothing() -> None:
    assert allows(b"User-agent: * Disallow: /" + b" " * 600_000)


# How fast


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ("", 0),
        ("Crawl-delay: 10", 10),
        ("crawl-delay:2.5", 2.5),
        ("Crawl-delay: 0", 0),
        ("Crawl-delay: soon", 0),
        ("Crawl-delay: -3", 0),
        ("Crawl-delay: inf", 0),
        ("Request-rate: 1/5", 5),
        ("Request-rate: 10/1m", 6),
        ("Request-rate: 1/10 0600-0845", 10),
        ("Crawl-delay: 3\nRequest-rate: 1/8", 8),
        ("Crawl-delay: 9\nRequest-rate: 1/8", 9),
    ],
)
def test_the_longer_of_delay_and_rate_counts(lines: str, seconds: float) -> None:
    assert Rules(f"User-agent: *\nDisallow: /x\n{lines}".encode()).delay(US) == seconds


def test_a_delay_holds_for_those_who_were_named_before_it() -> None:
    body = b"User-agent: archiver\nCrawl-delay: 7\nUser-agent: other\nDisallow: /x\n"

    assert (Rules(body).delay(US), Rules(body).delay("other/1")) == (7, 0)


def test_a_delay_for_others_is_not_ours() -> None:
    body = b"User-agent: other\nCrawl-delay: 7\n\nUser-agent: *\nCrawl-delay: 2\n"

    assert (Rules(body).delay(US), Rules(body).delay("other")) == (2, 7)


# How long


@pytest.mark.parametrize(
    ("statuses", "standing"),
    [
        ((200, 204, 206, 299), "read"),
        ((300, 301, 304, 308), "free"),
        ((400, 401, 403, 404, 410, 451), "free"),
        ((429, 500, 502, 503, 504, 599), "unreachable"),
        ((100, 600, 999), "unreachable"),
    ],
)
def test_what_a_status_means(statuses: tuple[int, ...], standing: str) -> None:
    assert {standing_of(status) for status in statuses} == {standing}


@pytest.mark.parametrize(
    ("seconds", "is_fresh"), [(0, True), (DAY - 1, True), (DAY, False), (9 * DAY, False)]
)
def test_rules_hold_for_a_day(seconds: float, is_fresh: bool) -> None:
    book, rules = Rulebook(), Rules()
    book.keep("https://example.org", rules, 1000.0)

    assert (book.fresh("https://example.org", 1000.0 + seconds) is rules) is is_fresh


@pytest.mark.parametrize(
    "other", ["http://example.org", "https://example.org:8443", "https://www.example.org"]
)
def test_rules_hold_for_one_scheme_host_and_port(other: str) -> None:
    book = Rulebook()
    book.keep("https://example.org", Rules(), 0.0)

    assert book.fresh(other, 0.0) is None


@pytest.mark.parametrize(
    ("seconds", "is_there"), [(DAY, True), (2 * DAY - 1, True), (2 * DAY, False)]
)
def test_the_last_rules_do_for_one_day_more(seconds: float, is_there: bool) -> None:
    book, rules = Rulebook(), Rules()
    book.keep("https://example.org", rules, 0.0)

    assert (book.last("https://example.org", seconds) is rules) is is_there


def test_the_last_rules_are_asked_for_again_after_an_hour() -> None:
    book, rules, origin = Rulebook(), Rules(), "https://example.org"
    book.keep(origin, rules, 0.0)
    book.last(origin, DAY)

    assert book.fresh(origin, DAY + HOUR - 1) is rules
    assert book.fresh(origin, DAY + HOUR) is None
    assert book.last(origin, DAY + HOUR) is rules


def test_where_no_rules_were_had_there_are_no_last_ones() -> None:
    assert Rulebook().last("https://example.org", 0.0) is None


def test_a_bounded_number_of_origins_is_kept_in_mind() -> None:
    book = book_of(10_001)

    assert book.fresh("https://0.example", 0.0) is None
    assert book.fresh("https://10000.example", 0.0) is not None


def book_of(count: int) -> Rulebook:
    book = Rulebook()
    for number in range(count):
        book.keep(f"https://{number}.example", Rules(), 0.0)
    return book
