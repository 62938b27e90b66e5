"""Two proxies that keep a log: one relays requests, one opens tunnels or refuses to.

They relay to loopback servers of ours and know no more HTTP than that takes.
"""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from tests.wire.server import Exchange, read_request


class ForwardProxy:
    """Relay requests in absolute form (RFC 9112, 3.2.2) to their origin; log both ways.

    Each origin connection carries one exchange, and the origin ends the answer by closing.
    """

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.connections = 0

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay until the client leaves."""
        self.connections += 1
        connection = self.connections
        while request := await read_request(reader):
            peer = writer.get_extra_info("peername")[0]
            exchange = Exchange(connection=connection, peer=peer, received=request)
            self.exchanges.append(exchange)
            await _relay(request, exchange, writer)


class ConnectProxy:
    """Answer CONNECT (RFC 9110, 9.3.6) with *pieces* and, unless it *refuses*, be a tunnel."""

    def __init__(self, *pieces: bytes, refuses: bool = False) -> None:
        self.received: list[bytes] = []
        self._pieces = pieces
        self._refuses = refuses

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Log the CONNECT request, answer it, and carry octets both ways until one side ends."""
        request = await read_request(reader)
        self.received.append(request)
        for piece in self._pieces:
            writer.write(piece)
            await asyncio.sleep(0.02)
        if self._refuses:
            return
        host, _, port = request.split(b" ")[1].decode("ascii").rpartition(":")
        origin_reader, origin_writer = await asyncio.open_connection(host, int(port))
        ways = [
            asyncio.create_task(_carry(reader, origin_writer)),
            asyncio.create_task(_carry(origin_reader, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            origin_writer.close()


async def _relay(request: bytes, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
    method, target, rest = request.split(b" ", 2)
    parts = urlsplit(target.decode("ascii"))
    reader, origin = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        origin.write(b" ".join((method, parts.path.encode("ascii"), rest)))
        while piece := await reader.read(1 << 16):
            exchange.sent += piece
            writer.write(piece)
            await writer.drain()
    finally:
        origin.close()


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(1 << 16):
        writer.write(piece)
        await writer.drain()
