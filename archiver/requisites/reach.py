"""Whom a document may have us ask: nobody out in the world names a host of our own network.

Told by addresses as they are written. Where a name leads is for the resolver to say.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from archiver.urls import host_of

_INSIDE = (".localhost", ".local", ".internal", ".home.arpa")


def is_inside(url: str) -> bool:
    """Say whether *url* names this machine or one of a network that is closed to the world."""
    host = host_of(url) or ""
    if f".{host}".endswith(_INSIDE):
        return True
    address = _address_of(host)
    return address is not None and not address.is_global


def _address_of(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return IPv4Address(socket.inet_aton(host))  # it knows 0x7f.1 and 2130706433, too
    except OSError:
        pass  # a name, or of the other kind
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
