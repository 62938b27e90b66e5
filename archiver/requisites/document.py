"""From the octets of a page or a stylesheet to its requisites."""

from __future__ import annotations

from w3lib.encoding import html_body_declared_encoding, read_bom

from archiver.encodings import encoding_of
from archiver.requisites.css import names_in_css
from archiver.requisites.markup import Markup
from archiver.requisites.references import resolved
from archiver.requisites.requisite import Requisite, requisites_of

# What comes after that in a page or a stylesheet is not read. Of 921 news pages the largest has
# 2.9 MB.
MAX_OCTETS = 5_000_000

_CHARSET_RULE = b'@charset "'
_LAST_RESORT = "cp1252"  # what browsers assume of a document that says nothing


def requisites_of_html(octets: bytes, base: str, charset: str | None = None) -> list[Requisite]:
    """Return what the page in *octets* names, which was fetched from *base*.

    Each URL is there once: stylesheets first, then scripts, then all else, and last the
    pictures of which a browser would choose one. *charset* is what the HTTP header declares.
    """
    octets = octets[:MAX_OCTETS]
    text, encoding = _decoded(octets, charset, html_body_declared_encoding(octets))
    markup = Markup(text)
    own = resolved(markup.base, base, encoding) if markup.base else None
    return requisites_of(markup.names, base, encoding, relative_to=own or base)


def requisites_of_css(octets: bytes, base: str, charset: str | None = None) -> list[Requisite]:
    """Return what the stylesheet in *octets* names, in the order of `requisites_of_html`."""
    octets = octets[:MAX_OCTETS]
    text, _ = _decoded(octets, charset, _charset_rule(octets))
    # Whatever a stylesheet is in, a URL in it goes out in UTF-8 (CSS Values, 4.5).
    return requisites_of(names_in_css(text), base, "utf-8", relative_to=base)


def _decoded(octets: bytes, *labels: str | None) -> tuple[str, str]:
    """Return the text of *octets* and its encoding: by its mark, the first of *labels*, UTF-8."""
    marked, mark = read_bom(octets)
    if marked is not None and mark is not None:
        return octets[len(mark) :].decode(marked, "replace"), marked
    for label in labels:
        encoding = encoding_of(label)
        if encoding is not None:
            return octets.decode(encoding, "replace"), encoding
    try:
        return octets.decode(), "utf-8"
    except UnicodeDecodeError:
        return octets.decode(_LAST_RESORT, "replace"), _LAST_RESORT


def _charset_rule(octets: bytes) -> str | None:
    """Return what a stylesheet declares in its first octets (CSS Syntax, 3.2)."""
    if not octets.startswith(_CHARSET_RULE):
        return None
    label = octets[len(_CHARSET_RULE) : 100].partition(b'"')[0]
    return label.decode("ascii", "replace")
