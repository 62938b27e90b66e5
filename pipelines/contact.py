"""A word at the start of a crawl of which no publisher can tell whose it is."""

from __future__ import annotations

import logging
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archiver.addon import has_contact
from archiver.options import options_from

logger = logging.getLogger(__name__)


class Contact:
    """Warns, where the user agent *agent* has no address, that it should."""

    def __init__(self, agent: str) -> None:
        self._agent = agent

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Return the extension of *crawler*; NotConfigured where all is well."""
        agent = str(crawler.settings.get("USER_AGENT") or "")
        if not options_from(crawler.settings).is_enabled or has_contact(agent):
            raise NotConfigured
        contact = cls(agent)
        crawler.signals.connect(contact.spider_opened, signals.spider_opened)
        return contact

    def spider_opened(self) -> None:
        """Say what is missing, and what helps."""
        logger.warning(
            "Nobody who is asked can tell whom to write to: set ARCHIVE_OPERATOR to an address, "
            "of mail or of a web page; USER_AGENT is %r",
            self._agent,
        )
