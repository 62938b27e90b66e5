"""What a check has to say: one fault, where it lies, what was found, what was expected."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal, NamedTuple

# A fault is a promise broken; a note is worth knowing and breaks none; what is unreadable
# could not be judged.
Severity = Literal["fault", "note", "unreadable"]

# Stable: programs that read `--json` go by these.
Kind = Literal[
    # a record in itself
    "damaged", "cut-short", "structure", "version", "missing-field", "repeated-field",
    "misplaced-field", "bad-id", "bad-date", "bad-target", "bad-field", "unknown-type",
    "block-digest", "payload-digest", "unknown-digest",
    # a record among others
    "first-record", "filename", "shared-member", "duplicate-id", "reference", "pair",
    "revisit",
    # a collection
    "missing-file", "stray-file", "hash", "manifest", "counts", "dates", "index",
    "page", "text", "crawl", "unsealed", "unfinished", "torn",
    # a WACZ
    "zip", "package", "signature",
    "unreadable",
]  # fmt: skip

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that a check found, of the given *kind*.

    *file* is a path, *offset* counts in the file as it lies. None means that the fault is
    not in one place or not in one record.
    """

    kind: Kind
    severity: Severity
    file: str
    offset: int | None
    record_id: str | None
    found: str
    expected: str

    def as_line(self) -> str:
        """Return the fault as one printable line."""
        place = self.file if self.offset is None else f"{self.file} at {self.offset}"
        record = f" {self.record_id}" if self.record_id else ""
        expected = f"; expected {self.expected}" if self.expected else ""
        kind = "" if self.kind == self.severity else f" {self.kind}:"
        return _printable(f"{place}{record}: {self.severity}:{kind} {self.found}{expected}")

    def as_json(self) -> str:
        """Return the fault as one JSON object on one line."""
        return json.dumps(asdict(self), ensure_ascii=True)


class Problem(NamedTuple):
    """A fault that does not know yet where it lies."""

    kind: Kind
    found: str
    expected: str
    severity: Severity = "fault"

    def at(self, file: str, offset: int | None = None, record_id: str | None = None) -> Fault:
        """Return the fault that this is in *file*."""
        return Fault(
            kind=self.kind,
            severity=self.severity,
            file=file,
            offset=offset,
            record_id=record_id,
            found=_short(self.found),
            expected=_short(self.expected),
        )


def unreadable(file: str, why: str | Exception) -> Fault:
    """Return that *file* could not be judged, and why."""
    if isinstance(why, OSError):
        why = f"cannot be read ({why.strerror or why})"
    return Problem("unreadable", str(why), "", "unreadable").at(file)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def _printable(text: str) -> str:
    # What stands in an archive came from outside: it must neither begin a line of its own
    # nor speak to a terminal.
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
