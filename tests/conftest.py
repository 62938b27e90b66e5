"""What holds for every test: no network but loopback, and where the shared material lies."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


class NetworkForbidden(Exception):
    """A test tried to reach something else than this machine."""


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Refuse connections and name look-ups that leave this machine."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    getaddrinfo = socket.getaddrinfo

    # The arguments are whatever the standard library's own functions take.
    def guarded_connect(self: socket.socket, address: Any) -> None:
        _refuse_all_but_loopback(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        _refuse_all_but_loopback(self.family, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_here(host):
            raise NetworkForbidden(f"a look-up of {host!r}: tests may only use loopback")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
        patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder `shared` beside the project; skip without it, but fail under CI."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        missing = f"{folder} is not there, and with it the material that this test reads"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return folder


def _refuse_all_but_loopback(family: int, address: Any) -> None:
    if family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
        raise NetworkForbidden(f"a connection to {address!r}: tests may only use loopback")


def _is_here(host: Any) -> bool:
    """Say whether *host* names this machine; None and the empty name stand for it."""
    name = host.decode("ascii") if isinstance(host, bytes) else host
    if not name or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
