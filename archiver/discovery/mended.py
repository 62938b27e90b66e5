"""XML as it is on the web, brought closer to what a parser takes.

libxml2 goes on after an error, but at a price: an ampersand that stands for itself and an entity
of HTML are lost with what follows them, after any error so is `&amp;`, and a prefix that is
declared nowhere is forgotten. That is put right in the text. Whatever the text, it takes time
and room in proportion to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_VERBATIM = re.compile(rb"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
# What XML itself may not do without, by name and by number.
_NUMBERS = {b"&lt;": b"&#60;", b"&gt;": b"&#62;", b"&amp;": b"&#38;", b"&quot;": b"&#34;"}
_AMPERSAND = re.compile(rb"&(?!#(?:34|38|60|62);)")
_REFERENCE = re.compile(_AMPERSAND.pattern + rb"(?:#[xX]?)?[A-Za-z0-9]{1,32};")
_ESCAPES = str.maketrans({"<": "&#60;", ">": "&#62;", "&": "&#38;"})
_CONTROLS = bytes(octet for octet in range(0x20) if octet not in b"\t\n\r")
# Those without which a name in a tag would be another.
_PREFIX = re.compile(rb"<([A-Za-z_][\w.-]{0,40}):")
_RESERVED = (b"xml", b"xmlns")
_MOST_PREFIXES = 100
_STEP = 32 << 10  # octets that are mended at a time


def mended(text: str) -> bytes:
    """Return *text*, a document from its root on, in UTF-8 and within an element of ours.

    References to characters are resolved, ampersands escaped, controls removed, and undeclared
    prefixes declared as the namespaces that they seem to be. What comes after the last tag
    is part of one, or of a text that was cut short.
    """
    octets = text[: text.rfind(">") + 1].encode("utf-8", "replace").translate(None, _CONTROLS)
    output = bytearray(_wrapper(octets))
    for piece, is_verbatim in _pieces(octets):
        output += piece if is_verbatim else _numbered(piece)
    return bytes(output)


def _wrapper(octets: bytes) -> bytes:
    """Return the beginning of an element in which each prefix of *octets* means something.

    What *octets* declare themselves goes before that. A parser that recovers needs no end.
    """
    prefixes: set[bytes] = set()
    for found in _PREFIX.finditer(octets):
        if found[1] not in _RESERVED and len(prefixes) < _MOST_PREFIXES:
            prefixes.add(found[1])
    return b"<_%b>" % b"".join(b' xmlns:%b="%b"' % (one, one) for one in sorted(prefixes))


def _pieces(octets: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield *octets* in pieces, and whether an ampersand is itself in them."""
    start = 0
    for verbatim in _VERBATIM.finditer(octets):
        yield from _steps(octets, start, verbatim.start())
        yield verbatim[0], True
        start = verbatim.end()
    yield from _steps(octets, start, len(octets))


def _steps(octets: bytes, start: int, end: int) -> Iterator[tuple[bytes, bool]]:
    """Yield *octets* between *start* and *end* in pieces that do not part a reference."""
    while end - start > _STEP:
        ampersand = octets.rfind(b"&", start + 1, start + _STEP)
        stop = ampersand if ampersand != -1 else start + _STEP
        yield octets[start:stop], False
        start = stop
    if start < end:
        yield octets[start:end], False


def _numbered(piece: bytes) -> bytes:
    """Return *piece* with no references but by number, and those to what XML needs them for."""
    for name, number in _NUMBERS.items():
        piece = piece.replace(name, number)
    return _AMPERSAND.sub(b"&#38;", _REFERENCE.sub(_resolved, piece))


def _resolved(reference: re.Match[bytes]) -> bytes:
    characters = unescape(reference[0].decode("ascii"))
    escaped = characters.translate(_ESCAPES).encode("utf-8", "replace")
    return escaped.translate(None, _CONTROLS)
