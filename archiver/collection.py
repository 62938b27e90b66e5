"""A collection: the one owner of its names, folders, rotation and sealing.

Everybody else hands it captures, pages and texts. All its methods are meant for one thread;
any number of collections, in any number of processes, can write under one name, since they
share no file (a stem's name holds the host, the time and a random part).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archiver.capture import PASSING, Capture, Location, Original, Page
from archiver.crawllog import CrawlLog
from archiver.disk import DISK, Disk
from archiver.errors import CollectionError
from archiver.head import charset_of
from archiver.holdings import Holdings
from archiver.memory import Memory
from archiver.records import Record, page_metadata, records_of
from archiver.remains import take_up
from archiver.rights import Withheld, noarchive_in
from archiver.state import Grower, State
from archiver.stem import Stem
from archiver.storage import Store
from archiver.survey import Exchange
from archiver.terms import Terms, first_record, stem_name
from archiver.text import TextRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A capture that is on disk: its first record's *location*, and what it may be declared.

    *page* is None where nothing came back, or where the response is *withheld*. It holds the
    seal of its WARC until `release`.
    """

    location: Location
    page: Page | None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class TakenUp:
    """What a killed crawl left to be done, each holding the seal of its WARC.

    *unfinished* are pages that were declared and whose text is not on disk: hand each to
    `finish`. *unclaimed* are captures, by their exchange and in their order, whose request is
    not known to be done: hand each to `release` once it has been.
    """

    unfinished: list[Page] = field(default_factory=list)
    unclaimed: dict[Exchange, deque[Page]] = field(default_factory=dict)


