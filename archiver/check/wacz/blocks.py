"""The short index of a gzipped one (`indexes/*.idx`) against the blocks that it names."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from archiver.check.fault import Fault, Problem
from archiver.zipped import Zip, ZipMember

_LONGEST_LINE = 1 << 20
_LARGEST_BLOCK = 64 << 20
_GZIP = 31
_FORMAT = "cdxj-gzip-1.0"


class BlocksCheck:
    """The short index *name* of *archive*, called *shown*."""

    def __init__(self, archive: Zip, name: str, shown: str) -> None:
        self._archive = archive
        self._shown = shown
        self._folder = name.rpartition("/")[0]
        self._filename: str | None = None
        self._ends: dict[str, int] = {}  # by member: where the block after the last must begin

    def faults(self, file: BinaryIO) -> Iterator[Fault]:
        """Yield where what *file* says of the blocks is not so."""
        place = 0
        for line in iter(lambda: file.readline(_LONGEST_LINE), b""):
            for problem in self._problems_of(line, is_first=place == 0):
                yield problem.at(self._shown, place)
            place += len(line)
        for name, end in self._ends.items():
            size = self._archive.members[name].size
            if end != size:
                found = f"its blocks end at {end} of {name}"
                yield Problem("index", found, f"{size}, where that ends").at(self._shown)

    def _problems_of(self, line: bytes, *, is_first: bool) -> Iterator[Problem]:
        key, fields = _parsed(line)
        if is_first and line.startswith(b"!meta"):
            self._filename = fields.get("filename")
            if fields.get("format") != _FORMAT:
                yield Problem("index", f"format {fields.get('format')!r}", repr(_FORMAT))
            return
        offset, length = fields.get("offset"), fields.get("length")
        name = f"{self._folder}/{fields.get('filename', self._filename)}"
        member = self._archive.members.get(name)
        if type(offset) is not int or type(length) is not int or offset < 0 or length < 0:
            yield Problem("index", f"{line[:80]!r}", "a key, and offset and length of a block")
        elif member is None:
            yield Problem("index", f"a block of {name}", "a file of the WACZ")
        elif not member.is_stored or length > _LARGEST_BLOCK:
            yield Problem("index", f"a block of {length} octets", "one to be read by range")
        else:
            if offset != self._ends.get(name, 0):
                expected = f"{self._ends.get(name, 0)}, where the one before ends"
                yield Problem("index", f"a block at {offset}", expected)
            self._ends[name] = offset + length
            yield from _problems_of_block(_range(member, offset, length), key, fields, offset)


def _problems_of_block(
    block: bytes, key: bytes, fields: dict[str, Any], offset: int
) -> Iterator[Problem]:
    digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
    if str(fields.get("digest", digest)) != digest:
        expected = f"{fields['digest']!r} as the index of the blocks says"
        yield Problem("hash", f"the block at {offset} has {digest}", expected)
    try:
        beginning = zlib.decompressobj(_GZIP).decompress(block, len(key))
    except zlib.error as error:
        yield Problem("index", f"the block at {offset} cannot be unpacked ({error})", "gzip")
        return
    if beginning != key:
        found = f"the block at {offset} begins with {beginning[:80]!r}"
        yield Problem("index", found, repr(key[:80]))


def _range(member: ZipMember, offset: int, length: int) -> bytes:
    with member.open() as file:
        file.seek(offset)
        return file.read(length)


def _parsed(line: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return the key in *line* and what it says in JSON, nothing if that cannot be read."""
    key, brace, rest = line.partition(b" {")
    try:
        fields = json.loads(brace + rest)
    except (ValueError, RecursionError):
        return key, {}
    return key, fields if isinstance(fields, dict) else {}
