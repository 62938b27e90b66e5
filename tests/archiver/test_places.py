"""One set of questions, put to a folder on a disk and to the same folder as a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archiver.check import check_path
from archiver.errors import SettingError, StoreError
from archiver.places import Names, Place, StoredPlace, places_at
from archiver.storage import LocalStore
from tests.archiver.landing import Counting
from tests.archiver.quay import build

NAMES = ["news/a.warc.gz", "news/b.warc", "news/a-c", "news/archive/x.warc.gz", "news/é"]


def on_disk(root: Path) -> Place:
    return root


def in_store(root: Path) -> Place:
    return StoredPlace("s3://quay", "", Names(LocalStore(root)))


@pytest.fixture(params=[on_disk, in_store], ids=["on a disk", "in a store"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    for name in NAMES:
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    make: Callable[[Path], Place] = request.param
    return make(tmp_path / "root")


# The same answers


def test_a_place_is_named_by_the_last_part_of_its_path(root: Place) -> None:
    place = root / "news" / "a.warc.gz"

    assert (place.name, place.suffix) == ("a.warc.gz", ".gz")
    assert ((root / "news/archive").name, (root / "news/archive").suffix) == ("archive", "")


@pytest.mark.parametrize(
    ("path", "is_there"),
    [
        ("news", (True, True, False)),
        ("news/archive", (True, True, False)),
        ("news/b.warc", (True, False, True)),
        ("news/archive/x.warc.gz", (True, False, True)),
        ("new", (False, False, False)),
        ("news/b.war", (False, False, False)),
        ("news/b.warc/x", (False, False, False)),
        ("nowhere/x", (False, False, False)),
    ],
)
def test_a_place_knows_whether_it_is_a_file_or_a_folder(
    root: Place, path: str, is_there: tuple[bool, bool, bool]
) -> None:
    place = root / path

    assert (place.exists(), place.is_dir(), place.is_file()) == is_there


@pytest.mark.parametrize("listed", ["", "news"])
def test_the_answer_is_the_same_once_a_folder_is_listed(root: Place, listed: str) -> None:
    list((root / listed if listed else root).iterdir())

    assert (root / "news/archive").is_dir()
    assert not (root / "news/b.warc").is_dir()
    assert not (root / "nowhere").is_dir()
    assert (root / "news/b.warc").is_file()


def test_a_folder_holds_files_and_folders_each_once(root: Place) -> None:
    names = [place.name for place in sorted((root / "news").iterdir())]

    assert names == ["a-c", "a.warc.gz", "archive", "b.warc", "é"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [("*", ["a-c", "a.warc.gz", "archive", "b.warc", "é"]), ("*.warc", ["b.warc"]), ("x*", [])],
)
def test_names_are_chosen_by_a_pattern(root: Place, pattern: str, names: list[str]) -> None:
    assert [place.name for place in sorted((root / "news").glob(pattern))] == names


def test_a_folder_that_is_not_there_has_nothing_to_choose_from(root: Place) -> None:
    assert list((root / "nowhere").glob("*")) == []


def test_a_file_is_read_from_any_place_in_it(root: Place) -> None:
    with (root / "news/a-c").open("rb") as file:
        beginning = file.peek(1)[:4]
        file.seek(5)
        assert (beginning, file.read()) == (b"news", b"a-c")
    assert (root / "news/a-c").read_bytes() == b"news/a-c"


def test_the_same_place_is_equal_however_it_was_come_to(root: Place) -> None:
    assert (root / "news" / "a-c").resolve() == (root / "news/a-c").resolve()
    assert (root / "news" / "a-c").resolve() != (root / "news").resolve()


# In a store


def test_a_place_in_a_store_is_shown_by_its_address(tmp_path: Path) -> None:
    root = in_store(tmp_path)

    assert (str(root), str(root / "news" / "x")) == ("s3://quay", "s3://quay/news/x")


def test_what_is_not_in_a_store_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be read"):
        (in_store(tmp_path) / "x").open("rb")


def test_a_name_that_ends_with_a_slash_is_a_folder_with_nothing_in_it() -> None:
    # Such objects are what the consoles of some stores make for `New folder`.
    root = StoredPlace("s3://quay", "", Names(Listing(["news/", "news/archive/", "news/x"])))

    assert [place.name for place in (root / "news").iterdir()] == ["archive", "x"]
    assert (root / "news/archive").is_dir()
    assert list((root / "news/archive").iterdir()) == []


def test_a_folder_is_listed_once(tmp_path: Path) -> None:
    build(tmp_path)
    store = Counting(tmp_path)
    folder = store.place("quay/archive")

    found = [(folder / f"{number}.warc.gz").is_file() for number in range(1000)]

    assert not any(found)
    assert (store.listed, store.asked) == (["quay/archive/"], [])


def test_a_check_asks_for_no_file_by_itself_and_lists_no_folder_twice(tmp_path: Path) -> None:
    build(tmp_path)
    store = Counting(tmp_path)

    assert list(check_path(store.place("quay"))) == []

    # Whether something is a folder, the first page of a listing tells.
    assert sorted(store.listed) == sorted(
        ["quay/", *(f"quay/{part}/" for part in ("archive", "crawls", "indexes", "pages", "text"))]
        + 2 * ["quay/manifests/"]
    )
    assert store.asked == []


def test_a_file_that_is_named_is_asked_for_without_a_listing_of_its_folder(tmp_path: Path) -> None:
    build(tmp_path)
    store = Counting(tmp_path)

    assert store.place("quay/crawls/20260304050607-article.json").exists()

    assert store.listed == ["quay/crawls/20260304050607-article.json/"]


# Addresses


def no_settings() -> dict[str, str]:
    raise AssertionError("nobody should have asked for the settings")


def one_bucket() -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "rough",
        "AWS_SECRET_ACCESS_KEY": "rough-secret",
        "AWS_REGION_NAME": "us-east-1",
    }


@pytest.mark.parametrize("address", ["collections/news", "/data/x.warc", "./s3:/a", "a:b", "s3:a"])
def test_a_path_means_a_place_on_the_disk(address: str) -> None:
    assert places_at([address], no_settings) == [Path(address)]


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("s3://quay", "s3://quay"),
        ("s3://quay/", "s3://quay"),
        ("s3://quay/a/news/", "s3://quay/a/news"),
        ("s3://quay/a b/é.warc", "s3://quay/a b/é.warc"),
    ],
)
def test_an_address_means_a_place_in_a_bucket(address: str, shown: str) -> None:
    (place,) = places_at([address], one_bucket)

    assert str(place) == shown


def test_places_of_one_bucket_share_what_is_known_of_it() -> None:
    collection, warc, other = places_at(
        ["s3://quay/news", "s3://quay/news/archive/x.warc.gz", "s3://pier/news"], one_bucket
    )

    assert collection / "archive" / "x.warc.gz" == warc
    assert isinstance(collection, StoredPlace)
    assert isinstance(warc, StoredPlace)
    assert isinstance(other, StoredPlace)
    assert collection.names is warc.names
    assert collection.names is not other.names


@pytest.mark.parametrize(
    "address",
    [
        "s3://",
        "s3:///x",
        "s3://key:rough-secret@quay/x",
        "s3://quay/x?sig=rough-secret",
        "s3://\udcff",
    ],
)
def test_an_address_of_no_bucket_is_refused_in_one_sentence(address: str) -> None:
    with pytest.raises(SettingError, match=r"^the address \S") as refusal:
        places_at([address], one_bucket)

    assert "rough-secret" not in str(refusal.value)
    assert "ARCHIVE_STORE" not in str(refusal.value)


def test_no_credential_is_in_what_is_shown_of_a_place() -> None:
    (place,) = places_at(["s3://quay/news"], one_bucket)

    assert "rough" not in f"{place} {place!r} {vars(Names)}"


class Listing(LocalStore):
    """A store of nothing but *names*."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(Path("/nowhere"))
        self._names = names

    def list(self, prefix: str) -> Iterator[str]:
        return (name for name in self._names if name.startswith(prefix))
