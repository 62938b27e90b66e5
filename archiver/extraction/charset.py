"""From octets to text: which character encoding a page is in.

The order is that of the Encoding Standard, with liberties that real pages teach: what is
sound UTF-8 is UTF-8 whatever it declares, UTF-16 needs no mark, and a declaration that most of
the page contradicts is not believed.
"""

from __future__ import annotations

import re
from codecs import utf_8_decode
from collections.abc import Iterator
from typing import NamedTuple

from chardetng_py import EncodingDetector
from w3lib.encoding import (
    html_body_declared_encoding,
    read_bom,
    resolve_encoding,
)

from archiver.encodings import is_encoding

# Text in these is sound UTF-8 too, but for these octets, without which it is not in them.
_DISGUISED = {"utf-16": b"\0", "utf-16-le": b"\0", "utf-16-be": b"\0", "iso2022_jp": b"\x1b"}
_LAST_RESORT = "cp1252"  # what browsers assume of a page that says nothing
_SAMPLE = 16 << 10  # octets from the first that is not ASCII; more decides hardly better
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
# U+FFFD among the characters beyond ASCII: less is a patched page, more another encoding.
# Legacy text read as UTF-8 is nearly all damage, but another legacy encoding hides better.
_MAX_DAMAGE = {"utf-8": 0.3}
_MAX_DAMAGE_LEGACY = 0.05
# Markup in UTF-16 without a mark (XML 1.0, F.1); the Encoding Standard does not look for it.
_UTF_16 = {
    "utf-16-le": re.compile(rb"(?:[\t\n\r ]\0)*+<\0[!?a-zA-Z]\0"),
    "utf-16-be": re.compile(rb"(?:\0[\t\n\r ])*+\0<\0[!?a-zA-Z]"),
}
_TO_JAPANESE = re.compile(rb"\x1b\$[@B]")  # ISO-2022-JP, which Firefox detects too
# Encodings of Latin scripts, one of which servers declare of every page they do not know.
_LATIN = re.compile(r"cp125[02478]|iso8859-(?:[12349]|1[03-6])|mac-roman")
_RUN = re.compile("[^\x00-\x7f]{4,}")
_MIN_FOREIGN = 20  # characters; a name in another script, or a broken one, decides nothing
_PIECE = 16 << 10  # octets
_C1 = re.compile("[\x80-\x9f]")
# The octets that ISO 8859 keeps for controls mean what they do in windows-1252: quotes, dashes.
_NO_CONTROLS = {octet: bytes([octet]).decode("cp1252", "replace") for octet in range(0x80, 0xA0)}


class Decoded(NamedTuple):
    """A page as text, and the Python name of the encoding it was read in."""

    text: str
    encoding: str


def decode(octets: bytes, charset: str | None = None) -> Decoded:
    """Return the text of *octets*; *charset* is what the HTTP header declares, if anything.

    A byte-order mark comes first, then what can only be UTF-16, then sound UTF-8, then
    *charset*, the page's own declaration, and detection. Octets that the encoding does not
    know become U+FFFD.
    """
    marked, mark = read_bom(octets)
    if marked is not None and mark is not None:
        return Decoded(octets[len(mark) :].decode(marked, "replace"), marked)
    is_sound = _is_utf_8(octets)  # legacy text hardly ever passes for UTF-8
    if is_sound and not _may_be_disguised(octets):
        return Decoded(octets.decode(), "utf-8")
    declared = [name for name in _declared(octets, charset) if _is_possible(name, octets)]
    if unmarked := _unmarked(octets):
        declared.insert(0, unmarked)
    if is_sound and not (declared and declared[0] in _DISGUISED):
        return Decoded(octets.decode(), "utf-8")
    for encoding in [*declared, "utf-8"]:
        text = octets.decode(encoding, "replace")
        if _is_plausible(text, encoding):
            return Decoded(_without_controls(text, encoding), encoding)
    encoding = _detected(octets)
    return Decoded(_without_controls(octets.decode(encoding, "replace"), encoding), encoding)


def in_utf_8(octets: bytes, charset: str | None = None) -> bytes:
    """Return the page in *octets* in UTF-8, as `decode` reads it; most are in it already."""
    if read_bom(octets)[0] is None and not _may_be_disguised(octets) and _is_utf_8(octets):
        return octets
    return decode(octets, charset).text.encode()


def _is_utf_8(octets: bytes) -> bool:
    # In pieces that caches hold, which takes half the time of making one text of them.
    at = 0
    try:
        while at < len(octets):
            end = at + _PIECE
            _, read = utf_8_decode(octets[at:end], "strict", end >= len(octets))
            at += read
    except UnicodeDecodeError:
        return False
    return True


def _may_be_disguised(octets: bytes) -> bool:
    return any(octet in octets for octet in _DISGUISED.values())


def _unmarked(octets: bytes) -> str | None:
    for encoding, markup in _UTF_16.items():
        if markup.match(octets):
            return encoding
    # Pages with an escape are few, and looking for one octet costs hardly anything.
    return "iso2022_jp" if b"\x1b" in octets and _TO_JAPANESE.search(octets) else None


def _declared(octets: bytes, charset: str | None) -> Iterator[str]:
    if charset and (name := resolve_encoding(charset)):
        yield name
    if name := html_body_declared_encoding(octets):
        yield name


def _is_possible(encoding: str, octets: bytes) -> bool:
    return is_encoding(encoding) and _DISGUISED.get(encoding, b"") in octets


def _is_plausible(text: str, encoding: str) -> bool:
    damage = text.count("\ufffd")
    if encoding.startswith("iso8859"):
        damage += len(_C1.findall(text))
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if damage > beyond_ascii * _MAX_DAMAGE.get(encoding, _MAX_DAMAGE_LEGACY):
        return False
    return not (_LATIN.fullmatch(encoding) and _is_foreign(text, beyond_ascii))


def _is_foreign(text: str, beyond_ascii: int) -> bool:
    # Latin scripts have their letters beyond ASCII one by one, others whole words of them.
    # Ornaments and no-break spaces are of one kind, or of two.
    runs = sum(len(run) for run in _RUN.findall(text) if len(set(run)) > 2)
    return runs >= max(_MIN_FOREIGN, beyond_ascii / 2)


def _without_controls(text: str, encoding: str) -> str:
    return text.translate(_NO_CONTROLS) if encoding.startswith("iso8859") else text


def _detected(octets: bytes) -> str:
    # Firefox's detector: on legacy pages that declare nothing it is right nineteen times in
    # twenty, where charset_normalizer takes windows-1250 for windows-1252 every other time.
    first = _NOT_ASCII.search(octets)
    start = first.start() if first else 0
    detector = EncodingDetector()
    detector.feed(octets[start : start + _SAMPLE], last=True)
    encoding = resolve_encoding(detector.guess(tld=None, allow_utf8=False))
    return encoding or _LAST_RESORT
