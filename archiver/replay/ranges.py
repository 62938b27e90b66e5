"""The Range header of a request: one range of octets, or none that we heed (RFC 9110, 14.2)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{1,18})?|-([0-9]{1,18}))", re.IGNORECASE)


class NotSatisfiable(Exception):
    """A range has no octet in common with what it is a range of."""


def range_of(header: str | None, size: int) -> tuple[int, int] | None:
    """Return the first octet that *header* asks for, of *size*, and the one after its last.

    None where the whole is to be sent: nothing is asked for, or several ranges or something
    else that a server is free to ignore. NotSatisfiable for a range beyond the end.
    """
    found = _RANGE.fullmatch((header or "").strip())
    if found is None:
        return None
    first, last, suffix = found.groups()
    if suffix is not None:
        start, stop = max(0, size - int(suffix)), size
    else:
        start, stop = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < start:
            return None
    if start >= stop:
        raise NotSatisfiable
    return start, stop
