"""A reading as lines for a terminal: what was found, then a line for each block."""

from __future__ import annotations

from collections.abc import Iterator, Set

from archiver.explain.given import GivenPage
from archiver.explain.plain import cut, in_one_line, padded, visible
from archiver.explain.why import around_kept, runs_of, where, why
from archiver.extraction.article import READ, Article
from archiver.extraction.containers import Container
from archiver.extraction.html import Extractor, Reading, extractor_version
from archiver.extraction.quality import words_of
from archiver.extraction.verdicts import Verdict

_GREEN, _FAINT, _PLAIN = "\x1b[32m", "\x1b[2m", "\x1b[0m"
_LABEL = 10
_WHERE = 20


def report(
    reading: Reading, page: GivenPage, extractor: Extractor, *, shows_all: bool,
    width: int | None, has_colour: bool,
) -> Iterator[str]:  # fmt: skip
    """Yield the lines that show *reading*, which *extractor* made of *page*.

    Nothing is folded where *shows_all*; lines are cut to *width* cells, if that is not None.
    """
    for label, value in facts(reading, page, extractor):
        yield cut(f"{label:<{_LABEL}}{visible(value)}", width)
    yield ""
    yield from remarks(reading, extractor)
    around = around_kept(reading.verdicts)
    runs = ([verdict] for verdict in reading.verdicts) if shows_all else runs_of(reading.verdicts)
    for run in runs:
        is_kept = run[0].reason is None
        line = _line(run[0], around) if len(run) == 1 else _fold(run)
        colour = _GREEN if is_kept else _FAINT
        yield f"{colour}{cut(line, width)}{_PLAIN}" if has_colour else cut(line, width)
    if not reading.verdicts and reading.article is not None:
        for line in reading.article.text.split("\n"):
            yield cut(visible(line), width)


def facts(reading: Reading, page: GivenPage, extractor: Extractor) -> Iterator[tuple[str, str]]:
    """Yield what was found in a page, each as a label and a value."""
    yield "type", reading.page_type
    yield "address", page.url or "none: --url gives one"
    if page.status != 200:
        yield "status", str(page.status)
    article = reading.article
    if article is not None:
        yield "title", article.title or "none"
        yield "authors", ", ".join(article.authors) or "none"
        yield "published", article.published_date or "none"
        yield "modified", article.modified_date or "none"
        yield "agency", article.agency or "none"
        yield "language", _language(article)
        yield "words", _words(article, reading)
        yield "captions", str(len(article.captions))
    yield "extractor", f"{extractor} {extractor_version(extractor)}"


def remarks(reading: Reading, extractor: Extractor) -> Iterator[str]:
    """Yield a sentence for what of an explanation is not there."""
    if reading.page_type not in READ:
        yield f"No text was looked for: a page of the type {reading.page_type} has none."
    elif reading.article is None:
        yield "No article: what is kept is too short to be one."
    if extractor == "trafilatura" and reading.page_type in READ:
        yield "Trafilatura gives a text and no verdicts on blocks, so that nothing is explained."


def _language(article: Article) -> str:
    if article.language is None:
        return "none"
    score = article.language_score
    return article.language if score is None else f"{article.language} ({score:.2f})"


def _words(article: Article, reading: Reading) -> str:
    count = f"{len(words_of(article.text))}"
    if not reading.verdicts:
        return count
    kept = sum(verdict.reason is None for verdict in reading.verdicts)
    return f"{count}, in {kept} of {len(reading.verdicts)} blocks"


def _line(verdict: Verdict, around: Set[Container]) -> str:
    mark = "+" if verdict.reason is None else "-"
    place = padded(visible(where(verdict.block.container)), _WHERE)
    reason = visible(why(verdict, around))
    said = f"[{reason}] " if reason else ""
    text = visible(in_one_line(verdict.block.text))
    return f"{mark} {percent(verdict.likelihood):>4} {place} {said}{text}"


def _fold(run: list[Verdict]) -> str:
    return f"- … {len(run)} blocks dropped ({visible(run[0].reason or '')})"


def percent(likelihood: int) -> str:
    """Return *likelihood*, which is in thousandths, in per cent."""
    return f"{likelihood // 10}%"
