"""What the archive refuses to do, and who is at fault.

Every error of ours descends from `ArchiveError`; its message is one sentence that
names the thing and the remedy, so that a command line may print it as it is.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Anything the archive refuses to do. Catch this at the border."""


class SettingError(ArchiveError):
    """A setting has a value that we cannot work with; its user should change it."""


class SeedError(ArchiveError):
    """A seed list cannot be read, or a line of it is not a seed."""


class StoreError(ArchiveError):
    """The place where sealed files live cannot be read or written."""


class StoreAway(StoreError):
    """The store cannot be reached, says that it is busy or stalls: trying again may help."""


class StoreConflict(StoreError):
    """A name in the store is taken by other octets, which are left as they are."""


class FileDamaged(StoreError):
    """A local file is not what was sealed, and is not sent."""


class CollectionError(ArchiveError):
    """A collection cannot be opened, such as one made by a newer version."""


class DamagedRecord(ArchiveError):
    """A WARC file does not hold what its headers promise.

    *filename* and *offset* say where the damage begins, in octets of the file as it lies
    on disk (for a gzipped file: of the gzip member).
    """

    def __init__(self, filename: str, offset: int, problem: str) -> None:
        super().__init__(f"{filename} at {offset}: {problem}")
        self.filename = filename
        self.offset = offset
        self.problem = problem

    def __reduce__(self) -> tuple[type[DamagedRecord], tuple[str, int, str]]:
        return type(self), (self.filename, self.offset, self.problem)
