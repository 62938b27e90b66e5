from __future__ import annotations

import gzip
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from tests.archiver.sources.crates import HTML, Told, capture, urls, warc, written

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@pytest.fixture
def told() -> Told:
    return Told()


def test_what_comes_before_damage_is_there_and_the_damage_is_told(
    tmp_path: Path, told: Told
) -> None:
    octets = warc("crane", "ferry")
    path = written(tmp_path, "x.warc.gz", octets[:-4])

    with told.opened(path) as source:
        assert urls(source) == ["crane"]
        (member,) = source.members.values()

    half = len(octets) // 2
    assert told == [
        f"{path} at {half}: the file ends inside a gzip member; what comes before that is read"
    ]
    assert (member.size, member.sha256) == (
        len(octets) - 4,
        hashlib.sha256(octets[:-4]).hexdigest(),
    )


def test_of_a_copy_too_the_damage_is_told_once(tmp_path: Path, told: Told) -> None:
    path = written(tmp_path, "x.warc.zst", zstd.compress(capture("ferry") + capture("crane")[:-9]))

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]

    assert len(told) == 1
    assert told[0].startswith(f"{path} at 0: ")


FERRY, CRANE, MAST = capture("ferry"), capture("crane"), capture("mast")
LENGTH = b"Content-Length: %d" % len(HTML)
TOO_SMALL = FERRY.replace(LENGTH, b"Content-Length: %d" % (len(HTML) - 5))
TOO_LARGE = FERRY.replace(LENGTH, b"Content-Length: %d" % (len(HTML) + 9))
ONE = "the record does not end where its Content-Length says: it is damaged"
TWO = "the record and 1 more do not end where their Content-Length says: they are damaged"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress])
@pytest.mark.parametrize(
    ("octets", "found", "offset", "which", "count"),
    [
        (TOO_LARGE + CRANE + MAST, ["ferry", "mast"], 0, ONE, len(CRANE) - 5),
        (CRANE + TOO_SMALL + MAST, ["crane", "ferry", "mast"], len(CRANE), ONE, 9),
        (TOO_LARGE + CRANE + TOO_SMALL, ["ferry", "ferry"], 0, TWO, len(CRANE) + 4),
        (
            (FERRY + CRANE + MAST + CRANE).replace(b"\r\n", b"\n"),
            ["ferry", "mast"],
            0,
            TWO,
            2 * len(CRANE.replace(b"\r\n", b"\n")[1:]),
        ),
    ],
    ids=["too large", "too small", "two", "line ends that became shorter"],
)
def test_a_content_length_that_is_wrong_is_told_with_what_it_may_cost(
    pack: Callable[[bytes], bytes], octets: bytes, found: list[str], offset: int, which: str,
    count: int, tmp_path: Path, told: Told,
) -> None:  # fmt: skip
    path = written(tmp_path, "x.warc", pack(octets))

    with told.opened(path) as source:
        assert urls(source) == found

    at = offset if pack is bytes else 0
    assert told == [f"{path} at {at}: {which}, and {count} octets passed over may hold records"]


def test_records_that_no_index_can_list_are_counted(tmp_path: Path, told: Told) -> None:
    bad = capture("crane").replace(b"WARC-Date: 2026", b"WARC-Date: soon")
    path = written(tmp_path, "x.warc", bad + capture("ferry") + bad)

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]

    assert len(told) == 1
    assert told[0].startswith(f"{path}: 2 records left out, such as the one at 0: WARC-Date is ")


NO_ARCHIVE = "{} is no archive: give a collection, a WACZ or a WARC file"


@pytest.mark.parametrize(
    ("octets", "problem"),
    [
        (b"", "{} is empty"),
        (b"The ferry is late.\n", NO_ARCHIVE),
        (b"root:x:0:0:root:/root:/bin/sh\n", NO_ARCHIVE),
        (b"<!doctype html><p>The ferry is late.", NO_ARCHIVE),
        (gzip.compress(b"The ferry is late.\n"), NO_ARCHIVE),
        (b"filedesc://quay.arc\n", "{} at 0: 'filedesc://quay.arc' is no ARC header, and no "),
        (warc("ferry")[:-4], "{} at 0: the file ends inside a gzip member, and no sound record"),
        (b"\x04\x22\x4d\x18\x40\x40", "{} is compressed with LZ4, which cannot be read yet"),
        (b"\x1f\x8b", "{} at 0: the file ends inside a gzip member, and no sound record"),
    ],
)
def test_a_file_without_a_sound_record_is_refused(
    octets: bytes, problem: str, tmp_path: Path, told: Told
) -> None:
    path = written(tmp_path, "x.warc.gz", octets)

    with pytest.raises(ArchiveError) as refusal:
        told.opened(path)

    assert str(refusal.value).startswith(problem.format(path))
