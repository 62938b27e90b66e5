"""Redirects and `<meta http-equiv="refresh">` followed where they lead somewhere, within bounds.

Scrapy bounds how many follow one another, but not how long their addresses are; it counts
neither, and a page with an impossible address in it is lost for it. Here it is what it is.
"""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import (
    BaseRedirectMiddleware,
    MetaRefreshMiddleware,
    RedirectMiddleware,
)
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.settings import BaseSettings


class _Bounded(BaseRedirectMiddleware):
    """Follows one of Scrapy's middlewares as far as its addresses can be asked for."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._longest = settings.getint("URLLENGTH_LIMIT")

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Return where *response* leads on to, or itself if that is no address, or nowhere."""
        try:
            found = self._led_on(request, response)
        except ValueError:  # also from a `base` alone, which Scrapy reads before any refresh
            return response
        except IgnoreRequest:  # the last of too many
            self._count()
            raise
        if isinstance(found, Request) and 0 < self._longest < len(found.url):
            self._count()
            return response
        return found

    def _led_on(self, request: Request, response: Response) -> Request | Response:
        raise NotImplementedError

    def _count(self) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value("archive/redirect_limited_count")


class Redirect(_Bounded, RedirectMiddleware):
    """Scrapy's middleware for the header Location."""

    def _led_on(self, request: Request, response: Response) -> Request | Response:
        return RedirectMiddleware.process_response(self, request, response)


class MetaRefresh(_Bounded, MetaRefreshMiddleware):
    """Scrapy's middleware for the element `meta`."""

    def _led_on(self, request: Request, response: Response) -> Request | Response:
        return MetaRefreshMiddleware.process_response(self, request, response)
