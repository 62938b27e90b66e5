"""The index lines of a WARC against its records.

The index is sorted by SURT, the WARC by offset: memory holds three numbers for each line, by
offset. A line is read again only to say where it disagrees with its record, since in a bucket
each reading is a request.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import BinaryIO

from archiver.cdxj import DamagedIndexLine, IndexEntry, is_indexed, make_line, parse_line
from archiver.check.digests import Reading
from archiver.check.fault import Fault, Problem, Severity
from archiver.errors import DamagedRecord
from archiver.reader import StoredRecord

_LONGEST_LINE = 4 << 20
_PLACE_BITS = 40  # for where a line begins, below the offset that it names
_PLACE_MASK = (1 << _PLACE_BITS) - 1
_HASH_BITS = 64  # for the hash of the line, below both
_HASH_MASK = (1 << _HASH_BITS) - 1
_BLANK_LINES = 4


class IndexCheck:
    """The index in *file*, called *shown*, of the WARC called *filename*.

    If that turns out not to be *is_ours*, it is no fault to leave out what can be left out, nor
    to be of another opinion about a key or a type.
    """

    def __init__(self, file: BinaryIO, shown: str, filename: str) -> None:
        self.is_ours = True
        self._file = file
        self._shown = shown
        self._filename = filename
        # Of each line, by the offset that it names: that offset, where the line begins, its hash.
        self._offsets = array("Q")
        self._places = array("Q")
        self._hashes = array("Q")
        self._next = 0

    def faults_alone(self) -> Iterator[Fault]:
        """Yield what is wrong with the index in itself. To be asked before all else."""
        place, before = 0, b""
        packed: list[int] = []
        for line in iter(lambda: self._file.readline(_LONGEST_LINE), b""):
            if line < before:
                expected = "lines in the order of their bytes"
                yield Problem("index", f"{line[:80]!r} after {before[:80]!r}", expected).at(
                    self._shown, place
                )
            if not line.endswith(b"\n"):
                problem = Problem("index", f"{line[-40:]!r} at the end", "a line end")
                yield problem.at(self._shown, place)
            yield from self._take(line, place, packed)
            place += len(line)
            before = line
        packed.sort()
        self._hashes.extend(number & _HASH_MASK for number in packed)
        places = [number >> _HASH_BITS for number in packed]
        self._offsets.extend(number >> _PLACE_BITS for number in places)
        self._places.extend(number & _PLACE_MASK for number in places)

    def faults(self, record: StoredRecord, reading: Reading) -> Iterator[Fault]:
        """Yield where the index disagrees with *record*, which comes after those before."""
        if not is_indexed(record.type, record.get("Content-Type")):
            return
        while self._offset(self._next) < record.offset:
            yield self._stray()
        if self._offset(self._next) > record.offset:
            found = f"no line for the {record.type} record at {record.offset}"
            is_note = record.type == "metadata" and not self.is_ours
            problem = Problem("index", found, "one", "note" if is_note else "fault")
            yield problem.at(self._shown, None, record.record_id)
            return
        number = self._next
        self._next += 1
        for problem in self._differences(number, record, reading):
            yield problem.at(self._shown, self._places[number], record.record_id)
        while self._offset(self._next) == record.offset:
            problem = Problem("index", f"another line for the record at {record.offset}", "one")
            yield problem.at(self._shown, self._places[self._next], record.record_id)
            self._next += 1

    def faults_at_the_end(self) -> Iterator[Fault]:
        """Yield the lines for which no record has come."""
        while self._next < len(self._offsets):
            yield self._stray()

    def _take(self, line: bytes, place: int, packed: list[int]) -> Iterator[Fault]:
        try:
            location = parse_line(line).location
        except DamagedIndexLine as error:
            problem = Problem("index", f"{error.problem}: {line[:80]!r}", "a line of CDXJ")
            yield problem.at(self._shown, place)
            return
        if location.filename != self._filename:
            problem = Problem("index", f"filename {location.filename!r}", repr(self._filename))
            yield problem.at(self._shown, place)
        where = location.offset << _PLACE_BITS | place
        packed.append(where << _HASH_BITS | hash(line) & _HASH_MASK)

    def _offset(self, number: int) -> float:
        """Return the offset that line *number* names; past the last, one that is never met."""
        return self._offsets[number] if number < len(self._offsets) else float("inf")

    def _stray(self) -> Fault:
        place = self._places[self._next]
        found = f"offset {self._offset(self._next)}, where no such record begins"
        self._next += 1
        expected = "the offset of a response, revisit or resource"
        return Problem("index", found, expected).at(self._shown, place)

    def _differences(
        self, number: int, record: StoredRecord, reading: Reading
    ) -> Iterator[Problem]:
        """Yield what line *number* says otherwise than *record* does."""
        try:
            made = make_line(
                type=record.type,
                # Quirk: an index escapes the blanks that a target may have against the rules.
                target=(record.target or "").replace(" ", "%20"),
                date=record.get("WARC-Date") or "",
                http_head=reading.head,
                content_type=record.get("Content-Type"),
                payload_digest=record.get("WARC-Payload-Digest"),
                location=record.location,
            )
        except DamagedRecord:
            return  # the record's own date is wrong, which has been said
        if hash(made) & _HASH_MASK == self._hashes[number]:
            return
        self._file.seek(self._places[number])
        line = self._file.readline(_LONGEST_LINE)
        found, expected = _values(parse_line(line)), _values(parse_line(made))
        for name, value in expected.items():
            severity: Severity | None = "fault" if found[name] != value else None
            if severity and not self.is_ours:
                severity = _severity_among_others(name, found[name], value)
            if severity:
                text = f"{value!r} as its record"
                yield Problem("index", f"{name} {found[name]!r}", text, severity)


def _severity_among_others(name: str, found: object, expected: object) -> Severity | None:
    """Return what it is to find that, in the index of a WARC of others, where we expect this."""
    # cdxj-indexer hashes what has no digest, and of a record that is not packed it leaves out
    # the blank lines at its end.
    if name == "digest" and expected is None:
        return None
    if name == "length" and isinstance(expected, int) and found == expected - _BLANK_LINES:
        return None
    if name == "url" and str(found).replace(" ", "%20") == expected:
        return None
    # Keys of requests with a body have it in them, and digests had no algorithm once.
    if name in ("key", "mime") or None in (found, expected):
        return "note"
    is_bare = name == "digest" and str(expected).endswith(f":{found}")
    return "note" if is_bare else "fault"


def _values(entry: IndexEntry) -> dict[str, object]:
    return {
        "key": entry.surt,
        "timestamp": entry.timestamp,
        "url": entry.url,
        "mime": entry.mime,
        "status": entry.status,
        "digest": entry.digest,
        "length": entry.location.length,
    }
