from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from archiver.inflow import CutShort
from archiver.reader import read_records
from tests.archiver.logbook import (
    BLOCKS,
    INFO,
    NOTE,
    REPLY,
    faults_of,
    first,
    framed,
    outcome_of,
    read_all,
    zipped,
)


def test_fields_keep_their_order_and_spelling_and_are_found_in_any_case() -> None:
    record = first(
        b"WARC/1.1\r\nWARC-type: x\r\nwarc-PROTOCOL: h2\r\nWARC-Protocol: \ttls/1.3 \r\n"
        b"Empty:\r\nContent-Length: 0\r\n\r\n\r\n\r\n"
    )

    assert record.fields == [
        ("WARC-type", "x"),
        ("warc-PROTOCOL", "h2"),
        ("WARC-Protocol", "tls/1.3"),
        ("Empty", ""),
        ("Content-Length", "0"),
    ]
    assert record.get("Warc-Protocol") == "h2"
    assert record.get_all("WARC-PROTOCOL") == ["h2", "tls/1.3"]
    assert record.get("WARC-Date") is None


@pytest.mark.parametrize(
    ("field", "name", "value"),
    [
        (b"Operator: Pers\xc3\xa9phone", "Operator", "Perséphone"),
        (b"Operator: Pers\xe9phone", "Operator", "Perséphone"),
        (b"Operator:\r\n Quay\r\n\tseven", "Operator", "Quay seven"),
        (b"Operator: a:b", "Operator", "a:b"),
    ],
    ids=["UTF-8", "Latin-1", "folded", "colon"],
)
def test_a_field_has_the_value_that_its_writer_meant(field: bytes, name: str, value: str) -> None:
    record = first(b"WARC/1.1\r\n" + field + b"\r\nContent-Length: 0\r\n\r\n\r\n\r\n")

    assert record.get(name) == value


def test_a_target_loses_the_angle_brackets_that_wget_writes() -> None:
    octets = REPLY.replace(b"http://127.0.0.1/harbour", b"<http://127.0.0.1/harbour>")

    assert first(octets).target == "http://127.0.0.1/harbour"


@pytest.mark.parametrize("version", ["0.17", "0.18", "1.0", "1.1"])
def test_every_version_of_the_format_is_read(version: str) -> None:
    record = first(INFO.replace(b"WARC/1.1", b"WARC/" + version.encode()))

    assert (record.version, record.read(99)) == (version, BLOCKS[0])


