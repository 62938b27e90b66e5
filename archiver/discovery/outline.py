"""What a document in XML says of itself and of its entries, however broken it is.

The document is read as a stream of tags by libxml2, which goes on after an error; no tree is
built. Names count without their namespaces, which documents forget, misspell and swap. No
entity is declared (see `opening`), none is resolved, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import lru_cache
from typing import NamedTuple

from lxml.etree import LxmlError, XMLParser, fromstring

from archiver.discovery.announced import MOST
from archiver.discovery.balanced import balanced
from archiver.discovery.mended import mended

MAX_ELEMENTS = 2_000_000  # ten times what the largest sitemap takes; they are read in seconds

_MOST_FIELDS = 20  # of a group; no entry has more links and dates
_MOST_BASES = 8  # that are within each other
_LONGEST = 10_000  # characters of a field
_ATTRIBUTES = frozenset(("about", "base", "href", "ispermalink", "rel", "type"))


class Field(NamedTuple):
    """An element directly below a group; *is_own* where it is in the namespace of its group."""

    name: str
    is_own: bool
    attributes: Mapping[str, str]
    text: str


@dataclass(slots=True)
class Group:
    """An element whose children are read; *bases* are the `xml:base` of what it lies in."""

    name: str
    space: str
    attributes: Mapping[str, str]
    bases: tuple[str, ...]
    fields: list[Field] = dataclass_field(default_factory=list)

    def texts(self, *names: str) -> Iterator[str]:
        """Yield what the fields called one of *names* say, by name."""
        for name in names:
            yield from (field.text for field in self.fields if field.name == name and field.text)

    def own(self, name: str) -> str | None:
        """Return what the first field called *name* of the group's own namespace says."""
        texts = (field.text for field in self.fields if field.name == name and field.is_own)
        return next((text for text in texts if text), None)


class Outline:
    """The groups of a document: its *heads* in their order, and as many *entries* as are kept.

    *part* is the name of an element within an entry whose children count as the entry's.
    """

    def __init__(
        self,
        text: str,
        *,
        heads: frozenset[str],
        entries: frozenset[str],
        fields: frozenset[str],
        part: str = "",
    ) -> None:
        # Most documents are sound, and those are soon read.
        target = _Target(heads, entries, fields, part)
        if not _is_read(text.encode("utf-8", "replace"), target, recover=False):
            target = _Target(heads, entries, fields, part)
            alone = frozenset(name.encode() for name in entries)
            _is_read(balanced(mended(text), alone), target, recover=True)
        self.heads = target.heads
        self.entries = target.entries
        self.left_out = target.left_out


def name_of(tag: str) -> tuple[str, str]:
    """Return the namespace of *tag*, and its name in lower case without a prefix."""
    space, _, local = tag.removeprefix("{").rpartition("}")
    prefix, _, local = local.rpartition(":")
    return space or prefix, local.lower()


def _is_read(octets: bytes, target: _Target, *, recover: bool) -> bool:
    """Have *target* told of *octets*; say whether they are sound, as far as they are read."""
    parser = XMLParser(
        # Its stubs would have us take octets and comments, which a target need not.
        target=target,  # type: ignore[arg-type]
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
    )
    try:
        fromstring(octets, parser)
    except LxmlError:
        return False
    except _Enough:
        return True
    return not parser.error_log  # an undeclared prefix is an error that ends nothing


class _Enough(Exception):
    """The document has more elements than are read."""


class _Target:
    """What libxml2 tells of each tag and text, put in groups."""

    def __init__(
        self, heads: frozenset[str], entries: frozenset[str], fields: frozenset[str], part: str
    ) -> None:
        self.heads: list[Group] = []
        self.entries: list[Group] = []
        self.left_out = 0
        self._wanted = (heads, entries, fields, part)
        self._name_of = lru_cache(maxsize=1000)(name_of)
        self._count = self._depth = 0
        self._groups: list[tuple[int, Group]] = []  # that are open, with their depths
        self._field: tuple[int, str, str, Mapping[str, str]] | None = None
        self._pieces: list[str] = []
        self._length = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in the beginning of an element."""
        self._depth += 1
        self._count += 1
        if self._count > MAX_ELEMENTS:
            self.left_out += 1
            raise _Enough
        heads, entries, fields, part = self._wanted
        space, name = self._name_of(tag)
        if name in entries or name in heads:
            self._close_field()
            self._open(name, space, _chosen(attributes), is_entry=name in entries)
        elif self._groups and (self._field or self._groups[-1][0] == self._depth - 1):
            group = self._groups[-1][1]
            if name == part:
                self._groups.append((self._depth, group))
            elif name in fields and (self._field is None or space == group.space):
                self._close_field()  # one that its author forgot to close
                self._field = (self._depth, name, space, _chosen(attributes))

    def data(self, text: str) -> None:
        """Take in text."""
        if self._field is not None and self._length < _LONGEST:
            self._pieces.append(text[:_LONGEST])
            self._length += len(text)

    def end(self, tag: str) -> None:
        """Take in the end of an element."""
        if self._field is not None and self._field[0] >= self._depth:
            self._close_field()
        while self._groups and self._groups[-1][0] >= self._depth:
            self._groups.pop()
        self._depth -= 1

    def close(self) -> None:
        """Take in the end of the document."""
        self._close_field()

    def _open(
        self, name: str, space: str, attributes: Mapping[str, str], *, is_entry: bool
    ) -> None:
        bases = self._groups[-1][1].bases if self._groups else ()
        if own := attributes.get("base"):
            bases = (*bases, own)[:_MOST_BASES]
        group = Group(name, space, attributes, bases)
        self._groups.append((self._depth, group))
        kept = self.entries if is_entry else self.heads
        if len(kept) < MOST:
            kept.append(group)
        elif is_entry:
            self.left_out += 1

    def _close_field(self) -> None:
        if self._field is None:
            return
        _, name, space, attributes = self._field
        group = self._groups[-1][1]
        if len(group.fields) < _MOST_FIELDS:
            text = "".join(self._pieces).strip()
            group.fields.append(Field(name, space == group.space, attributes, text))
        self._field, self._length = None, 0
        self._pieces.clear()


def _chosen(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Return those of *attributes* that anybody asks for, by name."""
    if not attributes:
        return attributes
    named = ((name_of(name)[1], value) for name, value in attributes.items())
    # Quirk: libxml2 leaves each `&` of an attribute so where it resolves no entities.
    return {name: value.replace("&#38;", "&") for name, value in named if name in _ATTRIBUTES}
