"""What a WACZ holds otherwise than its `datapackage.json` says, every octet of it read.

Whatever the package claims, no more of it is read into memory than a limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archiver.errors import ArchiveError
from archiver.places import Place
from archiver.sources.listed import HashedFile, listed_in, object_in
from archiver.wacz.package import PACKAGE
from archiver.zipped import Zip, ZipMember

_LARGEST = 16 << 20


class BadPackage(ArchiveError):
    """What a WACZ says of itself cannot be read."""

    def __init__(self, shown: str, name: str, problem: str) -> None:
        super().__init__(f"{shown}: {name} {problem}: make the WACZ anew")
        self.shown = shown
        self.name = name
        self.problem = problem

    def __reduce__(self) -> tuple[type[BadPackage], tuple[str, str, str]]:
        return type(self), (self.shown, self.name, self.problem)


def lies(place: Place) -> Iterator[str]:
    """Yield a sentence for each file of the WACZ at *place* that is not what it says of it.

    Every octet is read. DamagedZip or BadPackage if it is none.
    """
    archive = Zip(place)
    for listed in listed_in(read_object(archive, PACKAGE)):
        member = archive.members.get(listed.path)
        if member is None:
            yield f"{archive.shown} lists {listed.path!r} and does not hold it"
            continue
        with member.open() as opened:
            file = HashedFile(opened, listed.algorithm)
            file.read_on()
        lie = listed.lie(file, archive.shown)
        if lie is not None:
            yield lie


def read_small(archive: Zip, name: str) -> bytes:
    """Return the octets of the file *name* of *archive*. BadPackage if it is not there or huge."""
    member = archive.members.get(name)
    if member is None:
        raise BadPackage(archive.shown, name, "is missing")
    if member.size > _LARGEST:
        raise BadPackage(archive.shown, name, f"would be {member.size} octets large")
    return _octets(member)


def read_object(archive: Zip, name: str) -> dict[str, Any]:  # Any: JSON of somebody's
    """Return the JSON object in the file *name* of *archive*. BadPackage if there is none."""
    found = object_in(read_small(archive, name))
    if found is None:
        raise BadPackage(archive.shown, name, "is no JSON object")
    return found


def _octets(member: ZipMember) -> bytes:
    with member.open() as file:
        return file.read()
