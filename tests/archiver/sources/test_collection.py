from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from archiver.places import Place
from tests.archiver.landing import Counting
from tests.archiver.quay import STEM, Spoil, build
from tests.archiver.sources.crates import Told, pages, urls

WARC = f"archive/{STEM}.warc.gz"
PAGE = {
    "id": "00000000-0000-4000-8000-000000000001",
    "url": "http://quay.example/ferry",
    "ts": "2026-03-04T05:06:07.000000Z",
}


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture(params=["disk", "store"])
def quay(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """The collection of the quay, on a disk and in a store."""
    path = build(tmp_path)
    return path if request.param == "disk" else Counting(tmp_path).place("quay")


def test_a_collection_is_a_part_for_each_stem_that_is_sealed(quay: Place, told: Told) -> None:
    with told.opened(quay) as source:
        assert source.title == "quay"
        (part,) = source.parts
        (member,) = part.members
        assert part.shown == member.shown == f"{quay}/{WARC}"
        assert source.members == {f"{STEM}.warc.gz": member}
        with member.open() as file:
            assert len(file.read()) == member.size
        assert urls(source) == ["crane", "ferry"]
        assert pages(source) == [PAGE]
    assert told == []


def test_a_manifest_says_what_its_warc_hashes_to(tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path)
    manifest = json.loads((quay / "manifests" / f"{STEM}.json").read_bytes())

    with told.opened(quay) as source:
        (member,) = source.members.values()
    assert member.sha256 == manifest["files"][0]["sha256"]


def test_to_open_a_collection_in_a_store_reads_its_manifests_and_nothing_else(
    tmp_path: Path, told: Told
) -> None:
    build(tmp_path)
    store = Counting(tmp_path)

    with told.opened(store.place("quay")) as source:
        assert store.opened == [f"quay/manifests/{STEM}.json"]
        (entry,) = source.index().captures("http://quay.example/ferry")
        assert store.opened[1:] == [f"quay/indexes/{STEM}.cdxj"]
        with source.record(entry.location) as record:
            assert record.target == "http://quay.example/ferry"
        assert store.opened[2:] == [f"quay/{WARC}"]


def test_a_stem_that_grows_is_left_out(tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path)
    (quay / "archive" / "growing.warc.gz.open").write_bytes(b"\x1f\x8b")
    (quay / "archive" / "unfinished.warc.gz").write_bytes(b"\x1f\x8b")

    with told.opened(quay) as source:
        assert list(source.members) == [f"{STEM}.warc.gz"]


def test_two_copies_of_a_collection_are_told_apart(tmp_path: Path, told: Told) -> None:
    with told.opened(build(tmp_path / "one"), build(tmp_path / "two")) as source:
        assert list(source.members) == [f"{STEM}.warc.gz", f"2-{STEM}.warc.gz"]
        assert urls(source) == ["crane", "crane", "ferry", "ferry"]


# What is amiss


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_manifest_seals_nothing(content: bytes, tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path)
    path = quay / "manifests" / "other.json"
    path.write_bytes(content)

    with told.opened(quay) as source:
        assert urls(source) == ["crane", "ferry"]
    assert told == [f"{path} is no manifest of ours, and what it seals is left out"]


def test_a_newer_version_is_asked_for_where_one_has_written(tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path, Spoil("manifest", '"version": 1', '"version": 2'))

    with pytest.raises(ArchiveError, match="was written by a newer version: upgrade archiver"):
        told.opened(quay)


@pytest.mark.parametrize(
    "spoil",
    [
        Spoil("manifest", '"files"', '"Files"'),
        Spoil("manifest", '"bytes": ', '"bytes": "x", "was": '),
        Spoil("manifest", f'"{WARC}"', '"archive/../../x.warc.gz"'),
    ],
)
def test_a_collection_whose_manifests_seal_no_warc_is_refused(
    spoil: Spoil, tmp_path: Path, told: Told
) -> None:
    quay = build(tmp_path, spoil)

    with pytest.raises(ArchiveError, match="holds nothing that is sealed"):
        told.opened(quay)
    assert told == [
        f"{quay}/manifests/{STEM}.json seals {quay}/{WARC}, which is not there: "
        "`archiver check` says what is amiss"
    ]


def test_a_warc_that_has_gone_is_told(tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path)
    (quay / WARC).unlink()

    with pytest.raises(ArchiveError, match="holds nothing that is sealed"):
        told.opened(quay)
    assert told[0].startswith(f"{quay}/manifests/{STEM}.json seals {quay}/{WARC}, which is not ")


def test_a_warc_of_another_size_is_believed_as_far_as_it_goes(tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path)
    octets = (quay / WARC).read_bytes()
    (quay / WARC).write_bytes(octets[:1500])

    with told.opened(quay) as source:
        (member,) = source.members.values()
        assert (member.size, member.sha256) == (1500, sha256(octets).hexdigest())
        assert urls(source) == ["ferry"]

    assert told[0] == (
        f"{quay}/{WARC} has 1500 octets where {len(octets)} were sealed: "
        "`archiver check` says more"
    )
    assert told[1].startswith(f"{quay}/indexes/{STEM}.cdxj: 1 index line left out: b'")


def test_without_its_index_and_pages_a_stem_has_none_and_that_is_told(
    quay: Place, tmp_path: Path, told: Told
) -> None:
    (tmp_path / "quay" / "indexes" / f"{STEM}.cdxj").unlink()
    (tmp_path / "quay" / "pages" / f"{STEM}.jsonl").unlink()

    with told.opened(quay) as source:
        assert urls(source) == []
        assert pages(source) == []

    assert [sentence.partition("/quay/")[2].partition(" ")[0] for sentence in told] in (
        [f"indexes/{STEM}.cdxj", f"pages/{STEM}.jsonl"],
        ["", ""],
    )
    assert told[0].endswith(": what it lists cannot be found")
    assert told[1].endswith(": the pages that it lists are left out")


@pytest.mark.parametrize("version", ["null", '"1"', "1.5"])
def test_a_version_that_is_no_number_is_a_newer_one(
    version: str, tmp_path: Path, told: Told
) -> None:
    quay = build(tmp_path, Spoil("manifest", '"version": 1', f'"version": {version}'))

    with pytest.raises(ArchiveError, match="newer version"):
        told.opened(quay)


@pytest.mark.parametrize(("folder", "ending"), [("indexes", "cdxj"), ("pages", "jsonl")])
def test_what_is_not_as_sealed_is_told_once_however_often_it_is_read(
    folder: str, ending: str, quay: Place, tmp_path: Path, told: Told
) -> None:
    path = tmp_path / "quay" / folder / f"{STEM}.{ending}"
    sealed = path.read_bytes()
    forged = sealed.replace(b"http://quay", b"hxxp://quay")
    path.write_bytes(forged)

    with told.opened(quay) as source:
        views = [source, source.of(source.parts)]
        assert told == []
        for view in views:
            view.index()
            list(view.page_lines())
        assert list(source.told) == told

    assert told == [
        f"{quay}/{folder}/{STEM}.{ending} is not what was sealed (SHA-256 "
        f"{sha256(forged).hexdigest()}, not {sha256(sealed).hexdigest()}): `archiver check` says "
        "more"
    ]


def test_what_a_manifest_does_not_seal_is_told(tmp_path: Path, told: Told) -> None:
    quay = build(tmp_path, Spoil("manifest", f'"pages/{STEM}.jsonl"', '"pages/x.jsonl"'))

    with told.opened(quay) as source:
        assert pages(source) == [PAGE]
    assert told == [
        f"{quay}/pages/{STEM}.jsonl is not among what its manifest seals: `archiver check` says "
        "more"
    ]
