"""What becomes of a page that is read: its text, or why there is none that may be kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from archiver.capture import MAX_BLOCK, Page
from archiver.reader import read_record
from archiver.rights import Reservation, reservation_of
from archiver.text import TextRecord
from archiver.workers import Source, Workers


@dataclass(frozen=True, slots=True)
class Reserved:
    """A page whose publisher does not want its text to be used, by *reason* of what he says."""

    reason: Reservation


async def read_by(workers: Workers, source: Source, page: Page) -> TextRecord | Reserved | None:
    """Return what *workers* read of *page* in *source*; None where it has no text.

    They say of a reserved page but that they give none: it is asked again for the reason.
    """
    record = await asyncio.wrap_future(workers.submit(source, page))
    if record is not None or not page.is_rights_respected:
        return record
    reason = await asyncio.to_thread(_reason, source, page)
    return Reserved(reason) if reason is not None else None


def _reason(source: Source, page: Page) -> Reservation | None:
    if isinstance(source, str):
        with Path(source).open("rb") as file:
            source = read_record(file, page.location).read(MAX_BLOCK)
    blocks = source if isinstance(source, tuple) else (source,)
    return next(filter(None, (reservation_of(page, block) for block in blocks)), None)
