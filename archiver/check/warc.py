"""Check one WARC or ARC file: each record in itself, and among the others.

One pass, in flat memory. A WARC is ours if the warcinfo record that opens it names us as its
software; ours are held to all that they promise, others to the standard alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from archiver.check.companions import Beside
from archiver.check.digests import Reading, read_block
from archiver.check.fault import Fault, Kind, Problem
from archiver.check.fields import problems_of_fields
from archiver.check.ours import OurRecords
from archiver.check.revisits import Originals
from archiver.errors import DamagedRecord
from archiver.inflow import CutShort, Readable
from archiver.reader import StoredRecord, read_records


class WarcCheck:
    """The check of *file*, reported under the name *shown*; *filename* is its proper name.

    *companions* are compared with it, and may ask that it be ours. Of one that *is_growing* the
    end is no fault, wherever its writer may be. *originals* are those of the collection that is
    checked as a whole. *records* counts them by type, *dates* holds the first and the last
    WARC-Date of those that are no warcinfo; both are complete if *damage* is None in the end.
    """

    def __init__(
        self, file: Readable, *, shown: str, filename: str,
        companions: Beside | None = None, is_growing: bool = False,
        originals: Originals | None = None,
    ) -> None:  # fmt: skip
        self.records: Counter[str] = Counter()
        self.dates: tuple[str | None, str | None] = (None, None)
        self.damage: DamagedRecord | None = None
        self._file = file
        self._shown = shown
        self._filename = filename
        self._companions = companions
        self._is_growing = is_growing
        self._originals = originals
        self._ours: OurRecords | None = None
        self._noted: Counter[Kind] = Counter()

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong, in the order of the file. UnreadableFormat if it is no WARC."""
        record: StoredRecord | None = None
        if self._originals is not None:
            self._originals.begin(self._shown, is_growing=self._is_growing)
        try:
            for record in read_records(self._file, self._filename):
                yield from self._once(self._faults_of(record))
                record = None
        except DamagedRecord as damage:
            self.damage = damage
            if not (self._is_growing and isinstance(damage, CutShort)):
                yield self._damaged(damage, record)
        else:
            if self._ours is not None and not self._is_growing:
                yield from self._ours.faults_at_the_end()
        for kind, count in self._noted.items():
            if count > 1:
                found = f"and {count - 1} more of this kind"
                yield Problem(kind, found, "", "note").at(self._shown)

    def _damaged(self, damage: DamagedRecord, record: StoredRecord | None) -> Fault:
        kind: Kind = "cut-short" if isinstance(damage, CutShort) else "damaged"
        problem = Problem(kind, damage.problem, "a whole record; nothing after it was checked")
        return problem.at(self._shown, damage.offset, record.record_id if record else None)

    def _faults_of(self, record: StoredRecord) -> Iterator[Fault]:
        is_first = not self.records
        reading = read_block(record, is_ours=self._ours is not None)
        self._count(record)
        if is_first:
            self._ours = OurRecords.begun_by(record, reading, self._shown, self._originals)
        for problem in self._problems(record, reading, is_first=is_first):
            fault = problem.at(self._shown, record.offset, record.record_id)
            # In a WARC of ours nothing is left to its reader's good will.
            yield replace(fault, severity="fault") if self._ours else fault
        if self._ours is not None:
            yield from self._ours.faults(record, reading, self._filename)
        if self._companions is not None:
            yield from self._companions.faults(record, reading)

    def _problems(
        self, record: StoredRecord, reading: Reading, *, is_first: bool
    ) -> Iterator[Problem]:
        for fault in record.faults:
            yield Problem("structure", fault, "")
        if record.version != "arc":
            yield from problems_of_fields(record)
        yield from reading.problems
        if self._ours is not None:
            return
        yield from reading.problems_unless_head
        if not record.is_alone:
            found = "several records in one gzip member or Zstandard frame"
            yield Problem("shared-member", found, "one a record, to be read alone (A.2)", "note")
        if is_first and self._companions is not None and self._companions.are_of_ours:
            found = f"a {record.type} record that is not ours"
            yield Problem("first-record", found, "a warcinfo with software: archiver/…")

    def _count(self, record: StoredRecord) -> None:
        self.records[record.type] += 1
        date = record.get("WARC-Date")
        if date is not None and record.type != "warcinfo":
            first, last = self.dates
            self.dates = min(first or date, date), max(last or date, date)

    def _once(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Let pass each fault, and of the notes the first of each kind."""
        for fault in faults:
            if fault.severity == "note":
                self._noted[fault.kind] += 1
            if fault.severity != "note" or self._noted[fault.kind] == 1:
                yield fault
