from __future__ import annotations

import io

import pytest

from archiver.errors import DamagedRecord
from archiver.indexing import Indexed, index_records
from tests.archiver.quay import foreign, stored

HTTP = "Content-Type: application/http;msgtype=response\n"
DIGEST = "WARC-Payload-Digest: sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N\n"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Late.</p>"

LINE = (
    b'example,quay)/ 20260304050607 {"url": "http://quay.example/", "mime": "text/html", '
    b'"status": "200", "digest": "sha1:VL2MMHO4YXUKFWV63YHTWSBM3GXKSQ2N", '
    b'"length": "%d", "offset": "0", "filename": "x"}\n'
)


def indexed(octets: bytes, most: int = 0) -> list[Indexed]:
    return list(index_records(io.BytesIO(octets), "x", most=most))


def lines_of(octets: bytes) -> list[bytes]:
    return [found.line for found in indexed(octets) if found.line is not None]


def test_a_response_in_gzip_has_the_line_of_its_member() -> None:
    member = stored(foreign("response", HTTP + DIGEST, PAGE))

    assert lines_of(member) == [LINE % len(member)]


def test_in_an_uncompressed_file_the_line_ends_after_a_record_do_not_count() -> None:
    record = foreign("response", HTTP + DIGEST, PAGE)

    assert lines_of(record) == [LINE % (len(record) - 4)]


@pytest.mark.parametrize("blanks", [b"", b"\r\n", b"\r\n\r\n"])
def test_blank_lines_before_an_uncompressed_file_change_nothing_but_places(blanks: bytes) -> None:
    record = foreign("response", HTTP + DIGEST, PAGE)

    (found,) = indexed(blanks + record)

    assert found.entry is not None
    assert found.entry.location.offset == len(blanks)
    assert found.entry.location.length == len(record) - 4


@pytest.mark.parametrize(
    ("kind", "fields", "block", "digest"),
    [
        ("response", HTTP, PAGE, "sha1:WBNJE6IM77TYSHMI7OWLQA5JQAOTQJH2"),
        ("resource", "X: y\n", b"Late.", "sha1:HYOUQSPQNH5IGDN7ZM6D763IXPAITCWO"),
        ("revisit", HTTP, PAGE[:-12], None),
    ],
)  # fmt: skip
def test_a_payload_without_a_digest_is_given_one_but_that_of_a_revisit(
    kind: str, fields: str, block: bytes, digest: str | None
) -> None:
    (found,) = indexed(foreign(kind, fields, block))

    assert found.entry is not None
    assert found.entry.digest == digest


def test_a_target_with_blanks_is_escaped() -> None:
    record = foreign("resource", "", b"").replace(b"quay.example/", b"quay.example/a b")

    (found,) = indexed(record)

    assert found.entry is not None
    assert found.entry.url == "http://quay.example/a%20b"


def test_a_request_and_a_warcinfo_have_no_line_but_the_beginning_of_their_blocks() -> None:
    found = indexed(foreign("warcinfo", "", b"a: b") + foreign("request", "", b"GET / HTTP/1.1"))

    assert [(one.line, one.beginning) for one in found] == [
        (None, b"a: b"),
        (None, b"GET / HTTP/1.1"),
    ]


@pytest.mark.parametrize(
    ("field", "other", "problem"),
    [
        (b"WARC-Date: 2026", b"WARC-Date: soon", "WARC-Date is "),
        (b"WARC-Target-URI", b"X-Target-URI", "a response without WARC-Target-URI"),
        (b"http://quay.example/", b"-", "no index can list it, url, "),
    ],
)
def test_a_record_that_no_index_can_list_does_not_cost_the_next(
    field: bytes, other: bytes, problem: str
) -> None:
    record = foreign("response", HTTP + DIGEST, PAGE)

    first, second = indexed(record.replace(field, other) + record)

    assert first.line is None
    assert first.damage is not None
    assert first.damage.problem.startswith(problem)
    assert second.line is not None


def test_what_comes_before_damage_is_given() -> None:
    found = index_records(io.BytesIO(stored(foreign("response", HTTP, PAGE)) + b"x"), "x")

    assert next(found).line is not None
    with pytest.raises(DamagedRecord):
        next(found)


@pytest.mark.parametrize(("most", "kept"), [(0, 8 << 10), (10_000, 10_000), (1 << 20, 50_071)])
def test_no_more_of_a_document_is_kept_than_asked_for(most: int, kept: int) -> None:
    (found,) = indexed(foreign("response", HTTP, PAGE + bytes(50_000)), most)

    assert len(found.beginning) == kept


def test_a_head_that_is_longer_than_most_is_read_whole() -> None:
    long = PAGE.replace(b"\r\n\r\n", b"\r\nX: " + b"x" * 20_000 + b"\r\n\r\n")

    (found,) = indexed(foreign("response", HTTP, long))

    assert found.entry is not None
    assert (found.entry.status, found.entry.mime) == (200, "text/html")


def test_what_is_read_octet_by_octet_gives_the_same() -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(1)

    member = stored(foreign("response", HTTP + DIGEST, PAGE))

    (found,) = index_records(Trickle(member), "x")

    assert found.line == LINE % len(member)
