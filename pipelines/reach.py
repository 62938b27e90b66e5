"""Whom a crawl connects to: the world, and of closed networks only whom it may.

That is the home of a request, the host of the seed that led to it, if that lies on a closed
network itself, and what ARCHIVE_PRIVATE_HOSTS names. What is judged is the address that is
connected to, so that no link, redirect or changing answer of a name leads any further. Where a
proxy connects, a host is judged as it is written: nothing else is known of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.statscollectors import StatsCollector

from archiver.capture import HOME_KEY
from archiver.reach import Exceptions, address_of, is_closed, is_global, is_nameless
from archiver.urls import target_of

logger = logging.getLogger(__name__)

# So many refusals are told; a hostile page can cause any number, and all are counted.
_MOST_TOLD = 5


class Refused(IgnoreRequest):
    """A request would lead to where it may not go; it is not tried again."""


class Reach:
    """Permits what requests may connect to, and remembers which homes are private.

    A home is what its first answer in a run says: private if all its addresses are closed, and
    one of the world for the rest of the run if not.
    """

    def __init__(self, stats: StatsCollector, private_hosts: Iterable[str]) -> None:
        self.exceptions = Exceptions.of(private_hosts)
        self._stats = stats
        self._told = 0
        self._homes: dict[str, bool] = {}

    def permit(self, request: Request, host: str, *, is_proxied: bool) -> Permit:
        """Return what *request* may connect to for its *host*. Refused where its name tells."""
        host = host.lower().removesuffix(".")
        target, is_home = target_of(request.url), request.meta.get(HOME_KEY) == host
        is_free = self.exceptions.has(host) or (is_home and address_of(host) is not None)
        is_inside = is_closed(host) and not (is_free or is_home)
        if is_proxied and is_inside:
            raise self.refused(target, f"{host} lies on a closed network")
        return Permit(
            reach=self,
            target=target,
            host=host,
            is_home=is_home,
            is_free=is_free or is_proxied,
            is_inside=is_inside,
        )

    def is_private(self, home: str) -> bool:
        """Say whether *home* is known to be private."""
        return self._homes.get(home, False)

    def note(self, home: str, *, is_private: bool) -> None:
        """Remember what *home* is, if this is its first answer."""
        self._homes.setdefault(home, is_private)

    def refused(self, target: str, reason: str) -> Refused:
        """Return the refusal of *target*, counted, and told if it is among the first."""
        self._stats.inc_value("archive/private_refused_count")
        self._told += 1
        message = f"{reason}: ARCHIVE_PRIVATE_HOSTS can let this crawl ask it"
        if self._told <= _MOST_TOLD:
            logger.warning("Not asked: %s: %s", target, message)
        return Refused(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What the request for *target* may connect to: whatever there is, where it *is_free*.

    Not even out in the world, where its host *is_inside* a closed network by its name.
    """

    reach: Reach
    target: str
    host: str
    is_home: bool
    is_free: bool
    is_inside: bool

    def among(self, addresses: Sequence[str]) -> list[str]:
        """Return those of *addresses*, the host's own, that may be tried. Refused if none may.

        Where there are some out in the world, none of a closed network is among them.
        """
        if self.is_free:
            return list(addresses)
        if self.is_home:
            is_private = not any(is_global(ip_address(address)) for address in addresses)
            self.reach.note(self.host, is_private=is_private)
        anybodys = [address for address in addresses if self._is_anybodys(address)]
        allowed = anybodys or [address for address in addresses if self.allows(address)]
        if not allowed:
            raise self.refused(addresses[0])
        return allowed

    def allows(self, address: str) -> bool:
        """Say whether *address*, which the host's name has led to, may be connected to."""
        if self.is_free or self._is_anybodys(address):
            return True
        is_at_home = self.is_home and self.reach.is_private(self.host)
        return is_at_home and not is_nameless(ip_address(address))

    def refused(self, address: str) -> Refused:
        """Return the refusal to connect to *address*."""
        where = "" if address == self.host else f" leads to {address}, which"
        return self.reach.refused(self.target, f"{self.host}{where} lies on a closed network")

    def _is_anybodys(self, address: str) -> bool:
        known = ip_address(address)
        return self.reach.exceptions.has_address(known) or (
            is_global(known) and not self.is_inside
        )
