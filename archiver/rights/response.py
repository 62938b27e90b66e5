"""What a response says of the rights in what it brings: in its head, and in its HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from lxml.etree import HTMLParser, LxmlError, fromstring

from archiver.content import content_of
from archiver.head import Head
from archiver.rights.tdmrep import POLICY, RESERVATION, Declaration

# A server may leave the type out (RFC 9110, 8.3); then the payload decides.
_HTML = (b"", b"text/html", b"application/xhtml+xml")
_NAMES = ("property", "name", "itemprop", "http-equiv")

Metas = Mapping[str, Sequence[str]]


def html_of(head: Head, payload: bytes, most: int) -> bytes:
    """Return *most* octets of the HTML in the *payload* of a response; none if it has none.

    What is of interest in it is ASCII. That is what UTF-16 has between zeros: they are left out.
    """
    media_type = (head.get(b"content-type") or b"").partition(b";")[0].strip().lower()
    if media_type not in _HTML:
        return b""
    coding = b",".join(head.get_all(b"content-encoding")) or None  # RFC 9110, 5.3: one list
    return content_of(payload, coding, most).replace(b"\0", b"")


def metas_in(html: bytes) -> Metas:
    """Return the contents of the `meta` elements in *html*, as `html_of` gives it, by name.

    Names are in lower case. The page is read as a stream of tags, and as Latin-1, which keeps
    what is ASCII whatever the encoding is.
    """
    target = _Target()
    # Its stubs would have us take octets and comments, which a target need not.
    parser = HTMLParser(target=target, encoding="iso-8859-1")  # type: ignore[arg-type]
    with suppress(LxmlError):  # what was said before a page broke off is said
        fromstring(html, parser)
    return target.metas


def robots_tags_of(head: Head) -> list[str]:
    """Return the values of the X-Robots-Tag fields, each for itself."""
    return _values(head, b"x-robots-tag")


def tdm_header(head: Head, url: str) -> Declaration:
    """Return what the fields of *head* declare, that of the response from *url*."""
    reservations, policies = (_values(head, name.encode()) for name in (RESERVATION, POLICY))
    return Declaration.of(reservations, policies, url)


def tdm_meta(metas: Metas, url: str | None) -> Declaration:
    """Return what the `meta` elements of the page at *url* declare."""
    return Declaration.of(metas.get(RESERVATION, ()), metas.get(POLICY, ()), url)


def _values(head: Head, name: bytes) -> list[str]:
    # RFC 9110, 5.5: octets beyond ASCII mean nothing; Latin-1 keeps them apart.
    return [value.decode("latin-1") for value in head.get_all(name)]


class _Target:
    def __init__(self) -> None:
        self.metas: dict[str, list[str]] = {}

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take in the beginning of an element."""
        content = attributes.get("content", "") if tag == "meta" else ""
        if content.strip():
            for name in {n for key in _NAMES for n in attributes.get(key, "").split()}:
                self.metas.setdefault(name.lower(), []).append(content)

    def close(self) -> None:
        """Take in the end of the page."""
