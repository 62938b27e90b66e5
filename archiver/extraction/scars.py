"""Small repairs of lines: bylines that stick to a standfirst, scars of hyphenation."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MAX_DECK = 500  # letters
# A hyphen where a printed line ended: `fast- deteriorating`. In `two- and three-year` it hangs on
# purpose.
_SCAR = re.compile(
    r"(?<=[^\W\d_])- (?=[^\W\d_])"
    r"(?!(?:and|or|to|nor|und|oder|bis|sowie|bzw|beziehungsweise|et|ou|y|o|e|u|en|of|och|og|i|lub|eller|ja|tai)\b)",
    re.IGNORECASE,
)


def without_byline(text: str, authors: Sequence[str]) -> str:
    """Return *text* without a `By NAME` at its end, where NAME is one of *authors* or several."""
    named = [name for name in authors if name in text] if len(text) <= _MAX_DECK else []
    if not named:
        return text
    names = "|".join(map(re.escape, named))
    several = rf"(?:{names})(?:(?:,| and| und| et| y| &|, and)\s+(?:{names}))*"
    return re.sub(rf"(?<=\S)\s+(?i:by|von|par|por|di|door)\s+{several}\W*$", "", text)


def healed(text: str) -> str:
    """Return *text* with the words whole that a printed line had broken and a space kept apart."""
    return _SCAR.sub("-", text)
