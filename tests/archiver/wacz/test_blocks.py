"""A large index in blocks, as cdxj-indexer writes it and replayers read it."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

from archiver.wacz.blocks import write_blocks

LINES = [b'org,example)/%06d 20260304050607 {"url": "x"}\n' % number for number in range(7000)]


def blocks_of(blocks: Path, index: Path) -> list[tuple[bytes, bytes]]:
    """Return the key and the lines of each block, found as a replayer finds it."""
    octets, found = blocks.read_bytes(), []
    for line in index.read_bytes().splitlines()[1:]:
        key, brace, rest = line.partition(b" {")
        fields = json.loads(brace + rest)
        block = octets[fields["offset"] : fields["offset"] + fields["length"]]
        assert fields["digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        found.append((key, gzip.decompress(block)))
    return found


def test_every_block_is_found_by_its_first_line(tmp_path: Path) -> None:
    found = blocks_of(*write_blocks(LINES, tmp_path))

    assert [key for key, _ in found] == [
        b"org,example)/000000 20260304050607",
        b"org,example)/003000 20260304050607",
        b"org,example)/006000 20260304050607",
    ]
    assert b"".join(lines for _, lines in found) == b"".join(LINES)


def test_the_blocks_together_are_one_gzipped_index(tmp_path: Path) -> None:
    blocks, _ = write_blocks(LINES, tmp_path)

    assert gzip.decompress(blocks.read_bytes()) == b"".join(LINES)


def test_their_index_names_them_in_its_first_line(tmp_path: Path) -> None:
    blocks, index = write_blocks(LINES, tmp_path)

    assert (blocks.name, index.name) == ("index.cdx.gz", "index.idx")
    assert index.read_bytes().splitlines()[0] == (
        b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    )


def test_long_lines_make_short_blocks(tmp_path: Path) -> None:
    lines = [b'a)/%d 20260304050607 {"url": "%s"}\n' % (n, b"x" * 400_000) for n in range(5)]

    assert len(blocks_of(*write_blocks(lines, tmp_path))) == 2


def test_an_index_without_lines_has_no_block(tmp_path: Path) -> None:
    blocks, index = write_blocks([], tmp_path)

    assert (blocks.read_bytes(), len(index.read_bytes().splitlines())) == (b"", 1)
