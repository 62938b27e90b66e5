"""The Scrapy add-on: one line in a project's `ADDONS`, and any spider archives what it fetches.

    ADDONS = {"archiver.addon.ArchiveAddon": 0}

It knows Scrapy only by the methods of the settings that it is handed.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Mapping, MutableMapping
from typing import Any, Protocol

from archiver.options import DEFAULTS, options_from
from archiver.storage import Secret

_HANDLER = "pipelines.handler.ArchiveDownloadHandler"
_MIDDLEWARES = "DOWNLOADER_MIDDLEWARES"
_SCHEDULER = "spiders.scheduler.ArchiveScheduler"
_COMPONENTS: dict[str, dict[str, int | None]] = {
    "EXTENSIONS": {
        "pipelines.archive.Archive": 0,
        "pipelines.room.Room": 10,
        "pipelines.stopping.Stopping": 20,
        "pipelines.contact.Contact": 30,
        "pipelines.progress.Progress": 900,
    },
    "ITEM_PIPELINES": {"pipelines.extract.ExtractPipeline": 100},
    "DOWNLOADER_MIDDLEWARES": {"pipelines.rights.Rights": 110},
    "SPIDER_MIDDLEWARES": {
        "spiders.lineage.Lineage": 50,
        "spiders.requisites.Requisites": 710,
    },
}
# What stands in for them where an archive answers, and what is switched off, since nobody is
# asked: nobody is to be spared, and nobody would answer otherwise when asked again.
_REPLAY_HANDLER = "pipelines.replaying.ReplayDownloadHandler"
_REPLAY_COMPONENTS: dict[str, dict[str, str | None]] = {
    "EXTENSIONS": {
        "pipelines.archive.Archive": "pipelines.answering.Replay",
        "pipelines.room.Room": None,
        "pipelines.stopping.Stopping": None,
        "pipelines.contact.Contact": None,
    },
    "ITEM_PIPELINES": {"pipelines.extract.ExtractPipeline": "pipelines.replay_text.ReplayText"},
    "DOWNLOADER_MIDDLEWARES": {"pipelines.rights.Rights": None},
    "SPIDER_MIDDLEWARES": {
        "spiders.lineage.Lineage": None,
        "spiders.requisites.Requisites": None,
    },
}
_LOCAL_SCHEMES = {"data", "file"}
_NOBODY_IS_ASKED: dict[str, Any] = {
    "AUTOTHROTTLE_ENABLED": False,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "DOWNLOAD_SLOTS": {},
    "HTTPCACHE_ENABLED": False,
    "RETRY_ENABLED": False,
    "ROBOTSTXT_OBEY": False,
}
# As firmly as a command line sets things.
_FIRMLY = "cmdline"
_SCRAPYS_SCHEDULER = "scrapy.core.scheduler.Scheduler"
# In the place of Scrapy's own, ours with the order that it has.
_REPLACED = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": ("pipelines.robots.Robots", 100),
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": ("pipelines.backoff.Backoff", 550),
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": (
        "pipelines.refresh.MetaRefresh", 580,
    ),
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": (
        "pipelines.refresh.Redirect", 600,
    ),
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": ("pipelines.cookies.Cookies", 700),
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": (
        "pipelines.decompression.Decompression", 590,
    ),
}  # fmt: skip
# RFC 9110, 5.6.5: what a comment may not hold as it is.
_NOT_IN_A_COMMENT = re.compile(r"[()\\\x00-\x1f\x7f]")
_KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# A hundred tasks for each response, Scrapy's default, cost a fifth of a crawl's CPU.
_CONCURRENT_ITEMS = 4


class Settings(Protocol):
    """What we need of `scrapy.settings.Settings`. Any: a setting may be of any type."""

    def get(self, name: str, default: Any = None) -> Any:
        """Return a setting."""

    def getdict(self, name: str) -> dict[Any, Any]:
        """Return a copy of a setting that is a dictionary."""

    def getpriority(self, name: str) -> int | None:
        """Return how firmly a setting is set."""

    def set(self, name: str, value: Any, priority: str | int = "project") -> None:
        """Set a setting, unless it is set more firmly."""


class ArchiveAddon:
    """Puts the archive's handler, pipelines and extensions in their places."""

    def update_settings(self, settings: Any) -> None:  # Any: Mapping and Settings at once
        """Complete *settings*; SettingError when one of the archive's own cannot be used."""
        for name, value in DEFAULTS.items():
            settings.set(name, value, priority="addon")
        options = options_from(_as_mapping(settings))
        _withhold(settings)
        if not options.is_enabled and options.replay_from is None:
            return
        # Scrapy's cookie middleware asks tldextract, which would fetch its list of public
        # suffixes from the network; an empty value keeps it to the list that it ships.
        os.environ.setdefault("TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS", "")
        for name, components in _COMPONENTS.items():
            _add(settings, name, components)
        self._replace(settings)
        settings.set("CONCURRENT_ITEMS", _CONCURRENT_ITEMS, priority="addon")
        if options.replay_from is not None:
            self._disconnect(settings)
            return
        handlers: MutableMapping[str, Any] = settings.get("DOWNLOAD_HANDLERS")
        for scheme in ("http", "https"):
            handlers[scheme] = _HANDLER
        settings.set("SCHEDULER", _SCHEDULER, priority="addon")
        _introduce(settings, options.operator)
        self._negotiate(settings, options.accept_encoding)

    def _replace(self, settings: Settings) -> None:
        present = {_path_of(component) for component in settings.getdict(_MIDDLEWARES)}
        for scrapys, (ours, order) in _REPLACED.items():
            if scrapys not in present:  # who names Scrapy's own wants it so, or wants none
                _add(settings, _MIDDLEWARES, {scrapys: None, ours: order})

    def _disconnect(self, settings: Settings) -> None:
        """Have an archive answer, whatever else has been set, and nothing be written."""
        names = ("DOWNLOAD_HANDLERS_BASE", "DOWNLOAD_HANDLERS")
        schemes = {scheme for name in names for scheme in settings.getdict(name)}
        handlers = dict.fromkeys(schemes - _LOCAL_SCHEMES, _REPLAY_HANDLER)
        settings.set("DOWNLOAD_HANDLERS", handlers, _FIRMLY)
        for name, exchanged in _REPLAY_COMPONENTS.items():
            _exchange(settings, name, exchanged)
        for name, value in _NOBODY_IS_ASKED.items():
            settings.set(name, value, _FIRMLY)
        if _path_of(settings.get("SCHEDULER")) == _SCHEDULER:
            settings.set("SCHEDULER", _SCRAPYS_SCHEDULER, _FIRMLY)

    def _negotiate(self, settings: Settings, accepted: str | None) -> None:
        headers = settings.getdict("DEFAULT_REQUEST_HEADERS")
        if accepted and not any(name.lower() == "accept-encoding" for name in headers):
            headers["Accept-Encoding"] = accepted
            priority = settings.getpriority("DEFAULT_REQUEST_HEADERS") or 0
            settings.set("DEFAULT_REQUEST_HEADERS", headers, priority)


