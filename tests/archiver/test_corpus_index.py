"""Archives that others made: our index lines beside those of cdxj-indexer."""

from __future__ import annotations

import io
import json
import logging
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from warcio.warcwriter import BufferWARCWriter

from archiver.errors import ArchiveError
from archiver.indexing import index_records

with warnings.catch_warnings():
    # It imports surt, whose source holds escapes that Python warns about when it compiles.
    warnings.simplefilter("ignore")
    from cdxj_indexer import CDXJIndexer

# The judge leaves the payloads open that it has made digests of.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"
)

# Where our lines are not those of cdxj-indexer, and why: how many lines it gives, how many we
# give, and where the fields of those that both give differ.
DIFFERENCES: dict[str, tuple[int, int, set[str], str]] = {
    "chatnoir-resiliparse/clipped.warc.gz": (
        1, 0, set(), "its one record is cut short, and such a record we hand nobody"
    ),
    "warcio/bad.arc": (
        3, 0, set(), "the length of the first record is -1: nobody can say where it ends"
    ),
    "warcio/example-bad-non-chunked.warc.gz": (
        0, 2, set(), "several records in a gzip member: it stops with an error, we read on"
    ),
    "warcio/example-bad.warc.gz.bad": (0, 3, set(), "the same"),
    "warcio/example-space-in-url.arc": (
        1, 0, set(), "its one record is cut short, and such a record we hand nobody"
    ),
    "warcio/example-trunc.warc": (
        1, 1, {"length"}, "the block is longer than its length says: we count what follows it"
    ),
    "warcio/example-wrong-chunks.warc.gz": (
        1, 0, set(), "the gzip member ends within the block"
    ),
    "warcio.js/example-bad-length.warc": (
        2, 2, {"length"}, "the block is longer than its length says: we count what follows it"
    ),
    "webarchive-commons/IAH-20080430204825-00000-blackbook-truncated.arc": (
        0, 8, set(), "it loses its way after the first record, we give what is sound"
    ),
    "webarchive-commons/link-extraction-test.warc": (
        3, 6, {"length"}, "a line end too many after a block ends it, we read on and count it"
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    return shared / "corpus"


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="warcio")


def names_of(corpus: Path) -> list[str]:
    lines = (corpus / "VERDICTS.txt").read_text(encoding="utf-8").splitlines()[1:]
    return [line.split()[0] for line in lines]


def our_lines(path: Path) -> list[bytes]:
    lines = []
    with path.open("rb") as file, suppress(ArchiveError):
        for found in index_records(file, path.name):
            lines.extend([found.line] if found.line is not None else [])
    return lines


def lines_of_the_judge(path: Path) -> list[bytes]:
    output = io.StringIO()
    judge = CDXJIndexer(output, [str(path)])
    # It makes this for a record that has no digest, and never closes it.
    judge.writer = BufferWARCWriter()
    with judge.writer.out, suppress(Exception):  # whatever it stops with, its lines count
        judge.process_all()
    return [line.encode() for line in output.getvalue().splitlines(keepends=True)]


def fields_of(line: bytes) -> dict[str, Any]:
    key, timestamp, block = line.decode().split(" ", 2)
    return {"key": key, "timestamp": timestamp, **json.loads(block)}


def difference(path: Path) -> tuple[int, int, set[str]] | None:
    """Return how the lines of *path* differ, as in the table above; None if they do not."""
    theirs, ours = lines_of_the_judge(path), our_lines(path)
    if theirs == ours:
        return None
    pairs = zip(map(fields_of, theirs), map(fields_of, ours), strict=False)
    names = {name for one, other in pairs for name in one if one.get(name) != other.get(name)}
    return len(theirs), len(ours), names


def test_every_line_is_that_of_cdxj_indexer_or_the_difference_is_explained(corpus: Path) -> None:
    names = names_of(corpus)

    found = {name: difference(corpus / name) for name in names}

    assert len(found) == 53
    assert {name: what for name, what in found.items() if what is not None} == {
        name: (theirs, ours, fields) for name, (theirs, ours, fields, _) in DIFFERENCES.items()
    }
