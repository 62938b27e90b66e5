"""Where a command finds what it reads: on a disk or in a bucket, by one set of questions.

A `pathlib.Path` is a place as it stands, so that nothing changes for what lies on a disk; a
`StoredPlace` answers the same questions of a store. Nothing is written here, and nothing is
copied to a disk: a file is read where it lies, as far as it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal, Protocol, cast

from archiver.errors import SettingError
from archiver.storage import Store, access_from, is_bucket, open_store
from archiver.storage.address import place_at


class File(Protocol):
    """A file that can be read; as text, what its user calls it."""

    @property
    def name(self) -> str:
        """The last part of its path."""

    def resolve(self) -> File:
        """Return this file by the one path that all paths to it lead to."""

    def open(self, mode: Literal["rb"], /) -> BinaryIO:
        """Open this file for reading."""


class Place(File, Protocol):
    """A file or a folder, or where one might be; as text, what its user calls it.

    What fails raises OSError on a disk, StoreError in a store.
    """

    @property
    def suffix(self) -> str:
        """The last ending of its name, with the dot."""

    @property
    def parent(self) -> Place:
        """The folder that it lies in."""

    def __truediv__(self, name: str, /) -> Place: ...

    def __lt__(self, other: Any, /) -> bool: ...  # Any: `sorted` asks for it so

    def resolve(self) -> Place:
        """Return this place by the one path that all paths to it lead to."""

    def exists(self) -> bool:
        """Say whether there is anything."""

    def is_dir(self) -> bool:
        """Say whether this is a folder."""

    def is_file(self) -> bool:
        """Say whether this is a file."""

    def iterdir(self) -> Iterator[Place]:
        """Yield what lies in this folder."""

    def glob(self, pattern: str, /) -> Iterator[Place]:
        """Yield what lies in this folder, if it is one, under a name like *pattern*."""

    def open(self, mode: Literal["rb"], /) -> BufferedReader:
        """Open this file for reading, from any place in it."""

    def read_bytes(self) -> bytes:
        """Return all octets of this file."""


@dataclass(frozen=True, slots=True, order=True)
class StoredPlace:
    """The file *path* of a store that is shown as *root*, or the folder below that name.

    What a folder holds is listed once, when it is first asked for.
    """

    root: str
    path: str
    names: Names = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.root}/{self.path}" if self.path else self.root

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        """The last ending of its name, with the dot."""
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> StoredPlace:
        """The folder that it lies in; of a whole bucket, itself."""
        return StoredPlace(self.root, self.path.rpartition("/")[0], self.names)

    def __truediv__(self, name: str, /) -> StoredPlace:
        return StoredPlace(self.root, f"{self.path}/{name}" if self.path else name, self.names)

    def resolve(self) -> StoredPlace:
        """Return this place: a store knows a file by one name."""
        return self

    def exists(self) -> bool:
        """Say whether there is anything."""
        return self.is_dir() or self.names.store.exists(self.path)

    def is_dir(self) -> bool:
        """Say whether names go on from here."""
        return self.names.is_folder(self.path)

    def is_file(self) -> bool:
        """Say whether the folder that this lies in holds a file of this name."""
        folder, _, name = self.path.rpartition("/")
        return name in self.names.inside(folder)

    def iterdir(self) -> Iterator[StoredPlace]:
        """Yield what lies in this folder."""
        names = dict.fromkeys(name.removesuffix("/") for name in self.names.inside(self.path))
        return (self / name for name in names)

    def glob(self, pattern: str, /) -> Iterator[StoredPlace]:
        """Yield what lies in this folder under a name like *pattern*."""
        return (place for place in self.iterdir() if fnmatchcase(place.name, pattern))

    def open(self, mode: Literal["rb"] = "rb", /) -> BufferedReader:
        """Open this file for reading, from any place in it."""
        return cast("BufferedReader", self.names.store.open(self.path))  # as all stores do

    def read_bytes(self) -> bytes:
        """Return all octets of this file."""
        with self.open() as file:
            return file.read()


class Names:
    """The names in *store*, folder by folder.

    A bucket lists a thousand of them at a time: to ask for each file of a large collection by
    itself would take hours, so each folder is listed once and remembered.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._inside: dict[str, dict[str, None]] = {}
        self._is_folder: dict[str, bool] = {"": True}

    def inside(self, folder: str) -> Mapping[str, None]:
        """Return the names in *folder*, in its order; that of a folder ends with a slash."""
        if folder not in self._inside:
            prefix = _prefix(folder)
            rests = (name.removeprefix(prefix) for name in self.store.list(prefix))
            parts = (rest.partition("/") for rest in rests)
            # Quirk: a name that ends here, with the slash, is how some tools make a folder.
            self._inside[folder] = dict.fromkeys(
                f"{name}{slash}" for name, slash, _ in parts if name
            )
        return self._inside[folder]

    def is_folder(self, path: str) -> bool:
        """Say whether names go on from *path*; it need not be listed for that."""
        parent, _, name = path.rpartition("/")
        if path and parent in self._inside:
            return f"{name}/" in self._inside[parent]
        if path not in self._is_folder:
            first = next(iter(self.store.list(_prefix(path))), None)
            self._is_folder[path] = first is not None
        return self._is_folder[path]


def renewed(place: Place) -> Place:
    """Return *place* with nothing remembered of what its folders held before."""
    if isinstance(place, StoredPlace):
        return replace(place, names=Names(place.names.store))
    return place


def places_at(
    addresses: Iterable[str], settings: Callable[[], Mapping[str, Any]]
) -> list[Place]:  # Any: a setting may be of any type
    """Return the places that *addresses* name: paths, or `s3://bucket/…`.

    How a bucket is reached is among the *settings*, which are asked for only if there is one.
    SettingError for an address or a setting that cannot be one.
    """
    access = cache(lambda: access_from(settings()))
    names = cache(lambda root: Names(open_store(root, access())))

    def place(address: str) -> Place:
        if not is_bucket(address):
            return Path(address)
        root, path = _split(address)
        return StoredPlace(root, path, names(root))

    return [place(address) for address in addresses]


def _split(address: str) -> tuple[str, str]:
    """Return the bucket of *address*, as an address, and what follows. SettingError if none."""
    try:
        place = place_at(address)
    except SettingError as error:  # which takes it for the setting
        raise SettingError(str(error).replace("ARCHIVE_STORE", "the address", 1)) from None
    return f"s3://{place.bucket}", place.prefix


def _prefix(folder: str) -> str:
    return f"{folder}/" if folder else ""
