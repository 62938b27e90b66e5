"""Several WACZs that belong together, and the file that lists them (multi-WACZ)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from archiver.sources.part import Part
from archiver.wacz.package import Resource, as_created, as_json, described

# What the replayers take; the draft of the specification has `multi-wacz`.
PROFILES = ("multi-wacz-package", "multi-wacz")


def grouped(parts: Iterable[Part], most: int) -> list[list[Part]]:
    """Return *parts*, in their order, in groups of at most *most* octets, or one alone."""
    groups: list[list[Part]] = []
    size = 0
    for part in parts:
        octets = sum(member.size for member in part.members)
        if not groups or size + octets > most:
            groups.append([])
            size = 0
        groups[-1].append(part)
        size += octets
    return groups


def part_path(target: Path, number: int) -> Path:
    """Return what the part *number* of what was to be *target* is called."""
    return target.with_name(f"{target.stem}-{number:05}.wacz")


def listing_path(target: Path) -> Path:
    """Return what the file that lists the parts of *target* is called."""
    return target.with_suffix(".json")


def listing(title: str, created: datetime, software: str, resources: Sequence[Resource]) -> bytes:
    """Return the file that lists *resources*, WACZs that lie beside it."""
    return as_json(
        {
            "profile": PROFILES[0],
            "title": title,
            "software": software,
            "created": as_created(created),
            "resources": described(resources),
        }
    )
