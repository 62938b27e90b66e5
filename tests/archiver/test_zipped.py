"""A ZIP is read where it lies; one that lies about itself is refused."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from archiver.places import Names, StoredPlace
from archiver.storage.local import LocalStore
from archiver.zipped import DamagedZip, Zip

STORED = bytes(range(256)) * 1000
DEFLATED = b"The ferry is late. " * 20_000
DAY = (2026, 3, 4, 5, 6, 8)


def written(path: Path, *, zip64: bool = False) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, method, octets in (
            ("archive/data.warc.gz", zipfile.ZIP_STORED, STORED),
            ("pages/pägés.jsonl", zipfile.ZIP_DEFLATED, DEFLATED),
            ("empty", zipfile.ZIP_STORED, b""),
        ):
            info = zipfile.ZipInfo(name, DAY)
            info.compress_type = method
            with archive.open(info, "w", force_zip64=zip64) as file:
                file.write(octets)
        archive.mkdir("logs")
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path / "x.wacz")


def spoilt(path: Path, old: bytes, new: bytes, count: int = -1) -> Path:
    octets = path.read_bytes()
    assert old in octets
    path.write_bytes(octets.replace(old, new, count))
    return path


def of_one(path: Path, name: str, octets: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name, DAY), octets)
    return path


def problem_of(path: Path) -> str:
    with pytest.raises(DamagedZip) as refusal:
        Zip(path)
    assert str(refusal.value).startswith(f"{path}: ")
    return refusal.value.problem


@pytest.mark.parametrize("zip64", [False, True])
def test_the_members_are_its_files_as_they_were_put_in(zip64: bool, tmp_path: Path) -> None:
    archive = Zip(written(tmp_path / "x.wacz", zip64=zip64))

    assert {
        name: (member.name, member.size, member.is_stored, member.open().read())
        for name, member in archive.members.items()
    } == {
        "archive/data.warc.gz": ("archive/data.warc.gz", len(STORED), True, STORED),
        "pages/pägés.jsonl": ("pages/pägés.jsonl", len(DEFLATED), False, DEFLATED),
        "empty": ("empty", 0, True, b""),
    }


def test_a_stored_member_is_read_from_any_place_in_it(path: Path) -> None:
    with Zip(path).members["archive/data.warc.gz"].open() as file:
        assert file.seek(-10, io.SEEK_END) == len(STORED) - 10
        assert file.read(100) == STORED[-10:]
        assert file.read(1) == b""
        assert file.seek(1000) == 1000
        assert file.read(5) == STORED[1000:1005]
        assert file.tell() == 1005
        assert file.seek(len(STORED) + 5) == len(STORED) + 5
        assert file.read(5) == b""
        with pytest.raises(ValueError, match="nothing before the beginning"):
            file.seek(-1)


def test_two_readers_of_a_member_do_not_disturb_each_other(path: Path) -> None:
    member = Zip(path).members["archive/data.warc.gz"]

    with member.open() as one, member.open() as other:
        one.seek(500)

        assert (other.read(4), one.read(4)) == (STORED[:4], STORED[500:504])


def test_what_stands_before_the_zip_does_no_harm(path: Path) -> None:
    path.write_bytes(b"#!/bin/sh\n" + path.read_bytes())

    assert Zip(path).members["archive/data.warc.gz"].open().read() == STORED


def test_a_zip_in_a_store_is_read_like_one_on_a_disk(path: Path) -> None:
    store = LocalStore(path.parent)
    place = StoredPlace("s3://bucket", "x.wacz", Names(store))

    archive = Zip(place)

    assert archive.shown == "s3://bucket/x.wacz"
    assert archive.members["pages/pägés.jsonl"].open().read() == DEFLATED


# What is refused


def test_a_zip_that_is_cut_short_anywhere_is_refused(path: Path) -> None:
    whole = of_one(path, "archive/x.warc").read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])

        assert problem_of(path) == "is no ZIP file, or its end is missing"


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(b"WARC/1.1\r\n" * 100)

    with pytest.raises(DamagedZip) as refusal:
        Zip(path)

    assert str(refusal.value) == (
        f"{path}: is no ZIP file, or its end is missing: fetch it again, or ask whoever made it"
    )


@pytest.mark.parametrize(
    "name",
    ["../x", "archive/../../x", "/etc/passwd", "a\\..\\b", "C:/x", "a//b", "./a", "a/..", ".."],
)
def test_a_name_that_leads_out_is_refused(name: str, tmp_path: Path) -> None:
    path = of_one(tmp_path / "x.wacz", name)

    assert problem_of(path) == f"its member {name!r} has a name that leads out of the archive"


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[31mb", "a\x00b"])
def test_a_name_with_control_characters_is_refused(name: str, tmp_path: Path) -> None:
    path = of_one(tmp_path / "x.wacz", "aXXXXXXXX"[: len(name)])
    spoilt(path, b"aXXXXXXXX"[: len(name)], name.encode())

    assert problem_of(path) == f"its member {name!r} has control characters in its name"


def test_two_members_of_one_name_are_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/a.warc", b"one")
        archive.writestr("archive/b.warc", b"two")
    spoilt(path, b"b.warc", b"a.warc")

    assert problem_of(path) == "its member 'archive/a.warc' is there twice"


def entry_of(path: Path) -> int:
    """Return where the only entry of the directory begins."""
    return path.read_bytes().index(b"PK\x01\x02")


def patched(path: Path, offset: int, octets: bytes) -> Path:
    whole = bytearray(path.read_bytes())
    whole[offset : offset + len(octets)] = octets
    path.write_bytes(whole)
    return path


@pytest.mark.parametrize(
    ("offset", "value", "problem"),
    [
        (8, b"\x01\x00", "is encrypted"),
        (10, b"\x0c\x00", "is compressed by method 12, neither stored nor deflated"),
        (24, struct.pack("<L", 9), "is stored in 1 octets and claims 9"),
    ],
)
def test_an_entry_that_cannot_be_is_refused(
    offset: int, value: bytes, problem: str, tmp_path: Path
) -> None:
    path = of_one(tmp_path / "x.wacz", "a")
    patched(path, entry_of(path) + offset, value)

    assert problem_of(path) == f"its member 'a' {problem}"


def test_members_that_lie_over_each_other_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", b"x" * 100)
        archive.writestr("b", b"y" * 100)
    second = path.read_bytes().rindex(b"PK\x01\x02")
    patched(path, second + 42, struct.pack("<L", 0))

    assert problem_of(path) == "its member 'a' lies over what follows it"


def test_a_directory_too_large_to_be_read_is_refused(tmp_path: Path) -> None:
    path = of_one(tmp_path / "x.wacz", "a")
    size = (16 << 20) + 1
    octets = path.read_bytes()
    end = octets.index(b"PK\x05\x06")
    with path.open("wb") as file:
        file.write(octets[:end])
        file.write(bytes(size))
        file.write(octets[end : end + 12] + struct.pack("<LL", size, entry_of_end(octets)))
        file.write(b"\x00\x00")

    assert problem_of(path) == f"its directory would be {size} octets large"


def entry_of_end(octets: bytes) -> int:
    return octets.index(b"PK\x01\x02")


def test_a_member_that_is_called_otherwise_where_it_lies_is_refused(tmp_path: Path) -> None:
    path = of_one(tmp_path / "x.wacz", "archive/a")
    spoilt(path, b"archive/a", b"archive/b", 1)
    member = Zip(path).members["archive/a"]

    with pytest.raises(DamagedZip, match="is called b'archive/b' where it lies"):
        member.open()


def test_a_member_that_is_not_where_it_should_be_is_refused(tmp_path: Path) -> None:
    path = of_one(tmp_path / "x.wacz", "archive/a")
    spoilt(path, b"PK\x03\x04", b"PK\x03\x05", 1)
    member = Zip(path).members["archive/a"]

    with pytest.raises(DamagedZip, match="'archive/a' is not where the directory says"):
        member.open()


# What is deflated


def deflated(path: Path, octets: bytes, claimed: int) -> Path:
    """Write a ZIP whose one member is *octets*, deflated, and claims another size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a", DAY), octets, zipfile.ZIP_DEFLATED)
    return patched(path, entry_of(path) + 24, struct.pack("<L", claimed))


