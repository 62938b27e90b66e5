"""Archives that others made, and what our reader and our check make of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from archiver.check import check_path
from archiver.errors import DamagedRecord
from archiver.reader import read_record, read_records
from tests.archiver.logbook import DICTIONARY_FRAME, framed, framed_by_dictionary

# The majority of `warcio check`, `fastwarc check` and `jwarc validate` says otherwise than we
# do of these, and this is why.
DIFFERENCES = {
    "py-wacz/example-iana.warc": (
        "written by a browser: decoded bodies below the heads of the encoded ones. The block "
        "digests hold and so do the payload digests, of the bodies as they stand: a note"
    ),
    "py-wacz/example-warcinfo-metadata.warc": "the same, with digests labelled sha-256",
    "warcio/example-bad.warc.gz.bad": (
        "six records in one gzip member: each is whole, and Annex A of the standard only "
        "recommends a member for each: a note"
    ),
    "warcio/example.arc": "FastWARC and jwarc validate read no ARC, we do, and it is whole",
    "warcio/example.arc.gz": "the same, in gzip",
}
# LZ4 is for a later version; until then it is neither sound nor faulty.
UNREADABLE = {
    "chatnoir-resiliparse/block-sized-records.warc.lz4",
    "chatnoir-resiliparse/warcfile.warc.lz4",
}


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    return shared / "corpus"


@pytest.fixture(scope="session")
def majority(corpus: Path) -> dict[str, str]:
    """Return what most of the three other programs say of each file."""
    lines = (corpus / "VERDICTS.txt").read_text(encoding="utf-8").splitlines()[1:]
    columns = [line.split() for line in lines]
    return {name: _verdict_of(statuses[:3]) for name, *statuses in columns}


def _verdict_of(statuses: list[str]) -> str:
    return "faulty" if sum(status != "0" for status in statuses) >= 2 else "sound"


def _our_verdict(path: Path) -> str:
    severities = {fault.severity for fault in check_path(path)}
    if "unreadable" in severities:
        return "unreadable"
    return "faulty" if "fault" in severities else "sound"


def test_our_verdict_is_that_of_the_majority_or_the_difference_is_explained(
    corpus: Path, majority: dict[str, str]
) -> None:
    ours = {name: _our_verdict(corpus / name) for name in majority}

    assert len(ours) == 53
    assert {name for name, verdict in ours.items() if verdict == "unreadable"} == UNREADABLE
    assert {name for name in ours if ours[name] != majority[name]} == (
        DIFFERENCES.keys() | UNREADABLE
    )


def test_fastwarc_finds_the_same_records_in_every_sound_warc(
    corpus: Path, majority: dict[str, str]
) -> None:
    names = [name for name, verdict in majority.items() if verdict == "sound"]
    assert len(names) == 33

    ours = {name: list(_our_records(corpus / name)) for name in names}

    assert ours == {name: list(_fast_records(corpus / name)) for name in names}


@pytest.mark.parametrize("name", ["warcio/example.arc", "warcio/example.arc.gz"])
def test_warcio_finds_the_same_captures_in_an_arc(name: str, corpus: Path) -> None:
    with (corpus / name).open("rb") as file:
        ours = [(r.target, r.get("WARC-Date"), r.read(1 << 20)) for r in read_records(file, name)]

    # The first record describes the file; warcio keeps nothing of its block.
    assert ours[1:] == list(_warcio_records(corpus / name))[1:]


# What is read of the files that hold damage or departures: records, and what stopped the reading.
READ = {
    "chatnoir-resiliparse/clipped.warc.gz": (0, "at 0: the file ends inside a gzip member"),
    "chatnoir-resiliparse/clueweb-quirk.warc.gz": (30, None),  # WARC 0.18; its dates are none
    "warcio.js/example-bad-length.warc": (6, None),  # read on at the record that follows
    "warcio/example-bad-non-chunked.warc.gz": (6, None),  # several records in a member
    "warcio/example-bad.warc.gz.bad": (6, None),
    "warcio/example-space-in-url.arc": (
        1,
        "at 151: the file ends after 1579 of the block's 1591 octets",
    ),
    "warcio/example-trunc.warc": (4, None),
    "warcio/example-wrong-chunks.warc.gz": (
        0,
        "at 0: the gzip member ends after 343 of the block's 1613 octets",
    ),
    "webarchive-commons/IAH-20080430204825-00000-blackbook-truncated.arc": (9, None),
    "webarchive-commons/link-extraction-test.warc": (8, None),
}


@pytest.mark.parametrize("name", READ)
def test_every_sound_record_before_the_damage_is_read(corpus: Path, name: str) -> None:
    count, damage = READ[name]

    found = _outcome_of(corpus / name)

    assert found == (count, damage and f"{Path(name).name} {damage}")


def test_every_sound_warc_reads_the_same_when_it_is_packed_in_frames(
    corpus: Path, majority: dict[str, str]
) -> None:
    names = [name for name, verdict in majority.items() if verdict == "sound"]
    packed = {name: DICTIONARY_FRAME + _in_frames(corpus / name) for name in names}

    again = {name: list(_records_in(io.BytesIO(octets))) for name, octets in packed.items()}

    assert again == {name: list(_our_records(corpus / name)) for name in names}


def test_every_record_that_is_alone_is_read_back_by_its_location(
    corpus: Path, majority: dict[str, str]
) -> None:
    names = [name for name in majority if majority[name] == "sound"]

    assert {name for name in names if not _is_read_back(corpus / name)} == set()


def _in_frames(path: Path) -> bytes:
    """Return the records of the WARC at *path*, each in a frame, every other by a dictionary."""
    frames = []
    with path.open("rb") as file:
        for number, record in enumerate(read_records(file, path.name)):
            head = "".join(f"{name}: {value}\r\n" for name, value in record.fields)
            block = b"".join(record.chunks())
            octets = f"WARC/{record.version}\r\n{head}\r\n".encode() + block + b"\r\n\r\n"
            frames.append(framed_by_dictionary(octets) if number % 2 else framed(octets))
    return b"".join(frames)


def _is_read_back(path: Path) -> bool:
    with path.open("rb") as file:
        found = [
            (record.location, record.record_id)
            for record in read_records(file, path.name)
            if record.location and record.is_alone
        ]
        return [read_record(file, place).record_id for place, _ in found] == [
            record_id for _, record_id in found
        ]


def _outcome_of(path: Path) -> tuple[int, str | None]:
    count = 0
    with path.open("rb") as file:
        try:
            for record in read_records(file, path.name):
                count += bool(record.location)
        except DamagedRecord as damage:
            return count, str(damage)
    return count, None


def _our_records(path: Path) -> Iterator[tuple[str | None, str]]:
    with path.open("rb") as file:
        yield from _records_in(file)


def _records_in(file: BinaryIO) -> Iterator[tuple[str | None, str]]:
    for record in read_records(file, "x.warc"):
        yield record.record_id, sha256(b"".join(record.chunks())).hexdigest()


def _fast_records(path: Path) -> Iterator[tuple[str | None, str]]:
    with path.open("rb") as file:
        for record in FastIterator(file, parse_http=False):
            yield record.record_id, sha256(record.reader.read()).hexdigest()


def _warcio_records(path: Path) -> Iterator[tuple[str, str, bytes]]:
    with path.open("rb") as file:
        for record in WarcioIterator(file, no_record_parse=True, arc2warc=True):
            get = record.rec_headers.get_header
            yield get("WARC-Target-URI"), get("WARC-Date"), record.raw_stream.read()
