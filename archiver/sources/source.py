"""What was given to a command, whatever it is, as one source: WARC files, an index, pages.

Nothing is copied but what cannot be read where it lies. What is made, such as the merged
index, lies in a folder of the source's own, which goes when the source is closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from errno import ENOSPC
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Lock
from types import TracebackType
from typing import Self

from archiver.capture import Location
from archiver.errors import ArchiveError, StoreError
from archiver.lookup import Index
from archiver.places import Place
from archiver.reader import StoredRecord, read_record
from archiver.sources.kinds import parts_at
from archiver.sources.merging import sort_into
from archiver.sources.part import Complain, Filenames, Member, Part


class Source:
    """*parts* under a common *title*; what is made of them lies in the folder *scratch*.

    *told* is what has been complained of so far. Methods may be called from any thread. To
    close the source is to close *owned*.
    """

    def __init__(
        self, parts: Sequence[Part], *, title: str, scratch: Path, told: Collection[str] = (),
        owned: ExitStack | None = None,
    ) -> None:  # fmt: skip
        self.title = title
        self.told = told
        self.parts = parts
        self.members: Mapping[str, Member] = {
            member.filename: member for part in parts for member in part.members
        }
        self._scratch = scratch
        self._owned = owned or ExitStack()
        self._index: Index | None = None
        self._turn = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()

    def close(self) -> None:
        """Take away what was made; the source and what is `of` it answer no more."""
        self._owned.close()

    def index(self) -> Index:
        """Return the index of all parts, which is merged and sorted when first asked for."""
        with self._turn:
            if self._index is None:
                lines = chain.from_iterable(part.index_lines() for part in self.parts)
                with _made_in(self._scratch):
                    path = Path(mkdtemp(dir=self._scratch)) / "index.cdxj"
                    sort_into(path, lines)
                self._index = Index(path)
        return self._index

    def page_lines(self) -> Iterator[bytes]:
        """Yield the pages of all parts, one part after the other, a line with its end each."""
        return chain.from_iterable(part.page_lines() for part in self.parts)

    @contextmanager
    def record(self, location: Location) -> Iterator[StoredRecord]:
        """Give the record at *location*, read by its range, and close its file afterwards.

        ArchiveError if *location* names no member, DamagedRecord if no record lies there.
        """
        member = self.members.get(location.filename)
        if member is None:
            raise ArchiveError(f"{location.filename!r} is no WARC of {self.title}")
        with member.open() as file:
            yield read_record(file, location)

    def of(self, parts: Sequence[Part]) -> Source:
        """Return a source of some of its *parts*, which lasts as long as this one."""
        return Source(parts, title=self.title, scratch=self._scratch, told=self.told)


def open_source(places: Iterable[Place], *, complain: Complain) -> Source:
    """Return what lies at *places*: collections, WACZ and WARC files, folders of them.

    *complain* is told once, a sentence each, of what cannot be read, which is left out; from any
    thread that asks for the index or the pages. ArchiveError where nothing is to be read.
    """
    told = _Told(complain)
    given: dict[Place, Place] = {}  # one place that is given by two paths is one archive
    for place in places:
        given.setdefault(place.resolve(), place)
    with ExitStack() as owned:
        scratch = Path(owned.enter_context(TemporaryDirectory(prefix="archiver-")))
        names = Filenames()
        with _made_in(scratch):
            parts = [
                part
                for place in given.values()
                for part in parts_at(place, names, scratch, told.complain)
            ]
        if not parts:
            raise ArchiveError("no archive was given: name a collection, a WACZ or a WARC file")
        title = _title_of(next(iter(given)))
        return Source(
            parts, title=title, scratch=scratch, told=told.sentences, owned=owned.pop_all()
        )
    raise AssertionError  # for the type checker: an ExitStack might swallow what is raised


class _Told:
    """Passes sentences on to *listener*, each once, and keeps them."""

    def __init__(self, listener: Complain) -> None:
        self.sentences: dict[str, None] = {}
        self._listener = listener

    def complain(self, sentence: str) -> None:
        if sentence not in self.sentences:
            self.sentences[sentence] = None
            self._listener(sentence)


@contextmanager
def _made_in(scratch: Path) -> Iterator[None]:
    """Raise StoreError for what the system refuses meanwhile, such as more room in *scratch*."""
    try:
        yield
    except OSError as error:
        if error.errno == ENOSPC:
            problem = f"{scratch.parent} is full: set TMPDIR to a folder with more room"
            raise StoreError(problem) from error
        problem = f"{error.filename or scratch} cannot be read or written: {error.strerror}"
        raise StoreError(problem) from error


def _title_of(place: Place) -> str:
    """Return the name of *place* without the endings that tell its kind; of a bucket its own."""
    title = place.name or str(place).rpartition("/")[2]
    for ending in (".json", ".wacz", ".open", ".gz", ".zst", ".warc", ".arc"):
        title = title.removesuffix(ending)
    return title
