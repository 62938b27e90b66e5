"""Which archived answer a request gets: the nearest capture of its URL, method and body.

An answer is a capture, or there is none: nothing is made up. URLs that an index files under
one key (`http` and `https`, with and without `www`, in other letter cases) answer for each
other where the very URL is not there. All of this blocks: it reads from a disk, or a bucket.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from heapq import nlargest
from itertools import chain
from urllib.parse import unquote, urljoin

from archiver.answers.answer import Answer
from archiver.answers.asked import Asked, asked, asked_of
from archiver.answers.repeated import original_entry
from archiver.answers.spans import Span
from archiver.cdxj import IndexEntry
from archiver.errors import ArchiveError
from archiver.reader import StoredRecord, read_records
from archiver.sources import Source
from archiver.urls import target_of
from archiver.warcpages import warc_fields

# Where the `meta` of a Scrapy request holds the IndexEntry of the very capture it is about.
CAPTURE_KEY = "archive_capture"

# How many captures of a URL are looked at; more of them are somebody's trap.
_MOST = 10_000
_MOST_REMEMBERED = 100_000
_MAX_FIELDS = 64 << 10
_ANSWERS = ("response", "revisit", "resource")


class NotArchived(ArchiveError):
    """Nothing that is archived answers a request."""


class NoHttp(ArchiveError):
    """What came back to a request is archived, and is no HTTP response."""


class Answers:
    """The answers that *source* holds, as near to *span* as can be; without one, the latest.

    Any number of threads may ask at a time.
    """

    def __init__(self, source: Source, span: Span | None = None) -> None:
        self.source = source
        self._index = source.index()
        self._span = span
        self._asked: dict[tuple[str, int], Asked] = {}
        self._writers: dict[str, tuple[bool, str | None]] = {}

    def answer(self, method: str, url: str, body: bytes = b"") -> Answer:
        """Return what a request of *method* for *url* with *body* was answered.

        Close it. NotArchived where there is no such answer, NoHttp where it is none,
        DamagedRecord where it cannot be read. Where nobody can tell the body that was sent, the
        method alone has to do.
        """
        wanted, perhaps = asked(method, body), None
        for entry in nlargest(
            _MOST, self._captures(wanted, url, body), key=_order(url, self._span)
        ):
            known = self._asked.get(_place(entry))
            if known is not None and known.fits(wanted) == "no":
                continue
            with ExitStack() as stack:
                record = stack.enter_context(self.source.record(entry.location))
                fit = self._learned(entry, record).fits(wanted)
                if fit == "no" or record.type not in _ANSWERS:
                    continue
                if fit == "perhaps":
                    perhaps = perhaps or entry
                    continue
                answer = self._made(entry, record, stack, method, is_of_original=True)
                if not _leads_back(answer, url):
                    return answer
                answer.close()
        if perhaps is not None:
            return self.at(perhaps, method)
        asks = "" if wanted.method == "GET" else f"{wanted.method} "
        raise NotArchived(f"no answer to {asks}{url}{' with this body' * bool(body)} is archived")

    def at(self, entry: IndexEntry, method: str = "GET") -> Answer:
        """Return the capture that *entry* names as the answer to *method*. Close it.

        NotArchived where it repeats what is not there; NoHttp and DamagedRecord as above.
        """
        with ExitStack() as stack:
            record = stack.enter_context(self.source.record(entry.location))
            return self._made(entry, record, stack, method)

    def near(self, url: str, limit: int) -> list[IndexEntry]:
        """Return at most *limit* captures that lie nearest to *url*."""
        return self._index.near(url, limit)

    def _captures(self, wanted: Asked, url: str, body: bytes) -> Iterator[IndexEntry]:
        """Yield the captures that an index may have filed *url* under, sent with *body*."""
        captures = self._index.captures(url)
        if wanted.method == "GET":
            return captures
        # Quirk: pywb and browsertrix file a form under a URL that ends with its fields.
        joint = "&" if "?" in url else "?"
        fields = body[:_MAX_FIELDS].decode("latin-1")
        posted = f"{url}{joint}__wb_method={wanted.method}&{fields}"
        return chain(captures, self._index.captures(posted))

    def _learned(self, entry: IndexEntry, record: StoredRecord) -> Asked:
        """Return what *record* answers, which is remembered."""
        place = _place(entry)
        known = self._asked.get(place)
        if known is None:
            if len(self._asked) >= _MOST_REMEMBERED:
                self._asked.clear()
            known = asked_of(self.source, entry.location, record, entry.extra.get("method"))
            self._asked[place] = known
        return known

    def _made(
        self, entry: IndexEntry, record: StoredRecord, stack: ExitStack, method: str, *,
        is_of_original: bool = False,
    ) -> Answer:  # fmt: skip
        """Return the answer that *record* holds, which takes over what is open on *stack*."""
        is_ours, collection = self._writer(entry.location.filename)
        revisit, payload = None, record
        if record.type == "revisit":
            revisit, payload = record, self._original(entry, record, stack)
        answer = Answer(
            payload,
            method=method,
            collection=collection,
            is_ours=is_ours,
            revisit=revisit,
            is_of_original=is_of_original and payload.target == record.target,
        )
        if answer.head is None:
            raise NoHttp(f"what is archived of {entry.url} is no HTTP")
        answer.closing = stack.pop_all()
        return answer

    def _original(
        self, entry: IndexEntry, revisit: StoredRecord, stack: ExitStack
    ) -> StoredRecord:
        found = original_entry(self.source, self._index, entry, revisit)
        if found is not None:
            original = stack.enter_context(self.source.record(found.location))
            if original.type in ("response", "resource"):
                return original
        target = revisit.get("WARC-Refers-To-Target-URI") or entry.url
        raise NotArchived(
            f"{entry.location.filename} at {entry.location.offset}: a revisit of {target}, whose "
            "original is not there: give the archive that holds it too"
        )

    def _writer(self, filename: str) -> tuple[bool, str | None]:
        """Say whether we wrote the WARC *filename*, and of what it is said to be part."""
        if filename not in self._writers:
            self._writers[filename] = self._read_writer(filename)
        return self._writers[filename]

    def _read_writer(self, filename: str) -> tuple[bool, str | None]:
        with self.source.members[filename].open() as file:
            first = next(read_records(file, filename), None)
            if first is None or first.type != "warcinfo":
                return False, None
            fields = warc_fields(first.read(_MAX_FIELDS))
        return fields.get("software", "").startswith("archiver/"), fields.get("ispartof")


def _place(entry: IndexEntry) -> tuple[str, int]:
    return entry.location.filename, entry.location.offset


def _order(url: str, span: Span | None) -> Callable[[IndexEntry], tuple[int, int, str, str, int]]:
    """Return what is greatest for the capture that answers *url* best.

    Of captures within one second the last that was written: others may have led to it.
    """
    target = target_of(url)

    def key(entry: IndexEntry) -> tuple[int, int, str, str, int]:
        found = target_of(entry.url)
        likeness = 2 if found == target else 1 if unquote(found) == unquote(target) else 0
        distance = span.seconds_to(entry.timestamp) if span is not None else 0
        return likeness, -distance, entry.timestamp, *_place(entry)

    return key


def _leads_back(answer: Answer, url: str) -> bool:
    """Say whether *answer*, which another URL was given, only leads to *url*."""
    head, target = answer.head, target_of(url)
    if head is None or not 300 <= head.status < 400 or target_of(answer.target) == target:
        return False
    location = (head.get(b"location") or b"").decode("latin-1")
    return target_of(urljoin(answer.target, location)) == target
