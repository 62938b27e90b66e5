"""What a page shows of its type: how much prose, how many headlines that are links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

from archiver.extraction.blocks import HEADINGS, Block
from archiver.extraction.claims import is_label
from archiver.extraction.letters import MIN_PROSE, letters_of, sentences_in

_MAX_KEPT = 20  # paragraphs
_MAX_OPENING = 500  # characters of each
_MAX_LINKED = 0.5  # of a line, in links; beyond, it is one
_MIN_STORY = 20  # letters of a headline that is a link
_MIN_HEADLINE = 25  # letters of one that is none; names of sites are shorter
_MAX_CLOCK = 30
_MAX_TIMES = 500  # elements

_LEGAL = re.compile(r"©|\(c\) ?\d{4}|copyright|all rights reserved|alle rechte", re.IGNORECASE)
_CLOCK = re.compile(r"\W*(?:\d{1,2}[:.h]\d{2}|\d{1,2}\.?\d{0,2} ?[ap]\.?m)\b.{0,12}$")


@dataclass(slots=True)
class Signs:
    """What was counted on one page; lengths are in letters.

    *run* is the length of the longest run of paragraphs of prose that no linked headline
    interrupts, *section_run* of those that no other heading does either, *prose* that of all,
    *paragraphs* the first of them. *stories* counts the linked headlines, *sections* what begins
    with a heading or is marked up as an article, *clocks* the times of day that stand alone.
    *is_headed* says that a line of the page, and no link, is in its title, *is_labelled* that
    one calls what follows an excerpt.
    """

    title: str = ""
    run: int = 0
    prose: int = 0
    chars: int = 0
    stories: int = 0
    sections: int = 0
    section_run: int = 0
    images: int = 0
    clocks: int = 0
    passwords: int = 0
    buttons: int = 0
    is_headed: bool = False
    is_labelled: bool = False
    paragraphs: list[str] = field(default_factory=list)
    _run: int = 0
    _section_run: int = 0

    def begin_section(self, sections: int) -> None:
        """Begin the last of *sections*, which ends the run of paragraphs of the one before."""
        if sections > self.sections:
            self.sections = sections
            self._section_run = 0

    def add(self, text: str, linked: int, is_heading: bool) -> None:
        """Count a block of *text*, *linked* characters of which are in links."""
        length = letters_of(text)
        self.chars += length
        if linked > _MAX_LINKED * len(text):
            if length >= _MIN_STORY or is_heading:
                self.stories += 1
                self._run = self._section_run = 0
        elif length < MIN_PROSE:
            if _is_clock(text):
                self.clocks += 1
            elif length >= _MIN_HEADLINE and text in self.title:
                self.is_headed = True
            elif is_label(text):
                self.is_labelled = True
        elif _is_prose(text):
            if len(self.paragraphs) < _MAX_KEPT:
                self.paragraphs.append(text[:_MAX_OPENING])
            self.prose += length
            self._run += length
            self.run = max(self.run, self._run)
            self._section_run += length
            self.section_run = max(self.section_run, self._section_run)
        elif text in self.title:
            self.is_headed = True


def signs_of(
    tree: HtmlElement, blocks: Sequence[Block], title: str, enough: int | None = None
) -> Signs:
    """Return the signs of the page in *tree*, whose *blocks* and *title* they are.

    With *enough*, what comes after a run of that many letters is not looked at.
    """
    signs = Signs(title=title)
    for block in blocks:
        signs.begin_section(block.sections)
        signs.add(block.text, block.linked, block.tag in HEADINGS)
        if enough is not None and signs.run >= enough:
            return signs
    signs.images = sum(1 for _ in tree.iter("img"))
    signs.buttons = sum(1 for _ in tree.iter("button"))
    signs.passwords = sum(1 for each in tree.iter("input") if each.get("type") == "password")
    times = islice(tree.iter("time"), _MAX_TIMES)
    signs.clocks = max(signs.clocks, sum(1 for each in times if _is_clock(each.text or "")))
    return signs


def _is_clock(text: str) -> bool:
    return len(text) < _MAX_CLOCK and _CLOCK.match(text.strip()) is not None


def _is_prose(text: str) -> bool:
    return sentences_in(text) > 0 and not _LEGAL.search(text)
