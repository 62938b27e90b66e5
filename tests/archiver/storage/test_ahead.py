"""The proof of a large file while its parts are under way: each part in time, or the reason."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from archiver.errors import FileDamaged, StoreError
from archiver.storage.ahead import Ahead
from archiver.storage.proof import proof_of
from tests.archiver.storage.buckets import LARGE

SHA256 = hashlib.sha256(LARGE).hexdigest()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large"
    path.write_bytes(LARGE)
    return path


@pytest.mark.parametrize("with_sha256", [False, True])
def test_what_is_known_ahead_is_what_a_reading_from_end_to_end_tells(
    large: Path, with_sha256: bool
) -> None:
    ahead = Ahead(large, SHA256, len(LARGE), with_part_sha256=with_sha256)
    whole = proof_of(large, with_part_sha256=with_sha256)

    assert (ahead.part(0), ahead.part(1)) == whole.parts
    assert ahead.proof() == whole
    assert ahead.part_size == whole.part_size


def test_a_part_is_asked_for_in_any_order(large: Path) -> None:
    ahead = Ahead(large, SHA256, len(LARGE), with_part_sha256=False)

    assert (ahead.part(1), ahead.part(0)) == proof_of(large).parts[::-1]


def test_a_file_with_another_digest_is_not_proven(large: Path) -> None:
    ahead = Ahead(large, "0" * 64, len(LARGE), with_part_sha256=False)

    with pytest.raises(FileDamaged, match="it has another SHA-256 than when it was sealed"):
        ahead.proof()


def test_a_file_that_has_become_shorter_has_no_such_part(large: Path) -> None:
    ahead = Ahead(large, SHA256, len(LARGE), with_part_sha256=False)

    with pytest.raises(StoreError, match="has become shorter while it was read"):
        ahead.part(2)


def test_a_file_that_cannot_be_read_is_told_to_whoever_asks(tmp_path: Path) -> None:
    ahead = Ahead(tmp_path / "gone", SHA256, len(LARGE), with_part_sha256=False)

    for ask in (lambda: ahead.part(0), ahead.proof):
        with pytest.raises(StoreError, match="gone cannot be read: No such file"):
            ask()
