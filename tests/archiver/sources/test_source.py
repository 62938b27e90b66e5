from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archiver.capture import Location
from archiver.errors import ArchiveError, DamagedRecord
from archiver.places import Place
from tests.archiver.landing import Counting
from tests.archiver.quay import STEM, build
from tests.archiver.sources.crates import Told, pages, urls, wacz, warc


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let what a source makes lie in a folder of its own."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_whatever_is_given_is_one_source(tmp_path: Path, told: Told) -> None:
    collection = build(tmp_path)
    (tmp_path / "x.warc.gz").write_bytes(warc("rope"))
    given = (wacz(tmp_path / "x.wacz", "mast"), collection, tmp_path / "x.warc.gz")

    with told.opened(*given) as source:
        assert source.title == "x"
        assert list(source.members) == ["data.warc.gz", f"{STEM}.warc.gz", "x.warc.gz"]
        assert urls(source) == ["crane", "ferry", "mast", "rope"]
        assert [page["url"][20:] for page in pages(source)] == ["mast", "ferry", "rope"]
    assert told == []


def test_what_is_given_twice_counts_once(tmp_path: Path, told: Told) -> None:
    path = wacz(tmp_path / "x.wacz")
    (tmp_path / "link.wacz").symlink_to(path)

    with told.opened(path, tmp_path / "link.wacz", path) as source:
        assert len(source.parts) == 1


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("news.warc.gz", "news"),
        ("news.warc.gz.open", "news"),
        ("news", "news"),
        ("a.b.warc", "a.b"),
    ],
)
def test_the_title_is_the_name_without_its_endings(
    name: str, title: str, tmp_path: Path, told: Told
) -> None:
    (tmp_path / name).write_bytes(warc("ferry"))

    with told.opened(tmp_path / name) as source:
        assert source.title == title


def test_some_parts_are_a_source_of_their_own(tmp_path: Path, told: Told) -> None:
    paths = [wacz(tmp_path / f"{page}.wacz", page) for page in ("ferry", "crane")]

    with told.opened(*paths) as source:
        some = source.of(source.parts[1:])
        assert urls(some) == ["crane"]
        assert list(some.members) == ["2-data.warc.gz"]
        some.close()
        assert urls(source) == ["crane", "ferry"]


def test_the_index_is_made_once_whoever_asks(tmp_path: Path, told: Told) -> None:
    build(tmp_path)
    store = Counting(tmp_path)

    with told.opened(store.place("quay")) as source, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: source.index(), range(8)))

    assert len(set(map(id, found))) == 1
    assert store.opened.count(f"quay/indexes/{STEM}.cdxj") == 1


def test_nothing_is_left_of_a_source_that_is_closed(
    scratch: Path, tmp_path: Path, told: Told
) -> None:
    with told.opened(wacz(tmp_path / "x.wacz")) as source:
        assert urls(source) == ["ferry"]
        assert list(scratch.iterdir())
    assert list(scratch.iterdir()) == []


def test_nothing_is_left_of_a_source_that_could_not_be_opened(
    scratch: Path, tmp_path: Path, told: Told
) -> None:
    with pytest.raises(ArchiveError):
        told.opened(wacz(tmp_path / "x.wacz"), tmp_path / "late.wacz")
    assert list(scratch.iterdir()) == []


# Records


def test_a_record_of_an_unknown_file_is_refused(tmp_path: Path, told: Told) -> None:
    location = Location(filename="../x.warc.gz", offset=0, length=9)

    with told.opened(wacz(tmp_path / "x.wacz")) as source:  # noqa: SIM117
        with pytest.raises(ArchiveError, match=r"'\.\./x\.warc\.gz' is no WARC of x"):
            with source.record(location):
                pass


def test_where_no_record_lies_is_damage(tmp_path: Path, told: Told) -> None:
    with told.opened(wacz(tmp_path / "x.wacz")) as source:  # noqa: SIM117
        with pytest.raises(DamagedRecord):
            with source.record(Location(filename="data.warc.gz", offset=3, length=9)):
                pass


# What is not there


def test_what_is_not_there_is_named(tmp_path: Path, told: Told) -> None:
    with pytest.raises(ArchiveError) as refusal:
        told.opened(tmp_path / "late")
    assert str(refusal.value) == (
        f"{tmp_path}/late is not there: give a collection, a WACZ or a WARC file"
    )


def test_nothing_is_no_archive(told: Told) -> None:
    with pytest.raises(ArchiveError, match="no archive was given"):
        told.opened()


@pytest.mark.parametrize("is_stored", [False, True])
def test_a_folder_of_archives_is_all_of_them(is_stored: bool, tmp_path: Path, told: Told) -> None:
    (tmp_path / "b.warc.gz").write_bytes(warc("ferry"))
    (tmp_path / "late.warc.gz").write_bytes(b"late")
    (tmp_path / "notes.txt").write_bytes(b"late")
    wacz(tmp_path / "a.wacz", "crane")
    folder: Place = Counting(tmp_path).place() if is_stored else tmp_path

    with told.opened(folder) as source:
        assert list(source.members) == ["data.warc.gz", "b.warc.gz"]
        assert urls(source) == ["crane", "ferry"]
    assert [sentence.partition(" at ")[0] for sentence in told] == [f"{folder}/late.warc.gz"]


def test_a_folder_of_pywb_is_read_by_its_warcs(tmp_path: Path, told: Told) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "x.warc.gz").write_bytes(warc("ferry"))

    with told.opened(tmp_path) as source:
        assert urls(source) == ["ferry"]


def test_a_folder_without_archives_is_refused(tmp_path: Path, told: Told) -> None:
    with pytest.raises(ArchiveError, match=r"is no collection and holds no WARC or WACZ file$"):
        told.opened(tmp_path)


def test_of_a_folder_of_collections_one_is_to_be_chosen(tmp_path: Path, told: Told) -> None:
    build(tmp_path)

    with pytest.raises(ArchiveError) as refusal:
        told.opened(tmp_path)
    assert str(refusal.value).endswith(f": give one of its collections, such as {tmp_path}/quay")


def test_a_folder_of_damaged_files_is_refused(tmp_path: Path, told: Told) -> None:
    (tmp_path / "late.warc.gz").write_bytes(b"late")

    with pytest.raises(ArchiveError, match="holds no WARC or WACZ file that can be read"):
        told.opened(tmp_path)


def test_a_collection_that_has_sealed_nothing_is_refused(tmp_path: Path, told: Told) -> None:
    (tmp_path / "manifests").mkdir()

    with pytest.raises(ArchiveError, match="holds nothing that is sealed: let its crawl come to"):
        told.opened(tmp_path)


def test_a_folder_that_is_named_like_a_wacz_is_a_folder(tmp_path: Path, told: Told) -> None:
    (tmp_path / "x.wacz").mkdir()

    with pytest.raises(ArchiveError, match=r"is no collection and holds no WARC or WACZ file$"):
        told.opened(tmp_path / "x.wacz")
