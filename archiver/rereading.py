"""The text of a page, from its response record as it lies in a WARC.

What a crawl does in its worker processes and `archiver extract` years later is this one
function, so that both give the same text.
"""

from __future__ import annotations

from pathlib import Path

from archiver.capture import MAX_BLOCK, Page
from archiver.extraction import extract
from archiver.extraction.html import Extractor
from archiver.reader import read_record
from archiver.text import TextRecord
from archiver.worker import Source


def extract_at(source: Source, page: Page) -> TextRecord | None:
    """Return the text of *page*, None where it has none.

    *source* is the path of the file that holds the record, which may still be growing under
    another name than `page.location` gives, or it is the record's block itself, or that and
    those of its parts. DamagedRecord when the record is not there whole.
    """
    return _extracted(source, page, "archiver")


def extract_by_trafilatura(source: Source, page: Page) -> TextRecord | None:
    """Return the text of *page* as `extract_at` does, but found by trafilatura."""
    return _extracted(source, page, "trafilatura")


def _extracted(source: Source, page: Page, extractor: Extractor) -> TextRecord | None:
    if isinstance(source, tuple):
        return extract(page, *source, extractor=extractor)
    if isinstance(source, bytes):
        return extract(page, source, extractor=extractor)
    with Path(source).open("rb") as file:
        block = read_record(file, page.location).read(MAX_BLOCK)
    return extract(page, block, extractor=extractor)
