"""`datapackage.json` and `datapackage-digest.json`: what a WACZ says of itself (WACZ 1.1.1).

Values in, octets out: this file opens nothing and reads no clock.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

WACZ_VERSION = "1.1.1"
PROFILE = "data-package"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"

# What the Data Package specification lets a resource's name consist of.
_NOT_IN_A_NAME = re.compile(r"[^-a-z0-9._]")


@dataclass(frozen=True, slots=True, kw_only=True)
class MainPage:
    """The page that a WACZ opens with."""

    url: str
    ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a WACZ says of itself as a whole."""

    title: str
    created: datetime
    software: str
    main_page: MainPage | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file of a package; *sha256* is in lower hex, None if nobody has read the file."""

    path: str
    size: int
    sha256: str | None


def datapackage(description: Description, resources: Iterable[Resource]) -> bytes:
    """Return `datapackage.json` of a WACZ that holds *resources*."""
    main = description.main_page
    fields = {
        "profile": PROFILE,
        "wacz_version": WACZ_VERSION,
        "title": description.title,
        "metadata": {"title": description.title},  # where replayers look for it
        "mainPageUrl": main.url if main else None,
        "mainPageDate": main.ts if main else None,
        "software": description.software,
        "created": as_created(description.created),
        "resources": described(resources),
    }
    return as_json({name: value for name, value in fields.items() if value is not None})


def datapackage_digest(package: bytes, signed: Mapping[str, str] | None = None) -> bytes:
    """Return the digest file beside *package*, with the data of its signature if it is signed."""
    fields: dict[str, object] = {"path": PACKAGE, "hash": hash_of(package)}
    if signed is not None:
        fields["signedData"] = dict(signed)
    return as_json(fields)


def described(resources: Iterable[Resource]) -> list[dict[str, object]]:
    """Return *resources* as a package lists them, each with a name of its own."""
    taken: set[str] = set()
    return [_described(resource, taken) for resource in resources]


def hash_of(octets: bytes) -> str:
    """Return the hash of *octets* as a package writes it."""
    return f"sha256:{hashlib.sha256(octets).hexdigest()}"


def as_created(moment: datetime) -> str:
    """Return *moment* as `created` has it: to the second, which py-wacz relies on."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def as_json(fields: Mapping[str, object]) -> bytes:
    """Return *fields* as a JSON file that people may read, too."""
    return f"{json.dumps(fields, indent=2)}\n".encode("ascii")


def _described(resource: Resource, taken: set[str]) -> dict[str, object]:
    base = name = _NOT_IN_A_NAME.sub("-", resource.path.rpartition("/")[2].lower())
    number = 1
    while name in taken:
        number += 1
        name = f"{number}-{base}"
    taken.add(name)
    fields: dict[str, object] = {"name": name, "path": resource.path}
    if resource.sha256 is not None:
        fields["hash"] = f"sha256:{resource.sha256}"
    return {**fields, "bytes": resource.size}
