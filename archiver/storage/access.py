"""How a bucket is reached: the credentials, the endpoint and the dialect, checked.

This module talks to nobody. What it cannot use it refuses before anything is sent, and no
sentence of its own repeats what may be secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args
from urllib.parse import urlsplit

from archiver.errors import SettingError

Addressing = Literal["path", "virtual"]
Checksums = Literal["when_required", "when_supported"]

_TRUE, _FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


class Secret(str):
    """A text that its representation withholds, so that a dump of settings shows nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'[withheld]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a bucket is reached; None leaves it to boto3's own chain.

    *verify* is False, or the path of a file of CA certificates. *addressing* and *checksums*
    of None mean what suits the endpoint: for Amazon's own what boto3 does, for any other
    `path` and `when_required`, since boto3's own defaults are refused by some servers and
    stored as content by others.
    """

    endpoint_url: str | None = None
    access_key_id: str | None = field(default=None, repr=False)
    secret_access_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    region: str | None = None
    use_ssl: bool = True
    verify: bool | str | None = None
    addressing: Addressing | None = None
    checksums: Checksums | None = None


def access_from(settings: Mapping[str, Any]) -> Access:  # Any: a setting may be of any type
    """Return the access that Scrapy's `AWS_` settings and ours describe.

    What they leave open is left to boto3's own chain. SettingError, which repeats no
    credential, names the first setting that cannot be used.
    """
    use_ssl = _flag(settings, "AWS_USE_SSL")
    key, secret, token = (
        _credential(settings, name)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    )
    if (key is None) != (secret is None):
        given, missing = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")[:: 1 if key else -1]
        raise SettingError(f"{given} is set and {missing} is not: give both, or neither")
    if token is not None and key is None:
        raise SettingError("AWS_SESSION_TOKEN is set without AWS_ACCESS_KEY_ID: give both")
    return Access(
        endpoint_url=_endpoint(settings, use_ssl=use_ssl is not False),
        access_key_id=key,
        secret_access_key=secret,
        session_token=token,
        region=_region(settings),
        use_ssl=use_ssl is not False,
        verify=_verify(settings),
        addressing=cast(
            Addressing | None, _choice(settings, "ARCHIVE_S3_ADDRESSING", get_args(Addressing))
        ),
        checksums=cast(
            Checksums | None, _choice(settings, "ARCHIVE_S3_CHECKSUMS", get_args(Checksums))
        ),
    )


def is_amazon(endpoint_url: str) -> bool:
    """Say whether *endpoint_url* is one of Amazon's own."""
    host = urlsplit(endpoint_url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".api.aws"))


def _credential(settings: Mapping[str, Any], name: str) -> Secret | None:
    value = settings.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]+", value):
        raise SettingError(f"{name} is no credential: printable ASCII without blanks is one")
    return Secret(value)


def _endpoint(settings: Mapping[str, Any], *, use_ssl: bool) -> str | None:
    name, value = "AWS_ENDPOINT_URL", settings.get("AWS_ENDPOINT_URL")
    if value is None and not _is_true(os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")):
        for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"):
            value = value or os.environ.get(name)
    if not value:
        return None
    problem = _endpoint_problem(value, "https" if use_ssl else "http")
    if problem:
        raise SettingError(f"{name} {problem}")
    return str(value).rstrip("/")


def _endpoint_problem(value: object, scheme: str) -> str | None:
    """Return what is wrong with the endpoint *value*, without repeating what may be secret."""
    if not isinstance(value, str) or not re.fullmatch(r"[!-~]+", value):
        return f"is no address: write it as {scheme}://host:port"
    if "@" in value:
        return "holds credentials: give them in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return f"is no address: write it as {scheme}://host:port"
    if parts.scheme not in ("http", "https") or "://" not in value:
        return f"does not begin with http:// or https://: write it as {scheme}://host:port"
    if not parts.hostname or port == 0 or not re.fullmatch(r"[\w.:%-]+", parts.hostname):
        return f"names no host: write it as {scheme}://host:port"
    if "?" in value or "#" in value:
        return "has a query or a fragment: the bucket belongs into ARCHIVE_STORE"
    return None


def _region(settings: Mapping[str, Any]) -> str | None:
    value = settings.get("AWS_REGION_NAME")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}", value):
        raise SettingError("AWS_REGION_NAME is no region: write it as eu-central-1")
    return value


def _verify(settings: Mapping[str, Any]) -> bool | str | None:
    value = settings.get("AWS_VERIFY")
    if isinstance(value, str) and value and value.lower() not in _TRUE + _FALSE:
        if not Path(value).exists():
            raise SettingError(f"AWS_VERIFY is {value!r}: there are no CA certificates")
        return value
    return None if _flag(settings, "AWS_VERIFY") is not False else False


def _flag(settings: Mapping[str, Any], name: str) -> bool | None:
    value = settings.get(name)
    if value is None or value == "":
        return None
    if str(value).lower() not in _TRUE + _FALSE:
        raise SettingError(f"{name} is {value!r}: it is True or False")
    return _is_true(value)


def _is_true(value: object) -> bool:
    return str(value).lower() in _TRUE


def _choice(settings: Mapping[str, Any], name: str, choices: tuple[str, ...]) -> str | None:
    value = settings.get(name)
    if value is not None and value not in choices:
        raise SettingError(f"{name} is {value!r}: it is one of {', '.join(choices)}, or None")
    return value
