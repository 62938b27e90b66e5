"""CDXJ: the sorted index of a WARC, `<surt> <timestamp> {json}`, a line for each record.

Lines are octets and end with `\\n`, here and in files, so that an open file is an iterable
of them. This module opens no file.
"""

from __future__ import annotations

import heapq
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.capture import Location
from archiver.errors import ArchiveError, DamagedRecord
from archiver.surt import Surt, surt_of

if TYPE_CHECKING:
    from archiver.head import Head

# W3CDTF as WARC 1.1, 5.4 takes it: any precision from the year down to nanoseconds, UTC.
_WARC_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?Z)?)?)?"
)
_EARLIEST = ("", "01", "01", "00", "00", "00")
_END_OF_MIME = re.compile(r"[;\s]")
_NUMBER = re.compile(r"[0-9]{1,18}")
_TIMESTAMP = re.compile(rb"[0-9]{14}")


class DamagedIndexLine(ArchiveError):
    """A line of an index is not CDXJ."""

    def __init__(self, line: bytes, problem: str) -> None:
        shown = line if len(line) <= 120 else line[:117] + b"..."
        super().__init__(f"index line {shown!r}: {problem}; make the index anew")
        self.line = line
        self.problem = problem

    def __reduce__(self) -> tuple[type[DamagedIndexLine], tuple[bytes, str]]:
        return type(self), (self.line, self.problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """What an index line says; None for what it leaves out, *extra* for what we do not know."""

    surt: Surt
    timestamp: str
    url: str
    mime: str | None
    status: int | None
    digest: str | None
    location: Location
    extra: Mapping[str, object] = field(default_factory=dict, hash=False)


def is_indexed(type: str, content_type: str | None) -> bool:
    """Say whether a record of this type, with this Content-Type of its own, gets a line.

    The choice of cdxj-indexer: beside responses, revisits and resources also metadata that
    could be replayed, such as a page's text; not what is only about another record.
    """
    if type in ("resource", "metadata"):
        return content_type != "application/warc-fields"
    return type in ("response", "revisit")


def make_line(
    *,
    type: str,
    target: str,
    date: str,
    http_head: Head | None,
    content_type: str | None,
    payload_digest: str | None,
    location: Location,
) -> bytes:
    """Return the index line of a record, with fields, order and form of cdxj-indexer.

    *http_head* is that of a response or revisit, *content_type* the record's own. What is
    None is left out. DamagedRecord if *date* is no WARC-Date.
    """
    fields = {"url": target}
    mime = _mime(type, http_head, content_type)
    if mime is not None:
        fields["mime"] = mime
    if http_head is not None and type in ("response", "revisit"):
        fields["status"] = str(http_head.status)
    if payload_digest is not None:
        fields["digest"] = payload_digest
    fields["length"] = str(location.length)
    fields["offset"] = str(location.offset)
    fields["filename"] = location.filename
    line = f"{surt_of(target)} {_timestamp(date, location)} {json.dumps(fields)}\n"
    return line.encode("utf-8", "surrogateescape")


def sort_lines(lines: Iterable[bytes]) -> list[bytes]:
    """Return *lines* as `LC_ALL=C sort` orders them."""
    return sorted(lines)


def merge_lines(indexes: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Yield the lines of sorted *indexes* as those of one, a line of each in memory."""
    return heapq.merge(*indexes)


def parse_line(line: bytes) -> IndexEntry:
    """Return what *line* says, whoever wrote it, with or without its end.

    Numbers may stand as numbers or as text, and `-` means what it means in the older CDX:
    absent. DamagedIndexLine if it is not CDXJ or does not say where the record lies.
    """
    key, _, rest = line.rstrip(b"\r\n").partition(b" ")
    timestamp, _, block = rest.partition(b" ")
    if not key or not _TIMESTAMP.fullmatch(timestamp):
        raise DamagedIndexLine(line, "no key and 14-digit timestamp")
    try:
        surt = Surt(key.decode("utf-8"))
        fields = json.loads(block)
    except (ValueError, RecursionError) as error:
        raise DamagedIndexLine(line, f"{error}") from error
    if not isinstance(fields, dict):
        raise DamagedIndexLine(line, "no JSON object")
    url, filename = _text(fields, "url", line), _text(fields, "filename", line)
    offset, length = _number(fields, "offset", line), _number(fields, "length", line)
    if url is None or filename is None or offset is None or length is None:
        raise DamagedIndexLine(line, "url, filename, offset or length is missing")
    return IndexEntry(
        surt=surt,
        timestamp=timestamp.decode("ascii"),
        url=url,
        mime=_text(fields, "mime", line),
        status=_number(fields, "status", line),
        digest=_text(fields, "digest", line),
        location=Location(filename=filename, offset=offset, length=length),
        extra=fields,
    )


def _mime(type: str, http_head: Head | None, content_type: str | None) -> str | None:
    if type == "revisit":
        return "warc/revisit"
    if type == "response":
        octets = http_head.get(b"content-type") if http_head is not None else None
        content_type = _text_of(octets) if octets is not None else None
    if content_type is None:
        return None
    return _END_OF_MIME.split(content_type, maxsplit=1)[0]


def _text_of(octets: bytes) -> str:
    """Return a header value as text: UTF-8 if it is that, Latin-1 otherwise."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("latin-1")


def _timestamp(date: str, location: Location) -> str:
    """Return *date* to the second; what it leaves out is the earliest that it can mean."""
    found = _WARC_DATE.fullmatch(date)
    if found is None:
        problem = f"WARC-Date is {date!r} where a date such as 2026-01-31T23:59:59Z is expected"
        raise DamagedRecord(location.filename, location.offset, problem)
    return "".join(part or least for part, least in zip(found.groups(), _EARLIEST, strict=True))


def _text(fields: dict[str, object], name: str, line: bytes) -> str | None:
    """Take the text called *name* out of *fields*; None if there is none."""
    value = fields.pop(name, None)
    if value is None or value in ("-", ""):
        return None
    if not isinstance(value, str):
        raise DamagedIndexLine(line, f"{name} is {value!r} where text is expected")
    return value


def _number(fields: dict[str, object], name: str, line: bytes) -> int | None:
    """Take the number called *name* out of *fields*; None if there is none."""
    value = fields.pop(name, None)
    if value is None or value in ("-", ""):
        return None
    if not isinstance(value, int | str) or not _NUMBER.fullmatch(str(value)):
        raise DamagedIndexLine(line, f"{name} is {value!r} where a number is expected")
    return int(value)
