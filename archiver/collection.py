"""A collection: the one owner of its names, folders, rotation and sealing.

Everybody else hands it captures, pages and texts. All its methods are meant for one thread;
any number of collections, in any number of processes, can write under one name, since they
share no file (a stem's name holds the host, the time and a random part).
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from archiver import __version__
from archiver.capture import Capture, Page
from archiver.crawllog import CrawlLog
from archiver.digests import Algorithm
from archiver.errors import CollectionError
from archiver.head import Head
from archiver.records import CONFORMS_TO, Wire, page_metadata, records_of, warcinfo
from archiver.stem import MANIFEST_FORMAT, MANIFEST_VERSION, Stem
from archiver.storage import Store
from archiver.text import TextRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a collection writes: sizes in octets, fields of warcinfo, and the two free choices."""

    prefix: str
    max_bytes: int = 1_000_000_000
    algorithm: Algorithm = "sha256"
    wire: Wire = "exact"
    description: Mapping[str, str] = field(default_factory=dict)


class Collection:
    """The collection *name* in *store*, growing in *folder* on the local disk.

    *clock* gives the present in UTC and *new_id* a fresh `<urn:uuid:…>`.
    """

    def __init__(
        self, store: Store, name: str, *, folder: Path, terms: Terms,
        clock: Callable[[], datetime], new_id: Callable[[], str],
    ) -> None:  # fmt: skip
        self.name = name
        self._store = store
        self._folder = folder
        self._terms = terms
        self._clock = clock
        self._new_id = new_id
        self._log: CrawlLog | None = None
        self._current: Stem | None = None
        self._stems: dict[str, Stem] = {}  # by WARC file name: those not sealed yet
        self._serial = 0
        self._sealed_size = 0

    @property
    def size(self) -> int:
        """The octets of all WARCs written so far."""
        return self._sealed_size + sum(stem.size for stem in list(self._stems.values()))

    def prove_usable(self) -> None:
        """Leave everything as it is, but make sure that a crawl can begin.

        StoreError when it cannot be written, CollectionError when a newer version made it.
        """
        self._refuse_newer()
        self._store.prove_writable(self.name)

    def begin(self, spider: str) -> CrawlLog:
        """Return the log of a crawl by *spider* that begins now. StoreError if it has no place."""
        self._log = CrawlLog.begun(self._folder, spider, started_at=self._clock())
        return self._log

    def write(self, capture: Capture) -> Page | None:
        """Write the records of *capture*; return what a spider may declare a page.

        None where nothing came back. A Page holds the seal of its WARC until `release`.
        """
        stem = self._current or self._new_stem()
        records = records_of(
            capture,
            warcinfo_id=stem.warcinfo_id,
            algorithm=self._terms.algorithm,
            wire=self._terms.wire,
        )
        try:
            locations = stem.write(*records)
        finally:
            for record in records:
                if record.block is not capture.response:
                    record.block.close()
        page = None
        if records[0].type == "response":
            stem.holds += 1
            page = Page(
                target=capture.target,
                captured_at=capture.captured_at,
                record_id=capture.response_id,
                location=locations[0],
                collection=self.name,
                payload_digest=records[0].get("WARC-Payload-Digest"),
                fetch_ms=capture.fetch_ms,
                charset=_charset(records[0].http_head),
            )
        if stem.size >= self._terms.max_bytes:
            self._current = None
            self._seal_if_free(stem)
        return page

    def declare(self, page: Page) -> Path:
        """Write down that *page* is one; return the file that holds its response now.

        The page holds the seal of its WARC until `finish`. CollectionError when that WARC is
        sealed already, which a spider can bring about only by keeping a page past its request.
        """
        stem = self._growing(page)
        record = page_metadata(
            page,
            record_id=self._new_id(),
            warcinfo_id=stem.warcinfo_id,
            algorithm=self._terms.algorithm,
        )
        stem.declare(page, record)
        stem.holds += 1
        return stem.warc_path

    def finish(self, page: Page, record: TextRecord | None) -> None:
        """Take in the text of the declared *page*, None where there is none."""
        stem = self._growing(page)
        stem.finish(page, record)
        self._let_go(stem)

    def release(self, page: Page) -> None:
        """Note that nobody will declare *page* any more than was done."""
        stem = self._stems.get(page.location.filename)
        if stem is not None:
            self._let_go(stem)

    def sealed(self) -> None:
        """Seal every stem, whoever holds it: the crawl is over."""
        self._current = None
        for stem in list(self._stems.values()):
            self._seal(stem)

    def close(self) -> None:
        """Let go of all files, as they are; what is not sealed stays `.open`."""
        for stem in self._stems.values():
            stem.close()

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

    def _seal(self, stem: Stem) -> None:
        crawl = self._log.name if self._log else ""
        stem.seal(self._store, self.name, crawl=crawl, sealed_at=self._clock())
        self._sealed_size += stem.size
        del self._stems[stem.filename]

    def _new_stem(self) -> Stem:
        now = self._clock()
        stem = Stem(self._stem_name(now), self._folder)
        self._serial += 1
        stem.warcinfo_id = self._new_id()
        fields = {
            "software": f"archiver/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": CONFORMS_TO,
            "isPartOf": self.name,
            "hostname": socket.gethostname(),
            **self._terms.description,
        }
        record = warcinfo(
            fields,
            record_id=stem.warcinfo_id,
            filename=stem.filename,
            written_at=now,
            algorithm=self._terms.algorithm,
        )
        try:
            stem.write(record)
        except OSError:
            stem.remove()
            raise
        self._stems[stem.filename] = self._current = stem
        return stem

    def _stem_name(self, now: datetime) -> str:
        """Return `<prefix>-<timestamp17>-<serial5>-<host>-<random>`."""
        host = re.sub(r"[^A-Za-z0-9]+", "-", socket.gethostname().partition(".")[0]).strip("-")
        timestamp = now.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")[:17]
        random = re.sub(r"[^0-9a-f]", "", self._new_id().rpartition(":")[2])[-8:]
        parts = (self._terms.prefix, timestamp, f"{self._serial:05}", host or "host", random)
        return "-".join(parts)

    def _refuse_newer(self) -> None:
        """Look at the newest manifest: CollectionError if we do not know its form."""
        listed = self._store.list(f"{self.name}/manifests/")
        newest = max((name for name in listed if name.endswith(".json")), key=_age, default=None)
        if newest is None:
            return
        with self._store.open(newest) as file:
            content = file.read()
        try:
            manifest = json.loads(content)
            known = manifest["format"] == MANIFEST_FORMAT
            version = int(manifest["version"])
        except (ValueError, KeyError, TypeError) as error:
            raise CollectionError(
                f"{newest} is no manifest of ours: move it away, or choose another "
                "ARCHIVE_COLLECTION"
            ) from error
        if not known or version > MANIFEST_VERSION:
            raise CollectionError(
                f"the collection {self.name!r} was made by a newer version "
                f"({manifest.get('software', 'unknown')}, manifest version {version}; "
                f"this is archiver/{__version__}): upgrade, or choose another ARCHIVE_COLLECTION"
            )


def _age(manifest: str) -> str:
    """Return the part of a manifest's name that sorts by time, whatever the prefix."""
    match = re.search(r"-(\d{17}-\d{5})-", manifest)
    return match[1] if match else ""


def _charset(head: Head | None) -> str | None:
    """Return the charset that Content-Type declares (RFC 9110, 8.3.2), or None."""
    declared = (head and head.get(b"content-type")) or b""
    match = re.search(rb"""charset\s*=\s*["']?([A-Za-z0-9._:-]+)""", declared, re.I)
    return match[1].decode("ascii") if match else None
