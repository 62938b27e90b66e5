from __future__ import annotations

import io
import os
import pickle
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import BufferWARCWriter, WARCWriter

from archiver.capture import Location
from archiver.cdxj import (
    DamagedIndexLine,
    IndexEntry,
    is_indexed,
    make_line,
    merge_lines,
    parse_line,
    sort_lines,
)
from archiver.errors import DamagedRecord
from archiver.head import parse_head
from archiver.surt import Surt

with warnings.catch_warnings():
    # It imports surt, whose source holds escapes that Python warns about when it compiles.
    warnings.simplefilter("ignore")
    from cdxj_indexer import CDXJIndexer

SHA256 = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SHA1 = "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N"
HTTP = "application/http; msgtype=response"
FIELDS = "application/warc-fields"
LOCATION = Location(filename="a.warc.gz", offset=1234, length=567)


def line_of(
    *,
    type: str = "response",
    target: str = "https://www.example.org/a?b",
    date: str = "2026-01-31T23:59:58.123456Z",
    head: bytes | None = None,
    content_type: str | None = HTTP,
    digest: str | None = SHA1,
) -> bytes:
    return make_line(
        type=type, target=target, date=date, http_head=parse_head(head) if head else None,
        content_type=content_type, payload_digest=digest, location=LOCATION,
    )  # fmt: skip


PLACE = b'"length": "567", "offset": "1234", "filename": "a.warc.gz"}\n'
OPENING = b'org,example)/a?b 20260131235958 {"url": "https://www.example.org/a?b", '
REST = b'"digest": "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", ' + PLACE


@pytest.mark.parametrize(
    ("type", "content_type", "head", "line"),
    [
        ("response", HTTP, b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
         OPENING + b'"mime": "text/html", "status": "200", ' + REST),
        ("response", HTTP, b"HTTP/1.1 404\r\nContent-Type: text/html x\r\n\r\n",
         OPENING + b'"mime": "text/html", "status": "404", ' + REST),
        ("response", HTTP, b"HTTP/1.1 204 \r\n\r\n", OPENING + b'"status": "204", ' + REST),
        ("response", HTTP, None, OPENING + REST),
        ("response", HTTP, b"HTTP/1.1 200 OK\r\nContent-Type: t\xe9\r\n\r\n",
         OPENING + b'"mime": "t\\u00e9", "status": "200", ' + REST),
        ("response", HTTP, b"HTTP/1.1 200 OK\r\nContent-Type: t\xc3\xa9\r\n\r\n",
         OPENING + b'"mime": "t\\u00e9", "status": "200", ' + REST),
        ("revisit", HTTP, b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n",
         OPENING + b'"mime": "warc/revisit", "status": "200", ' + REST),
        ("revisit", None, None, OPENING + b'"mime": "warc/revisit", ' + REST),
        ("resource", "text/css; charset=utf-8", None, OPENING + b'"mime": "text/css", ' + REST),
        ("resource", None, None, OPENING + REST),
        ("metadata", "text/plain", None, OPENING + b'"mime": "text/plain", ' + REST),
    ],
)  # fmt: skip
def test_a_record_becomes_its_index_line(
    type: str, content_type: str | None, head: bytes | None, line: bytes
) -> None:
    assert line_of(type=type, content_type=content_type, head=head) == line


def test_a_record_without_a_payload_digest_has_a_line_without_one() -> None:
    assert line_of(digest=None) == OPENING + PLACE


def test_a_line_is_ascii_and_its_json_escaped_as_python_does() -> None:
    assert line_of(target='http://bücher.de/"é\\🎉') == (
        b'de,xn--bcher-kva)/"%c3%a9\\%f0%9f%8e%89 20260131235958 '
        b'{"url": "http://b\\u00fccher.de/\\"\\u00e9\\\\\\ud83c\\udf89", ' + REST
    )


