"""`<meta http-equiv="refresh">` followed where it leads somewhere, and no page lost where not."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware
from scrapy.http import Response


class MetaRefresh(MetaRefreshMiddleware):
    """Scrapy's middleware, for which a page with an impossible address in it is lost."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return where *response* leads on to, or itself if that is no address, or nowhere."""
        try:
            return super().process_response(request, response)
        except ValueError:  # also from a `base` alone, which Scrapy reads before any refresh
            return response
