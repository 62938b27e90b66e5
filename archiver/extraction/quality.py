"""Cheap signals of how good a text is, and the number of its words.

After the filters of Gopher (Rae et al. 2021, table A1), C4 (Raffel et al. 2020, 2.2) and
FineWeb (Penedo et al. 2024, 3.6). They are written beside a text and drop none. A line is a
paragraph of the normalised text; lengths are in characters; fractions run from 0 to 1.

| `quality_…`                     | what it is                        | kept by           |
| ------------------------------- | --------------------------------- | ----------------- |
| `mean_word_length`              | characters of a word, on average  | Gopher: 3 to 10   |
| `alphabetic_word_fraction`      | words with a letter in them       | Gopher: from .8   |
| `symbol_word_ratio`             | `#` and ellipses for each word    | Gopher: to .1     |
| `ellipsis_line_fraction`        | lines that end with an ellipsis   | Gopher: to .3     |
| `terminal_punctuation_fraction` | lines that end like a sentence    | FineWeb: from .12 |
| `short_line_fraction`           | lines of fewer than 30 characters | FineWeb: to .67   |
| `duplicate_line_fraction`       | lines that repeat an earlier one  | Gopher: to .3     |
| `replacement_count`             | U+FFFD: lost to a wrong charset   | (ours) 0          |

The bounds are those papers' for their crawls. Chinese and Japanese count each character of
a word as one, so that Gopher's word length does not hold there.
"""

from __future__ import annotations

import re
from typing import TypedDict

_SHORT = 30
_ELLIPSIS = ("…", "...")
# How sentences end, in the scripts of the press; quotes and brackets may close after it.
# Full-width, Arabic, Urdu, Hindi, Armenian and Ethiopic stops among them.
_TERMINAL = re.compile(
    r"[.!?…。｡\uff01\uff1f؟\u06d4।॥\u0589።]"
    r"[\"'”\u2019»«“\u2018)\]】」』]*$"
)
_SYMBOL = re.compile(r"#|\.\.\.|…")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"\w")
# Han, kana and their extensions: written without spaces, a character being about a word.
_IDEOGRAPH = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d"
    "\U00020000-\U0003ffff]"
)


class Quality(TypedDict):
    """The quality columns of a text record."""

    quality_mean_word_length: float
    quality_alphabetic_word_fraction: float
    quality_symbol_word_ratio: float
    quality_ellipsis_line_fraction: float
    quality_terminal_punctuation_fraction: float
    quality_short_line_fraction: float
    quality_duplicate_line_fraction: float
    quality_replacement_count: int


def words_of(text: str) -> list[str]:
    """Return the words of *text*: what blanks separate, if it has a letter or digit in it.

    Every Chinese or Japanese character is a word of its own. Thai, Lao, Khmer and Burmese,
    which also do without spaces, count by their phrases.
    """
    words = _IDEOGRAPH.sub(" ", text).split()
    return [word for word in words if _WORD.search(word)] + _IDEOGRAPH.findall(text)


def quality_of(text: str, words: list[str]) -> Quality:
    """Return the signals of *text*, which is normalised and not empty; *words* are its words."""
    lines = [line for line in text.split("\n") if line]
    return Quality(
        quality_mean_word_length=_ratio(sum(map(len, words)), len(words)),
        quality_alphabetic_word_fraction=_ratio(
            sum(1 for word in words if _LETTER.search(word)), len(words)
        ),
        quality_symbol_word_ratio=_ratio(len(_SYMBOL.findall(text)), len(words)),
        quality_ellipsis_line_fraction=_ratio(
            sum(line.endswith(_ELLIPSIS) for line in lines), len(lines)
        ),
        quality_terminal_punctuation_fraction=_ratio(
            sum(bool(_TERMINAL.search(line)) for line in lines), len(lines)
        ),
        quality_short_line_fraction=_ratio(sum(len(line) < _SHORT for line in lines), len(lines)),
        quality_duplicate_line_fraction=_ratio(len(lines) - len(set(lines)), len(lines)),
        quality_replacement_count=text.count("\ufffd"),
    )


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
