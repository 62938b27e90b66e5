"""Whether a publisher asks that a response be kept out of archives (`noarchive`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from archiver.rights.response import html_of, metas_in, robots_tags_of
from archiver.rights.robots_tags import header_directives, meta_directives
from archiver.tape import Tape
from archiver.wire import ResponseReader

# The `meta` elements of a page stand at its beginning: further than this nobody looks.
_MOST = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A response with *status* that is kept out of the archive; *by* is what asked for that."""

    by: Literal["x-robots-tag", "meta robots"]
    status: int


def noarchive_in(response: Tape, method: bytes) -> Withheld | None:
    """Return why *response*, which answers a request of *method*, is to be kept out, if it is."""
    reader = ResponseReader(method)
    payload = bytearray()
    for octets in response.chunks():
        payload += reader.feed(octets)[1]
        if len(payload) >= _MOST:
            break
    head = reader.head
    if head is None:
        return None
    if "noarchive" in header_directives(robots_tags_of(head)):
        return Withheld(by="x-robots-tag", status=head.status)
    html = html_of(head, bytes(payload[:_MOST]), _MOST)
    # Hardly a page has the word, and the others need not be read tag by tag.
    if b"noarchive" in html.lower() and "noarchive" in meta_directives(metas_in(html)):
        return Withheld(by="meta robots", status=head.status)
    return None
