"""One try at an exchange: how far it came, and the capture that it is.

Most downloads are one attempt. A second follows where an idle connection turned out dead.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from scrapy.exceptions import DownloadTimeoutError

from archiver.capture import Capture, Truncation
from archiver.head import Head
from archiver.tape import Tape
from pipelines.connection import Connection, Ending, Exchange, Peer
from pipelines.visit import Visit


@dataclass(slots=True)
class Attempt:
    """How far one download came, filled in as it goes."""

    captured_at: datetime
    started: float = field(default_factory=time.monotonic)
    request: bytes = b""
    connection: Connection | None = None
    exchange: Exchange | None = None
    ending: Ending | None = None
    error: BaseException | None = None

    @property
    def has_answer(self) -> bool:
        """Say whether anything came back, or might have, had nobody ended it."""
        if self.exchange is None or self.ending not in (Ending.CLOSED, Ending.LOST):
            return True
        return self.exchange.has_arrived

    @property
    def head(self) -> Head | None:
        """The head of what came back, as far as it is HTTP."""
        return self.exchange.reader.head if self.exchange is not None else None

    @property
    def peer(self) -> Peer:
        """Whom it reached."""
        return self.connection.peer if self.connection is not None else Peer()

    def stop(self, error: BaseException | None) -> None:
        """End it here, because of *error*."""
        if self.exchange is not None:
            self.exchange.stop(error)
            self.ending = Ending.STOPPED
        self.error = error

    def abandon(self) -> None:
        """Let go of everything: nobody waits for the answer any more."""
        self.stop(None)
        if self.connection is not None:
            self.connection.abort()
        if self.exchange is not None:
            self.exchange.tape.close()

    def capture(
        self, target: str, visit: Visit, *,
        request_id: str, response_id: str, page_id: str | None, nothing: Tape,
    ) -> Capture:  # fmt: skip
        """Return the visit to *target* that this was; *nothing* is its response if none came.

        *page_id* is that of the page whose requisite it was.
        """
        return Capture(
            target=target,
            captured_at=self.captured_at,
            request=self.request,
            response=self.exchange.tape if self.exchange else nothing,
            request_id=request_id,
            response_id=response_id,
            ip_address=self.peer.ip_address,
            protocols=_protocols(self.peer, self.head),
            cipher_suite=self.peer.cipher_suite,
            truncated=_truncation(self, visit),
            problem=self.exchange.reader.problem if self.exchange else None,
            failure=_failure(self),
            fetch_ms=round((time.monotonic() - self.started) * 1000),
            page_id=page_id,
        )


def _protocols(peer: Peer, head: Head | None) -> tuple[str, ...]:
    http = f"http/{head.version}" if head else "http/1.1"
    return (http, peer.tls_protocol) if peer.tls_protocol else (http,)


def _truncation(attempt: Attempt, visit: Visit) -> Truncation | None:
    exchange = attempt.exchange
    if exchange is None:
        return None
    if not exchange.is_cut_short and attempt.ending is not Ending.STOPPED:
        return None
    if visit.was_too_long:
        return "length"
    if isinstance(attempt.error, DownloadTimeoutError):
        return "time"
    if attempt.ending in (Ending.CLOSED, Ending.LOST):
        return "disconnect"
    return "unspecified"


def _failure(attempt: Attempt) -> str | None:
    if attempt.exchange is not None and attempt.exchange.tape.size:
        return None
    if attempt.error is None:
        return "the server closed the connection unanswered"
    name = type(attempt.error).__name__
    return f"{name}: {attempt.error}" if str(attempt.error) else name
