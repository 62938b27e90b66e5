"""Routes to origins, directly or through a proxy, and the idle connections kept for them."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

from scrapy.core.downloader.handlers.http11 import TunnelError

from archiver.head import parse_head
from pipelines.connection import Connection, Peer
from pipelines.reach import Permit
from pipelines.resolver import addresses_of

# What Twisted's pool, and so Scrapy's own handler, allows an idle connection.
IDLE_SECONDS = 240.0
# One unreachable address of several may not eat the whole download timeout.
_ADDRESS_SECONDS = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy and how it is asked; *authorization* is a header's value and never shown."""

    host: str
    port: int
    is_tls: bool = False
    authorization: bytes | None = None

    def __repr__(self) -> str:
        return f"Proxy({self.host}:{self.port})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The way to *host*: connections over equal routes can stand in for each other."""

    host: str
    port: int
    is_tls: bool
    proxy: Proxy | None = None
    bind_address: tuple[str, int] | None = None

    @property
    def is_tunnel(self) -> bool:
        """Say whether TLS runs through a proxy's CONNECT tunnel (RFC 9110, 9.3.6)."""
        return self.is_tls and self.proxy is not None


class Pool:
    """Opens connections and keeps up to *per_route* idle ones of each route."""

    def __init__(self, context: ssl.SSLContext, *, per_route: int) -> None:
        self._context = context
        self._per_route = per_route
        self._idle: dict[Route, dict[Connection, asyncio.TimerHandle]] = {}

    def take(self, route: Route, permit: Permit) -> Connection | None:
        """Return an idle connection over *route*, the freshest first, or None.

        It leads to where *permit* allows: others may have more of one than who asks now.
        """
        for connection in reversed(list(self._idle.get(route, ()))):
            peer = connection.peer.ip_address
            if not connection.is_open:
                self._forget(route, connection)
            elif peer is not None and permit.allows(peer):
                self._forget(route, connection)
                return connection
        return None

    def give(self, route: Route, connection: Connection) -> None:
        """Keep *connection* for the next exchange over *route*, if there is room."""
        connection.rest()
        idle = self._idle.setdefault(route, {})
        if not connection.is_open or len(idle) >= self._per_route:
            connection.abort()
            return
        loop = asyncio.get_running_loop()
        idle[connection] = loop.call_later(IDLE_SECONDS, connection.abort)
        connection.on_gone = lambda: self._forget(route, connection)

    def _forget(self, route: Route, connection: Connection) -> None:
        connection.on_gone = None
        idle = self._idle.get(route, {})
        timer = idle.pop(connection, None)
        if timer is not None:
            timer.cancel()
        if not idle:
            self._idle.pop(route, None)

    async def open(self, route: Route, permit: Permit) -> Connection:
        """Return a fresh connection over *route*. OSError or TunnelError when there is no way.

        Refused where *permit* allows none of those that there are.
        """
        connection = await self._open(route, permit)
        assert connection.transport is not None
        connection.peer = Peer.of(connection.transport)
        peer = connection.peer.ip_address
        if peer is not None and not permit.allows(peer):
            connection.abort()
            raise permit.refused(peer)
        return connection

    async def _open(self, route: Route, permit: Permit) -> Connection:
        if route.proxy is None:
            addresses = permit.among(await addresses_of(route.host))
            return await self._connect(
                route.host, addresses, route.port, route, is_tls=route.is_tls
            )
        proxy = route.proxy
        addresses = await addresses_of(proxy.host)  # whom the user has named himself
        connection = await self._connect(
            proxy.host, addresses, proxy.port, route, is_tls=proxy.is_tls
        )
        if route.is_tunnel:
            try:
                await self._tunnel(connection, route, proxy)
            except BaseException:
                connection.abort()
                raise
        return connection

    def close(self) -> None:
        """Drop all idle connections."""
        for idle in list(self._idle.values()):
            for connection, timer in list(idle.items()):
                timer.cancel()
                connection.abort()
        self._idle.clear()

    async def _connect(
        self, host: str, addresses: list[str], port: int, route: Route, *, is_tls: bool
    ) -> Connection:
        loop = asyncio.get_running_loop()
        for number, address in enumerate(addresses, 1):
            is_last = number == len(addresses)
            try:
                async with asyncio.timeout(None if is_last else _ADDRESS_SECONDS):
                    _, connection = await loop.create_connection(
                        Connection,
                        address,
                        port,
                        ssl=self._context if is_tls else None,
                        server_hostname=host if is_tls else None,
                        local_addr=route.bind_address,
                    )
            except OSError:  # TimeoutError is one of them
                if is_last:
                    raise
            else:
                return connection
        raise AssertionError("there is at least one address")

    async def _tunnel(self, connection: Connection, route: Route, proxy: Proxy) -> None:
        answer = await connection.open_tunnel(_connect_request(route, proxy))
        head = parse_head(answer)
        if head is None or not 200 <= head.status < 300:
            said = answer.split(b"\r\n", 1)[0][:200]
            raise TunnelError(
                f"Could not open CONNECT tunnel with proxy {proxy.host}:{proxy.port} [{said!r}]"
            )
        assert connection.transport is not None
        transport = await asyncio.get_running_loop().start_tls(
            connection.transport, connection, self._context, server_hostname=route.host
        )
        assert transport is not None
        connection.transport = transport


def _connect_request(route: Route, proxy: Proxy) -> bytes:
    host = f"[{route.host}]" if ":" in route.host else route.host
    authority = f"{host}:{route.port}".encode("ascii")
    lines = [b"CONNECT " + authority + b" HTTP/1.1", b"Host: " + authority]
    if proxy.authorization:
        lines.append(b"Proxy-Authorization: " + proxy.authorization)
    return b"\r\n".join((*lines, b"", b""))