def _introduce(settings: Settings, operator: str | None) -> None:
    """Have the user agent say whom a publisher may write to, if anybody knows."""
    agent = str(settings.get("USER_AGENT") or "")
    if operator and not has_contact(agent):
        agent = introduced(agent, operator)
        settings.set("USER_AGENT", agent, settings.getpriority("USER_AGENT") or 0)


def introduced(agent: str, operator: str) -> str:
    """Return the user agent *agent* with *operator* in a comment, which has to be ASCII."""
    plain = unicodedata.normalize("NFKD", operator).encode("ascii", "ignore").decode("ascii")
    comment = " ".join(_NOT_IN_A_COMMENT.sub(" ", plain).split())
    return f"{agent} (+{comment})" if comment else agent


def has_contact(agent: str) -> bool:
    """Say whether the user agent *agent* holds an address, of mail or of a web page."""
    return "@" in agent or "://" in agent


def _withhold(settings: Settings) -> None:
    """Keep the keys to the store out of what Scrapy logs of the settings that were set."""
    for name in _KEYS:
        if settings.get(name):
            settings.set(name, Secret(settings.get(name)), settings.getpriority(name) or 0)


def _add(settings: Settings, name: str, components: Mapping[str, int | None]) -> None:
    """Add *components* to the setting *name*, but for those that its user has placed."""
    present = settings.getdict(name)
    named = {_path_of(component) for component in present}
    missing = {path: at for path, at in components.items() if path not in named}
    settings.set(name, {**present, **missing}, settings.getpriority(name) or 0)


def _exchange(settings: Settings, name: str, exchanged: Mapping[str, str | None]) -> None:
    """Put others in the places of components in the setting *name*, or nothing for None."""
    placed = {_path_of(given): order for given, order in settings.getdict(name).items()}
    present = {
        replaced: order
        for path, order in placed.items()
        if (replaced := exchanged.get(path, path)) is not None
    }
    settings.set(name, present, settings.getpriority(name) or 0)


def _path_of(component: Any) -> str:
    """Return the dotted name of *component*, which a user may give as a class."""
    if isinstance(component, str):
        return component
    return f"{component.__module__}.{component.__qualname__}"


def _as_mapping(settings: Any) -> Mapping[str, Any]:
    return {name: settings.get(name) for name in settings if name.startswith("ARCHIVE_")}
