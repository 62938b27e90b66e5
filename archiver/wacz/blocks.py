"""A large index in gzipped blocks, and the short index of those: cdxj-gzip-1.0 ("ZipNum").

A reader takes the short index into memory and, for each look-up, a block or two by range.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from archiver.gzipped import gzip_member

BLOCKS = "index.cdx.gz"
BLOCK_INDEX = "index.idx"

_MOST_LINES = 3000
_MOST_OCTETS = 1 << 20


def write_blocks(lines: Iterable[bytes], folder: Path) -> tuple[Path, Path]:
    """Write the sorted index *lines* into *folder*; return the blocks' file and their index's."""
    blocks, index = folder / BLOCKS, folder / BLOCK_INDEX
    offset = 0
    with blocks.open("wb") as block_file, index.open("wb") as index_file:
        meta = {"format": "cdxj-gzip-1.0", "filename": BLOCKS}
        index_file.write(f"!meta 0 {json.dumps(meta)}\n".encode("ascii"))
        for block in _blocks(lines):
            member = b"".join(gzip_member(block))
            digest = f"sha256:{hashlib.sha256(member).hexdigest()}"
            fields = {"offset": offset, "length": len(member), "digest": digest}
            key = b" ".join(block[0].split(b" ", 2)[:2])
            index_file.write(b"%s %s\n" % (key, json.dumps(fields).encode("ascii")))
            block_file.write(member)
            offset += len(member)
    return blocks, index


def _blocks(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    block: list[bytes] = []
    size = 0
    for line in lines:
        block.append(line)
        size += len(line)
        if len(block) >= _MOST_LINES or size >= _MOST_OCTETS:
            yield block
            block, size = [], 0
    if block:
        yield block
