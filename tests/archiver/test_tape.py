"""Tapes in memory, on disk, and on a disk that refuses more."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.tape import Tape
from tests.disk import files_end_at

LONG = bytes(range(256)) * 10_000  # some 2.4 MiB


def test_an_empty_tape_holds_nothing() -> None:
    tape = Tape()

    assert (tape.size, tape.read(), list(tape.chunks())) == (0, b"", [])


@pytest.mark.parametrize(
    ("limit", "is_on_disk"), [(0, True), (10, True), (11, False), (1 << 20, False)]
)
def test_octets_beyond_the_limit_move_to_disk(
    tmp_path: Path, limit: int, is_on_disk: bool
) -> None:
    tape = Tape(limit, tmp_path)

    tape.write(b"hello ")
    tape.write(b"world")

    assert (tape.size, tape.read()) == (11, b"hello world")
    assert tape.is_on_disk() is is_on_disk
    tape.close()


def written(pieces: Iterable[bytes], limit: int) -> Tape:
    tape = Tape(limit)
    for piece in pieces:
        tape.write(piece)
    return tape


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(0, 120))
def test_any_octets_come_back_in_order(pieces: list[bytes], limit: int) -> None:
    with closing(written(pieces, limit)) as tape:
        assert tape.read() == b"".join(pieces)
        assert tape.size == sum(len(piece) for piece in pieces)


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_a_tape_is_read_as_often_as_anybody_likes(tmp_path: Path, limit: int) -> None:
    tape = Tape(limit, tmp_path)
    tape.write(b"hello")

    assert [tape.read(), tape.read()] == [b"hello", b"hello"]
    tape.close()


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_two_who_read_at_once_do_not_disturb_each_other(tmp_path: Path, limit: int) -> None:
    tape = Tape(limit, tmp_path)
    tape.write(LONG)

    first, second = zip(*zip(tape.chunks(), tape.chunks(), strict=True), strict=True)

    assert b"".join(first) == LONG
    assert b"".join(second) == LONG
    tape.close()


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_what_is_written_after_a_look_comes_after_the_rest(tmp_path: Path, limit: int) -> None:
    tape = Tape(limit, tmp_path)
    tape.write(LONG)
    next(tape.chunks())

    tape.write(b"the end")

    assert tape.read() == LONG + b"the end"
    tape.close()


def test_chunks_from_disk_are_at_most_a_mebibyte(tmp_path: Path) -> None:
    tape = Tape(0, tmp_path)
    tape.write(LONG)

    assert [len(chunk) for chunk in tape.chunks()] == [1 << 20, 1 << 20, 462_848]
    tape.close()


def test_a_tape_on_disk_has_no_name_there(tmp_path: Path) -> None:
    tape = Tape(0, tmp_path)

    tape.write(b"hello")

    assert (tape.is_on_disk(), list(tmp_path.iterdir())) == (True, [])
    tape.close()


def test_the_folder_is_made_when_it_is_needed_and_not_before(tmp_path: Path) -> None:
    tape = Tape(5, tmp_path / "spool" / "deep")

    tape.write(b"hello")
    before = (tmp_path / "spool").exists()
    tape.write(b"!")

    assert (before, (tmp_path / "spool" / "deep").is_dir()) == (False, True)
    tape.close()


def test_without_a_folder_the_systems_own_is_used() -> None:
    tape = Tape(0)

    tape.write(b"hello")

    assert (tape.read(), tape.is_on_disk()) == (b"hello", True)
    tape.close()


def test_a_tape_made_of_octets_holds_them_in_memory() -> None:
    tape = Tape.of(b"hello")

    assert (tape.size, tape.read(), tape.is_on_disk()) == (5, b"hello", False)


def test_a_sibling_is_empty_and_has_the_same_limit_and_folder(tmp_path: Path) -> None:
    tape = Tape(3, tmp_path / "spool")
    tape.write(b"he")

    sibling = tape.sibling()
    sibling.write(b"hell")

    assert (sibling.read(), tape.read()) == (b"hell", b"he")
    assert (sibling.is_on_disk(), (tmp_path / "spool").is_dir()) == (True, True)
    sibling.close()


@pytest.mark.parametrize("limit", [0, 100])
def test_closing_twice_is_harmless(tmp_path: Path, limit: int) -> None:
    tape = Tape(limit, tmp_path)
    tape.write(b"hello")

    tape.close()
    tape.close()


# A disk that refuses more


def test_a_refused_write_leaves_the_tape_as_it_was(tmp_path: Path) -> None:
    tape = Tape(0, tmp_path)
    tape.write(b"a" * 3000)

    with files_end_at(5000), pytest.raises(OSError, match="File too large"):
        tape.write(b"b" * 3000)

    assert (tape.size, tape.read()) == (3000, b"a" * 3000)
    tape.close()


def test_a_refused_move_to_disk_leaves_the_tape_as_it_was(tmp_path: Path) -> None:
    tape = Tape(3000, tmp_path)
    tape.write(b"a" * 3000)

    with files_end_at(2000), pytest.raises(OSError, match="File too large"):
        tape.write(b"b" * 3000)

    assert (tape.size, tape.read()) == (3000, b"a" * 3000)
    tape.close()


def test_a_tape_goes_on_once_there_is_room_again(tmp_path: Path) -> None:
    tape = Tape(0, tmp_path)
    tape.write(b"a" * 3000)
    with files_end_at(5000), pytest.raises(OSError, match="File too large"):
        tape.write(b"b" * 3000)

    tape.write(b"c" * 3000)

    assert (tape.size, tape.read()) == (6000, b"a" * 3000 + b"c" * 3000)
    tape.close()


def test_a_tape_is_closed_whatever_the_disk_says(tmp_path: Path) -> None:
    tape = Tape(0, tmp_path)

    with files_end_at(0):
        with pytest.raises(OSError, match="File too large"):
            tape.write(b"hello")
        tape.close()


def test_a_folder_that_cannot_be_made_is_an_error_of_the_disk(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"a file")
    tape = Tape(0, tmp_path / "spool")

    with pytest.raises(FileExistsError):
        tape.write(b"hello")

    assert (tape.size, tape.read()) == (0, b"")
