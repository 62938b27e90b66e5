"""One HTTP/1.1 connection that hands on every octet as it arrives. Knows nothing of Scrapy.

A connection carries one exchange at a time: a request is written, and what comes back is
fed to the exchange until its reader finds the end, the peer hangs up, or somebody stops it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from ipaddress import ip_address
from typing import Protocol, Self, cast

from archiver.head import Head
from archiver.tape import Tape
from archiver.tls import cipher_suite_of, protocol_of
from archiver.wire import ResponseReader

# After a message that breaks the framing nobody can tell where it ends: what still comes is
# taken in until the peer is silent for so many seconds.
GRACE_SECONDS = 2.0
# A proxy's answer to CONNECT is a head and nothing more.
_MAX_TUNNEL_HEAD = 64 << 10


class SpoolError(Exception):
    """The disk takes no more of what arrives; the message is the system's reason."""


class Ending(Enum):
    """How an exchange came to its end."""

    COMPLETE = auto()  # the message ended by its own framing
    CLOSED = auto()  # the peer closed the connection in order
    LOST = auto()  # the connection broke
    STOPPED = auto()  # an observer wanted no more, or time was up


class Observer(Protocol):
    """Who wants to know what an exchange brings, while it brings it."""

    def on_head(self, head: Head) -> None:
        """Take note of the final response's head."""

    def on_payload(self, payload: bytes) -> None:
        """Take note of a piece of the body, transfer-encoding removed."""

    def on_octets(self, size: int) -> None:
        """Take note that *size* octets have arrived so far, head and framing and all."""


