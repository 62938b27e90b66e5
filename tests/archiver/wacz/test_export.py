"""What is written as a WACZ comes back as it was, and others take it for one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archiver.check import check_path
from archiver.errors import ArchiveError
from archiver.sources import Member, open_source
from archiver.wacz.export import Export
from archiver.wacz.proof import lies
from tests.archiver.quay import STEM, build, foreign
from tests.archiver.wacz.packing import CREATED, PAGES, export, pack, repack, swap
from tests.disk import files_end_at

HOW = Export(title="quay", created=CREATED, signer=None, say=print, complain=print)


@pytest.fixture
def loose(tmp_path: Path) -> Path:
    path = tmp_path / "loose.warc"
    fields = "Content-Type: text/plain\n"
    path.write_bytes(foreign("resource", fields, b"Gone.") * 2)
    return path


def read(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package_of(path: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(read(path)["datapackage.json"])
    return package


def octets_of(member: Member) -> bytes:
    with member.open() as file:
        return file.read()


def opened(*places: Path) -> dict[str, Any]:
    """Return all that the source at *places* gives."""
    with open_source(places, complain=pytest.fail) as source:
        return {
            "index": list(source.index().lines()),
            "pages": list(source.page_lines()),
            "members": {name: octets_of(member) for name, member in source.members.items()},
        }


# What is written


def test_a_collection_becomes_a_wacz_of_the_same_contents(tmp_path: Path) -> None:
    path = pack(tmp_path)

    assert opened(path) == opened(tmp_path / "quay")


def test_its_files_are_those_of_the_specification(tmp_path: Path) -> None:
    assert list(read(pack(tmp_path))) == [
        f"archive/{STEM}.warc.gz",
        "indexes/index.cdxj",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]


def test_several_sources_become_one_wacz(tmp_path: Path, loose: Path) -> None:
    collection, path = build(tmp_path), tmp_path / "x.wacz"

    export([collection, loose], path)

    assert opened(path)["members"].keys() == {f"{STEM}.warc.gz", "loose.warc"}
    assert opened(path)["index"] == sorted(opened(collection)["index"] + opened(loose)["index"])


def test_it_is_written_in_the_same_octets_again(tmp_path: Path) -> None:
    collection = build(tmp_path)

    export([collection], tmp_path / "a.wacz")
    export([collection], tmp_path / "b.wacz")

    assert (tmp_path / "a.wacz").read_bytes() == (tmp_path / "b.wacz").read_bytes()


def test_it_has_the_title_of_its_source_or_the_one_that_is_given(tmp_path: Path) -> None:
    collection = build(tmp_path)

    export([collection], tmp_path / "a.wacz")
    export([collection], tmp_path / "b.wacz", title="The quay, in March")

    assert package_of(tmp_path / "a.wacz")["title"] == "quay"
    assert package_of(tmp_path / "b.wacz")["title"] == "The quay, in March"


def test_its_package_describes_what_is_in_it(tmp_path: Path) -> None:
    path = pack(tmp_path)

    assert list(lies(path)) == []
    assert [entry["bytes"] for entry in package_of(path)["resources"]] == [
        len(octets) for octets in list(read(path).values())[:3]
    ]


def test_a_large_index_is_laid_out_in_blocks(tmp_path: Path) -> None:
    collection, path = build(tmp_path), tmp_path / "x.wacz"
    with open_source([collection], complain=print) as source:
        replace(HOW, large_index=100).to(source, path)

    assert list(read(path))[1:3] == ["indexes/index.cdx.gz", "indexes/index.idx"]
    assert opened(path) == opened(collection)
    assert list(check_path(path)) == []


# What others say of it


VALIDATE = """
import sys
from wacz.main import main
statuses = [main(["validate", "-f", path]) for path in sys.argv[1:]]
print(statuses)
"""


def py_wacz_says(*paths: Path) -> str:
    """Return the statuses with which `wacz validate` leaves, in a process of its own."""
    command = [sys.executable, "-c", VALIDATE, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    return done.stdout.splitlines()[-1]


def test_py_wacz_finds_it_valid_and_a_lie_in_one_that_lies(tmp_path: Path) -> None:
    path, signed, lying = (tmp_path / name for name in ("a.wacz", "b.wacz", "c.wacz"))
    collection = build(tmp_path)
    export([collection], path)
    export([collection], signed, key=tmp_path / "key.pem")
    repack(Path(shutil.copy(path, lying)), {PAGES: swap(b"/ferry", b"/fairy")}, fits=False)

    assert py_wacz_says(path, signed, lying) == "[0, 0, 1]"


def test_what_others_archived_becomes_a_valid_wacz(shared: Path, tmp_path: Path) -> None:
    names = ("example-collection.warc", "example-iana.warc", "example-resource.warc.gz")
    paths = [tmp_path / f"{name}.wacz" for name in names]
    for name, path in zip(names, paths, strict=True):
        export([shared / "corpus" / "py-wacz" / name], path)

    assert py_wacz_says(*paths) == "[0, 0, 0]"
    assert [[str(f) for f in check_path(p) if f.severity == "fault"] for p in paths] == [[]] * 3


def test_a_wacz_of_others_becomes_one_of_ours(shared: Path, tmp_path: Path) -> None:
    theirs = shared / "corpus" / "py-wacz" / "valid_example_2.wacz"
    path = tmp_path / "x.wacz"

    export([theirs], path)

    assert opened(path) == opened(theirs)
    assert [fault for fault in check_path(path) if fault.severity == "fault"] == []


def faults_of(path: Path) -> list[str]:
    return [str(fault) for fault in check_path(path) if fault.severity != "note"]


def test_what_is_sound_is_sound_as_a_wacz(shared: Path, tmp_path: Path) -> None:
    corpus = [path for path in sorted((shared / "corpus").glob("*/*")) if path.is_file()]
    sound = [path for path in corpus if not faults_of(path)]
    targets = {path: tmp_path / f"{number}.wacz" for number, path in enumerate(sound)}

    for path, target in targets.items():
        export([path], target)

    assert len(sound) > 20
    assert {path.name: faults_of(target) for path, target in targets.items()} == {
        path.name: [] for path in sound
    }


# Several


def test_a_multi_wacz_is_opened_as_what_it_was_made_of(tmp_path: Path, loose: Path) -> None:
    collection = build(tmp_path)

    paths = export([collection, loose], tmp_path / "x.wacz", split_size=1)

    assert [path.name for path in paths] == ["x-00001.wacz", "x-00002.wacz", "x.json"]
    assert opened(paths[-1]) == opened(collection, loose)


def test_every_part_is_a_wacz_of_its_own(tmp_path: Path, loose: Path) -> None:
    paths = export([build(tmp_path), loose], tmp_path / "x.wacz", split_size=1)

    assert py_wacz_says(*paths[:2]) == "[0, 0]"
    assert [next(iter(read(path))) for path in paths[:2]] == [
        f"archive/{STEM}.warc.gz",
        "archive/loose.warc",
    ]


def test_the_list_has_what_replayers_ask_for(tmp_path: Path, loose: Path) -> None:
    paths = export([build(tmp_path), loose], tmp_path / "x.wacz", split_size=1)

    listing = json.loads(paths[-1].read_bytes())
    assert (listing["profile"], listing["title"]) == ("multi-wacz-package", "quay")
    assert [entry["path"] for entry in listing["resources"]] == ["x-00001.wacz", "x-00002.wacz"]
    assert [entry["bytes"] for entry in listing["resources"]] == [
        path.stat().st_size for path in paths[:2]
    ]


def test_parts_that_fit_together_share_a_wacz(tmp_path: Path, loose: Path) -> None:
    paths = export([build(tmp_path), loose], tmp_path / "x.wacz", split_size=1 << 20)

    assert [path.name for path in paths] == ["x-00001.wacz", "x.json"]


# What is said


def test_it_is_said_what_was_written(tmp_path: Path, loose: Path) -> None:
    said: list[str] = []

    export([build(tmp_path), loose], tmp_path / "x.wacz", split_size=1, told=said)

    assert said == [
        f"{tmp_path}/x-00001.wacz: 1 page, 1 WARC file",
        f"{tmp_path}/x-00002.wacz: 0 pages, 1 WARC file",
        f"{tmp_path}/x.json: opens them together; keep it beside them",
    ]


def test_a_title_that_is_no_text_is_mended(tmp_path: Path) -> None:
    export([build(tmp_path)], tmp_path / "x.wacz", title="The quay \udcff")

    assert package_of(tmp_path / "x.wacz")["title"] == "The quay \ufffd"


def forged(collection: Path, name: str) -> Path:
    """Return the file *name* of *collection*, which has been changed since it was sealed."""
    (path,) = collection.glob(f"{name}/*")
    path.write_bytes(path.read_bytes().replace(b"http://quay", b"hxxp://quay"))
    return path


@pytest.mark.parametrize("name", ["pages", "indexes"])
def test_what_was_forged_is_said_once_and_packed(name: str, tmp_path: Path) -> None:
    collection, told = build(tmp_path), list[str]()
    path = forged(collection, name)

    export([collection], tmp_path / "x.wacz", told=told)

    assert len(told) == 2
    assert told[0].startswith(f"{path} is not what was sealed (SHA-256 ")
    assert told[1] == f"{tmp_path}/x.wacz: 1 page, 1 WARC file"


@pytest.mark.parametrize("name", [PAGES, "indexes/index.cdxj"])
def test_a_wacz_that_lies_is_said_once_and_packed(name: str, tmp_path: Path) -> None:
    path, told = pack(tmp_path), list[str]()
    repack(path, {name: swap(b"http://quay", b"hxxp://quay")}, fits=False)

    export([path], tmp_path / "x.wacz", told=told)

    assert len(told) == 2
    assert told[0].startswith(f"{path} holds {name!r} with sha256 ")


@pytest.mark.parametrize("split_size", [None, 1])
def test_what_was_forged_is_not_signed(split_size: int | None, tmp_path: Path) -> None:
    collection, key = build(tmp_path), tmp_path / "key.pem"
    export([collection], tmp_path / "sound.wacz", key=key, split_size=split_size)
    forged(collection, "pages")

    sentence = refusal_of(
        lambda: export([collection], tmp_path / "x.wacz", key=key, split_size=split_size), tmp_path
    )

    assert sentence == (
        "quay is not signed, since something is amiss with it, as has been said: `archiver check` "
        "says more, or leave --sign out"
    )


def test_a_wacz_without_pages_is_written_and_complained_of(tmp_path: Path, loose: Path) -> None:
    told: list[str] = []

    export([loose], tmp_path / "x.wacz", told=told)

    assert told == [
        f"{tmp_path}/x.wacz: 0 pages, 1 WARC file",
        f"{tmp_path}/x.wacz has no page in it: a replayer finds nothing to begin with",
    ]


# What stops it


def refusal_of(attempt: Callable[[], object], folder: Path) -> str:
    """Return why *attempt* failed; it left nothing in *folder*."""
    before = sorted(folder.iterdir())
    with pytest.raises(ArchiveError) as refusal:
        attempt()
    assert sorted(folder.iterdir()) == before
    return str(refusal.value)


def test_a_warc_that_is_not_what_was_sealed_stops_it(tmp_path: Path) -> None:
    collection = build(tmp_path)
    (warc,) = (collection / "archive").iterdir()
    warc.write_bytes(warc.read_bytes().replace(b"ferry", b"fairy"))

    sentence = refusal_of(lambda: export([collection], tmp_path / "x.wacz"), tmp_path)

    assert sentence.startswith(f"{warc} is not what was sealed (SHA-256 ")
    assert sentence.endswith("): run `archiver check` on it")


def changed_meanwhile(folder: Path, change: Callable[[Path], object]) -> str:
    """Return why a collection in *folder* is not exported whose WARC *change* has been done to."""
    collection = build(folder)
    (warc,) = (collection / "archive").iterdir()
    with open_source([collection], complain=pytest.fail) as source:
        change(warc)
        sentence = refusal_of(lambda: HOW.to(source, folder / "x.wacz"), folder)
    assert sentence.startswith(f"{warc} ")
    return sentence.removeprefix(f"{warc} ")


@pytest.mark.parametrize(("size", "found"), [(3800, "only 3800"), (3806, "more")])
def test_a_warc_of_another_size_stops_it(size: int, found: str, tmp_path: Path) -> None:
    assert changed_meanwhile(tmp_path, lambda warc: os.truncate(warc, size)) == (
        f"should have 3805 octets and has {found}: run `archiver check` on it, or wait until it "
        "is sealed"
    )


def test_a_warc_that_is_gone_stops_it(tmp_path: Path) -> None:
    assert changed_meanwhile(tmp_path, Path.unlink).startswith("cannot be read")


def test_a_disk_that_is_full_stops_it(tmp_path: Path) -> None:
    with open_source([build(tmp_path)], complain=print) as source, files_end_at(3000):
        sentence = refusal_of(lambda: HOW.to(source, tmp_path / "x.wacz"), tmp_path)

    assert sentence.startswith(
        f"{tmp_path}/x.wacz cannot be written (File too large): name another"
    )


@pytest.mark.parametrize("taken", ["x.wacz", "x.wacz.open"])
def test_what_is_there_already_stops_it(taken: str, tmp_path: Path) -> None:
    collection = build(tmp_path)
    (tmp_path / taken).write_bytes(b"precious")

    sentence = refusal_of(lambda: export([collection], tmp_path / "x.wacz"), tmp_path)

    assert str(tmp_path / taken) in sentence
    assert (tmp_path / taken).read_bytes() == b"precious"


@pytest.mark.parametrize("taken", ["x-00002.wacz", "x.json"])
def test_nothing_is_written_where_one_of_several_is_there(
    taken: str, tmp_path: Path, loose: Path
) -> None:
    collection = build(tmp_path)
    (tmp_path / taken).write_bytes(b"precious")

    sentence = refusal_of(
        lambda: export([collection, loose], tmp_path / "x.wacz", split_size=1), tmp_path
    )

    assert sentence == f"{tmp_path / taken} exists already: name another"


def test_a_wacz_must_be_named_as_one(tmp_path: Path) -> None:
    collection = build(tmp_path)

    assert refusal_of(lambda: export([collection], tmp_path / "x.zip"), tmp_path) == (
        f"{tmp_path}/x.zip: a WACZ is known by its ending: name it x.wacz"
    )


def test_a_key_that_cannot_sign_stops_it_before_anything_is_written(tmp_path: Path) -> None:
    collection = build(tmp_path)
    key = tmp_path / "key.pem"
    key.write_bytes(b"secret")

    sentence = refusal_of(lambda: export([collection], tmp_path / "x.wacz", key=key), tmp_path)

    assert sentence.startswith(f"{key} holds no private key in PEM")
