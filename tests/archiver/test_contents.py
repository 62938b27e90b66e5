"""What is remembered of a growing WARC: index lines, counts, first and last date."""

from __future__ import annotations

from archiver.capture import Location
from archiver.contents import Contents
from archiver.head import parse_head


def note(contents: Contents, type: str, **fields: str) -> None:
    """Note a record of *type* with *fields*, their names spelled with underscores."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    contents.note(
        type,
        named.get,
        target="http://example.org/story",
        http_head=parse_head(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
        location=Location(filename="x.warc.gz", offset=300, length=20),
    )


def test_of_nothing_nothing_is_remembered() -> None:
    contents = Contents()

    assert (contents.index, contents.counts) == ([], {})
    assert (contents.first_date, contents.last_date) == (None, None)


def test_a_response_has_a_line_in_the_index() -> None:
    contents = Contents()

    note(
        contents, "response", WARC_Date="2026-03-04T05:06:07.000008Z",
        Content_Type="application/http;msgtype=response", WARC_Payload_Digest="sha256:00",
    )  # fmt: skip

    assert contents.index == [
        b'org,example)/story 20260304050607 {"url": "http://example.org/story", '
        b'"mime": "text/html", "status": "200", "digest": "sha256:00", "length": "20", '
        b'"offset": "300", "filename": "x.warc.gz"}\n'
    ]


def test_records_are_counted_by_type_and_only_captures_are_indexed() -> None:
    contents = Contents()

    note(contents, "warcinfo")
    note(contents, "request", Content_Type="application/http;msgtype=request")
    note(contents, "request", Content_Type="application/http;msgtype=request")
    note(contents, "metadata", Content_Type="application/warc-fields")

    assert contents.counts == {"warcinfo": 1, "request": 2, "metadata": 1}
    assert contents.index == []


def test_dates_are_the_first_and_the_last_in_whatever_order() -> None:
    contents = Contents()

    note(contents, "metadata", WARC_Date="2026-03-04T05:06:08.000000Z")
    note(contents, "metadata", WARC_Date="2026-03-04T05:06:07.000001Z")
    note(contents, "metadata", WARC_Date="2026-03-04T05:06:09.000000Z")
    note(contents, "metadata", WARC_Date="2026-03-04T05:06:08.500000Z")

    assert contents.first_date == "2026-03-04T05:06:07.000001Z"
    assert contents.last_date == "2026-03-04T05:06:09.000000Z"


def test_the_date_of_warcinfo_is_not_that_of_a_capture() -> None:
    contents = Contents()

    note(contents, "warcinfo", WARC_Date="2026-03-04T05:06:07.000000Z")

    assert (contents.first_date, contents.last_date) == (None, None)
