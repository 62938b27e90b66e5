"""A multi-WACZ: a JSON file that names WACZ files beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archiver.errors import ArchiveError
from archiver.places import Place
from archiver.sources.part import opened

_PROFILE = "multi-wacz-package"
_MOST_OCTETS = 64 << 20


def places_of_multi(place: Place) -> Iterator[Place]:
    """Yield the places of the WACZ files that the multi-WACZ at *place* names, in its order.

    ArchiveError where it is none, and for a name that leads out of the folder it lies in.
    """
    with opened(place) as file:
        octets = file.read(_MOST_OCTETS)
    try:
        package: dict[str, Any] = json.loads(octets)
        if package["profile"] != _PROFILE:
            raise ValueError(f"its profile is {package['profile']!r}")
        paths = [str(entry.get("path") or entry["name"]) for entry in package["resources"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = f"is no multi-WACZ, whose profile is {_PROFILE}, with resources"
        raise ArchiveError(f"{place} {problem}") from error
    if not paths:
        raise ArchiveError(f"{place} names no WACZ")
    for path in paths:
        yield _beside(place, path)


def _beside(place: Place, path: str) -> Place:
    if "://" in path:
        raise ArchiveError(
            f"{place} names {path!r}: fetch it, and name it by its path beside this"
        )
    steps = path.removeprefix("./").split("/")
    if "\\" in path or "\0" in path or any(step in ("", ".", "..") for step in steps):
        raise ArchiveError(f"{place} names {path!r}, which is not below the folder it lies in")
    found = place.parent
    for step in steps:
        found = found / step
    return found
