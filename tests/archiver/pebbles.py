"""WARC files made of a few records each, as a test wants them, and read as a source."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from archiver.answers.answer import Answer
from archiver.answers.choice import Answers
from archiver.answers.spans import span_of
from archiver.sources import open_source

BASE = "http://shore.test"
OURS = b"software: archiver/0.1.0\r\nisPartOf: pebbles\r\n"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_NUMBERS = count(1)


def an_id() -> str:
    """Return a WARC-Record-ID that no other record has."""
    return f"<urn:uuid:00000000-0000-4000-8000-{next(_NUMBERS):012}>"


def record(kind: str, block: bytes, **fields: str | None) -> bytes:
    """Return a record; an underscore in a field's name stands for a hyphen, None for no field."""
    given = {"WARC-Record-ID": an_id(), **{n.replace("_", "-"): v for n, v in fields.items()}}
    lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
    head = [f"WARC/1.1\r\nWARC-Type: {kind}", *lines, f"Content-Length: {len(block)}", "", ""]
    return gzip.compress("\r\n".join(head).encode() + block + b"\r\n\r\n", mtime=0)


def warcinfo(block: bytes = OURS) -> bytes:
    """Return the record that a WARC begins with."""
    return record("warcinfo", block, Content_Type="application/warc-fields")


def http(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    """Return an HTTP response."""
    lines = ["Content-Type: text/html", *fields, f"Content-Length: {len(body)}"]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode("latin-1") + body


def response(
    path: str, block: bytes, date: str = "2026-03-01T10:00:00Z", **fields: str | None
) -> bytes:
    """Return a response record; *path* may be a whole URL."""
    given: dict[str, str | None] = {
        "WARC_Target_URI": url_of(path),
        "WARC_Date": date,
        "Content_Type": "application/http; msgtype=response",
        **fields,
    }
    return record("response", block, **given)


def asked_and_answered(
    method: str, path: str, body: bytes, block: bytes, date: str = "2026-03-01T10:00:00Z"
) -> bytes:
    """Return a response record, and that of its request behind it."""
    response_id, request_id = an_id(), an_id()
    common: dict[str, str | None] = {"WARC_Target_URI": url_of(path), "WARC_Date": date}
    request = f"{method} {path} HTTP/1.1\r\nHost: shore.test\r\n\r\n".encode() + body
    return response(
        path, block, date, WARC_Record_ID=response_id, WARC_Concurrent_To=request_id
    ) + record(
        "request",
        request,
        WARC_Record_ID=request_id,
        WARC_Concurrent_To=response_id,
        Content_Type="application/http; msgtype=request",
        **common,
    )


def url_of(path: str) -> str:
    """Return the URL of *path* on the shore, or *path* itself if it is one."""
    return path if ":" in path else BASE + path


@contextmanager
def answers(folder: Path, *records: bytes, date: str | None = None) -> Iterator[Answers]:
    """Open what answers from a WARC of *records*, the first of which is a warcinfo of ours."""
    path = folder / "pebbles.warc.gz"
    path.write_bytes(b"".join([warcinfo(), *records]))
    with open_source([path], complain=fail) as source:
        yield Answers(source, span_of(date, "-a date") if date is not None else None)


def fail(sentence: str) -> None:
    """Have the test fail that did not expect *sentence*."""
    raise AssertionError(sentence)


def payload_of(answer: Answer) -> bytes:
    """Read *answer* to its end, and close it."""
    pieces = []
    while some := answer.read(10):
        pieces += some
    answer.close()
    return b"".join(pieces)
