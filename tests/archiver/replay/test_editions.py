"""What is shown of an archive that grows, goes away, or is not fit to be shown as it is."""

from __future__ import annotations

import io
import shutil
import zipfile
from contextlib import closing
from pathlib import Path

from archiver.replay.editions import Editions
from tests.archiver.landing import Counting
from tests.archiver.quay import STEM, build
from tests.archiver.sources.crates import packed, warc

LATER = STEM.replace("00c0ffee", "00c0ffef")


def test_what_was_sealed_meanwhile_is_a_new_edition(tmp_path: Path) -> None:
    collection = build(tmp_path)
    told: list[str] = []
    with closing(Editions([collection], told.append, fresh_seconds=0)) as held:
        first, again = held.latest(), held.latest()
        grow(collection)
        second = held.latest()

        assert first is again
        assert first.address != second.address
        assert held.find(first.token) is first
        assert first.wacz.size < second.wacz.size
        assert b"".join(first.wacz.read(0, 4)) == b"PK\x03\x04"
    assert told == []


def test_what_was_sealed_meanwhile_in_a_bucket_is_a_new_edition(tmp_path: Path) -> None:
    collection = build(tmp_path)
    told: list[str] = []
    place = Counting(tmp_path).place(collection.name)
    with closing(Editions([place], told.append, fresh_seconds=0)) as held:
        first = held.latest()
        grow(collection)

        assert held.latest().wacz.size > first.wacz.size
    assert told == []


def test_what_was_there_is_shown_on_when_it_can_be_read_no_more(tmp_path: Path) -> None:
    collection = build(tmp_path)
    told: list[str] = []
    with closing(Editions([collection], told.append, fresh_seconds=0)) as held:
        first = held.latest()
        shutil.rmtree(collection)

        assert held.latest() is held.latest() is first
    assert len(told) == 1
    assert str(collection) in told[0]


def grow(collection: Path) -> None:
    """Seal in *collection* what it has once more, under another stem."""
    for path in [*collection.glob(f"*/{STEM}.*")]:
        octets = path.read_bytes().replace(STEM.encode(), LATER.encode())
        path.with_name(path.name.replace(STEM, LATER)).write_bytes(octets)


def test_a_wacz_whose_warc_is_deflated_is_laid_out_anew(tmp_path: Path) -> None:
    member = warc("ferry")
    path = packed(tmp_path / "theirs.wacz", {"archive/data.warc.gz": member}, is_deflated=True)
    told: list[str] = []
    with closing(Editions([path], told.append)) as held:
        octets = b"".join(held.latest().wacz.whole())
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.read("archive/data.warc.gz") == member
        assert archive.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
