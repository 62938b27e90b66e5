"""The add-on on plain Scrapy settings, with and without a user's own."""

from __future__ import annotations

from typing import Any

import pytest
from scrapy.settings import SETTINGS_PRIORITIES, Settings
from scrapy.utils.conf import build_component_list

from archiver.addon import ArchiveAddon
from archiver.errors import SettingError
from pipelines.archive import Archive
from pipelines.extract import ExtractPipeline

HANDLER = "pipelines.handler.ArchiveDownloadHandler"
PIPELINE = "pipelines.extract.ExtractPipeline"
ARCHIVE, PROGRESS = "pipelines.archive.Archive", "pipelines.progress.Progress"
WATCHERS = {
    "pipelines.room.Room": 10, "pipelines.stopping.Stopping": 20, "pipelines.contact.Contact": 30,
}  # fmt: skip


def completed(given: dict[str, Any] | None = None, priority: str = "project") -> Settings:
    """Return Scrapy's own settings with *given* ones, after the add-on has been over them."""
    settings = Settings()
    settings.setdict(given or {}, priority=priority)
    ArchiveAddon().update_settings(settings)
    return settings


def test_one_line_puts_everything_in_its_place() -> None:
    settings = completed()

    assert dict(settings["DOWNLOAD_HANDLERS"]) == {"http": HANDLER, "https": HANDLER}
    assert dict(settings["ITEM_PIPELINES"]) == {PIPELINE: 100}
    assert dict(settings["EXTENSIONS"]) == {ARCHIVE: 0, **WATCHERS, PROGRESS: 900}
    assert settings["CONCURRENT_ITEMS"] == 4
    assert settings["DEFAULT_REQUEST_HEADERS"]["Accept-Encoding"] == "gzip"


def test_the_archives_own_settings_have_their_defaults() -> None:
    settings = completed()

    assert settings["ARCHIVE_STORE"] == "collections"
    assert settings["ARCHIVE_COLLECTION"] == "news"
    assert settings.getpriority("ARCHIVE_STORE") == 15  # an add-on's, below a project's


@pytest.mark.parametrize("priority", ["project", "spider", "cmdline"])
def test_the_archives_settings_are_the_users_to_set(priority: str) -> None:
    settings = completed({"ARCHIVE_COLLECTION": "mine"}, priority)

    assert settings["ARCHIVE_COLLECTION"] == "mine"


# A user's own


@pytest.mark.parametrize("priority", ["spider", "cmdline"])
def test_a_handler_that_is_set_more_firmly_stays(priority: str) -> None:
    settings = completed({"DOWNLOAD_HANDLERS": {"http": "mine.Handler", "ftp": None}}, priority)

    assert dict(settings["DOWNLOAD_HANDLERS"]) == {
        "http": "mine.Handler", "https": HANDLER, "ftp": None,
    }  # fmt: skip


def test_handlers_of_other_schemes_stay() -> None:
    settings = completed({"DOWNLOAD_HANDLERS": {"gopher": "mine.Gopher"}})

    assert dict(settings["DOWNLOAD_HANDLERS"]) == {
        "http": HANDLER, "https": HANDLER, "gopher": "mine.Gopher",
    }  # fmt: skip


@pytest.mark.parametrize("priority", ["project", "spider", "cmdline"])
def test_components_of_the_user_stand_beside_ours(priority: str) -> None:
    given = {"ITEM_PIPELINES": {"mine.Pipeline": 5}, "EXTENSIONS": {"mine.Extension": 7}}

    settings = completed(given, priority)

    assert dict(settings["ITEM_PIPELINES"]) == {PIPELINE: 100, "mine.Pipeline": 5}
    assert dict(settings["EXTENSIONS"]) == {
        ARCHIVE: 0,
        **WATCHERS,
        PROGRESS: 900,
        "mine.Extension": 7,
    }


