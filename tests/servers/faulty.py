"""A proxy before an S3-compatible server that passes octets on untouched, but for planned faults.

Signatures stay right, for a client signs the Host that it sees, which is the proxy's, and that is
what the server gets. Each request has a connection to the server of its own; the client's stay.
It is an endpoint like any other, for other processes too.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from tests.servers.exchange import Hung, Streams, exchange
from tests.servers.faults import Fault, Fired, Plan, Request
from tests.servers.messages import MAX_HEAD, Reader
from tests.servers.s3 import S3Server

_PATIENCE = 30.0


@contextmanager
def faulty(server: S3Server) -> Iterator[Faulty]:
    """Stand before *server* while the block runs, without a fault until one is added."""
    proxy = Faulty(server)
    with proxy.serving():
        yield proxy


class Faulty:
    """The running proxy; everything public may be used from any thread."""

    def __init__(self, server: S3Server) -> None:
        self._behind = server
        self._plan = Plan()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="faulty", daemon=True)
        self._listener: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        # Keeps the port ours while nobody listens there; connections are refused meanwhile.
        self._held = _bound(0)
        self._port: int = self._held.getsockname()[1]

    @property
    def server(self) -> S3Server:
        """The server behind, as it is reached through this proxy."""
        scheme = urlsplit(self._behind.endpoint).scheme
        return replace(self._behind, endpoint=f"{scheme}://127.0.0.1:{self._port}")

    @property
    def endpoint(self) -> str:
        return self.server.endpoint

    @property
    def requests(self) -> list[Request]:
        """All requests so far, as they came."""
        return list(self._plan.requests)

    @property
    def fired(self) -> list[Fired]:
        """The faults that have really hit, in order."""
        return list(self._plan.fired)

    def add(self, *faults: Fault) -> None:
        """Let *faults* hit from now on; where two could, the one that was added first does."""
        self._plan.add(*faults)

    def clear(self) -> None:
        """Forget all faults; what was recorded stays."""
        self._plan.clear()

    @property
    def away(self) -> bool:
        """Whether connections are refused. Setting it resets those that there are."""
        return self._listener is None

    @away.setter
    def away(self, away: bool) -> None:
        if away != self.away:
            self._run(self._leave() if away else self._come())

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Serve while the block runs, once."""
        self._thread.start()
        try:
            self.away = False
            yield
        finally:
            self.away = True
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_PATIENCE)
            self._loop.close()
            self._held.close()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE)

    async def _come(self) -> None:
        tls = None
        if shown := self._behind.shown:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            tls.load_cert_chain(shown)
        self._listener = await self._loop.create_server(
            self._met, sock=_bound(self._port), ssl=tls, backlog=128
        )

    async def _leave(self) -> None:
        if self._listener is not None:
            self._listener.close()
        self._listener = None
        await asyncio.sleep(0.05)  # whoever has just come has no task yet
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        # asyncio closes the socket of an aborted transport some turns of the loop later.
        await asyncio.sleep(0.05)

    def _met(self) -> asyncio.StreamReaderProtocol:
        return asyncio.StreamReaderProtocol(Reader(MAX_HEAD, self._loop), self._attend, self._loop)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        assert isinstance(reader, Reader)
        self._tasks.add(task)
        try:
            while await exchange(self._plan, reader, writer, self._upstream):
                pass
            writer.close()
            await writer.wait_closed()
        # Whoever has left, was late, broke off or said what is not HTTP: it ends with a reset.
        except* (OSError, EOFError, ValueError, Hung, asyncio.CancelledError):
            _reset(writer)
        finally:
            self._tasks.discard(task)

    @asynccontextmanager
    async def _upstream(self) -> AsyncIterator[Streams]:
        port, tls = urlsplit(self._behind.endpoint).port, None
        if ca := self._behind.ca:
            tls = ssl.create_default_context(cafile=ca)
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=MAX_HEAD, ssl=tls)
        try:
            yield reader, writer
        finally:
            _reset(writer)


def _bound(port: int) -> socket.socket:
    """Return a socket that shares *port* of 127.0.0.1 with others of ours; 0 is a free one."""
    # The protocol is named, or asyncio leaves Nagle's algorithm on: 40 ms for each small answer.
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def _reset(writer: asyncio.StreamWriter) -> None:
    # With a linger time of zero, close() sends a reset instead of a FIN.
    no_linger = struct.pack("ii", 1, 0)
    with contextlib.suppress(OSError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
    writer.transport.abort()
