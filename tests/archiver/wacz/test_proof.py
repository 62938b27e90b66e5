"""What a WACZ holds otherwise than it says is told, file by file."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from archiver.wacz.proof import BadPackage, HashedFile, Listed, lies, listed_in
from archiver.zipped import DamagedZip
from tests.archiver.wacz.packing import INDEX, PACKAGE, PAGES, gone, pack, put, repack, say, swap


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return pack(tmp_path)


def test_a_wacz_that_tells_the_truth_is_not_complained_of(path: Path) -> None:
    assert list(lies(path)) == []


def test_each_file_that_is_not_as_listed_is_named(path: Path) -> None:
    repack(path, {INDEX: gone, PAGES: swap(b"/ferry", b"/ferries")}, fits=False)

    first, second, third = lies(path)

    assert first == f"{path} lists 'indexes/index.cdxj' and does not hold it"
    assert second == (
        f"{path} holds 'pages/pages.jsonl' with bytes 206 where its datapackage.json says 204: do "
        "not trust what it shows"
    )
    assert third.startswith(f"{path} holds 'pages/pages.jsonl' with sha256 ")


def test_a_wacz_without_a_package_is_refused(path: Path) -> None:
    repack(path, {PACKAGE: gone}, fits=False)

    with pytest.raises(BadPackage) as refusal:
        list(lies(path))

    assert str(refusal.value) == f"{path}: datapackage.json is missing: make the WACZ anew"


@pytest.mark.parametrize("octets", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_a_package_that_is_no_object_is_refused(octets: bytes, path: Path) -> None:
    repack(path, {PACKAGE: put(octets)}, fits=False)

    with pytest.raises(BadPackage, match="is no JSON object"):
        list(lies(path))


def test_a_package_too_large_to_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(PACKAGE, bytes((16 << 20) + 1))

    with pytest.raises(BadPackage, match="would be 16777217 octets large"):
        list(lies(path))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.wacz").write_bytes(b"WARC/1.1\r\n")

    with pytest.raises(DamagedZip):
        list(lies(tmp_path / "x.wacz"))


def test_what_is_not_listed_is_not_told(path: Path) -> None:
    repack(path, {PACKAGE: say(resources=[{"path": PAGES}, "x", {"name": "y"}])})

    assert list(lies(path)) == []


HASH = "ab" * 16


@pytest.mark.parametrize(
    ("entry", "listed"),
    [
        ({"hash": f"md5:{HASH}", "bytes": 7}, (7, "md5", HASH)),
        ({"hash": f"MD5:{HASH.upper()}", "bytes": 7}, (7, "md5", HASH)),
        ({"stats": {"hash": HASH, "bytes": 7}, "hashing": "md5"}, (7, "md5", HASH)),
        ({"hash": f"crc32:{HASH}", "bytes": "7"}, (None, None, None)),
        ({"hash": HASH, "bytes": True}, (None, None, None)),
        ({"hash": None, "hashing": "md5"}, (None, None, None)),
        ({}, (None, None, None)),
    ],
    ids=["1.1.1", "capitals", "1.0.0", "unknown", "no algorithm", "no hash", "nothing"],
)
def test_a_package_may_say_it_in_several_ways(
    entry: dict[str, object], listed: tuple[int | None, str | None, str | None]
) -> None:
    size, algorithm, digest = listed

    assert list(listed_in({"resources": [{"path": "x", **entry}]})) == [
        Listed(path="x", size=size, algorithm=algorithm, digest=digest)
    ]


def test_a_file_is_hashed_as_it_is_read() -> None:
    opened = io.BytesIO(b"onetwo")
    file = HashedFile(opened, "md5")

    assert file.read(3) == b"one"
    file.read_on()

    assert (file.size, file.crc32) == (6, 0x8C118145)
    assert file.digest == "5b9164ad6f496d9dee12ec7634ce253f"
    file.close()
    assert not opened.closed


def test_a_package_of_many_octets_is_read_as_it_was_written(path: Path) -> None:
    fields = {"profile": "data-package", "resources": [], "title": "x" * 100_000}
    repack(path, {PACKAGE: put(json.dumps(fields).encode())}, deflated=PACKAGE)

    assert list(lies(path)) == []
