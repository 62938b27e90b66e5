"""Stems in the making, as a crawl has them in hand, and what a kill leaves of them."""

from __future__ import annotations

from pathlib import Path

from archiver import __version__
from archiver.capture import Capture, Page, Truncation
from archiver.records import page_metadata, records_of, warcinfo
from archiver.stem import Stem
from archiver.tape import Tape
from tests.archiver.catch import MOMENT, text_of
from tests.archiver.crashing import CountingDisk

INFO_ID = "<urn:uuid:00000000-0000-4000-8000-999999999999>"
GET = b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"


def uuid(number: int, part: int = 1) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-{number:08x}{part:04x}>"


def nothing_is_done(record_id: str) -> int | None:
    return None


def begin(folder: Path, name: str = "x") -> Stem:
    """Return a stem with its warcinfo record."""
    stem = Stem.begun(name, folder, CountingDisk())
    fields = {"software": f"archiver/{__version__}", "isPartOf": "news"}
    stem.write(warcinfo(fields, record_id=INFO_ID, filename=stem.filename, written_at=MOMENT))
    return stem


def visit(
    stem: Stem, number: int, *, target: str = "", request: bytes = GET, response: bytes = ANSWER,
    truncated: Truncation | None = None,
) -> Page:  # fmt: skip
    """Write a capture and return the page that it may become."""
    capture = Capture(
        target=target or f"http://example.org/{number}",
        captured_at=MOMENT,
        request=request,
        response=Tape.of(response + b"Page %d." % number if response else b""),
        request_id=uuid(number, 2),
        response_id=uuid(number),
        truncated=truncated,
        failure=None if response else "no answer",
    )
    records = records_of(capture, warcinfo_id=INFO_ID)
    location = stem.write(*records)[0]
    return Page(
        target=capture.target,
        captured_at=MOMENT,
        record_id=capture.response_id,
        location=location,
        collection="news",
        payload_digest=records[0].get("WARC-Payload-Digest"),
        fetch_ms=0,
        charset="utf-8",
    )


def declare(stem: Stem, page: Page) -> None:
    number = int(page.record_id[-13:-5], 16)
    stem.declare(page, page_metadata(page, record_id=uuid(number, 3), warcinfo_id=INFO_ID))


def finish(stem: Stem, page: Page) -> None:
    declare(stem, page)
    stem.finish(page, text_of(page))


def left(folder: Path, name: str = "x") -> Path:
    """Leave a stem with two pages, the second of them unfinished; return its WARC."""
    stem = begin(folder, name)
    finish(stem, visit(stem, 1))
    declare(stem, visit(stem, 3))
    stem.close()
    return stem.warc_path


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
