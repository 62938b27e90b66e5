"""The sender: threads that empty an outbox into a bucket, however often the bucket fails.

Each takes a parcel, sends its files in order, the manifest last, and has each proven equal
before it is noted as sent. What fails is tried again after a while that doubles, up to a
minute, and is never the same twice; only what no try can mend is given up: a name that others
have taken, a local file that is damaged or gone. Of all processes that share an outbox one
sends.
"""

from __future__ import annotations

import hashlib
import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread

from archiver.crawllog import id_in
from archiver.errors import ArchiveError, FileDamaged, StoreConflict, StoreError
from archiver.locks import Lock
from archiver.outbox import Entry, Left, Outbox, Parcel
from archiver.outgoing import is_for_the_bucket_alone
from archiver.storage import Bucket

logger = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 60.0
# What others enter, and whether the one who sends is still alive, is seen this often.
_LOOK_SECONDS = 1.0
_READ = 1 << 20


class Sender:
    """Sends what is in *outbox* from the folder *root* to *bucket*, by *threads* threads.

    *lock* is held while it sends. *failure* says why it could not go on, *trouble* why what was
    tried last is tried again. *clock* counts seconds, and *chance* gives numbers from 0 to 1.
    """

    def __init__(
        self, outbox: Outbox, bucket: Bucket, root: Path, lock: Lock, *, threads: int = 4,
        clock: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self.left = Left()
        self.failure: str | None = None
        self.trouble: str | None = None
        self.sent_files = self.sent_octets = self.failed_tries = 0
        self._outbox = outbox
        self._bucket = bucket
        self._root = root
        self._lock = lock
        self._clock = clock
        self._chance = chance
        self._state = Condition()
        self._is_ours = self._is_over = False
        self._busy: set[str] = set()  # the parcels that are being sent
        self._failed: dict[str, tuple[int, float]] = {}  # failures, and when to try again
        self._looked_at = 0.0
        self._pauses = 0
        self._not_before = 0.0
        self._threads = [
            Thread(target=self._run, name=f"archive-sender-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Begin to send. What was given up by an earlier sender is tried again."""
        self._outbox.try_again()
        self._look()
        for thread in self._threads:
            thread.start()

    def drained(self, seconds: float) -> bool:
        """Wait until nothing waits any more, at most *seconds*; say whether all is sent.

        What was given up is not waited for.
        """
        deadline = self._clock() + seconds
        with self._state:
            while not self.is_idle and (rest := deadline - self._clock()) > 0:
                self._state.wait(min(rest, _LOOK_SECONDS))
            self._look()
        return self.left.files == 0

    @property
    def is_idle(self) -> bool:
        """Say whether there is nothing to wait for: all is sent, or given up."""
        if self.failure is not None or self._is_over:
            return True
        return not self._busy and self._outbox.next_parcel() is None

    def stop(self) -> bool:
        """Begin nothing more; say whether nothing is under way. What is ends with the process."""
        with self._state:
            self._is_over = True
            self._state.notify_all()
        deadline = self._clock() + _LOOK_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - self._clock()))
        is_ended = not any(thread.is_alive() for thread in self._threads)
        if self.failure is None:
            self._look()
        if is_ended:
            self._lock.release()
        return is_ended

    def _run(self) -> None:
        try:
            while (parcel := self._next()) is not None:
                self._try(parcel)
        except ArchiveError as error:  # of the outbox: nothing can be noted any more
            self._fail(str(error))
        except BaseException as error:
            self._fail(f"a fault of the archive, please report it ({type(error).__name__})")
            raise

    def _next(self) -> Parcel | None:
        """Return the next parcel as soon as there is one; None when all is over."""
        with self._state:
            while not self._is_over and self.failure is None:
                now = self._clock()
                parcel = None
                if now >= self._not_before and self._has_turn():
                    waits = {name for name, (_, until) in self._failed.items() if until > now}
                    parcel = self._outbox.next_parcel(self._busy | waits)
                if parcel is not None:
                    self._busy.add(parcel.name)
                    return parcel
                pause = self._not_before - now
                self._state.wait(min(_LOOK_SECONDS, pause) if pause > 0 else _LOOK_SECONDS)
                if self._clock() - self._looked_at >= _LOOK_SECONDS:
                    self._look()
        return None

    def _has_turn(self) -> bool:
        """Say whether this process is the one that sends, or can be from now on."""
        if not self._is_ours:
            self._is_ours = self._lock.acquire()
        return self._is_ours

    def _try(self, parcel: Parcel) -> None:
        try:
            self._send(parcel)
        except (StoreConflict, FileDamaged) as error:
            self._give_up(parcel, str(error))
        except (StoreError, OSError) as error:
            self._put_off(parcel, error)
        else:
            self._succeeded(parcel)
        finally:
            with self._state:
                self._busy.discard(parcel.name)
                self._state.notify_all()

    def _send(self, parcel: Parcel) -> None:
        self._outbox.trying(parcel)
        sent: list[Entry] = []
        try:
            for entry in parcel.files:
                self._send_file(entry)
                sent.append(entry)
        finally:
            # In one step, for each waits for the disk. What a kill keeps from being noted is
            # found in the bucket, and proven, by the next try.
            if sent:
                self._outbox.sent(sent)
            with self._state:
                self.sent_files += len(sent)
                self.sent_octets += sum(entry.size for entry in sent)
        for entry in self._outbox.files_of(parcel):
            if not entry.is_kept and is_for_the_bucket_alone(entry.name):
                with suppress(OSError):  # the next sender takes it away
                    (self._root / entry.name).unlink(missing_ok=True)

    def _send_file(self, entry: Entry) -> None:
        path = self._root / entry.name
        if not path.exists():
            # A log whose name another crawl was found to have, or a file that was sent and
            # taken away by one who then lost his outbox.
            if entry.may_change or self._is_there(entry):
                return
            raise FileDamaged(f"{path} is gone, and the bucket does not hold it")
        try:
            self._bucket.send(path, entry.name, sha256=entry.sha256, is_new=entry.tries == 0)
        except StoreConflict:
            if not (entry.may_change and self._is_of_one_crawl(entry, path)):
                raise
            self._bucket.send(path, entry.name, replaces=True)

    def _is_there(self, entry: Entry) -> bool:
        """Say whether the bucket holds the octets of *entry*, of which there is no file here."""
        if not self._bucket.exists(entry.name):
            return False
        hasher = hashlib.sha256()
        with self._bucket.open(entry.name) as file:
            while octets := file.read(_READ):
                hasher.update(octets)
        return hasher.hexdigest() == entry.sha256

    def _is_of_one_crawl(self, entry: Entry, path: Path) -> bool:
        """Say whether the bucket holds an earlier version of the log at *path*."""
        with self._bucket.open(entry.name) as file:
            there = id_in(file.read(_READ))
        return there is not None and there == id_in(path.read_bytes())

    def _succeeded(self, parcel: Parcel) -> None:
        with self._state:
            self._failed.pop(parcel.name, None)
            self.trouble = None
            if self._pauses:
                logger.info("The store takes files again")
            self._pauses, self._not_before = 0, 0.0

    def _put_off(self, parcel: Parcel, error: Exception) -> None:
        """Let some time pass, and let the other parcels come before this one."""
        with self._state:
            self.failed_tries += 1
            self.trouble = str(error)
            now = self._clock()
            if now >= self._not_before:  # or the pause is of this failure too
                self._pauses += 1
                self._not_before = now + self._pause_after(self._pauses)
                level = logging.WARNING if self._pauses == 1 else logging.INFO
                logger.log(level, "Not sent yet, and tried again: %s", error)
            failures = self._failed.get(parcel.name, (0, 0.0))[0] + 1
            until = self._not_before + self._pause_after(failures)
            self._failed[parcel.name] = failures, until

    def _pause_after(self, failures: int) -> float:
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(failures - 1, 10))
        return longest * (0.5 + self._chance() / 2)

    def _give_up(self, parcel: Parcel, why: str) -> None:
        logger.error("Not sent, and kept on the local disk: %s", why)
        self._outbox.give_up(parcel, why)

    def _fail(self, why: str) -> None:
        with self._state:
            self.failure = self.failure or why
            self._state.notify_all()
        if not self._is_over:  # or the outbox is closed, and the process about to end
            logger.error("Nothing more is sent: %s", why)

    def _look(self) -> None:
        self.left, self._looked_at = self._outbox.left(), self._clock()
