"""A collection of ours as parts: what its manifests say is sealed, and nothing else.

A growing stem has no manifest yet and is left out: whoever opens the collection while a crawl
runs gets what is sealed by then.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from archiver.errors import ArchiveError, StoreAway, StoreError
from archiver.places import Place
from archiver.sources.entries import sound_lines, vouched_lines
from archiver.sources.listed import HashedFile
from archiver.sources.pagelines import sound_pages
from archiver.sources.part import Complain, Filenames, Member, Part, opened
from archiver.stem import MANIFEST_FORMAT, MANIFEST_VERSION

# Manifests are small: in a bucket it is the waiting for each that takes time.
_AT_A_TIME = 16
# The size and the SHA-256 of a file, as a manifest gives them.
Described = tuple[int, str]

_HASH = re.compile(r"[0-9a-f]{64}")


def is_collection(place: Place) -> bool:
    """Say whether *place* is the folder of a collection that has sealed something."""
    return (place / "manifests").is_dir()


def parts_of_collection(place: Place, names: Filenames, complain: Complain) -> Iterator[Part]:
    """Yield a part for each sealed stem of the collection at *place*, in their order.

    *complain* is told of those that cannot be read, which are left out. ArchiveError where a
    newer version has sealed one.
    """
    manifests = sorted((place / "manifests").glob("*.json"))
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for path, manifest in zip(manifests, pool.map(_read, manifests), strict=True):
            part = _part(place, path, manifest, names, complain)
            if part is not None:
                yield part


def _read(path: Place) -> dict[str, Any] | None:
    """Return the manifest at *path*; None if it is none."""
    with opened(path) as file:
        content = file.read()
    try:
        manifest = json.loads(content)
    except (ValueError, RecursionError):
        return None
    is_ours = isinstance(manifest, dict) and manifest.get("format") == MANIFEST_FORMAT
    return manifest if is_ours else None


def _part(
    folder: Place, path: Place, manifest: dict[str, Any] | None, names: Filenames,
    complain: Complain,
) -> Part | None:  # fmt: skip
    if manifest is None:
        complain(f"{path} is no manifest of ours, and what it seals is left out")
        return None
    version = manifest.get("version")
    if not isinstance(version, int) or version > MANIFEST_VERSION:
        raise ArchiveError(f"{path} was written by a newer version: upgrade archiver to read it")
    stem = path.name.removesuffix(".json")
    warc = folder / "archive" / f"{stem}.warc.gz"
    described = _described(manifest, f"archive/{stem}.warc.gz")
    if described is None or not warc.is_file():
        complain(f"{path} seals {warc}, which is not there: `archiver check` says what is amiss")
        return None
    member = _member(warc, described, names, complain)
    own = {f"{stem}.warc.gz": member}
    index, pages = folder / "indexes" / f"{stem}.cdxj", folder / "pages" / f"{stem}.jsonl"
    return Part(
        shown=str(warc),
        members=(member,),
        index_lines=partial(
            _index_lines, index, _described(manifest, f"indexes/{stem}.cdxj"), own, complain
        ),
        page_lines=partial(
            _page_lines, pages, _described(manifest, f"pages/{stem}.jsonl"), complain
        ),
    )


def _described(manifest: dict[str, Any], path: str) -> Described | None:
    """Return the size and the hash that *manifest* gives for *path*; None if it gives none."""
    files = manifest.get("files")
    for entry in files if isinstance(files, list) else ():
        if isinstance(entry, dict) and entry.get("path") == path:
            size, sha256 = entry.get("bytes"), entry.get("sha256")
            if isinstance(size, int) and _HASH.fullmatch(str(sha256)):
                return size, str(sha256)
    return None


def _member(warc: Place, described: Described, names: Filenames, complain: Complain) -> Member:
    size, sha256 = described
    # A file in a bucket was proven when it was sent there, and to ask for it takes time.
    actual = warc.stat().st_size if isinstance(warc, Path) else size
    if actual != size:
        complain(
            f"{warc} has {actual} octets where {size} were sealed: `archiver check` says more"
        )
    return Member(
        filename=names.claim(warc.name),
        shown=str(warc),
        size=actual,
        sha256=sha256,
        opener=partial(opened, warc),
    )


def _index_lines(
    place: Place, described: Described | None, members: dict[str, Member], complain: Complain
) -> Iterator[bytes]:
    try:
        with opened(place) as file:
            lines = vouched_lines(file, partial(_lie, place, described), complain)
            yield from sound_lines(lines, members, shown=str(place), complain=complain)
    except StoreAway:
        raise
    except StoreError as error:
        complain(f"{error}: what it lists cannot be found")


def _page_lines(place: Place, described: Described | None, complain: Complain) -> Iterator[bytes]:
    try:
        with opened(place) as file:
            lines = vouched_lines(file, partial(_lie, place, described), complain)
            yield from sound_pages(lines, shown=str(place), complain=complain)
    except StoreAway:
        raise
    except StoreError as error:
        complain(f"{error}: the pages that it lists are left out")


def _lie(place: Place, described: Described | None, file: HashedFile) -> str | None:
    """Return a sentence that *file*, read to its end, is not what was sealed; None if it is."""
    if described is None:
        return f"{place} is not among what its manifest seals: `archiver check` says more"
    if (file.size, file.digest) == described:
        return None
    return (
        f"{place} is not what was sealed (SHA-256 {file.digest}, not {described[1]}): "
        "`archiver check` says more"
    )
