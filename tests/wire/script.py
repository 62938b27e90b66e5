"""What a server does with one request: literal octets, pauses, and how it parts.

Values only. `tests.wire.server` plays them, `tests.wire.cases` and its sisters write them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Literal

Truncated = Literal["length", "time", "disconnect", "unspecified"]


@dataclass(frozen=True, slots=True)
class Pause:
    """Send nothing for *seconds*: long enough, what came before is a read of its own."""

    seconds: float = 0.15


@dataclass(frozen=True, slots=True)
class Read:
    """Read the request; only in answers that begin before it was read."""


class End(Enum):
    """How the server parts from a connection; without one it goes on to the next request."""

    CLOSE = auto()
    """Both directions at once; under TLS with a close_notify."""
    HALF_CLOSE = auto()
    """Only its own direction, then it waits for the client to close."""
    RESET = auto()
    """A TCP RST."""
    CUT = auto()
    """Under TLS: closed without the close_notify that RFC 8446, 6.1 asks for."""
    WAIT = auto()
    """Not at all: silence, until the client closes."""


Step = bytes | Pause | Read | End


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The steps that answer one request, and the response record that must come of them.

    *block* is None where no response octet reaches the archive. *first* answers start before
    any request was read, and have a `Read` among their steps. *truncated* is the value of
    WARC-Truncated; *problem* says whether the message breaks HTTP's rules in such a way that
    the crawl must report it.
    """

    steps: tuple[Step, ...]
    block: bytes | None
    truncated: Truncated | None = None
    problem: bool = False
    first: bool = False


def whole(*steps: Step, truncated: Truncated | None = None, problem: bool = False) -> Answer:
    """Return an answer every octet of which belongs into the response record."""
    return Answer(steps=steps, block=sent(steps), truncated=truncated, problem=problem)


def nothing(*steps: Step) -> Answer:
    """Return an answer that leaves no response record, but a failed fetch."""
    return Answer(steps=steps, block=None)


def sent(steps: Iterable[Step]) -> bytes:
    """Return the octets among *steps*."""
    return b"".join(step for step in steps if isinstance(step, bytes))


def octet_by_octet(octets: bytes, pause: float = 0.001) -> tuple[Step, ...]:
    """Return the steps that send each of *octets* alone."""
    return tuple(step for octet in octets for step in (bytes((octet,)), Pause(pause)))


PLAIN = whole(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Type: text/plain\r\n\r\nyes")
"""What a server answers once its script is at its end."""
