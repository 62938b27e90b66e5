"""How far a text and its metadata agree with what somebody wrote down.

Each measure is the one by which a set of pages was published. All of them count pieces, in
the text that was found, in the gold and in both: runs of four words (article-extraction-
benchmark), words in any order (WCXB), the longest common subsequence of words (ROUGE-L), or
pieces that must be in the text and pieces that must not (trafilatura's evaluation).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from rapidfuzz.distance import LCSseq

from benchmarks.gold import GoldPage

RUN = 4
# Kana, Han and Hangul, which put no space between words: each character is one.
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])\w)+")
# A title may carry the name of its site before or behind it, of so many words.
_MIN_TITLE_WORDS, _MAX_SITE_WORDS = 3, 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How many pieces a text and its gold have in common, and how many each of them has."""

    common: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        return self.common / self.found if self.found else float(not self.gold)

    @property
    def recall(self) -> float:
        return self.common / self.gold if self.gold else float(not self.found)

    @property
    def f1(self) -> float:
        return 2 * self.common / (self.found + self.gold) if self.found or self.gold else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetScore:
    """Precision and recall of a whole set, and their harmonic mean."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def shingles(text: str, page: GoldPage) -> Overlap:
    return _common(_runs(text), _runs(page.text or ""))


def bag(text: str, page: GoldPage) -> Overlap:
    return _common(_words(text.lower()), _words((page.text or "").lower()))


def rouge_l(text: str, page: GoldPage) -> Overlap:
    found, gold = (_TOKEN.findall(each.lower()) for each in (text, page.text or ""))
    number = {token: at for at, token in enumerate(dict.fromkeys(found + gold))}
    common = LCSseq.similarity([number[it] for it in found], [number[it] for it in gold])
    return Overlap(common=common, found=len(found), gold=len(gold))


def snippets(text: str, page: GoldPage) -> Overlap:
    """Count the required pieces that are in *text*; a forbidden one in it was found wrongly."""
    flat = _flat(text)
    common = sum(_flat(piece) in flat for piece in page.required)
    wrong = sum(_flat(piece) in flat for piece in page.forbidden)
    return Overlap(common=common, found=common + wrong, gold=len(page.required))


# The sets whose texts are scored, and by which measure.
MEASURES: dict[str, Callable[[str, GoldPage], Overlap]] = {
    "aeb": shingles,
    "atf": shingles,
    "fundus": rouge_l,
    "cpe": rouge_l,
    "wcxb": bag,
    "daniel": rouge_l,
    "tef": snippets,
}
# Those whose metadata are, as far as somebody wrote them down.
DESCRIBED = ("atf", "fundus", "merc", "tef", "wcxb", "hdt")


def score_of(group: str, overlaps: Sequence[Overlap]) -> SetScore:
    """Return what the set *group* scores by the *overlaps* of its pages.

    It is the mean of the pages' recalls, and of the precisions of those on which a text was
    found; but pieces that must or must not be there are few a page, and are added up.
    """
    if MEASURES[group] is snippets:
        common = sum(each.common for each in overlaps)
        found, gold = sum(each.found for each in overlaps), sum(each.gold for each in overlaps)
        return SetScore(precision=common / max(1, found), recall=common / max(1, gold))
    precisions = [each.precision for each in overlaps if each.found]
    return SetScore(
        precision=mean(precisions) if precisions else 0.0,
        recall=mean(each.recall for each in overlaps),
    )


def facts_of(
    title: str | None, authors: Iterable[str], date: str | None, page: GoldPage
) -> dict[str, float]:
    """Return how right *title*, *authors* and *date* are, 0 to 1, each if the page's is known."""
    facts: dict[str, float] = {}
    if page.title:
        facts["title"] = float(same_title(title or "", page.title))
        facts["title_exact"] = float(_canonical(title or "") == _canonical(page.title) != "")
    if page.authors:
        facts["author"] = same_authors(authors, page.authors)
    if page.date:
        facts["date"] = float((date or "")[:10] == page.date)
    return facts


def same_title(found: str, gold: str) -> bool:
    """Say whether the two are one, or one of them is the other with a site's name beside it."""
    short, long = sorted((_canonical(found), _canonical(gold)), key=len)
    if short == long:
        return bool(short)
    words, more = short.count(" ") + 1, long.count(" ") - short.count(" ")
    beside = long.startswith(short) or long.endswith(short)
    return beside and bool(short) and words >= _MIN_TITLE_WORDS and more <= _MAX_SITE_WORDS


def same_authors(found: Iterable[str], gold: Iterable[str]) -> float:
    """Return the F1 of the words of the names, each counted once."""
    a, b = (set(_canonical(" ".join(it)).split()) - {"and", "by"} for it in (found, gold))
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _common(found: Counter[Hashable], gold: Counter[Hashable]) -> Overlap:
    return Overlap(common=(found & gold).total(), found=found.total(), gold=gold.total())


def _runs(text: str) -> Counter[Hashable]:
    words = re.findall(r"\w+", text)
    runs = range(max(1, len(words) - RUN + 1)) if words else ()
    return Counter(tuple(words[at : at + RUN]) for at in runs)


def _words(text: str) -> Counter[Hashable]:
    return Counter(re.findall(r"\w+", text))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _canonical(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower()))
