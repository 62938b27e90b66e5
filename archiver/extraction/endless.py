"""Elements with so many attributes that libxml2 would not get through them in time.

It compares each with all that came before: 200,000 of them, two megabytes, take minutes. So they
are counted first, in one pass over the text, by the rules of HTML as far as these tell where a
tag ends.
"""

from __future__ import annotations

import re

# Of 950 real pages none has an element with more than seventy.
_MOST = 1000
# A comment, an element whose content is no markup, or a tag with all of its attributes, in which
# quotes mean something only behind an equals sign.
_MARKUP = re.compile(
    r"""<(?: !--
           | (?P<raw>script|style|textarea|title|xmp|iframe)\b
           | [a-z][^\s/>]*+ (?P<attributes>(?: =\s*+ (?:"[^"]*+"?+ | '[^']*+'?+) | [^>=]++ | = )*+)
         )""",
    re.IGNORECASE | re.VERBOSE,
)
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"?+|'[^']*+'?+)""")
_NAME = re.compile(r"[^\s/]+")


def has_endless_tag(text: str) -> bool:
    """Say whether an element of the page *text* has more attributes than any page needs."""
    at = 0
    while found := _MARKUP.search(text, at):
        at, attributes = found.end(), found["attributes"]
        if attributes is None:
            at = _end_of(text, at, f"</{found['raw']}" if found["raw"] else "-->")
        elif len(attributes) > 2 * _MOST and _count(attributes) > _MOST:
            return True
    return False


def _end_of(text: str, start: int, closing: str) -> int:
    found = re.compile(closing, re.IGNORECASE).search(text, start)
    return found.start() if found else len(text)


def _count(attributes: str) -> int:
    return len(_NAME.findall(_QUOTED.sub(" ", attributes)))