def test_components_given_as_text_on_a_command_line_stand_beside_ours() -> None:
    settings = completed({"ITEM_PIPELINES": '{"mine.Pipeline": 5}'}, "cmdline")

    assert dict(settings["ITEM_PIPELINES"]) == {PIPELINE: 100, "mine.Pipeline": 5}


def test_a_user_may_move_our_components_and_switch_them_off() -> None:
    settings = completed({"ITEM_PIPELINES": {PIPELINE: 800}, "EXTENSIONS": {PROGRESS: None}})

    assert dict(settings["ITEM_PIPELINES"]) == {PIPELINE: 800}
    assert dict(settings["EXTENSIONS"]) == {ARCHIVE: 0, **WATCHERS, PROGRESS: None}


def test_a_user_may_name_our_components_by_their_classes() -> None:
    settings = completed({"ITEM_PIPELINES": {ExtractPipeline: 800}, "EXTENSIONS": {Archive: 1}})

    pipelines = build_component_list(settings.getwithbase("ITEM_PIPELINES"))
    extensions = build_component_list(settings.getwithbase("EXTENSIONS"))

    assert pipelines == [ExtractPipeline]
    assert extensions.count(Archive) + extensions.count(ARCHIVE) == 1


@pytest.mark.parametrize("priority", ["project", "spider", "cmdline"])
def test_the_users_number_of_items_stays(priority: str) -> None:
    assert completed({"CONCURRENT_ITEMS": 50}, priority)["CONCURRENT_ITEMS"] == 50


# What servers are asked for


@pytest.mark.parametrize("name", ["Accept-Encoding", "accept-encoding"])
@pytest.mark.parametrize("value", ["br", None])
def test_the_users_own_accept_encoding_stays(name: str, value: str | None) -> None:
    settings = completed({"DEFAULT_REQUEST_HEADERS": {name: value}})

    assert dict(settings["DEFAULT_REQUEST_HEADERS"]) == {name: value}


def test_the_users_other_headers_stay() -> None:
    settings = completed({"DEFAULT_REQUEST_HEADERS": {"Accept-Language": "de"}}, "spider")

    assert dict(settings["DEFAULT_REQUEST_HEADERS"]) == {
        "Accept-Language": "de", "Accept-Encoding": "gzip",
    }  # fmt: skip


def test_scrapys_other_headers_stay() -> None:
    assert dict(completed()["DEFAULT_REQUEST_HEADERS"]) == {
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "Accept-Language": "en",
        "Accept-Encoding": "gzip",
    }


@pytest.mark.parametrize("value", ["", None])
def test_without_a_coding_of_ours_scrapy_asks_for_its_own(value: str | None) -> None:
    settings = completed({"ARCHIVE_ACCEPT_ENCODING": value})

    assert "Accept-Encoding" not in settings["DEFAULT_REQUEST_HEADERS"]


def test_other_codings_may_be_asked_for() -> None:
    settings = completed({"ARCHIVE_ACCEPT_ENCODING": "br, gzip"})

    assert settings["DEFAULT_REQUEST_HEADERS"]["Accept-Encoding"] == "br, gzip"


# Off, and wrong


@pytest.mark.parametrize("value", [False, "False", "0", 0, "off", "no"])
def test_an_archive_that_is_off_changes_nothing(value: object) -> None:
    settings = completed({"ARCHIVE_ENABLED": value})

    untouched = Settings()
    touched = [
        name
        for name in settings
        if settings[name] != untouched[name] and not name.startswith("ARCHIVE_")
    ]
    assert touched == []


def test_settings_that_belong_to_others_are_not_touched() -> None:
    settings, untouched = completed(), Settings()

    touched = [
        name
        for name in settings
        if settings[name] != untouched[name] and not name.startswith("ARCHIVE_")
    ]

    assert sorted(touched) == [
        "CONCURRENT_ITEMS",
        "DEFAULT_REQUEST_HEADERS",
        "DOWNLOADER_MIDDLEWARES",
        "DOWNLOAD_HANDLERS",
        "EXTENSIONS",
        "ITEM_PIPELINES",
        "SCHEDULER",
        "SPIDER_MIDDLEWARES",
    ]


