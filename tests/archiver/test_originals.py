"""Pages whose payload lies in another record, read back from WARCs of ours alone."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.capture import Capture, Location, Original, Page
from archiver.demo.articles import read_articles
from archiver.demo.site import build_site
from archiver.records import page_metadata, records_of, warcinfo
from archiver.reextraction import Tally, extract_all
from archiver.tape import Tape
from archiver.warc import WarcWriter
from archiver.warcfiles import find_warcs

BASE = "http://127.0.0.1:8000"
ARTICLE = read_articles()[0]
HTML = build_site(BASE)[ARTICLE.path].body
INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
FIRST = Capture(
    target=f"{BASE}{ARTICLE.path}",
    captured_at=datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC),
    request=b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
    response=Tape.of(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML),
    request_id="<urn:uuid:00000000-0000-4000-8000-000000000002>",
    response_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
)
SECOND = replace(
    FIRST,
    captured_at=datetime(2026, 3, 11, 5, 6, 7, tzinfo=UTC),
    response=Tape.of(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    request_id="<urn:uuid:00000000-0000-4000-8000-000000000004>",
    response_id="<urn:uuid:00000000-0000-4000-8000-000000000003>",
)


def write(path: Path, capture: Capture, original: Original | None, *, is_page: bool) -> Original:
    """Write a WARC of *capture*; return what a revisit of its response refers to."""
    writer = WarcWriter(path, path.name)
    fields = {"software": "archiver/0.1.0"}
    writer.write(
        warcinfo(fields, record_id=INFO_ID, filename=path.name, written_at=FIRST.captured_at)
    )
    records = records_of(capture, warcinfo_id=INFO_ID, unchanged=original)
    location = writer.write_all(records)[0]
    if is_page:
        page = page_at(capture, location)
        writer.write(page_metadata(page, record_id=INFO_ID[:-2] + "8>", warcinfo_id=INFO_ID))
    writer.close()
    return Original(
        record_id=capture.response_id,
        target=capture.target,
        date=records[0].get("WARC-Date") or "",
        payload_digest=records[0].get("WARC-Payload-Digest") or "",
        location=location,
        status=200,
    )


def page_at(capture: Capture, location: Location) -> Page:
    return Page(
        target=capture.target,
        captured_at=capture.captured_at,
        record_id=capture.response_id,
        location=location,
        collection=None,
    )


def extracted(folder: Path, *warcs: Path) -> tuple[Tally, list[str]]:
    complaints: list[str] = []
    tally = extract_all(find_warcs(warcs), folder / "out", workers=0, complain=complaints.append)
    return tally, complaints


def texts_in(path: Path) -> list[dict[str, Any]]:  # Any: it is JSON
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def test_the_page_of_a_revisit_is_read_where_its_payload_lies(tmp_path: Path) -> None:
    original = write(tmp_path / "a.warc.gz", FIRST, None, is_page=True)
    write(tmp_path / "b.warc.gz", SECOND, original, is_page=True)

    result = extracted(tmp_path, tmp_path)

    assert result == (Tally(warcs=2, pages=2, texts=2), [])
    (first,), (second,) = (texts_in(tmp_path / f"out/{name}.jsonl.gz") for name in "ab")
    assert second["text"] == first["text"]
    assert second["warc_record_id"] == SECOND.response_id
    assert (second["date"], second["http_status"]) == ("2026-03-11T05:06:07.000000Z", 200)


def test_a_payload_in_a_warc_that_was_not_given_is_missed(tmp_path: Path) -> None:
    original = write(tmp_path / "a.warc.gz", FIRST, None, is_page=True)
    write(tmp_path / "b.warc.gz", SECOND, original, is_page=True)

    result = extracted(tmp_path, tmp_path / "b.warc.gz")

    assert result == (
        Tally(warcs=1, pages=1, failed=1),
        [
            f"{FIRST.response_id}, to which another record refers, is in none of the WARCs given: "
            "give all of its collection"
        ],
    )


@pytest.mark.parametrize("octets", [b"no WARC", b"\x28\xb5\x2f\xfd"], ids=["damaged", "foreign"])
def test_a_file_that_cannot_be_read_costs_no_other_its_payloads(
    octets: bytes, tmp_path: Path
) -> None:
    (tmp_path / "0.warc.gz").write_bytes(octets)
    original = write(tmp_path / "a.warc.gz", FIRST, None, is_page=False)
    write(tmp_path / "b.warc.gz", SECOND, original, is_page=True)

    tally, complaints = extracted(tmp_path, tmp_path)

    assert (tally.texts, tally.failed, len(complaints)) == (1, 0, 1)
