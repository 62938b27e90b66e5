"""Check one WACZ: the ZIP, what it says of itself, its indexes, its pages, its WARCs.

This is stricter than py-wacz, which takes a WACZ without pages and looks into no record.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from archiver.check.fault import Fault, Problem, Severity
from archiver.check.revisits import Originals
from archiver.check.wacz.edges import octets_beside
from archiver.check.wacz.members import PAGES, MembersCheck, is_index
from archiver.check.wacz.package import PackageCheck
from archiver.places import Place
from archiver.wacz.package import DIGEST, PACKAGE
from archiver.zipped import DamagedZip, Zip, ZipMember

# What others read in these folders; a WACZ may have more folders of any kind.
_ENDINGS = {
    "archive": (".warc", ".warc.gz"),
    "indexes": (".cdx", ".cdxj", ".cdx.gz", ".cdxj.gz", ".idx"),
    "pages": (".jsonl",),
}


class WaczCheck:
    """The check of the WACZ at *place*; *files* and *records* count what it has read.

    *originals* are those of all WACZs that belong together; one that *is_part* of several may
    have no page.
    """

    def __init__(self, place: Place, originals: Originals, *, is_part: bool = False) -> None:
        self._is_part = is_part
        self.files = 0
        self.records = 0
        self._place = place
        self._shown = str(place)
        self._originals = originals

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong, with the whole before what is with its files."""
        self.files += 1
        try:
            archive = Zip(self._place)
        except DamagedZip as error:
            yield Problem("zip", error.problem, "a sound ZIP file").at(self._shown)
            return
        for found in octets_beside(self._place):
            yield Problem("zip", found, "nothing but the files", "note").at(self._shown)
        package = PackageCheck(archive, self._shown)
        yield from package.faults()
        yield from self._faults_of_layout(archive, package)
        with TemporaryDirectory(prefix="archiver-") as folder:
            check = MembersCheck(
                archive,
                package,
                self._shown,
                self._originals,
                Path(folder),
                is_part=self._is_part,
            )
            try:
                yield from check.faults()
            finally:
                self.files += check.files
                self.records += check.records

    def _faults_of_layout(self, archive: Zip, package: PackageCheck) -> Iterator[Fault]:
        if not any(name.startswith("archive/") for name in archive.members):
            yield Problem("missing-file", "nothing in archive/", "a WARC").at(self._shown)
        if not any(map(is_index, archive.members)):
            yield Problem("missing-file", "no index in indexes/", "one").at(self._shown)
        if PAGES not in archive.members:
            yield Problem("missing-file", f"no {PAGES}", "a list of pages").at(self._shown)
        for name, member in archive.members.items():
            if name not in (PACKAGE, DIGEST):
                # Where nothing is listed, that has been said.
                is_listed = not package.listed or name in package.listed
                for problem in _problems_of_place(name, member, is_listed=is_listed):
                    yield problem.at(f"{self._shown}/{name}")


def _problems_of_place(name: str, member: ZipMember, *, is_listed: bool) -> Iterator[Problem]:
    """Yield what is wrong with where and how *member* lies."""
    if not is_listed:
        yield Problem("stray-file", "not listed", f"only what {PACKAGE} lists")
    endings = _ENDINGS.get(name.partition("/")[0])
    if endings is not None and not name.endswith(endings):
        expected = f"only {', '.join(endings)} there"
        yield Problem("stray-file", "not what belongs there", expected, "note")
    is_packed = name.endswith(".gz")
    if not member.is_stored and (is_packed or name.startswith("archive/")):
        severity: Severity = "fault" if is_packed else "note"
        yield Problem("zip", "deflated", "stored, to be read by range", severity)
