"""Archives of other makes, put together by hand: WARC files and the WACZ they lie in."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from zlib import crc32

from archiver.places import Place
from archiver.sources import Source, open_source
from tests.archiver.quay import foreign, stored

HTML = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    b"<title>The ferry</title><p>It is <b>la</b>te.</p>"
)
WARC_NAME = "archive/data.warc.gz"


def capture(path: str, block: bytes = HTML, *, kind: str = "response", fields: str = "") -> bytes:
    """Return a record of somebody else's for the quay's page *path*, with an id of its own."""
    record = foreign(kind, f"Content-Type: application/http\n{fields}", block)
    record = record.replace(b"0" * 12, b"%012d" % crc32(f"{kind} {path}".encode()))
    return record.replace(b"/quay.example/", b"/quay.example/" + path.encode())


def warc(*paths: str) -> bytes:
    """Return a gzipped WARC with a page at each of *paths*."""
    return b"".join(stored(capture(path)) for path in paths)


def line(path: str, offset: int, length: int, filename: str, **more: object) -> bytes:
    """Return an index line for the page *path*."""
    fields = {
        "url": f"http://quay.example/{path}",
        "mime": "text/html",
        "status": 200,
        "offset": offset,
        "length": length,
        "filename": filename,
        **more,
    }
    return f"example,quay)/{path} 20260304050607 {json.dumps(fields)}\n".encode()


def packed(path: Path, members: Mapping[str, bytes], *, is_deflated: bool = False) -> Path:
    """Write a ZIP with *members* to *path* and return it."""
    method = zipfile.ZIP_DEFLATED if is_deflated else zipfile.ZIP_STORED
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, octets in members.items():
            archive.writestr(name, octets)
    return path


def written(folder: Path, name: str, octets: bytes) -> Path:
    """Write *octets* to the file *name* of *folder*; return its path."""
    path = folder / name
    path.write_bytes(octets)
    return path


def wacz(path: Path, page: str = "ferry", more: Mapping[str, bytes] | None = None) -> Path:
    """Write a WACZ with one capture of the quay's *page*, and *more*, to *path*; return it."""
    member = warc(page)
    members = {
        WARC_NAME: member,
        "indexes/index.cdxj": line(page, 0, len(member), "data.warc.gz"),
        "pages/pages.jsonl": b'{"format": "json-pages-1.0", "id": "pages"}\n'
        b'{"id": "1", "url": "http://quay.example/%b", "ts": "2026-03-04T05:06:07Z"}\n'
        % page.encode(),
    }
    return packed(path, {**members, **(more or {})})


class Told(list[str]):
    """What a source complains of."""

    def opened(self, *places: Place) -> Source:
        return open_source(places, complain=self.append)


def urls(source: Source) -> list[str]:
    """Return the URLs in the index of *source*, each of which is there to be read."""
    found = []
    for line in source.index().lines():
        fields = json.loads(line.split(b" ", 2)[2])
        for entry in source.index().captures(fields["url"]):
            with source.record(entry.location) as record:
                assert record.target == entry.url
                assert b"".join(record.chunks())
        found.append(fields["url"].removeprefix("http://quay.example/"))
    return found


def pages(source: Source) -> list[dict[str, str]]:
    """Return the pages of *source*."""
    return [json.loads(line) for line in source.page_lines()]
