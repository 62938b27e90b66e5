"""What an answer turns out to be, and where it leads: a feed, a sitemap, or a document.

Told by its content, for servers call feeds pages and sitemaps anything. Nothing here fetches,
and no answer makes it raise or take more time than its length is worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from archiver.capture import PASSED_OVER
from archiver.discovery import Announced, Links, feed_of, links_of, sitemap_of, sniffed
from archiver.extraction.kinds import page_type_of
from archiver.extraction.tree import parse

# To find the links of a page takes less time than to read it, and a list of all that a site has
# is long.
_MOST_ELEMENTS = 1_000_000

Kind = Literal["feed", "sitemap", "document", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What an answer is, and what it names.

    A feed and a sitemap have *announced* pages; a feed goes on in *following* (RFC 5005), a
    sitemap may list *sitemaps*. A document has a *page_type* and *links*. *left_out* is how much
    more it named than anybody will look at.
    """

    kind: Kind
    announced: tuple[Announced, ...] = ()
    following: tuple[str, ...] = ()
    sitemaps: tuple[Announced, ...] = ()
    page_type: str | None = None
    links: Links | None = None
    left_out: int = 0

    @property
    def is_page(self) -> bool:
        """Say whether it is a document that is worth reading as a page."""
        return self.kind == "document" and self.page_type not in PASSED_OVER


def prospect_of(
    octets: bytes, url: str, *, media_type: str | None = None, charset: str | None = None,
    status: int = 200,
) -> Prospect:  # fmt: skip
    """Return what the *octets* that came from *url* are.

    *media_type* and *charset* are what their server says of them.
    """
    kind = sniffed(octets, media_type, urlsplit(url).path)
    if kind == "feed":
        feed = feed_of(octets, url, charset)
        if feed is not None:
            return Prospect(
                kind="feed",
                announced=feed.entries,
                following=feed.following,
                left_out=feed.left_out,
            )
    elif kind in ("sitemap", "text"):
        sitemap = sitemap_of(octets, url)
        if sitemap is not None:
            return Prospect(
                kind="sitemap",
                announced=sitemap.pages,
                sitemaps=sitemap.sitemaps,
                left_out=sitemap.left_out,
            )
    elif kind == "html":
        return _document(octets, url, charset, status)
    return Prospect(kind="other")


def _document(octets: bytes, url: str, charset: str | None, status: int) -> Prospect:
    tree = parse(octets, charset, most=_MOST_ELEMENTS)
    if tree is None:
        return Prospect(kind="other")
    links = links_of(tree, url)
    return Prospect(
        kind="document",
        page_type=page_type_of(tree, url, status=status),
        links=links,
        left_out=links.left_out,
    )
