"""A collection of two little WARCs, the second of which holds revisits; sound, or spoilt.

As `quay`, it is put together by hand.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path

from archiver.check import check_path
from tests.archiver.quay import of_capture, record, sha256, stored, uuid

FIRST = "quay-20260304050607000-00000-pier-00c0ffee"
SECOND = "quay-20260311050607000-00000-pier-00c0ffee"
TABLE = b"High water at six, low water at noon.\n" * 10
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 380\r\n\r\n"
UNMODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n'
PROFILES = "http://netpreserve.org/warc/1.1/revisit"
HTTP = "Content-Type: application/http;msgtype=response\n"


def info(stem: str, last: str) -> bytes:
    fields = (
        f"WARC-Date: 2026-03-04T05:06:07.000000Z\nWARC-Filename: {stem}.warc.gz\n"
        "Content-Type: application/warc-fields\n"
    )
    return record("warcinfo", last, fields, b"software: archiver/0.1.0\r\n")


def response(last: str, request: str, path: str = "tides", second: int = 7) -> bytes:
    fields = (
        f"{of_capture(path, second)}WARC-Concurrent-To: {uuid(request)}\n"
        f"WARC-Payload-Digest: {sha256(TABLE)}\n{HTTP}"
    )
    return record("response", last, fields, HEAD + TABLE)


def request(
    last: str, answer: str, path: str = "tides", second: int = 7, field: str = ""
) -> bytes:
    fields = (
        f"{of_capture(path, second)}WARC-Concurrent-To: {uuid(answer)}\n"
        "Content-Type: application/http;msgtype=request\n"
    )
    block = f"GET /{path} HTTP/1.1\r\nHost: quay.example\r\n{field}\r\n"
    return record("request", last, fields, block.encode())


def revisit_of(
    last: str, request: str, profile: str, block: bytes, *, path: str = "tides", second: int,
    original: str = "1",
) -> bytes:  # fmt: skip
    truncated = "WARC-Truncated: length\n" if "identical" in profile else ""
    fields = (
        f"{of_capture(path, second)}WARC-Concurrent-To: {uuid(request)}\n"
        f"WARC-Profile: {PROFILES}/{profile}\nWARC-Refers-To: {uuid(original)}\n"
        "WARC-Refers-To-Target-URI: http://quay.example/tides\n"
        "WARC-Refers-To-Date: 2026-03-04T05:06:07.000000Z\n"
        f"{truncated}WARC-Payload-Digest: {sha256(TABLE)}\n{HTTP}"
    )
    return record("revisit", last, fields, block)


# By name, each the WARC that it lies in and its octets.
RECORDS = {
    "info": (FIRST, info(FIRST, "0")),
    "original": (FIRST, response("1", "2")),
    "request": (FIRST, request("2", "1")),
    "info again": (SECOND, info(SECOND, "0")),
    "repeated": (SECOND, revisit_of("3", "4", "identical-payload-digest", HEAD, second=8)),
    "repeated request": (SECOND, request("4", "3", second=8)),
    "unmodified": (SECOND, revisit_of("5", "6", "server-not-modified", UNMODIFIED, second=9)),
    "unmodified request": (SECOND, request("6", "5", second=9, field='If-None-Match: "a"\r\n')),
}


@dataclass(frozen=True)
class Spoil:
    """Put *new* in the place of *old* in the record called *name*.

    The length and the digest of its block are made to fit.
    """

    name: str
    old: str
    new: str


def moor(
    folder: Path, *spoils: Spoil, records: dict[str, tuple[str, bytes]] = RECORDS,
    without: Container[str] = (),
) -> Path:  # fmt: skip
    """Write the collection of *records* into *folder*, with *spoils*; return where it lies."""
    for stem in sorted({where for where, _ in records.values()}):
        of_stem = [
            _spoilt(name, octets, spoils)
            for name, (where, octets) in records.items()
            if where == stem and name not in without
        ]
        _seal(folder / "quay", stem, of_stem)
    return folder / "quay"


def unseal(collection: Path, stem: str) -> None:
    """Turn the WARC of *stem* into one whose crawl is running."""
    for path in sorted(collection.glob(f"*/{stem}.*")):
        if path.parent.name == "archive":
            path.rename(path.with_name(f"{path.name}.open"))
        else:
            path.unlink()


def found(path: Path) -> list[tuple[str, str, str]]:
    """Return what a check of *path* finds: severity, what was found, what was expected."""
    return [
        (f"{fault.severity} {fault.kind}", _short(fault.found), _short(fault.expected))
        for fault in check_path(path)
    ]


def _short(text: str) -> str:
    return re.sub(r"<urn:uuid:00000000-0000-4000-8000-00000000000(\w)>", r"<\1>", text)


def _spoilt(name: str, octets: bytes, spoils: Iterable[Spoil]) -> bytes:
    for spoil in spoils:
        if spoil.name == name:
            assert spoil.old.encode() in octets, f"{spoil.old!r} is not in {name}"
            octets = octets.replace(spoil.old.encode(), spoil.new.encode())
    header, blank, block = octets.removesuffix(b"\r\n\r\n").partition(b"\r\n\r\n")
    length, digest = b"Content-Length: %d" % len(block), f"WARC-Block-Digest: {sha256(block)}"
    header = re.sub(rb"Content-Length: \d+", length, header)
    header = re.sub(rb"WARC-Block-Digest: \S+", digest.encode(), header)
    return header + blank + block + b"\r\n\r\n"


def _seal(folder: Path, stem: str, records: list[bytes]) -> None:
    members = [stored(octets) for octets in records]
    offsets = [sum(map(len, members[:number])) for number in range(len(members))]
    index = sorted(
        _index_line(octets, offset, len(member), stem)
        for octets, offset, member in zip(records, offsets, members, strict=True)
        if _field(octets, "WARC-Type") in ("response", "revisit")
    )
    header = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": True}
    files = {
        f"archive/{stem}.warc.gz": b"".join(members),
        f"indexes/{stem}.cdxj": b"".join(index),
        f"pages/{stem}.jsonl": json.dumps(header).encode() + b"\n",
        f"text/{stem}.jsonl.gz": gzip.compress(b"", mtime=0),
    }
    manifest = _manifest(stem, records, files)
    files[f"manifests/{stem}.json"] = json.dumps(manifest).encode()
    for name, octets in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)


def _index_line(octets: bytes, offset: int, length: int, stem: str) -> bytes:
    path = _field(octets, "WARC-Target-URI").rpartition("/")[2]
    fields = {
        "url": _field(octets, "WARC-Target-URI"),
        "mime": "warc/revisit",
        "status": octets.partition(b"\r\n\r\nHTTP/1.1 ")[2][:3].decode(),
        "digest": _field(octets, "WARC-Payload-Digest"),
        "length": str(length),
        "offset": str(offset),
        "filename": f"{stem}.warc.gz",
    }
    if _field(octets, "WARC-Type") == "response":
        del fields["mime"]
    timestamp = re.sub(r"\D", "", _field(octets, "WARC-Date"))[:14]
    present = {name: value for name, value in fields.items() if value}
    return f"example,quay)/{path} {timestamp} {json.dumps(present)}\n".encode()


def _manifest(stem: str, records: list[bytes], files: dict[str, bytes]) -> dict[str, object]:
    dates = [_field(octets, "WARC-Date") for octets in records[1:]]
    return {
        "format": "archiver-manifest",
        "version": 1,
        "stem": stem,
        "files": [
            {"path": name, "bytes": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}
            for name, octets in files.items()
        ],
        "record_counts": dict(Counter(_field(octets, "WARC-Type") for octets in records)),
        "page_count": 0,
        "text_count": 0,
        "first_date": min(dates, default=None),
        "last_date": max(dates, default=None),
    }


def _field(octets: bytes, name: str) -> str:
    line = re.search(rf"^{name}: (.*)\r$".encode(), octets, re.M)
    return line[1].decode() if line else ""