class Collection:
    """The collection *name* in *store*, growing in *folder* on the local disk.

    *clock* gives the present in UTC and *new_id* a fresh `<urn:uuid:…>`. With a *state* it
    remembers what it grows for *job*, so that another can take it up after a kill; with a
    *memory* its *holdings* know what it has already.
    """

    def __init__(
        self, store: Store, name: str, *, folder: Path, terms: Terms,
        clock: Callable[[], datetime], new_id: Callable[[], str],
        state: State | None = None, job: str = "", memory: Memory | None = None,
        disk: Disk = DISK,
    ) -> None:  # fmt: skip
        self.name = name
        self._store = store
        self._folder = folder
        self._terms = terms
        self._clock = clock
        self._new_id = new_id
        self._state = state
        self._job = job
        self.holdings = Holdings(memory, terms.dedup, self.opened)
        self._disk = disk
        self._log: CrawlLog | None = None
        self._current: Stem | None = None
        self._stems: dict[str, Stem] = {}  # by WARC file name: those not sealed yet
        self._crawls: dict[str, str] = {}  # by WARC file name: whose crawl another began
        self._serial = 0
        self._sealed_size = 0

    @property
    def size(self) -> int:
        """The octets of all WARCs written so far."""
        return self._sealed_size + sum(stem.size for stem in list(self._stems.values()))

    def begin(self, spider: str, claim: Callable[[str], bool] = lambda _: True) -> CrawlLog:
        """Return the log of a crawl by *spider* that begins now. StoreError if it has no place.

        *claim* says whether its name is free elsewhere than in the folder.
        """
        now = self._clock()
        self._log = CrawlLog.begun(
            self._folder, spider, started_at=now, disk=self._disk, claim=claim
        )
        return self._log

    def take_up(self) -> TakenUp:
        """Mend what killed crawls left, and seal what is complete; return what is not."""
        taken = TakenUp()
        if self._state is None:
            return taken
        for left in take_up(
            self._store, self.name, self._folder, self._state, self._job, self._disk
        ):
            stem, found = left.stem, left.survey
            self._stems[stem.filename] = stem
            self._crawls[stem.filename] = left.crawl
            for exchange, pages in found.unclaimed.items():
                taken.unclaimed.setdefault(exchange, deque()).extend(pages)
                stem.holds += len(pages)
            taken.unfinished.extend(found.unfinished.values())
            stem.holds += len(found.unfinished)
            self.holdings.learn(stem.filename)
            self._seal_if_free(stem)
        return taken

    def learn(self) -> None:
        """Let the holdings learn of the WARCs that are sealed, and there."""
        self.holdings.learn_sealed(self._listed)

    def opened(self, filename: str) -> BinaryIO:
        """Open the WARC *filename*, growing or sealed. StoreError if it is gone."""
        stem = self._stems.get(filename)
        if stem is not None:
            with suppress(FileNotFoundError):  # sealed in this very moment
                return stem.warc_path.open("rb")
        return self._store.open(f"{self.name}/archive/{filename}")

    def last_answer(self, target: str, *, before: datetime) -> Original | None:
        """Return what a request for *target* can be made conditional on, from *before*."""
        growing = self._current.filename if self._current is not None else None
        return self.holdings.last_answer(target, before=before, growing=growing)

    def write(self, capture: Capture, unchanged: Original | None = None) -> Kept:
        """Write the records of *capture*; return where they lie.

        *unchanged* is what its request asked about, if that was conditional: a 304 refers to it.
        """
        stem = self._current or self._new_stem()
        withheld = None
        if self._terms.heeds_noarchive:
            withheld = noarchive_in(capture.response, capture.request.partition(b" ")[0] or b"GET")
        records = records_of(
            capture,
            warcinfo_id=stem.warcinfo_id,
            algorithm=self._terms.algorithm,
            wire=self._terms.wire,
            original_of=self.holdings.repeated(capture.target, stem.filename),
            unchanged=unchanged,
            withheld=withheld,
        )
        try:
            locations = stem.write(*records)
        finally:
            for record in records:
                if record.block is not capture.response:
                    record.block.close()
        self.holdings.note(records[0], locations[0])
        page = None
        if records[0].type in ("response", "revisit"):
            stem.holds += 1
            page = self._page_of(capture, records[0], locations[0])
        self._sync_record(stem)
        if stem.size >= self._terms.max_bytes:
            self._current = None
            self._seal_if_free(stem)
        return Kept(location=locations[0], page=page, withheld=withheld)

    def declare(self, page: Page) -> tuple[Path, Location | None]:
        """Write down that *page* is one.

        Return the file that holds its response now, and where the record lies that says so;
        None where a crawl that was killed had said so already. The page holds the seal of its
        WARC until `finish`. CollectionError when that WARC is sealed already, which a spider
        can bring about only by keeping a page past its request.
        """
        stem = self._growing(page)
        location = stem.declare(page, self._metadata(page, stem))
        stem.holds += 1
        return stem.warc_path, location

    def path_of(self, page: Page) -> Path:
        """Return the file that holds the response of *page*, which is not sealed, now."""
        return self._growing(page).warc_path

    def finish(self, page: Page, record: TextRecord | None, *, is_read: bool = True) -> None:
        """Take in the text of the declared *page*, None where there is none.

        Not *is_read* is one whose text was lost or not asked for: a later crawl may read it.
        """
        stem = self._growing(page)
        stem.finish(page, record)
        self._sync_record(stem)
        self.holdings.note_page(page, is_read=is_read)
        self._let_go(stem)

    def mark(self, page: Page) -> Location:
        """Write down that *page* is none worth reading, and what it is; return where that lies.

        CollectionError as in `declare`.
        """
        stem = self._growing(page)
        (location,) = stem.write(self._metadata(page, stem, is_passed_over=True))
        self._sync_record(stem)
        if page.page_type not in PASSING:
            self.holdings.note_read(page)
        return location

    def release(self, page: Page) -> None:
        """Note that nobody will declare *page* any more than was done."""
        stem = self._stems.get(page.location.filename)
        if stem is not None:
            self._let_go(stem)

    def sync(self) -> None:
        """Make all that has been written durable."""
        for stem in self._stems.values():
            stem.sync()
        self.holdings.commit()

    def sealed(self, unclaimed: Iterable[Page] = ()) -> None:
        """Seal every stem, whoever holds it: the crawl is over.

        One with a page that was declared and not finished is left to be taken up, and so is
        one with an *unclaimed* capture, whose request is to be answered from it.
        """
        self._current = None
        left = {page.location.filename for page in unclaimed}
        for stem in list(self._stems.values()):
            if stem.is_finished and stem.filename not in left:
                self._seal(stem)

    def close(self) -> None:
        """Let go of all files, as they are; what is not sealed stays `.open`."""
        for stem in self._stems.values():
            stem.close()
        self.holdings.close()

    def _metadata(self, page: Page, stem: Stem, *, is_passed_over: bool = False) -> Record:
        return page_metadata(
            page,
            record_id=self._new_id(),
            warcinfo_id=stem.warcinfo_id,
            algorithm=self._terms.algorithm,
            is_passed_over=is_passed_over,
        )

    def _listed(self) -> set[str]:
        """Return the names of the sealed WARCs that are in the store."""
        manifests = self._store.list(f"{self.name}/manifests/")
        stems = (Path(name).name.removesuffix(".json") for name in manifests)
        there = {Path(name).name for name in self._store.list(f"{self.name}/archive/")}
        return {f"{stem}.warc.gz" for stem in stems} & there

    def _growing(self, page: Page) -> Stem:
        try:
            return self._stems[page.location.filename]
        except KeyError:
            raise CollectionError(
                f"{page.target} was declared a page after {page.location.filename} was sealed: "
                "yield a page from the callback of its own response"
            ) from None

    def _let_go(self, stem: Stem) -> None:
        stem.holds -= 1
        self._seal_if_free(stem)

    def _seal_if_free(self, stem: Stem) -> None:
        if stem is not self._current and stem.holds == 0:
            self._seal(stem)

    def _sync_record(self, stem: Stem) -> None:
        if self._terms.fsync == "record":
            stem.sync()

    def _page_of(self, capture: Capture, record: Record, location: Location) -> Page:
        return Page(
            target=capture.target,
            captured_at=capture.captured_at,
            record_id=capture.response_id,
            location=location,
            collection=self.name,
            payload_digest=record.get("WARC-Payload-Digest"),
            fetch_ms=capture.fetch_ms,
            charset=charset_of(record.http_head),
            original=record.get("WARC-Refers-To"),
        )

    def _seal(self, stem: Stem) -> None:
        crawl = self._crawls.pop(stem.filename, self._crawl)
        stem.seal(self._store, self.name, crawl=crawl, sealed_at=self._clock())
        self._sealed_size += stem.size
        del self._stems[stem.filename]
        self.holdings.sealed(stem.filename)
        if self._state is not None:
            self._state.disclaim(stem.name)

    @property
    def _crawl(self) -> str:
        return self._log.name if self._log else ""

    def _new_stem(self) -> Stem:
        now = self._clock()
        name = stem_name(self._terms.prefix, now, serial=self._serial, random_id=self._new_id())
        if self._state is not None:
            self._state.claim(name, Grower(self._job, self._crawl), self._disk)
        stem = Stem.begun(name, self._folder, self._disk)
        self._serial += 1
        stem.warcinfo_id = self._new_id()
        record = first_record(
            self._terms,
            self.name,
            record_id=stem.warcinfo_id,
            filename=stem.filename,
            written_at=now,
        )
        try:
            stem.write(record)
        except OSError:
            stem.remove()
            raise
        self._stems[stem.filename] = self._current = stem
        return stem
