"""From settings to an open collection, and what it needs of the world: a clock and ids."""

from __future__ import annotations

import os
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler

from archiver.collection import Collection, TakenUp
from archiver.crawllog import note_killed
from archiver.errors import CollectionError, SettingError, StoreError
from archiver.frontier import begun_at
from archiver.locks import Lock
from archiver.manifests import prove_usable
from archiver.memory import Memory
from archiver.options import Options
from archiver.state import PASSING, State, job_of
from archiver.storage import LocalStore, Store, access_from, is_bucket, open_store
from archiver.terms import Terms
from pipelines.shipping import Shipping, proven_bucket

# Ids want no secrecy, and asking the system for each costs a turn of the interpreter's lock.
_RANDOM = random.Random(os.urandom(32))

# Where long bodies wait, below the work folder.
SPOOL = "spool"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a crawl writes into: an open *collection* and what was *taken* up in it.

    The *lock* on its job is held. *began_at* is when the job began; *shipping* is the way to
    a bucket, where that is the store.
    """

    collection: Collection
    taken: TakenUp
    lock: Lock
    began_at: datetime
    shipping: Shipping | None


def opened(crawler: Crawler, options: Options) -> Opened:
    """Open what *crawler* writes into, and mend it; an ArchiveError where that cannot be.

    Where the store is not usable, nothing is made on the local disk.
    """
    access = access_from(crawler.settings)
    state = State(options.work_dir, options.store, options.collection, access.endpoint_url)
    proven = proven_bucket(options, access, state) if is_bucket(options.store) else None
    if proven is None:
        prove_usable(open_store(options.store), options.collection)
    prove_work_dir(options.work_dir)
    _make(state, options)
    lock = locked(crawler, state, options)
    try:
        began_at = _began_at(crawler, state)
        shipping = None if proven is None else Shipping(options, access, state, proven)
        store = LocalStore(state.root) if shipping is None else shipping.store
        collection = collection_for(crawler, options, state, store)
        taken = collection.take_up()
        collection.learn()
    except OSError as error:
        lock.release()
        raise StoreError(
            f"what a killed crawl left cannot be mended ({error}): make room, or free the file"
        ) from error
    except BaseException:
        lock.release()
        raise
    return Opened(
        collection=collection,
        taken=taken,
        lock=lock,
        began_at=began_at,
        shipping=shipping,
    )


def _make(state: State, options: Options) -> None:
    """Make the folder of *state*. SettingError where that cannot be, or it is not ours."""
    try:
        state.make()
    except OSError as error:
        raise SettingError(
            f"ARCHIVE_WORK_DIR {str(options.work_dir)!r} cannot be used ({state.folder}: "
            f"{error.strerror}): make it yours, or name another folder"
        ) from error


def job_of_crawl(crawler: Crawler) -> str:
    """Return the job of *crawler*: its spider's name, and what its spider says sets it apart."""
    if crawler.spider is not None:
        return job_of(crawler.spider.name, str(getattr(crawler.spider, "archive_job", "")))
    # `scrapy shell` has no spider yet; the scheduler, which will see one, finds this in it.
    spider: Any = crawler.spidercls  # Any: whose attributes are its own
    spider.archive_job = f"{PASSING}, process {os.getpid()}"
    return job_of(spider.name, spider.archive_job)


def locked(crawler: Crawler, state: State, options: Options) -> Lock:
    """Return the lock on *crawler*'s job, taken. CollectionError if another crawl has it.

    Who had it before and was killed did not say so in the log of his crawl: it is said now.
    """
    lock = Lock(state.lock_path(job_of_crawl(crawler)))
    try:
        before, is_ours = lock.holder(), lock.acquire(_holder())
    except OSError as error:
        raise SettingError(
            f"ARCHIVE_WORK_DIR {str(options.work_dir)!r} cannot be used ({lock.path}: "
            f"{error.strerror}): make it yours, or name another folder"
        ) from error
    if not is_ours:
        raise CollectionError(
            f"this crawl is running already ({before.partition(',')[0]} holds {lock.path}): let "
            "it end, or give this one another ARCHIVE_COLLECTION"
        )
    _, _, log = before.partition(", ")
    if log:
        note_killed(state.root / options.collection, log)
    return lock


def _began_at(crawler: Crawler, state: State) -> datetime:
    """Return when *crawler*'s job began: now, unless it goes on with one that was stopped."""
    return begun_at(state.frontier_path(job_of_crawl(crawler))) or datetime.now(UTC)


def note_log(lock: Lock, log: str) -> None:
    """Note in *lock* that the log of the crawl which holds it is called *log*."""
    lock.note(f"{_holder()}, {log}")


def _holder() -> str:
    return f"process {os.getpid()}"


def collection_for(crawler: Crawler, options: Options, state: State, store: Store) -> Collection:
    """Return the collection in *store* that *options* name, on terms of *crawler*'s settings."""
    settings = crawler.settings
    description = {
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "http-header-user-agent": settings.get("USER_AGENT"),
        "operator": options.operator,
    }
    terms = Terms(
        prefix=options.warc_prefix,
        max_bytes=options.warc_max_bytes,
        algorithm=options.digest,
        wire=options.wire,
        fsync=options.fsync,
        dedup=options.dedup,
        heeds_noarchive=options.rights == "respect",
        description={name: value for name, value in description.items() if value},
    )
    return Collection(
        store,
        options.collection,
        folder=state.root / options.collection,
        terms=terms,
        clock=lambda: datetime.now(UTC),
        new_id=new_id,
        state=state,
        job=job_of_crawl(crawler),
        memory=Memory(state.memory_path),
    )


def prove_work_dir(folder: Path) -> None:
    """Raise SettingError if long bodies could not wait in *folder*; leave nothing behind."""
    try:
        LocalStore(folder).prove_writable(SPOOL)
    except StoreError as error:
        reason = getattr(error.__cause__, "strerror", None)
        raise SettingError(
            f"ARCHIVE_WORK_DIR {str(folder)!r} cannot be written ({reason}): free it, or name "
            "another folder"
        ) from error


def new_id() -> str:
    """Return a fresh WARC-Record-ID."""
    return f"<urn:uuid:{uuid.UUID(int=_RANDOM.getrandbits(128), version=4)}>"
