"""What became of each block of a page, and the text that the kept ones make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from archiver.extraction.blocks import Block
from archiver.extraction.containers import Container

_HOLDERS = frozenset(("td", "th", "li"))
_PARAGRAPHS = frozenset(("p", "div"))
_MAX_CELL = 200  # characters; what is longer is a paragraph in a table that only lays out


class Verdict(NamedTuple):
    """What became of a block: kept where *reason* is None, *text* of it.

    *likelihood*, in thousandths, is the model's, or where it was unsure that of all opinions.
    """

    block: Block
    text: str
    likelihood: int
    reason: str | None


def text_from(verdicts: Sequence[Verdict]) -> str:
    """Return the text of the kept blocks, a line each; the short cells of a row share one."""
    lines: list[str] = []
    before: Container | None = None  # the cell, or the item, that the last line is of
    for text, container in _kept_lines(verdicts):
        holder = _cell_or_item(container)
        if holder is None or holder is before:
            lines.append(text)
        elif holder.tag == "li":
            lines.append(f"- {text}")
        elif len(text) > _MAX_CELL:
            lines.append(text)
            holder = None
        elif before is not None and before.parent is holder.parent:
            lines[-1] += f" | {text}"
        else:
            lines.append(text)
        before = holder
    return "\n".join(lines)


def _kept_lines(verdicts: Sequence[Verdict]) -> Iterator[tuple[str, Container]]:
    """Yield the lines that are kept and where they lie, each link of a menu by itself."""
    for verdict in verdicts:
        if verdict.reason is None:
            for link in verdict.block.links:
                yield link.text, link.container
            if not verdict.block.links:
                yield verdict.text, verdict.block.container


def _cell_or_item(container: Container) -> Container | None:
    """Return the cell or the item whose paragraph *container* is, or that it is itself."""
    for holder in (container, container.parent):
        if holder is not None and holder.tag in _HOLDERS:
            return holder
        if container.tag not in _PARAGRAPHS:
            break
    return None
