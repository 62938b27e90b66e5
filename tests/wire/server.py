"""A socket server on loopback: one port a script, exact octets in and out, and a log.

It speaks no HTTP but for finding where a request ends. Every wait is bounded, every
connection ends with the server, and the log holds what the sockets were given and gave.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

from tests.wire.script import PLAIN, Answer, End, Pause, Read, Step

# No connection of ours lives longer; the slowest client gives up after a few seconds.
LIFETIME = 30.0
_MAX_HEAD = 1 << 20


@dataclass(slots=True, kw_only=True)
class Exchange:
    """One request and its answer as the server knows them; *sent* grows while it plays.

    *connection* counts the connections of a stage from 1. *tls* is the version and the cipher
    suite as OpenSSL names them.
    """

    connection: int
    peer: str
    received: bytes = b""
    sent: bytearray = field(default_factory=bytearray)
    tls: tuple[str, str] | None = None


class Player(Protocol):
    """Whatever can attend to a connection."""

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Play the part until it is over."""


class Stage:
    """A script, played answer by answer over however many connections, and its log."""

    def __init__(self, script: Sequence[Answer], epilogue: Answer = PLAIN) -> None:
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self._script = script
        self._epilogue = epilogue

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until a script step ends it."""
        self.connections += 1
        connection = self.connections
        while True:
            speaks_first = self._next_answer().first
            request = b"" if speaks_first else await read_request(reader)
            if not request and not speaks_first:
                return
            # Chosen only now: a connection that idles or closes uses up no answer.
            answer = self._next_answer()
            exchange = _new_exchange(connection, request, writer)
            self.exchanges.append(exchange)
            for step in answer.steps:
                await _take(step, exchange, reader, writer)
                if isinstance(step, End):
                    return

    def _next_answer(self) -> Answer:
        played = len(self.exchanges)
        return self._script[played] if played < len(self._script) else self._epilogue


class Servers:
    """A thread that opens ports on loopback and closes them all when it is left."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="servers", daemon=True)
        self._servers: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(LIFETIME)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIFETIME)
        self._loop.close()

    def open(
        self, player: Player, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> int:
        """Let *player* attend to a port that nobody else uses; return the port."""
        opening = self._open(player, host, tls)
        return asyncio.run_coroutine_threadsafe(opening, self._loop).result(LIFETIME)

    async def _open(self, player: Player, host: str, tls: ssl.SSLContext | None) -> int:
        async def attend(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            try:
                await _attend(player, reader, writer)
            finally:
                self._tasks.discard(task)

        limits = {"ssl_handshake_timeout": 5, "ssl_shutdown_timeout": 1} if tls else {}
        server = await asyncio.start_server(
            attend, host, 0, ssl=tls, limit=_MAX_HEAD, backlog=50, **limits
        )
        self._servers.append(server)
        port: int = server.sockets[0].getsockname()[1]
        return port

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # asyncio closes the socket of an aborted transport some turns of the loop later.
        await asyncio.sleep(0.05)


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Return the octets of the next request; what there is of it if the client leaves."""
    head = b""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        return head + await reader.readexactly(_content_length(head))
    except asyncio.IncompleteReadError as error:
        return head + error.partial


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


def _new_exchange(connection: int, request: bytes, writer: asyncio.StreamWriter) -> Exchange:
    tls = writer.get_extra_info("ssl_object")
    return Exchange(
        connection=connection,
        peer=writer.get_extra_info("peername")[0],
        received=request,
        tls=(tls.version(), tls.cipher()[0]) if tls else None,
    )


async def _attend(
    player: Player, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    # A client may leave whenever it likes, and some cases are about just that: how it left is
    # for the client's side to tell.
    gone = (ConnectionError, TimeoutError, ssl.SSLError)
    try:
        with contextlib.suppress(*gone):
            async with asyncio.timeout(LIFETIME):
                await player.attend(reader, writer)
        writer.close()
        with contextlib.suppress(*gone):
            await writer.wait_closed()
    finally:
        writer.transport.abort()


async def _take(
    step: Step, exchange: Exchange, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    if isinstance(step, bytes):
        writer.write(step)
        exchange.sent += step
        await writer.drain()
    elif isinstance(step, Pause):
        await asyncio.sleep(step.seconds)
    elif isinstance(step, Read):
        exchange.received += await read_request(reader)
    elif step is End.RESET:
        # With a linger time of zero, close() sends a reset instead of a FIN.
        no_linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        writer.transport.abort()
    elif step is End.CUT:
        writer.transport.abort()
    elif step in (End.HALF_CLOSE, End.WAIT):
        if step is End.HALF_CLOSE:
            writer.write_eof()
        exchange.received += await reader.read()
