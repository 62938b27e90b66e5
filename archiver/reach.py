"""Whom a crawl may reach: the world, and of closed networks what it is told to.

Nobody out in the world names a host of our own network to us. A host is judged as it is
written, an address by the registries of IANA; where a name leads is for a resolver to say,
and none is asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from socket import inet_aton
from urllib.parse import unquote

from archiver.urls import host_of

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# RFC 6761, 6.3; RFC 6762; RFC 8375; ICANN reserved .internal in 2024.
_INSIDE = (".localhost", ".local", ".internal", ".home.arpa")

# IANA's registries of special-purpose addresses (RFC 6890), and multicast. Python's own
# `is_global` is another one from release to release, and lets multicast pass.
_CLOSED_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # behind a carrier's translator
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # registered as public, but within Azure the machine's own host
            "169.254.0.0/16",  # link-local
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # once relays of 6to4
            "192.168.0.0/16",  # private
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
# Of IPv6 all that is not unicast is closed: ::1, fc00::/7, fe80::/10, ff00::/8 and the rest.
_UNICAST_6 = IPv6Network("2000::/3")
_CLOSED_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)
# What tells its secrets to whoever asks from this machine, or is nobody in particular.
_NAMELESS: tuple[Network, ...] = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.100.100.200/32",  # Alibaba's metadata
            "168.63.129.16/32",
            "169.254.0.0/16",
            "192.0.0.192/32",  # Oracle's
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "fd00:ec2::254/128",  # Amazon's
            "fd20:ce::254/128",  # Google's
            "fe80::/10",
            "ff00::/8",
        ),
    )
)
# IPv6 that leads to an address of IPv4: where in it that begins, in bits from its end.
_CARRIERS = (
    (IPv6Network("::ffff:0:0/96"), 0),  # mapped (RFC 4291, 2.5.5.2)
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64 (RFC 6052)
    (IPv6Network("2002::/16"), 80),  # 6to4 (RFC 3056)
)


def is_inside(url: str) -> bool:
    """Say whether *url* names this machine or one of a network that is closed to the world."""
    return is_closed(host_of(url) or "")


def is_closed(host: str) -> bool:
    """Say whether *host*, as it is written, lies on this machine or on a closed network."""
    address = address_of(host)
    if address is not None:
        return not is_global(address)
    return f".{_name(unquote(host))}".endswith(_INSIDE)


def address_of(host: str) -> Address | None:
    """Return the address that *host* is, in any spelling that some resolver takes for one.

    Such are 127.1, 0x7f000001, 017700000001, digits in full width, escapes and zones. None
    where it is a name.
    """
    text = unquote(host).strip("[]")
    if ":" in text:
        try:
            return ip_address(text.partition("%")[0])
        except ValueError:
            return None
    try:
        return IPv4Address(inet_aton(_name(text)))
    except (OSError, ValueError):  # ValueError: there is a NUL in it
        return None


def is_global(address: Address) -> bool:
    """Say whether *address* is somebody's out in the world."""
    meant = _meant(address)
    if isinstance(meant, IPv4Address):
        return not any(meant in network for network in _CLOSED_4)
    return meant in _UNICAST_6 and not any(meant in network for network in _CLOSED_6)


def is_nameless(address: Address) -> bool:
    """Say whether no name may lead to *address*: who wants to go there writes it out."""
    meant = _meant(address)
    return any(meant in network for network in _NAMELESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceptions:
    """What may be reached wherever it lies: *names*, all below *suffixes*, and *networks*."""

    names: frozenset[str]
    suffixes: tuple[str, ...]
    networks: tuple[Network, ...]

    @classmethod
    def of(cls, hosts: Iterable[str]) -> Exceptions:
        """Return the exceptions that *hosts* are. ValueError where one is no network."""
        names, suffixes, networks = set(), [], []
        for host in hosts:
            address = None if "/" in host else address_of(host)
            if address is not None or "/" in host:
                networks.append(ip_network(address or host, strict=False))
            elif host.startswith("."):
                suffixes.append(f".{_name(host[1:])}")
            else:
                names.add(_name(host))
        return cls(names=frozenset(names), suffixes=tuple(suffixes), networks=tuple(networks))

    def has(self, host: str) -> bool:
        """Say whether *host* is among them, as it is written."""
        address = address_of(host)
        if address is not None:
            return self.has_address(address)
        name = _name(host)
        return name in self.names or name.endswith(self.suffixes)

    def has_address(self, address: Address) -> bool:
        """Say whether *address* is among them, whatever name has led to it."""
        either = (address, _meant(address))
        return any(meant in network for network in self.networks for meant in either)


def _meant(address: Address) -> Address:
    """Return the address of IPv4 that *address* leads to, or itself."""
    if isinstance(address, IPv6Address):
        for network, place in _CARRIERS:
            if address in network:
                return IPv4Address(int(address) >> place & 0xFFFF_FFFF)
    return address


def _name(host: str) -> str:
    """Return *host* as it is compared: lower case, Punycode, no final dot."""
    return host_of(f"//{host}") or ""
