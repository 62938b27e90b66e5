"""Text files made again from WARCs alone: what `archiver extract` does.

The archive is the source and text is derived: for a WARC of ours the file that comes out is,
octet for octet, the one that its crawl wrote. No page is asked for again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeVar

from archiver.capture import MAX_BLOCK, Page
from archiver.errors import ArchiveError, StoreAway, StoreError
from archiver.gzipped import gzip_member
from archiver.options import EXTRACTORS
from archiver.originals import Originals
from archiver.places import File
from archiver.reader import read_records
from archiver.text import TextRecord, line_from_record
from archiver.warcfiles import filename_of
from archiver.warcpages import FoundPage, find_pages
from archiver.workers import Source, Workers

T = TypeVar("T")

# Seconds that a page may take; a crawl has ARCHIVE_EXTRACT_TIMEOUT.
TIMEOUT = 30.0

_IN_FLIGHT = 128


@dataclass(slots=True)
class Tally:
    """What became of the WARCs and of their pages, so far."""

    warcs: int = 0
    pages: int = 0
    texts: int = 0
    empty: int = 0
    failed: int = 0
    damaged: int = 0
    unreadable: int = 0

    def __str__(self) -> str:
        """Return the counts in a line."""
        return ", ".join(f"{name} {count}" for name, count in asdict(self).items())


def extract_all(
    warcs: dict[str, File], folder: Path, *, workers: int, complain: Callable[[str], None],
    function: str = EXTRACTORS["archiver"],
) -> Tally:  # fmt: skip
    """Write `<stem>.jsonl.gz` into *folder* for each of *warcs*, and count what came of it.

    *workers* processes extract, or a thread of this one where that is 0; *function* is what
    they run (see `archiver.options.EXTRACTORS`).

    What goes wrong with a page or a file is told to *complain*, and costs that page or what
    follows the damage. ArchiveError before anything is written if a sealed text file is in
    the way. StoreAway ends it: the files that are written by then are whole.
    """
    for stem in warcs:
        _refuse_sealed(folder, stem)
    folder.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    by_name = {filename_of(path): path for path in warcs.values()}
    crew = Workers(workers, timeout=TIMEOUT, function=function)
    with crew, Originals(by_name) as originals:
        for stem, path in warcs.items():
            target = folder / f"{stem}.jsonl.gz"
            try:
                _extract_file(path, target, crew, originals, tally, complain)
                tally.warcs += 1
            except StoreAway:
                raise
            except ArchiveError as error:
                complain(str(error))
                tally.unreadable += 1
    return tally


def _refuse_sealed(folder: Path, stem: str) -> None:
    text = folder / f"{stem}.jsonl.gz"
    if text.exists() and (folder.parent / "manifests" / f"{stem}.json").exists():
        raise ArchiveError(f"{text} is sealed and never changes: choose another folder")


def _extract_file(
    path: File, target: Path, workers: Workers, originals: Originals, tally: Tally,
    complain: Callable[[str], None],
) -> None:  # fmt: skip
    with _opened(path) as file:
        found = find_pages(read_records(file, filename_of(path)))
    for damage in found.damage:
        complain(str(damage))
        tally.damaged += 1
    tally.pages += len(found.pages)
    lines = _lines(_ahead(_submitted(path, found.pages, workers, originals)), tally, complain)
    draft = target.with_name(f"{target.name}.open")
    try:
        with draft.open("wb") as output:
            output.writelines(gzip_member(lines))
        draft.replace(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _submitted(
    path: File, pages: list[FoundPage], workers: Workers, originals: Originals
) -> Iterator[Future[TextRecord | None]]:
    """Submit the *pages* of the file at *path* one by one, as their futures are asked for."""
    if not pages:
        return
    if isinstance(path, Path) and all(found.is_alone for found in pages):
        for found in pages:
            yield _submit(str(path), found.page, workers, originals)
        return
    # Records that share a gzip member cannot be read by their places, and what lies in a bucket
    # by no process but this one, which alone has been given the keys: read the file again.
    wanted = {found.number: found.page for found in pages}
    with _opened(path) as file:
        records = islice(read_records(file, filename_of(path)), max(wanted) + 1)
        for number, record in enumerate(records):
            if number in wanted:
                yield _submit(record.read(MAX_BLOCK), wanted[number], workers, originals)


def _submit(
    source: str | bytes, page: Page, workers: Workers, originals: Originals
) -> Future[TextRecord | None]:
    """Submit *page*, which is read from *source*, and from other records that it refers to."""
    try:
        return workers.submit(_source_of(source, page, originals), page)
    except StoreAway:
        raise
    except ArchiveError as error:
        future: Future[TextRecord | None] = Future()
        future.set_exception(error)
        return future


def _source_of(source: str | bytes, page: Page, originals: Originals) -> Source:
    """Return *source*, or the blocks where *page* is a revisit, or spread over several pages."""
    if page.original is None and not page.parts:
        return source
    ids = (page.original or page.record_id, *page.parts)
    blocks = tuple(originals.block_of(record_id, MAX_BLOCK) for record_id in ids)
    return blocks if page.parts else blocks[0]


def _ahead(futures: Iterator[T]) -> Iterator[T]:
    """Yield *futures* in their order, while the next `_IN_FLIGHT` are under way already."""
    waiting = deque(islice(futures, _IN_FLIGHT))
    while waiting:
        yield waiting.popleft()
        waiting.extend(islice(futures, 1))


def _lines(
    futures: Iterable[Future[TextRecord | None]], tally: Tally, complain: Callable[[str], None]
) -> Iterator[bytes]:
    for future in futures:
        try:
            record = future.result()
        except ArchiveError as lost:
            complain(str(lost))
            tally.failed += 1
            continue
        if record is None:
            tally.empty += 1
        else:
            tally.texts += 1
            yield line_from_record(record)


def _opened(path: File) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
