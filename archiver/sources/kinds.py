"""Which kind of archive lies at a place, and what it consists of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from archiver.errors import ArchiveError, StoreAway
from archiver.places import Place
from archiver.sources.collection import is_collection, parts_of_collection
from archiver.sources.loose import LooseFile, NoArchive, part_of_file
from archiver.sources.multi import places_of_multi
from archiver.sources.part import Complain, Filenames, Part, opened
from archiver.sources.wacz import part_of_wacz

# What is looked for in a folder that is no collection.
_ENDINGS = (".warc.gz", ".warc", ".warc.zst", ".arc.gz", ".arc", ".wacz")

_ZIP = b"PK"
_MOST_ASKED = 100  # folders of which it is asked, over a network perhaps, what they are


def parts_at(place: Place, names: Filenames, scratch: Path, complain: Complain) -> Iterator[Part]:
    """Yield the parts of the archive at *place*. ArchiveError where there is none.

    *complain* is told what of it cannot be read.
    """
    if not place.exists():
        raise ArchiveError(f"{place} is not there: give a collection, a WACZ or a WARC file")
    if is_collection(place):
        yield from _some(
            parts_of_collection(place, names, complain),
            f"{place} holds nothing that is sealed: let its crawl come to an end first",
        )
    elif place.is_dir():
        yield from _parts_of_folder(place, names, scratch, complain)
    elif place.suffix == ".json":
        parts = _each(places_of_multi(place), names, scratch, complain)
        yield from _some(parts, f"{place} names no WACZ that can be read")
    else:
        try:
            part = _part_of_file(place, names, scratch, complain)
        except NoArchive as error:
            problem = f"{place} is no archive: give a collection, a WACZ or a WARC file"
            raise ArchiveError(problem) from error
        yield part


def _parts_of_folder(
    folder: Place, names: Filenames, scratch: Path, complain: Complain
) -> Iterator[Part]:
    files = _archives_in(folder) or _archives_in(folder / "archive")
    if not files:
        within = next(filter(is_collection, islice(sorted(folder.iterdir()), _MOST_ASKED)), None)
        hint = f": give one of its collections, such as {within}" if within else ""
        raise ArchiveError(f"{folder} is no collection and holds no WARC or WACZ file{hint}")
    parts = _each(files, names, scratch, complain)
    yield from _some(parts, f"{folder} holds no WARC or WACZ file that can be read")


def _archives_in(folder: Place) -> list[Place]:
    if not folder.is_dir():
        return []
    return sorted(place for place in folder.iterdir() if place.name.endswith(_ENDINGS))


def _each(
    places: Iterable[Place], names: Filenames, scratch: Path, complain: Complain
) -> Iterator[Part]:
    """Yield what lies at each of *places*; one that cannot be read does not cost the others."""
    for place in places:
        try:
            if not place.is_file():
                raise ArchiveError(f"{place} is not there")
            yield _part_of_file(place, names, scratch, complain)
        except StoreAway:
            raise
        except ArchiveError as error:
            complain(f"{error}: it is left out")


def _part_of_file(place: Place, names: Filenames, scratch: Path, complain: Complain) -> Part:
    with opened(place) as file:
        beginning = file.read(len(_ZIP))
    if beginning == _ZIP or place.suffix == ".wacz":
        return part_of_wacz(place, names, scratch, complain)
    loose = LooseFile(name=place.name, shown=str(place), opener=partial(opened, place))
    return part_of_file(loose, names, scratch, complain)


def _some(parts: Iterator[Part], otherwise: str) -> Iterator[Part]:
    """Yield *parts*. ArchiveError that says *otherwise* if there are none."""
    first = next(parts, None)
    if first is None:
        raise ArchiveError(otherwise)
    yield first
    yield from parts
