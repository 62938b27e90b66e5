"""A copy of a WARC or ARC whose every record can be read by its place.

Replayers read a record by its range, from plain or gzipped WARC files. What lies otherwise (in
Zstandard, several records in a gzip member, as ARC) is written anew, a gzip member for each
record. Blocks are kept octet for octet; of a header only the spelling of its lines changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archiver.errors import DamagedRecord
from archiver.gzipped import record_member
from archiver.inflow import Readable
from archiver.reader import StoredRecord, read_records
from archiver.sources.leftout import PassedOver

# What the first record of an ARC has and a warcinfo has not: the file's name for itself, and
# the address of whoever wrote it.
_NOT_OF_WARCINFO = ("WARC-Target-URI", "WARC-IP-Address")


def rewrite(
    file: Readable, filename: str, target: Path, passed_over: PassedOver
) -> DamagedRecord | None:
    """Write the records of *file*, called *filename*, to *target*.

    Return the damage that ended it, if any; *passed_over* notes what was not written on the
    way there. OSError where *target* cannot be written.
    """
    with target.open("xb") as output:
        try:
            for record in read_records(file, filename):
                _append(output, record)
                passed_over.note(record)
        except DamagedRecord as damage:
            return damage
    return None


def _append(output: BinaryIO, record: StoredRecord) -> None:
    """Write *record* whole, or leave *output* as it was."""
    start = output.tell()
    try:
        size = record.content_length
        output.writelines(record_member(_octets(record), size))
    except DamagedRecord:
        output.seek(start)
        output.truncate()
        raise


def _octets(record: StoredRecord) -> Iterator[bytes]:
    is_arc = record.version == "arc"
    lines = [f"WARC/{'1.1' if is_arc else record.version}"]
    for name, value in record.fields:
        if is_arc and record.type == "warcinfo" and name in _NOT_OF_WARCINFO:
            continue
        lines.append(f"{name}: {value}")
    header = "\r\n".join(lines) + "\r\n\r\n"
    yield header.encode("utf-8", "surrogateescape")
    yield from record.chunks()
    yield b"\r\n\r\n"
