"""Our extractor and those that it is measured beside, and how they take turns at pages."""

from __future__ import annotations

import gc
import logging
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import mean

import trafilatura
from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import bytes_to_str, detect_encoding
from resiliparse.parse.html import HTMLTree
from trafilatura.settings import Document

from archiver.extraction import ExtractionError, extract_html
from benchmarks.gold import GoldPage, read_set
from benchmarks.scores import MEASURES, Overlap, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an extractor makes of a page: an empty text where it finds no article."""

    text: str = ""
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None


def archiver(page: GoldPage) -> Found:
    """Return the text and the metadata, as a crawl writes them; say so when extraction fails."""
    try:
        article = extract_html(page.html, page.url)
    except ExtractionError as error:
        print(error, file=sys.stderr)
        return Found()
    if article is None:
        return Found()
    return Found(
        text=article.text,
        title=article.title,
        authors=article.authors,
        date=article.published_date,
    )


def trafilatura_text(
    page: GoldPage, *, favor_precision: bool = False, fast: bool = False
) -> Found:
    text = trafilatura.extract(
        page.html, include_comments=False, favor_precision=favor_precision, fast=fast
    )
    return Found(text=text or "")


def trafilatura_all(page: GoldPage) -> Found:
    article = trafilatura.bare_extraction(
        page.html, url=page.url, with_metadata=True, include_comments=False
    )
    if not isinstance(article, Document):
        return Found()
    return Found(
        text=article.text or "",
        title=article.title,
        authors=(article.author,) if article.author else (),
        date=article.date,
    )


def resiliparse(page: GoldPage) -> Found:
    encoding = detect_encoding(page.html) or "utf-8"
    tree = HTMLTree.parse(bytes_to_str(page.html, encoding))
    return Found(text=extract_plain_text(tree, main_content=True, alt_texts=False, links=False))


OURS = "archiver"
# Speed is a multiple of this one's, which finds the metadata as well, as ours does.
MEASURE_OF_SPEED = "trafilatura, with metadata"
TRAFILATURA_MODES: dict[str, Callable[[GoldPage], Found]] = {
    "trafilatura": trafilatura_text,
    "trafilatura, favor_precision": partial(trafilatura_text, favor_precision=True),
    "trafilatura, fast": partial(trafilatura_text, fast=True),
}
EXTRACTORS: dict[str, Callable[[GoldPage], Found]] = {
    OURS: archiver,
    MEASURE_OF_SPEED: trafilatura_all,
    **TRAFILATURA_MODES,
    "resiliparse": resiliparse,
}
# Those that find metadata.
DESCRIBERS = (OURS, MEASURE_OF_SPEED)
WARM_UP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one extractor made of a page: how right it was, and in how many CPU seconds."""

    page: GoldPage
    overlap: Overlap | None
    facts: dict[str, float]
    seconds: float


# The turns of each extractor on the pages of a set.
Turns = Mapping[str, Sequence[Turn]]


def take_turns(data: Path, groups: Iterable[str], limit: int | None) -> dict[str, Turns]:
    """Let each extractor read each page of *groups*; those with metadata only, the describers."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", module="dateutil")
    turns: dict[str, Turns] = {}
    for group in groups:
        names = list(EXTRACTORS) if group in MEASURES else list(DESCRIBERS)
        pages = list(read_set(data, group, limit))
        if not turns:
            for page in islice(pages, WARM_UP):
                for extract in EXTRACTORS.values():
                    extract(page)
        gc.freeze()  # what is here already need not be searched for garbage at every turn
        of_set: dict[str, list[Turn]] = {name: [] for name in names}
        for number, page in enumerate(pages):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                of_set[name].append(take_turn(name, group, page))
        turns[group] = of_set
        print(f"{group}: {len(pages)} pages", file=sys.stderr)
    return turns


def take_turn(name: str, group: str, page: GoldPage) -> Turn:
    gc.collect()  # the garbage of those before
    started = time.process_time()
    found = EXTRACTORS[name](page)
    seconds = time.process_time() - started
    return Turn(
        page=page,
        overlap=MEASURES[group](found.text, page) if group in MEASURES else None,
        facts=facts_of(found.title, found.authors, found.date, page),
        seconds=seconds,
    )


def overlaps_of(turns: Sequence[Turn]) -> list[Overlap]:
    return [turn.overlap for turn in turns if turn.overlap is not None]


def shares_of(turns: Sequence[Turn]) -> dict[str, float]:
    """Return the mean of each fact over the pages of which it is known."""
    kinds = dict.fromkeys(kind for turn in turns for kind in turn.facts)
    return {kind: mean(t.facts[kind] for t in turns if kind in t.facts) for kind in kinds}
