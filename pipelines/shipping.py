"""The way of a crawl's files into a bucket, and the wait at its end.

Only for a store `s3://…`. The crawl goes on while the bucket is away; what cannot be sent
stays in the outbox, for the next crawl or for `archiver sync`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid

from scrapy.statscollectors import StatsCollector

from archiver.crawllog import FORMAT, VERSION
from archiver.dispatch import Dispatch, facts_of, unsent
from archiver.errors import ArchiveError, StoreAway
from archiver.manifests import prove_usable
from archiver.options import Options
from archiver.outgoing import Outgoing
from archiver.state import State
from archiver.storage import Access, Bucket, open_bucket

logger = logging.getLogger(__name__)

_TURN = 0.2


def proven_bucket(options: Options, access: Access, state: State) -> Bucket:
    """Return the bucket of *options*, which *access* opens, proven to take files.

    One that is away, and that a crawl of this work folder has begun with before, is let be
    away. StoreError or CollectionError where a crawl cannot begin.
    """
    bucket = open_bucket(options.store, access)
    try:
        prove_usable(bucket, options.collection)
    except StoreAway as away:
        if not state.outbox_path.exists():
            raise
        logger.warning("The crawl begins all the same, and keeps what it seals: %s", away)
    return bucket


class Shipping:
    """Sends what the collection of *options* seals to *bucket*, which *access* has opened.

    What an earlier crawl was kept from entering into the outbox is entered at once.
    """

    def __init__(self, options: Options, access: Access, state: State, bucket: Bucket) -> None:
        self._options = options
        self._bucket = bucket
        self._claimed = ""
        self._dispatch = Dispatch(state, options.collection, bucket, is_kept=options.is_local_kept)
        facts = facts_of(options.store, access, is_kept=options.is_local_kept)
        self._dispatch.outbox.note(facts)

    @property
    def store(self) -> Outgoing:
        """Where the crawl seals."""
        return self._dispatch.store

    @property
    def waiting_octets(self) -> int:
        """The octets that are still to be sent."""
        return self._dispatch.sender.left.octets

    def claim(self, log: str) -> bool:
        """Hold the name *log* in the bucket for our crawl's; False if a crawl elsewhere has it.

        While the bucket is away, nobody can say.
        """
        content = {
            "format": FORMAT,
            "version": VERSION,
            "outcome": "running",
            "claim": str(uuid.uuid4()),
        }
        octets = f"{json.dumps(content)}\n".encode("ascii")
        try:
            if not self._bucket.claim(self._name_of(log), octets):
                return False
        except StoreAway:
            return True
        self._claimed = log
        return True

    def start(self) -> None:
        """Begin to send, first what earlier crawls have left."""
        self._dispatch.sender.start()

    def publish(self, log: str) -> None:
        """Send the crawl's log, called *log*, as it stands."""
        self.store.publish(self._name_of(log), is_claimed=log == self._claimed)

    async def finish(self, seconds: float, stats: StatsCollector) -> str | None:
        """Send for *seconds* at most; return what is still to be sent, in a sentence, if any."""
        sender, options = self._dispatch.sender, self._options
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        try:
            # In turns, so that a process that is to end at once need not wait for the last.
            while not await asyncio.to_thread(sender.drained, _TURN):
                if loop.time() > deadline or sender.is_idle:
                    break
            self._dispatch.close()
        except ArchiveError as error:  # of the outbox: nobody knows what is left
            return str(error)
        stats.set_value("archive/outbox_sent_count", sender.sent_files)
        stats.set_value("archive/outbox_sent_bytes", sender.sent_octets)
        stats.set_value("archive/outbox_retry_count", sender.failed_tries)
        stats.set_value("archive/outbox_left_count", sender.left.files)
        return unsent(sender, options.store, options.collection, options.work_dir)

    def _name_of(self, log: str) -> str:
        return f"{self._options.collection}/crawls/{log}"
