"""What is left out of an archive that is read on all the same, told in one sentence."""

from __future__ import annotations

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
