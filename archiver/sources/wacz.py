"""A WACZ as a part: what its index and its page list say, as far as that can be true.

Its WARCs are read where they lie in the ZIP. Where the index is missing or damaged they are
read through instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from archiver.cdxj import parse_line
from archiver.errors import ArchiveError, StoreAway
from archiver.places import Place
from archiver.sources.entries import sound_lines
from archiver.sources.loose import filename_of, is_read_by_range, part_of_file, spooled
from archiver.sources.package import Package, Unusable, Warc
from archiver.sources.pagelines import moment_of, page_line, sound_pages
from archiver.sources.part import Complain, Filenames, Member, Part
from archiver.zipped import DamagedZip

_MIMES = ("text/html", "application/xhtml+xml")


def part_of_wacz(place: Place, names: Filenames, scratch: Path, complain: Complain) -> Part:
    """Return what the WACZ at *place* holds. ArchiveError where it is none, or holds no WARC.

    *complain* is told what of it cannot be used.
    """
    package = Package(place, complain)
    warcs = package.warcs(scratch)
    if not warcs:
        raise ArchiveError(f"{place} holds no WARC below archive/: it is no WACZ, or an empty one")
    members = {warc.path: _member(warc, names) for warc in warcs}
    spool = scratch / f"{next(iter(members.values())).filename}.index"
    try:
        for warc in warcs:
            if not is_read_by_range(warc.beginning):
                raise Unusable(f"no range of {warc.path} can be replayed as it is packed")
        _spool_index(package, members, spool, complain)
    except Unusable as error:
        complain(f"{place}: {error}, so its WARCs are read through")
        names.give_back(member.filename for member in members.values())
        return _read_through(package, warcs, names, scratch, complain)
    lists_pages = any(_page_lines(package, lambda _: None))
    return Part(
        shown=str(place),
        members=tuple(members.values()),
        index_lines=partial(spooled, spool),
        page_lines=(
            partial(_page_lines, package, complain) if lists_pages else partial(_documents, spool)
        ),
    )


def _member(warc: Warc, names: Filenames) -> Member:
    return Member(
        filename=names.claim(filename_of(warc.file.name, warc.beginning)),
        shown=warc.file.shown,
        size=warc.size,
        sha256=warc.sha256,
        opener=warc.file.opener,
    )


def _spool_index(
    package: Package, members: dict[str, Member], spool: Path, complain: Complain
) -> None:
    """Write the index of *package* to *spool*. Unusable where there is none to speak of."""
    told: list[str] = []
    aliases = _aliases(members)
    with spool.open("wb") as file:
        for name, lines in package.indexes():
            shown = f"{package.shown}, {name}"
            file.writelines(sound_lines(lines, aliases, shown=shown, complain=told.append))
        is_empty = not file.tell()
    if is_empty:
        raise Unusable("it has no index that lists what it holds")
    for sentence in told:
        complain(sentence)


def _aliases(members: dict[str, Member]) -> dict[str, Member]:
    """Return *members* by every name that the index of a WACZ may have for them.

    That is the path below `archive/`; some writers give all of the path, or its end alone.
    """
    by_end = {path.rpartition("/")[2]: member for path, member in members.items()}
    below = {path.removeprefix("archive/"): member for path, member in members.items()}
    return by_end | members | below


def _read_through(
    package: Package, warcs: list[Warc], names: Filenames, scratch: Path, complain: Complain
) -> Part:
    parts = []
    for warc in warcs:
        try:
            parts.append(part_of_file(warc.file, names, scratch, complain))
        except StoreAway:
            raise
        except ArchiveError as error:
            complain(f"{error}: it is left out")
    if not parts:
        raise ArchiveError(f"{package.shown} holds no WARC that can be read")
    lists_pages = any(_page_lines(package, lambda _: None))
    return Part(
        shown=package.shown,
        members=tuple(member for part in parts for member in part.members),
        index_lines=lambda: chain.from_iterable(part.index_lines() for part in parts),
        page_lines=(
            partial(_page_lines, package, complain)
            if lists_pages
            else lambda: chain.from_iterable(part.page_lines() for part in parts)
        ),
    )


def _page_lines(package: Package, complain: Complain) -> Iterator[bytes]:
    try:
        for name, lines in package.page_lists():
            shown = f"{package.shown}, {name}"
            yield from sound_pages(lines, shown=shown, complain=complain)
    except DamagedZip as error:
        complain(str(error))


def _documents(spool: Path) -> Iterator[bytes]:
    """Yield a page for each HTML document of the index in *spool*: nobody says which are."""
    for line in spooled(spool):
        entry = parse_line(line)
        if entry.mime in _MIMES and entry.status == 200 and "method" not in entry.extra:
            ts = moment_of(entry.timestamp)
            if ts is not None:
                yield page_line(url=entry.url, ts=ts)
