"""A text record: what a page says and where it came from, one JSON object a line.

Text is normalised here, for every column that holds prose. Nothing in this file knows HTML
trees, WARC records or languages.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import asdict, dataclass, fields
from html.entities import html5
from typing import Any
from unicodedata import normalize as to_form

# Part of `extractor_config_hash`: raise it whenever `normalise` gives another text.
NORMALISATION_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRecord:
    """The text of one page, its metadata, and the response record it was read from.

    The columns of the text files, in their order; None is absent, and never an empty
    string. Dates are RFC 3339: *date* in UTC, *published_date* and *modified_date* a
    `full-date` where the page gives no more, a `date-time` where it gives time and zone.
    In the columns of the group rights None means that nobody looked, or that nothing was
    said; *tdm_reservation* is the number that TDMRep defines, 1 where rights are reserved.
    The signals in the group quality are explained in `archiver.extraction.quality`.
    """

    # identity
    id: str
    url: str
    url_requested: str | None = None
    url_canonical: str | None = None
    domain: str | None = None
    source: str | None = None
    # text
    text: str
    text_sha256: str
    captions: tuple[str, ...] = ()
    language: str | None = None
    language_score: float | None = None
    word_count: int
    # article
    title: str | None = None
    authors: tuple[str, ...] = ()
    published_date: str | None = None
    modified_date: str | None = None
    sitename: str | None = None
    description: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    agency: str | None = None
    page_type: str | None = None
    # capture
    date: str
    http_status: int | None = None
    seed: str | None = None
    # provenance
    file_path: str
    warc_record_id: str
    warc_offset: int
    warc_length: int
    payload_digest: str | None = None
    extractor: str
    extractor_version: str
    extractor_config_hash: str
    # duplicates
    duplicate_of: str | None = None
    near_duplicate_cluster: str | None = None
    # quality
    quality_mean_word_length: float
    quality_alphabetic_word_fraction: float
    quality_symbol_word_ratio: float
    quality_ellipsis_line_fraction: float
    quality_terminal_punctuation_fraction: float
    quality_short_line_fraction: float
    quality_duplicate_line_fraction: float
    quality_replacement_count: int
    # rights
    robots_allowed: bool | None = None
    robots_meta: str | None = None
    x_robots_tag: str | None = None
    ai_txt_allowed: bool | None = None
    tdm_reservation: int | None = None
    tdm_policy: str | None = None
    license: str | None = None
    paywalled: bool | None = None


COLUMNS = tuple(field.name for field in fields(TextRecord))
_LISTS = ("captions", "authors", "categories", "tags")

# JSON may hold these three as they are, but readers that split by Unicode's lines (Python's
# `str.splitlines`, older JavaScript) would see two records where there is one.
_LINE_BREAKS = {0x85: r"\u0085", 0x2028: r"\u2028", 0x2029: r"\u2029"}


def line_from_record(record: TextRecord) -> bytes:
    """Return *record* as one line of UTF-8 JSON, its columns in their declared order.

    A lone surrogate is no character and has no UTF-8; U+FFFD is written in its place.
    ValueError for a number that JSON has not, such as NaN.
    """
    line = json.dumps(asdict(record), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return f"{_without_surrogates(line).translate(_LINE_BREAKS)}\n".encode()


def record_from_line(line: bytes) -> TextRecord:
    """Return the record that *line* holds. ValueError when it holds none."""
    columns: Any = json.loads(line)
    if not isinstance(columns, dict):
        raise ValueError(f"no text record: {line[:80]!r}")
    columns.setdefault("captions", [])  # text files of before 2026-12 have no such column
    try:
        lists = {name: tuple(columns[name]) for name in _LISTS}
        return TextRecord(**columns | lists)
    except (KeyError, TypeError) as problem:
        raise ValueError(f"not the columns of a text record: {problem}") from problem


def normalise(text: str) -> str:
    """Return *text* with each paragraph on one line and one blank line between paragraphs.

    Every line of *text* that is not blank is a paragraph. Unicode is in form NFC, entities
    are decoded, any run of space characters is one plain space, what has neither width nor
    meaning is gone (`_INVISIBLE`), lone surrogates are U+FFFD. Quotes and dashes are the
    author's. Normalising twice changes nothing, since this goes on until nothing changes:
    what is decoded or mended may itself be an entity or a zero-width character.
    """
    if text.isascii() and "&" not in text and _is_printable(text):
        return _in_paragraphs(text)
    before = None
    while text != before:
        before = text
        text = _without_surrogates(text)
        text = _mended(_ENTITY.sub(_decoded, text) if "&" in text else text)
        if not (is_printable := _is_printable(text)):
            text = _INVISIBLE.sub(_what_stays, _LINE_END.sub("\n", text))
        text = to_form("NFC", text)
        # Fewer blanks between the same characters are nothing that the next round would mend.
        if is_printable and text == before:
            return _in_paragraphs(text)
        text = _in_paragraphs(text)
    return text


def normalise_line(text: str) -> str | None:
    """Return *text* normalised and on one line, such as a title; None when nothing is left."""
    return normalise(text).replace("\n\n", " ") or None


# CR LF, CR, and the characters that Unicode calls mandatory breaks (UAX #14, BK and NL).
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")

# Controls but tab and line feed; soft hyphen and grapheme joiner; zero-width spaces and
# joiners; marks and overrides of direction; invisible operators; annotation marks; byte-order
# mark; noncharacters; tags. Named by code and not by category, so that no newer Unicode
# database changes a text.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]+"
)
# Joining scripts spell with ZERO WIDTH NON-JOINER and JOINER (Persian, Urdu, Hindi,
# Malayalam, Khmer, Mongolian: Unicode 23.2), and emoji are glued by the joiner: after a
# character of theirs the two stay. Tags stay where they make a flag of a black flag.
_JOINING = re.compile(
    "[\u0600-\u109f\u1780-\u18af\u2190-\u2bff\ua840-\uabff\ufb50-\ufdcf\ufdf0-\ufdff\ufe0f"
    "\ufe70-\ufefc\U00011000-\U000118ff\U0001e900-\U0001e95f\U0001f000-\U0001faff]"
)
_FLAG_OR_TAG = re.compile("[\U0001f3f4\U000e0000-\U000e007f]")


def _in_paragraphs(text: str) -> str:
    lines = (_single_spaced(line) for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line)


def _single_spaced(line: str) -> str:
    if "  " not in line and line.isprintable():  # so all of its space characters are plain
        return line.strip()
    return " ".join(line.split())


def _is_printable(text: str) -> bool:
    # All of `_LINE_END` and `_INVISIBLE` but the grapheme joiner are of categories that Python
    # calls not printable, and it tells in a tenth of their time.
    return text.replace("\n", "").isprintable() and "\u034f" not in text


def _what_stays(match: re.Match[str]) -> str:
    before = match.string[match.start() - 1 : match.start()]
    stays = ""
    for char in match[0]:
        is_joiner, is_tag = char in "\u200c\u200d", char >= "\U000e0000"
        if (is_joiner and _JOINING.match(before)) or (is_tag and _FLAG_OR_TAG.match(before)):
            stays += char
            before = char
    return stays


# A reference counts only with its semicolon: `?a=1&copy=2` is an address. Nested ampersands,
# `&amp;amp;lt;`, are taken in one step.
_ENTITY = re.compile(
    r"&((?:(?:amp|AMP|#38|#x26);)*)"
    r"(#[0-9]{1,7};|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)"
)


def _decoded(match: re.Match[str]) -> str:
    ampersands, name = match.groups()
    if name[0] == "#":
        return html.unescape(f"&{name}")
    return html5.get(name) or (f"&{name}" if ampersands else match[0])


def _without_surrogates(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        # Halves that belong together become the character they mean.
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


# Mojibake: UTF-8 read as windows-1252, "CafÃ©" for "Café". It is mended where all of a text
# says so: every character beyond ASCII belongs to a sequence that is sound UTF-8, and there
# are two sequences, or a longer one, or one whose second half follows no letter in honest
# text. "AMANHÃ”", where a quotation ends after a capital, stays; so does a text with both.
_OCTETS = {ord(bytes([octet]).decode("cp1252", "replace")): octet for octet in range(128, 256)}
_OCTETS |= {octet: octet for octet in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}  # cp1252 has none here
del _OCTETS[0xFFFD]


def _read_as_1252(first: int, last: int) -> str:
    chars = "".join(chr(char) for char, octet in _OCTETS.items() if first <= octet <= last)
    return f"[{re.escape(chars)}]"


# Table 3-7 of the Unicode Standard, but for the few bounds that `bytes.decode` will check.
_CONTINUATION = _read_as_1252(0x80, 0xBF)
_LONGER = (
    f"(?:{_read_as_1252(0xE0, 0xEF)}{_CONTINUATION}{{2}}"
    f"|{_read_as_1252(0xF0, 0xF4)}{_CONTINUATION}{{3}})"
)
_SEQUENCE = f"(?:{_read_as_1252(0xC2, 0xDF)}{_CONTINUATION}|{_LONGER})"
_MOJIBAKE = re.compile(f"[\x00-\x7f]*+(?:{_SEQUENCE}[\x00-\x7f]*+)++")
_EVIDENCE = re.compile(
    f"[\xc2\xc3][\xa1-\xa9\xab\xac\xaf\xb1\xb5\xb6\xb8\xbc-\xbf]"
    f"|{_LONGER}|{_SEQUENCE}[\x00-\x7f]*+{_SEQUENCE}"
)
_SUSPICION = re.compile(_read_as_1252(0xC2, 0xF4) + _CONTINUATION)  # the quick half


def _mended(text: str) -> str:
    if text.isascii() or not (
        _SUSPICION.search(text) and _EVIDENCE.search(text) and _MOJIBAKE.fullmatch(text)
    ):
        return text
    try:
        return bytes(_OCTETS.get(ord(char), ord(char)) for char in text).decode()
    except UnicodeDecodeError:
        return text