@pytest.mark.parametrize(
    ("date", "timestamp"),
    [
        ("2026-01-31T23:59:58Z", b"20260131235958"),
        ("2026-01-31T23:59:58.999999999Z", b"20260131235958"),
        ("2026-01-31T23:59Z", b"20260131235900"),
        ("2026-02-28", b"20260228000000"),
        ("2026-02", b"20260201000000"),
        ("2026", b"20260101000000"),
    ],
)
def test_a_date_of_any_precision_becomes_the_earliest_timestamp_it_means(
    date: str, timestamp: bytes
) -> None:
    assert line_of(date=date).split(b" ")[1] == timestamp


@pytest.mark.parametrize(
    "date", ["", "yesterday", "2026-01-31T23:59:58", "2026-01-31T23:59:58+01:00", "20260131235958"]
)
def test_a_record_without_a_proper_date_is_damaged(date: str) -> None:
    with pytest.raises(DamagedRecord, match=r"^a\.warc\.gz at 1234: WARC-Date is ") as damage:
        line_of(date=date)
    assert damage.value.offset == 1234


@pytest.mark.parametrize(
    ("type", "content_type", "answer"),
    [
        ("response", HTTP, True),
        ("revisit", None, True),
        ("resource", "text/plain", True),
        ("resource", None, True),
        ("resource", FIELDS, False),
        ("metadata", "text/plain", True),
        ("metadata", FIELDS, False),
        ("request", "application/http; msgtype=request", False),
        ("warcinfo", FIELDS, False),
        ("conversion", "text/plain", False),
    ],
)
def test_only_what_can_be_replayed_gets_a_line(
    type: str, content_type: str | None, answer: bool
) -> None:
    assert is_indexed(type, content_type) is answer


# The judge: cdxj-indexer over WARC files that warcio wrote

ODD_HEADS = [
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-type:Text/HTML ;charset=x\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\tx\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: ;\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type:\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: image/gif, text/html\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: t\xe9xt/\xff\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: t\xc3\xa9xt\r\n\r\n",
    b'HTTP/1.1 200 OK\r\nContent-Type: "a\\b"\r\n\r\n',
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n",
    b"HTTP/1.1 301\r\nLocation: /\r\n\r\n",
    b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: a/b\r\n\r\n0\r\n\r\n",
]  # fmt: skip
TARGETS = [
    "https://www.example.org:443/b?z=1&a=2#c",
    "http://bücher.de/é\u2028🎉",
    'http://example.org/"quoted"\\',
    "http://example.org:port/",
    "http://[::1]:8080/",
]
# type, target, Content-Type, payload digest, block
OTHERS: list[tuple[str, str | None, str, str | None, bytes]] = [
    ("warcinfo", None, FIELDS, None, b"software: a\r\n"),
    ("request", "http://example.org/", "application/http; msgtype=request", SHA1,
     b"GET / HTTP/1.1\r\n\r\n"),
    ("response", "dns:example.org", "text/dns", SHA1, b"20260131235958\na. 1 IN A 192.0.2.1"),
    ("revisit", "http://example.org/", HTTP, SHA256, ODD_HEADS[0]),
    ("revisit", "http://example.org/", HTTP, None, b""),
    ("resource", "http://example.org/a.txt", "text/plain; charset=utf-8", SHA1, b"test"),
    ("resource", "urn:x:Fields", FIELDS, SHA1, b"a: b\r\n"),
    ("metadata", "urn:text:http://example.org/", "text/plain", SHA256, b"test"),
    ("metadata", "http://example.org/", FIELDS, None, b"via: http://example.com/\r\n"),
    ("conversion", "http://example.org/", "text/plain", SHA1, b"test"),
]  # fmt: skip


