from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path

import pytest

from archiver.check import check_path
from archiver.sources import Member
from tests.archiver.quay import RECORDS, stored
from tests.archiver.sources.crates import HTML, Told, capture, pages, urls, warc, written

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ARC = (
    b"filedesc://quay.arc 0.0.0.0 20260304050607 text/plain 73\n"
    b"1 0 hand\nURL IP-address Archive-date Content-type Archive-length\n12345678\n"
    b"\nhttp://quay.example/ferry 192.0.2.1 20260304050607 text/html %d\n%b\n"
)


@pytest.fixture
def told() -> Told:
    return Told()


def the_member(told: Told, path: Path) -> tuple[Member, bytes]:
    """Return the one member of the source at *path*, and its octets."""
    with told.opened(path) as source:
        (member,) = source.members.values()
        with member.open() as file:
            return member, file.read()


def test_a_warc_is_its_own_member_with_its_hash(tmp_path: Path, told: Told) -> None:
    octets = warc("crane", "ferry")

    member, found = the_member(told, written(tmp_path, "quay.warc.gz", octets))

    assert found == octets
    assert (member.filename, member.size) == ("quay.warc.gz", len(octets))
    assert member.sha256 == hashlib.sha256(octets).hexdigest()
    assert told == []


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("quay.warc.gz", warc("ferry", "crane")),
        ("quay.warc", capture("ferry") + capture("crane")),
        ("quay.warc.gz.open", warc("ferry", "crane")),
        ("misnamed.txt", warc("ferry", "crane")),
        ("one-member.warc.gz", gzip.compress(capture("ferry") + capture("crane"))),
        ("two-members.warc.gz", warc("ferry") + gzip.compress(capture("crane") + capture("mast"))),
        ("quay.warc.zst", zstd.compress(capture("ferry")) + zstd.compress(capture("crane"))),
    ],
)
def test_every_record_of_a_file_can_be_read_by_its_place(
    name: str, octets: bytes, tmp_path: Path, told: Told
) -> None:
    with told.opened(written(tmp_path, name, octets)) as source:
        assert urls(source)[:2] == ["crane", "ferry"]
        assert told == []


def test_records_that_share_a_gzip_member_are_copied_octet_for_octet(
    tmp_path: Path, told: Told
) -> None:
    octets = capture("ferry") + capture("crane")

    member, found = the_member(told, written(tmp_path, "x.warc.gz", gzip.compress(octets)))

    assert gzip.decompress(found) == octets
    assert member.filename == "x.warc.gz"
    assert member.sha256 == hashlib.sha256(found).hexdigest()


def test_the_copy_of_an_arc_has_no_field_where_it_does_not_belong(
    tmp_path: Path, told: Told
) -> None:
    _, found = the_member(told, written(tmp_path, "quay.arc", ARC % (len(HTML), HTML)))
    copy = written(tmp_path, "copy.warc.gz", found)

    assert [fault for fault in check_path(copy) if fault.kind == "misplaced-field"] == []


@pytest.mark.parametrize("pack", [bytes, gzip.compress, stored])
def test_an_arc_is_read_as_the_warc_that_says_the_same(
    pack: type[bytes], tmp_path: Path, told: Told
) -> None:
    path = written(tmp_path, "quay.arc", pack(ARC % (len(HTML), HTML)))

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]
        assert [page["title"] for page in pages(source)] == ["The ferry"]
        (entry,) = source.index().captures("http://quay.example/ferry")
        with source.record(entry.location) as record:
            assert record.version == "1.1"
            assert record.type == "response"
            assert record.get("WARC-IP-Address") == "192.0.2.1"
            assert record.read(1 << 20) == HTML
            assert record.faults == []
        assert list(source.members) == ["quay.warc.gz"]


# Pages


def test_the_pages_of_a_foreign_warc_are_its_html_documents_with_title_and_text(
    tmp_path: Path, told: Told
) -> None:
    octets = b"".join(
        [
            capture("ferry"),
            capture("gone", HTML.replace(b"200 OK", b"404 Not Found")),
            capture("mast.css", HTML.replace(b"text/html", b"text/css")),
            capture("again", HTML[:-49], kind="revisit"),
        ]
    )

    with told.opened(written(tmp_path, "x.warc", octets)) as source:
        assert pages(source) == [
            {
                "id": "00000000-0000-1000-8000-001427077207",
                "url": "http://quay.example/ferry",
                "ts": "2026-03-04T05:06:07Z",
                "title": "The ferry",
                "text": "It is late.",
            }
        ]


@pytest.mark.parametrize(
    ("date", "ts"),
    [
        ("2026-03-04T05:06:07.123456789Z", "2026-03-04T05:06:07.123456789Z"),
        ("2026-03", "2026-03-01T00:00:00Z"),
    ],
)
def test_a_page_has_the_moment_of_its_capture_however_precise(
    date: str, ts: str, tmp_path: Path, told: Told
) -> None:
    octets = capture("ferry").replace(b"2026-03-04T05:06:07Z", date.encode())

    with told.opened(written(tmp_path, "x.warc", octets)) as source:
        assert [page["ts"] for page in pages(source)] == [ts]


def test_a_document_without_a_record_id_is_a_page_all_the_same(tmp_path: Path, told: Told) -> None:
    octets = capture("ferry").replace(b"WARC-Record-ID", b"X-Record-ID")

    with told.opened(written(tmp_path, "x.warc", octets)) as source:
        (page,) = pages(source)
    with told.opened(tmp_path / "x.warc") as again:
        assert [page] == pages(again)


def test_the_pages_of_a_warc_of_ours_are_those_that_it_declares(
    tmp_path: Path, told: Told
) -> None:
    other = (
        RECORDS["crane"]
        .replace(b"404 Not Found", b"200 OK       ")
        .replace(b"text/plain", b"text/html ")
    )
    octets = b"".join({**RECORDS, "crane": other}.values())

    with told.opened(written(tmp_path, "x.warc", octets)) as source:
        assert pages(source) == [
            {
                "id": "00000000-0000-4000-8000-000000000001",
                "url": "http://quay.example/ferry",
                "ts": "2026-03-04T05:06:07.000000Z",
                "text": "The ferry is late.",
            }
        ]


# Methods


GET = b"GET /ferry HTTP/1.1\r\n\r\n"
POST = b"POST /ferry HTTP/1.1\r\n\r\na=b"


@pytest.mark.parametrize(
    ("records", "more"),
    [
        ([capture("ferry")], {}),
        ([capture("ferry"), capture("ferry", GET, kind="request")], {}),
        ([capture("ferry"), capture("ferry", POST, kind="request")], {"method": "POST"}),
        ([capture("ferry", POST, kind="request"), capture("ferry")], {"method": "POST"}),
        ([capture("crane", POST, kind="request"), capture("ferry")], {}),
    ],
)
def test_a_line_says_what_method_its_response_answers_if_that_is_not_get(
    records: list[bytes], more: dict[str, str], tmp_path: Path, told: Told
) -> None:
    with told.opened(written(tmp_path, "x.warc", b"".join(records))) as source:
        (entry,) = source.index().captures("http://quay.example/ferry")
        assert entry.extra == more
