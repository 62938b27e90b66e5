"""A WACZ gets its name when it is whole; what does not get so far leaves nothing behind."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from archiver.disk import DISK
from archiver.wacz.draft import Drafts, NotWritten, Output, ZipWriter
from archiver.zipped import Zip
from tests.disk import files_end_at

FULL = Path("/dev/full")
CREATED = datetime(2026, 3, 4, 5, 6, 8, tzinfo=UTC)


def test_a_draft_gets_its_name_when_it_is_published(tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"
    with Drafts() as drafts:
        with drafts.open(target) as output:
            output.write(b"whole")
        before = [path.name for path in tmp_path.iterdir()]
        drafts.publish()

    assert before == ["x.wacz.open"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.wacz"]
    assert target.read_bytes() == b"whole"


def test_what_is_not_published_is_taken_away(tmp_path: Path) -> None:
    with Drafts() as drafts, drafts.open(tmp_path / "x.wacz") as output:
        output.write(b"half")

    assert list(tmp_path.iterdir()) == []


def interrupted(folder: Path) -> None:
    with Drafts() as drafts:
        with drafts.open(folder / "a.wacz") as output:
            output.write(b"whole")
        with drafts.open(folder / "b.wacz") as output, ZipWriter(output, CREATED) as archive:
            archive.add("a", 1, [b"x"])
            raise KeyboardInterrupt


def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"
    target.write_bytes(b"precious")

    with pytest.raises(NotWritten) as refusal, Drafts() as drafts, drafts.open(target):
        pass

    assert str(refusal.value) == f"{target} exists already: name another"
    assert target.read_bytes() == b"precious"


def test_what_comes_to_exist_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"
    with Drafts() as drafts:
        with drafts.open(target) as output:
            output.write(b"whole")
        target.write_bytes(b"precious")
        with pytest.raises(NotWritten, match="exists by now: name another"):
            drafts.publish()

    assert target.read_bytes() == b"precious"
    assert [path.name for path in tmp_path.iterdir()] == ["x.wacz"]


def test_the_draft_of_another_is_left_alone(tmp_path: Path) -> None:
    draft = tmp_path / "x.wacz.open"
    draft.write_bytes(b"theirs")

    with (
        pytest.raises(NotWritten, match="is in the way, of an export that runs or was killed"),
        Drafts() as drafts,
        drafts.open(tmp_path / "x.wacz"),
    ):
        pass

    assert draft.read_bytes() == b"theirs"


def too_much(target: Path) -> None:
    with Drafts() as drafts, drafts.open(target) as output, ZipWriter(output, CREATED) as archive:
        archive.add("a", 200_000, [bytes(200_000)])


def test_a_disk_that_is_full_is_said_in_one_sentence(tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"

    with pytest.raises(NotWritten) as refusal, files_end_at(100_000):
        too_much(target)

    assert str(refusal.value) == (
        f"{target} cannot be written (File too large): name another place"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_one_sentence(tmp_path: Path) -> None:
    target = tmp_path / "nowhere" / "x.wacz"

    with pytest.raises(NotWritten) as refusal, Drafts() as drafts, drafts.open(target):
        pass

    assert str(refusal.value) == (
        f"{target} cannot be written (No such file or directory): make the folder "
        f"{tmp_path}/nowhere, or name another place"
    )


def test_what_is_no_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes").write_bytes(b"")
    target = tmp_path / "notes" / "x.wacz"

    with pytest.raises(NotWritten) as refusal, Drafts() as drafts, drafts.open(target):
        pass

    assert str(refusal.value) == (
        f"{target} cannot be written (Not a directory): name another place"
    )


def test_room_is_asked_for_where_there_is_none(tmp_path: Path) -> None:
    target = tmp_path / "x.wacz"

    with FULL.open("wb", buffering=0) as file, pytest.raises(NotWritten) as refusal:
        Output(cast("BinaryIO", file), target, DISK).write(b"whole")

    assert str(refusal.value) == (
        f"{target} cannot be written (No space left on device): make room, or name another place"
    )


def test_what_is_written_can_be_hashed_before_it_is_published(tmp_path: Path) -> None:
    with Drafts() as drafts, drafts.open(tmp_path / "x.wacz") as output:
        output.write(b"whole")

        assert output.hashed() == (5, hashlib.sha256(b"whole").hexdigest())


@pytest.mark.parametrize("is_large", [False, True])
def test_entries_are_stored_and_can_be_read(is_large: bool, tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    with Drafts() as drafts:
        with drafts.open(path) as output, ZipWriter(output, CREATED, is_large=is_large) as archive:
            archive.add("archive/data.warc.gz", 6, [b"one", b"two"])
            archive.add("pages/pägés.jsonl", 0, [])
        drafts.publish()

    with zipfile.ZipFile(path) as judge:
        assert judge.testzip() is None
        assert [(info.filename, info.compress_type) for info in judge.infolist()] == [
            ("archive/data.warc.gz", zipfile.ZIP_STORED),
            ("pages/pägés.jsonl", zipfile.ZIP_STORED),
        ]
        assert judge.read("archive/data.warc.gz") == b"onetwo"
    # Only an entry that is to be a large one has a zip64 field (APPNOTE 4.5.3).
    assert (b"\x01\x00\x10\x00\x06\x00\x00\x00" in path.read_bytes()) is is_large
    with Zip(path).members["archive/data.warc.gz"].open() as file:
        assert file.read() == b"onetwo"


def test_a_zip_tells_the_same_time_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    there = CREATED.astimezone(timezone(timedelta(hours=-9)))
    with Drafts() as drafts:
        with drafts.open(path) as output, ZipWriter(output, there) as archive:
            archive.add("a", 0, [])
        drafts.publish()

    with zipfile.ZipFile(path) as judge:
        assert judge.getinfo("a").date_time == (2026, 3, 4, 5, 6, 8)
        assert judge.getinfo("a").external_attr >> 16 == 0o644
