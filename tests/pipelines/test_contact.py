"""Crawls of which nobody could tell whose they are."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy import Spider, signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from pipelines.contact import Contact


@pytest.mark.parametrize("agent", ["mine/2", "mine/2 (+Ada)", ""])
def test_a_crawl_without_an_address_warns_when_it_starts(
    agent: str, caplog: pytest.LogCaptureFixture
) -> None:
    crawler = get_crawler(Spider, {"USER_AGENT": agent, "EXTENSIONS_BASE": {}})
    contact = Contact.from_crawler(crawler)
    assert caplog.messages == []

    crawler.signals.send_catch_log(signals.spider_opened, spider=Spider("a"))

    assert isinstance(contact, Contact)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "set ARCHIVE_OPERATOR to an address" in caplog.text


@pytest.mark.parametrize(
    "given",
    [
        {"USER_AGENT": "mine/2 (ada@example.org)"},
        {"USER_AGENT": "mine/2 (+https://example.org/crawl)"},
        {"USER_AGENT": "mine/2", "ARCHIVE_ENABLED": False},
    ],
)
def test_who_can_be_written_to_is_not_warned(given: dict[str, Any]) -> None:
    with pytest.raises(NotConfigured):
        Contact.from_crawler(get_crawler(Spider, given))
