"""The proof of a large file, worked out while its first parts are already under way.

The file's SHA-256 must be known beforehand, from its manifest: that it has it is proven
before the parts become an object. Nothing here talks to a server.
"""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from threading import Condition, Thread

from archiver.errors import FileDamaged, StoreError
from archiver.storage.proof import Part, Proof, part_size_for, proof_of


class Ahead:
    """The digests of *path*, which is to have *sha256*, part by part as a thread reads them.

    *size* is that of the file, in octets.
    """

    def __init__(self, path: Path, sha256: str, size: int, *, with_part_sha256: bool) -> None:
        self.path = path
        self.sha256 = sha256
        self.part_size = part_size_for(size)
        self._with_part_sha256 = with_part_sha256
        self._parts: list[Part] = []
        self._is_over = False
        self._news = Condition()
        self._proof: Future[Proof] = Future()
        Thread(target=self._read, name="archiver-proof", daemon=True).start()

    def part(self, number: int) -> Part:
        """Return the digests of part *number*, from 0, as soon as they are known."""
        with self._news:
            self._news.wait_for(lambda: len(self._parts) > number or self._proof.done())
            if len(self._parts) > number:
                return self._parts[number]
        self._proof.result()
        raise FileDamaged(f"{self.path} has become shorter while it was read")

    def proof(self) -> Proof:
        """Return the proof of the whole. FileDamaged if it has another SHA-256."""
        proof = self._proof.result()
        if proof.sha256 != self.sha256:
            raise FileDamaged(
                f"{self.path} is damaged: it has another SHA-256 than when it was sealed"
            )
        return proof

    def stop(self) -> None:
        """Read no further: nobody asks any more."""
        self._is_over = True

    def _read(self) -> None:
        try:
            proof = proof_of(self.path, with_part_sha256=self._with_part_sha256, tell=self._take)
        except BaseException as error:
            with self._news:
                self._proof.set_exception(error)
                self._news.notify_all()
        else:
            with self._news:
                self._proof.set_result(proof)
                self._news.notify_all()

    def _take(self, part: Part) -> None:
        if self._is_over:
            raise StoreError(f"{self.path} is read no further")
        with self._news:
            self._parts.append(part)
            self._news.notify_all()
