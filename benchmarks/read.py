"""How fast WARCs are read, beside warcio and FastWARC, as ratios.

    python benchmarks/read.py [--size 500] [--runs 5] [--encoded]

A WARC of --size MB, one gzip member a record, is read through turn about by our reader, by
warcio and by FastWARC: once for the headers alone, once with each block to its end. Nobody
parses HTTP. Seconds are those of the CPU, and MB those of the file. The pages are those of
`site.py`, compressed as others' crawlers do it (zlib at level 6); with --encoded their servers
had compressed them already, and the members hold what cannot be compressed again. A few hundred
records are repeated until the file is long enough.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from archiver.reader import read_records  # noqa: E402
from benchmarks.site import pages  # noqa: E402

_DIFFERENT = 400
_PIECE = 1 << 20

# Reads a file through, with its blocks or without, and returns its records and their octets.
Reading = Callable[[Path, bool], tuple[int, int]]


def ours(path: Path, has_blocks: bool) -> tuple[int, int]:
    """Read with `archiver.reader`."""
    count = size = 0
    with path.open("rb") as file:
        for record in read_records(file, path.name):
            count += 1
            if has_blocks:
                size += sum(map(len, record.chunks()))
    return count, size


def warcio(path: Path, has_blocks: bool) -> tuple[int, int]:
    """Read with warcio."""
    count = size = 0
    with path.open("rb") as file:
        for record in WarcioIterator(file, no_record_parse=True):
            count += 1
            while has_blocks and (piece := record.raw_stream.read(_PIECE)):
                size += len(piece)
    return count, size


def fastwarc(path: Path, has_blocks: bool) -> tuple[int, int]:
    """Read with FastWARC, which is C++."""
    count = size = 0
    with path.open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            count += 1
            while has_blocks and (piece := record.reader.read(_PIECE)):
                size += len(piece)
    return count, size


READERS: dict[str, Reading] = {"ours": ours, "warcio": warcio, "fastwarc": fastwarc}


def members(*, is_encoded: bool) -> Iterator[bytes]:
    """Yield some hundred response records, a gzip member each."""
    for number, page in enumerate(pages(_DIFFERENT)):
        coding = b"Content-Encoding: gzip\r\n" if is_encoded else b""
        body = gzip.compress(page, 6, mtime=0) if is_encoded else page
        block = (
            b"HTTP/1.1 200 OK\r\nDate: Tue, 03 Mar 2026 04:05:06 GMT\r\nServer: nginx\r\n"
            b"Content-Type: text/html; charset=utf-8\r\n%bContent-Length: %d\r\n\r\n%b"
        ) % (coding, len(body), body)
        fields = (
            "WARC/1.1\r\nWARC-Type: response\r\n"
            f"WARC-Record-ID: <urn:uuid:{uuid.UUID(int=number)}>\r\n"
            "WARC-Date: 2026-03-03T04:05:06.789012Z\r\n"
            f"WARC-Target-URI: https://news.example.org/2026/03/03/story-{number}.html\r\n"
            "WARC-IP-Address: 203.0.113.7\r\nWARC-Protocol: http/1.1\r\n"
            f"WARC-Payload-Digest: sha256:{number:064x}\r\n"
            f"WARC-Block-Digest: sha256:{number:064x}\r\n"
            "Content-Type: application/http;msgtype=response\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        yield gzip.compress(fields.encode() + block + b"\r\n\r\n", 6, mtime=0)


def write_warc(path: Path, size: int, *, is_encoded: bool) -> None:
    """Write a WARC of about *size* octets."""
    with path.open("wb") as file:
        for member in itertools.cycle(list(members(is_encoded=is_encoded))):
            file.write(member)
            if file.tell() >= size:
                return


def measure(path: Path, runs: int, *, has_blocks: bool) -> dict[str, list[float]]:
    """Return the CPU seconds that each reader took, turn about; the first turn is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in READERS}
    found: set[tuple[int, int]] = set()
    for turn in range(runs + 1):
        for name, read in READERS.items():
            began = time.process_time()
            found.add(read(path, has_blocks))
            if turn:
                taken[name].append(time.process_time() - began)
    assert len(found) == 1, f"the readers found different things: {found}"
    count, size = found.pop()
    what = "headers and blocks" if has_blocks else "headers"
    print(f"{what}: {count} records, {size / 1e6:.0f} MB of blocks")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        speed = path.stat().st_size / middle / 1e6
        print(f"  {name:<9}{count / middle:8.0f} records/s{speed:7.1f} MB/s")
    return taken


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=500, help="of the WARC, in MB")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--encoded", action="store_true", help="servers had compressed the pages already"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "read.warc.gz"
        write_warc(path, arguments.size * 1_000_000, is_encoded=arguments.encoded)
        for has_blocks in (False, True):
            report(measure(path, arguments.runs, has_blocks=has_blocks))


def report(taken: dict[str, list[float]]) -> None:
    """Print how many times the others' records a second are ours, turn by turn."""
    for other in ("warcio", "fastwarc"):
        ratios = [b / a for a, b in zip(taken["ours"], taken[other], strict=True)]
        low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
        print(f"  ours / {other}, records/s: {middle:.2f} (from {low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
