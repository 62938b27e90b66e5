"""What stands among the paragraphs of an article and is none of its text.

The model sees what blocks are like, not what they say; here are the lines that say it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence, Set
from itertools import pairwise

from archiver.extraction.blocks import HEADINGS
from archiver.extraction.hints import ALL
from archiver.extraction.view import Line, View

_MIN_REPEATED = 80  # letters of a line that is left out the second time
_FEW_REPEATED = 2
_MAX_NOTICE = 500
_MAX_PART = 200
_COMMENT_NEAR = 3  # elements up
_TOP = 2  # kept blocks above which a date is that of the page
_HEADLINE_AMONG = 8  # kept blocks; further down it is a heading of the text
_MAX_ABOVE = 4  # in so many parts of the text may stand above its headline, one
_MIN_BELOW = 600  # letters below a headline above which nothing counts
_LEAST_BELOW = 3  # one part in so many of the text
_MIN_HEADLINE = 3  # words; an `h1` of fewer may be the name of the site
_AHEAD = 6  # blocks in which an announcement is said again
_MIN_ANNOUNCED = 12  # words
_COMMENT = ALL.index("comment_text")
_SHORT = 8  # words
_MAX_SHORT = 200  # characters
_BY_WORDS = ("rights", "appeal")
_MAX_TAKEN = 4  # one part in so many of a text

_RIGHTS = re.compile(
    r"\W*(?:(?:©[^.\d]{0,60}|(?:\(c\)|copyright)\W*(?:by\b[^.\d]{0,60})?)(?:19|20)\d\d\b|"
    r"this (?:material|story|article|content) may not be\b)",
    re.IGNORECASE,
)
_RIGHTS_LAST = re.compile(
    r"(?:\ball rights reserved|alle rechte vorbehalten|tous droits réservés|все права защищены)"
    r"\W*$",
    re.IGNORECASE,
)
# What viewers of documents say below the part that they show.
_PART = re.compile(
    r"\W*you(?:'re|\u2019re| are) (?:viewing|reading|seeing) "
    r"(?:an?|the|only an?) (?:preview|excerpt|extract)\b|"
    r"\W*sie (?:sehen|lesen) (?:hier )?(?:nur )?(?:eine (?:lese)?vorschau|einen auszug)\b|"
    r"\W*vous (?:lisez|consultez) (?:ici )?un (?:extrait|aperçu)\b|"
    r"\W*está (?:leyendo|viendo) un (?:extracto|fragmento)\b",
    re.IGNORECASE,
)
# The sizes of a screen or of letters that templates print where they should only use them.
_SIZES = frozenset(("xs", "sm", "md", "lg", "xl", "xxl", "a", "a+", "a-"))
_MACHINE = re.compile(
    r"^\W*(?:no media source (?:is )?currently available|advertis(?:e|ing|ement)|anzeige|"
    r"sponsor(?:ed)? message|article continues (?:after|below)|continue reading below|"
    r"story continues below|loading|please enable javascript|this (?:video|content) is not|"
    r"listen(?:ing)?|play(?:ing)?(?: live)?|next up|enlarge(?: this)? image|toggle caption|"
    r"hide caption|text size|font size|print(?: this| friendly.*)?|e-?mail(?: this)?|share|"
    r"reklam[ae]|publicité|publicidad|pubblicità|реклама)\W*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"^\W*(?:\w+day,?\s+)?(?:[^\W\d]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|"
    r"\d{1,2}\.?\s+[^\W\d]{3,12}\.?\s+(?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d)"
    r"(?:[\s,|-]+(?:at\s+)?\d{1,2}[:.]\d{2}(?:\s*[ap]\.?m\.?)?)?\W*$",
    re.IGNORECASE,
)
# What a line that asks for something begins with, or ends in; prose may speak of all of it.
_APPEAL = re.compile(
    r"[\s>*•▶-]*(?:sign up (?:for|to|here)|subscribe (?:to|for|now|here)|"
    r"become a (?:member|supporter)|"
    r"support (?:our|independent|local|quality) (?:\w+ )?(?:journalism|reporting|news|work)|"
    r"make a (?:donation|gift|contribution)|donate (?:now|today|here)|give now|"
    r"already an? (?:\w+ )?(?:member|subscriber)|get (?:our|the) \w+ newsletter|"
    r"unterstützen sie uns|abonnieren sie|newsletter abonnieren|подпи(?:шитесь|сывайтесь)|"
    r"s'abonner|abonnez-vous|suscr[ií]b(?:ase|ete)|iscriviti)\b",
    re.IGNORECASE,
)
_APPEAL_LAST = re.compile(r"\b(?:in|to|into) your inbox\W*$", re.IGNORECASE)
_MAX_APPEAL = 120
_LAST = 80  # characters of a line in which its end is looked for


def furniture_in(
    view: View,
    kept: Sequence[bool],
    captions: Set[int],
    authors: Sequence[str],
) -> list[str | None]:
    """Return for each block of *view* why it is no text of the article, or None.

    *kept* says which blocks the model would keep, *captions* which are captions.
    """
    above = _above_headline(view, kept)
    repeated = _repeated(view, kept)
    names = {" ".join(name.casefold().split()) for name in authors}
    seen: set[str] = set()
    reasons: list[str | None] = []
    for at, line in enumerate(view.lines):
        reason: str | None = None
        if at in captions:
            reason = "caption"
        elif kept[at]:
            if _is_comment(view, at):
                reason = "comment"
            elif at in repeated:
                reason = "repeated"
            elif len(seen) < _HEADLINE_AMONG and _is_headline(view, at):
                reason = "headline"
            elif at in above:
                reason = "above the headline"
            elif _is_announced(view, kept, captions, at):
                reason = "repeated"
            else:
                reason = _said_by(view.blocks[at].text, line, names, is_top=len(seen) < _TOP)
        if kept[at] and reason is None:
            seen.add(line.key)
        reasons.append(reason)
    return _without_excess(view, kept, reasons)


def _without_excess(
    view: View, kept: Sequence[bool], reasons: list[str | None]
) -> list[str | None]:
    """Return *reasons* without those of words, where they would take much of the text.

    Such a text speaks of rights or of newsletters.
    """
    said = {at for at, reason in enumerate(reasons) if kept[at] and reason in _BY_WORDS}
    taken = sum(view.lines[at].length for at in said)
    if _MAX_TAKEN * taken <= sum(
        line.length for line, k in zip(view.lines, kept, strict=True) if k
    ):
        return reasons
    return [None if at in said else reason for at, reason in enumerate(reasons)]


def _is_headline(view: View, at: int) -> bool:
    words = view.lines[at].words
    return (
        set(words) == view.title
        and bool(words)
        and (len(words) > 1 or view.blocks[at].tag in HEADINGS)
    )


def _said_by(text: str, line: Line, authors: Set[str], *, is_top: bool) -> str | None:
    last = max(0, len(text) - _LAST)
    if line.length <= _MAX_NOTICE and (_RIGHTS.match(text) or _RIGHTS_LAST.search(text, last)):
        return "rights"
    if line.length <= _MAX_PART and _PART.match(text):
        return "appeal"
    if (
        line.length <= _MAX_APPEAL
        and line.sentences <= 1
        and (_APPEAL.match(text) or _APPEAL_LAST.search(text, last))
    ):
        return "appeal"
    words = text.split() if len(text) <= _MAX_SHORT else ()
    if 0 < len(words) <= _SHORT:
        marks = {word.strip("[]|/·").casefold() for word in words} - {""}
        if (marks and marks <= _SIZES) or _MACHINE.match(text):
            return "page furniture"
        if is_top and _DATE.match(text):
            return "date"
        if " ".join(words).casefold().removeprefix("by ") in authors:
            return "author"
    return None


def _above_headline(view: View, kept: Sequence[bool]) -> Set[int]:
    """Return the blocks above the headline, where they are a small part of the text.

    Where it says just what the page declares, and nothing like a headline is above it, enough
    text below it will do, if what is above lies elsewhere.
    """
    headline = view.headline
    if headline is None or view.blocks[headline].tag not in HEADINGS:
        return frozenset()
    sizes = [line.length * is_kept for line, is_kept in zip(view.lines, kept, strict=True)]
    whole, below = sum(sizes), sum(sizes[headline:])
    is_little = (whole - below) * _MAX_ABOVE <= whole
    is_enough = below >= _MIN_BELOW and below * _LEAST_BELOW >= whole
    if is_little or (is_enough and _begins_anew(view, kept, headline)):
        return frozenset(range(headline))
    return frozenset()


def _begins_anew(view: View, kept: Sequence[bool], headline: int) -> bool:
    """Say whether the article can only begin at the *headline*, whatever is kept above it."""
    if not _is_headline(view, headline):
        return False
    for block, line in zip(view.blocks[:headline], view.lines, strict=False):
        if set(line.words) == view.title or (
            block.tag == "h1" and len(line.words) >= _MIN_HEADLINE
        ):
            return False
    parents = [place.parent for place in view.at]
    above = {each for each, is_kept in zip(parents[:headline], kept, strict=False) if is_kept}
    return above.isdisjoint(
        each for each, is_kept in zip(parents[headline:], kept[headline:], strict=True) if is_kept
    )


def _repeated(view: View, kept: Sequence[bool]) -> Set[int]:
    """Return the long lines that stand in the text a second time, as templates make them.

    That is one or two, or paragraphs that follow each other in both places. An author may
    repeat lines too, as plans, recipes and songs do: here and there, or more than once.
    """
    first: dict[str, int] = {}
    again: list[tuple[int, int]] = []  # where, and which of the kept lines it repeats
    order = 0
    for at, (line, is_kept) in enumerate(zip(view.lines, kept, strict=True)):
        if not is_kept or line.length < _MIN_REPEATED:
            continue
        if line.key in first:
            again.append((at, first[line.key]))
        else:
            first[line.key] = order
        order += 1
    times = Counter(one for _, one in again)
    few = len(again) <= _FEW_REPEATED
    runs = {at for at, one in again if few and times[one] == 1}
    for (at, one), (later, other) in pairwise(again):
        if other == one + 1:
            runs |= {at, later}
    return runs


def _is_comment(view: View, at: int) -> bool:
    """Say whether the block is in an element named as comments, and the story is not."""
    container = view.blocks[at].container
    depth = container.nearest[_COMMENT]
    is_near = depth > 0 and depth >= container.depth - _COMMENT_NEAR
    return is_near and view.at[at].anchor.container.depth < depth


def _is_announced(view: View, kept: Sequence[bool], captions: Set[int], at: int) -> bool:
    """Say whether one of the next paragraphs holds all that the block says, and more."""
    line = view.lines[at]
    if len(line.words) < _MIN_ANNOUNCED:
        return False
    ahead = range(at + 1, min(at + 1 + _AHEAD, len(view.lines)))
    return any(
        kept[later]
        and later not in captions
        and line.key in view.lines[later].key
        and line.key != view.lines[later].key
        for later in ahead
    )
