"""Menus: what stands in a `nav`, and runs of short links, which are read as one block each.

Two in five blocks of a page are links of its menus, and next to none of them is article.
Joined they cost little, and what stands beside them is nearer to what it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from archiver.extraction.blocks import HEADINGS, Block
from archiver.extraction.containers import Container
from archiver.extraction.letters import is_prose

_LEAST = 4  # links
_MAX_LINK = 40  # characters
_MOSTLY = 90  # percent of a block that are linked
_CELLS = frozenset(("td", "th"))  # whose rows say something
# What an element that was never closed swallows is no menu, be it called `nav`.
_MAX_UNLINKED = 200  # characters


def with_menus_joined(blocks: Sequence[Block]) -> list[Block]:
    """Return *blocks* with each menu as one, whose text has a line for each of its blocks."""
    joined: list[Block] = []
    for nav, group in groupby(blocks, lambda block: block.nav):
        inside = list(group)
        if nav is not None and len(inside) > 1 and _is_menu(inside):
            joined.append(_menu(inside))
        else:
            joined += _with_runs_joined(inside)
    return joined


def _with_runs_joined(blocks: Sequence[Block]) -> list[Block]:
    joined: list[Block] = []
    for is_run, group in groupby(blocks, _is_short_link):
        run = list(group)
        joined += [_menu(run)] if is_run and len(run) >= _LEAST else run
    return joined


def _is_menu(inside: Sequence[Block]) -> bool:
    """Say whether the blocks *inside* a `nav` are nothing else but its own."""
    unlinked = sum(len(block.text) - block.linked for block in inside)
    return unlinked <= _MAX_UNLINKED and not any(
        block.tag == "h1" or (block.linked == 0 and is_prose(block.text)) for block in inside
    )


def _is_short_link(block: Block) -> bool:
    length = len(block.text)
    return (
        length <= _MAX_LINK
        and 100 * block.linked >= _MOSTLY * length
        and block.tag not in HEADINGS
        and block.tag not in _CELLS
    )


def _menu(blocks: Sequence[Block]) -> Block:
    text = "\n".join(block.text for block in blocks)
    return blocks[0]._replace(
        text=text,
        container=_around(blocks),
        linked=sum(block.linked for block in blocks),
        bold=sum(block.bold for block in blocks),
        italic=sum(block.italic for block in blocks),
        links=tuple(blocks),
    )


def _around(blocks: Sequence[Block]) -> Container:
    """Return the smallest container that all of *blocks* lie in."""
    one = blocks[0].container
    for block in blocks[1:]:
        other = block.container
        while one is not other:
            if one.depth < other.depth:
                one, other = other, one
            one = one.parent or one
    return one