class Exchange:
    """What comes back for one request: every octet on *tape*, and its end in *ended*."""

    def __init__(self, method: bytes, tape: Tape, observer: Observer) -> None:
        self.reader = ResponseReader(method)
        self.tape = tape
        self.is_unfinished = False  # its own framing says that more should have come
        self.is_cut_short = False  # that, or the connection broke where its close is the end
        self.error: BaseException | None = None
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self._observer = observer
        self._grace: asyncio.TimerHandle | None = None

    @property
    def has_arrived(self) -> bool:
        """Say whether anything at all came back."""
        return bool(self.tape.size or self.reader.interim or self.reader.has_pending)

    def receive(self, octets: bytes) -> None:
        """Take in *octets* from the connection."""
        had_head = self.reader.head is not None
        try:
            raw, payload = self.reader.feed(octets)
            self.tape.write(raw)
            if not had_head and self.reader.head is not None:
                self._observer.on_head(self.reader.head)
            if payload and not self.ended.done():
                self._observer.on_payload(payload)
            if not self.ended.done():
                self._observer.on_octets(self.tape.size)
        except OSError as error:
            self.stop(SpoolError(error.strerror))
            return
        except Exception as error:  # an observer's refusal, which ends the exchange
            self.stop(error)
            return
        if self.reader.is_complete:
            self.end(Ending.COMPLETE)
        elif self.reader.is_broken:
            self._wait_for_silence()

    def stop(self, error: BaseException | None = None) -> None:
        """End the exchange here, because of *error* where there is one."""
        self.end(Ending.STOPPED, error)

    def end(self, ending: Ending, error: BaseException | None = None) -> None:
        """Note how the exchange ended; only the first ending counts."""
        if self.ended.done():
            return
        if self._grace is not None:
            self._grace.cancel()
        pending, self.is_unfinished = self.reader.close()
        self.is_cut_short = self.is_unfinished or ending is Ending.LOST
        if self.error is None:
            self.error = error
        try:
            self.tape.write(pending)
        except OSError as refused:
            self.error = SpoolError(refused.strerror)
            ending = Ending.STOPPED
        self.ended.set_result(ending)

    def _wait_for_silence(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
        loop = asyncio.get_running_loop()
        self._grace = loop.call_later(GRACE_SECONDS, self.end, Ending.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Whom a connection leads to: its address as RFC 5952 writes it, and what TLS agreed on."""

    ip_address: str | None = None
    tls_protocol: str | None = None
    cipher_suite: str | None = None
    certificate: bytes | None = None  # DER

    @classmethod
    def of(cls, transport: asyncio.Transport) -> Self:
        """Return the peer at the other end of *transport*, which has just been opened."""
        address = transport.get_extra_info("peername")
        tls = transport.get_extra_info("ssl_object")
        return cls(
            ip_address=str(ip_address(address[0].partition("%")[0])) if address else None,
            tls_protocol=protocol_of(tls.version()) if tls else None,
            cipher_suite=cipher_suite_of(tls.cipher()[0]) if tls else None,
            certificate=tls.getpeercert(binary_form=True) if tls else None,
        )


class Connection(asyncio.Protocol):
    """A connection to an origin or a proxy; `send` puts the next exchange on it."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.peer = Peer()
        self.on_gone: Callable[[], None] | None = None  # asked for by who keeps it idle
        self._exchange: Exchange | None = None
        self._tunnel: asyncio.Future[bytes] | None = None
        self._tunnel_head = b""
        self._early: list[bytes] = []  # what came before the first request went
        self._is_fresh = True
        self._has_eof = False
        self._ending: tuple[Ending, Exception | None] | None = None

    @property
    def is_open(self) -> bool:
        """Say whether another exchange may be put on it."""
        return self.transport is not None and not self.transport.is_closing()

    def send(self, request: bytes, exchange: Exchange) -> bool:
        """Write *request* and feed what comes back to *exchange*.

        Return False, and write nothing, when the connection has ended already. A server that
        answers a fresh connection before it is asked has given its answer all the same.
        """
        assert self.transport is not None
        self._exchange = exchange
        self._is_fresh = False
        if self._ending is None:
            self.transport.write(request)
        early, self._early = self._early, []
        for octets in early:
            exchange.receive(octets)
        if self._ending is not None:
            exchange.end(*self._ending)
        return self._ending is None

    def rest(self) -> None:
        """Forget the exchange that is over; whatever comes now, nobody asked for."""
        self._exchange = None

    def abort(self) -> None:
        """Drop the connection at once."""
        self._exchange = None
        if self.transport is not None:
            self.transport.abort()

    async def open_tunnel(self, request: bytes) -> bytes:
        """Write the CONNECT *request* and return the head of the proxy's answer.

        Neither is part of any capture. ConnectionError when the proxy hangs up or babbles.
        """
        assert self.transport is not None
        self._tunnel = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        head = await self._tunnel
        self._tunnel = None
        return head

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand on what arrived."""
        if self._tunnel is not None and not self._tunnel.done():
            self._receive_tunnel_head(data)
        elif self._exchange is not None and not self._exchange.ended.done():
            self._exchange.receive(data)
        elif self._is_fresh:
            self._early.append(data)
        else:
            self.abort()  # RFC 9112, 9.2: unasked data on an idle connection is not to be trusted

    def eof_received(self) -> bool:
        """Take a peer's half-close for the end, as every HTTP client does."""
        self._has_eof = True
        self._finish(Ending.CLOSED, None)
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """End the exchange that is going on."""
        # Under TLS only a close_notify is an end in order (RFC 8446, 6.1; RFC 9112, 9.8), and
        # it comes as an EOF. (asyncio's own loop reports one either way; uvloop does not.)
        in_order = exc is None and (self._has_eof or not self.peer.tls_protocol)
        self._finish(Ending.CLOSED if in_order else Ending.LOST, exc)
        if self.on_gone is not None:
            self.on_gone()

    def _finish(self, ending: Ending, error: Exception | None) -> None:
        self._ending = self._ending or (ending, error)
        if self._tunnel is not None and not self._tunnel.done():
            gone = ConnectionError("the proxy closed the connection before it answered CONNECT")
            self._tunnel.set_exception(error or gone)
        if self._exchange is not None:
            self._exchange.end(ending, error)

    def _receive_tunnel_head(self, octets: bytes) -> None:
        assert self._tunnel is not None
        self._tunnel_head += octets
        head, blank, rest = self._tunnel_head.partition(b"\r\n\r\n")
        if blank and (not rest or not _is_success(head)):
            self._tunnel.set_result(head + blank)
        elif blank or len(self._tunnel_head) > _MAX_TUNNEL_HEAD:
            self._tunnel.set_exception(ConnectionError("the proxy answered CONNECT with a flood"))


def _is_success(head: bytes) -> bool:
    """Say whether a tunnel is open after *head*: what follows a refusal is only its body."""
    status = head.split(b" ", 2)[1:2]
    return bool(status) and len(status[0]) == 3 and status[0].startswith(b"2")
