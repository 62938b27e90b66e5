"""From what is sealed on the local disk to a bucket: the outbox and the sender of one folder.

What a crawl and `archiver sync` have in common. Beside the outbox lies a note of the bucket and
of how it is reached, but for the keys: whoever sends the rest need only bring these.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from archiver.disk import DISK
from archiver.errors import CollectionError
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

    def __init__(
        self, state: State, collection: str, bucket: Bucket, *, is_kept: bool = False
    ) -> None:
        self.outbox = Outbox(state.outbox_path)
        self.store = Outgoing(LocalStore(state.root), self.outbox, bucket, is_kept=is_kept)
        self.sender = Sender(self.outbox, bucket, state.root, Lock(state.sender_lock_path))
        self.store.reconcile(collection)

    def close(self) -> None:
        """Send no more, and let go; what is under way ends with the process."""
        if self.sender.stop():
            self.outbox.close()


def note_bucket(
    state: State, store: str, access: Access, endpoint_url: str, *, is_kept: bool
) -> None:
    """Note in the folder of *state* the settings, none of them secret, by which *store* is filled.

    *endpoint_url* is the server that *access* leads to, in the end: what is to be sent there
    must not go elsewhere because a setting has changed since.
    """
    settings = {
        "ARCHIVE_STORE": store,
        "ARCHIVE_KEEP_LOCAL": is_kept,
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_REGION_NAME": access.region,
        "AWS_VERIFY": access.verify,
        "ARCHIVE_S3_ADDRESSING": access.addressing,
        "ARCHIVE_S3_CHECKSUMS": access.checksums,
    }
    given = {name: value for name, value in settings.items() if value is not None}
    DISK.put(state.bucket_path, (json.dumps(given, indent=1) + "\n").encode("utf-8"))


def noted_bucket(folder: Path) -> dict[str, object] | None:
    """Return the settings that were noted in *folder*, None if there are none."""
    path = folder / State.BUCKET
    try:
        settings = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        settings = None
    if not isinstance(settings, Mapping) or not isinstance(settings.get("ARCHIVE_STORE"), str):
        raise CollectionError(f"{path} is no note of ours: remove it, and run the crawl again")
    return dict(settings)


def unsent(sender: Sender, store: str, collection: str, work_dir: Path) -> str | None:
    """Return what *sender* has left to be sent to *store*, in a sentence; None if nothing."""
    left = sender.left
    waiting = left.files - left.given_up
    why = sender.failure or sender.trouble
    sentences = []
    if waiting:
        sentences.append(
            f"{waiting} files ({shown_size(left.octets - left.given_up_octets)}) are still to be "
            f"sent to {store}{f' ({why})' if why else ''}: they are safe in {work_dir}; send them "
            f"by {sync_command(collection, work_dir)!r} or the next crawl"
        )
    if left.given_up:
        sentences.append(
            f"{left.given_up} files ({shown_size(left.given_up_octets)}) cannot be sent to "
            f"{store}, and wait in {work_dir}: {left.problem}"
        )
    return "; ".join(sentences) or None


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
