"""What is there of a stem: sealed for good, growing on the local disk, or gone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archiver.storage import Store

_SUFFIX = ".warc.gz"


def is_sealed(store: Store, collection: str) -> Callable[[str], bool]:
    """Return a function that says whether the WARC *filename* is sealed in *store*."""

    def sealed(filename: str) -> bool:
        return store.exists(f"{collection}/manifests/{filename.removesuffix(_SUFFIX)}.json")

    return sealed


def is_kept(store: Store, collection: str, folder: Path) -> Callable[[str, int], bool]:
    """Return a function that says whether the record at *offset* of *filename* is there.

    *folder* is where stems of *collection* grow. To be asked once torn files are mended.
    """
    sealed = is_sealed(store, collection)
    sizes: dict[str, float] = {}

    def kept(filename: str, offset: int) -> bool:
        if filename not in sizes:
            sizes[filename] = _size(filename)
        return offset < sizes[filename]

    def _size(filename: str) -> float:
        if sealed(filename):
            return float("inf")
        growing = folder / "archive" / f"{filename}.open"
        return growing.stat().st_size if growing.exists() else 0

    return kept
