"""What a crawl's log says of its settings, and what it must not say."""

from __future__ import annotations

import json
import platform
from pathlib import Path
from typing import Any

import pytest
import scrapy
from scrapy.settings import Settings
from scrapy.utils.test import get_crawler

from pipelines.crawl_details import crawl_details, settings_without_secrets

WITHHELD = "[withheld]"


def shown(**given: Any) -> dict[str, object]:  # Any: a setting may be of any type
    return settings_without_secrets(Settings(given))


def test_scrapys_own_defaults_are_left_out() -> None:
    assert shown() == {}


def test_what_was_set_is_shown_by_name() -> None:
    assert list(shown(USER_AGENT="me", BOT_NAME="bot").items()) == [
        ("BOT_NAME", "bot"),
        ("USER_AGENT", "me"),
    ]


PLAIN: list[tuple[str, Any, object]] = [
    ("LOG_LEVEL", "INFO", "INFO"),
    ("CONCURRENT_REQUESTS", 16, 16),
    ("DOWNLOAD_DELAY", 0.5, 0.5),
    ("ROBOTSTXT_OBEY", True, True),
    ("COOKIES_ENABLED", False, False),
    ("JOBDIR", None, None),
    ("SPIDER_MODULES", ["spiders"], ["spiders"]),
    ("RETRY_HTTP_CODES", (500, 503), [500, 503]),
    ("ARCHIVE_STORE", Path("/data"), "/data"),
    ("ITEM_PIPELINES", {"a.B": 100, "c.D": None}, {"a.B": 100, "c.D": None}),
    ("ARCHIVE_OPERATOR", "Ada <ada@example.org>", "Ada <ada@example.org>"),
    ("ARCHIVE_STORE", "s3://bucket/prefix", "s3://bucket/prefix"),
]


@pytest.mark.parametrize(("name", "value", "expected"), PLAIN)
def test_a_harmless_value_is_shown_in_a_form_that_json_has(
    name: str, value: Any, expected: object
) -> None:
    found = shown(**{name: value})[name]

    assert found == expected
    assert json.loads(json.dumps(found)) == expected


@pytest.mark.parametrize(
    "name",
    [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "MAIL_PASS",
        "HTTPAUTH_USER", "MY_PASSWORD", "MY_CREDENTIALS", "SESSION_COOKIE", "HTTP_PROXY",
        "telnetconsole_password",
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["s3cret", 314159])
def test_a_value_with_a_name_like_a_secret_is_withheld(name: str, value: Any) -> None:
    assert shown(**{name: value}) == {name: WITHHELD}


@pytest.mark.parametrize("value", [["s3cret"], {"a": "s3cret"}, 3.14159, b"s3cret", Path("s3")])
def test_a_secret_is_withheld_whatever_its_type(value: Any) -> None:
    assert shown(MY_PASSWORD=value) == {"MY_PASSWORD": WITHHELD}


def test_headers_may_hold_secrets_and_are_withheld() -> None:
    given = {"Cookie": "s3cret"}

    assert shown(DEFAULT_REQUEST_HEADERS=given) == {"DEFAULT_REQUEST_HEADERS": WITHHELD}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("postgres://ada:s3cret@db.example.org/news", "postgres://db.example.org/news"),
        ("redis://:s3cret@db.example.org", "redis://db.example.org"),
        ("https://example.org/hook?key=s3cret", "https://example.org/hook"),
        ("https://ada:s3cret@example.org/?a=b", "https://example.org/"),
        ("a://ada:s3cret@one, b://eve:s3cret@two", "a://one, b://two"),
    ],
)
def test_an_address_is_shown_without_what_it_lets_in(value: str, expected: str) -> None:
    assert shown(JOBDIR=value) == {"JOBDIR": expected}


LEAKS: list[Any] = [
    pytest.param("ftp://ada:a@s3cret@example.org/", id="an-at-sign-in-a-password"),
    pytest.param("ftp://ada:a/s3cret@example.org/", id="a-slash-in-a-password"),
    pytest.param("http://example.org, ftp://ada:s3cret@example.org", id="a-second-address"),
    pytest.param(b"ftp://ada:s3cret@example.org/", id="octets"),
    pytest.param({"ftp://ada:s3cret@example.org/x.json": {"format": "json"}}, id="a-key"),
    pytest.param({"ftp://a/?token=s3cret": None}, id="a-key-with-a-query"),
    pytest.param(["ftp://ada:s3cret@example.org/"], id="an-item-of-a-list"),
    pytest.param({"uri": ("ftp://ada:s3cret@example.org/",)}, id="an-item-of-an-item"),
    pytest.param({"password": "s3cret"}, id="an-item-with-a-name-like-a-secret"),
    pytest.param("ftp://[ada:s3cret@example.org/", id="what-is-no-address"),
    pytest.param("http://example.org/#access_token=s3cret", id="a-fragment"),
]


@pytest.mark.parametrize("value", LEAKS)
def test_no_password_is_shown_wherever_it_stands(value: Any) -> None:
    assert "s3cret" not in str(shown(JOBDIR=value))


def test_a_setting_that_is_neither_scrapys_nor_ours_is_withheld() -> None:
    assert shown(DB_PWD="s3cret") == {"DB_PWD": WITHHELD}


def test_the_feeds_of_scrapy_are_shown_without_what_lets_in() -> None:
    feeds = {"ftp://ada:s3cret@example.org/x.json": {"format": "json"}}

    assert shown(FEEDS=feeds) == {"FEEDS": {"ftp://example.org/x.json": {"format": "json"}}}


def test_details_name_the_versions_that_took_part() -> None:
    versions = crawl_details(get_crawler())["versions"]

    assert isinstance(versions, dict)
    assert versions["python"] == platform.python_version()
    assert versions["scrapy"] == scrapy.__version__
    assert sorted(versions) == ["lxml", "python", "scrapy", "trafilatura", "twisted", "warcio"]


def test_details_hold_the_stats_in_order_of_their_names() -> None:
    crawler = get_crawler(settings_dict={"BOT_NAME": "bot"})
    crawler.stats.set_value("b", 2)
    crawler.stats.set_value("a", 1)

    details = crawl_details(crawler)

    assert list(details) == ["versions", "settings", "stats"]
    assert details["stats"] == {"a": 1, "b": 2}
    assert isinstance(details["settings"], dict)
    assert details["settings"]["BOT_NAME"] == "bot"
