"""What holds for every test: no network but loopback, and where the shared material lies."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import pytest

from tests.servers.rclone import rclone_server
from tests.servers.s3 import Missing, S3Server
from tests.servers.swift import Cluster, swift_cluster

if TYPE_CHECKING:
    from playwright.sync_api import Browser

T = TypeVar("T")


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
        miss(f"{folder} is not there, and with it the material that this test reads")
    return folder


@pytest.fixture(scope="session")
def swift(swift_storage: Cluster) -> Iterator[S3Server]:
    """Serve S3 as OpenStack Swift does: strict, and it verifies what it is sent."""
    with present(swift_storage.proxy()) as server:
        yield server


@pytest.fixture(scope="session")
def swift_https(swift_storage: Cluster) -> Iterator[S3Server]:
    """Serve what the fixture `swift` serves over https."""
    with present(swift_storage.proxy(tls=True)) as server:
        yield server


@pytest.fixture(scope="session")
def swift_storage() -> Iterator[Cluster]:
    """Run what the proxies of Swift keep their objects in."""
    with present(swift_cluster()) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def rclone() -> Iterator[S3Server]:
    """Serve S3 as rclone does: it promises less and overlooks more."""
    with present(rclone_server()) as server:
        yield server


@pytest.fixture(scope="session")
def rclone_https() -> Iterator[S3Server]:
    """Serve S3 as rclone does over https: trailing checksums are refused there."""
    with present(rclone_server(tls=True)) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run a real browser. No longer than a module: its driver has an event loop of its own."""
    from tests.journeys.browser import chromium

    with present(chromium()) as browser:
        yield browser


@contextmanager
def present(part: AbstractContextManager[T]) -> Iterator[T]:
    """Enter *part* if what it takes is here."""
    with ExitStack() as entered:
        try:
            there = entered.enter_context(part)
        except Missing as error:
            miss(str(error))
        yield there


def miss(part: str) -> NoReturn:
    """Skip without *part*, which this machine lacks; under CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(part)
    pytest.skip(part)


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
