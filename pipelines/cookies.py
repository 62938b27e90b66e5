"""Cookies, no more and no longer ones than RFC 6265 asks a client to take (Section 6.1).

Scrapy keeps whatever a server sets and sends all of it back: a few answers full of cookies slow
every later request to their site down until nothing else gets a turn.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from contextlib import suppress
from http.cookiejar import Cookie, DefaultCookiePolicy
from urllib.request import Request as Asking

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.http import Response
from scrapy.http.cookies import CookieJar

_MOST_OF_A_DOMAIN = 50
_MOST_DOMAINS = 3000
_LONGEST = 4096


class Cookies(CookiesMiddleware):
    """Scrapy's middleware, whose jars are of a size."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self.jars = defaultdict(_jar)

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Take the cookies of *response* into the jar of *request*, but for those too many."""
        fields = response.headers.getlist(b"Set-Cookie")
        if len(fields) <= _MOST_OF_A_DOMAIN:
            return super().process_response(request, response)
        assert self.crawler.stats is not None
        left_out = len(fields) - _MOST_OF_A_DOMAIN
        self.crawler.stats.inc_value("archive/cookie_limited_count", left_out)
        headers = response.headers.copy()
        headers.setlist(b"Set-Cookie", fields[:_MOST_OF_A_DOMAIN])
        super().process_response(request, response.replace(headers=headers, body=b""))
        return response


class _Policy(DefaultCookiePolicy):
    """The usual policy, by which those cookies go that were set longest ago."""

    def __init__(self) -> None:
        super().__init__()
        self.jar: CookieJar | None = None
        self._domains: OrderedDict[str, OrderedDict[tuple[str, str], None]] = OrderedDict()

    def set_ok(self, cookie: Cookie, request: Asking) -> bool:
        """Say whether *cookie* may be kept; make room for it if so."""
        is_short = len(cookie.name) + len(cookie.value or "") <= _LONGEST
        if not is_short or not super().set_ok(cookie, request):
            return False
        names = self._domains.setdefault(cookie.domain, OrderedDict())
        names[cookie.path, cookie.name] = None
        names.move_to_end((cookie.path, cookie.name))
        if len(names) > _MOST_OF_A_DOMAIN:
            self._forget(cookie.domain, *names.popitem(last=False)[0])
        self._domains.move_to_end(cookie.domain)
        if len(self._domains) > _MOST_DOMAINS:
            self._forget(self._domains.popitem(last=False)[0])
        return True

    def _forget(self, *place: str) -> None:
        assert self.jar is not None
        with suppress(KeyError):  # its server has taken it back
            self.jar.clear(*place)


def _jar() -> CookieJar:
    policy = _Policy()
    policy.jar = CookieJar(policy)
    return policy.jar
