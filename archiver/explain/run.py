"""What `archiver explain` does: read one page, show why its article is what it is."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from archiver.errors import ArchiveError
from archiver.explain.coloured import coloured
from archiver.explain.given import GivenPage
from archiver.explain.plain import visible
from archiver.explain.report import report
from archiver.extraction.article import ExtractionError
from archiver.extraction.html import Extractor, Reading, read_html
from archiver.extraction.tree import MAX_ELEMENTS, MAX_OCTETS


def run_explain(
    page: GivenPage, extractor: Extractor, *, html: Path | None, shows_all: bool, out: TextIO,
    width: int | None, has_colour: bool,
) -> int:  # fmt: skip
    """Show on *out*, and in the file *html*, how *extractor* reads *page*; return the status.

    That is 0 where it has an article and 1 where not. ExtractionError where the extractor
    falls over.
    """
    reading = _read(page, extractor)
    if reading is None:
        limits = f"{MAX_OCTETS:,} octets or {MAX_ELEMENTS:,} elements"
        raise ArchiveError(f"{page.name} is no HTML, or empty, or has more than {limits}")
    if html is not None:
        if html.resolve() == Path(page.name).resolve():
            raise ArchiveError(f"{html} is the page itself: name another file with --html")
        lines = coloured(reading, page, extractor, shows_all=shows_all)
        text = "".join(f"{line}\n" for line in lines)
        html.write_bytes(text.encode("utf-8", "backslashreplace"))
    encoding = out.encoding or "utf-8"
    for line in report(
        reading, page, extractor, shows_all=shows_all, width=width, has_colour=has_colour
    ):
        print(line.encode(encoding, "backslashreplace").decode(encoding), file=out)
    return 1 if reading.article is None else 0


def _read(page: GivenPage, extractor: Extractor) -> Reading | None:
    try:
        return read_html(
            page.content,
            page.url,
            charset=page.charset,
            status=page.status,
            captured_at=page.captured_at,
            extractor=extractor,
        )
    except ExtractionError as error:
        # What the extractor fell over may be quoted, and it is the page's.
        raise ExtractionError(visible(str(error))) from error
