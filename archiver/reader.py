"""WARC and ARC files read back, record by record, whoever wrote them.

Rule 1: a record is handed out as it lies in the file, or not at all. What is cut short or
damaged raises `DamagedRecord` with its place, after every sound record before it.
Rule 2: what merely departs from the standard, and leaves no doubt about what is meant, is
read on and described in the record's `faults`.

Memory stays flat: a block is a stream, and a header has a limit. Section numbers are those
of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from archiver.capture import Location
from archiver.errors import DamagedRecord
from archiver.headers import Header, close_arc, close_warc, read_header
from archiver.inflow import CutShort, Readable
from archiver.octets import Octets


class StoredRecord:
    """A record as it lies in a file; its block is read once, in order, and not kept.

    *version* is `1.1`, or `arc` for a record of an ARC file. *type* is in lower case, empty if
    the record does not say. *fields* are the named fields in order. *offset* is that of the
    record, or of the gzip member or zstd frame it lies in. *faults* are the departures from the
    standard. *passed_over* octets follow that belong to no record: its Content-Length is not
    that of its block then. Both are complete once the block has been read to its end.
    """

    __slots__ = (
        "_expected", "_is_alone", "_left", "_location", "_octets", "_values", "_was_passed_over",
        "content_length", "faults", "fields", "offset", "passed_over", "type", "version",
    )  # fmt: skip

    def __init__(self, header: Header, octets: Octets, expected: Location | None = None) -> None:
        self.version = header.version
        self.fields = header.fields
        self.faults = header.faults
        self.offset = header.offset
        self.content_length = header.content_length
        self.passed_over = 0
        self._left = header.content_length
        self._values = header.values
        self.type = self._values.get("warc-type", "").lower()
        self._octets = octets
        self._expected = expected
        self._is_alone = header.is_first_of_member or not octets.is_packed
        self._location: Location | None = None
        self._was_passed_over = False

    def get(self, name: str) -> str | None:
        """Return the first value of the field *name*, in any case, or None."""
        return self._values.get(name.lower())

    def get_all(self, name: str) -> list[str]:
        """Return every value of the field *name*, in any case, in order."""
        wanted = name.lower()
        if wanted not in self._values:
            return []
        return [value for field, value in self.fields if field.lower() == wanted]

    @property
    def record_id(self) -> str | None:
        """The record's identifier as it is written, `<urn:uuid:…>` (5.2)."""
        return self._values.get("warc-record-id")

    @property
    def target(self) -> str | None:
        """The URI that the record is about (5.12), without angle brackets."""
        # Quirk: the grammar of WARC 1.0 puts <> around the target URI by mistake, and some
        # versions of wget write them. WARC 1.1 has none.
        target = self._values.get("warc-target-uri")
        if target is None or not target.startswith("<"):
            return target
        return target[1:].removesuffix(">")

    def chunks(self) -> Iterator[bytes]:
        """Yield what is left of the block.

        DamagedRecord if the file does not hold all of it; after the last chunk also if the
        record does not end there soundly (its gzip member's checksum, say).
        """
        if self._was_passed_over:
            raise ValueError("this record's block has been passed over")
        while self._left:
            yield self._take(self._left)
        self._finish()

    def read(self, limit: int) -> bytes:
        """Return the next *limit* octets of the block, fewer only at its end.

        DamagedRecord as for `chunks`.
        """
        if self._was_passed_over:
            raise ValueError("this record's block has been passed over")
        pieces: list[bytes] = []
        wanted = min(limit, self._left)
        while wanted:
            pieces.append(self._take(wanted))
            wanted -= len(pieces[-1])
        if not self._left:
            self._finish()
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    @property
    def location(self) -> Location:
        """Where the record lies. What is left of its block is passed over to find out."""
        if self._left:
            self._was_passed_over = True
            while self._left:
                self._take(self._left)
        return self._finish()

    @property
    def is_alone(self) -> bool:
        """Say whether the record can be read by its location alone, once that is known.

        Not so where several records share a gzip member or zstd frame: their locations only say
        in which they lie, and how far it has been read for them.
        """
        return self._is_alone

    def _take(self, limit: int) -> bytes:
        piece = self._octets.take(limit)
        if not piece and self._octets.join():
            piece = self._octets.take(limit)
        if not piece:
            # The end of a gzip member is the writer's, the end of a file may be an accident.
            kind = DamagedRecord if self._octets.is_packed else CutShort
            held = self.content_length - self._left
            ends = f"the {self._octets.unit} ends after {held}"
            problem = f"{ends} of the block's {self.content_length} octets"
            raise kind(self._octets.filename, self.offset, problem)
        self._left -= len(piece)
        return piece

    def _finish(self) -> Location:
        """Read what follows the block; return where the record lies."""
        if self._location is None:
            if self.version == "arc":
                close_arc(self._octets, self.faults)
            else:
                self.passed_over = close_warc(self._octets, self.faults)
            if self._octets.is_packed and self._octets.more_than(0):
                self._is_alone = False
            filename, length = self._octets.filename, self._octets.consumed - self.offset
            if self._expected is not None and length != self._expected.length:
                problem = f"the record is {length} octets long, not {self._expected.length}"
                raise DamagedRecord(filename, self.offset, problem)
            self._location = Location(filename=filename, offset=self.offset, length=length)
        return self._location


def read_records(file: Readable, filename: str) -> Iterator[StoredRecord]:
    """Yield every record of *file*, which stands at its beginning and is called *filename*.

    A record is finished when the next is asked for: read its block before. DamagedRecord
    says where the file stops being sound, `UnreadableFormat` that it is no such file.
    """
    octets = Octets(file, filename)
    while octets.advance():
        header = read_header(octets)
        if header is not None:
            record = StoredRecord(header, octets)
            yield record
            _ = record.location  # passes over what the reader of the record has left


def read_record(file: BinaryIO, location: Location) -> StoredRecord:
    """Return the record at *location* of *file*.

    DamagedRecord if none begins there. Its block raises DamagedRecord at its end if the
    record is not as long as *location* says.
    """
    offset = location.offset
    window = _Window(file, offset, location.length)
    reopened = (lambda: _Window(file, 0, offset)) if offset else None
    octets = Octets(window, location.filename, offset, reopened)
    header = read_header(octets) if octets.advance() else None
    if header is None:
        raise DamagedRecord(location.filename, location.offset, "no record begins here")
    return StoredRecord(header, octets, location)


class _Window:
    """The *size* octets of *file* from *offset* on, as a file."""

    def __init__(self, file: BinaryIO, offset: int, size: int) -> None:
        self._file = file
        self._offset = offset
        self._left = size

    def read(self, size: int, /) -> bytes:
        self._file.seek(self._offset)
        octets = self._file.read(min(size, self._left))
        self._offset += len(octets)
        self._left -= len(octets)
        return octets
