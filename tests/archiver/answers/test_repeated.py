"""Revisits, and the originals that answer for them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.answers.choice import NotArchived
from archiver.capture import Page
from tests.archiver.pebbles import (
    BASE,
    IDENTICAL,
    NOT_MODIFIED,
    an_id,
    answers,
    http,
    payload_of,
    record,
    response,
    url_of,
)

EARLY, LATE = "2026-03-01T10:00:00Z", "2026-05-01T10:00:00Z"


def got(folder: Path, path: str, *records: bytes) -> bytes:
    """Return the payload that answers a GET of *path*."""
    with answers(folder, *records) as asked:
        return payload_of(asked.answer("GET", url_of(path)))


BODY = b"the same as ever"
ORIGINAL_ID = an_id()
ORIGINAL = response(
    "/a", http(BODY, "X-Visit: first"), EARLY, WARC_Record_ID=ORIGINAL_ID,
    WARC_Payload_Digest="sha256:aa",
)  # fmt: skip
REFERENCE: dict[str, str | None] = {
    "WARC_Refers_To": ORIGINAL_ID,
    "WARC_Refers_To_Target_URI": f"{BASE}/a",
    "WARC_Refers_To_Date": EARLY,
    "WARC_Payload_Digest": "sha256:aa",
}


def revisit(path: str = "/a", block: bytes | None = None, **fields: str | None) -> bytes:
    head = http(b"", "X-Visit: second").replace(b"Content-Length: 0", b"Content-Length: 16")
    given: dict[str, str | None] = {
        "WARC_Target_URI": url_of(path),
        "WARC_Date": LATE,
        "WARC_Profile": IDENTICAL,
        "Content_Type": "application/http; msgtype=response",
        **REFERENCE,
        **fields,
    }
    return record("revisit", head if block is None else block, **given)


def visited(folder: Path, path: str, *records: bytes) -> tuple[bytes | None, bytes, Page | None]:
    """Return which visit answers, its payload, and its page."""
    with answers(folder, *records) as asked:
        answer = asked.answer("GET", url_of(path))
        assert answer.head is not None
        page = None
        try:
            pieces = answer.read(1000)
            assert answer.read(1000) == []
            page = answer.page()
        finally:
            answer.close()
    return answer.head.get(b"X-Visit"), b"".join(pieces), page


@pytest.mark.parametrize(
    "repeated",
    [
        revisit(),
        revisit(WARC_Refers_To=None),
        revisit(WARC_Payload_Digest="sha1:OTHER"),
        revisit(WARC_Refers_To=None, WARC_Refers_To_Date=None, WARC_Refers_To_Target_URI=None),
        revisit(WARC_Refers_To=None, WARC_Payload_Digest=None),
    ],
    ids=["all", "no id", "other algorithm", "digest alone", "uri and date alone"],
)
def test_a_revisit_answers_with_its_head_and_the_payload_of_its_original(
    tmp_path: Path, repeated: bytes
) -> None:
    visit, payload, _ = visited(tmp_path, "/a", ORIGINAL, repeated)

    assert (visit, payload) == (b"second", BODY)


def test_a_revisit_of_another_url_finds_its_original_there(tmp_path: Path) -> None:
    visit, payload, page = visited(tmp_path, "/copy", ORIGINAL, revisit("/copy"))

    assert (visit, payload) == (b"second", BODY)
    assert page is not None
    assert (page.target, page.original) == (f"{BASE}/copy", ORIGINAL_ID)


def test_the_page_of_a_revisit_is_the_one_that_it_repeats(tmp_path: Path) -> None:
    _, _, page = visited(tmp_path, "/a", ORIGINAL, revisit())

    assert page is not None
    assert (page.record_id, page.original) == (ORIGINAL_ID, None)
    assert page.captured_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert page.collection == "pebbles"


@pytest.mark.parametrize("block", [b"", b"HTTP/1.1 304 Not Modified\r\nX-Visit: second\r\n\r\n"])
def test_what_was_not_modified_answers_as_it_did(tmp_path: Path, block: bytes) -> None:
    unchanged = revisit(block=block, WARC_Profile=NOT_MODIFIED)

    visit, payload, _ = visited(tmp_path, "/a", ORIGINAL, unchanged)

    assert (visit, payload) == (b"first", BODY)


def test_a_revisit_whose_original_is_elsewhere_is_a_miss_that_says_so(tmp_path: Path) -> None:
    other = response("/a", http(b"something else"), "2026-03-02T10:00:00Z")

    with pytest.raises(
        NotArchived,
        match=r"^pebbles\.warc\.gz at \d+: a revisit of http://shore\.test/a, whose original is "
        r"not there: give the archive that holds it too$",
    ):
        got(tmp_path, "/a", other, revisit())
