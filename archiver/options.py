"""The `ARCHIVE_` settings: their defaults, and their values once they have been checked.

They are Scrapy settings and come from wherever Scrapy takes settings; this file only says
what they may be. A value that cannot be worked with is refused before anything is fetched.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from archiver.digests import Algorithm
from archiver.errors import SettingError
from archiver.given import (
    Given,
    choice_of,
    choice_or_none,
    flag_of,
    hosts_of,
    name_of,
    seconds_of,
    text_of,
    text_or_none,
    whole_of,
    whole_or_none,
)
from archiver.records import Wire

DEFAULTS: dict[str, Any] = {  # Any: a setting may be of any type
    "ARCHIVE_ENABLED": True,
    "ARCHIVE_STORE": "collections",
    "ARCHIVE_COLLECTION": "news",
    "ARCHIVE_KEEP_LOCAL": False,
    "ARCHIVE_OUTBOX_MAX_BYTES": 20_000_000_000,
    "ARCHIVE_UPLOAD_WAIT": 600.0,
    "ARCHIVE_S3_ADDRESSING": None,  # None: path where the endpoint is not AWS's own
    "ARCHIVE_S3_CHECKSUMS": None,  # None: when_required where the endpoint is not AWS's own
    "ARCHIVE_WORK_DIR": ".archiver",
    "ARCHIVE_WARC_PREFIX": None,  # None: the collection's name
    "ARCHIVE_WARC_MAX_BYTES": 1_000_000_000,
    "ARCHIVE_WIRE": "exact",
    "ARCHIVE_DIGEST": "sha256",
    "ARCHIVE_OPERATOR": None,
    "ARCHIVE_ACCEPT_ENCODING": "gzip",
    "ARCHIVE_MEMORY_BYTES": 1 << 20,
    "ARCHIVE_SPIDER_BYTES": 32 << 20,
    "ARCHIVE_QUEUE_CAPTURES": 32,
    "ARCHIVE_FSYNC": "seconds",
    "ARCHIVE_MIN_FREE_BYTES": None,  # None: 100 MB, or 0 on a disk of less than 10 GB
    "ARCHIVE_STOP_SECONDS": 20.0,
    "ARCHIVE_DEDUP": "url",
    "ARCHIVE_RECRAWL": "changed",
    "ARCHIVE_RIGHTS": "record",
    "ARCHIVE_WATCH": False,
    "ARCHIVE_HOST_BUDGET": 50_000,
    "ARCHIVE_CRAWL_DELAY_MAX": 60.0,
    "ARCHIVE_PRIVATE_HOSTS": None,  # None: none but those that seeds name
    "ARCHIVE_REQUISITES": False,
    "ARCHIVE_REQUISITES_PER_PAGE": 200,
    "ARCHIVE_REQUISITES_PER_HOST": 10_000,
    "ARCHIVE_REQUISITES_MAX_BYTES": 50_000_000,
    "ARCHIVE_REPLAY_FROM": None,  # None: requests go to the network
    "ARCHIVE_TEXT_ENABLED": True,
    "ARCHIVE_EXTRACTOR": "archiver",
    "ARCHIVE_EXTRACT_WORKERS": None,  # None: one less than there are processors, at least one
    "ARCHIVE_EXTRACT_TIMEOUT": 30.0,
    "ARCHIVE_PROGRESS": True,
}

# Who finds the text of a page: the functions that workers run, named so that they alone load them.
EXTRACTORS = {
    "archiver": "archiver.rereading:extract_at",
    "trafilatura": "archiver.rereading:extract_by_trafilatura",
}

# When what is written is made durable at the latest: at once, within a second, when sealed.
Fsync = Literal["record", "seconds", "seal"]
# Which payloads are stored once: none, the same at the same URL, the same anywhere.
Dedup = Literal["off", "url", "any"]
# What becomes of a page that an earlier crawl has brought: nothing, a conditional request,
# a request like any other.
Recrawl = Literal["new", "changed", "all"]
# What becomes of pages whose publisher reserves rights: it is written down, or heeded as well.
Rights = Literal["record", "respect"]
# Where a bucket's name goes in a URL, and when checksums are sent that S3 got only later.
Addressing = Literal["path", "virtual"]
Checksums = Literal["when_required", "when_supported"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings as the archive uses them; sizes are octets, times seconds."""

    is_enabled: bool
    store: str
    collection: str
    is_local_kept: bool
    outbox_max_bytes: int
    upload_wait: float
    s3_addressing: Addressing | None
    s3_checksums: Checksums | None
    work_dir: Path
    warc_prefix: str
    warc_max_bytes: int
    wire: Wire
    digest: Algorithm
    operator: str | None
    accept_encoding: str | None
    memory_bytes: int
    spider_bytes: int
    queue_captures: int
    fsync: Fsync
    min_free_bytes: int | None
    stop_seconds: float
    dedup: Dedup
    recrawl: Recrawl
    rights: Rights
    is_watching: bool
    host_budget: int
    crawl_delay_max: float
    private_hosts: tuple[str, ...]
    requisites: bool
    requisites_per_page: int
    requisites_per_host: int
    requisites_max_bytes: int
    replay_from: str | None
    is_text_enabled: bool
    extract_function: str
    extract_workers: int
    extract_timeout: float
    shows_progress: bool

    @property
    def is_remote(self) -> bool:
        """Say whether the store is a bucket, and none of the folders on the local disk."""
        return "://" in self.store


