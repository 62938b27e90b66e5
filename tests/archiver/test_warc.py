"""The writer's files, judged by warcio and FastWARC, and what a failing disk leaves of them."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from archiver.capture import Capture, Location
from archiver.records import Record, records_of, warcinfo
from archiver.tape import Tape
from archiver.warc import WarcWriter
from tests.disk import files_end_at

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
NOISE = random.Random(5).randbytes(6 << 20)
INFO = warcinfo(
    {"software": "archiver"}, record_id=INFO_ID, filename="a.warc.gz", written_at=MOMENT
)


class Found(NamedTuple):
    """A record as somebody else's reader finds it."""

    type: str
    record_id: str
    target: str | None
    offset: int
    length: int
    block: bytes


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[WarcWriter]:
    writer = WarcWriter(tmp_path / "a.warc.gz.open", "a.warc.gz")
    yield writer
    writer.close()


def response(octets: bytes, number: int = 1) -> Record:
    capture = Capture(
        target=f"http://example.org/{number}",
        captured_at=MOMENT,
        request=b"",
        response=Tape.of(octets),
        request_id="<urn:uuid:00000000-0000-4000-8000-00000000000a>",
        response_id=f"<urn:uuid:00000000-0000-4000-8000-{number:012}>",
    )
    return records_of(capture, warcinfo_id=INFO_ID)[0]


def found_by_warcio(octets: bytes) -> list[Found]:
    """Return the records in *octets*, HTTP left unparsed."""
    reader = ArchiveIterator(io.BytesIO(octets), no_record_parse=True)
    return [
        Found(
            type=record.rec_type,
            record_id=record.rec_headers.get_header("WARC-Record-ID"),
            target=record.rec_headers.get_header("WARC-Target-URI"),
            block=record.raw_stream.read(),
            offset=reader.get_record_offset(),
            length=reader.get_record_length(),
        )
        for record in reader
    ]


def found_by_fastwarc(octets: bytes) -> list[tuple[str | None, bool, bytes]]:
    """Return each record's target, whether its block digest is right, and its block."""
    return [
        (
            record.headers.get("WARC-Target-URI"),
            record.verify_block_digest(),
            record.reader.read(),
        )
        for record in FastIterator(io.BytesIO(octets), parse_http=False)
    ]


HTTP = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def test_warcio_reads_what_was_written(writer: WarcWriter) -> None:
    locations = [writer.write(INFO), writer.write(response(HTTP)), writer.write(response(b"", 2))]

    found = found_by_warcio(writer.path.read_bytes())

    assert [(record.type, record.target) for record in found] == [
        ("warcinfo", None),
        ("response", "http://example.org/1"),
        ("metadata", "http://example.org/2"),
    ]
    assert found[1].block == HTTP
    assert [(record.offset, record.length) for record in found] == [
        (location.offset, location.length) for location in locations
    ]


def test_fastwarc_reads_what_was_written(writer: WarcWriter) -> None:
    writer.write(response(HTTP, 1))
    writer.write(response(NOISE, 2))

    assert found_by_fastwarc(writer.path.read_bytes()) == [
        ("http://example.org/1", True, HTTP),
        ("http://example.org/2", True, NOISE),
    ]


def test_warcio_finds_both_digests_of_a_response_right(writer: WarcWriter) -> None:
    writer.write(response(HTTP))
    writer.write(response(b"HTTP/1.1 200 OK\r\n\r\nuntil close", 2))

    reader = ArchiveIterator(io.BytesIO(writer.path.read_bytes()), check_digests="raise")

    assert [record.content_stream().read() for record in reader] == [b"hello", b"until close"]


def test_a_record_is_one_gzip_member_at_its_location(writer: WarcWriter) -> None:
    record = response(HTTP)
    writer.write(INFO)

    location = writer.write(record)

    member = writer.path.read_bytes()[location.offset : location.offset + location.length]
    inflater = zlib.decompressobj(31)
    assert inflater.decompress(member) == record.header() + HTTP + b"\r\n\r\n"
    assert (inflater.eof, inflater.unused_data) == (True, b"")


