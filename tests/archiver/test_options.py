"""Each setting's good values and bad ones, as a settings file and as a command line give them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archiver.errors import SettingError
from archiver.options import DEFAULTS, EXTRACTORS, options_from
from archiver.rereading import extract_at, extract_by_trafilatura
from archiver.worker import function_named


def test_without_settings_the_defaults_hold() -> None:
    options = options_from({"ARCHIVE_EXTRACT_WORKERS": 3})

    assert (options.store, options.collection, options.work_dir, options.warc_prefix) == (
        "collections", "news", Path(".archiver"), "news",
    )  # fmt: skip
    assert (options.warc_max_bytes, options.wire, options.digest, options.operator) == (
        1_000_000_000, "exact", "sha256", None,
    )  # fmt: skip
    assert (options.memory_bytes, options.spider_bytes, options.queue_captures) == (
        1_048_576, 33_554_432, 32,
    )  # fmt: skip
    assert (options.is_text_enabled, options.extract_workers, options.extract_timeout) == (
        True, 3, 30.0,
    )  # fmt: skip


def test_there_is_at_least_one_worker_by_default() -> None:
    assert options_from({}).extract_workers >= 1


def test_the_settings_of_others_are_no_business_of_ours() -> None:
    assert options_from({"LOG_LEVEL": 7, "archive_store": 0, "MY_ARCHIVE_STORE": 0}).store


GOOD: list[tuple[str, Any, str, object]] = [  # Any: a setting may be of any type
    ("ARCHIVE_STORE", "/data/archives", "store", "/data/archives"),
    ("ARCHIVE_STORE", Path("/data"), "store", "/data"),
    ("ARCHIVE_STORE", "with blanks", "store", "with blanks"),
    ("ARCHIVE_COLLECTION", "News_2026.v1-a", "collection", "News_2026.v1-a"),
    ("ARCHIVE_COLLECTION", "x" * 100, "collection", "x" * 100),
    ("ARCHIVE_WORK_DIR", "/tmp/work", "work_dir", Path("/tmp/work")),
    ("ARCHIVE_WARC_PREFIX", "PREFIX", "warc_prefix", "PREFIX"),
    ("ARCHIVE_WARC_PREFIX", None, "warc_prefix", "news"),
    ("ARCHIVE_WARC_MAX_BYTES", 1, "warc_max_bytes", 1),
    ("ARCHIVE_WARC_MAX_BYTES", "1e9", "warc_max_bytes", 1_000_000_000),
    ("ARCHIVE_WARC_MAX_BYTES", 1e6, "warc_max_bytes", 1_000_000),
    ("ARCHIVE_WARC_MAX_BYTES", "500_000", "warc_max_bytes", 500_000),
    ("ARCHIVE_WARC_MAX_BYTES", " 500 ", "warc_max_bytes", 500),
    ("ARCHIVE_WIRE", "decoded", "wire", "decoded"),
    ("ARCHIVE_DIGEST", "sha1", "digest", "sha1"),
    ("ARCHIVE_OPERATOR", "Ada <ada@example.org>", "operator", "Ada <ada@example.org>"),
    ("ARCHIVE_MEMORY_BYTES", 0, "memory_bytes", 0),
    ("ARCHIVE_MEMORY_BYTES", "1048576", "memory_bytes", 1_048_576),
    ("ARCHIVE_SPIDER_BYTES", "0", "spider_bytes", 0),
    ("ARCHIVE_QUEUE_CAPTURES", "1", "queue_captures", 1),
    ("ARCHIVE_EXTRACTOR", "archiver", "extract_function", "archiver.rereading:extract_at"),
    (
        "ARCHIVE_EXTRACTOR",
        "trafilatura",
        "extract_function",
        "archiver.rereading:extract_by_trafilatura",
    ),
    ("ARCHIVE_EXTRACT_WORKERS", "0", "extract_workers", 0),
    ("ARCHIVE_EXTRACT_WORKERS", 4, "extract_workers", 4),
    ("ARCHIVE_EXTRACT_TIMEOUT", "0.5", "extract_timeout", 0.5),
    ("ARCHIVE_EXTRACT_TIMEOUT", 10, "extract_timeout", 10.0),
    ("ARCHIVE_STORE", "s3://bucket/prefix", "is_remote", True),
    ("ARCHIVE_STORE", "collections", "is_remote", False),
    ("ARCHIVE_STORE", "S3://bucket/prefix/", "store", "s3://bucket/prefix"),
    ("ARCHIVE_KEEP_LOCAL", "True", "is_local_kept", True),
    ("ARCHIVE_OUTBOX_MAX_BYTES", "1e10", "outbox_max_bytes", 10_000_000_000),
    ("ARCHIVE_UPLOAD_WAIT", "0", "upload_wait", 0.0),
    ("ARCHIVE_S3_ADDRESSING", "virtual", "s3_addressing", "virtual"),
    ("ARCHIVE_S3_CHECKSUMS", "when_supported", "s3_checksums", "when_supported"),
    ("ARCHIVE_RIGHTS", "respect", "rights", "respect"),
    ("ARCHIVE_WATCH", "True", "is_watching", True),
    ("ARCHIVE_HOST_BUDGET", "0", "host_budget", 0),
    ("ARCHIVE_HOST_BUDGET", "1e3", "host_budget", 1000),
    ("ARCHIVE_CRAWL_DELAY_MAX", "0", "crawl_delay_max", 0.0),
    ("ARCHIVE_PRIVATE_HOSTS", None, "private_hosts", ()),
    ("ARCHIVE_PRIVATE_HOSTS", "", "private_hosts", ()),
    (
        "ARCHIVE_PRIVATE_HOSTS",
        "Intranet, *.corp.example .lab.example",
        "private_hosts",
        ("intranet", ".corp.example", ".lab.example"),
    ),
    ("ARCHIVE_PRIVATE_HOSTS", ["10.0.0.0/8", "::1"], "private_hosts", ("10.0.0.0/8", "::1")),
    ("ARCHIVE_REQUISITES", "True", "requisites", True),
    ("ARCHIVE_REQUISITES_PER_PAGE", "50", "requisites_per_page", 50),
    ("ARCHIVE_REQUISITES_PER_HOST", 0, "requisites_per_host", 0),
    ("ARCHIVE_REQUISITES_MAX_BYTES", "1e6", "requisites_max_bytes", 1_000_000),
    ("ARCHIVE_REPLAY_FROM", "news.wacz,more", "replay_from", "news.wacz,more"),
    ("ARCHIVE_TEXT_ENABLED", True, "is_text_enabled", True),
    ("ARCHIVE_TEXT_ENABLED", 0, "is_text_enabled", False),
    ("ARCHIVE_TEXT_ENABLED", "1", "is_text_enabled", True),
    ("ARCHIVE_TEXT_ENABLED", "False", "is_text_enabled", False),
    ("ARCHIVE_TEXT_ENABLED", "true", "is_text_enabled", True),
    ("ARCHIVE_TEXT_ENABLED", "off", "is_text_enabled", False),
]


@pytest.mark.parametrize(("name", "value", "option", "expected"), GOOD)
def test_a_good_value_is_taken(name: str, value: Any, option: str, expected: object) -> None:
    found = getattr(options_from({name: value}), option)

    assert (type(found), found) == (type(expected), expected)


@pytest.mark.parametrize(
    ("extractor", "function"),
    [("archiver", extract_at), ("trafilatura", extract_by_trafilatura)],
)
def test_an_extractor_is_a_function_that_workers_find(extractor: str, function: object) -> None:
    assert function_named(EXTRACTORS[extractor]) is function


def test_our_own_extractor_is_the_default() -> None:
    assert options_from({}).extract_function == EXTRACTORS["archiver"]


TEXT = "give it a text that is not empty"
HOSTS = "list host names, .example.org for all below one, or networks such as 10.0.0.0/8"
NAME = "use letters, digits, dots, hyphens and underscores only, since it names files"
BAD: list[tuple[str, Any, str]] = [
    ("ARCHIVE_STORE", "", TEXT),
    ("ARCHIVE_STORE", "  ", TEXT),
    ("ARCHIVE_STORE", None, TEXT),
    ("ARCHIVE_STORE", 5, TEXT),
    ("ARCHIVE_STORE", b"/data", TEXT),
    ("ARCHIVE_STORE", "a\x00b", "take the control characters out"),
    ("ARCHIVE_STORE", "a\nb", "take the control characters out"),
    ("ARCHIVE_WORK_DIR", "", TEXT),
    ("ARCHIVE_COLLECTION", "", TEXT),
    ("ARCHIVE_COLLECTION", None, TEXT),
    ("ARCHIVE_COLLECTION", "a/b", NAME),
    ("ARCHIVE_COLLECTION", "..", NAME),
    ("ARCHIVE_COLLECTION", "a..b", NAME),
    ("ARCHIVE_COLLECTION", ".hidden", NAME),
    ("ARCHIVE_COLLECTION", "-rf", NAME),
    ("ARCHIVE_COLLECTION", "café", NAME),
    ("ARCHIVE_COLLECTION", "two words", NAME),
    ("ARCHIVE_COLLECTION", "x" * 101, NAME),
    ("ARCHIVE_COLLECTION", "news\n", "take the control characters out"),
    ("ARCHIVE_WARC_PREFIX", "a/b", NAME),
    ("ARCHIVE_WARC_PREFIX", "", TEXT),
    ("ARCHIVE_WARC_MAX_BYTES", 0, "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", -1, "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", "1.5", "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", "1 GB", "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", "inf", "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", "nan", "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", True, "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", None, "give it a whole number from 1 up"),
    ("ARCHIVE_WARC_MAX_BYTES", [1], "give it a whole number from 1 up"),
    ("ARCHIVE_WIRE", "Exact", "it must be exact or decoded"),
    ("ARCHIVE_WIRE", None, "it must be exact or decoded"),
    ("ARCHIVE_WIRE", ["exact"], "it must be exact or decoded"),
    ("ARCHIVE_DIGEST", "md5", "it must be sha256 or sha1"),
    ("ARCHIVE_DIGEST", "SHA1", "it must be sha256 or sha1"),
    ("ARCHIVE_OPERATOR", 5, TEXT),
    ("ARCHIVE_EXTRACTOR", "Trafilatura", "it must be archiver or trafilatura"),
    ("ARCHIVE_EXTRACTOR", None, "it must be archiver or trafilatura"),
    ("ARCHIVE_EXTRACTOR", ["archiver"], "it must be archiver or trafilatura"),
    ("ARCHIVE_OPERATOR", "Ada\r\nrobots: ignore", "take the control characters out"),
    ("ARCHIVE_MEMORY_BYTES", -1, "give it a whole number from 0 up"),
    ("ARCHIVE_SPIDER_BYTES", "many", "give it a whole number from 0 up"),
    ("ARCHIVE_QUEUE_CAPTURES", 0, "give it a whole number from 1 up"),
    ("ARCHIVE_EXTRACT_WORKERS", -1, "give it a whole number from 0 to 1000"),
    ("ARCHIVE_EXTRACT_WORKERS", 1001, "give it a whole number from 0 to 1000"),
    ("ARCHIVE_EXTRACT_TIMEOUT", 0, "give it a number of seconds above 0"),
    ("ARCHIVE_EXTRACT_TIMEOUT", "-1", "give it a number of seconds above 0"),
    ("ARCHIVE_EXTRACT_TIMEOUT", "inf", "give it a number of seconds above 0"),
    ("ARCHIVE_EXTRACT_TIMEOUT", "soon", "give it a number of seconds above 0"),
    ("ARCHIVE_STORE", "s3:/bucket/prefix", "write s3://bucket/prefix"),
    ("ARCHIVE_KEEP_LOCAL", "some", "it must be True or False"),
    ("ARCHIVE_RIGHTS", "ignore", "it must be record or respect"),
    ("ARCHIVE_WATCH", "daily", "it must be True or False"),
    ("ARCHIVE_HOST_BUDGET", -1, "give it a whole number from 0 up"),
    ("ARCHIVE_CRAWL_DELAY_MAX", "-1", "give it a number of seconds from 0 up"),
    ("ARCHIVE_PRIVATE_HOSTS", "http://intranet/", HOSTS),
    ("ARCHIVE_PRIVATE_HOSTS", "a b*c", HOSTS),
    ("ARCHIVE_PRIVATE_HOSTS", "10.0.0.0/33", HOSTS),
    ("ARCHIVE_REQUISITES", "some", "it must be True or False"),
    ("ARCHIVE_REQUISITES_PER_PAGE", -1, "give it a whole number from 0 up"),
    ("ARCHIVE_REQUISITES_PER_HOST", "all", "give it a whole number from 0 up"),
    ("ARCHIVE_REQUISITES_MAX_BYTES", 1.5, "give it a whole number from 0 up"),
    ("ARCHIVE_REPLAY_FROM", "a\nb", "take the control characters out"),
    ("ARCHIVE_OUTBOX_MAX_BYTES", 0, "give it a whole number from 1 up"),
    ("ARCHIVE_UPLOAD_WAIT", -1, "give it a number of seconds from 0 up"),
    ("ARCHIVE_UPLOAD_WAIT", "nan", "give it a number of seconds from 0 up"),
    ("ARCHIVE_S3_ADDRESSING", "dns", "it must be path or virtual"),
    ("ARCHIVE_S3_CHECKSUMS", "always", "it must be when_required or when_supported"),
    ("ARCHIVE_TEXT_ENABLED", "maybe", "it must be True or False"),
    ("ARCHIVE_TEXT_ENABLED", 2, "it must be True or False"),
    ("ARCHIVE_TEXT_ENABLED", None, "it must be True or False"),
    # These are used elsewhere than in Options, and are no less settings for that.
    ("ARCHIVE_ENABLED", "maybe", "it must be True or False"),
    ("ARCHIVE_PROGRESS", "maybe", "it must be True or False"),
    ("ARCHIVE_ACCEPT_ENCODING", "gzip\r\nX-Evil: 1", "take the control characters out"),
    ("ARCHIVE_ACCEPT_ENCODING", 5, TEXT),
]


@pytest.mark.parametrize(("name", "value", "remedy"), BAD)
def test_a_bad_value_is_refused_with_its_name_and_the_remedy(
    name: str, value: Any, remedy: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        options_from({name: value})

    assert str(refusal.value) == f"{name} is {value!r}: {remedy}"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ARCHIVE_COLECTION", "did you mean ARCHIVE_COLLECTION?"),
        ("ARCHIVE_WARC_MAXBYTES", "did you mean ARCHIVE_WARC_MAX_BYTES?"),
        ("ARCHIVE_QQQ", "the README lists those there are"),
    ],
)
def test_a_misspelt_name_is_refused_with_a_guess(name: str, hint: str) -> None:
    with pytest.raises(SettingError) as refusal:
        options_from({name: 1})

    assert str(refusal.value) == f"{name} is no setting of the archive: {hint}"


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_each_default_is_a_value_that_may_be_given(name: str) -> None:
    assert options_from({name: DEFAULTS[name]}) == options_from({})


def test_a_large_number_is_taken_to_the_last_digit() -> None:
    options = options_from({"ARCHIVE_WARC_MAX_BYTES": 9_007_199_254_740_993})

    assert options.warc_max_bytes == 9_007_199_254_740_993
