"""Which request a request came from, and the key under which it is seen because of that.

A callback that runs again after a kill yields its requests again, and a spider that starts
again its start requests. What is filtered is known by its fingerprint. What is not
(`dont_filter`, as every retry) is known by where it came from and the how-manieth of its kind
it was there, so that the second time is told from a second wish.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable

from scrapy import Request
from scrapy.http import Response
from scrapy.spidermiddlewares.base import BaseSpiderMiddleware

from archiver.capture import EDITION_KEY, HOME_KEY, LEASE_KEY, REQUISITE_KEY
from archiver.urls import host_of

# Where a request's `meta` holds the lease of the request whose callback yielded it.
PARENT_KEY = "archive_parent"


class Lineage(BaseSpiderMiddleware):
    """Notes on what a callback yields the lease and the home of the request that it answers."""

    def get_processed_request(self, request: Request, response: Response | None) -> Request | None:
        """Note the parent of *request*, if *response* answers one that was handed out.

        The home of a start request is its own host, and so is that of all it leads to. Who asks
        in another way has none.
        """
        if response is None:
            request.meta.setdefault(HOME_KEY, host_of(request.url))
        elif response.request is not None:
            asked = response.request.meta
            if LEASE_KEY in asked:
                request.meta[PARENT_KEY] = asked[LEASE_KEY]
            if HOME_KEY in asked:
                request.meta.setdefault(HOME_KEY, asked[HOME_KEY])
        return request


class Keys:
    """The keys of requests; *ordinal* counts start requests, of which there may be millions."""

    def __init__(
        self, fingerprint: Callable[[Request], bytes], ordinal: Callable[[bytes], int]
    ) -> None:
        self._fingerprint = fingerprint
        self._ordinal = ordinal
        self._children: dict[int, Counter[bytes]] = {}

    def key_of(self, request: Request, parent: int | None) -> bytes | None:
        """Return the key of *request*, which came from the lease *parent* if from any.

        None where nobody could tell whether it was asked for before.
        """
        fingerprint = self._fingerprint(request)
        if REQUISITE_KEY in request.meta:
            # Or a page that another one names as its picture would never be read as a page.
            fingerprint = hashlib.sha1(b"requisite " + fingerprint).digest()
        if EDITION_KEY in request.meta:
            edition = f"edition {request.meta[EDITION_KEY]} ".encode()
            fingerprint = hashlib.sha1(edition + fingerprint).digest()
        if not request.dont_filter:
            return fingerprint
        if parent is not None:
            siblings = self._children.setdefault(parent, Counter())
            siblings[fingerprint] += 1
            return _key("again", parent, siblings[fingerprint], fingerprint)
        if request.meta.get("is_start_request"):
            return _key("start", 0, self._ordinal(fingerprint), fingerprint)
        return None

    def forget(self, parent: int) -> None:
        """Forget the children of *parent*: there will be no more."""
        self._children.pop(parent, None)


def _key(kind: str, parent: int, ordinal: int, fingerprint: bytes) -> bytes:
    return hashlib.sha1(b"%s %d %d " % (kind.encode(), parent, ordinal) + fingerprint).digest()
