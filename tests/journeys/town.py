"""A town: several hosts whose pages link to one another, and a book of all that they answered.

What a crawl has to bring home is written down here, not computed from what it brought. On each
host there are a front page with sections, a section with stories and notices, things that
moved, are gone or are busy when first asked for, a board that is to be read once a section, and
terms that are the same everywhere.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Self

from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

ADDRESSES = ("127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4")
ROBOTS = b"User-agent: *\nDisallow: /private\n"
TERMS = b"Whoever reads the board of this town leaves it as it was found. " * 8
BALLAST = 60_000
_NOTICE = "<html><title>Notice {n}</title><p>Notice {n}: {text}</p>{links}</html>"
_WORDS = "the lock keeper will be away until the water in the upper basin has fallen again. " * 4


@dataclass(slots=True, kw_only=True)
class Entry:
    """An answer; its *serial* is in its head too. *sent_at* is None unless all of it was sent.

    *run* is the run of the crawl that asked for it.
    """

    serial: int
    run: int
    target: str
    status: int
    asked_at: float
    sent_at: float | None = None


class Town:
    """Answers on all of ADDRESSES until the block ends; *book* holds the answers, in order.

    A host has *sections* sections, each with so many *stories* and as many notices. Every
    answer waits for *pace* seconds.
    """

    def __init__(self, *, sections: int, stories: int) -> None:
        self.run = 0
        self.pace = 0.0
        self.book: list[Entry] = []
        self._sections = sections
        self._stories = stories
        self._was_busy: set[tuple[int, str]] = set()
        self._lock = Lock()
        self._open = ExitStack()
        self._sites = [
            Site(partial(self._respond, host), address) for host, address in enumerate(ADDRESSES)
        ]
        self.bases = [site.base for site in self._sites]

    def __enter__(self) -> Self:
        for site in self._sites:
            self._open.enter_context(site)
        return self

    def __exit__(self, *trace: object) -> None:
        self._open.close()

    @property
    def gazettes(self) -> list[str]:
        """The targets that no page links to."""
        return self._everywhere("/gazette")

    @property
    def stories(self) -> list[str]:
        """The targets that are articles, those that one is led to by a redirect left out."""
        count = self._sections * self._stories
        return self._everywhere(
            *(f"/story/{n}" for n in range(count)),
            *(f"/busy/{section}" for section in range(0, self._sections, 2)),
        )

    @property
    def moved(self) -> list[str]:
        """The targets that redirect, each to another article."""
        return self._everywhere(*(f"/old/{section}" for section in range(self._sections)))

    @property
    def arrived(self) -> list[str]:
        """The articles that only a redirect leads to."""
        return self._everywhere(*(f"/new/{section}" for section in range(self._sections)))

    @property
    def gone(self) -> list[str]:
        """The targets that are answered with 404."""
        return self._everywhere(*(f"/gone/{section}" for section in range(self._sections)))

    @property
    def all(self) -> Counter[str]:
        """How often each target is to be answered in a crawl that follows every link.

        Left out are robots.txt and the answers of those that were busy.
        """
        count, sections = self._sections * self._stories, range(self._sections)
        once = self._everywhere(
            "/",
            "/terms",
            *(f"/section/{section}" for section in sections),
            *(f"/notice/{n}" for n in range(count)),
        )
        boards = Counter(dict.fromkeys(self._everywhere("/board"), self._sections))
        found = [*self.stories, *self.moved, *self.arrived, *self.gone, *self.gazettes]
        return Counter(once) + Counter(found) + boards

    def _page(self, host: int, path: str) -> list[bytes]:
        if path in ("/ai.txt", "/.well-known/tdmrep.json"):
            return answer(b"", status="404 Not Found")
        kind, _, rest = path[1:].partition("/")
        number = int(rest or 0)
        match kind:
            case "robots.txt":
                return answer(ROBOTS, media_type="text/plain")
            case "terms":
                return answer(TERMS, media_type="text/plain")
            case "old":
                following = self.bases[(host + 1) % len(self.bases)]
                return answer(b"", f"Location: {following}/new/{number}", status="302 Found")
            case "gone":
                return answer(_notice(number, "404 "), status="404 Not Found")
            case "busy" if self._is_busy(host, path):
                return answer(b"Later.", status="503 Service Unavailable")
            case "story" | "busy" | "new":
                ballast = BALLAST if kind == "story" and number % 12 == 5 else 0
                return answer(story(_story_number(host, kind, number), ballast=ballast))
            case _:
                return answer(
                    _notice(number, f"{kind} of {host}", self._links(host, kind, number))
                )

    def _everywhere(self, *paths: str) -> list[str]:
        return [base + path for base in self.bases for path in paths]

    def _respond(self, host: int, asked: Asked) -> Iterator[bytes]:
        run, asked_at = self.run, time.monotonic()
        time.sleep(self.pace)
        (octets,) = self._page(host, asked.path)
        with self._lock:
            entry = Entry(
                serial=len(self.book),
                run=run,
                target=self.bases[host] + asked.path,
                status=int(octets[9:12]),
                asked_at=asked_at,
            )
            self.book.append(entry)
        yield octets.replace(b"\r\n", b"\r\nX-Answer: %d\r\n" % entry.serial, 1)
        entry.sent_at = time.monotonic()  # the server came back for more: all of it has left

    def _is_busy(self, host: int, path: str) -> bool:
        with self._lock:
            is_busy = (host, path) not in self._was_busy
            self._was_busy.add((host, path))
            return is_busy

    def _links(self, host: int, kind: str, number: int) -> list[str]:
        following = self.bases[(host + 1) % len(self.bases)]
        if kind == "":
            sections = [f"/section/{section}" for section in range(self._sections)]
            return ["/terms", "/private", f"{following}/", *sections]
        if kind != "section":
            return [f"{following}/story/{number}"] if kind == "notice" else []
        numbers = range(number * self._stories, (number + 1) * self._stories)
        return [
            f"{following}/section/{number}",
            f"/old/{number}",
            f"/gone/{number}",
            *([f"/busy/{number}"] if number % 2 == 0 else []),
            '/board" rel="again',
            *(f"/{kind}/{n}" for n in numbers for kind in ("story", "notice")),
        ]


def _story_number(host: int, kind: str, number: int) -> int:
    """Return a number that no other article has."""
    return number * 100 + host * 10 + ("story", "busy", "new").index(kind)


def _notice(number: int, text: str, links: list[str] | None = None) -> bytes:
    anchors = "".join(f'<p><a href="{link}">Read on</a></p>' for link in links or [])
    return _NOTICE.format(n=number, text=f"{text} {_WORDS}", links=anchors).encode()
