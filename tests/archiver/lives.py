"""Crawls into one collection that die and are taken up, and what each may rely on.

No Scrapy and no network: captures, declarations, texts and releases in any order, on a disk
that stops when told to. What the archive must hold in the end is kept in `Promises`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator

from archiver.capture import Capture, Page
from archiver.check import run_check
from archiver.collection import Collection
from archiver.frontier import Frontier
from archiver.options import Fsync
from archiver.pages import bare_uuid
from archiver.records import warc_date
from archiver.state import State, job_of
from archiver.storage import LocalStore
from archiver.tape import Tape
from archiver.terms import Terms
from archiver.text import TextRecord
from tests.archiver.crashing import Killed, MortalDisk, Platter

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=UTC)
NOISE = random.Random(7).randbytes(5 << 20)
JOB = job_of("article", "")


class Step(NamedTuple):
    """What a crawl does: a method of `Crawl`, and the number that it makes of it what it may."""

    verb: str
    number: int


class Death(NamedTuple):
    """When a crawl dies: at the call number *calls* of step *at*, *part* of a write done.

    Step 0 takes up what the crawl before has left. *seed* is that of a power cut, None for
    a kill.
    """

    at: int
    calls: int
    part: float
    seed: int | None


class Life(NamedTuple):
    """The steps of one crawl, and its death if it does not end well."""

    steps: list[Step]
    death: Death | None


@dataclass
class Promises:
    """What was tried, what has returned and must be there, and what survives a power cut."""

    tried: set[str] = field(default_factory=set)
    kept: dict[str, str] = field(default_factory=dict)  # WARC file names, by record id
    finished: dict[str, str] = field(default_factory=dict)
    durable: set[str] = field(default_factory=set)
    durably_finished: set[str] = field(default_factory=set)

    def settle(self) -> None:
        """Believe that all of it is durable."""
        self.durable.update(self.kept)
        self.durably_finished.update(self.finished)

    def settle_sealed(self, folder: Path) -> None:
        """Believe what has a manifest."""
        sealed = {f"{path.stem}.warc.gz" for path in folder.glob("manifests/*.json")}
        self.durable.update(id for id, name in self.kept.items() if name in sealed)
        self.durably_finished.update(id for id, name in self.finished.items() if name in sealed)

    def lose(self) -> None:
        """Forget what a power cut may have taken."""
        self.kept = {id: name for id, name in self.kept.items() if id in self.durable}
        finished = self.finished.items()
        self.finished = {id: name for id, name in finished if id in self.durably_finished}


class Crawls:
    """One crawl after the other into the collection `news` below *root*."""

    def __init__(self, root: Path, *, fsync: Fsync, max_bytes: int, has_frontier: bool) -> None:
        self.root = root
        self.folder = root / "store/news"
        self.promises = Promises()
        self.platter = Platter(root)
        self._torn: dict[str, list[bytes]] = {}  # what each death left of a growing WARC
        self._terms = Terms(prefix="news", fsync=fsync, max_bytes=max_bytes)
        self._state = State(root / "work", "a store", "news")
        self._ids = 0
        if has_frontier:
            self._state.make()
            Frontier(self._state.frontier_path(JOB), started_at=MOMENT).close()

    def live(self, life: Life) -> None:
        """Run a crawl to its end, or to its death."""
        disk = MortalDisk(self.platter)
        crawl = _Crawl(self._opened(disk), self.promises, self.new_id)
        try:
            for at, act in enumerate((crawl.take_up, *crawl.acts(life.steps), crawl.seal)):
                if life.death is not None and life.death.at == at:
                    disk.die_after(life.death.calls, life.death.part)
                act()
                self.promises.settle_sealed(self.folder)
        except Killed:
            assert life.death is not None
        finally:
            crawl.collection.close()
            disk.let_go()
        if disk.is_dead and life.death is not None:
            self._bury(life.death)

    def complete(self) -> None:
        """Run the same crawl again, until nothing is left to be done."""
        disk = MortalDisk(self.platter)
        crawl = _Crawl(self._opened(disk), self.promises, self.new_id)
        crawl.take_up()
        assert self.faults() == []
        crawl.finish_all()
        crawl.seal()
        crawl.collection.close()

    def faults(self) -> list[str]:
        """Return what a check of the collection has to say, notes left out."""
        out = StringIO()
        run_check([self.folder], False, out)
        return [line for line in out.getvalue().splitlines()[:-1] if " note:" not in line]

    def lost_octets(self) -> list[str]:
        """Return the WARCs of which a death left octets that are nowhere now."""
        torn = [path.read_bytes() for path in self.folder.glob("archive/*.torn")]
        lost = []
        for name, pieces in self._torn.items():
            path = self.folder / "archive" / name
            whole = path.read_bytes() if path.exists() else b""
            for piece in pieces:
                rest = piece[_common(piece, whole) :]
                if not any(rest in octets for octets in (b"", *torn)):
                    lost.append(name)
        return lost

    def new_id(self) -> str:
        """Return a record id that is new, whatever died."""
        self._ids += 1
        return f"<urn:uuid:00000000-0000-4000-8000-{self._ids:012x}>"

    def _opened(self, disk: MortalDisk) -> Collection:
        collection = Collection(
            LocalStore(self.root / "store", disk),
            "news",
            folder=self.folder,
            terms=self._terms,
            clock=lambda: MOMENT,
            new_id=self.new_id,
            state=self._state,
            job=JOB,
            disk=disk,
        )
        collection.begin("article")
        return collection

    def _bury(self, death: Death) -> None:
        if death.seed is None:
            self.platter.kill()
        else:
            self.platter.cut_power(death.seed)
            self.promises.lose()
        for path in self.folder.glob("archive/*.warc.gz*"):
            name = path.name.removesuffix(".open")
            if not path.name.endswith((".torn", ".torn.open")):
                self._torn.setdefault(name, []).append(path.read_bytes())


class _Crawl:
    """What one crawl has in hand: pages it may declare, and declared ones to finish."""

    def __init__(
        self, collection: Collection, promises: Promises, new_id: Callable[[], str]
    ) -> None:
        self.collection = collection
        self._promises = promises
        self._new_id = new_id
        self._held: list[Page] = []
        self._declared: list[Page] = []
        self._named: set[str] = set()

    def acts(self, steps: list[Step]) -> list[Callable[[], None]]:
        return [lambda step=step: getattr(self, step.verb)(step.number) for step in steps]

    def take_up(self) -> None:
        taken = self.collection.take_up()
        self._declared += taken.unfinished
        self._held += [page for pages in taken.unclaimed.values() for page in pages]
        for pages in (self._declared, self._held):
            ids = [page.record_id for page in pages]
            assert len(ids) == len(set(ids)), "a page is given back twice"
        assert not self._promises.finished.keys() & {page.record_id for page in self._declared}

    def capture(self, number: int) -> None:
        """Write a capture of one of many kinds."""
        capture = capture_of(number, self._new_id)
        self._promises.tried.add(capture.response_id)
        kept = self.collection.write(capture)
        self._promises.kept[capture.response_id] = kept.location.filename
        self._settle()
        if kept.page is not None:
            self._held.append(kept.page)

    def declare(self, number: int) -> None:
        free = [page for page in self._held if page.record_id not in self._named]
        if free:
            page = free[number % len(free)]
            self.collection.declare(page)
            self._named.add(page.record_id)
            self._declared.append(page)

    def finish(self, number: int) -> None:
        if self._declared:
            page = self._declared.pop(number % len(self._declared))
            self.collection.finish(page, text_of(page))
            self._promises.finished[page.record_id] = page.location.filename
            self._settle()

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

    def _settle(self) -> None:
        if self.collection._terms.fsync == "record":
            self._promises.settle()


def capture_of(number: int, new_id: Callable[[], str]) -> Capture:
    """Return a new capture whose kind and size are chosen by *number*."""
    request_id, response_id = new_id(), new_id()
    size = (0, 1, 300, 3_000, 70_000, 90_000, 1_100_000, 5 << 20)[number % 8]
    has_answer, has_request = number % 5 != 0, number % 25 != 0
    body = response_id.encode() + NOISE[:size]
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    return Capture(
        target=f"http://example.org/{response_id[-13:-1]}",
        captured_at=MOMENT + timedelta(seconds=number),
        request=b"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n" if has_request else b"",
        response=Tape.of(answer if has_answer else b""),
        request_id=request_id,
        response_id=response_id,
        failure=None if has_answer else "no answer",
        truncated="length" if has_answer and number % 7 == 0 else None,
    )


def text_of(page: Page) -> TextRecord | None:
    """Return the text of *page*, the same each time; every third has none."""
    id = bare_uuid(page.record_id)
    if int(id[-12:], 16) % 3 == 0:
        return None
    text = f"The ferry {id} is late."
    return TextRecord(
        id=id,
        url=page.target,
        text=text,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        word_count=5,
        date=warc_date(page.captured_at),
        http_status=200,
        file_path=f"archive/{page.location.filename}",
        warc_record_id=page.record_id,
        warc_offset=page.location.offset,
        warc_length=page.location.length,
        payload_digest=page.payload_digest,
        extractor="none",
        extractor_version="0",
        extractor_config_hash="0",
        quality_mean_word_length=4.0,
        quality_alphabetic_word_fraction=1.0,
        quality_symbol_word_ratio=0.0,
        quality_ellipsis_line_fraction=0.0,
        quality_terminal_punctuation_fraction=1.0,
        quality_short_line_fraction=0.0,
        quality_duplicate_line_fraction=0.0,
        quality_replacement_count=0,
    )


def captures_in(folder: Path) -> Counter[str]:
    """Count the captures in the WARCs of *folder* by record id, as warcio finds them."""
    found: Counter[str] = Counter()
    for path in folder.glob("archive/*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                while record.raw_stream.read(1 << 20):
                    pass
                is_page = record.rec_headers.get_header("WARC-Refers-To") is not None
                if record.rec_type in ("response", "metadata") and not is_page:
                    found[record.rec_headers.get_header("WARC-Record-ID")] += 1
    return found


def pages_in(folder: Path) -> Counter[str]:
    """Count the lines of pages in *folder* by record id, whether or not there is a text."""
    lines = [
        json.loads(line)
        for path in folder.glob("pages/*.jsonl")
        for line in path.read_bytes().splitlines()[1:]
    ]
    return Counter(f"<urn:uuid:{line['id']}>" for line in lines)


def texts_in(folder: Path) -> Counter[str]:
    """Count the texts in *folder* by the record ids of their pages."""
    lines = [
        json.loads(line)
        for path in folder.glob("text/*.jsonl.gz")
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]
    return Counter(line["warc_record_id"] for line in lines)


def _common(one: bytes, other: bytes) -> int:
    """Return how many octets the two begin with alike."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[:middle] == other[:middle]:
            least = middle
        else:
            most = middle - 1
    return least
