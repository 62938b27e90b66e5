"""What a list of pages, made from a WARC of ours alone, says of those that are reserved."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest

from archiver.capture import Capture, HostRights, Location, Page
from archiver.records import Record, page_metadata, records_of, warcinfo
from archiver.sources.documents import declared_lines
from archiver.tape import Tape

MOMENT = datetime(2026, 5, 3, tzinfo=UTC)
INFO_ID = "<urn:uuid:00000000-0000-4000-8000-000000000009>"
PAGE_ID = "<urn:uuid:00000000-0000-4000-8000-000000000001>"
HTML = b"<html><head><title>Ferry</title></head><body><p>The ferry is back.</p></body></html>"


def warc(rights: HostRights | None, *, is_respected: bool) -> bytes:
    """Return a WARC with one page, of whose host *rights* are known."""
    capture = Capture(
        target="http://example.org/ferry",
        captured_at=MOMENT,
        request=b"GET /ferry HTTP/1.1\r\n\r\n",
        response=Tape.of(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML),
        request_id="<urn:uuid:00000000-0000-4000-8000-000000000002>",
        response_id=PAGE_ID,
    )
    page = Page(
        target=capture.target,
        captured_at=MOMENT,
        record_id=PAGE_ID,
        location=Location(filename="a.warc", offset=0, length=0),
        collection="news",
        rights=rights,
        is_rights_respected=is_respected,
    )
    ours = {"software": "archiver/0.1.0"}
    first = warcinfo(ours, record_id=INFO_ID, filename="a.warc", written_at=MOMENT)
    declaration = page_metadata(page, record_id="<urn:uuid:3>", warcinfo_id=INFO_ID)
    records = (first, *records_of(capture, warcinfo_id=INFO_ID), declaration)
    return b"".join(map(octets_of, records))


def octets_of(record: Record) -> bytes:
    return record.header() + record.block.read() + b"\r\n\r\n"


CASES = [
    (None, True, "Ferry"),
    (HostRights(ai_txt_allowed=False), False, "Ferry"),
    (HostRights(ai_txt_allowed=False), True, None),
    (HostRights(tdm_reservation=1), True, None),
]


@pytest.mark.parametrize(("rights", "is_respected", "title"), CASES)
def test_a_reserved_page_is_listed_without_a_word_of_it(
    rights: HostRights | None, is_respected: bool, title: str | None
) -> None:
    octets = warc(rights, is_respected=is_respected)

    (line,) = declared_lines(lambda: io.BytesIO(octets), "a.warc")

    page = json.loads(line)
    assert page["url"] == "http://example.org/ferry"
    assert (page.get("title"), "text" in page) == (title, title is not None)
