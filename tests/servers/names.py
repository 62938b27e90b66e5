"""A resolver for crawls on loopback: names lead where a test says, and nowhere else.

A crawl takes it by `TWISTED_DNS_RESOLVER`; the setting NAMES is the JSON file that `names` has
written. Addresses lead to themselves, however a system's own resolver lets them be spelled, and
localhost to 127.0.0.1; another name has no address.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path
from socket import inet_aton, inet_ntoa
from typing import Any, Self

from scrapy.crawler import Crawler
from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver
from zope.interface import implementer

# For each name the answers to its first, second… question, each a list of addresses; the last
# is repeated.
Answers = Mapping[str, Sequence[Sequence[str]]]


def names(answers: Answers, path: Path) -> dict[str, str]:
    """Write *answers* to the file *path*; return the settings of a crawl that gets them."""
    path.write_text(json.dumps(answers), encoding="utf-8")
    return {"TWISTED_DNS_RESOLVER": "tests.servers.names.Names", "NAMES": str(path)}


@implementer(IHostnameResolver)
class Names:
    """Answers from a table, and remembers how often it was asked for each name.

    Twisted's interfaces are no types that a type checker could read: hence Any.
    """

    def __init__(self, reactor: Any, answers: Answers) -> None:
        self.asked: Counter[str] = Counter()
        self._reactor = reactor
        self._answers = {"localhost": [["127.0.0.1"]], **answers}

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Return the resolver with the answers of the setting NAMES."""
        return cls(reactor, json.loads(Path(crawler.settings["NAMES"]).read_text("utf-8")))

    def install_on_reactor(self) -> None:
        """Be asked from now on."""
        self._reactor.installNameResolver(self)

    def resolveHostName(
        self, resolutionReceiver: Any, hostName: str, portNumber: int = 0,
        addressTypes: object = None, transportSemantics: str = "TCP",
    ) -> HostResolution:  # fmt: skip
        """Give the addresses of *hostName* at once."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        for address in self._addresses(hostName.lower().removesuffix(".")):
            kind: Any = IPv4Address if ip_address(address).version == 4 else IPv6Address
            resolutionReceiver.addressResolved(kind("TCP", address, portNumber))
        resolutionReceiver.resolutionComplete()
        return resolution

    def _addresses(self, name: str) -> Sequence[str]:
        with suppress(ValueError):  # a name
            return [str(ip_address(name))]
        with suppress(OSError):
            return [inet_ntoa(inet_aton(name))]
        answers = self._answers.get(name, [[]])
        self.asked[name] += 1
        return answers[min(self.asked[name], len(answers)) - 1]
