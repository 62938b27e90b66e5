"""The reason for which a block was dropped, in words that ask for no knowledge of the engine.

They are signs that can be seen from outside: the model itself weighs hundreds of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice

from archiver.extraction.blocks import Block
from archiver.extraction.containers import Container
from archiver.extraction.hints import ALL
from archiver.extraction.quality import words_of
from archiver.extraction.verdicts import Verdict

# A run of dropped blocks is shown as one if it is longer, and if none was nearly kept.
_FEW = 3
_NEARLY = 100  # thousandths

_FEW_WORDS = 5
_MOST_SAID = 2
_MOST_CLASSES = 3
_MOST_CHARS = 200  # of the names of classes
_NO_TAG = "-"
_BY_TYPE = "_tag"

# Hints that speak against a block; the others speak for it, or neither way.
_AGAINST = (
    "footer", "nav", "aside", "related", "comment", "share", "signup", "tags", "ad", "notice",
    "search", "author", "aside_tag", "nav_tag", "footer_tag", "form_tag",
)  # fmt: skip
_PLACES = [(ALL.index(hint), hint) for hint in _AGAINST]


def around_kept(verdicts: Iterable[Verdict]) -> set[Container]:
    """Return the containers around the blocks that were kept: those speak against none."""
    around: set[Container] = set()
    for verdict in verdicts:
        container: Container | None = verdict.block.container
        while verdict.reason is None and container is not None and container not in around:
            around.add(container)
            container = container.parent
    return around


def why(verdict: Verdict, around: Set[Container]) -> str:
    """Return why the block of *verdict* was dropped; empty where it was kept whole.

    *around* are the containers around what was kept of its page.
    """
    if verdict.reason is None:
        return "" if verdict.text == verdict.block.text else "kept in part"
    if verdict.reason != "unlikely":
        return verdict.reason
    against = list(islice(_spoken_against(verdict.block, around), _MOST_SAID))
    return f"unlikely: {', '.join(against)}" if against else "unlikely"


def where(container: Container) -> str:
    """Return *container* as CSS would call it: `p.lead`."""
    tag, *classes = container.signature[:_MOST_CHARS].split() or [_NO_TAG]
    return ".".join((tag, *classes[:_MOST_CLASSES]))


def runs_of(verdicts: Sequence[Verdict]) -> Iterator[list[Verdict]]:
    """Yield *verdicts* in their order, one by one, but together those that are shown as one."""
    run: list[Verdict] = []
    for verdict in verdicts:
        if run and not (_is_clear(verdict) and verdict.reason == run[0].reason):
            yield from _folded(run)
            run = []
        if _is_clear(verdict):
            run.append(verdict)
        else:
            yield [verdict]
    yield from _folded(run)


def _is_clear(verdict: Verdict) -> bool:
    return verdict.reason is not None and verdict.likelihood < _NEARLY


def _folded(run: list[Verdict]) -> Iterator[list[Verdict]]:
    if len(run) > _FEW:
        yield run
    else:
        yield from ([verdict] for verdict in run)


def _spoken_against(block: Block, around: Set[Container]) -> Iterator[str]:
    if block.container.is_hidden:
        yield "it is hidden"
    if block.links:
        yield "a menu"
    elif block.linked >= len(block.text):
        yield "all of it is a link"
    elif 2 * block.linked > len(block.text):
        yield "most of it is a link"
    box = _bad_box(block.container, around)
    if box is not None:
        yield f"in {box}"
    if len(words_of(block.text)) < _FEW_WORDS:
        yield "few words"


def _bad_box(container: Container, around: Set[Container]) -> str | None:
    """Return the nearest element around whose type or name speaks against what is in it.

    What it is taken for stands behind, where that is by its name.
    """
    depth, hint = max(
        ((container.nearest[at], hint) for at, hint in _PLACES), key=lambda near: near[0]
    )
    box: Container | None = container
    while box is not None and box.depth > depth:
        box = box.parent
    if not depth or box is None or box in around:
        return None
    return where(box) if hint.endswith(_BY_TYPE) else f"{where(box)} ({hint})"