# As Heritrix 1 wrote it in 2008, as the ClueWeb09 has it, as wget wrote it, and the standard.
WRITTEN = {
    "0.17": b"WARC/0.17\r\nWARC-Target-URI: dns:harbour.example\r\n",
    "0.18 with LF alone": b"WARC/0.18\nWARC-Target-URI: dns:harbour.example\n",
    "1.0 with brackets": b"WARC/1.0\r\nWARC-Target-URI: <dns:harbour.example>\r\n",
    "1.0 with blanks": b"WARC/1.0 \r\nWARC-Target-URI:\t dns:harbour.example \r\n",
    "1.0 without blanks": b"WARC/1.0\r\nwarc-target-uri:dns:harbour.example\r\n",
    "1.1": b"WARC/1.1\r\nWARC-Target-URI: dns:harbour.example\r\n",
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
@pytest.mark.parametrize("pack", [bytes, zipped, framed], ids=["plain", "gzip", "zstd"])
def test_a_target_is_the_same_in_every_version(
    written: bytes, pack: Callable[[bytes], bytes]
) -> None:
    record = first(pack(written + b"Content-Length: 3\r\n\r\nsea\r\n\r\n"))

    assert (record.target, record.read(99)) == ("dns:harbour.example", b"sea")


# What departs from the standard and is read on

FAULTS = {
    "LF alone in the header": (
        INFO.replace(b"\r\n", b"\n", 5),
        BLOCKS[:1],
        ["lines of the header end without a carriage return"],
    ),
    "LF alone everywhere": (
        b"WARC/1.1\nContent-Length: 3\n\nsea\n\n",
        [b"sea"],
        [
            "lines of the header end without a carriage return",
            r"b'\n\n' after the block where '\r\n\r\n' should be",
        ],
    ),
    "Latin-1 in the header": (
        INFO.replace(b"2026", b"\xe0\xb1"),
        BLOCKS[:1],
        ["the header is not all UTF-8"],
    ),
    "a line that is no field": (
        INFO.replace(b"WARC-Date: ", b"WARC-Date "),
        BLOCKS[:1],
        ["'WARC-Date 2026-03-04T05:06:07Z' is no named field"],
    ),
    "no line ends at the end": (
        INFO[:-4],
        BLOCKS[:1],
        [r"b'' after the block where '\r\n\r\n' should be"],
    ),
    "no line ends before the next record": (
        INFO[:-4] + NOTE,
        [BLOCKS[0], b""],
        [r"b'WARC/1.0\r\nWARC-Type:' after the block where '\r\n\r\n' should be"],
    ),
    "one line end in a gzip member": (
        zipped(INFO[:-2]) + zipped(NOTE),
        [BLOCKS[0], b""],
        [r"b'\r\n' after the block where '\r\n\r\n' should be"],
    ),
    "a line end too many": (
        INFO + b"\r\n" + NOTE,
        [BLOCKS[0], b""],
        [r"b'\r\n\r\n\r\nWARC/1.0\r\nWARC' after the block where '\r\n\r\n' should be"],
    ),
    "line ends at the beginning": (
        b"\r\n" + NOTE,
        [b""],
        [r"b'\r\n' before the record"],
    ),
    "a Content-Length too small": (
        REPLY.replace(b"Content-Length: 39", b"Content-Length: 32") + NOTE,
        [BLOCKS[1][:32], b""],
        [
            r"b'morning\r\n\r\nWARC/1.0\r' after the block where '\r\n\r\n' should be,"
            " 11 octets passed over"
        ],
    ),
    "a Content-Length too large by the line ends": (
        REPLY.replace(b"Content-Length: 39", b"Content-Length: 43") + NOTE,
        [BLOCKS[1] + b"\r\n\r\n", b""],
        [r"b'WARC/1.0\r\nWARC-Type:' after the block where '\r\n\r\n' should be"],
    ),
    "a Content-Length too large by much": (
        REPLY.replace(b"Content-Length: 39", b"Content-Length: 63") + NOTE + INFO,
        [BLOCKS[1] + b"\r\n\r\n" + NOTE[:20], BLOCKS[0]],
        [
            r"b' metadata\r\nWARC-Reco' after the block where '\r\n\r\n' should be,"
            " 134 octets passed over"
        ],
    ),
    "a Content-Length too small, a member each": (
        zipped(REPLY.replace(b"Content-Length: 39", b"Content-Length: 32")) + zipped(NOTE),
        [BLOCKS[1][:32], b""],
        [
            r"b'morning\r\n\r\n' after the block where '\r\n\r\n' should be,"
            " 11 octets passed over"
        ],
    ),
}


@pytest.mark.parametrize(("octets", "blocks", "faults"), FAULTS.values(), ids=FAULTS.keys())
def test_a_tolerable_departure_is_read_on_and_described(
    octets: bytes, blocks: list[bytes], faults: list[str]
) -> None:
    assert read_all(octets) == blocks
    assert faults_of(octets) == faults


@pytest.mark.parametrize(
    ("octets", "passed_over"),
    [
        (INFO + REPLY, [0, 0]),
        (INFO.replace(b"Length: 15", b"Length: 11") + REPLY, [8, 0]),
        (INFO.replace(b"Length: 15", b"Length: 22") + NOTE + REPLY, [len(NOTE) - 3, 0]),
        (zipped(INFO[:-4] + b"\0" * 9) + zipped(REPLY), [9, 0]),
        (INFO + b"\r\n" + REPLY, [0, 0]),
    ],
    ids=["none", "Content-Length too small", "too large", "in a member", "a line end too many"],
)
def test_octets_that_belong_to_no_record_are_counted(
    octets: bytes, passed_over: list[int]
) -> None:
    records = list(read_records(io.BytesIO(octets), "x.warc"))

    assert [record.passed_over for record in records] == passed_over


# What is damaged

DAMAGE = {
    "no Content-Length": (INFO.replace(b"Content-Length", b"X"), 0, "Content-Length is ''"),
    "a Content-Length below zero": (
        INFO.replace(b"Length: 15", b"Length: -1"),
        0,
        "Content-Length is '-1'",
    ),
    "no version": (
        INFO.replace(b"WARC/1.1", b"WARC/x"),
        0,
        "'WARC/x' where a version line should be",
    ),
    "garbage at the beginning": (b"\x00\x01\x02", 0, r"b'\x00\x01\x02' begins no record"),
    "garbage after a sound record": (
        NOTE + b"\x00\x01\x02",
        len(NOTE),
        r"b'\x00\x01\x02' begins no record",
    ),
    "garbage after a sound member": (
        zipped(NOTE) + b"\x00\x01\x02",
        len(zipped(NOTE)),
        r"b'\x00\x01\x02' where a gzip member should begin",
    ),
    "zeros after the last member": (
        zipped(NOTE) + bytes(200_000),
        len(zipped(NOTE)),
        "200000 octets of padding with zeros behind the last gzip member",
    ),
    "zeros between members": (
        zipped(NOTE) + bytes(200_000) + zipped(NOTE),
        len(zipped(NOTE)),
        f"{bytes(20)!r} where a gzip member should begin",
    ),
    "garbage after a sound frame": (
        framed(NOTE) + b"\x00\x01\x02\x03",
        len(framed(NOTE)),
        r"b'\x00\x01\x02\x03' where a zstd frame should begin",
    ),
    "garbage in a sound frame": (framed(NOTE + b"\x00"), 0, r"b'\x00' begins no record"),
    "a frame that ends in its header": (
        framed(INFO[:60]) + framed(NOTE),
        0,
        "there is no end to the record's header",
    ),
    "a frame that ends in its block": (
        framed(INFO[:-8]) + framed(NOTE),
        0,
        "the zstd frame ends after 11 of the block's 15 octets",
    ),
    "a Content-Length too large, a member each": (
        zipped(INFO) + zipped(REPLY.replace(b"Length: 39", b"Length: 44")) + zipped(NOTE),
        len(zipped(INFO)),
        "the gzip member ends after 43 of the block's 44 octets",
    ),
    "garbage in a sound member": (zipped(NOTE + b"\x00"), 0, r"b'\x00' begins no record"),
    "a member that ends in its header": (
        zipped(INFO[:60]) + zipped(NOTE),
        0,
        "there is no end to the record's header",
    ),
    "a member that ends in its block": (
        zipped(INFO[:-8]) + zipped(NOTE),
        0,
        "the gzip member ends after 11 of the block's 15 octets",
    ),
    "a wrong checksum": (
        zipped(NOTE)[:-8] + bytes(8),
        0,
        "the gzip member is damaged (Error -3 while decompressing data: incorrect data check)",
    ),
    "a header without end": (
        b"WARC/1.1\r\nX: " + b"y" * (1 << 20) + b"\r\n\r\n",
        0,
        "the header is longer than 1048576 octets",
    ),
}


@pytest.mark.parametrize(("octets", "offset", "problem"), DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_named_with_its_place(octets: bytes, offset: int, problem: str) -> None:
    damage = outcome_of(octets).damage

    assert damage is not None
    assert (damage.filename, damage.offset, damage.problem) == ("x.warc", offset, problem)
    assert not isinstance(damage, CutShort)


# ARC

ARC = (
    b"filedesc://quay.arc 0.0.0.0 20010203040506 text/plain 76\n"
    b"1 0 Some Archive\nURL IP-address Archive-date Content-type Archive-length\n\n\n\n"
    b"\n"
    b"http://127.0.0.1/two words 127.0.0.1 20010203040507 text/html; charset=utf-8 24\n"
    b"HTTP/1.0 200 OK\n\nThe sea"
    b"\n"
    b"dns:harbour.example 127.0.0.1 20010203040508 text/dns 10\n"
    b"127.0.0.1\n"
    b"\n"
)
ARC_2 = (
    b"http://127.0.0.1/ 127.0.0.1 20010203040507 text/html 200 - - 0 quay.arc 24\n"
    b"HTTP/1.0 200 OK\n\nThe sea\n"
)


@pytest.mark.parametrize("octets", [ARC, zipped(ARC)], ids=["plain", "gzip"])
def test_the_records_of_an_arc_are_told_as_those_of_a_warc(octets: bytes) -> None:
    records = [
        (record.version, record.type, record.target, record.get("WARC-Date"), record.read(99)[-8:])
        for record in read_records(io.BytesIO(octets), "quay.arc")
    ]

    assert records == [
        ("arc", "warcinfo", "filedesc://quay.arc", "2001-02-03T04:05:06Z", b"length\n\n\n\n"[-8:]),
        ("arc", "response", "http://127.0.0.1/two words", "2001-02-03T04:05:07Z", b"\nThe sea"),
        ("arc", "resource", "dns:harbour.example", "2001-02-03T04:05:08Z", b"7.0.0.1\n"),
    ]


def test_the_second_version_of_arc_is_read() -> None:
    record = first(ARC_2)

    assert (record.target, record.get("Content-Length")) == ("http://127.0.0.1/", "24")


def test_an_arc_record_has_the_same_id_at_each_reading() -> None:
    assert first(ARC_2).record_id == "<urn:uuid:f0d4406b-1836-55c8-a096-7d503314820b>"


def test_an_arc_cut_short_is_damage() -> None:
    damage = outcome_of(ARC[:-20]).damage

    assert isinstance(damage, CutShort)
