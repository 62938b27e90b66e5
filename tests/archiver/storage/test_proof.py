"""What a file is, and what of a server's report proves that an object is the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from s3transfer.utils import ChunksizeAdjuster

from archiver.errors import StoreError
from archiver.storage.proof import (
    MOST_PARTS,
    WHOLE_BYTES,
    Part,
    Proof,
    Report,
    is_proven,
    part_of,
    part_size_for,
    proof_of,
)

MIB = 1 << 20
SIZES = [
    (0, 16 * MIB),
    (5 * 10**9, 16 * MIB),
    (16 * MIB * 10_000, 16 * MIB),
    (16 * MIB * 10_000 + 1, 17 * MIB),
    (160 * 10**9, 16 * MIB),
    (5 * 2**40, 525 * MIB),
    (50 * 10**12, 4769 * MIB),
]


@pytest.mark.parametrize(("size", "expected"), SIZES)
def test_parts_are_16_mib_or_what_ten_thousand_of_them_need(size: int, expected: int) -> None:
    assert part_size_for(size) == expected
    assert -(-size // expected) <= MOST_PARTS == 10_000


@pytest.mark.parametrize(("size", "expected"), SIZES)
def test_s3transfer_sees_no_need_to_change_the_size_of_parts(size: int, expected: int) -> None:
    assert ChunksizeAdjuster().adjust_chunksize(expected, size) == expected


# SHA-256 and MD5 of nothing and of "abc" are those of FIPS 180-4 and RFC 1321.
def test_a_small_file_is_one_part(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"abc")

    proof = proof_of(tmp_path / "x", with_part_sha256=True)

    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert proof == Proof(
        path=tmp_path / "x",
        size=3,
        sha256=sha256,
        part_size=16 * MIB,
        parts=(
            Part(
                md5=bytes.fromhex("900150983cd24fb0d6963f7d28e17f72"), sha256=bytes.fromhex(sha256)
            ),
        ),
    )
    assert proof.is_whole
    assert proof.etag == "900150983cd24fb0d6963f7d28e17f72"
    assert proof.checksums == {"ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="}


def test_an_empty_file_is_one_part_too(tmp_path: Path) -> None:
    (tmp_path / "x").touch()

    proof = proof_of(tmp_path / "x")

    assert (proof.size, proof.etag) == (0, "d41d8cd98f00b204e9800998ecf8427e")
    assert proof.parts == (part_of(b"", with_sha256=False),)


@pytest.mark.parametrize(
    ("size", "lengths"),
    [
        (WHOLE_BYTES - 1, [WHOLE_BYTES - 1]),
        (WHOLE_BYTES, [16 * MIB]),
        (WHOLE_BYTES + 1, [16 * MIB, 1]),
        (2 * 16 * MIB, [16 * MIB, 16 * MIB]),
    ],
)
def test_a_file_is_as_many_parts_as_go_over_the_wire(
    tmp_path: Path, size: int, lengths: list[int]
) -> None:
    (tmp_path / "x").write_bytes(bytes(size))

    proof = proof_of(tmp_path / "x")

    assert proof.size == size
    assert proof.parts == tuple(part_of(bytes(each), with_sha256=False) for each in lengths)


def test_a_file_that_cannot_be_read_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read: No such file"):
        proof_of(tmp_path / "x")


WHOLE = Proof(
    path=Path("x"),
    size=3,
    sha256="aa" * 32,
    part_size=16 * MIB,
    parts=(part_of(b"abc", with_sha256=True),),
)
ABC = "900150983cd24fb0d6963f7d28e17f72"
ODD = "0" * 32
RIGHT, WRONG = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=", "AAAA"

REPORTS = [
    (Report(size=3, etag=ABC), True, True),
    (Report(size=3, etag=ABC, sha256="aa" * 32), True, True),
    (Report(size=3, etag=ABC, checksum=RIGHT), True, True),
    (Report(size=2, etag=ABC, checksum=RIGHT), False, False),
    (Report(size=3, etag=ABC, sha256="bb" * 32), None, None),
    (Report(size=3, etag=ABC, checksum=WRONG), None, None),
    (Report(size=3, etag=ODD), None, None),
    (Report(size=3, etag=ODD, sha256="aa" * 32), None, None),
    (Report(size=3, etag=ODD, checksum=RIGHT), True, None),
    (Report(size=3, etag=ODD, checksum=WRONG), None, None),
    (Report(size=3, etag=""), None, None),
]


@pytest.mark.parametrize(("report", "trusting", "doubting"), REPORTS)
def test_a_report_proves_denies_or_leaves_open(
    report: Report, trusting: bool | None, doubting: bool | None
) -> None:
    assert is_proven(WHOLE, report, trusts_checksum=True) is trusting
    assert is_proven(WHOLE, report, trusts_checksum=False) is doubting


def test_what_went_in_parts_is_known_by_the_digest_of_its_parts_digests(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a" * WHOLE_BYTES + b"b")

    proof = proof_of(tmp_path / "x", with_part_sha256=True)

    # Computed with coreutils, of the digests that md5sum and sha256sum print.
    assert proof.etag == "8fce49a154ea1781e7187e2438474cae-2"
    assert proof.checksums == {
        "Y6zqC9/lrcgipKXDijUPUTxO95kUi0vKd3FgmbIV5/M=",
        "8JBcLzI1JIUAUBKkyLgvoupEyDY1Ltj1uVijqBpE3+A=",
        "8JBcLzI1JIUAUBKkyLgvoupEyDY1Ltj1uVijqBpE3+A=-2",
    }
    assert proof.has_etag("d1e1f6629dd91ee48c5429c7455d8792")
    assert not proof.has_etag(ODD)
    assert not proof.has_etag(ABC + "-2")
