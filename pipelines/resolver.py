"""Host names to addresses, by the resolver that Scrapy's settings chose.

Scrapy installs its caching resolver (`TWISTED_DNS_RESOLVER`, `DNS_TIMEOUT`) on the reactor;
asking that one keeps what users set and cached. Without a reactor the event loop is asked.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket

from scrapy.utils.reactor import is_reactor_installed
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer


async def addresses_of(host: str) -> list[str]:
    """Return the IP addresses of *host*, at least one; socket.gaierror if it has none."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass  # a name
    if is_reactor_installed():
        addresses = await _asked_of_reactor(host)
    else:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise socket.gaierror(socket.EAI_NONAME, f"no address for {host}")
    return list(dict.fromkeys(addresses))


async def _asked_of_reactor(host: str) -> list[str]:
    from twisted.internet import reactor

    receiver = _Receiver()
    reactor.nameResolver.resolveHostName(receiver, host)
    return await receiver.complete


@implementer(IResolutionReceiver)
class _Receiver:
    def __init__(self) -> None:
        self.complete: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self._addresses: list[str] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        """Nothing to do: resolutions are not cancelled."""

    def addressResolved(self, address: IAddress) -> None:
        """Keep *address*."""
        self._addresses.append(str(address.host))

    def resolutionComplete(self) -> None:
        """Give back what came, unless nobody waits any more."""
        if not self.complete.done():
            self.complete.set_result(self._addresses)
