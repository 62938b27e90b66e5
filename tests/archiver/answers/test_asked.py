"""Captures chosen by what they were the answer to: method and body."""

from __future__ import annotations

import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from archiver.answers.choice import Answers, NotArchived
from archiver.sources import open_source
from tests.archiver.pebbles import (
    BASE,
    answers,
    asked_and_answered,
    fail,
    http,
    payload_of,
    record,
    response,
    url_of,
)

EARLY, LATE = "2026-03-01T10:00:00Z", "2026-05-01T10:00:00Z"


def posted(folder: Path, method: str, path: str, body: bytes, *records: bytes) -> bytes:
    """Return the payload that answers *method* with *body*."""
    with answers(folder, *records) as asked:
        return payload_of(asked.answer(method, url_of(path), body))


FORM = [
    asked_and_answered("POST", "/find", b"q=1", http(b"one")),
    asked_and_answered("POST", "/find", b"q=2", http(b"two"), LATE),
    asked_and_answered("GET", "/find", b"", http(b"form")),
    asked_and_answered("HEAD", "/find", b"", http(b"")),
]


@pytest.mark.parametrize(
    ("method", "body", "payload"),
    [
        ("POST", b"q=1", b"one"),
        ("POST", b"q=2", b"two"),
        ("GET", b"", b"form"),
        ("get", b"", b"form"),
        ("HEAD", b"", b""),
    ],
)
def test_method_and_body_choose_among_the_captures_of_a_url(
    tmp_path: Path, method: str, body: bytes, payload: bytes
) -> None:
    assert posted(tmp_path, method, "/find", body, *FORM) == payload


@pytest.mark.parametrize(
    ("method", "body", "sentence"),
    [
        ("POST", b"q=3", "no answer to POST http://shore.test/find with this body is archived"),
        ("PUT", b"", "no answer to PUT http://shore.test/find is archived"),
    ],
)
def test_another_body_or_method_has_no_answer(
    tmp_path: Path, method: str, body: bytes, sentence: str
) -> None:
    with pytest.raises(NotArchived, match=f"^{sentence}$"):
        posted(tmp_path, method, "/find", body, *FORM)


def test_what_answered_a_post_is_no_answer_to_a_get(tmp_path: Path) -> None:
    with pytest.raises(NotArchived):
        posted(tmp_path, "GET", "/find", b"", FORM[0])


PLAIN = response("/a", http(b"plain"))


def test_where_no_request_is_archived_a_capture_answers_a_get(tmp_path: Path) -> None:
    assert posted(tmp_path, "GET", "/a", b"", PLAIN) == b"plain"

    with pytest.raises(NotArchived):
        posted(tmp_path, "POST", "/a", b"q=1", PLAIN)


def test_where_the_body_that_was_sent_is_unknown_the_method_has_to_do(tmp_path: Path) -> None:
    # As wget writes it: the request before the response. The index knows its method.
    request = record(
        "request",
        b"POST /find HTTP/1.1\r\n\r\nq=1",
        WARC_Target_URI=f"{BASE}/find",
        WARC_Date=EARLY,
        Content_Type="application/http; msgtype=request",
    )

    one = [request, response("/find", http(b"one"), EARLY)]

    assert posted(tmp_path, "POST", "/find", b"q=9", *one) == b"one"
    with pytest.raises(NotArchived):
        posted(tmp_path, "GET", "/find", b"", *one)


def test_a_capture_that_is_named_answers_whatever_was_asked(tmp_path: Path) -> None:
    with answers(tmp_path, *FORM) as asked:
        entries = sorted(
            asked.source.index().captures(f"{BASE}/find"), key=lambda e: e.location.offset
        )
        payloads = [payload_of(asked.at(entry)) for entry in entries]

    assert payloads == [b"one", b"two", b"form", b""]


def test_a_form_is_found_where_other_indexes_file_it(tmp_path: Path) -> None:
    # pywb and browsertrix put the fields into the key, and the method beside the URL.
    octets = response("/find", http(b"one"), EARLY)
    key = "test,shore)/find?__wb_method=post&q=one+two"
    fields = {
        "url": f"{BASE}/find", "mime": "text/html", "status": "200", "method": "POST",
        "offset": "0", "length": str(len(octets)), "filename": "data.warc.gz",
    }  # fmt: skip
    path = tmp_path / "theirs.wacz"
    with ZipFile(path, "w") as wacz:
        wacz.writestr("archive/data.warc.gz", octets)
        wacz.writestr("indexes/index.cdxj", f"{key} 20260301100000 {json.dumps(fields)}\n")
        wacz.writestr("pages/pages.jsonl", "")

    with open_source([path], complain=fail) as source:
        payload = payload_of(Answers(source).answer("POST", f"{BASE}/find", b"q=one+two"))

    assert payload == b"one"
