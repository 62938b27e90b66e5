"""A store that is a bucket, on Amazon S3 or on a server that speaks its language.

Every object is proven equal to the file that it was made of before anybody hears that it is
there. What a server reports is believed only as far as it could not report it of other octets.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from hashlib import sha256 as new_sha256
from pathlib import Path
from typing import BinaryIO

from archiver.errors import FileDamaged, StoreAway, StoreConflict, StoreError
from archiver.storage.access import Access
from archiver.storage.address import Place
from archiver.storage.ahead import Ahead
from archiver.storage.proof import WHOLE_BYTES, Part, Proof, Report, is_proven, part_of, proof_of
from archiver.storage.ranged import MOST_BYTES, ranged_file
from archiver.storage.refusals import speaks_no_s3
from archiver.storage.s3 import Objects

_log = logging.getLogger(__name__)

_PROBE = ".archiver-probe"
_PROBE_OCTETS = b"archiver: may this be written?\n"
_TRIES = 3
# Longer than it takes to write what was not there when one looked.
_SETTLE_SECONDS = 1.0


class S3Store:
    """The objects of *bucket* whose keys begin with *prefix* and a slash, reached by *access*.

    Its methods may be called from several threads at once. One that *is_brief* waits for a
    server no longer than who wants to begin would. *takes_conditions* says that the bucket
    was proven to refuse a write on condition that the object is new.
    """

    def __init__(
        self, bucket: str, prefix: str, access: Access, *, is_brief: bool = False
    ) -> None:
        self.place = Place(bucket=bucket, prefix=prefix)
        self.takes_conditions = False
        self._objects = Objects(bucket, access, is_brief=is_brief)

    def __str__(self) -> str:
        return str(self.place)

    def __repr__(self) -> str:
        return f"S3Store({str(self)!r})"

    @property
    def endpoint_url(self) -> str:
        """The server that is asked, wherever its address came from."""
        return self._objects.endpoint_url

    def put(self, path: Path, name: str) -> None:
        """Send *path* as *name*, proven equal, and remove it. StoreConflict if there is one."""
        if self.exists(name):
            raise self._conflict(name)
        self.send(path, name)
        try:
            path.unlink()
        except OSError as error:
            raise StoreError(f"{path} cannot be removed: {error.strerror}") from error

    def send(
        self,
        path: Path,
        name: str,
        *,
        sha256: str | None = None,
        replaces: bool = False,
        is_new: bool = False,
    ) -> bool:
        """Let the bucket hold *path* as *name*, proven equal; *path* stays.

        Return False where it did already. *sha256* is what the file must have: FileDamaged
        where it has another. StoreConflict where other octets have the name, unless the file
        *replaces* them; what a try of ours left broken is sent again. Of a file that *is_new*
        it is left to the bucket to say that there is one already, if it takes conditions.
        """
        size = _size_of(path)
        if sha256 is not None and size >= WHOLE_BYTES and self._report(name) is None:
            self._verify(name, self._write_parts(name, path, sha256, size))
            return True
        proof = proof_of(path, with_part_sha256=self._objects.takes_sha256)
        if sha256 not in (None, proof.sha256):
            raise FileDamaged(f"{path} is damaged: it has another SHA-256 than when it was sealed")
        on_condition = is_new and proof.is_whole and self.takes_conditions
        if not on_condition or not self._write(name, proof, is_new=True):
            if self._is_there(name, proof, replaces=replaces):
                return False
            self._write(name, proof)
        self._verify(name, proof)
        return True

    def claim(self, name: str, octets: bytes) -> bool:
        """Let *name* hold *octets*, like no other claim's, unless there is an object already.

        Return False where there is, or another claim was made at the same time: whose claim is
        the last is seen after a while. No lock, but good enough for names that should differ.
        """
        doing, key = f"{self}/{name} cannot be sent", self._key(name)
        part = part_of(octets, with_sha256=self._objects.takes_sha256)
        if not self.takes_conditions and self.exists(name):
            return False
        # Quirk: of several who write a new object at once, Swift lets more than one do so.
        if self._objects.put(doing, key, octets, part, is_new=self.takes_conditions):
            time.sleep(_SETTLE_SECONDS)
        return self._objects.octets(doing, key) == octets

    def open(self, name: str) -> BinaryIO:
        """Open *name* for reading, by ranges of the object that it is now."""
        report = self._found(name)
        return ranged_file(
            lambda start, stop: self._fetch(name, report.etag, start, stop), report.size
        )

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the names that begin with *prefix*, in byte order, whatever the server's is."""
        found = self._objects.keys(f"the store {self} cannot be listed", self._key(prefix))
        start = len(self._key(""))
        # What ends with a slash stands for a folder, where somebody made one by hand.
        yield from sorted(key[start:] for key in found if not key.endswith("/"))

    def exists(self, name: str) -> bool:
        """Say whether there is an object *name*."""
        return self._report(name) is not None

    def size(self, name: str) -> int:
        """Return how many octets *name* has. StoreError if there is none."""
        return self._found(name).size

    def prove_writable(self, folder: str) -> None:
        """Write, read, list and remove a tiny object in *folder*, and learn what the bucket can.

        StoreError says in one sentence what is wrong, and which setting to change.
        """
        key = self._key(f"{folder}/{_PROBE}" if folder else _PROBE)
        doing = f"the store {self} cannot be written"
        part = part_of(_PROBE_OCTETS, with_sha256=self._objects.takes_sha256)
        self._objects.put(doing, key, _PROBE_OCTETS, part)
        try:
            self._see_probe(doing, key, part)
            self.takes_conditions = self._learn_conditions(doing, key, part)
        finally:
            self._drop_probe(key)

    def _see_probe(self, doing: str, key: str, part: Part) -> None:
        """Read the probe and list it, as will be done to verify and to check."""
        for _ in range(_TRIES):
            octets = self._objects.octets(doing, key)
            if octets is not None:
                break
            # Another crawl, which proves the same, removed it.
            self._objects.put(doing, key, _PROBE_OCTETS, part)
        if octets not in (None, _PROBE_OCTETS):
            raise speaks_no_s3(doing)
        self._objects.can_list(doing, key)

    def _learn_conditions(self, doing: str, key: str, part: Part) -> bool:
        """Say whether the bucket refuses to write what is there, on condition that it is new."""
        try:
            return not self._objects.put(doing, key, _PROBE_OCTETS, part, is_new=True)
        except StoreError:  # some servers refuse a condition that they do not know
            return False

    def _drop_probe(self, key: str) -> None:
        try:
            self._objects.remove(f"{key!r} cannot be removed from {self}", key)
        except StoreError as error:
            _log.warning("A probe of a few octets stays: %s", error)

    def _write(self, name: str, proof: Proof, *, is_new: bool = False) -> bool:
        """Write the object *name*; return False where there is one, though it *is_new*."""
        doing, key = f"{self}/{name} cannot be sent", self._key(name)
        if proof.is_whole:
            return self._objects.put(
                doing, key, proof.path, proof.parts[0], sha256=proof.sha256, is_new=is_new
            )
        self._write_parts(name, proof.path, proof.sha256, proof.size)
        return True

    def _write_parts(self, name: str, path: Path, sha256: str, size: int) -> Proof:
        """Write the object *name* in parts; return the proof that came of it meanwhile."""
        doing, key = f"{self}/{name} cannot be sent", self._key(name)
        ahead = Ahead(path, sha256, size, with_part_sha256=self._objects.takes_sha256)
        self._objects.put_parts(doing, key, ahead)
        return ahead.proof()

    def _is_there(self, name: str, proof: Proof, *, replaces: bool) -> bool:
        """Say whether *name* is the file already. StoreConflict where it may not be written."""
        report = self._report(name)
        if report is None:
            return False
        if self._is_same(name, proof, report):
            return True
        if not replaces and report.sha256 != proof.sha256:
            raise self._conflict(name)
        return False

    def _verify(self, name: str, proof: Proof) -> None:
        report = self._report(name)
        if report is None:
            raise StoreAway(f"{self}/{name} is not there after it was sent: it is sent again")
        if not self._is_same(name, proof, report):
            raise StoreAway(f"{self}/{name} holds other octets than were sent: it is sent again")

    def _is_same(self, name: str, proof: Proof, report: Report) -> bool:
        """Say whether the object is the file: as reported, or read back where that is in doubt.

        What is read back is not bound to the ETag: that may be what was told wrong.
        """
        proven = is_proven(proof, report, trusts_checksum=self._objects.is_amazon)
        if proven is not None:
            return proven
        digest = new_sha256()
        for start in range(0, report.size, MOST_BYTES):
            stop = min(start + MOST_BYTES, report.size)
            digest.update(self._fetch(name, None, start, stop))
        return digest.hexdigest() == proof.sha256

    def _found(self, name: str) -> Report:
        report = self._report(name)
        if report is None:
            raise StoreError(f"{self}/{name} cannot be read: there is no such object")
        return report

    def _report(self, name: str) -> Report | None:
        if not name or name.endswith("/"):
            return None  # a folder at best
        return self._objects.report(f"{self}/{name} cannot be read", self._key(name))

    def _fetch(self, name: str, etag: str | None, start: int, stop: int) -> bytes:
        doing = f"{self}/{name} cannot be read"
        for _ in range(_TRIES):
            octets = self._objects.range(doing, self._key(name), etag, start, stop)
            if len(octets) == stop - start:
                return octets
        raise StoreAway(f"{doing}: what the server sends is cut short, again and again")

    def _key(self, name: str) -> str:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise StoreError(f"{name!r} is not UTF-8, and no object can have that name") from None
        return f"{self.place.prefix}/{name}" if self.place.prefix else name

    def _conflict(self, name: str) -> StoreConflict:
        return StoreConflict(f"{self}/{name} exists already, and a sealed file never changes")


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
