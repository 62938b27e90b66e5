"""The address of a bucket: `s3://bucket/prefix`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from archiver.errors import SettingError

_SCHEME = "s3://"
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_PREFIX_OCTETS = 512  # of the 1,024 that a key may have


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A bucket, and what the keys in it begin with; *prefix* may be empty."""

    bucket: str
    prefix: str

    def __str__(self) -> str:
        return f"{_SCHEME}{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")


def is_bucket(address: str) -> bool:
    """Say whether *address* means a bucket."""
    return address[: len(_SCHEME)].lower() == _SCHEME


def place_at(address: str) -> Place:
    """Return the place that *address* means. SettingError, which repeats no part of it."""
    rest = address[len(_SCHEME) :]
    bucket, _, prefix = rest.partition("/")
    problem = _problem(rest, bucket, prefix.strip("/"))
    if problem:
        raise SettingError(f"ARCHIVE_STORE {problem}")
    return Place(bucket=bucket, prefix=prefix.strip("/"))


def _problem(rest: str, bucket: str, prefix: str) -> str | None:
    if "@" in bucket:
        return (
            "holds credentials, which would be seen in logs: "
            "give them in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    if "?" in rest or "#" in rest:
        return "has a query or a fragment: write it as s3://bucket/prefix"
    if not _BUCKET.fullmatch(bucket):
        return (
            "names no bucket: 3 to 63 letters, digits, dots and hyphens are its name, "
            "as in s3://bucket/prefix"
        )
    if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", prefix):
        return "has a prefix with control characters or one that is not UTF-8: write it without"
    if prefix and {"", ".", ".."} & set(prefix.split("/")):
        return "has a prefix with an empty part, '.' or '..': write it without"
    if len(prefix.encode()) > _PREFIX_OCTETS:
        return f"has a prefix of more than {_PREFIX_OCTETS} octets: shorten it"
    return None
