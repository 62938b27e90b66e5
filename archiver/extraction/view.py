"""The blocks of a page beside each other: what lies in which container, and where the prose is.

A view belongs to one page and one extraction; nothing outside it is changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from archiver.extraction.blocks import HEADINGS, Block
from archiver.extraction.containers import Container
from archiver.extraction.letters import MIN_PROSE, letters_of, sentences_in, typed, words_of

_MOST = 0.6  # of the prose of a container, in one within it, which then is the better one
_MAX_HEADLINE = 40  # words
_CARD_BLOCKS = 8  # a container with so few is a card: a teaser, a caption, a box
_GROUPS = frozenset(("ul", "ol", "dl", "table"))


class Line(NamedTuple):
    """What the text of a block shows: its words, its length in letters, its sentences."""

    words: list[str]
    key: str
    length: int
    sentences: int
    is_prose: bool

    @classmethod
    def of(cls, block: Block) -> Line:
        """Return the line that *block* is."""
        text = typed(block.text)
        words = words_of(text)
        length = letters_of(text)
        sentences = sentences_in(text)
        is_prose = length >= MIN_PROSE and sentences > 0 and 2 * block.linked < len(text)
        return cls(words, " ".join(words), length, sentences, is_prose)


class Place:
    """A container with sums over the blocks within it, and the containers that matter to it.

    *chars* and *prose* are in letters, *linked* in characters. *steps* says how far up the
    anchor is; *twins* counts the siblings that look like it.
    """

    __slots__ = (
        "_anchor", "_card", "_group", "blocks", "chars", "container", "linked", "parent", "prose",
        "steps", "twins",
    )  # fmt: skip

    def __init__(self, container: Container) -> None:
        self.container = container
        self.parent: Place | None = None
        # None where it is itself the one: what refers to itself is freed late.
        self._anchor: Place | None = None
        self._card: Place | None = None
        self._group: Place | None = None
        self.chars = self.prose = self.linked = self.blocks = 0
        self.steps = 0
        self.twins = 1

    @property
    def outer(self) -> Place:
        """Return the place around, or this one where there is none."""
        return self.parent or self

    @property
    def anchor(self) -> Place:
        """Return the nearest place around that also holds the main one."""
        return self._anchor or self

    @property
    def card(self) -> Place:
        """Return the largest place around with few blocks."""
        return self._card or self

    @property
    def group(self) -> Place:
        """Return the list or table around, or this place where there is none."""
        return self._group or self

    def stand_in(self, outer: Place, *, is_around_main: bool) -> None:
        """Find the anchor, card and group of this place, which is right within *outer*."""
        if not is_around_main:
            self._anchor, self.steps = outer.anchor, outer.steps + 1
        if outer.blocks <= _CARD_BLOCKS:
            self._card = outer.card
        if self.container.tag not in _GROUPS and outer.group.container.tag in _GROUPS:
            self._group = outer.group


class View:
    """The blocks of one page, their lines and places.

    *title* is the headline that the page declares. *main* is the smallest place with most of
    the prose, *headline* the index of the block that is most like the title, None where nothing
    is like it.
    """

    def __init__(self, blocks: Sequence[Block], lines: Sequence[Line], title: str) -> None:
        self.blocks = blocks
        self.lines = lines
        self.title = frozenset(words_of(title))
        self.places: list[Place] = []
        self.at: list[Place] = []
        self.main = Place(blocks[0].container)
        self.headline: int | None = None

    @classmethod
    def of(cls, blocks: Sequence[Block], lines: Sequence[Line], title: str) -> View:
        """Return the view of *blocks*, of which there is at least one."""
        view = cls(blocks, lines, title)
        view._find_places()
        view._sum_up()
        view._orient()
        view.headline = view._find_headline()
        return view

    def _find_places(self) -> None:
        known: dict[Container, Place] = {}
        for block in self.blocks:
            place = known.get(block.container)
            if place is None:
                place = known[block.container] = Place(block.container)
                inner, outer = place, block.container.parent
                while outer is not None:
                    around = known.get(outer)
                    is_new = around is None
                    if around is None:
                        around = known[outer] = Place(outer)
                    inner.parent = around
                    if not is_new:
                        break
                    inner, outer = around, outer.parent
            self.at.append(place)
        self.places = sorted(known.values(), key=lambda place: place.container.depth)

    def _sum_up(self) -> None:
        for block, line, place in zip(self.blocks, self.lines, self.at, strict=True):
            place.blocks += 1
            place.chars += line.length
            place.linked += block.linked
            place.prose += line.length * line.is_prose
        for place in reversed(self.places[1:]):
            around = place.outer
            around.blocks += place.blocks
            around.chars += place.chars
            around.linked += place.linked
            around.prose += place.prose

    def _orient(self) -> None:
        best: dict[Place, Place] = {}  # of each place the one within it with the most prose
        for place in self.places[1:]:
            if place.outer not in best or place.prose > best[place.outer].prose:
                best[place.outer] = place
        main = self.places[0]
        around = {main}
        while (
            (inner := best.get(main))
            and inner.prose >= _MOST * main.prose
            and inner.container.tag != "p"
        ):
            main = inner
            around.add(main)
        self.main = main
        looks = [(place.parent, place.container.signature) for place in self.places[1:]]
        twins = Counter(looks)
        for place, look in zip(self.places[1:], looks, strict=True):
            place.stand_in(place.outer, is_around_main=place in around)
            place.twins = twins[look]

    def _find_headline(self) -> int | None:
        best, found = 0.0, None
        for at, (block, line) in enumerate(zip(self.blocks, self.lines, strict=True)):
            if not 2 <= len(line.words) <= _MAX_HEADLINE or self.title.isdisjoint(line.words):
                continue
            words = set(line.words)
            common = len(words & self.title)
            if 2 * common < len(words):
                continue
            likeness = common / len(words | self.title)
            if block.tag in HEADINGS:
                likeness += 0.3 if block.tag == "h1" else 0.15
            if 2 * block.linked > len(block.text):
                likeness -= 0.3
            if likeness > best:
                best, found = likeness, at
        return found
