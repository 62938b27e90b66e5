"""A street of hosts on loopback, each with a temper of its own, and a log of what it was asked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Lock
from typing import Self

from tests.journeys.site import Asked, Site, answer, head
from tests.journeys.stories import story

PLAIN = "text/plain"
NONE = answer(b"No such file.", status="404 Not Found", media_type=PLAIN)
BUSY = "429 Too Many Requests"


@dataclass(slots=True, kw_only=True)
class Visit:
    """A request for *path*: when it came, when its answer was sent, and with which status."""

    path: str
    came_at: float
    status: int = 0
    left_at: float = 0.0


@dataclass(slots=True)
class House:
    """A host, and whom it has seen. This one has no robots.txt, and answers with stories."""

    pace: float = 0.0
    visits: list[Visit] = field(default_factory=list)
    most_at_once: int = 0
    base: str = ""
    _inside: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def paths(self) -> list[str]:
        """The paths of pages that were asked for; those of its rights are left out."""
        return [visit.path for visit in self.pages]

    @property
    def pages(self) -> list[Visit]:
        """The visits to pages."""
        return [visit for visit in self.visits if visit.path.startswith("/story/")]

    @property
    def rules(self) -> list[Visit]:
        """The visits to robots.txt."""
        return [visit for visit in self.visits if visit.path == "/robots.txt"]

    def respond(self, asked: Asked) -> Iterator[bytes]:
        """Answer, and write it down."""
        with self._lock:
            visit = Visit(path=asked.path, came_at=time.monotonic())
            count = Counter(visit.path for visit in self.visits)[asked.path]
            self.visits.append(visit)
            self._inside += 1
            self.most_at_once = max(self.most_at_once, self._inside)
        time.sleep(self.pace)
        pieces = list(self.answer(asked.path, count))
        visit.status = int(pieces[0][9:12] or 0) if pieces else 0
        with self._lock:
            self._inside -= 1
            visit.left_at = time.monotonic()
        yield from pieces or [_nothing()]

    def answer(self, path: str, count: int) -> Iterable[bytes]:
        """Answer for *path*, which was asked for *count* times before."""
        if path.startswith("/story/"):
            return answer(story(int(path.rpartition("/")[2])))
        return self.robots(count) if path == "/robots.txt" else NONE

    def robots(self, count: int) -> Iterable[bytes]:
        """Answer for robots.txt."""
        return NONE


def _nothing() -> bytes:
    raise ConnectionError("the house is silent")


@dataclass(slots=True)
class Ruled(House):
    """A house with a robots.txt."""

    text: bytes = b""

    def robots(self, count: int) -> Iterable[bytes]:
        """Give the rules."""
        return answer(self.text, media_type=PLAIN)


@dataclass(slots=True)
class Busy(House):
    """A house that asks for so many seconds of peace when its third page is asked for."""

    seconds: int = 2

    def answer(self, path: str, count: int) -> Iterable[bytes]:
        """Answer, or ask for peace, once."""
        if len(self.pages) == 3 and path.startswith("/story/"):
            return answer(b"Later.", f"Retry-After: {self.seconds}", status=BUSY)
        return House.answer(self, path, count)


@dataclass(slots=True)
class Failing(House):
    """A house that gives no answer to the first *failures* requests for pages."""

    failures: int = 6

    def answer(self, path: str, count: int) -> Iterable[bytes]:
        """Answer, or do not."""
        if path.startswith("/story/") and len(self.pages) <= self.failures:
            return []
        return House.answer(self, path, count)


@dataclass(slots=True)
class Shut(House):
    """A house whose robots.txt is an error for the first *errors* times."""

    errors: int = 2
    status: str = "503 Service Unavailable"
    text: bytes = b"User-agent: archiver\nDisallow: /story/1\n"

    def robots(self, count: int) -> Iterable[bytes]:
        """Give an error, or the rules."""
        if count < self.errors:
            return answer(b"", status=self.status)
        return answer(self.text, media_type=PLAIN)


@dataclass(slots=True)
class Moved(House):
    """A house whose robots.txt is elsewhere: *hops* further, at *last*."""

    hops: int = 0
    last: str = ""

    def answer(self, path: str, count: int) -> Iterable[bytes]:
        """Lead on from one hop to the next."""
        if path.startswith(("/robots.txt", "/hop/")):
            number = int(path.rpartition("/")[2]) if path.startswith("/hop/") else 1
            target = self.last if number == self.hops else f"/hop/{number + 1}"
            return [head(f"Location: {target}", "Content-Length: 0", status="302 Found")]
        return House.answer(self, path, count)


@dataclass(slots=True)
class Crossroads(House):
    """A house whose stories have moved to *target*, and have other numbers there."""

    target: str = ""

    def answer(self, path: str, count: int) -> Iterable[bytes]:
        """Lead on."""
        if path.startswith("/story/"):
            number = int(path.rpartition("/")[2]) + 100
            location = f"Location: {self.target}/story/{number}"
            return [head(location, "Content-Length: 0", status="302 Found")]
        return House.answer(self, path, count)


class Street:
    """Houses, each at an address of its own, which answer until the block ends."""

    def __init__(self, houses: Iterable[House], *, first: int = 11) -> None:
        self._open = ExitStack()
        self._sites: list[Site] = []
        for number, house in enumerate(houses, first):
            site = Site(house.respond, f"127.0.0.{number}")
            house.base = site.base
            self._sites.append(site)

    def __enter__(self) -> Self:
        for site in self._sites:
            self._open.enter_context(site)
        return self

    def __exit__(self, *trace: object) -> None:
        self._open.close()
