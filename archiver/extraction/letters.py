"""How much a text says, and where its sentences end, in whatever script."""

from __future__ import annotations

import re

SENTENCE_END = re.compile(r"[.!?…\u06d4।॥\u0589]['\"”\u2019»«“)\]]*(?=\s|$)|[。｡\uff01\uff1f]")
# Characters that say as much as three letters.
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def letters_of(text: str) -> int:
    """Return the length of *text* in letters: of an ideograph or a syllable of Hangul, three."""
    return len(text) if text.isascii() else len(text) + 2 * len(_WIDE.findall(text))
