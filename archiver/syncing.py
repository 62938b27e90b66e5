"""What `archiver sync` does: send what crawls into a bucket have left on the local disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from archiver.dispatch import Dispatch, noted_bucket, shown_size, unsent
from archiver.errors import ArchiveError, StoreAway
from archiver.mending import left_behind
from archiver.options import options_from
from archiver.state import State
from archiver.storage import access_from, open_bucket

Settings = Mapping[str, Any]  # Any: a setting may be of any type

# Where a stem goes was settled when it was sealed.
_SETTLED = ("ARCHIVE_STORE", "ARCHIVE_KEEP_LOCAL", "AWS_ENDPOINT_URL")


def sync(
    name: str, settings: Settings, *, endpoint: str | None, seconds: float | None,
    say: Callable[[str], None], complain: Callable[[str], None],
) -> bool:  # fmt: skip
    """Send what is left of the collection *name*, or of the one at the address *name*.

    *settings* bring the keys; what goes to another server than *endpoint* is left alone, if
    that is given. It takes *seconds* at most for each bucket, by default ARCHIVE_UPLOAD_WAIT.
    Return whether all is sent. ArchiveError where nothing is found, or the bucket cannot be
    written.
    """
    options = options_from({k: v for k, v in settings.items() if k.startswith("ARCHIVE_")})
    found = _found(options.work_dir, name, endpoint)
    if not found:
        where = f" at {endpoint}" if endpoint else ""
        raise ArchiveError(
            f"no crawl into {name!r}{where} has left anything in {options.work_dir} for a bucket: "
            "name the folder of its crawls with -s ARCHIVE_WORK_DIR=…"
        )
    wait = options.upload_wait if seconds is None else seconds
    is_done = True
    for state, noted in found:
        collection = name.rstrip("/").rpartition("/")[2]
        line, complaint = _sent(state, collection, _merged(noted, settings), wait)
        say(line)
        if complaint is not None:
            complain(complaint)
            is_done = False
        if growing := left_behind(state.root / collection):
            complain(
                f"{len(growing)} WARCs of {collection} are not sealed yet: let their crawl end, "
                "or run the same command again if it was killed"
            )
    return is_done


def _sent(
    state: State, collection: str, settings: Settings, seconds: float
) -> tuple[str, str | None]:
    """Send for *seconds* at most; return what was done, and what is left, in a sentence each."""
    store, access = settings["ARCHIVE_STORE"], access_from(settings)
    # Keys that do not fit are found at once, and not tried until the time is over.
    brief, bucket = open_bucket(store, access, is_brief=True), open_bucket(store, access)
    with suppress(StoreAway):  # it may be back before that
        brief.prove_writable(collection)
    bucket.takes_conditions = brief.takes_conditions
    is_kept = bool(settings.get("ARCHIVE_KEEP_LOCAL"))
    dispatch = Dispatch(state, collection, bucket, is_kept=is_kept)
    sender = dispatch.sender
    sender.start()
    sender.drained(seconds)
    dispatch.close()
    line = (
        f"{store}/{collection}: {sender.sent_files} files ({shown_size(sender.sent_octets)}) "
        f"sent, {sender.left.files} left"
    )
    return line, unsent(sender, store, collection, state.folder.parent)


def _found(
    work_dir: Path, name: str, endpoint: str | None
) -> list[tuple[State, dict[str, object]]]:
    """Return the state of each bucket that *name* may mean, and what was noted there of it."""
    store, _, collection = name.rstrip("/").rpartition("/")
    found = []
    for folder in sorted(work_dir.glob("*-????????")):
        noted = noted_bucket(folder) if folder.name[:-9] == collection else None
        if noted is None:
            continue
        is_meant = "://" not in name or noted["ARCHIVE_STORE"] == store
        if is_meant and endpoint in (None, noted.get("AWS_ENDPOINT_URL")):
            found.append((State.at(folder, str(noted["ARCHIVE_STORE"])), noted))
    return found


def _merged(noted: Settings, settings: Settings) -> Settings:
    given = {k: v for k, v in settings.items() if v is not None and k not in _SETTLED}
    return {**noted, **given}
