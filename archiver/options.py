"""The `ARCHIVE_` settings: their defaults, and their values once they have been checked.

They are Scrapy settings and come from wherever Scrapy takes settings; this file only says
what they may be. A value that cannot be worked with is refused before anything is fetched.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from archiver.digests import Algorithm
from archiver.errors import SettingError
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
    "ARCHIVE_TEXT_ENABLED": True,
    "ARCHIVE_EXTRACT_WORKERS": None,  # None: one less than there are processors, at least one
    "ARCHIVE_EXTRACT_TIMEOUT": 30.0,
    "ARCHIVE_PROGRESS": True,
}

# When what is written is made durable at the latest: at once, within a second, when sealed.
Fsync = Literal["record", "seconds", "seal"]
# Which payloads are stored once: none, the same at the same URL, the same anywhere.
Dedup = Literal["off", "url", "any"]
# What becomes of a page that an earlier crawl has brought: nothing, a conditional request,
# a request like any other.
Recrawl = Literal["new", "changed", "all"]
# Where a bucket's name goes in a URL, and when checksums are sent that S3 got only later.
Addressing = Literal["path", "virtual"]
Checksums = Literal["when_required", "when_supported"]

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


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
    is_text_enabled: bool
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
    collection = _name(given, "ARCHIVE_COLLECTION")
    if given["ARCHIVE_WARC_PREFIX"] is None:
        given["ARCHIVE_WARC_PREFIX"] = collection
    if given["ARCHIVE_EXTRACT_WORKERS"] is None:
        given["ARCHIVE_EXTRACT_WORKERS"] = max(1, (os.cpu_count() or 1) - 1)
    return Options(
        is_enabled=_flag(given, "ARCHIVE_ENABLED"),
        store=_store(given),
        collection=collection,
        is_local_kept=_flag(given, "ARCHIVE_KEEP_LOCAL"),
        outbox_max_bytes=_whole(given, "ARCHIVE_OUTBOX_MAX_BYTES", least=1),
        upload_wait=_seconds(given, "ARCHIVE_UPLOAD_WAIT", least=0),
        s3_addressing=cast(
            "Addressing | None",
            _choice_or_none(given, "ARCHIVE_S3_ADDRESSING", get_args(Addressing)),
        ),
        s3_checksums=cast(
            "Checksums | None", _choice_or_none(given, "ARCHIVE_S3_CHECKSUMS", get_args(Checksums))
        ),
        work_dir=Path(_text(given, "ARCHIVE_WORK_DIR")),
        warc_prefix=_name(given, "ARCHIVE_WARC_PREFIX"),
        warc_max_bytes=_whole(given, "ARCHIVE_WARC_MAX_BYTES", least=1),
        wire=cast(Wire, _choice(given, "ARCHIVE_WIRE", ("exact", "decoded"))),
        digest=cast(Algorithm, _choice(given, "ARCHIVE_DIGEST", ("sha256", "sha1"))),
        operator=_text(given, "ARCHIVE_OPERATOR") if given["ARCHIVE_OPERATOR"] else None,
        accept_encoding=_accepted(given),
        memory_bytes=_whole(given, "ARCHIVE_MEMORY_BYTES", least=0),
        spider_bytes=_whole(given, "ARCHIVE_SPIDER_BYTES", least=0),
        queue_captures=_whole(given, "ARCHIVE_QUEUE_CAPTURES", least=1),
        fsync=cast(Fsync, _choice(given, "ARCHIVE_FSYNC", get_args(Fsync))),
        min_free_bytes=_whole_or_none(given, "ARCHIVE_MIN_FREE_BYTES"),
        stop_seconds=_seconds(given, "ARCHIVE_STOP_SECONDS"),
        dedup=cast(Dedup, _choice(given, "ARCHIVE_DEDUP", get_args(Dedup))),
        recrawl=cast(Recrawl, _choice(given, "ARCHIVE_RECRAWL", get_args(Recrawl))),
        is_text_enabled=_flag(given, "ARCHIVE_TEXT_ENABLED"),
        extract_workers=_whole(given, "ARCHIVE_EXTRACT_WORKERS", least=0, most=1000),
        extract_timeout=_seconds(given, "ARCHIVE_EXTRACT_TIMEOUT"),
        shows_progress=_flag(given, "ARCHIVE_PROGRESS"),
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


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given[name]
    if not isinstance(value, str | os.PathLike) or not str(value).strip():
        raise SettingError(f"{name} is {value!r}: give it a text that is not empty")
    if re.search(r"[\x00-\x1f]", str(value)):
        raise SettingError(f"{name} is {value!r}: take the control characters out")
    return str(value)


def _store(given: Mapping[str, Any]) -> str:
    """Return the address of the store, the same however a bucket's is written."""
    address = _text(given, "ARCHIVE_STORE")
    scheme, separator, rest = address.partition("://")
    if separator:
        return f"{scheme.lower()}://{rest.rstrip('/')}"
    if address.lower().startswith("s3:"):
        raise SettingError(f"ARCHIVE_STORE is {address!r}: write s3://bucket/prefix")
    return address


def _name(given: Mapping[str, Any], name: str) -> str:
    value = _text(given, name)
    if not _NAME.fullmatch(value) or ".." in value:
        raise SettingError(
            f"{name} is {value!r}: use letters, digits, dots, hyphens and underscores only, "
            "since it names files"
        )
    return value


def _accepted(given: Mapping[str, Any]) -> str | None:
    """Return what Accept-Encoding says; None or an empty text leave it to Scrapy."""
    name = "ARCHIVE_ACCEPT_ENCODING"
    return None if given[name] in (None, "") else _text(given, name)


def _choice(given: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = given[name]
    if value not in choices:
        raise SettingError(f"{name} is {value!r}: it must be {' or '.join(choices)}")
    return cast(str, value)


def _choice_or_none(given: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str | None:
    return None if given[name] is None else _choice(given, name, choices)


def _whole(given: Mapping[str, Any], name: str, *, least: int, most: int | None = None) -> int:
    number = _number(given[name], int)
    if number is None or number < least or (most is not None and number > most):
        bounds = f"from {least} up" if most is None else f"from {least} to {most}"
        raise SettingError(f"{name} is {given[name]!r}: give it a whole number {bounds}")
    return int(number)


def _whole_or_none(given: Mapping[str, Any], name: str) -> int | None:
    return None if given[name] is None else _whole(given, name, least=0)


def _seconds(given: Mapping[str, Any], name: str, *, least: float | None = None) -> float:
    number = _number(given[name], float)
    if number is not None and number < 1e9 and (number > 0 if least is None else number >= least):
        return float(number)
    bound = "above 0" if least is None else f"from {least:g} up"
    raise SettingError(f"{name} is {given[name]!r}: give it a number of seconds {bound}")


def _number(value: object, kind: type[int] | type[float]) -> int | float | None:
    # A command line gives every value as text; 1e9 and 1_000 are how people write sizes.
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        pass  # no whole number as it stands, but perhaps 1e9 or 2.5
    try:
        number = float(str(value))
    except ValueError:
        return None
    if kind is int:
        return int(number) if number.is_integer() else None
    return number


def _flag(given: Mapping[str, Any], name: str) -> bool:
    known: dict[str, Literal[True, False]] = {
        "true": True, "1": True, "yes": True, "on": True,
        "false": False, "0": False, "no": False, "off": False,
    }  # fmt: skip
    value = known.get(str(given[name]).strip().lower())
    if value is None:
        raise SettingError(f"{name} is {given[name]!r}: it must be True or False")
    return value
