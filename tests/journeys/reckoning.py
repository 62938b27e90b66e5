"""The book of the town beside what lies in the archive: what is lost, and what is there twice."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archiver.rights import HOST_FILES
from tests.journeys.collected import Collected
from tests.journeys.town import Entry
from tests.wire.warcs import Found

BUSY = 503
_SERIAL = re.compile(rb"\r\nX-Answer: (\d+)\r\n")
_GZIP = 31  # zlib's number for a gzip member of any window


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What a server answered, and which of these answers a collection holds."""

    book: Sequence[Entry]
    kept: Sequence[Entry]

    def times_kept(self) -> Counter[str]:
        """Say how often each target is kept, rules and answers of the busy left out."""
        return Counter(e.target for e in self.kept if _is_final(e))

    def kept_twice(self) -> list[Entry]:
        """Return the answers of which there is more than one record."""
        times = Counter(entry.serial for entry in self.kept)
        return [entry for entry in self.book if times[entry.serial] > 1]

    def lost(self) -> list[Entry]:
        """Return the answers that were sent whole and of which there is no record."""
        kept = {entry.serial for entry in self.kept}
        return [e for e in self.book if e.sent_at is not None and e.serial not in kept]

    def lost_for_good(self) -> list[Entry]:
        """Return those of the lost whose target was not asked for in a later run."""
        last = {entry.target: entry.run for entry in self.book}
        return [entry for entry in self.lost() if last[entry.target] <= entry.run]


def reckoned(book: Sequence[Entry], collection: Collected) -> Reckoning:
    """Look up the answer that each response and revisit of *collection* is a record of."""
    records = [r for r in collection.records if r.type in ("response", "revisit")]
    return Reckoning(book=book, kept=[book[_serial(record)] for record in records])


def members_of(octets: bytes) -> list[bytes]:
    """Return the gzip members of *octets*; the last may be torn, the others are whole."""
    members = []
    while octets:
        inflater = zlib.decompressobj(_GZIP)
        inflater.decompress(octets)
        members.append(octets[: len(octets) - len(inflater.unused_data)])
        octets = inflater.unused_data
    return members


def record_of(member: bytes) -> tuple[str, bool]:
    """Return the WARC-Type of what *member* holds, empty if torn off, and whether it is whole."""
    inflater = zlib.decompressobj(_GZIP)
    found = re.search(rb"\r\nWARC-Type: (\w+)\r\n", inflater.decompress(member))
    return found[1].decode() if found else "", inflater.eof


def whole_exchanges(records: Iterable[tuple[str, bool]]) -> list[str]:
    """Return the types of those of *records* that are whole and want nothing after them.

    A response or a revisit is followed by its request, and is nothing without it.
    """
    whole = [kind for kind, is_whole in records if is_whole]
    return whole[:-1] if whole[-1:] in (["response"], ["revisit"]) else whole


def _is_final(entry: Entry) -> bool:
    return entry.status != BUSY and not entry.target.endswith(HOST_FILES)


def _serial(record: Found) -> int:
    found = _SERIAL.search(record.block)
    assert found is not None, f"{record.get('WARC-Target-URI')} is no answer of the town"
    return int(found[1])
