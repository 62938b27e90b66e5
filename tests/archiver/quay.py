"""A little collection, sound to the last octet, and a way to spoil it at one place.

It is put together by hand: none of the code that writes collections has a part in it. Its
gzip members are stored and not deflated, so that each is 23 octets longer than its record,
whatever zlib is at work.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from archiver.check import run_check

STEM = "quay-20260304050607000-00000-pier-00c0ffee"
ROOT = "http://quay.example"
NOTHING = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
# Of `<p>The ferry is late.</p>`, of `Gone.` and of `The ferry is late.`
FERRY = "sha256:1f56d5892ae0018fbaf488aebc1d21295b7e22ae2a1c192045f714cb50b3bf09"
GONE = "sha256:b39d7edaab407c860193a9bccea37b41cc6d7f35256f6a3566ace522a9f2cacc"
LATE = "c160a7eefc7f14ab929c9d5882b2ca3b31304974bc8176621995f74e596dc299"


@dataclass(frozen=True)
class Spoil:
    """Put *new* in the place of *old* in *part*: a record, `index`, `pages` or `texts`.

    What depends on it is made to fit: offsets, lengths and the manifest's hashes. In the part
    `manifest` nothing else changes. Short names stand for what is long, as in `told`.
    """

    part: str
    old: str
    new: str

    def applied(self, octets: bytes) -> bytes:
        old, new = _long(self.old), _long(self.new)
        assert old in octets, f"{old!r} is not in {self.part}"
        return octets.replace(old, new)


def build(folder: Path, *spoils: Spoil) -> Path:
    """Write the collection `quay` into *folder*, with *spoils*, and return where it lies."""
    records = {name: _spoilt(name, octets, spoils) for name, octets in RECORDS.items()}
    members = {name: stored(octets) for name, octets in records.items()}
    places = _places(members)
    beside = {
        name: _spoilt(name, text.format(**places).encode(), spoils)
        for name, text in (("index", INDEX), ("pages", PAGES), ("texts", TEXTS))
    }
    files = {
        f"archive/{STEM}.warc.gz": b"".join(members.values()),
        f"indexes/{STEM}.cdxj": beside["index"],
        f"pages/{STEM}.jsonl": beside["pages"],
        f"text/{STEM}.jsonl.gz": gzip.compress(beside["texts"], mtime=0),
    }
    manifest = MANIFEST | {
        "files": [
            {"path": path, "bytes": len(octets), "sha256": hashlib.sha256(octets).hexdigest()}
            for path, octets in files.items()
        ]
    }
    files[f"manifests/{STEM}.json"] = _spoilt("manifest", json.dumps(manifest).encode(), spoils)
    files["crawls/20260304050607-article.json"] = b'{"outcome": "finished"}\n'
    for name, octets in files.items():
        path = folder / "quay" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
    return folder / "quay"


def told(path: Path, *, as_json: bool = False) -> list[str]:
    """Return the lines that a check of *path* prints, with short names for what is long."""
    out = io.StringIO()
    run_check([path], as_json, out)
    text = out.getvalue()
    for long, short in _SHORT.items():
        text = text.replace(long, short)
    return re.sub(r"<urn:uuid:~(\w)>", r"<\1>", text).splitlines()


def stored(octets: bytes) -> bytes:
    """Return *octets* as a gzip member that is not deflated."""
    compressor = zlib.compressobj(0, zlib.DEFLATED, 31)
    return compressor.compress(octets) + compressor.flush()


def uuid(last: str) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-00000000000{last}>"


def record(kind: str, last: str, fields: str, block: bytes) -> bytes:
    """Return a record as ours are; *last* is the end of its id."""
    header = (
        f"WARC/1.1\nWARC-Type: {kind}\nWARC-Record-ID: {uuid(last)}\n{fields}"
        f"WARC-Block-Digest: sha256:{hashlib.sha256(block).hexdigest()}\n"
        f"Content-Length: {len(block)}\n\n"
    )
    return header.replace("\n", "\r\n").encode() + block + b"\r\n\r\n"


def foreign(kind: str, fields: str, block: bytes) -> bytes:
    """Return a record as somebody else's software may write it."""
    header = (
        f"WARC/1.0\nWARC-Type: {kind}\nWARC-Record-ID: <urn:uuid:{'0' * 8}-0000-1000-8000-"
        f"{'0' * 12}>\nWARC-Date: 2026-03-04T05:06:07Z\nWARC-Target-URI: http://quay.example/\n"
        f"{fields}Content-Length: {len(block)}\n\n"
    )
    return header.replace("\n", "\r\n").encode() + block + b"\r\n\r\n"


def sha256(octets: bytes) -> str:
    return f"sha256:{hashlib.sha256(octets).hexdigest()}"


def of_capture(path: str, second: int) -> str:
    """Return the fields that all records of one capture share."""
    return (
        f"WARC-Warcinfo-ID: {uuid('0')}\nWARC-Target-URI: {ROOT}/{path}\n"
        f"WARC-Date: 2026-03-04T05:06:0{second}.000000Z\n"
    )


