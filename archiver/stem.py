"""A WARC that grows, and the index, pages and text that will be sealed with it.

The five files of a stem share its name; the manifest, written last, says that they are
whole. This module writes them and decides nothing: when to rotate and when to seal is the
collection's business.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from archiver import __version__
from archiver.capture import Location, Page
from archiver.cdxj import is_indexed, make_line, sort_lines
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


class Stem:
    """The growing files called *name* in *folder*, a collection's folder on the local disk.

    *holds* counts those who may still add a page to it: captures that a spider is reading
    and pages in extraction.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.holds = 0
        self.warcinfo_id = ""
        self._folder = folder
        for part in ("archive", "indexes", "pages", "text"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        with ExitStack() as undo:
            warc = WarcWriter(folder / f"archive/{name}.warc.gz.open", f"{name}.warc.gz")
            undo.callback(warc.remove)
            pages = Scratch(folder / f"pages/{name}.jsonl.open")
            undo.callback(pages.remove)
            texts = Scratch(folder / f"text/{name}.jsonl.open")
            undo.pop_all()
        self._warc, self._pages, self._texts = warc, pages, texts
        self._declared: set[str] = set()
        self._index: list[bytes] = []
        self._counts: Counter[str] = Counter()
        self._dates: set[str] = set()

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

    def write(self, *records: Record) -> list[Location]:
        """Append *records*, all or none, to the WARC and remember their index lines."""
        locations = self._warc.write_all(records)
        for record, location in zip(records, locations, strict=True):
            if is_indexed(record.type, record.get("Content-Type")):
                self._index.append(_index_line(record, location))
            date = record.get("WARC-Date")
            if date is not None and record.type != "warcinfo":
                self._note_date(date)
            self._counts[record.type] += 1
        return locations

    def declare(self, page: Page, record: Record) -> None:
        """Append *record*, which declares *page*. CollectionError if it was declared before."""
        if page.record_id in self._declared:
            raise CollectionError(f"{page.target} was declared a page twice: yield it once")
        self.write(record)
        self._declared.add(page.record_id)

    def finish(self, page: Page, record: TextRecord | None) -> None:
        """Take in *page* with its text, or None where it has none."""
        offset = page.location.offset
        if record is not None:
            self._texts.add(offset, line_from_record(record))
        try:
            self._pages.add(offset, page_line(page, record))
        except OSError:
            self._texts.forget(offset)
            raise

    def seal(self, store: Store, collection: str, *, crawl: str, sealed_at: datetime) -> str:
        """Move the files into *store* for good, the manifest last; return its name."""
        self._warc.close()
        with ExitStack() as undo:
            files = self._drafted(undo)
            manifest = self._manifest(files, collection, crawl=crawl, sealed_at=sealed_at)
            content = (json.dumps(manifest, indent=1) + "\n").encode("ascii")
            commit = self._draft(undo, "manifests", "json", (content,))
            for name, path in files.items():
                store.put(path, f"{collection}/{name}")
            name = f"{collection}/manifests/{self.name}.json"
            store.put(commit, name)
        for scratch in (self._pages, self._texts):
            scratch.remove()
        return name

    def close(self) -> None:
        """Let go of the files as they are, unsealed."""
        for file in (self._warc, self._pages, self._texts):
            file.close()

    def remove(self) -> None:
        """Take the growing files away, as if the stem had never been."""
        for file in (self._warc, self._pages, self._texts):
            file.remove()

    def _drafted(self, undo: ExitStack) -> dict[str, Path]:
        """Return the four files by their names in the collection, ready for the store."""
        pages = (HEADER, *self._pages.sorted_lines())
        texts = gzip_member(self._texts.sorted_lines())
        return {
            f"archive/{self.name}.warc.gz": self._warc.path,
            f"indexes/{self.name}.cdxj": self._draft(
                undo, "indexes", "cdxj", sort_lines(self._index)
            ),
            f"pages/{self.name}.jsonl": self._draft(undo, "pages", "jsonl.sorted", pages),
            f"text/{self.name}.jsonl.gz": self._draft(undo, "text", "jsonl.gz", texts),
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
            "record_counts": dict(sorted(self._counts.items())),
            "page_count": len(self._pages),
            "text_count": len(self._texts),
            "first_date": min(self._dates, default=None),
            "last_date": max(self._dates, default=None),
        }

    def _note_date(self, date: str) -> None:
        # The first and the last are all that is asked for: keep no more than these two.
        self._dates.add(date)
        if len(self._dates) > 2:
            self._dates = {min(self._dates), max(self._dates)}

    def _draft(self, undo: ExitStack, part: str, suffix: str, pieces: Iterable[bytes]) -> Path:
        """Return a new, synced file of *pieces* that awaits its place in the store.

        *undo* takes it away again, unless the store has it by then.
        """
        path = self._folder / part / f"{self.name}.{suffix}.open"
        path.parent.mkdir(exist_ok=True)
        undo.callback(path.unlink, missing_ok=True)
        with path.open("wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        return path

    def _described(self, name: str, path: Path) -> dict[str, str | int]:
        if path == self._warc.path:
            return {"path": name, "bytes": self._warc.size, "sha256": self._warc.sha256}
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"path": name, "bytes": path.stat().st_size, "sha256": digest}


def _index_line(record: Record, location: Location) -> bytes:
    return make_line(
        type=record.type,
        target=record.get("WARC-Target-URI") or "",
        date=record.get("WARC-Date") or "",
        http_head=record.http_head,
        content_type=record.get("Content-Type"),
        payload_digest=record.get("WARC-Payload-Digest"),
        location=location,
    )
