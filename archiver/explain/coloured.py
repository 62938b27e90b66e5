"""A reading as an HTML page, its blocks coloured by what became of them.

Pages are hostile: all that is theirs is escaped, and the page holds no script and no address.
It forbids itself, by its Content-Security-Policy, to load anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from html import escape

from archiver.explain.given import GivenPage
from archiver.explain.plain import in_one_line, visible
from archiver.explain.report import facts, percent, remarks
from archiver.explain.why import around_kept, runs_of, where, why
from archiver.extraction.containers import Container
from archiver.extraction.html import Extractor, Reading
from archiver.extraction.verdicts import Verdict

_STYLE = """
body { font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #222; background: #fff }
dl { display: grid; grid-template-columns: 8rem 1fr; margin: 0 0 2rem }
dt { color: #555 }
dd, p { margin: 0; overflow-wrap: anywhere }
div, details { margin: 0 0 .25rem; padding: .25rem .75rem; border-left: .4rem solid }
.kept { border-color: #2a7d3f; background: #e7f4ea }
.dropped { border-color: #b3392f; background: #fbeceb; color: #555 }
.caption { border-color: #2b62a8; background: #e8f0fa }
.folded { border-color: #aaa; background: #f3f3f3; color: #555 }
small { color: #555; font-family: monospace }
"""
_HEAD = (
    '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src 'unsafe-inline'\">\n"
    '<meta name="robots" content="noindex">\n'
    '<meta name="viewport" content="width=device-width">\n'
)


def coloured(
    reading: Reading, page: GivenPage, extractor: Extractor, *, shows_all: bool
) -> Iterator[str]:
    """Yield the lines of the HTML page that shows *reading*, which *extractor* made of *page*.

    Long runs of dropped blocks can be unfolded, or are so already where *shows_all*.
    """
    yield _HEAD + f"<title>{_shown(page.name)}, explained</title>"
    yield f"<style>{_STYLE}</style>\n</head>\n<body>"
    yield f"<h1>{_shown(page.name)}</h1>\n<dl>"
    for label, value in facts(reading, page, extractor):
        yield f'<dt>{label}</dt><dd dir="auto">{_shown(value)}</dd>'
    yield "</dl>"
    for sentence in remarks(reading, extractor):
        yield f"<p>{_shown(sentence)}</p>"
    around = around_kept(reading.verdicts)
    for run in runs_of(reading.verdicts):
        if len(run) == 1:
            yield _block(run[0], around)
        else:
            yield from _folded(run, around, is_open=shows_all)
    article = reading.article
    if article is not None:
        yield from _listed("Text", filter(None, article.text.split("\n")))
        yield from _listed("Captions", article.captions)
    yield "</body>\n</html>"


def _block(verdict: Verdict, around: Set[Container]) -> str:
    reason = verdict.reason
    kind = "kept" if reason is None else "caption" if reason == "caption" else "dropped"
    said = f"{percent(verdict.likelihood)} {where(verdict.block.container)} {why(verdict, around)}"
    text = _shown(in_one_line(verdict.block.text))
    return f'<div class="{kind}"><small>{_shown(said)}</small><p dir="auto">{text}</p></div>'


def _folded(run: list[Verdict], around: Set[Container], *, is_open: bool) -> Iterator[str]:
    count = f"{len(run)} blocks dropped ({run[0].reason})"
    yield f'<details class="folded"{" open" if is_open else ""}><summary>{_shown(count)}</summary>'
    yield from (_block(verdict, around) for verdict in run)
    yield "</details>"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"<h2>{title}</h2>"
    for line in lines:
        yield f'<p dir="auto">{_shown(line)}</p>'


def _shown(text: str) -> str:
    return escape(visible(text))
