"""How deep a crawl goes, in which the further pages of an article lie no deeper than its first."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.depth import DepthMiddleware

from archiver.capture import HELD_KEY


class Depth(DepthMiddleware):
    """Scrapy's middleware, but for requests for which the pages of others wait.

    Were one of them dropped, so would be the article.
    """

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """Note how deep *request* lies; None where that is too deep."""
        if response is not None and HELD_KEY in request.meta:
            request.meta["depth"] = response.meta.get("depth", 0)
            return request
        return super().get_processed_request(request, response)
