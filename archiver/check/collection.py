"""Check a collection folder: what is sealed against its manifests, and what is not sealed.

A stem with a manifest is whole and never changes: each of its files is hashed and compared
with the others. A stem that is still growing is no fault; its WARC is checked up to where it
is being written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archiver.check.fault import Fault, Problem, unreadable
from archiver.check.revisits import Originals
from archiver.check.sealed import SealedCheck
from archiver.check.warc import WarcCheck
from archiver.errors import ArchiveError, StoreAway
from archiver.places import Place
from archiver.stem import MANIFEST_FORMAT, MANIFEST_VERSION

_PARTS = {"archive": ".warc.gz", "indexes": ".cdxj", "pages": ".jsonl", "text": ".jsonl.gz"}
# What a file in each of them is called while it grows, and while it is sealed.
_DRAFTS = {"pages": (".jsonl.sorted",), "text": (".jsonl",)}
_GROWING = ".open"
_TORN = re.compile(r"(\.[0-9]+)?\.torn\Z")


class CollectionCheck:
    """The check of the collection in *folder*; *files* and *records* count what it has read."""

    def __init__(self, folder: Place) -> None:
        self.files = 0
        self.records = 0
        self._folder = folder
        self._originals = Originals()

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong, stem by stem, then between stems, then the rest."""
        sealed = sorted((self._folder / "manifests").glob("*.json"))
        for path in sealed:
            yield from _guarded(path, self._sealed(path))
        yield from self._unsealed({path.name.removesuffix(".json") for path in sealed})
        yield from self._originals.faults()
        for path in sorted((self._folder / "crawls").glob("*.json")):
            yield from _guarded(path, self._crawl(path))

    def _crawl(self, path: Place) -> Iterator[Fault]:
        self.files += 1
        octets = path.read_bytes()
        if not octets:
            found = "its crawl was killed as it began"
            yield Problem("unfinished", found, "", "note").at(str(path))
        elif _object_in(octets) is None:
            yield Problem("crawl", "no JSON object", "the log of a crawl").at(str(path))

    def _sealed(self, path: Place) -> Iterator[Fault]:
        self.files += 1
        manifest = _object_in(path.read_bytes())
        version = manifest.get("version") if manifest else None
        if (
            manifest is None
            or manifest.get("format") != MANIFEST_FORMAT
            or type(version) is not int
        ):
            expected = f"a JSON object with format {MANIFEST_FORMAT!r} and a version"
            yield Problem("manifest", "no manifest of ours", expected).at(str(path))
        elif version > MANIFEST_VERSION:
            found = f"made by a newer version (manifest version {version}): upgrade to check it"
            yield unreadable(str(path), found)
        else:
            yield from self._crawl_of(path, manifest)
            check = SealedCheck(self._folder, path, manifest, self._originals)
            yield from check.faults()
            self.files += check.files
            self.records += check.records

    def _crawl_of(self, path: Place, manifest: dict[str, Any]) -> Iterator[Fault]:
        crawl = manifest.get("crawl")
        if crawl and not (self._folder / "crawls" / Path(str(crawl)).name).is_file():
            problem = Problem("crawl", f"no crawls/{crawl}", "the log that the manifest names")
            yield problem.at(str(path))

    def _unsealed(self, sealed: set[str]) -> Iterator[Fault]:
        """Yield what there is of stems without a manifest, each once."""
        found: dict[str, list[Place]] = {}
        for part, suffix in _PARTS.items():
            for path in sorted((self._folder / part).glob("*")):
                stem, is_growing = _stem_of(path, part), path.name.endswith(_GROWING)
                if stem is None or not (is_growing or path.name.endswith((suffix, ".torn"))):
                    expected = f"only *{suffix} in {part}/"
                    yield Problem("stray-file", "not ours", expected, "note").at(str(path))
                elif _TORN.search(path.name.removesuffix(_GROWING)):
                    yield torn(path)
                elif stem not in sealed:
                    found.setdefault(stem, []).append(path)
        for stem, paths in found.items():
            yield from self._faults_of_unsealed(stem, paths)

    def _faults_of_unsealed(self, stem: str, paths: list[Place]) -> Iterator[Fault]:
        growing = [path for path in paths if path.name.endswith(_GROWING)]
        if growing:
            found = "its crawl is running still, or was killed"
            yield Problem("unfinished", found, "", "note").at(str(growing[0]))
        else:
            expected = f"manifests/{stem}.json"
            problem = Problem("unsealed", "looks sealed and has no manifest", expected)
            yield problem.at(str(paths[0]))
        for path in paths:
            if path.name.removesuffix(_GROWING).endswith(".warc.gz"):
                yield from _guarded(path, self._warc(path, is_growing=bool(growing)))

    def _warc(self, path: Place, *, is_growing: bool) -> Iterator[Fault]:
        filename = path.name.removesuffix(_GROWING)
        self.files += 1
        with path.open("rb") as file:
            check = WarcCheck(
                file,
                shown=str(path),
                filename=filename,
                is_growing=is_growing,
                originals=self._originals,
            )
            yield from check.faults()
        self.records += check.records.total()


def torn(path: Place) -> Fault:
    """Return what is to be known of octets that were cut off a file, which lie at *path*."""
    found = "the end of a file that a killed crawl had left half written, cut off and kept"
    return Problem("torn", found, "", "note").at(str(path))


def _stem_of(path: Place, part: str) -> str | None:
    """Return the stem of which *path* is a file, by its name; None where it is none of ours.

    A stem may have dots of its own, as a collection `example.org` gives it: what says which
    file this is stands at the end.
    """
    name = _TORN.sub("", path.name.removesuffix(_GROWING))
    suffixes = (_PARTS[part], *_DRAFTS.get(part, ()))
    return next((name.removesuffix(end) for end in suffixes if name.endswith(end)), None)


def _guarded(path: Place, faults: Iterator[Fault]) -> Iterator[Fault]:
    """Yield *faults*, and what keeps *path* from being read, so that the rest is checked.

    StoreAway where the rest could not be read either.
    """
    try:
        yield from faults
    except StoreAway:
        raise
    except (OSError, ArchiveError) as error:
        yield unreadable(str(path), error)


def _object_in(octets: bytes) -> dict[str, Any] | None:
    """Return the JSON object that *octets* are, or None."""
    try:
        value = json.loads(octets)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
