"""What stands before and after the block of a record, in WARC and in ARC files.

Nothing is guessed: a header that cannot be read raises `DamagedRecord`, a departure from
the standard that leaves its meaning clear is described in `Header.faults`. Section numbers
are those of the WARC format 1.1 (ISO 28500:2017).
"""

from __future__ import annotations

import re
import uuid
from typing import NamedTuple

from archiver.errors import DamagedRecord
from archiver.inflow import CutShort
from archiver.octets import Octets

# Target URIs with their data in them make headers of 100 kB; ten times that is an attack.
MAX_HEADER = 1 << 20

_HEADER_END = re.compile(rb"\n\r?\n")
_LINE_END = re.compile(rb"\n")
_VERSION = re.compile(r"WARC/([0-9]{1,3}\.[0-9]{1,3})[ \t]*\r?\n")
_FIELD = re.compile(r"^([!-9;-~]+):[ \t]*(.*)\r\n", re.M)
_LENGTH = re.compile(r"[0-9]{1,18}")
_BLANK = (b"\r", b"\n")
_BLANKS = re.compile(rb"[\r\n]*")
_NEXT_RECORD = re.compile(rb"\n(?=WARC/[01]\.\d{1,3}[ \t]*\r?\n)")
_LONGEST_VERSION = 64

# ARC 1 has five values in a line, ARC 2 five more before the length; URLs and media types
# with blanks in them are common enough, so both are read from their ends.
_ARC_BEGINNING = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*:")
_ARC_LINE = re.compile(
    r"(?P<url>.+) (?P<ip>[^ ]+) (?P<date>[0-9]{12,18}) (?P<mime>.*?)"
    r"(?: (?:[0-9]{3}|-) [^ ]+ [^ ]+ [0-9]+ [^ ]+)? (?P<length>[0-9]{1,18})\r?"
)


class NoRecord(DamagedRecord):
    """What stands where a record should begins none, of a WARC or of an ARC."""


class Header(NamedTuple):
    """A record's header: its *fields* in order, and whether it opens its gzip member.

    *version* is `1.1` or the like, and `arc` for a record of an ARC file, whose values are
    told in the fields that a WARC would have. *values* holds the first value of each field, by
    its name in lower case. *offset* is that of the record, in a gzipped file of its member.
    """

    version: str
    fields: list[tuple[str, str]]
    values: dict[str, str]
    faults: list[str]
    offset: int
    content_length: int
    is_first_of_member: bool


def read_header(octets: Octets) -> Header | None:
    """Read the header that comes next; None if this member holds only blank lines."""
    is_first_of_member = octets.position == 0
    faults = []
    if octets.buffer[octets.at : octets.at + 1] in _BLANK:
        faults.append(f"{_take_blanks(octets)!r} before the record")
        if not octets.more_than(0):
            return None
    offset = octets.member_offset if octets.is_packed else octets.consumed
    if _begins_warc(octets):
        version, fields = _read_warc_fields(octets, offset, faults)
    else:
        version, fields = "arc", _read_arc_fields(octets, offset)
    values = {name.lower(): value for name, value in reversed(fields)}
    length = values.get("content-length", "")
    if not _LENGTH.fullmatch(length):
        raise DamagedRecord(octets.filename, offset, f"Content-Length is {length!r}")
    return Header(version, fields, values, faults, offset, int(length), is_first_of_member)


def close_warc(octets: Octets, faults: list[str]) -> int:
    """Read past the two line ends that close a WARC record (4), and note what is not so.

    Where the block does not end with its Content-Length, reading goes on at the next record
    of this member that can be found. Return how many octets were passed over on the way.
    """
    blanks = b""
    if octets.buffer.startswith(b"\r\n\r\n", octets.at):
        blanks = b"\r\n\r\n"
        octets.at += 4
        if not octets.more_than(0) or octets.buffer[octets.at : octets.at + 1] not in _BLANK:
            return 0
    blanks += _take_blanks(octets)
    if blanks == b"\r\n\r\n":
        return 0
    found = blanks + octets.buffer[octets.at : octets.at + 20 - len(blanks)]
    passed_over = 0
    if octets.more_than(0) and not _begins_warc(octets):
        passed_over = _pass_over(octets)
    fault = f"{found!r} after the block where '\\r\\n\\r\\n' should be"
    faults.append(f"{fault}, {passed_over} octets passed over" if passed_over else fault)
    return passed_over


def close_arc(octets: Octets, faults: list[str]) -> None:
    """Read past the line end that closes an ARC record; writers differ in how many."""
    blanks = _take_blanks(octets)
    if not blanks and octets.more_than(0):
        found = octets.buffer[octets.at : octets.at + 20]
        faults.append(f"{found!r} after the block where '\\n' should be")


def _begins_warc(octets: Octets) -> bool:
    octets.more_than(4)
    beginning = octets.buffer[octets.at : octets.at + 5]
    return b"WARC/".startswith(beginning) and bool(beginning)


