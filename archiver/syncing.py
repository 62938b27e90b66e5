"""What `archiver sync` does: send what the outboxes of a collection still hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from archiver.dispatch import Dispatch, shown_size, unsent
from archiver.errors import ArchiveError
from archiver.mending import left_behind
from archiver.options import options_from
from archiver.outbox import Outbox
from archiver.state import State
from archiver.storage import access_from, open_bucket

Settings = Mapping[str, Any]  # Any: a setting may be of any type


def sync(
    name: str, settings: Settings, *, seconds: float | None,
    say: Callable[[str], None], complain: Callable[[str], None],
) -> bool:  # fmt: skip
    """Send what is left of the collection *name*, or of the one at the address *name*.

    It takes *seconds* at most, by default ARCHIVE_UPLOAD_WAIT of *settings*. Return whether
    all is sent. ArchiveError where no outbox is of that name, or it cannot be used.
    """
    options = options_from({k: v for k, v in settings.items() if k.startswith("ARCHIVE_")})
    store, _, collection = name.rstrip("/").rpartition("/")
    found = [
        (folder, facts)
        for folder, facts in _outboxes(options.work_dir, collection)
        if "://" not in name or facts["ARCHIVE_STORE"] == store
    ]
    if not found:
        raise ArchiveError(
            f"no crawl into {name!r} has left anything in {options.work_dir} for a bucket: name "
            "the folder of its crawls with -s ARCHIVE_WORK_DIR=…"
        )
    is_done = True
    for folder, facts in found:
        state = State(
            options.work_dir, facts["ARCHIVE_STORE"], collection, facts.get("AWS_ENDPOINT_URL")
        )
        if state.folder != folder:
            raise ArchiveError(f"{folder} was renamed: give it the name {state.folder.name} again")
        wait = options.upload_wait if seconds is None else seconds
        line, complaint = _sent(state, collection, {**facts, **_given(settings)}, wait)
        say(line)
        if complaint is not None:
            complain(f"{complaint}")
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
    store = settings["ARCHIVE_STORE"]
    bucket = open_bucket(store, access_from(settings))
    is_kept = settings.get("ARCHIVE_KEEP_LOCAL") == "True"  # as the crawl noted it
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


def _outboxes(work_dir: Path, collection: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """Yield the folder of each outbox of *collection*, and what was noted there of its bucket."""
    for path in sorted(work_dir.glob("*-????????/outbox.sqlite")):
        if path.parent.name[:-9] == collection:
            outbox = Outbox(path)
            facts = outbox.facts()
            outbox.close()
            if "ARCHIVE_STORE" in facts:  # or its crawl was killed as it began
                yield path.parent, facts


def _given(settings: Settings) -> dict[str, Any]:
    """Return *settings* less those that are to be what they were in the crawl."""
    return {
        name: value
        for name, value in settings.items()
        if value is not None and name not in ("ARCHIVE_STORE", "ARCHIVE_KEEP_LOCAL")
    }