def test_a_location_names_the_file_as_it_will_be_called(writer: WarcWriter) -> None:
    first, second = writer.write(INFO), writer.write(INFO)

    assert first == Location(filename="a.warc.gz", offset=0, length=writer.size // 2)
    assert second.offset == first.length


def test_a_record_is_on_disk_when_write_returns(writer: WarcWriter) -> None:
    writer.write(response(HTTP))

    assert gzip.decompress(writer.path.read_bytes()).endswith(b"\r\n\r\nhello\r\n\r\n")


def test_size_and_digest_are_those_of_the_file(writer: WarcWriter) -> None:
    writer.write(INFO)
    writer.write(response(NOISE))

    octets = writer.path.read_bytes()

    assert (writer.size, writer.sha256) == (len(octets), hashlib.sha256(octets).hexdigest())


def test_a_new_file_is_empty(writer: WarcWriter) -> None:
    assert (writer.size, writer.path.read_bytes()) == (0, b"")
    assert writer.sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_file_that_is_there_already_is_never_written_to(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz.open").write_bytes(b"another's")

    with pytest.raises(FileExistsError):
        WarcWriter(tmp_path / "a.warc.gz.open", "a.warc.gz")

    assert (tmp_path / "a.warc.gz.open").read_bytes() == b"another's"


def test_closing_twice_is_harmless(writer: WarcWriter) -> None:
    writer.write(INFO)

    writer.close()
    writer.close()

    assert writer.size == len(writer.path.read_bytes())


def test_a_block_on_disk_is_written_like_one_in_memory(writer: WarcWriter, tmp_path: Path) -> None:
    tape = Tape(0, tmp_path / "spool")
    tape.write(NOISE)
    record = Record(type="resource", fields=(("WARC-Type", "resource"),), block=tape)

    location = writer.write(record)
    tape.close()

    member = writer.path.read_bytes()[location.offset :]
    assert gzip.decompress(member) == (
        b"WARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 6291456\r\n\r\n" + NOISE + b"\r\n\r\n"
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(octets=st.binary(min_size=1, max_size=500))
def test_any_octets_survive_the_file(writer: WarcWriter, octets: bytes) -> None:
    location = writer.write(response(octets))

    member = writer.path.read_bytes()[location.offset :]

    assert [record.block for record in found_by_warcio(member)] == [octets]
    assert found_by_fastwarc(member) == [("http://example.org/1", True, octets)]


# A disk that refuses more: at the first octet, half way, and after some MiB


@pytest.mark.parametrize("room", [0, 1, 100, 1 << 20, (4 << 20) + 5])
def test_a_refused_record_leaves_the_file_with_whole_records_only(
    writer: WarcWriter, room: int
) -> None:
    writer.write(INFO)
    before = writer.path.read_bytes()

    with files_end_at(len(before) + room), pytest.raises(OSError, match="File too large"):
        writer.write(response(NOISE))

    assert writer.path.read_bytes() == before
    assert (writer.size, writer.sha256) == (len(before), hashlib.sha256(before).hexdigest())


def test_a_file_goes_on_after_a_refused_record(writer: WarcWriter) -> None:
    writer.write(INFO)
    with files_end_at(writer.size + 100), pytest.raises(OSError, match="File too large"):
        writer.write(response(NOISE, 1))

    location = writer.write(response(HTTP, 2))

    octets = writer.path.read_bytes()
    assert [record.type for record in found_by_warcio(octets)] == ["warcinfo", "response"]
    assert found_by_warcio(octets)[1].offset == location.offset
    assert writer.sha256 == hashlib.sha256(octets).hexdigest()


def test_a_block_that_cannot_be_read_leaves_the_file_as_it_was(
    writer: WarcWriter, tmp_path: Path
) -> None:
    writer.write(INFO)
    before = writer.path.read_bytes()
    tape = Tape(0, tmp_path / "spool")
    tape.write(NOISE)
    record = Record(type="resource", fields=(), block=tape)
    tape.close()

    with pytest.raises(ValueError, match="closed file"):
        writer.write(record)

    assert writer.path.read_bytes() == before
    assert (writer.size, writer.sha256) == (len(before), hashlib.sha256(before).hexdigest())
