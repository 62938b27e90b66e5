"""Check a multi-WACZ: the file that lists WACZs which belong together, and each of them."""

from __future__ import annotations

from collections.abc import Iterator

from archiver.check.fault import Fault, Problem, unreadable
from archiver.check.revisits import Originals
from archiver.check.wacz.whole import WaczCheck
from archiver.errors import StoreAway, StoreError
from archiver.places import Place
from archiver.sources.listed import HashedFile, Listed, listed_in, object_in
from archiver.wacz.split import PROFILES

_LARGEST = 16 << 20


class WaczListCheck:
    """The check of the list at *place* and what it lists; *files* and *records* count that."""

    def __init__(self, place: Place) -> None:
        self.files = 0
        self.records = 0
        self._place = place
        self._originals = Originals()

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the list, with each WACZ, and between them."""
        self.files += 1
        resources = {listed.path: listed for listed in listed_at(self._place) or ()}
        if not resources:
            yield self._fault(Problem("package", "it lists nothing", "WACZs"))
        for resource in resources.values():
            yield from self._faults_of(resource)
        yield from self._originals.faults()

    def _faults_of(self, resource: Listed) -> Iterator[Fault]:
        path = resource.path
        if "://" in path:
            found = f"{path!r} lies elsewhere and was not checked"
            yield self._fault(Problem("missing-file", found, "", "note"))
            return
        if not path.isprintable() or any(part in ("", ".", "..") for part in path.split("/")):
            yield self._fault(Problem("package", f"{path!r} leads out", "a name beside it"))
            return
        place = self._place.parent
        for part in path.split("/"):
            place = place / part
        if not place.is_file():
            yield self._fault(Problem("missing-file", f"no {path!r}", "a WACZ that it lists"))
            return
        try:
            yield from self._faults_at(place, resource)
        except StoreAway:
            raise
        except (OSError, StoreError) as error:
            yield unreadable(str(place), error)

    def _faults_at(self, place: Place, resource: Listed) -> Iterator[Fault]:
        with place.open("rb") as opened:
            file = HashedFile(opened, resource.algorithm)
            file.read_on()
        for found, expected in resource.differences(file):
            problem = Problem("hash", found, f"{expected} as {self._place.name} says")
            yield problem.at(str(place))
        check = WaczCheck(place, self._originals, is_part=True)
        try:
            yield from check.faults()
        finally:
            self.files += check.files
            self.records += check.records

    def _fault(self, problem: Problem) -> Fault:
        return problem.at(str(self._place))


def listed_at(place: Place) -> list[Listed] | None:
    """Return what the multi-WACZ at *place* lists; None if it is none."""
    with place.open("rb") as file:
        octets = file.read(_LARGEST + 1)
    fields = object_in(octets) if len(octets) <= _LARGEST else None
    if fields is None or fields.get("profile") not in PROFILES:
        return None
    return list(listed_in(fields))
