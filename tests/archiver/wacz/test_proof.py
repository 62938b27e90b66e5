"""What a WACZ holds otherwise than it says is told, file by file."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from archiver.wacz.proof import BadPackage, lies
from archiver.zipped import DamagedZip
from tests.archiver.wacz.packing import INDEX, PACKAGE, PAGES, gone, pack, put, repack, say, swap


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return pack(tmp_path)


def test_a_wacz_that_tells_the_truth_is_not_complained_of(path: Path) -> None:
    assert list(lies(path)) == []


def test_each_file_that_is_not_as_listed_is_named(path: Path) -> None:
    repack(path, {INDEX: gone, PAGES: swap(b"/ferry", b"/ferries")}, fits=False)

    first, second = lies(path)

    assert first == f"{path} lists 'indexes/index.cdxj' and does not hold it"
    assert second == (
        f"{path} holds 'pages/pages.jsonl' with bytes 206 where its datapackage.json says 204: do "
        "not trust what it shows"
    )


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


def test_a_package_of_many_octets_is_read_as_it_was_written(path: Path) -> None:
    fields = {"profile": "data-package", "resources": [], "title": "x" * 100_000}
    repack(path, {PACKAGE: put(json.dumps(fields).encode())}, deflated=PACKAGE)

    assert list(lies(path)) == []
