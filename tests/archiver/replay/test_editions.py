"""What is shown of an archive that grows, goes away, or is not fit to be shown as it is."""

from __future__ import annotations

import io
import shutil
import zipfile
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest

from archiver.replay.editions import Editions
from archiver.wacz.proof import lies
from tests.archiver.landing import Counting
from tests.archiver.quay import STEM, build
from tests.archiver.sources.crates import packed, wacz, warc
from tests.archiver.wacz.packing import PAGES, pack, repack, swap

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
    manifest = (collection / "manifests" / f"{STEM}.json").read_text("ascii")
    for path in [*collection.glob(f"*/{STEM}.*")]:
        octets = path.read_bytes()
        later = octets.replace(STEM.encode(), LATER.encode())
        path.with_name(path.name.replace(STEM, LATER)).write_bytes(later)
        manifest = manifest.replace(sha256(octets).hexdigest(), sha256(later).hexdigest())
    later_manifest = collection / "manifests" / f"{LATER}.json"
    later_manifest.write_text(manifest.replace(STEM, LATER), encoding="ascii")


def test_a_wacz_whose_warc_is_deflated_is_laid_out_anew(tmp_path: Path) -> None:
    member = warc("ferry")
    path = packed(tmp_path / "theirs.wacz", {"archive/data.warc.gz": member}, is_deflated=True)
    told: list[str] = []
    with closing(Editions([path], told.append)) as held:
        octets = b"".join(held.latest().wacz.whole())
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        assert archive.read("archive/data.warc.gz") == member
        assert archive.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED


def test_a_wacz_whose_pages_lie_is_laid_out_anew_and_said_to_lie_once(tmp_path: Path) -> None:
    path = pack(tmp_path)
    repack(path, {PAGES: swap(b"/ferry", b"/fairy")}, fits=False)
    told: list[str] = []
    with closing(Editions([path], told.append)) as held:
        octets = b"".join(held.latest().wacz.whole())
        held.say_once(next(iter(lies(path))))

    assert octets != path.read_bytes()
    assert [sentence.partition(" with ")[0] for sentence in told] == [f"{path} holds '{PAGES}'"]


def test_a_wacz_that_tells_the_truth_is_shown_as_it_lies(tmp_path: Path) -> None:
    path = pack(tmp_path)
    with closing(Editions([path], pytest.fail)) as held:
        assert b"".join(held.latest().wacz.whole()) == path.read_bytes()


def test_a_wacz_with_a_url_that_browsers_write_otherwise_is_laid_out_anew(tmp_path: Path) -> None:
    path = wacz(tmp_path / "theirs.wacz", "a<b>")
    with closing(Editions([path], pytest.fail)) as held:
        octets = b"".join(held.latest().wacz.whole())
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        index = archive.read("indexes/index.cdxj")
        assert b'"url": "http://quay.example/a<b>"' in index
        assert b'"url": "http://quay.example/a%3Cb%3E"' in index
