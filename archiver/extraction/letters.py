"""What a text says in words, letters and sentences, in whatever script.

Most lines of most pages are ASCII, for which each question has a quicker answer.
"""

from __future__ import annotations

import re

MIN_PROSE = 60  # letters

# An ideograph is a word of its own; an underscore separates, as on Chinese pages.
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_IDEOGRAPH = re.compile(f"[{_IDEOGRAPHS}]")
_WORD_AMONG_THEM = re.compile(f"[{_IDEOGRAPHS}]|[^\\W_{_IDEOGRAPHS}]+")
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile("[a-z0-9]+")
_SENTENCE_END = re.compile(r"[.!?…\u06d4।॥\u0589]['\"”\u2019»«“)\]]*(?=\s|$)")
_WIDE_SENTENCE_END = re.compile("[。｡\uff01\uff1f]")  # by itself: two such sets take twice as long
_ASCII_SENTENCE_END = re.compile(r"[.!?]['\")\]]*(?=\s|$)")
_TYPED = (
    ("\u2019", "'"), ("\u2018", "'"), ("\u201c", '"'), ("\u201d", '"'), ("\u2013", "-"),
    ("\u2014", "-"), ("\u2026", "."), ("\u00a0", " "),
)  # fmt: skip
# Characters that say as much as three letters.
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def words_of(text: str) -> list[str]:
    """Return the words of *text* in lower case; of an ideograph each is one."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    folded = text.casefold()
    pattern = _WORD_AMONG_THEM if _IDEOGRAPH.search(folded) else _WORD
    return pattern.findall(folded)


def typed(text: str) -> str:
    """Return *text* with the marks of a typewriter: of the same words, sentences and length.

    Much of what is not ASCII is ASCII then.
    """
    if not text.isascii():
        for mark, typewritten in _TYPED:
            text = text.replace(mark, typewritten)
    return text


def is_prose(text: str) -> bool:
    """Say whether *text* is long enough for a sentence, and one ends in it."""
    return letters_of(text) >= MIN_PROSE and sentences_in(text) > 0


def letters_of(text: str) -> int:
    """Return the length of *text* in letters: of an ideograph or a syllable of Hangul, three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))


def sentences_in(text: str) -> int:
    """Return how many sentences end in *text*."""
    if text.isascii():
        return len(_ASCII_SENTENCE_END.findall(text))
    return len(_SENTENCE_END.findall(text)) + len(_WIDE_SENTENCE_END.findall(text))