def test_who_decides_about_robots_txt_keeps_the_decision() -> None:
    own = {"scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": 50}

    middlewares = completed({"DOWNLOADER_MIDDLEWARES": own}).getdict("DOWNLOADER_MIDDLEWARES")

    assert middlewares.keys() >= own.keys()
    assert "pipelines.robots.Robots" not in middlewares


def test_who_decides_about_decompression_keeps_the_decision() -> None:
    own = {"scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None}

    settings = completed({"DOWNLOADER_MIDDLEWARES": own})

    assert settings.getdict("DOWNLOADER_MIDDLEWARES") == {
        **own,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "pipelines.robots.Robots": 100,
        "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
        "pipelines.backoff.Backoff": 550,
        "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
        "pipelines.refresh.MetaRefresh": 580,
        "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
        "pipelines.refresh.Redirect": 600,
        "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
        "pipelines.cookies.Cookies": 700,
        "pipelines.rights.Rights": 110,
    }


def test_ours_have_the_order_of_those_that_they_replace() -> None:
    scrapys = Settings().getdict("DOWNLOADER_MIDDLEWARES_BASE")
    placed = completed().getdict("DOWNLOADER_MIDDLEWARES")
    assert placed.pop("pipelines.rights.Rights") == 110  # right behind robots.txt, for nobody
    replaced = [name for name, order in placed.items() if order is None]

    assert [scrapys[name] for name in replaced] == [
        order for order in placed.values() if order is not None
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"ARCHIVE_WIRE": "raw"}, r"^ARCHIVE_WIRE is 'raw': it must be exact or decoded$"),
        (
            {"ARCHIVE_STOER": "x"},
            r"^ARCHIVE_STOER is no setting .*: did you mean ARCHIVE_STORE\?$",
        ),
        ({"ARCHIVE_ENABLED": "maybe"}, r"^ARCHIVE_ENABLED is 'maybe': it must be True or False$"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingError, match=message):
        completed(given)


def test_the_add_on_may_be_applied_twice() -> None:
    settings = completed()
    before = {name: settings[name] for name in settings}

    ArchiveAddon().update_settings(settings)

    assert {name: settings[name] for name in settings} == before


# Who asks

MAIL, PAGE = "ada@example.org", "https://example.org/crawl"


@pytest.mark.parametrize(
    ("agent", "operator", "expected"),
    [
        ("archiver/0.1", MAIL, f"archiver/0.1 (+{MAIL})"),
        ("archiver/0.1", PAGE, f"archiver/0.1 (+{PAGE})"),
        ("archiver/0.1", f"Ada ({MAIL})", f"archiver/0.1 (+Ada {MAIL})"),
        ("archiver/0.1", "Zoë, zoe@example.org", "archiver/0.1 (+Zoe, zoe@example.org)"),
        ("archiver/0.1", None, "archiver/0.1"),
        ("archiver/0.1", "李", "archiver/0.1"),
        ("mine/2 (+https://mine.example/)", MAIL, "mine/2 (+https://mine.example/)"),
        ("mine/2 (me@mine.example)", PAGE, "mine/2 (me@mine.example)"),
    ],
)
def test_the_user_agent_says_whom_to_write_to(
    agent: str, operator: str | None, expected: str
) -> None:
    settings = completed({"USER_AGENT": agent, "ARCHIVE_OPERATOR": operator})

    assert settings["USER_AGENT"] == expected


@pytest.mark.parametrize("priority", ["project", "spider", "cmdline"])
def test_the_user_agent_stays_as_firm_as_it_was(priority: str) -> None:
    settings = completed({"USER_AGENT": "mine/2", "ARCHIVE_OPERATOR": MAIL}, priority)

    assert settings["USER_AGENT"] == f"mine/2 (+{MAIL})"
    assert settings.getpriority("USER_AGENT") == SETTINGS_PRIORITIES[priority]


