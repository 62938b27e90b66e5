"""What a crawl's log says of it: versions, settings without secrets, and stats."""

from __future__ import annotations

import platform
import re
from importlib.metadata import version
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

_DISTRIBUTIONS = ("scrapy", "twisted", "trafilatura", "warcio", "lxml")
# Better a harmless value withheld than a secret kept for thirty years.
_SECRET = re.compile(r"KEY|SECRET|TOKEN|PASS|AUTH|CREDENTIAL|COOKIE|HEADERS|PROXY", re.I)
_WITHHELD = "[withheld]"


def crawl_details(crawler: Crawler) -> dict[str, object]:
    """Return the details of *crawler*'s crawl, ready for JSON."""
    return {
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in _DISTRIBUTIONS},
        "settings": settings_without_secrets(crawler.settings),
        "stats": dict(sorted(crawler.stats.get_stats().items())),
    }


def settings_without_secrets(settings: BaseSettings) -> dict[str, object]:
    """Return what was set beyond Scrapy's defaults, values that may be secret withheld."""
    floor = SETTINGS_PRIORITIES["default"]
    given = {
        name: settings[name] for name in settings if (settings.getpriority(name) or 0) > floor
    }
    return {name: _shown(name, given[name]) for name in sorted(given)}


def _shown(name: str, value: Any) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if _SECRET.search(name):
        return _WITHHELD
    if isinstance(value, str):
        return _without_userinfo(value)
    if isinstance(value, dict | BaseSettings):
        return {str(key): _shown(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [_shown(name, item) for item in value]
    return str(value)


def _without_userinfo(value: str) -> str:
    if "://" not in value:
        return value
    try:
        netloc = urlsplit(value).netloc
    except ValueError:
        return _WITHHELD
    if "@" in netloc or "?" in value:
        return re.sub(r"(?<=://)[^/@]*@", "", value).partition("?")[0]
    return value
