"""Which character encodings a document may choose: those of the Encoding Standard."""

from __future__ import annotations

import re

from w3lib.encoding import resolve_encoding

# The encodings of the Encoding Standard (encoding.spec.whatwg.org, 4.2) by Python's names.
# Python knows others, such as `idna` and `unicode_escape`, that no page may choose.
_ENCODING = re.compile(
    r"utf-8|utf-16(-[lb]e)?|iso8859-\d+|cp(866|874|932|949|125\d)|koi8-[ru]|mac-(roman|cyrillic)"
    r"|big5hkscs|gb18030|euc_jp|iso2022_jp"
)


def is_encoding(name: str) -> bool:
    """Say whether *name*, as Python spells it, is an encoding that a document may choose."""
    return bool(_ENCODING.fullmatch(name))


def encoding_of(label: str | None) -> str | None:
    """Return Python's name of the encoding that *label* means; None where it means none."""
    name = resolve_encoding(label) if label else None
    return name if name is not None and is_encoding(name) else None
