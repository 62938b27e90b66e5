"""The pages that feeds announce: RSS, Atom and JSON Feed, and feeds that a page names."""

from __future__ import annotations

from collections.abc import Iterator

from scrapy.http import Response

from archiver.prospect import Prospect
from spiders.announcing import Span, announced_by, announcing
from spiders.discovering import DiscoveringSpider
from spiders.leads import Lead, Way

_EVER = Span()


class FeedSpider(DiscoveringSpider):
    """Reads the feeds that are its seeds, all pages of each, and what they announce."""

    name = "feed"

    def leads(self, prospect: Prospect, response: Response, way: Way) -> Iterator[Lead]:
        """Yield what a feed announces; of a seed that is a document, the feeds that it names."""
        if prospect.kind in ("feed", "sitemap"):
            yield from announced_by(prospect, way, _EVER)
        elif way.role == "seed" and prospect.links is not None and prospect.links.feeds:
            for url in prospect.links.feeds:
                yield announcing(url, "feed", way)
        elif way.role in ("seed", "feed"):
            self.logger.warning("No feed, and none named in it: %s", response.url)
