"""What one crawl has in hand, and what the archive has promised to it and to those before."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from archiver.capture import Page
from archiver.collection import Collection
from tests.archiver.catch import capture_of, text_of


class Step(NamedTuple):
    """What a crawl does: a method of `Crawl`, and the number that it makes of it what it may."""

    verb: str
    number: int


@dataclass
class Promise:
    """Record ids of which the archive has said that something is done, and their WARCs."""

    kept: dict[str, str] = field(default_factory=dict)
    durable: set[str] = field(default_factory=set)

    def give(self, page_id: str, filename: str) -> None:
        self.kept[page_id] = filename

    def settle(self, sealed: Container[str] | None) -> None:
        names = self.kept.items()
        self.durable.update(id for id, name in names if sealed is None or name in sealed)

    def lose(self) -> None:
        self.kept = {id: name for id, name in self.kept.items() if id in self.durable}


@dataclass
class Promises:
    """What was tried, what has returned and must be there, and what survives a power cut."""

    tried: set[str] = field(default_factory=set)
    written: Promise = field(default_factory=Promise)
    declared: Promise = field(default_factory=Promise)
    finished: Promise = field(default_factory=Promise)
    readable: set[str] = field(default_factory=set)  # what came whole, and so can be given back

    def settle(self, sealed: Container[str] | None = None) -> None:
        """Believe that all of it is durable, or only what lies in *sealed* WARCs."""
        for promise in (self.written, self.declared, self.finished):
            promise.settle(sealed)

    def lose(self) -> None:
        """Forget what a power cut may have taken."""
        for promise in (self.written, self.declared, self.finished):
            promise.lose()


class Crawl:
    """What one crawl has in hand: pages it may declare, and declared ones to finish."""

    def __init__(
        self, collection: Collection, promises: Promises, new_id: Callable[[], str],
        *, is_synced_at_once: bool,
    ) -> None:  # fmt: skip
        self.collection = collection
        self._is_synced_at_once = is_synced_at_once
        self._promises = promises
        self._new_id = new_id
        self._held: list[Page] = []
        self._declared: list[Page] = []
        self._named: set[str] = set()
        self.expected: set[str] = set()  # to be given back

    def acts(self, steps: Iterable[Step]) -> list[Callable[[], None]]:
        """Return all that the crawl does, *steps* in its midst, each when its turn comes."""
        acts = [partial(getattr(self, step.verb), step.number) for step in steps]
        return [self.take_up, self.begin, *acts, self.seal]

    def take_up(self) -> None:
        taken = self.collection.take_up()
        self._declared += taken.unfinished
        self._held += [page for pages in taken.unclaimed.values() for page in pages]
        declared = {page.record_id for page in self._declared}
        held = {page.record_id for page in self._held}
        assert len(declared) == len(self._declared), "a page is to be finished twice"
        assert len(held) == len(self._held), "a capture is given back twice"
        assert not self._promises.finished.kept.keys() & declared, "a page was finished already"
        assert self.expected <= held, "what was captured is not given back"

    def begin(self) -> None:
        self.collection.begin("article")

    def capture(self, number: int) -> None:
        """Write a capture of one of many kinds."""
        capture = capture_of(number, self._new_id)
        self._promises.tried.add(capture.response_id)
        kept = self.collection.write(capture)
        self._promises.written.give(capture.response_id, kept.location.filename)
        self._settle(kept.location.filename)
        if kept.page is not None:
            self._held.append(kept.page)
            if capture.truncated is None:
                self._promises.readable.add(capture.response_id)

    def declare(self, number: int) -> None:
        free = [page for page in self._held if page.record_id not in self._named]
        if free:
            page = free[number % len(free)]
            self.collection.declare(page)
            self._promises.declared.give(page.record_id, page.location.filename)
            self._named.add(page.record_id)
            self._declared.append(page)

    def finish(self, number: int) -> None:
        if self._declared:
            page = self._declared.pop(number % len(self._declared))
            self.collection.finish(page, text_of(page))
            self._promises.finished.give(page.record_id, page.location.filename)
            self._settle(page.location.filename)

    def release(self, number: int) -> None:
        if self._held:
            self.collection.release(self._held.pop(number % len(self._held)))

    def sync(self, number: int) -> None:
        self.collection.sync()
        self._promises.settle()

    def finish_all(self) -> None:
        while self._declared:
            self.finish(0)
        while self._held:
            self.release(0)

    def seal(self) -> None:
        self.collection.sealed()

    def _settle(self, filename: str) -> None:
        if self._is_synced_at_once:
            self._promises.settle({filename})
