"""What a crawl's log says of it: versions, settings without secrets, and stats."""

from __future__ import annotations

import logging
import platform
import re
from datetime import datetime
from importlib.metadata import version
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings, default_settings

from archiver.crawllog import CrawlLog

logger = logging.getLogger(__name__)

_DISTRIBUTIONS = ("scrapy", "twisted", "trafilatura", "warcio", "lxml")
# Read when the crawl begins: at its end there may be no file to be opened any more.
_VERSIONS = {"python": platform.python_version()} | {
    name: version(name) for name in _DISTRIBUTIONS
}
# Better a harmless value withheld than a secret kept for thirty years.
_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASS|AUTH|CREDENTIAL|COOKIE|HEADERS|PROXY", re.I)
_WITHHELD = "[withheld]"
_OURS = ("SETTINGS_MODULE", "HTTPPROXY_ENABLED")
# An address up to the next blank: scheme, userinfo (up to the last @), the rest, and a query
# or fragment, which may hold a token.
_ADDRESS = re.compile(r"([\w+.-]+://)(?:\S*@)?([^\s?#]*)(?:[?#]\S*)?")


def complete(
    log: CrawlLog, crawler: Crawler, outcome: str, *, finished_at: datetime
) -> str | None:
    """Complete the *log* of *crawler*'s crawl; return what is wrong where it cannot be.

    Where there is no room for all of it, how the crawl ended is put down at least.
    """
    try:
        log.write(outcome=outcome, finished_at=finished_at, details=crawl_details(crawler))
    except OSError as error:
        try:
            log.write(outcome=outcome, finished_at=finished_at)
        except OSError:
            logger.warning("The crawl's log goes on saying `running`: %s", log.path)
        return f"{log.path} cannot be written ({error.strerror}): make room"
    return None


def crawl_details(crawler: Crawler) -> dict[str, object]:
    """Return the details of *crawler*'s crawl, ready for JSON."""
    return {
        "versions": _VERSIONS,
        "settings": settings_without_secrets(crawler.settings),
        "stats": dict(sorted(crawler.stats.get_stats().items())),
    }


def settings_without_secrets(settings: BaseSettings) -> dict[str, object]:
    """Return what was set beyond Scrapy's defaults, values that may be secret withheld."""
    floor = SETTINGS_PRIORITIES["default"]
    given = {
        name: settings[name] for name in settings if (settings.getpriority(name) or 0) > floor
    }
    return {
        name: _shown(name, given[name]) if _is_known(name) else _WITHHELD for name in sorted(given)
    }


def _is_known(name: str) -> bool:
    """Say whether *name* is a setting of Scrapy's or of ours; who knows what others hold."""
    return name.startswith("ARCHIVE_") or hasattr(default_settings, name) or name in _OURS


def _shown(name: str, value: Any) -> object:
    if value is None or isinstance(value, bool):
        return value
    if _SECRET.search(name):
        return _WITHHELD
    if isinstance(value, int | float):
        return value
    if isinstance(value, dict | BaseSettings):
        return {_harmless(str(key)): _shown(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_shown(name, item) for item in value]
    return _harmless(value if isinstance(value, str) else str(value))


def _harmless(text: str) -> str:
    """Return *text* with every address in it shorn of what may let somebody in."""
    return _ADDRESS.sub(lambda found: found[1] + found[2], text)
