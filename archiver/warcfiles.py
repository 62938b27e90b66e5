"""Which WARC files are meant by what a user names: files, collections, folders, WACZ files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Literal

from archiver.errors import ArchiveError
from archiver.places import File, Place
from archiver.zipped import Zip, ZipMember

_SUFFIXES = (".warc.gz", ".warc.zst", ".warc", ".arc.gz", ".arc")
_WACZ = ".wacz"


@dataclass(frozen=True, slots=True)
class PackedWarc:
    """A WARC that lies in the WACZ called *wacz*."""

    wacz: str
    member: ZipMember = field(repr=False)

    def __str__(self) -> str:
        return f"{self.wacz}/{self.member.name}"

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.member.name.rpartition("/")[2]

    def resolve(self) -> PackedWarc:
        """Return this file: there is no other way to it."""
        return self

    def open(self, mode: Literal["rb"] = "rb", /) -> BinaryIO:
        """Open this file at its beginning; one that is deflated is read forward only."""
        return self.member.open()


def find_warcs(paths: Iterable[Place]) -> dict[str, File]:
    """Return the WARC files that *paths* mean, by the stem of their name.

    A path is a WARC file, a WACZ, a collection (its sealed WARCs are meant) or a folder of WARCs.
    ArchiveError where there is none, and where two would give files of one name.
    """
    found: dict[str, File] = {}
    for path in paths:
        for warc in _warcs_at(path):
            other = found.setdefault(_stem(warc), warc)
            if other.resolve() != warc.resolve():
                raise ArchiveError(
                    f"{other} and {warc} have the same stem, and so would their text files: "
                    "extract them into two folders"
                )
    return found


def _warcs_at(path: Place) -> Sequence[File]:
    if not path.exists():
        raise ArchiveError(
            f"{path} is not there: give a WARC, a WACZ, a collection or a folder of WARCs"
        )
    if path.suffix == _WACZ and path.is_file():
        return _packed_in(path)
    if not path.is_dir():
        return [path]
    warcs: Sequence[File]
    if (path / "manifests").is_dir():
        stems = sorted(
            manifest.name.removesuffix(".json") for manifest in (path / "manifests").glob("*.json")
        )
        warcs = [path / "archive" / f"{stem}.warc.gz" for stem in stems]
    else:
        warcs = sorted(file for file in path.iterdir() if file.name.endswith(_SUFFIXES))
    if not warcs:
        raise ArchiveError(f"{path} holds no WARC that is sealed, nor any file named like one")
    return warcs


def _packed_in(wacz: Place) -> Sequence[File]:
    members = Zip(wacz).members.values()
    warcs = [PackedWarc(str(wacz), member) for member in members if _is_warc(member.name)]
    if not warcs:
        raise ArchiveError(f"{wacz} holds no WARC")
    return sorted(warcs, key=str)


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.endswith(_SUFFIXES)


def _stem(warc: File) -> str:
    name = filename_of(warc)
    suffix = next((suffix for suffix in _SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix)


def filename_of(path: File) -> str:
    """Return the name that a WARC bears, or will bear when it is sealed."""
    return path.name.removesuffix(".open")
