"""The manifests of a collection, as far as one must look at them before adding to it."""

from __future__ import annotations

import json
import re

from archiver import __version__
from archiver.errors import CollectionError
from archiver.stem import MANIFEST_FORMAT, MANIFEST_VERSION
from archiver.storage import Store


def prove_usable(store: Store, collection: str) -> None:
    """Leave everything as it is, but make sure that a crawl into *collection* can begin.

    StoreError when *store* cannot be written, CollectionError when a newer version made the
    collection, as its newest manifest says.
    """
    _refuse_newer(store, collection)
    store.prove_writable(collection)


def _refuse_newer(store: Store, collection: str) -> None:
    listed = store.list(f"{collection}/manifests/")
    newest = max((name for name in listed if name.endswith(".json")), key=_age, default=None)
    if newest is None:
        return
    with store.open(newest) as file:
        content = file.read()
    try:
        manifest = json.loads(content)
        known = manifest["format"] == MANIFEST_FORMAT
        version = int(manifest["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise CollectionError(
            f"{newest} is no manifest of ours: move it away, or choose another ARCHIVE_COLLECTION"
        ) from error
    if not known or version > MANIFEST_VERSION:
        raise CollectionError(
            f"the collection {collection!r} was made by a newer version "
            f"({manifest.get('software', 'unknown')}, manifest version {version}; "
            f"this is archiver/{__version__}): upgrade, or choose another ARCHIVE_COLLECTION"
        )


def _age(manifest: str) -> str:
    """Return the part of a manifest's name that sorts by time, whatever the prefix."""
    match = re.search(r"-(\d{17}-\d{5})-", manifest)
    return match[1] if match else ""
