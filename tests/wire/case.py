"""What a case of the golden test is: a request, a script, and what must come of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.wire.script import PLAIN, Answer

Route = Literal[
    "plain",
    "ipv6",
    "tls-1.2",
    "tls-1.3",
    "no-listener",
    "no-tls",
    "forward",
    "forward-with-credentials",
    "tunnel",
    "tunnel-with-credentials",
    "tunnel-slow",
    "tunnel-403",
    "tunnel-407",
]
"""How the request gets to the script; `tests.wire.crawl` builds each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The response that a spider's callback is given, after Scrapy's own middlewares."""

    status: int
    body: bytes
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The exception that a spider's errback is given, by the name of its class."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request of a crawl, the answers that it and its successors get, and the outcome.

    After the outcome the spider sends *probes* further GET requests, one by one, to the same
    origin, each *probe_delay* seconds later; *reused* says whether all requests of the case
    must come on one connection (True), the first probe must come on another than the request
    before (False), or either may happen (None). *withheld* is the octets of the request that
    the archive replaces by `[withheld]`. *unlike_scrapy* says why a spider sees something
    else here than with Scrapy's own handler; None means that it sees the same.
    """

    name: str
    answers: tuple[Answer, ...]
    seen: Seen | Failed
    route: Route = "plain"
    method: str = "GET"
    headers: Mapping[str, str | bytes] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    # Scrapy's own type for Request.meta.
    meta: Mapping[str, Any] = field(default_factory=dict)
    suffix: str = ""
    probes: int = 1
    probe_delay: float = 0.0
    reused: bool | None = True
    withheld: bytes | None = None
    unlike_scrapy: str | None = None

    @property
    def path(self) -> str:
        """The path of the case's first request."""
        return f"/case/{self.name}"

    @property
    def script(self) -> tuple[Answer, ...]:
        """Every answer of the case in order, those to its probes included."""
        return (*self.answers, *(PLAIN for _ in range(self.probes)))

    @property
    def failures(self) -> int:
        """How many of the case's requests come to nothing and leave a `fetchFailure`."""
        # Where no server can be reached there is no answer, and one request that failed.
        return sum(answer.block is None for answer in self.answers) if self.answers else 1
