"""Where the references of a document start from.

The rules are `archiver.requisites.references`', which takes up to 0.2 ms a reference: ten
seconds for a sitemap of 50,000. Most references are spelt as they come out of it already, and
those take a thousandth of that here.
"""

from __future__ import annotations

import re

from archiver.requisites.references import resolved
from archiver.urls import percent

LONGEST = 8000  # as long as `resolved` lets a URL be

_ORIGIN = (
    r"https?://(?=[^/]{1,253}/)(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}(?::[1-9][0-9]{1,3})?(?=/)"
)
# No dot segments, no empty query and no parameters, which would be taken away or kept by
# rules of their own. Beyond ASCII there are neither blanks nor halves of characters.
_PLAIN = r"\w.~!$&()*+,=:@%\-"
_PATH = rf"(?:/(?!\.)[{_PLAIN}']*)+(?:\?[{_PLAIN}/]+)?"
_ABSOLUTE = re.compile(rf"({_ORIGIN}){_PATH}")
_ROOTED = re.compile(rf"(?!//){_PATH}")
_AROUND = "".join(map(chr, range(0x21)))  # and no others, as browsers have it
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


class Base:
    """The URL that a document's references are relative to."""

    def __init__(self, url: str) -> None:
        self.url = url
        found = _ABSOLUTE.match(url)
        self._origin = found[1] if found else None

    def resolved(self, reference: str) -> str | None:
        """Return the URL that *reference* means, less its fragment.

        None where it means none that HTTP could fetch, or is longer than servers take.
        """
        text = reference.strip(_AROUND)
        if len(text) < LONGEST:
            plain = text.partition("#")[0]
            if self._origin is not None and _ROOTED.fullmatch(plain):
                plain = self._origin + plain
            if _ABSOLUTE.fullmatch(plain):
                url = _NOT_ASCII.sub(percent, plain)
                return url if len(url) <= LONGEST else None
        return resolved(reference, self.url)

    def moved(self, reference: str | None) -> Base:
        """Return the base that *reference* makes of this one; this one where it makes none."""
        url = self.resolved(reference) if reference else None
        return Base(url) if url is not None and url != self.url else self
