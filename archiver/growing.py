"""What is there of a stem: sealed for good, growing on the local disk, or gone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from archiver.storage import Store

_SUFFIX = ".warc.gz"


def is_sealed(store: Store, collection: str) -> Callable[[str], bool]:
    """Return a function that says whether the WARC *filename* is sealed in *store*."""

    def sealed(filename: str) -> bool:
        return store.exists(_manifest(collection, filename))

    return sealed


def is_kept(store: Store, collection: str, folder: Path) -> Callable[[str, int], bool]:
    """Return a function that says whether the record at *offset* of *filename* is there.

    *folder* is where stems of *collection* grow. To be asked once torn files are mended.
    """
    sealed = is_sealed(store, collection)
    sizes: dict[str, int] = {}

    def kept(filename: str, offset: int) -> bool:
        if filename not in sizes:
            sizes[filename] = _size(filename)
        return offset < sizes[filename]

    def _size(filename: str) -> int:
        growing = folder / "archive" / f"{filename}.open"
        if growing.exists():
            return growing.stat().st_size
        # A stem that was cut may have been sealed since: being sealed is not enough.
        return _sealed_size(store, collection, filename) if sealed(filename) else 0

    return kept


def _sealed_size(store: Store, collection: str, filename: str) -> int:
    with store.open(_manifest(collection, filename)) as file:
        manifest = json.load(file)
    return next(
        int(entry["bytes"]) for entry in manifest["files"] if entry["path"].endswith(_SUFFIX)
    )


def _manifest(collection: str, filename: str) -> str:
    return f"{collection}/manifests/{filename.removesuffix(_SUFFIX)}.json"
