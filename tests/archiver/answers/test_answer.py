"""What records hold, as the answer to a request."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archiver.answers.choice import Answers, NoHttp
from archiver.errors import DamagedRecord
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
    warcinfo,
)

EARLY, LATE = "2026-03-01T10:00:00Z", "2026-05-01T10:00:00Z"


def got(folder: Path, path: str, *records: bytes) -> bytes:
    """Return the payload that answers a GET of *path*."""
    with answers(folder, *records) as asked:
        return payload_of(asked.answer("GET", url_of(path)))


EDITIONS = [
    response("/a", http(b"may"), LATE),
    response("/a", http(b"march"), EARLY),
]
FORM = [
    asked_and_answered("POST", "/find", b"q=1", http(b"one")),
    asked_and_answered("POST", "/find", b"q=2", http(b"two"), LATE),
]


def test_a_resource_answers_as_if_given_away(tmp_path: Path) -> None:
    plain = record(
        "resource", b"some text", WARC_Target_URI=f"{BASE}/r", WARC_Date=EARLY,
        Content_Type="text/plain; charset=utf-8",
    )  # fmt: skip

    with answers(tmp_path, plain) as asked:
        answer = asked.answer("GET", f"{BASE}/r")
        payload = payload_of(answer)

    assert answer.head is not None
    assert (answer.head.status, answer.head.get(b"content-type"), payload) == (
        200, b"text/plain; charset=utf-8", b"some text",
    )  # fmt: skip


def test_an_arc_answers_too(tmp_path: Path) -> None:
    block = http(b"from an ARC")
    name = b"filedesc://a.arc 0.0.0.0 20050614000000 text/plain"
    version = b"1 0 Test\nURL IP-address Archive-date Content-type Archive-length\n"
    path = tmp_path / "a.arc"
    path.write_bytes(
        b"%s %d\n%s\n" % (name, len(version), version)
        + b"http://shore.test/arc 1.2.3.4 20050614000000 text/html %d\n%s\n" % (len(block), block)
    )

    with open_source([path], complain=fail) as source:
        answer = Answers(source).answer("GET", f"{BASE}/arc")
        payload = payload_of(answer)

    assert (payload, answer.ip_address, answer.is_ours) == (b"from an ARC", "1.2.3.4", False)


def test_a_plain_warc_answers_a_post(tmp_path: Path) -> None:
    path = tmp_path / "plain.warc"
    path.write_bytes(gzip.decompress(b"".join([warcinfo(), *FORM])))

    with open_source([path], complain=fail) as source:
        answer = Answers(source).answer("POST", f"{BASE}/find", b"q=2")
        payload = payload_of(answer)

    assert payload == b"two"


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("block", "payload", "is_unfinished", "is_broken"),
    [
        (CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", b"abc", False, False),
        (CHUNKED + b"3\r\nabc\r\n", b"abc", True, False),
        (CHUNKED + b"never chunked", b"never chunked", False, True),
        (http(b"abc").replace(b": 3", b": 9"), b"abc", True, False),
        (http(b"").replace(b": 0", b": 9"), b"", False, False),  # as HEAD is answered
        (b"HTTP/1.0 200 OK\n\nall", b"all", False, False),
    ],
)
def test_what_a_payload_is_framing_says(
    tmp_path: Path, block: bytes, payload: bytes, is_unfinished: bool, is_broken: bool
) -> None:
    with answers(tmp_path, response("/a", block)) as asked:
        answer = asked.answer("GET", f"{BASE}/a")
        found = payload_of(answer)

    assert (found, answer.is_unfinished, answer.reader.is_broken) == (
        payload, is_unfinished, is_broken,
    )  # fmt: skip


def test_what_is_no_http_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(NoHttp, match=r"^what is archived of .*/a is no HTTP$"):
        got(tmp_path, "/a", response("/a", b"220 shore ESMTP\r\n"))


def test_damage_is_told_with_its_place(tmp_path: Path) -> None:
    with answers(tmp_path, *EDITIONS) as asked:
        path = tmp_path / "pebbles.warc.gz"
        octets = bytearray(path.read_bytes())
        (entry,) = [
            e for e in asked.source.index().captures(f"{BASE}/a") if "202605" in e.timestamp
        ]
        octets[entry.location.offset + 60] ^= 0xFF
        path.write_bytes(octets)

        with pytest.raises(
            DamagedRecord, match=rf"^pebbles\.warc\.gz at {entry.location.offset}: "
        ):
            payload_of(asked.answer("GET", f"{BASE}/a"))


def test_the_block_is_at_hand_that_the_text_is_made_of(tmp_path: Path) -> None:
    with answers(tmp_path, response("/a", http(b"<p>Text"))) as asked:
        answer = asked.answer("GET", f"{BASE}/a")
        payload_of(answer)

    assert answer.block == http(b"<p>Text")


def test_of_what_is_no_html_no_block_is_held(tmp_path: Path) -> None:
    film = http(b"x" * 1_000_000).replace(b"text/html", b"video/mp4")

    with answers(tmp_path, response("/a", film)) as asked:
        answer = asked.answer("GET", f"{BASE}/a")
        payload_of(answer)

    assert answer.block == b""


def test_who_did_not_say_of_what_he_is_part_has_no_collection(tmp_path: Path) -> None:
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(warcinfo(b"software: other/1\r\n") + EDITIONS[0])

    with open_source([path], complain=fail) as source:
        answer = Answers(source).answer("GET", f"{BASE}/a")
        payload_of(answer)

    assert answer.is_ours is False
