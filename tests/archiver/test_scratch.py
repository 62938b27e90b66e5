"""Lines that come in any order and leave in the order of their records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.scratch import Scratch
from tests.disk import files_end_at


@pytest.fixture
def scratch(tmp_path: Path) -> Iterator[Scratch]:
    scratch = Scratch(tmp_path / "pages.open")
    yield scratch
    scratch.close()


def test_lines_come_back_by_ascending_key(scratch: Scratch) -> None:
    scratch.add(300, b"third\n")
    scratch.add(1, b"first\n")
    scratch.add(20, b"second\n")

    assert list(scratch.sorted_lines()) == [b"first\n", b"second\n", b"third\n"]
    assert len(scratch) == 3


def test_a_scratch_without_lines_gives_none(scratch: Scratch) -> None:
    assert (list(scratch.sorted_lines()), len(scratch)) == ([], 0)


def test_a_line_is_on_disk_as_soon_as_it_is_added(scratch: Scratch) -> None:
    scratch.add(2, b"two\n")
    scratch.add(1, b"one\n")

    assert scratch.path.read_bytes() == b"two\none\n"


def test_lines_may_be_added_after_they_were_read(scratch: Scratch) -> None:
    scratch.add(2, b"two\n")

    list(scratch.sorted_lines())
    scratch.add(1, b"one\n")

    assert list(scratch.sorted_lines()) == [b"one\n", b"two\n"]


def test_lines_may_be_added_while_they_are_read(scratch: Scratch) -> None:
    scratch.add(1, b"one\n")
    scratch.add(2, b"two\n")

    next(scratch.sorted_lines())
    scratch.add(3, b"three\n")

    assert list(scratch.sorted_lines()) == [b"one\n", b"two\n", b"three\n"]


def test_a_key_may_be_given_only_once(scratch: Scratch) -> None:
    scratch.add(1, b"one\n")

    with pytest.raises(ValueError, match=r"pages\.open has a line for 1 already"):
        scratch.add(1, b"uno\n")

    assert list(scratch.sorted_lines()) == [b"one\n"]


def test_a_file_that_is_there_already_is_never_taken_over(tmp_path: Path) -> None:
    (tmp_path / "pages.open").write_bytes(b"another's\n")

    with pytest.raises(FileExistsError):
        Scratch(tmp_path / "pages.open")

    assert (tmp_path / "pages.open").read_bytes() == b"another's\n"


def test_a_closed_scratch_stays_where_it_is(scratch: Scratch) -> None:
    scratch.add(1, b"one\n")

    scratch.close()
    scratch.close()

    assert scratch.path.read_bytes() == b"one\n"


def test_a_line_that_the_disk_refuses_leaves_no_part_of_itself(scratch: Scratch) -> None:
    scratch.add(2, b"two\n")

    with files_end_at(7), pytest.raises(OSError, match="File too large"):
        scratch.add(1, b"a line that is too long\n")

    assert scratch.path.read_bytes() == b"two\n"
    assert (list(scratch.sorted_lines()), len(scratch)) == ([b"two\n"], 1)


def test_a_refused_line_may_be_added_again_once_there_is_room(scratch: Scratch) -> None:
    scratch.add(2, b"two\n")
    with files_end_at(7), pytest.raises(OSError, match="File too large"):
        scratch.add(1, b"a line that is long\n")

    scratch.add(1, b"a line that is long\n")

    assert list(scratch.sorted_lines()) == [b"a line that is long\n", b"two\n"]
    assert scratch.path.read_bytes() == b"two\na line that is long\n"
