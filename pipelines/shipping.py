"""The way of a crawl's files into a bucket, and the wait at its end.

Only for a store `s3://…`. The crawl goes on while the bucket is away; what cannot be sent
stays in the outbox, for the next crawl or for `archiver sync`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from scrapy.statscollectors import StatsCollector

from archiver.dispatch import Dispatch, note_bucket, shown_size, unsent
from archiver.errors import StoreAway
from archiver.manifests import prove_usable
from archiver.options import Options
from archiver.outgoing import Outgoing
from archiver.state import State
from archiver.storage import Access, Bucket, open_bucket

logger = logging.getLogger(__name__)

_TURN = 0.2


@dataclass(frozen=True, slots=True)
class Proven:
    """A bucket to which a crawl may send: *brief* is asked by those who wait for an answer.

    One that *is_away* could not be asked, but a crawl has begun with it before.
    """

    bucket: Bucket
    brief: Bucket
    is_away: bool = False


def proven_bucket(options: Options, access: Access, state: State) -> Proven:
    """Return the bucket of *options*, which *access* opens, proven to take files.

    One that is away, and that a crawl of this work folder has begun with before, is let be
    away. StoreError or CollectionError where a crawl cannot begin.
    """
    brief = open_bucket(options.store, access, is_brief=True)
    bucket = open_bucket(options.store, access)
    try:
        prove_usable(brief, options.collection)
    except StoreAway as away:
        if not state.bucket_path.exists():
            raise
        logger.warning("The crawl begins all the same, and keeps what it seals: %s", away)
        return Proven(bucket, brief, is_away=True)
    bucket.takes_conditions = brief.takes_conditions
    return Proven(bucket, brief)


class Shipping:
    """Sends what the collection of *options* seals to a *proven* bucket, opened by *access*.

    What an earlier crawl was kept from entering into the outbox is entered at once.
    """

    def __init__(self, options: Options, access: Access, state: State, proven: Proven) -> None:
        self._options = options
        self._proven = proven
        self._folder = state.root
        is_kept, endpoint_url = options.is_local_kept, proven.bucket.endpoint_url
        note_bucket(state, options.store, access, endpoint_url, is_kept=is_kept)
        self._dispatch = Dispatch(state, options.collection, proven.bucket, is_kept=is_kept)

    @property
    def store(self) -> Outgoing:
        """Where the crawl seals."""
        return self._dispatch.store

    @property
    def waiting_octets(self) -> int:
        """The octets that are still to be sent, and will be if the bucket takes them."""
        left = self._dispatch.sender.left
        return left.octets - left.given_up_octets

    @property
    def unsent(self) -> str | None:
        """What is still to be sent, in a sentence; None if nothing."""
        options = self._options
        sender = self._dispatch.sender
        return unsent(sender, options.store, options.collection, options.work_dir)

    def claim(self, log: str) -> bool:
        """Hold the name of our crawl's *log* in the bucket; False if a crawl elsewhere has it.

        While the bucket is away, nobody can say.
        """
        name = self._name_of(log)
        try:
            octets = (self._folder / name).read_bytes()
            return self._proven.is_away or self._proven.brief.claim(name, octets)
        except StoreAway:
            return True

    def start(self) -> None:
        """Begin to send, first what earlier crawls have left."""
        self._dispatch.sender.start()

    def publish(self, log: str) -> None:
        """Send the crawl's log, called *log*, as it stands."""
        self.store.publish(self._name_of(log))

    async def finish(self, seconds: float, stats: StatsCollector) -> None:
        """Send for *seconds* at most what is left; an ArchiveError if nobody knows what is."""
        sender = self._dispatch.sender
        if not await asyncio.to_thread(sender.drained, _TURN) and not sender.is_idle:
            files, octets = sender.left.files, shown_size(sender.left.octets)
            logger.info("Up to %g seconds for %d files (%s) to be sent", seconds, files, octets)
        self._count(stats)  # for whoever ends the wait before its time
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        # In turns, so that a process that is to end at once need not wait for the last.
        while not sender.is_idle and loop.time() < deadline:
            await asyncio.to_thread(sender.drained, _TURN)
        await asyncio.to_thread(self._dispatch.close)
        self._count(stats)

    def _count(self, stats: StatsCollector) -> None:
        sender = self._dispatch.sender
        stats.set_value("archive/outbox_sent_count", sender.sent_files)
        stats.set_value("archive/outbox_sent_bytes", sender.sent_octets)
        stats.set_value("archive/outbox_retry_count", sender.failed_tries)
        stats.set_value("archive/outbox_left_count", sender.left.files)

    def _name_of(self, log: str) -> str:
        return f"{self._options.collection}/crawls/{log}"
