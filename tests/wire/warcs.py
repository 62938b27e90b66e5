"""The records of a finished crawl as an outside reader, warcio, finds them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A record: its place among all, its type, its named fields in order, and its block."""

    place: int
    type: str
    fields: Sequence[tuple[str, str]]
    block: bytes

    def get(self, name: str) -> str | None:
        """Return the first value of the field *name*, in any case, or None."""
        return next(iter(self.get_all(name)), None)

    def get_all(self, name: str) -> list[str]:
        """Return every value of the field *name*, in any case, in order."""
        return [value for field, value in self.fields if field.lower() == name.lower()]


def read_records(folder: Path) -> list[Found]:
    """Return the records of all sealed WARC files in *folder*, in their order."""
    found = (record for path in sorted(folder.glob("*.warc.gz")) for record in _read(path))
    return [replace(record, place=place) for place, record in enumerate(found)]


def by_case(records: Iterable[Found]) -> defaultdict[str, list[Found]]:
    """Return the *records* that each case left, in order, by the name in their target's path."""
    cases: defaultdict[str, list[Found]] = defaultdict(list)
    for record in records:
        path = urlsplit(record.get("WARC-Target-URI") or "").path
        cases[path.removeprefix("/case/").partition("/")[0]].append(record)
    return cases


def of_type(records: Iterable[Found], kind: str) -> list[Found]:
    """Return those of *records* whose WARC-Type is *kind*."""
    return [record for record in records if record.type == kind]


def pair_of(response: Found, request: Found) -> tuple[str, str, bool, bool, bool]:
    """Return the types of two records, and whether target, date and mutual reference agree."""
    named = (response.get("WARC-Concurrent-To"), request.get("WARC-Concurrent-To"))
    return (
        response.type,
        request.type,
        response.get("WARC-Target-URI") == request.get("WARC-Target-URI"),
        response.get("WARC-Date") == request.get("WARC-Date"),
        named == (request.get("WARC-Record-ID"), response.get("WARC-Record-ID")),
    )


def _read(path: Path) -> Iterable[Found]:
    with path.open("rb") as file:
        # Without no_record_parse warcio would read the HTTP head and print it anew.
        for record in ArchiveIterator(file, no_record_parse=True):
            yield Found(
                place=0,
                type=record.rec_type,
                fields=tuple(record.rec_headers.headers),
                block=record.raw_stream.read(),
            )
