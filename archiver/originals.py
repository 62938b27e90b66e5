"""What revisits refer to, found in WARCs alone: nothing need be remembered of their crawl."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from archiver.errors import ArchiveError, DamagedRecord, StoreAway, StoreError
from archiver.memory import Memory
from archiver.octets import UnreadableFormat
from archiver.places import File
from archiver.reader import read_record, read_records


class Originals:
    """The payloads in *warcs*, WARC files by their names.

    The files are read through when the first response is asked for. What of them cannot be
    read is left out. What is remembered of them lies on disk, for as long as this is entered.
    """

    def __init__(self, warcs: Mapping[str, File]) -> None:
        self._warcs = warcs
        self._memory: Memory | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stack.close()

    def block_of(self, record_id: str, limit: int) -> bytes:
        """Return the block with the payload of *record_id*, at most *limit* octets.

        That is a response, or what a revisit refers to. ArchiveError where none of the WARCs
        holds it.
        """
        if self._memory is None:
            self._memory = self._learned()
        original = self._memory.by_payload_of(record_id)
        if original is None:
            raise ArchiveError(
                f"{record_id}, to which another record refers, is in none of the WARCs given: "
                "give all of its collection"
            )
        location = original.location
        path = self._warcs[location.filename]
        try:
            with path.open("rb") as file:
                return read_record(file, location).read(limit)
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror}") from error

    def _learned(self) -> Memory:
        folder = self._stack.enter_context(TemporaryDirectory(prefix="archiver-"))
        memory = Memory(Path(folder) / "memory.sqlite")
        self._stack.callback(memory.close)
        for name, path in self._warcs.items():
            try:
                with path.open("rb") as file:
                    memory.learn(name, read_records(file, name), is_sealed=False)
            except StoreAway:
                raise
            except (OSError, StoreError, DamagedRecord, UnreadableFormat):
                continue  # which is told where the pages of that file are looked for
        memory.commit()  # raises StoreError where it was the memory that could not be written
        return memory
