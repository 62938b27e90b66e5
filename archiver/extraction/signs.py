"""What the tree of a page shows of its type: how much prose, how many headlines that are links.

Counted in one pass, with a bound on what is read. The tree stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from archiver.extraction.claims import is_label
from archiver.extraction.letters import SENTENCE_END, letters_of

_MAX_READ = 400_000  # characters; beyond, there is nothing left to find out
_MAX_KEPT = 20  # paragraphs
_MAX_OPENING = 500  # characters of each
_MIN_PROSE = 60  # letters of a paragraph
_MAX_LINKED = 0.5  # of a line, in links; beyond, it is one
_MIN_STORY = 20  # letters of a headline that is a link
_MIN_HEADLINE = 25  # letters of one that is none; names of sites are shorter
_MAX_CLOCK = 30

_LEGAL = re.compile(r"©|\(c\) ?\d{4}|copyright|all rights reserved|alle rechte", re.IGNORECASE)
_CLOCK = re.compile(r"\W*(?:\d{1,2}[:.h]\d{2}|\d{1,2}\.?\d{0,2} ?[ap]\.?m)\b.{0,12}$")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
# Not `head`: where a page names no body, libxml2 leaves all that HTML 5 has brought in its head.
_SKIPPED = frozenset(
    ("title", "script", "style", "noscript", "template", "select", "button", "svg", "textarea")
)
_BREAKS = _HEADINGS | frozenset(
    ("p", "div", "td", "th", "li", "dd", "dt", "tr", "table", "ul", "ol", "dl", "br", "hr",
     "article", "section", "header", "nav", "aside", "main", "form", "blockquote", "pre",
     "figure", "figcaption", "center", "body", "address", "footer", "time")
)  # fmt: skip
_SECTIONS = frozenset(("h2", "h3", "h4", "article"))
_COUNTED = frozenset(("img", "button", "input"))


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

    def count(self, element: HtmlElement) -> None:
        """Count *element*, which is one of `_COUNTED`."""
        if element.tag == "img":
            self.images += 1
        elif element.tag == "button":
            self.buttons += 1
        elif element.get("type") == "password":
            self.passwords += 1

    def begin_section(self) -> None:
        """Count a section, which ends the run of paragraphs of the one before."""
        self.sections += 1
        self._section_run = 0

    def add(self, text: str, linked: int, is_heading: bool) -> None:
        """Count a block of *text*, *linked* characters of which are in links."""
        length = letters_of(text)
        self.chars += length
        if linked > _MAX_LINKED * len(text):
            if length >= _MIN_STORY or is_heading:
                self.stories += 1
                self._run = self._section_run = 0
        elif length < _MIN_PROSE:
            if length < _MAX_CLOCK and _CLOCK.match(text):
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


def signs_of(tree: HtmlElement, title: str, enough: int | None = None) -> Signs:
    """Return the signs of the page in *tree*, whose title is *title*.

    With *enough*, what comes after a run of that many letters is not looked at.
    """
    signs = Signs(title=title)
    parts: list[str] = []
    links = skipped = read = linked = headings = 0
    for event, element in iterwalk(tree, ("start", "end")):
        tag = element.tag
        step = 1 if event == "start" else -1
        if tag in _BREAKS:
            if parts:
                if block := " ".join("".join(parts).split()):
                    signs.add(block, linked, headings > 0)
                    if enough is not None and signs.run >= enough:
                        break
                parts.clear()
                linked = 0
            if tag in _HEADINGS:
                headings += step
            if step == 1 and tag in _SECTIONS:
                signs.begin_section()
        elif tag == "a":
            links += step
        elif tag in _SKIPPED:
            skipped += step
        if step == 1:
            text = element.text
            if tag in _COUNTED:
                signs.count(element)
        else:
            text = element.tail
        if text and not skipped:
            text = text[:_MAX_READ]
            parts.append(text)
            read += len(text)
            if links:
                linked += len(text.strip())
            if read > _MAX_READ:
                break
    if block := " ".join("".join(parts).split()):
        signs.add(block, linked, False)
    return signs


def _is_prose(text: str) -> bool:
    return bool(SENTENCE_END.search(text)) and not _LEGAL.search(text)
