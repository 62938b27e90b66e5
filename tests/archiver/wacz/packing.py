"""A WACZ of the collection `quay`, and a way to spoil it at one place."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.sources import open_source
from archiver.wacz import write_wacz
from tests.archiver.quay import build

CREATED = datetime(2026, 3, 4, 5, 6, 8, tzinfo=UTC)
PACKAGE, DIGEST = "datapackage.json", "datapackage-digest.json"
PAGES, INDEX = "pages/pages.jsonl", "indexes/index.cdxj"

# What a member becomes; None takes it away.
Change = Callable[[bytes], bytes | None]


def export(
    places: list[Path], target: Path, *, title: str | None = None, split_size: int | None = None,
    key: Path | None = None, told: list[str] | None = None,
) -> list[Path]:  # fmt: skip
    """Write what lies at *places* as *target*; *told* collects what is said and complained of."""
    told = [] if told is None else told
    with open_source(places, complain=told.append) as source:
        return write_wacz(
            source,
            target,
            title=title,
            split_size=split_size,
            key=key,
            created=CREATED,
            say=told.append,
            complain=told.append,
        )


def pack(folder: Path, *, key: Path | None = None) -> Path:
    """Return a sound WACZ of the collection `quay`, both made in *folder*."""
    target = folder / "quay.wacz"
    export([build(folder)], target, key=key)
    return target


def repack(
    path: Path, changes: Mapping[str, Change], *, fits: bool = True, deflated: str = ""
) -> Path:
    """Write the WACZ at *path* anew with *changes* to its members, by their names.

    The package and its digest are made to fit, unless they are changed themselves, or *fits*
    is false. The member *deflated* is.
    """
    with zipfile.ZipFile(path) as archive:
        members: dict[str, bytes | None] = {
            name: archive.read(name) for name in archive.namelist()
        }
    for name in changes.keys() - {PACKAGE, DIGEST}:
        members[name] = changes[name](members.get(name) or b"")
    if fits:
        members[PACKAGE] = fitting(members[PACKAGE] or b"{}", members)
    members[PACKAGE] = changes.get(PACKAGE, bytes)(members[PACKAGE] or b"")
    if fits:
        members[DIGEST] = json.dumps(
            json.loads(members[DIGEST] or b"{}") | {"hash": hash_of(members[PACKAGE] or b"")}
        ).encode()
    members[DIGEST] = changes.get(DIGEST, bytes)(members[DIGEST] or b"")
    with zipfile.ZipFile(path, "w") as archive:
        for name, octets in members.items():
            if octets is not None:
                method = zipfile.ZIP_DEFLATED if name == deflated else zipfile.ZIP_STORED
                archive.writestr(zipfile.ZipInfo(name, (2026, 3, 4, 5, 6, 8)), octets, method)
    return path


def fitting(package: bytes, members: Mapping[str, bytes | None]) -> bytes:
    """Return *package* with the resources that *members* are."""
    fields = json.loads(package)
    fields["resources"] = [
        {
            "name": name.rpartition("/")[2].lower(),
            "path": name,
            "hash": hash_of(octets),
            "bytes": len(octets),
        }
        for name, octets in members.items()
        if octets is not None and name not in (PACKAGE, DIGEST)
    ]
    return json.dumps(fields).encode()


def hash_of(octets: bytes) -> str:
    return f"sha256:{hashlib.sha256(octets).hexdigest()}"


def put(octets: bytes) -> Change:
    """Return the change to *octets*, whatever was there."""
    return lambda _: octets


def gone(octets: bytes) -> None:
    """Take a member away."""


def swap(old: bytes, new: bytes) -> Change:
    """Return the change of *old* into *new*."""

    def swapped(octets: bytes) -> bytes:
        assert old in octets, f"{old!r} is not in it"
        return octets.replace(old, new)

    return swapped


def say(**fields: Any) -> Change:
    """Return the change of *fields* of a JSON object; None takes one away."""

    def said(octets: bytes) -> bytes:
        merged = json.loads(octets) | fields
        return json.dumps({name: v for name, v in merged.items() if v is not None}).encode()

    return said
