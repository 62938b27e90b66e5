"""One request and its answer, passed on with at most one fault."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

from tests.servers import messages
from tests.servers.faults import Do, Fault, Plan
from tests.servers.messages import Head, Reader, body_of, read_head

# No single wait is longer: for the next request, or for the server to answer.
PATIENCE = 300.0

_REFUSALS = {
    Do.FAIL: ("500 Internal Server Error", "InternalError", "We encountered an internal error."),
    Do.SLOW_DOWN: ("503 Slow Down", "SlowDown", "Please reduce your request rate."),
    Do.DENY: ("403 Forbidden", "AccessDenied", "Access Denied."),
}
_ERROR = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>{}</Code><Message>{}</Message></Error>'
)
_PAGE = "<!DOCTYPE html><title>Welcome</title><p>Please log in to use this network.\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
# Opens a connection to the server behind.
Upstream = Callable[[], AbstractAsyncContextManager[Streams]]


class Hung(Exception):
    """The client's connection is to end here, with a reset."""


async def exchange(
    plan: Plan, reader: Reader, writer: asyncio.StreamWriter, upstream: Upstream
) -> bool:
    """Attend to the next request; return whether the connection may have another."""
    async with asyncio.timeout(PATIENCE):
        head = await read_head(reader)
    if head is None:
        return False
    fault = plan.fault_for(head.request)
    return await _Exchange(head, fault, plan, reader, writer).play(upstream)


class _Exchange:
    def __init__(
        self, head: Head, fault: Fault | None, plan: Plan, reader: Reader,
        writer: asyncio.StreamWriter,
    ) -> None:  # fmt: skip
        self._head = head
        self._fault = fault
        self._do = fault.do if fault else None
        self._plan = plan
        self._reader = reader
        self._writer = writer
        self._has_hit = False
        # Whether the body comes: a client that asks first sends it when it is told to go on.
        self._is_invited = not head.expects_continue or head.length == 0

    async def play(self, upstream: Upstream) -> bool:
        if self._do is Do.STALL:
            await self._stall()
        if self._do is Do.SPEAK_HTML:
            return await self._refuse("200 OK", "text/html", _PAGE)
        if self._do in _REFUSALS:
            status, code, message = _REFUSALS[self._do]
            return await self._refuse(status, "application/xml", _ERROR.format(code, message))
        if self._do is Do.RESET_REQUEST and not (self._head.chunked or self._head.length):
            self._hit()
            raise Hung
        async with upstream() as (answers, upward), asyncio.TaskGroup() as both:
            sending = both.create_task(self._send(upward))
            goes_on = await self._answer(answers)
            if not self._is_invited:
                sending.cancel()
        return goes_on and self._is_invited and not self._head.closes

    async def _send(self, upward: asyncio.StreamWriter) -> None:
        # A server that has answered may close before it has read everything; the client is
        # listened to all the same, or a reset could overtake the answer.
        with contextlib.suppress(ConnectionError):
            upward.write(self._head.octets)
        body = body_of(self._head, self._reader)
        async for octets in self._harmed(body, self._head, Do.RESET_REQUEST, Do.DAMAGE_REQUEST):
            with contextlib.suppress(ConnectionError):
                upward.write(octets)
                await upward.drain()

    async def _answer(self, answers: asyncio.StreamReader) -> bool:
        head = await self._final_head(answers)
        pieces = self._answered(head, answers)
        if self._do in (Do.STALL_ANSWER, Do.RESET_ANSWER):
            # Only when all of the answer is there, the server has surely done what it was told.
            whole = b"".join([octets async for octets in pieces])
            await self._withhold()
            await self._tell(head.octets + whole)
        else:
            await self._tell(self._altered(head.octets))
            async for octets in pieces:
                await self._tell(octets)
        is_framed = (
            head.chunked
            or head.length is not None
            or not messages.has_body(self._head.request, head)
        )
        return is_framed and not head.closes

    async def _final_head(self, answers: asyncio.StreamReader) -> Head:
        while True:
            async with asyncio.timeout(PATIENCE):
                head = await read_head(answers)
            if head is None:
                raise Hung
            if head.status >= 200:
                return head
            self._is_invited = True
            await self._tell(head.octets)

    async def _answered(self, head: Head, answers: asyncio.StreamReader) -> AsyncIterator[bytes]:
        if messages.has_body(self._head.request, head):
            body = body_of(head, answers, until_close=True)
            is_xml = b"xml" in head.field(b"content-type")
            async for octets in self._harmed(body, head, Do.CUT_ANSWER, Do.DAMAGE_ANSWER):
                yield self._altered(octets) if is_xml else octets

    async def _harmed(
        self, body: AsyncIterator[tuple[bytes, bool]], head: Head, cut: Do, damage: Do
    ) -> AsyncIterator[bytes]:
        """Yield *body* as it is, or harmed in its middle (its start if it tells no length)."""
        passed, middle = 0, (head.length or 0) // 2
        async for octets, is_content in body:
            at = middle - passed
            if is_content and 0 <= at < len(octets):
                if self._do is cut:
                    yield octets[:at]
                    self._hit()
                    raise Hung
                if self._do is damage:
                    self._hit()
                    octets = messages.turned(octets, at)
            passed += len(octets) if is_content else 0
            yield octets

    def _altered(self, octets: bytes) -> bytes:
        altered = octets
        if self._do is Do.WRONG_ETAG:
            altered = messages.with_another_etag(octets)
        if self._do is Do.WRONG_CHECKSUM:
            altered = messages.with_another_checksum(octets)
        if altered != octets:
            self._hit()
        return altered

    async def _withhold(self) -> None:
        if self._do is Do.STALL_ANSWER:
            return await self._stall()
        self._hit()
        raise Hung

    async def _stall(self) -> None:
        assert self._fault is not None
        self._hit()
        try:
            await asyncio.wait_for(self._reader.gone.wait(), self._fault.seconds)
        except TimeoutError:
            return
        raise Hung

    async def _refuse(self, status: str, kind: str, text: str) -> bool:
        """Answer without the server, once the client has said all that it says unasked."""
        self._hit()
        if self._is_invited:
            async for _ in body_of(self._head, self._reader):
                pass
        goes_on = self._is_invited and not self._head.closes
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(text)}\r\n"
            f"Connection: {'keep-alive' if goes_on else 'close'}\r\n\r\n"
        )
        await self._tell((head + ("" if self._head.request.method == "HEAD" else text)).encode())
        return goes_on

    async def _tell(self, octets: bytes) -> None:
        self._writer.write(octets)
        await self._writer.drain()

    def _hit(self) -> None:
        if self._fault is not None and not self._has_hit:
            self._has_hit = True
            self._plan.note(self._fault, self._head.request)
