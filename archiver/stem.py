"""A WARC that grows, and the index, pages and text that will be sealed with it.

The five files of a stem share its name; the manifest, written last, says that they are
whole. This module writes them and decides nothing: when to rotate and when to seal is the
collection's business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from archiver import __version__
from archiver.capture import Location, Page
from archiver.cdxj import sort_lines
from archiver.contents import Contents
from archiver.disk import DISK, Disk
from archiver.errors import CollectionError
from archiver.gzipped import gzip_member
from archiver.pages import HEADER, page_line
from archiver.records import Record, warc_date
from archiver.scratch import Scratch
from archiver.storage import Store
from archiver.text import TextRecord, line_from_record
from archiver.warc import WarcWriter

MANIFEST_FORMAT = "archiver-manifest"
MANIFEST_VERSION = 1

# What a stem called NAME is made of while it grows, and its drafts while it is sealed.
GROWING_WARC = "archive/{}.warc.gz.open"
GROWING_PAGES = "pages/{}.jsonl.open"
GROWING_TEXTS = "text/{}.jsonl.open"
DRAFTS = (
    "indexes/{}.cdxj.open", "pages/{}.jsonl.sorted.open", "text/{}.jsonl.gz.open",
    "manifests/{}.json.open",
)  # fmt: skip


class Stem:
    """Growing files in *folder*, a collection's folder on the local disk.

    *holds* counts those who may still add a page to it: captures that a spider is reading
    and pages in extraction.
    """

    def __init__(
        self, folder: Path, warc: WarcWriter, pages: Scratch, texts: Scratch,
        contents: Contents | None = None, disk: Disk = DISK,
    ) -> None:  # fmt: skip
        self.name = warc.filename.removesuffix(".warc.gz")
        self.holds = 0
        self.warcinfo_id = ""
        self._folder = folder
        self._disk = disk
        self._warc, self._pages, self._texts = warc, pages, texts
        self._contents = contents or Contents()
        self._declared: set[str] = set()  # by us
        self._unfinished: set[str] = set()  # by us or by one who was killed

    @classmethod
    def begun(cls, name: str, folder: Path, disk: Disk = DISK) -> Stem:
        """Return the new stem *name* in *folder*. OSError leaves nothing of it."""
        for path in (GROWING_WARC, GROWING_PAGES, GROWING_TEXTS):
            disk.make_folder((folder / path).parent)
        with ExitStack() as undo:
            warc = WarcWriter(folder / GROWING_WARC.format(name), f"{name}.warc.gz", disk)
            undo.callback(warc.remove)
            pages = Scratch(folder / GROWING_PAGES.format(name), disk)
            undo.callback(pages.remove)
            texts = Scratch(folder / GROWING_TEXTS.format(name), disk)
            undo.callback(texts.remove)
            for file in (warc, pages, texts):
                disk.sync_folder(file.path.parent)
            undo.pop_all()
        return cls(folder, warc, pages, texts, disk=disk)

    @property
    def filename(self) -> str:
        """The name of the WARC once it is sealed."""
        return self._warc.filename

    @property
    def warc_path(self) -> Path:
        """Where the WARC lies while it grows."""
        return self._warc.path

    @property
    def size(self) -> int:
        """The octets of the WARC so far."""
        return self._warc.size

    @property
    def is_finished(self) -> bool:
        """Say whether every page that was declared is on disk, with its text if it has one."""
        return not self._unfinished

    def write(self, *records: Record) -> list[Location]:
        """Append *records*, all or none, to the WARC and remember their index lines."""
        locations = self._warc.write_all(records)
        for record, location in zip(records, locations, strict=True):
            self._contents.note(
                record.type,
                record.get,
                target=record.get("WARC-Target-URI"),
                http_head=record.http_head,
                location=location,
            )
        return locations

    def expect(self, pages: Iterable[Page]) -> None:
        """Take note of *pages* that have been declared in this WARC and are to be finished."""
        self._unfinished.update(page.record_id for page in pages)

    def declare(self, page: Page, record: Record) -> Location | None:
        """Append *record*, which declares *page*, and return where it lies.

        None where somebody who was killed has done so already. CollectionError if we have.
        """
        if page.record_id in self._declared:
            raise CollectionError(f"{page.target} was declared a page twice: yield it once")
        if page.record_id in self._unfinished or page.location.offset in self._pages:
            self._declared.add(page.record_id)
            return None
        (location,) = self.write(record)
        self._declared.add(page.record_id)
        self._unfinished.add(page.record_id)
        return location

    def finish(self, page: Page, record: TextRecord | None) -> None:
        """Take in *page* with its text, or None where it has none; once is enough."""
        offset = page.location.offset
        if offset not in self._pages:
            if record is not None:
                self._texts.add(offset, line_from_record(record))
            try:
                self._pages.add(offset, page_line(page, record))
            except OSError:
                self._texts.forget(offset)
                raise
        self._unfinished.discard(page.record_id)

    def sync(self) -> None:
        """Make all that is written durable, the text before the line that says it is there."""
        for file in (self._warc, self._texts, self._pages):
            file.sync()

    def seal(self, store: Store, collection: str, *, crawl: str, sealed_at: datetime) -> str:
        """Move the files into *store* for good, the manifest last; return its name.

        The WARC stays locked until the manifest is there, so that nobody takes the stem for
        one that was left behind.
        """
        self._warc.sync()
        with ExitStack() as undo:
            files = self._drafted(undo)
            manifest = self._manifest(files, collection, crawl=crawl, sealed_at=sealed_at)
            content = (json.dumps(manifest, indent=1) + "\n").encode("ascii")
            commit = self._draft(undo, DRAFTS[3], (content,))
            for name, path in files.items():
                store.put(path, f"{collection}/{name}")
            name = f"{collection}/manifests/{self.name}.json"
            store.put(commit, name)
        self._warc.close()
        for scratch in (self._pages, self._texts):
            scratch.remove()
        return name

    def close(self) -> None:
        """Let go of the files as they are, unsealed."""
        for file in (self._warc, self._pages, self._texts):
            file.close()

    def remove(self) -> None:
        """Take the growing files away, as if the stem had never been."""
        self.close()
        for file in (self._warc, self._pages, self._texts):
            file.remove()

    def _drafted(self, undo: ExitStack) -> dict[str, Path]:
        """Return the four files by their names in the collection, ready for the store."""
        index = sort_lines(self._contents.index)
        pages = (HEADER, *self._pages.sorted_lines())
        texts = gzip_member(self._texts.sorted_lines())
        return {
            f"archive/{self.name}.warc.gz": self._warc.path,
            f"indexes/{self.name}.cdxj": self._draft(undo, DRAFTS[0], index),
            f"pages/{self.name}.jsonl": self._draft(undo, DRAFTS[1], pages),
            f"text/{self.name}.jsonl.gz": self._draft(undo, DRAFTS[2], texts),
        }

    def _manifest(
        self, files: dict[str, Path], collection: str, *, crawl: str, sealed_at: datetime
    ) -> dict[str, object]:
        return {
            "format": MANIFEST_FORMAT,
            "version": MANIFEST_VERSION,
            "stem": self.name,
            "collection": collection,
            "crawl": crawl,
            "software": f"archiver/{__version__}",
            "sealed_at": warc_date(sealed_at),
            "files": [self._described(name, path) for name, path in files.items()],
            "record_counts": dict(sorted(self._contents.counts.items())),
            "page_count": len(self._pages),
            "text_count": len(self._texts),
            "first_date": self._contents.first_date,
            "last_date": self._contents.last_date,
        }

    def _draft(self, undo: ExitStack, name: str, pieces: Iterable[bytes]) -> Path:
        """Return a new, synced file of *pieces* that awaits its place in the store.

        *undo* takes it away again, unless the store has it by then.
        """
        path = self._folder / name.format(self.name)
        path.parent.mkdir(exist_ok=True)
        undo.callback(path.unlink, missing_ok=True)
        file = self._disk.create(path)
        try:
            file.extend(pieces)
            file.sync()
        finally:
            file.close()
        return path

    def _described(self, name: str, path: Path) -> dict[str, str | int]:
        if path == self._warc.path:
            return {"path": name, "bytes": self._warc.size, "sha256": self._warc.sha256}
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"path": name, "bytes": path.stat().st_size, "sha256": digest}