@pytest.fixture(params=["a.warc", "a.warc.gz"])
def warc(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    responses = [("response", "http://example.org/", HTTP, SHA1, head) for head in ODD_HEADS]
    odd = [("response", target, HTTP, SHA256, ODD_HEADS[0]) for target in TARGETS]
    path: Path = tmp_path / request.param
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz", warc_version="1.1")
        for type, target, content_type, digest, block in [*responses, *odd, *OTHERS]:
            fields = {"WARC-Date": "2026-01-31T23:59:58.123456Z"}
            fields |= {"WARC-Payload-Digest": digest} if digest else {}
            record = writer.create_warc_record(
                target, type, payload=io.BytesIO(block), length=len(block),
                warc_content_type=content_type, warc_headers_dict=fields,
            )  # fmt: skip
            writer.write_record(record)
    return path


def lines_of_the_judge(path: Path) -> list[bytes]:
    output = io.StringIO()
    judge = CDXJIndexer(output, [str(path)])
    # It makes this for a record that has no digest, and never closes it.
    judge.writer = BufferWARCWriter()
    with judge.writer.out:
        judge.process_all()
    return [line.encode() for line in output.getvalue().splitlines(keepends=True)]


def our_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        records = ArchiveIterator(file, no_record_parse=True)
        for record in records:
            block = record.raw_stream.read()
            field = record.rec_headers.get_header
            location = Location(
                filename=path.name,
                offset=records.get_record_offset(),
                length=records.get_record_length(),
            )
            if is_indexed(record.rec_type, field("Content-Type")):
                yield make_line(
                    type=record.rec_type,
                    target=field("WARC-Target-URI"),
                    date=field("WARC-Date"),
                    http_head=parse_head(block),
                    content_type=field("Content-Type"),
                    payload_digest=field("WARC-Payload-Digest"),
                    location=location,
                )


def test_every_line_is_the_one_that_cdxj_indexer_writes(warc: Path) -> None:
    assert list(our_lines(warc)) == lines_of_the_judge(warc)


def test_what_cdxj_indexer_writes_can_be_read(warc: Path) -> None:
    entries = [parse_line(line) for line in lines_of_the_judge(warc)]
    assert len(entries) == len(ODD_HEADS) + len(TARGETS) + 5
    assert {entry.location.filename for entry in entries} == {warc.name}


@pytest.mark.parametrize(
    "name",
    [
        "jwarc/cc.warc.gz",
        "py-wacz/example-collection.warc",
        "py-wacz/example-iana.warc",
        "warcio/example.warc.gz",
        "warcio/example-iana.org-chunked.warc",
        "warcio/example-resource.warc.gz",
        "warcio.js/example-url-agnostic-revisit.warc.gz",
        "warcio.js/redirect.warc",
        "warc-specifications/20141124-heritrix-server-not-modified.warc.gz",
        "warc-specifications/20141129-heritrix-original.warc.gz",
    ],
)
def test_other_peoples_archives_are_indexed_as_cdxj_indexer_does(shared: Path, name: str) -> None:
    path = shared / "corpus" / name
    assert list(our_lines(path)) == lines_of_the_judge(path)


# Reading, sorting and merging


def test_an_index_line_says_where_the_record_lies_and_what_it_is() -> None:
    entry = parse_line(OPENING + b'"mime": "text/html", "status": "200", "x": [1], ' + REST)
    assert entry == IndexEntry(
        surt=Surt("org,example)/a?b"),
        timestamp="20260131235958",
        url="https://www.example.org/a?b",
        mime="text/html",
        status=200,
        digest=SHA1,
        location=LOCATION,
        extra={"x": [1]},
    )


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_line_is_read_with_any_end_or_none(end: bytes) -> None:
    assert parse_line(OPENING + PLACE.rstrip() + end) == parse_line(OPENING + PLACE)


def test_numbers_may_stand_as_numbers() -> None:
    line = b'a)/ 20260131235958 {"url":"a","filename":"b","offset":1,"length":2,"status":3}'
    entry = parse_line(line)
    assert (entry.status, entry.location.offset, entry.location.length) == (3, 1, 2)


@pytest.mark.parametrize("value", [b'"-"', b'""', b"null"])
def test_what_an_older_index_marks_as_absent_is_absent(value: bytes) -> None:
    fields = b'"mime": %s, "status": %s, "digest": %s, ' % (value, value, value)
    entry = parse_line(OPENING + fields + PLACE)
    assert (entry.mime, entry.status, entry.digest) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"", "no key and 14-digit timestamp"),
        (b"\n", "no key and 14-digit timestamp"),
        (b"a)/ 2026 {}", "no key and 14-digit timestamp"),
        (b" 20260131235958 {}", "no key and 14-digit timestamp"),
        (b'!meta 0 {"format": "cdxj-gzip-1.0"}', "no key and 14-digit timestamp"),
        (b"a)/ 20260131235958 []", "no JSON object"),
        (b"a)/ 20260131235958 {}", "url, filename, offset or length is missing"),
        (OPENING + b'"length": "1", "offset": "x"}', "offset is 'x' where a number is expected"),
        (OPENING + b'"status": true, ' + PLACE, "status is True where a number is expected"),
        (OPENING + b'"status": 1.5, ' + PLACE, "status is 1.5 where a number is expected"),
        (OPENING + b'"status": "-1", ' + PLACE, "status is '-1' where a number is expected"),
        (OPENING + b'"mime": 5, ' + PLACE, "mime is 5 where text is expected"),
    ],
)
def test_a_broken_line_is_refused_and_shown(line: bytes, problem: str) -> None:
    with pytest.raises(DamagedIndexLine) as damage:
        parse_line(line)
    assert (damage.value.line, damage.value.problem) == (line, problem)


