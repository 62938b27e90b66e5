"""What a collection holds already, remembered on the local disk.

The WARCs in the store are the truth: this file can be deleted while no crawl runs, and is
learned again from them. Any number of processes share it. A visit is noted as its record is
written, but others may refer to it only once its WARC is sealed; from within that WARC they
may at once, since what cuts its end off takes them along.

Methods are for one thread at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from archiver.canonical import canonical_form
from archiver.capture import PASSING, Location, Original
from archiver.ledger import Ledger, key, plain
from archiver.reader import StoredRecord
from archiver.records import Record, warc_date
from archiver.visits import Visit, read_visits, visit_of

_ENOUGH = 16  # visits with the same payload, or to the same target, to choose from


class Memory:
    """The memory in the file at *path*, which is made if need be; its folder must be there.

    CollectionError when the file is damaged or of a newer version. Every method raises
    StoreError when it cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._ledger = Ledger(path)

    def note(self, record: Record, location: Location) -> None:
        """Remember *record*, just written at *location* into a WARC that is not sealed yet.

        Whatever brought no payload, or not all of it, is passed over.
        """
        visit = visit_of(record, location)
        if visit is not None:
            self._ledger.add(visit)

    def note_page(self, record_id: str, urls: Iterable[str], *, is_read: bool = True) -> None:
        """Remember that the response or revisit *record_id* is a page, to which *urls* have led.

        It *is_read* unless its text was lost, or not asked for. One that was passed over is no
        page: what came in part is worth another visit.
        """
        visit, _ = self._visit(record_id)
        if visit is not None:
            self._ledger.mark_page(visit.location, is_read=is_read)
            self._lead(visit, urls)

    def note_read(self, record_id: str, urls: Iterable[str]) -> None:
        """Remember that somebody has looked at the visit *record_id*, to which *urls* have led.

        It brought no page, or one that is known.
        """
        visit, _ = self._visit(record_id)
        if visit is not None:
            self._lead(visit, urls)

    def sealed(self, filename: str) -> None:
        """Remember that the WARC *filename* is sealed: others may refer to what it holds."""
        self._ledger.seal(filename)

    def forget(self, filename: str) -> None:
        """Forget all that was noted of the WARC *filename*, and that it is sealed."""
        self._ledger.remove(filename)

    def learn(
        self, filename: str, records: Iterable[StoredRecord], *, is_sealed: bool = True
    ) -> None:
        """Remember the WARC *filename* anew, from its *records*, those of the whole file.

        DamagedRecord where they are damaged: what comes before is remembered, but counts only
        once the WARC is called `sealed`.
        """
        self.forget(filename)
        for found in read_visits(records):
            if isinstance(found, Visit):
                self._ledger.add(found)
            elif found.passed_over is None:
                self.note_page(found.record_id, found.urls)
            elif found.passed_over not in PASSING:
                self.note_read(found.record_id, found.urls)
        if is_sealed:
            self.sealed(filename)

    def known(self) -> set[str]:
        """Return the names of the sealed WARCs that are remembered."""
        return self._ledger.sealed()

    def by_payload(
        self, payload_digest: str, target: str | None, *, growing: str
    ) -> Original | None:
        """Return a response that a new one with the same payload may refer to, or None.

        It is one of *target*, where that is given, and rather a page than none. It lies in a
        sealed WARC, or in *growing*, the one into which the new record goes.
        """
        condition = "v.payload_key = ? AND v.payload_digest = ? AND (f.is_sealed OR f.name = ?)"
        values: list[object] = [key(payload_digest), payload_digest, growing]
        if target is not None:
            condition += " AND v.target_key = ? AND v.target = ?"
            values += [key(target), plain(target)]
        found = [
            original
            for is_fresh in (False, True)
            for original, _ in self._ledger.select(
                f"{condition} LIMIT {_ENOUGH}", values, is_fresh=is_fresh
            )
        ]
        return min(found, key=lambda one: (not one.is_page, one.date), default=None)

    def by_target(
        self, target: str, *, before: datetime, growing: str | None = None
    ) -> Original | None:
        """Return what to ask about when *target* is visited again, or None.

        That is the payload of the last answer with status 200, and an ETag or Last-Modified,
        that came *before* that moment, with these two as they were given then. It lies in a
        sealed WARC, or in *growing*, the one into which a revisit would go.
        """
        rows = [
            found
            for is_fresh in (False, True)
            for found in self._ledger.select(
                "v.target_key = ? AND v.target = ? AND v.date < ?"
                " AND (f.is_sealed OR f.name = ?)"
                " AND (v.etag IS NOT NULL OR v.last_modified IS NOT NULL)"
                f" ORDER BY v.date DESC LIMIT {_ENOUGH}",
                [key(target), plain(target), warc_date(before), growing],
                is_fresh=is_fresh,
            )
        ]
        for visit, refers_to in sorted(rows, key=lambda row: row[0].date, reverse=True):
            original = visit if refers_to is None else self.by_record(refers_to)
            if original is not None:
                return replace(original, etag=visit.etag, last_modified=visit.last_modified)
        return None

    def has_page(self, url: str, *, before: datetime) -> bool:
        """Say whether a sealed WARC holds a page that was visited at *url* *before* that moment.

        The page's own URL counts, and those that have led to it; so does a revisit of a page.
        """
        values = [key(url), plain(url), warc_date(before)]
        at = "v.target_key = ? AND v.target = ?"
        led = "v.place IN (SELECT place FROM led WHERE url_key = ? AND url = ?)"
        rest = "v.date < ? AND f.is_sealed"
        # The plus keeps SQLite from going through every visit there was, page or none.
        if any(
            self._ledger.select(f"{which} AND +{rest} AND v.is_page LIMIT 1", values)
            for which in (at, led)
        ):
            return True
        revisits = f"{at} AND {rest} AND v.original IS NOT NULL ORDER BY v.date DESC"
        found = self._ledger.select(f"{revisits} LIMIT {_ENOUGH}", values)
        originals = (self.by_record(record_id) for _, record_id in found if record_id)
        return any(original.is_page for original in originals if original is not None)

    def last_read(self, url: str, *, or_listed: bool = False) -> datetime | None:
        """Return when *url*, or a URL of the same canonical form, was last visited and read.

        None if never. A visit to a page that calls such a URL its own counts as well, and so
        does one whose WARC is not sealed yet. A page whose text was lost, or not asked for,
        counts only with *or_listed*.
        """
        date = self._ledger.last_led(_form_of(url), or_listed=or_listed)
        return datetime.fromisoformat(date) if date is not None else None

    def by_record(self, record_id: str) -> Original | None:
        """Return the response with this WARC-Record-ID, wherever it lies, or None."""
        visit, refers_to = self._visit(record_id)
        return visit if refers_to is None else None

    def by_payload_of(self, record_id: str) -> Original | None:
        """Return the response that has the payload of the visit *record_id*: itself, as a rule."""
        visit, refers_to = self._visit(record_id)
        return visit if refers_to is None else self.by_record(refers_to)

    def commit(self) -> None:
        """Write what has been noted, so that a kill does not take it."""
        self._ledger.flush()

    def close(self) -> None:
        """Write what has been noted and let go of the file. Closing twice is harmless."""
        self._ledger.close()

    def _lead(self, visit: Original, urls: Iterable[str]) -> None:
        led = {url for url in urls if url != visit.target}
        forms = {_form_of(url) for url in (visit.target, *led)}
        self._ledger.lead(visit.location, [*led, *forms])

    def _visit(self, record_id: str) -> tuple[Original | None, str | None]:
        """Return the visit *record_id*, and what it refers to if it is a revisit."""
        values = [key(record_id), record_id]
        for is_fresh in (True, False):
            condition = "v.record_key = ? AND v.record_id = ?"
            for found in self._ledger.select(condition, values, is_fresh=is_fresh):
                return found
        return None, None


def _form_of(url: str) -> str:
    """Return what stands, among the URLs that have led to a visit, for all URLs like *url*."""
    return f"like {canonical_form(url)}"
