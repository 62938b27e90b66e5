"""WARCs and ARCs that others wrote are held to the standard alone."""

from __future__ import annotations

import gzip
import io
import resource
import sys
from pathlib import Path

import pytest

from archiver.check import check_path, run_check
from tests.archiver.quay import foreign, sha256, told


def status_of(*paths: Path) -> int:
    return run_check(paths, False, io.StringIO())


# Other people's WARCs

HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"5\r\nGone.\r\n0\r\n\r\n"
FIELDS = "Content-Type: application/http; msgtype=response\n"


@pytest.mark.parametrize(
    "digest",
    [
        sha256(b"Gone."),
        "sha-256:B39D7EDAAB407C860193A9BCCEA37B41CC6D7F35256F6A3566ACE522A9F2CACC",
        "sha1:Z7JO4KQIDWL2EEH2QON2IV7GV2GNKM5X",
        "md5:4b2b75a12df52515b570338c8a2554f2",
    ],
    ids=["sha256", "sha-256 in capitals", "sha1 in Base32", "md5"],
)
def test_a_digest_may_be_written_in_several_ways(digest: str, tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    fields = f"{FIELDS}WARC-Payload-Digest: {digest}\n"
    path.write_bytes(foreign("response", fields, HEAD + CHUNKS))

    assert told(path)[:-1] == []


def test_a_digest_that_includes_the_chunk_framing_is_a_note(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    fields = f"{FIELDS}WARC-Payload-Digest: {sha256(CHUNKS)}\n"
    path.write_bytes(foreign("response", fields, HEAD + CHUNKS) * 3)

    faults = list(check_path(path))

    assert [(fault.severity, fault.kind, fault.offset) for fault in faults] == [
        ("note", "payload-digest", 0),
        ("note", "payload-digest", None),
    ]
    assert faults[1].found == "and 2 more of this kind"
    assert status_of(path) == 0


@pytest.mark.parametrize(
    ("kind", "fields", "block", "payload"),
    [
        ("request", "Content-Type: application/http; msgtype=request\n", b"POST", b""),
        (
            "request",
            "Content-Type: application/http; msgtype=request\n",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
            b"Gone.",
        ),
        (
            "request",
            "Content-Type: application/http; msgtype=request\n",
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nGone.",
            b"Gone.",
        ),
        ("response", FIELDS, b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD + CHUNKS, b"Gone."),
        ("response", f"{FIELDS}WARC-Truncated: length\n", HEAD + CHUNKS[:6], b"Gon"),
        ("response", FIELDS, HEAD + b"Not\nchunked.", b"Not\nchunked."),
        ("response", "", HEAD + CHUNKS, b"Gone."),
        ("response", "Content-Type: text/dns\n", b"Gone.", b"Gone."),
        ("resource", "Content-Type: text/plain\n", b"Gone.", b"Gone."),
        ("conversion", "Content-Type: text/plain\n", b"Gone.", b"Gone."),
        ("revisit", f"{FIELDS}WARC-Profile: x:y\n", HEAD, b"what is not here"),
        ("response", f"{FIELDS}WARC-Segment-Number: 1\n", HEAD, b"what is not here"),
    ],
)
def test_a_payload_is_what_the_standard_says(
    kind: str, fields: str, block: bytes, payload: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "x.warc"
    fields += f"WARC-Payload-Digest: {sha256(payload)}\nWARC-Block-Digest: {sha256(block)}\n"
    path.write_bytes(foreign(kind, fields, block))

    assert told(path)[:-1] == []


def test_records_in_a_common_member_are_a_note(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(foreign("resource", "", b"x") * 2))

    (first, second) = check_path(path)

    assert (first.severity, first.kind, second.found) == (
        "note",
        "shared-member",
        "and 1 more of this kind",
    )


def test_an_arc_is_held_to_its_structure_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.arc"
    path.write_bytes(b"http://quay.example/ 127.0.0.1 20260304050607 text/html 5\nGone.\n")

    assert told(path) == ["1 files, 1 records, 0 faults, 0 notes, 0 unreadable"]


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux only")
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz"
    fields = "Content-Type: application/octet-stream\n"
    with path.open("wb") as file:
        file.writelines(gzip.compress(foreign("resource", fields, bytes(1 << 26))) for _ in "123")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert list(check_path(path)) == []

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 << 10