RECORDS = {
    "info": record(
        "warcinfo",
        "0",
        f"WARC-Date: 2026-03-04T05:06:07.000000Z\nWARC-Filename: {STEM}.warc.gz\n"
        "Content-Type: application/warc-fields\n",
        b"software: archiver/0.1.0\r\nformat: WARC File Format 1.1\r\n",
    ),
    "ferry": record(
        "response",
        "1",
        f"{of_capture('ferry', 7)}WARC-IP-Address: 127.0.0.1\nWARC-Protocol: http/1.1\n"
        f"WARC-Concurrent-To: {uuid('2')}\nWARC-Payload-Digest: {FERRY}\n"
        "Content-Type: application/http;msgtype=response\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n19\r\n<p>The ferry is late.</p>\r\n0\r\n\r\n",
    ),
    "ferry request": record(
        "request",
        "2",
        f"{of_capture('ferry', 7)}WARC-IP-Address: 127.0.0.1\nWARC-Protocol: http/1.1\n"
        f"WARC-Concurrent-To: {uuid('1')}\nWARC-Payload-Digest: {NOTHING}\n"
        "Content-Type: application/http;msgtype=request\n",
        b"GET /ferry HTTP/1.1\r\nHost: quay.example\r\n\r\n",
    ),
    "crane": record(
        "response",
        "3",
        f"{of_capture('crane', 8)}WARC-Concurrent-To: {uuid('4')}\n"
        f"WARC-Payload-Digest: {GONE}\nContent-Type: application/http;msgtype=response\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nGone.",
    ),
    "crane request": record(
        "request",
        "4",
        f"{of_capture('crane', 8)}WARC-Concurrent-To: {uuid('3')}\n"
        f"WARC-Payload-Digest: {NOTHING}\nContent-Type: application/http;msgtype=request\n",
        b"GET /crane HTTP/1.1\r\nHost: quay.example\r\n\r\n",
    ),
    "page": record(
        "metadata",
        "5",
        f"{of_capture('ferry', 7)}WARC-Concurrent-To: {uuid('1')}\nWARC-Refers-To: {uuid('1')}\n"
        "Content-Type: application/warc-fields\n",
        b"hopsFromSeed: 1\r\n",
    ),
}

# Templates: {{ and }} stand for braces, the rest for where the records lie.
INDEX = f"""\
example,quay)/crane 20260304050608 {{{{"url": "{ROOT}/crane", "mime": "text/plain", \
"status": "404", "digest": "{GONE}", "length": "{{crane_length}}", \
"offset": "{{crane_offset}}", "filename": "{STEM}.warc.gz"}}}}
example,quay)/ferry 20260304050607 {{{{"url": "{ROOT}/ferry", "mime": "text/html", \
"status": "200", "digest": "{FERRY}", "length": "{{ferry_length}}", \
"offset": "{{ferry_offset}}", "filename": "{STEM}.warc.gz"}}}}
"""
PAGES = f"""\
{{{{"format": "json-pages-1.0", "id": "pages", "title": "All Pages", "hasText": true}}}}
{{{{"id": "{uuid("1")[10:-1]}", "url": "{ROOT}/ferry", "ts": "2026-03-04T05:06:07.000000Z"}}}}
"""
TEXTS = f"""\
{{{{"id": "{uuid("1")[10:-1]}", "url": "{ROOT}/ferry", "text": "The ferry is late.", \
"text_sha256": "{LATE}", "word_count": 4, "authors": [], "categories": [], "tags": [], \
"date": "2026-03-04T05:06:07.000000Z", "http_status": 200, \
"file_path": "archive/{STEM}.warc.gz", "warc_record_id": "{uuid("1")}", \
"warc_offset": {{ferry_offset}}, "warc_length": {{ferry_length}}, \
"payload_digest": "{FERRY}", "extractor": "hand", "extractor_version": "1", \
"extractor_config_hash": "0", "quality_mean_word_length": 3.75, \
"quality_alphabetic_word_fraction": 1.0, "quality_symbol_word_ratio": 0.0, \
"quality_ellipsis_line_fraction": 0.0, "quality_terminal_punctuation_fraction": 1.0, \
"quality_short_line_fraction": 1.0, "quality_duplicate_line_fraction": 0.0, \
"quality_replacement_count": 0}}}}
"""
MANIFEST = {
    "format": "archiver-manifest",
    "version": 1,
    "stem": STEM,
    "collection": "quay",
    "crawl": "20260304050607-article.json",
    "software": "archiver/0.1.0",
    "sealed_at": "2026-03-04T05:07:00.000000Z",
    "record_counts": {"metadata": 1, "request": 2, "response": 2, "warcinfo": 1},
    "page_count": 1,
    "text_count": 1,
    "first_date": "2026-03-04T05:06:07.000000Z",
    "last_date": "2026-03-04T05:06:08.000000Z",
}


def _spoilt(part: str, octets: bytes, spoils: Iterable[Spoil]) -> bytes:
    for spoil in spoils:
        if spoil.part == part:
            octets = spoil.applied(octets)
    return octets


def _long(text: str) -> bytes:
    for long, short in _SHORT.items():
        text = text if "/" in long else text.replace(short, long)
    return re.sub(r"<(\w)>", lambda match: uuid(match[1]), text).encode()


def _places(members: dict[str, bytes]) -> dict[str, int]:
    """Return the offset and the length of each response's member."""
    names = list(members)
    return {
        f"{name}_{what}": value
        for name in ("ferry", "crane")
        for what, value in (
            ("offset", sum(len(members[before]) for before in names[: names.index(name)])),
            ("length", len(members[name])),
        )
    }


_SHORT = {
    f"quay/archive/{STEM}.warc.gz": "WARC",
    f"quay/indexes/{STEM}.cdxj": "INDEX",
    f"quay/pages/{STEM}.jsonl": "PAGES",
    f"quay/text/{STEM}.jsonl.gz": "TEXTS",
    f"quay/manifests/{STEM}.json": "MANIFEST",
    STEM: "STEM",
    FERRY: "FERRY",
    GONE: "GONE",
    LATE: "LATE",
    "00000000-0000-4000-8000-00000000000": "~",
}
