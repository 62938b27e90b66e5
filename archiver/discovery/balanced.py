"""The tags of broken XML, made to close in the order in which they open.

libxml2 takes any end tag for that of the element that is open, so that one too many ends the
entry, and then the document; one too few puts each entry into the one before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container

_TAG = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|\Z)"
    rb"|(?P<end></)?(?(end)|<)(?P<name>[A-Za-z_][^\s/<>]{0,200})(?P<rest>[^<>]*)>"
    rb"|<!--.*?(?:-->|\Z)"
    rb"|<[!?/][^<>]*>"
    rb"|<",
    re.DOTALL,
)
_DEEPEST = 200  # libxml2 stops at 256


def balanced(octets: bytes, alone: Container[bytes]) -> bytes:
    """Return *octets* with each element closed, and no end of one that is not open.

    Elements whose names, in lower case, are *alone* are never within each other. Too deep ones
    are left out, and so is what is neither a tag nor text.
    """
    output, start = bytearray(), 0
    path = _Path()
    for found in _TAG.finditer(octets):
        name = found["name"]
        if found[0].startswith(b"<![CDATA["):
            continue
        output += octets[start : found.start()]
        start = found.end()
        if name is None:
            output += b"&#60;" if found[0] == b"<" else b""
        elif found["end"]:
            output += path.closed(name)
        elif found["rest"].endswith(b"/"):
            output += found[0]
        elif len(path.names) < _DEEPEST:
            if name.lower() in alone:
                output += path.closed(name)
            output += found[0]
            path.add(name)
    output += octets[start:]
    while path.names:
        output += path.closed(path.names[-1])
    return bytes(output)


class _Path:
    """The names of the elements that are open, from the outermost."""

    def __init__(self) -> None:
        self.names: list[bytes] = []
        self._counts: Counter[bytes] = Counter()

    def add(self, name: bytes) -> None:
        self.names.append(name)
        self._counts[name] += 1

    def closed(self, name: bytes) -> bytes:
        """Close *name* and what lies in it; return the end tags, none where it is not open."""
        ends = b""
        while self._counts[name]:
            last = self.names.pop()
            self._counts[last] -= 1
            ends += b"</%b>" % last
            if last == name:
                break
        return ends
