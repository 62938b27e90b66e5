"""Whether a crawl that was stopped, and run again, is complete: nothing lost, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from tests.journeys.collected import Collected, collected, growing, path_of
from tests.journeys.commands import archiver

_LAST_LINE = re.compile(r", (\d+) faults, \d+ notes, (\d+) unreadable\n\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a crawl has to show for itself; paths are sorted, and there as often as records.

    *answers* are whole responses and revisits, *left* what is neither sealed nor forgotten.
    """

    answers: list[str]
    pages: list[str]
    texts: list[str]
    left: list[str]
    check: tuple[int, str]


def complete(paths: Iterable[str]) -> Completion:
    """Return what a crawl of articles at *paths* has to show when it is complete."""
    each_once = sorted(paths)
    return Completion(
        answers=each_once, pages=each_once, texts=each_once, left=[], check=(0, "0 faults")
    )


def completion(folder: Path, work: Path) -> Completion:
    """Look at the collection in *folder*, whose crawls had their local state in *work*."""
    found = collected(folder)
    frontiers = work.rglob("frontier-*.sqlite*")
    return Completion(
        answers=sorted(whole_answers(found)),
        pages=sorted(found.paths_of_pages),
        texts=sorted(found.paths_of_texts),
        left=[path.name for path in [*growing(folder), *sorted(frontiers)]],
        check=judged(folder),
    )


def whole_answers(found: Collected) -> list[str]:
    """Return the path of each response and revisit, but of responses that were cut short."""
    return [
        path_of(record.get("WARC-Target-URI") or "")
        for record in found.records
        if record.type == "revisit"
        or (record.type == "response" and record.get("WARC-Truncated") is None)
    ]


def kept_so_far(folder: Path) -> set[str]:
    """Return the path of each response in *folder*, of sealed WARCs and of those that grow.

    These must end with a whole record, as all do but those of a crawl that was killed.
    """
    kept = set()
    for path in folder.glob("archive/*.warc.gz*"):
        with path.open("rb") as file:
            kept |= {
                path_of(record.rec_headers.get_header("WARC-Target-URI"))
                for record in ArchiveIterator(file, no_record_parse=True)
                if record.rec_type == "response"
            }
    return kept


def judged(folder: Path) -> tuple[int, str]:
    """Return the exit status of `archiver check`, and its own word on how many faults."""
    check = archiver("check", folder)
    last = _LAST_LINE.search(check.stdout)
    assert last is not None, check.stdout + check.stderr
    return check.status, f"{last[1]} faults"
