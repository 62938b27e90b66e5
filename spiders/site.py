"""A site, link by link, as far as its seed's scope goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from archiver.prospect import Prospect
from spiders.announcing import Span, announced_by
from spiders.discovering import DiscoveringSpider
from spiders.leads import Lead, Way

_EVER = Span()


class SiteSpider(DiscoveringSpider):
    """Follows every link in scope, and reads every page that it meets.

    `DEPTH_LIMIT` says how many links from its seed it may go.
    """

    name = "site"
    asks_again: ClassVar[bool] = True

    def leads(self, prospect: Prospect, response: Response, way: Way) -> Iterator[Lead]:
        """Yield every link of a document but those that say not to be followed."""
        if prospect.kind in ("feed", "sitemap"):
            yield from announced_by(prospect, way, _EVER)
        elif prospect.links is not None:
            for link in prospect.links.pages:
                if not link.is_nofollow:
                    yield Lead(url=link.url, role="front", level=way.level + 1)