# Offline

REPLAY = {"ARCHIVE_REPLAY_FROM": "collections/news"}
REPLAY_HANDLER, ANSWERING = (
    "pipelines.replaying.ReplayDownloadHandler",
    "pipelines.answering.Replay",
)
REPLAY_TEXT = "pipelines.replay_text.ReplayText"


def test_where_an_archive_answers_nothing_else_can() -> None:
    handlers = completed(REPLAY).getwithbase("DOWNLOAD_HANDLERS")

    assert {scheme for scheme, path in handlers.items() if path != REPLAY_HANDLER} == {
        "data", "file",
    }  # fmt: skip
    assert handlers.keys() >= {"http", "https", "ftp", "s3"}


@pytest.mark.parametrize("priority", ["project", "spider", "cmdline"])
def test_no_handler_of_the_users_own_reaches_the_network(priority: str) -> None:
    own = {"http": "mine.Handler", "https": "mine.Handler", "gopher": "mine.Gopher", "ftp": None}

    handlers = completed({**REPLAY, "DOWNLOAD_HANDLERS": own}, priority)["DOWNLOAD_HANDLERS"]

    assert {handlers[scheme] for scheme in own} == {REPLAY_HANDLER}


@pytest.mark.parametrize("priority", ["project", "spider", "cmdline"])
def test_where_an_archive_answers_nobody_is_spared_or_asked_again(priority: str) -> None:
    manners = {
        "AUTOTHROTTLE_ENABLED": True, "DOWNLOAD_DELAY": 5, "HTTPCACHE_ENABLED": True,
        "RETRY_ENABLED": True, "ROBOTSTXT_OBEY": True, "DOWNLOAD_SLOTS": {"a.test": {"delay": 9}},
    }  # fmt: skip

    settings = completed({**REPLAY, **manners}, priority)

    assert not any(settings[name] for name in manners)


def test_where_an_archive_answers_nothing_archives() -> None:
    settings = completed(REPLAY)

    assert dict(settings["EXTENSIONS"]) == {ANSWERING: 0, PROGRESS: 900}
    assert dict(settings["ITEM_PIPELINES"]) == {REPLAY_TEXT: 100}
    assert settings["SCHEDULER"] == "scrapy.core.scheduler.Scheduler"
    assert dict(settings["SPIDER_MIDDLEWARES"]) == {}


def test_what_the_user_has_placed_himself_gives_way_too() -> None:
    own = {
        "EXTENSIONS": {Archive: 3, PROGRESS: None},
        "ITEM_PIPELINES": {ExtractPipeline: 800, "mine.Pipeline": 5},
        "SCHEDULER": "spiders.scheduler.ArchiveScheduler",
    }

    settings = completed({**REPLAY, **own})

    assert dict(settings["EXTENSIONS"]) == {ANSWERING: 3, PROGRESS: None}
    assert dict(settings["ITEM_PIPELINES"]) == {REPLAY_TEXT: 800, "mine.Pipeline": 5}
    assert settings["SCHEDULER"] == "scrapy.core.scheduler.Scheduler"


def test_an_archive_answers_even_where_nothing_is_to_be_archived() -> None:
    settings = completed({**REPLAY, "ARCHIVE_ENABLED": False})

    assert settings["DOWNLOAD_HANDLERS"]["http"] == REPLAY_HANDLER


def test_handlers_given_as_text_on_a_command_line_reach_no_network_either() -> None:
    given = {**REPLAY, "DOWNLOAD_HANDLERS": '{"gopher": "mine.Gopher"}'}

    assert completed(given, "cmdline")["DOWNLOAD_HANDLERS"]["gopher"] == REPLAY_HANDLER
