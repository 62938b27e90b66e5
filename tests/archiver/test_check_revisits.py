"""Revisits are proved: what they say of themselves, and of the response that they refer to."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from archiver.check import run_check
from tests.archiver.moorings import (
    FIRST,
    HEAD,
    RECORDS,
    SECOND,
    Spoil,
    found,
    moor,
    request,
    response,
    revisit_of,
    unseal,
)

REFERS = "WARC-Refers-To: <urn:uuid:00000000-0000-4000-8000-000000000001>"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

UNFINISHED = ("note unfinished", "its crawl is running still, or was killed", "")
TORN = (
    "note torn",
    "the end of a file that a killed crawl had left half written, cut off and kept",
    "",
)


def test_sound_revisits_have_nothing_to_tell(tmp_path: Path) -> None:
    assert found(moor(tmp_path)) == []


SPOILT = {
    "another profile": (
        Spoil("repeated", "/1.1/revisit/identical", "/1.0/revisit/identical"),
        [
            (
                "fault revisit",
                "WARC-Profile is "
                "'http://netpreserve.org/warc/1.0/revisit/identical-payload-digest'",
                f"{IDENTICAL} or {NOT_MODIFIED}",
            )
        ],
    ),
    "no profile": (
        Spoil("repeated", "WARC-Profile", "WARC-Xrofile"),
        [("fault missing-field", "no WARC-Profile", "one in a revisit record")],
    ),
    "no original": (
        Spoil("unmodified", REFERS, REFERS.replace("Refers", "Xefers")),
        [("fault missing-field", "no WARC-Refers-To", "one in a revisit record")],
    ),
    "no target of the original": (
        Spoil("unmodified", "WARC-Refers-To-Target-URI", "WARC-Xefers-To-Target-URI"),
        [
            (
                "fault missing-field",
                "no WARC-Refers-To-Target-URI",
                "one in a revisit record",
            ),
            (
                "fault revisit",
                "WARC-Refers-To-Target-URI and WARC-Refers-To-Date",
                "target and date of <1>",
            ),
        ],
    ),
    "another date of the original": (
        Spoil("repeated", "Refers-To-Date: 2026-03-04", "Refers-To-Date: 2026-03-05"),
        [
            (
                "fault revisit",
                "WARC-Refers-To-Target-URI and WARC-Refers-To-Date",
                "target and date of <1>",
            )
        ],
    ),
    "another payload": (
        Spoil("repeated", "Payload-Digest: sha256:a", "Payload-Digest: sha256:b"),
        [("fault revisit", "WARC-Payload-Digest", "that of <1>")],
    ),
    "what is not there": (
        Spoil("repeated", REFERS, REFERS.replace("1>", "f>")),
        [("fault revisit", "WARC-Refers-To is '<f>'", "a response in this collection")],
    ),
    "an id of another kind": (
        Spoil("repeated", REFERS, "WARC-Refers-To: <urn:x:tides>"),
        [("fault revisit", "WARC-Refers-To is '<urn:x:tides>'", "a UUID of ours")],
    ),
    "a request elsewhere": (
        Spoil("repeated", REFERS, REFERS.replace("1>", "2>")),
        [("fault revisit", "WARC-Refers-To is '<2>'", "a response in this collection")],
    ),
    "a revisit": (
        Spoil("unmodified", REFERS, REFERS.replace("1>", "3>")),
        [("fault revisit", "WARC-Refers-To is '<3>'", "a response, no revisit")],
    ),
    "a revisit that comes later": (
        Spoil("repeated", REFERS, REFERS.replace("1>", "5>")),
        [("fault revisit", "WARC-Refers-To is '<5>'", "a response in this collection")],
    ),
    "nothing said of the missing payload": (
        Spoil("repeated", "WARC-Truncated: length\r\n", ""),
        [
            (
                "fault revisit",
                "WARC-Truncated is None",
                "length, as the payload is left out (6.7.2)",
            )
        ],
    ),
    "a body": (
        Spoil("repeated", "380\r\n\r\n", "380\r\n\r\nHigh"),
        [
            (
                "fault revisit",
                "a block of 44 octets",
                "the head of a response and no more (6.7.2)",
            )
        ],
    ),
    "no head": (
        Spoil("repeated", "HTTP/1.1 200 OK\r\n", ""),
        [
            (
                "fault revisit",
                "a block of 23 octets",
                "the head of a response and no more (6.7.2)",
            )
        ],
    ),
    "unmodified with another status": (
        Spoil("unmodified", "304 Not Modified", "200 OK"),
        [("fault revisit", "status 200", "304 (6.7.3)")],
    ),
    "unmodified without a head": (
        Spoil("unmodified", "HTTP/1.1 304 Not Modified", "Not modified"),
        [("fault revisit", "no HTTP", "304 (6.7.3)")],
    ),
    "a 304 that nobody asked for": (
        Spoil("unmodified request", "If-None-Match", "X-If-None-Match"),
        [
            (
                "fault revisit",
                "not modified, said of a request that did not ask",
                "If-None-Match or If-Modified-Since",
            )
        ],
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_revisit_is_told(
    spoil: Spoil, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert found(moor(tmp_path, spoil)) == expected


def test_a_condition_may_be_a_date(tmp_path: Path) -> None:
    spoil = Spoil("unmodified request", 'If-None-Match: "a"', "if-modified-since: Sunday")

    assert found(moor(tmp_path, spoil)) == []


def test_a_revisit_is_told_with_its_place(tmp_path: Path) -> None:
    collection = moor(tmp_path, Spoil("unmodified", REFERS, REFERS.replace("1>", "f>")))

    out = io.StringIO()
    status = run_check([collection], False, out)

    assert status == 1
    assert out.getvalue().startswith(
        f"{collection}/archive/{SECOND}.warc.gz at 1868 "
        "<urn:uuid:00000000-0000-4000-8000-000000000005>: fault: revisit: "
        "WARC-Refers-To is '<urn:uuid:00000000-0000-4000-8000-00000000000f>'; "
        "expected a response in this collection\n"
    )


# In one WARC


def test_a_warc_alone_cannot_tell_what_lies_in_another(tmp_path: Path) -> None:
    collection = moor(tmp_path)

    assert found(collection / f"archive/{SECOND}.warc.gz") == [
        (
            "note revisit",
            "<1>, to which it refers, lies in another WARC",
            "a check of the whole collection",
        ),
        ("note revisit", "and 1 more of this kind", ""),
    ]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("1", []),
        (
            "7",
            [
                (
                    "fault revisit",
                    "WARC-Refers-To is '<7>'",
                    "in its own WARC, a response before it",
                )
            ],
        ),
    ],
    ids=["before", "behind"],
)
def test_an_original_in_the_same_warc_comes_before_its_revisit(
    last: str, expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    before = [RECORDS["original"], RECORDS["request"]]
    revisit = [
        (FIRST, revisit_of("3", "4", "identical-payload-digest", HEAD, second=8, original=last)),
        (FIRST, request("4", "3", second=8)),
    ]
    behind = [(FIRST, response("7", "8")), (FIRST, request("8", "7"))]
    records = [RECORDS["info"], *before, *revisit, *behind]

    collection = moor(tmp_path, records=dict(zip("abcdefg", records, strict=True)))

    assert found(collection) == expected


# Growing


def test_a_growing_warc_may_refer_to_a_sealed_one(tmp_path: Path) -> None:
    collection = moor(tmp_path)
    unseal(collection, SECOND)

    assert found(collection) == [UNFINISHED]


def test_a_sealed_warc_may_not_refer_to_a_growing_one(tmp_path: Path) -> None:
    collection = moor(tmp_path)
    unseal(collection, FIRST)

    unsealed = (
        "fault revisit",
        "WARC-Refers-To is '<1>'",
        "in another WARC, a response that is sealed",
    )
    assert found(collection) == [UNFINISHED, unsealed, unsealed]


def test_what_a_growing_warc_refers_to_may_have_moved_meanwhile(tmp_path: Path) -> None:
    collection = moor(tmp_path, without=["original", "request"])
    unseal(collection, SECOND)

    unknown = ("note revisit", "WARC-Refers-To is '<1>'", "a response in this collection")
    assert found(collection) == [UNFINISHED, unknown, unknown]


# What was cut off


@pytest.mark.parametrize("name", ["archive/x.warc.gz.torn", "text/x.jsonl.12.torn.open"])
def test_octets_that_were_cut_off_are_a_note(name: str, tmp_path: Path) -> None:
    collection = moor(tmp_path)
    (collection / name).write_bytes(b"half a rec")

    assert found(collection) == [TORN]


def test_octets_that_were_cut_off_are_no_warc_to_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "x.warc.gz.torn"
    path.write_bytes(b"half a rec")

    assert found(path) == [TORN]