@pytest.mark.parametrize(
    "line",
    [b"a)/ 20260131235958 ", b"a)/ 20260131235958 {", b"\xff 20260131235958 {}",
     b"a)/ 20260131235958 {\xff}", b"a)/ 20260131235958 " + b"[" * 100_000],
)  # fmt: skip
def test_a_line_that_is_no_json_or_no_text_is_refused(line: bytes) -> None:
    with pytest.raises(DamagedIndexLine, match="make the index anew"):
        parse_line(line)


@pytest.mark.parametrize("length", range(len(OPENING + REST) - 1))
def test_a_line_cut_short_anywhere_is_never_taken_for_a_whole_one(length: int) -> None:
    with pytest.raises(DamagedIndexLine):
        parse_line((OPENING + REST)[:length])


def test_a_damaged_line_survives_the_way_between_processes() -> None:
    damage = DamagedIndexLine(b"a" * 200, "no JSON object")
    copy = pickle.loads(pickle.dumps(damage))
    assert (str(copy), copy.line) == (str(damage), b"a" * 200)
    assert len(str(copy)) < 200


@given(st.text(min_size=1), st.text(st.characters(codec="utf-8")), st.integers(0, 10**15))
def test_what_a_line_is_made_of_can_be_read_from_it(target: str, name: str, number: int) -> None:
    location = Location(filename=f"a{name}", offset=number, length=number)

    line = make_line(
        type="resource", target=f"http://a/{target}", date="2026-01-31T23:59:58Z", http_head=None,
        content_type="text/plain", payload_digest=SHA256, location=location,
    )  # fmt: skip

    entry = parse_line(line)
    assert (entry.url, entry.digest, entry.location) == (f"http://a/{target}", SHA256, location)
    assert line.index(b"\n") == len(line) - 1


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\n\r"), max_size=8)))
def test_lines_are_sorted_as_sort_does_under_the_c_locale(keys: list[str]) -> None:
    lines = [f"{key} 20260131235958 {{}}\n".encode() for key in keys]
    environment = {**os.environ, "LC_ALL": "C"}
    judged = subprocess.run(
        ["sort"], input=b"".join(lines), env=environment, capture_output=True, check=True
    )
    assert b"".join(sort_lines(lines)) == judged.stdout


@given(st.lists(st.lists(st.binary(max_size=4))))
def test_merged_indexes_are_one_sorted_index(indexes: list[list[bytes]]) -> None:
    merged = list(merge_lines(sort_lines(index) for index in indexes))
    assert merged == sort_lines(line for index in indexes for line in index)


def test_open_files_can_be_merged(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a)/ 1\nc)/ 1\n")
    (tmp_path / "b").write_bytes(b"a)/ 2\nb)/ 1\n")
    with (tmp_path / "a").open("rb") as one, (tmp_path / "b").open("rb") as other:
        assert b"".join(merge_lines([one, other])) == b"a)/ 1\na)/ 2\nb)/ 1\nc)/ 1\n"
