"""The head of an HTTP response: status line and header fields, read as browsers read them.

No I/O, and no byte is changed but in the values that `Head` gives back: line folds become
spaces there, as do bare returns and NULs. Section numbers are those of RFC 9112.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# Servers in the wild send heads of 100 kB (cookies, policies); Chromium stops at 256 KiB.
MAX_HEAD = 256 << 10

# Section 4: version, three digits, and a reason that is often missing altogether. We accept
# tabs and runs of blanks between them, as Section 3 advises for leniency.
_STATUS_LINE = re.compile(rb"HTTP/(\d+(?:\.\d+)?)[ \t]+(\d{3})(?:[ \t]+(.*))?[ \t]*")
# Section 2.2: a recipient may take a single LF as a line terminator.
HEAD_END = re.compile(rb"\n\r?\n")
# Section 2.2 and RFC 9110, 5.5: a bare CR and a NUL count as a space inside a value.
_BLANKS = bytes.maketrans(b"\r\0", b"  ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The status line and header fields of a response, *length* octets with the blank line.

    *fields* keep their order, spelling and repetition; folded lines are joined by a space
    (5.2) and lines without a colon are left out, as browsers do. *version* is `1.1`.
    """

    version: str
    status: int
    reason: bytes
    fields: tuple[tuple[bytes, bytes], ...]
    length: int

    def get(self, name: bytes) -> bytes | None:
        """Return the first value of the field *name*, in any case, or None."""
        wanted = name.lower()
        for field, value in self.fields:
            if field.lower() == wanted:
                return value
        return None

    def get_all(self, name: bytes) -> list[bytes]:
        """Return every value of the field *name*, in any case, in order."""
        wanted = name.lower()
        return [value for field, value in self.fields if field.lower() == wanted]


def parse_head(octets: bytes) -> Head | None:
    """Return the head that *octets* begin with; None if they do not begin with a whole one."""
    end = HEAD_END.search(octets)
    if end is None:
        return None
    lines = octets[: end.start()].split(b"\n")
    status_line = _STATUS_LINE.fullmatch(lines[0].removesuffix(b"\r"))
    if status_line is None:
        return None
    version, status, reason = status_line.groups()
    return Head(
        version=version.decode("ascii"),
        status=int(status),
        reason=reason or b"",
        fields=tuple(_fields(lines[1:])),
        length=end.end(),
    )


def charset_of(head: Head | None) -> str | None:
    """Return the charset that Content-Type declares (RFC 9110, 8.3.2), or None."""
    declared = (head and head.get(b"content-type")) or b""
    match = re.search(rb"""charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", declared, re.I)
    return match[1].decode("ascii") if match else None


def _fields(lines: Iterable[bytes]) -> list[tuple[bytes, bytes]]:
    fields: list[tuple[bytes, bytes]] = []
    is_field = False
    for line in lines:
        line = line.translate(_BLANKS)
        if line[:1] in (b" ", b"\t"):
            # Section 5.2: an obsolete line fold goes on with the line before, if that counts.
            if is_field:
                name, value = fields[-1]
                fields[-1] = (name, (value + b" " + line.strip(b" \t")).strip())
            continue
        name, colon, value = line.partition(b":")
        is_field = bool(colon)
        if is_field:
            fields.append((name.strip(), value.strip(b" \t")))
    return fields
