"""From what is sealed on the local disk to a bucket: the outbox and the sender of one folder.

What a crawl and `archiver sync` have in common. Beside its files an outbox notes how its
bucket is reached, but for the keys, so that whoever sends the rest need only bring these.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from archiver.locks import Lock
from archiver.options import DEFAULTS
from archiver.outbox import Outbox
from archiver.outgoing import Outgoing
from archiver.sending import Sender
from archiver.state import State
from archiver.storage import Access, Bucket, LocalStore

_UNITS = ("B", "kB", "MB", "GB", "TB")


class Dispatch:
    """The *outbox* below *state*, its *sender* to *bucket*, and the *store* that fills it.

    *is_kept* lets local files stay when they have been sent.
    """

    def __init__(self, state: State, collection: str, bucket: Bucket, *, is_kept: bool) -> None:
        self.outbox = Outbox(state.outbox_path)
        self.store = Outgoing(LocalStore(state.root), self.outbox, bucket, is_kept=is_kept)
        self.sender = Sender(self.outbox, bucket, state.root, Lock(state.sender_lock_path))
        self.store.reconcile(collection)

    def close(self) -> None:
        """Send no more, and let go; what is under way ends with the process."""
        if self.sender.stop():
            self.outbox.close()


def facts_of(store: str, access: Access, *, is_kept: bool) -> dict[str, str]:
    """Return the settings, none of them secret, by which a crawl fills the bucket *store*."""
    settings = {
        "ARCHIVE_STORE": store,
        "ARCHIVE_KEEP_LOCAL": is_kept,
        "AWS_ENDPOINT_URL": access.endpoint_url,
        "AWS_REGION_NAME": access.region,
        "AWS_USE_SSL": access.use_ssl,
        "AWS_VERIFY": access.verify,
        "ARCHIVE_S3_ADDRESSING": access.addressing,
        "ARCHIVE_S3_CHECKSUMS": access.checksums,
    }
    return {name: str(value) for name, value in settings.items() if value is not None}


def unsent(sender: Sender, store: str, collection: str, work_dir: Path) -> str | None:
    """Return what *sender* has left to be sent to *store*, in a sentence; None if nothing."""
    left = sender.left
    if not left.files:
        return None
    why = sender.failure or "; ".join(left.problems) or sender.trouble
    return (
        f"{left.files} files ({shown_size(left.octets)}) are still to be sent to {store}"
        f"{f' ({why})' if why else ''}: they are safe in {work_dir}; send them by "
        f"{sync_command(collection, work_dir)!r} or the next crawl"
    )


def sync_command(collection: str, work_dir: Path) -> str:
    """Return the command that sends what a crawl with *work_dir* has left."""
    words = ["archiver", "sync", collection]
    if str(work_dir) != DEFAULTS["ARCHIVE_WORK_DIR"]:
        words += ["-s", f"ARCHIVE_WORK_DIR={work_dir}"]
    return shlex.join(words)


def shown_size(octets: int) -> str:
    """Return a number of *octets* as people read it."""
    size, unit = float(octets), 0
    while size >= 1000 and unit < len(_UNITS) - 1:
        size, unit = size / 1000, unit + 1
    return f"{size:.3g} {_UNITS[unit]}"
