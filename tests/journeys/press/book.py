"""The book of the press: every request that any of its hosts was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.journeys.press.sheet import Kind


@dataclass(slots=True, kw_only=True)
class Entry:
    """A request as it arrived; *fields* has the last value of each, by lower-case name.

    *connection* is the number of the connection that it came by, of all of the press;
    *connections* is how many were open to this host at that moment, this one among them. Times
    are seconds of a clock of no date. *ended_at*, when the answer had left, is None where it
    did not leave whole. *kind* is that of the address asked for; *status* is 0 where an answer
    was poured without one.
    """

    edition: int
    host: str
    address: str
    url: str
    path: str
    query: str
    method: str
    fields: Mapping[str, str]
    connection: int
    connections: int
    kind: Kind
    arrived_at: float
    status: int = 0
    ended_at: float | None = None

    @property
    def target(self) -> str:
        """The path and the query."""
        return f"{self.path}?{self.query}" if self.query else self.path
