"""What is there of a stem: all of it once it is sealed, what was kept while it grows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.growing import is_kept, is_sealed
from archiver.storage import LocalStore

MANIFEST = {
    "files": [
        {"path": "indexes/a.cdxj", "bytes": 300},
        {"path": "archive/a.warc.gz", "bytes": 10},
        {"path": "text/a.jsonl.gz", "bytes": 300},
    ]
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a collection with a sealed stem `a` and a growing one, `b`."""
    folder = tmp_path / "news"
    (folder / "manifests").mkdir(parents=True)
    (folder / "manifests/a.json").write_text(json.dumps(MANIFEST))
    (folder / "archive").mkdir()
    (folder / "archive/a.warc.gz").write_bytes(b"x" * 10)
    (folder / "archive/b.warc.gz.open").write_bytes(b"x" * 10)
    (folder / "archive/c.warc.gz").write_bytes(b"x" * 10)
    return folder


@pytest.mark.parametrize(
    ("filename", "expected"),
    [("a.warc.gz", True), ("b.warc.gz", False), ("c.warc.gz", False), ("d.warc.gz", False)],
)
def test_a_warc_is_sealed_once_it_has_a_manifest(
    folder: Path, filename: str, expected: bool
) -> None:
    assert is_sealed(LocalStore(folder.parent), "news")(filename) is expected


@pytest.mark.parametrize(
    ("filename", "offset", "expected"),
    [
        ("a.warc.gz", 9, True),
        ("a.warc.gz", 10, False),
        ("b.warc.gz", 0, True),
        ("b.warc.gz", 9, True),
        ("b.warc.gz", 10, False),
        ("c.warc.gz", 0, False),
        ("d.warc.gz", 0, False),
    ],
)
def test_a_record_is_kept_if_it_was_not_cut_off(
    folder: Path, filename: str, offset: int, expected: bool
) -> None:
    assert is_kept(LocalStore(folder.parent), "news", folder)(filename, offset) is expected


def test_a_stem_of_another_collection_is_not_ours(folder: Path) -> None:
    assert not is_sealed(LocalStore(folder.parent), "old")("a.warc.gz")
