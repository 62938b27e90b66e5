"""What is left out of an archive that is read on all the same, told in one sentence."""

from __future__ import annotations

from archiver.reader import StoredRecord
from archiver.sources.part import Complain


class LeftOut:
    """Counts the *things*, such as index lines, that are left out of what is called *shown*."""

    def __init__(self, shown: str, thing: str) -> None:
        self._shown = shown
        self._thing = thing
        self._count = 0
        self._first = ""

    def note(self, example: str) -> None:
        """Count one more, of which *example* tells what is wrong with it."""
        self._first = self._first or example
        self._count += 1

    def tell(self, complain: Complain) -> None:
        """Say how many there were, if any, and show the first."""
        if self._count:
            things = self._thing if self._count == 1 else f"{self._thing}s"
            example = f", such as {self._first}" if self._count > 1 else f": {self._first}"
            complain(f"{self._shown}: {self._count} {things} left out{example}")


class PassedOver:
    """Counts the octets of the WARC called *shown* that its reader found to be in no record."""

    def __init__(self, shown: str) -> None:
        self._shown = shown
        self._records = 0
        self._octets = 0
        self._first = 0

    def note(self, record: StoredRecord) -> None:
        """Count what was passed over behind *record*, which has been read to its end."""
        if record.passed_over:
            self._first = self._first if self._records else record.offset
            self._records += 1
            self._octets += record.passed_over

    def tell(self, complain: Complain) -> None:
        """Say how many there were, if any, and behind which record the first."""
        if not self._records:
            return
        which = "the record does not end where its Content-Length says: it is damaged"
        if self._records > 1:
            which = (
                f"the record and {self._records - 1} more do not end where their Content-Length "
                "says: they are damaged"
            )
        octets = "1 octet" if self._octets == 1 else f"{self._octets} octets"
        complain(
            f"{self._shown} at {self._first}: {which}, and {octets} passed over may hold records"
        )