def options_from(settings: Mapping[str, Any]) -> Options:
    """Return the options that *settings* hold. SettingError names the first that is wrong.

    A name that begins with `ARCHIVE_` and is none of ours is refused too: a misspelt setting
    would otherwise archive into the wrong place without a word.
    """
    _refuse_unknown(name for name in settings if name.startswith("ARCHIVE_"))
    given = {name: settings.get(name, default) for name, default in DEFAULTS.items()}
    collection = name_of(given, "ARCHIVE_COLLECTION")
    if given["ARCHIVE_WARC_PREFIX"] is None:
        given["ARCHIVE_WARC_PREFIX"] = collection
    if given["ARCHIVE_EXTRACT_WORKERS"] is None:
        given["ARCHIVE_EXTRACT_WORKERS"] = max(1, (os.cpu_count() or 1) - 1)
    return Options(
        is_enabled=flag_of(given, "ARCHIVE_ENABLED"),
        store=_store(given),
        collection=collection,
        is_local_kept=flag_of(given, "ARCHIVE_KEEP_LOCAL"),
        outbox_max_bytes=whole_of(given, "ARCHIVE_OUTBOX_MAX_BYTES", least=1),
        upload_wait=seconds_of(given, "ARCHIVE_UPLOAD_WAIT", least=0),
        s3_addressing=cast(
            "Addressing | None",
            choice_or_none(given, "ARCHIVE_S3_ADDRESSING", get_args(Addressing)),
        ),
        s3_checksums=cast(
            "Checksums | None", choice_or_none(given, "ARCHIVE_S3_CHECKSUMS", get_args(Checksums))
        ),
        work_dir=Path(text_of(given, "ARCHIVE_WORK_DIR")),
        warc_prefix=name_of(given, "ARCHIVE_WARC_PREFIX"),
        warc_max_bytes=whole_of(given, "ARCHIVE_WARC_MAX_BYTES", least=1),
        wire=cast(Wire, choice_of(given, "ARCHIVE_WIRE", ("exact", "decoded"))),
        digest=cast(Algorithm, choice_of(given, "ARCHIVE_DIGEST", ("sha256", "sha1"))),
        operator=text_or_none(given, "ARCHIVE_OPERATOR"),
        accept_encoding=text_or_none(given, "ARCHIVE_ACCEPT_ENCODING"),  # None: Scrapy's own
        memory_bytes=whole_of(given, "ARCHIVE_MEMORY_BYTES", least=0),
        spider_bytes=whole_of(given, "ARCHIVE_SPIDER_BYTES", least=0),
        queue_captures=whole_of(given, "ARCHIVE_QUEUE_CAPTURES", least=1),
        fsync=cast(Fsync, choice_of(given, "ARCHIVE_FSYNC", get_args(Fsync))),
        min_free_bytes=whole_or_none(given, "ARCHIVE_MIN_FREE_BYTES"),
        stop_seconds=seconds_of(given, "ARCHIVE_STOP_SECONDS"),
        dedup=cast(Dedup, choice_of(given, "ARCHIVE_DEDUP", get_args(Dedup))),
        recrawl=cast(Recrawl, choice_of(given, "ARCHIVE_RECRAWL", get_args(Recrawl))),
        rights=cast(Rights, choice_of(given, "ARCHIVE_RIGHTS", get_args(Rights))),
        is_watching=flag_of(given, "ARCHIVE_WATCH"),
        host_budget=whole_of(given, "ARCHIVE_HOST_BUDGET", least=0),
        crawl_delay_max=seconds_of(given, "ARCHIVE_CRAWL_DELAY_MAX", least=0),
        private_hosts=hosts_of(given, "ARCHIVE_PRIVATE_HOSTS"),
        requisites=flag_of(given, "ARCHIVE_REQUISITES"),
        requisites_per_page=whole_of(given, "ARCHIVE_REQUISITES_PER_PAGE", least=0),
        requisites_per_host=whole_of(given, "ARCHIVE_REQUISITES_PER_HOST", least=0),
        requisites_max_bytes=whole_of(given, "ARCHIVE_REQUISITES_MAX_BYTES", least=0),
        replay_from=text_or_none(given, "ARCHIVE_REPLAY_FROM"),
        is_text_enabled=flag_of(given, "ARCHIVE_TEXT_ENABLED"),
        extract_function=EXTRACTORS[choice_of(given, "ARCHIVE_EXTRACTOR", tuple(EXTRACTORS))],
        extract_workers=whole_of(given, "ARCHIVE_EXTRACT_WORKERS", least=0, most=1000),
        extract_timeout=seconds_of(given, "ARCHIVE_EXTRACT_TIMEOUT"),
        shows_progress=flag_of(given, "ARCHIVE_PROGRESS"),
    )


def _refuse_unknown(names: Iterable[str]) -> None:
    for name in names:
        if name not in DEFAULTS:
            rest = [known.removeprefix("ARCHIVE_") for known in DEFAULTS]
            close = difflib.get_close_matches(name.removeprefix("ARCHIVE_"), rest, n=1)
            hint = (
                f"did you mean ARCHIVE_{close[0]}?"
                if close
                else "the README lists those there are"
            )
            raise SettingError(f"{name} is no setting of the archive: {hint}")


def _store(given: Given) -> str:
    """Return the address of the store, the same however a bucket's is written."""
    address = text_of(given, "ARCHIVE_STORE")
    scheme, separator, rest = address.partition("://")
    if separator:
        return f"{scheme.lower()}://{rest.rstrip('/')}"
    if address.lower().startswith("s3:"):
        raise SettingError(f"ARCHIVE_STORE is {address!r}: write s3://bucket/prefix")
    return address