@pytest.mark.parametrize("claimed", [0, 10, 99_999])
def test_a_bomb_is_read_no_further_than_the_size_it_claims(claimed: int, tmp_path: Path) -> None:
    member = Zip(deflated(tmp_path / "x.wacz", bytes(100_000), claimed)).members["a"]

    with (
        pytest.raises(DamagedZip, match=f"'a' is larger than the {claimed} octets it claims"),
        member.open() as file,
    ):
        file.read()


def test_a_deflated_member_that_ends_early_is_refused(tmp_path: Path) -> None:
    member = Zip(deflated(tmp_path / "x.wacz", bytes(1000), 1003)).members["a"]

    with pytest.raises(DamagedZip, match="ends 3 octets before it should"), member.open() as file:
        file.read()


def test_a_deflated_member_that_is_damaged_is_refused(tmp_path: Path) -> None:
    path = deflated(tmp_path / "x.wacz", b"Gone." * 100, 500)
    patched(path, 31, b"\xff\xff\xff")
    member = Zip(path).members["a"]

    with pytest.raises(DamagedZip, match="'a' cannot be inflated"), member.open() as file:
        file.read()


def test_a_deflated_member_with_another_checksum_is_refused(tmp_path: Path) -> None:
    path = deflated(tmp_path / "x.wacz", b"Gone." * 100, 500)
    patched(path, entry_of(path) + 16, b"\x00\x00\x00\x00")
    member = Zip(path).members["a"]

    with (
        pytest.raises(DamagedZip, match="is not what its checksum says"),
        member.open() as file,
    ):
        file.read()
