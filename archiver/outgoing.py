"""A collection whose store is a bucket, as its crawl sees it: local first, and then sent.

What is sealed is put into a folder on the local disk, as with any other store, and entered
into the outbox once its manifest is there. The manifests, and the logs of crawls, stay on the
local disk for good: what a work folder has sealed is known without asking the bucket.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archiver.errors import StoreError
from archiver.outbox import Entry, Outbox
from archiver.storage import LocalStore, Store

_MANIFESTS = "/manifests/"
_LOGS = "/crawls/"


class Outgoing:
    """A store that is *local* at once, and by way of *outbox* in the bucket *remote* in the end.

    The bucket is asked only for what is no longer here. *is_kept* lets local files stay when
    they have been sent.
    """

    def __init__(self, local: LocalStore, outbox: Outbox, remote: Store, *, is_kept: bool) -> None:
        self._local = local
        self._outbox = outbox
        self._remote = remote
        self._is_kept = is_kept

    def put(self, path: Path, name: str) -> None:
        """Move *path* to *name* on the local disk; with a manifest enter its stem to be sent."""
        self._local.put(path, name)
        if _MANIFESTS in name:
            self._enter(name)

    def open(self, name: str) -> BinaryIO:
        """Open *name*, here or in the bucket."""
        if self._local.exists(name) or not self._outbox.is_sent(name):
            return self._local.open(name)
        return self._remote.open(name)

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names of what this work folder has put, here or in the bucket."""
        names = {*self._local.list(prefix), *self._outbox.sent_names(prefix)}
        yield from sorted(names)

    def exists(self, name: str) -> bool:
        """Say whether this work folder has put *name*."""
        return self._local.exists(name) or self._outbox.is_sent(name)

    def prove_writable(self, folder: str) -> None:
        """Raise StoreError if nothing can be put into *folder*, here and in the bucket."""
        self._local.prove_writable(folder)
        self._remote.prove_writable(folder)

    def publish(self, log: str) -> None:
        """Enter the log of a crawl, called *log*, unless it is entered as it stands."""
        size = (self._local.root / log).stat().st_size
        if size and size != self._outbox.size_of(log):  # an empty one says nothing yet
            self._outbox.renew(log, size)

    def reconcile(self, collection: str) -> None:
        """Enter what a kill kept from being entered; take away what it kept from being so."""
        for name in self._local.list(f"{collection}{_MANIFESTS}"):
            if name.endswith(".json") and self._outbox.size_of(name) is None:
                self._enter(name)
        for name in self._local.list(f"{collection}{_LOGS}"):
            if name.endswith(".json"):
                self.publish(name)
        for name in self._outbox.sent_names(f"{collection}/", kept=False):
            if is_for_the_bucket_alone(name):
                (self._local.root / name).unlink(missing_ok=True)

    def _enter(self, manifest: str) -> None:
        with self._local.open(manifest) as file:
            octets = file.read()
        collection, _, _ = manifest.partition("/")
        try:
            described = json.loads(octets)["files"]
            files = [
                self._entry(f"{collection}/{file['path']}", int(file["bytes"]), file["sha256"])
                for file in described
            ]
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"{self._local.root / manifest} is no manifest of ours, and cannot be sent: move "
                "it away"
            ) from error
        digest = hashlib.sha256(octets).hexdigest()
        self._outbox.enter(manifest, [*files, self._entry(manifest, len(octets), digest)])

    def _entry(self, name: str, size: int, sha256: str) -> Entry:
        return Entry(name=name, size=size, sha256=sha256, is_kept=self._is_kept)


def is_for_the_bucket_alone(name: str) -> bool:
    """Say whether the local file *name* is of no more use once it has been sent."""
    return _MANIFESTS not in name and _LOGS not in name