def _read_warc_fields(
    octets: Octets, offset: int, faults: list[str]
) -> tuple[str, list[tuple[str, str]]]:
    text = _decoded(_take_through(_HEADER_END, octets, offset), faults)
    version = _VERSION.match(text)
    if version is None:
        line = text.partition("\n")[0].rstrip("\r")
        problem = f"{line[:40]!r} where a version line should be"
        raise DamagedRecord(octets.filename, offset, problem)
    fields: list[tuple[str, str]] = _FIELD.findall(text, version.end())
    count = text.count("\n")
    # Nearly always each line is a field in one piece, and nothing needs a second look.
    is_plain = len(fields) == count - 2 and text.count("\r") == count
    if is_plain and " \r" not in text and "\t\r" not in text:
        return version[1], fields
    lines = text[version.end() :].replace("\r\n", "\n")
    if lines.count("\n") != text.count("\r\n", version.end()) or not version[0].endswith("\r\n"):
        faults.append("lines of the header end without a carriage return")
    return version[1], _split_fields(lines[:-2].split("\n"), faults)


def _decoded(header: bytes, faults: list[str]) -> str:
    """Return *header* as text: UTF-8 (4), and Latin-1 for lines that are not."""
    try:
        return header.decode("utf-8")
    except UnicodeDecodeError:
        faults.append("the header is not all UTF-8")
    lines = []
    for line in header.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
        except UnicodeDecodeError:
            lines.append(line.decode("latin-1"))
    return "\n".join(lines)


def _split_fields(lines: list[str], faults: list[str]) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in (" ", "\t") and fields:
            # Section 4 lets a value go on in indented lines.
            name, before = fields[-1]
            fields[-1] = (name, f"{before} {line.strip()}".strip())
        elif not colon or not name or " " in name:
            faults.append(f"{line[:40]!r} is no named field")
        else:
            fields.append((name, value.strip(" \t\r")))
    return fields


def _read_arc_fields(octets: Octets, offset: int) -> list[tuple[str, str]]:
    """Read an ARC record's one header line, as the fields that a WARC record would have."""
    beginning = octets.buffer[octets.at : octets.at + 40]
    if not _ARC_BEGINNING.match(beginning):
        raise NoRecord(octets.filename, offset, f"{beginning!r} begins no record")
    line = _take_through(_LINE_END, octets, offset).decode("latin-1")[:-1]
    values = _ARC_LINE.fullmatch(line)
    if values is None:
        # Every ARC begins with its name for itself; anything else may be any text.
        kind_of_damage = DamagedRecord if line.startswith("filedesc:") else NoRecord
        raise kind_of_damage(octets.filename, offset, f"{line[:100]!r} is no ARC header")
    url, date, mime = values["url"], values["date"].ljust(14, "0"), values["mime"]
    kind, content_type = "resource", mime
    if url.startswith("filedesc:"):
        kind = "warcinfo"
    elif url.startswith(("http:", "https:")):
        kind, content_type = "response", "application/http;msgtype=response"
    # An ARC has no record ids. This one is the same at each reading, so that what is made
    # from a record can name it.
    record_id = uuid.uuid5(uuid.NAMESPACE_URL, f"{url} {date} {offset}")
    return [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id.urn}>"),
        ("WARC-Target-URI", url),
        ("WARC-Date", "{}-{}-{}T{}:{}:{}Z".format(*re.findall("^....|..", date)[:6])),
        ("WARC-IP-Address", values["ip"]),
        ("Content-Type", content_type),
        ("Content-Length", values["length"]),
    ]


def _take_through(end: re.Pattern[bytes], octets: Octets, offset: int) -> bytes:
    """Return the octets up to and including the first *end*."""
    while (match := end.search(octets.buffer, octets.at)) is None:
        if len(octets.buffer) - octets.at > MAX_HEADER:
            break
        if not octets.more() and not octets.join():
            kind = DamagedRecord if octets.is_packed else CutShort
            raise kind(octets.filename, offset, "there is no end to the record's header")
    if match is None or match.end() - octets.at > MAX_HEADER:
        problem = f"the header is longer than {MAX_HEADER} octets"
        raise DamagedRecord(octets.filename, offset, problem)
    header = octets.buffer[octets.at : match.end()]
    octets.at = match.end()
    return header


def _take_blanks(octets: Octets) -> bytes:
    """Read past carriage returns and line feeds; return the first of them."""
    blanks = b""
    while True:
        run = _BLANKS.match(octets.buffer, octets.at)
        assert run is not None
        blanks = (blanks + run[0])[:16]
        octets.at = run.end()
        if octets.at < len(octets.buffer) or not octets.more():
            return blanks


def _pass_over(octets: Octets) -> int:
    """Go to the next record of this member, or to its end; return how far that was."""
    start = octets.position
    while (match := _NEXT_RECORD.search(octets.buffer, octets.at)) is None:
        octets.at = max(octets.at, len(octets.buffer) - _LONGEST_VERSION)
        if not octets.more():
            octets.at = len(octets.buffer)
            return octets.position - start
    octets.at = match.end()
    return octets.position - start
