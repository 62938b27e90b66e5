"""Menus: what holds hardly anything but links, which is read as one block.

Three in five blocks of a page are links of its menus, lists of other stories and rows of
buttons, with their headings and dates, and next to none of them is article. Joined they cost
little, and what stands beside them is nearer to what it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, groupby

from archiver.extraction.blocks import HEADINGS, Block
from archiver.extraction.containers import WHOLE, Container
from archiver.extraction.letters import MIN_PROSE, is_prose, letters_of

_LEAST = 4  # blocks
_MAX_LINK = 40  # characters
_MOSTLY = 90  # percent of a block that are linked
_HALF = 50  # percent of a container
_CELLS = frozenset(("td", "th"))  # whose rows say something
_SPEAKING = _CELLS | {"h1"}
# What an element that was never closed swallows is no menu, be it called `nav`.
_MAX_UNLINKED = 200  # characters, or letters in a row


def with_menus_joined(blocks: Sequence[Block]) -> list[Block]:
    """Return *blocks* with each menu as one, whose text has a line for each of its blocks.

    *blocks* are all those of a page. A menu is the largest container without a line of its own,
    half of whose text or more is linked, and four short links that follow each other elsewhere.
    """
    is_menu = _menus_among(blocks)
    joined: list[Block] = []
    at = 0
    while at < len(blocks):
        menu = _largest_that_begins(blocks[at].container, at, is_menu)
        if menu is None:
            joined.append(blocks[at])
            at += 1
        else:
            joined.append(_menu(blocks[menu.first : menu.after], menu))
            at = menu.after
    return _with_runs_joined(joined)


def _largest_that_begins(
    container: Container, at: int, is_menu: Callable[[Container], bool]
) -> Container | None:
    """Return the menu around *container* whose first block is the one *at*, if any is one.

    Of those that hold the same blocks it is the innermost, which says more of them.
    """
    found: Container | None = None
    inner = container
    here: Container | None = container
    while here is not None and here.first == at:
        if here.after > inner.after:
            inner = here
        if is_menu(here):
            found = inner
        here = here.parent
    return found


def _menus_among(blocks: Sequence[Block]) -> Callable[[Container], bool]:
    """Return what says whether a container of *blocks* is a menu."""
    chars = [0, *accumulate(len(block.text) for block in blocks)]
    linked = [0, *accumulate(block.linked for block in blocks)]
    lines = [0, *accumulate(_lines_among(blocks))]

    def is_menu(container: Container) -> bool:
        first, after = container.first, container.after
        if container.tag in WHOLE or after - first < 2 or lines[after] > lines[first]:
            return False
        whole, in_links = chars[after] - chars[first], linked[after] - linked[first]
        if container.tag == "nav" and whole - in_links <= _MAX_UNLINKED:
            return True
        return after - first >= _LEAST and 100 * in_links >= _HALF * whole

    return is_menu


def _lines_among(blocks: Sequence[Block]) -> list[bool]:
    """Return for each of *blocks* whether it is, or goes on with, what no menu has.

    That is a headline, a cell, a line that is no link, many short ones in a row, as in a poem,
    or prose that is all in a link, as behind one that was never closed.
    """
    found: list[bool] = []
    for is_linked, group in groupby(blocks, lambda block: 2 * block.linked >= len(block.text)):
        run = list(group)
        lengths = [letters_of(block.text) for block in run]
        if is_linked:
            long = [
                length > _MAX_UNLINKED and is_prose(b.text)
                for b, length in zip(run, lengths, strict=True)
            ]
        elif sum(lengths) > _MAX_UNLINKED:
            long = [True] * len(run)
        else:
            long = [length >= MIN_PROSE for length in lengths]
        found += [line or block.tag in _SPEAKING for block, line in zip(run, long, strict=True)]
    return found


def _with_runs_joined(blocks: Sequence[Block]) -> list[Block]:
    joined: list[Block] = []
    for is_run, group in groupby(blocks, _is_short_link):
        run = list(group)
        joined += [_menu(run, _around(run))] if is_run and len(run) >= _LEAST else run
    return joined


def _is_short_link(block: Block) -> bool:
    length = len(block.text)
    return (
        length <= _MAX_LINK
        and 100 * block.linked >= _MOSTLY * length
        and not block.links
        and block.tag not in HEADINGS
        and block.tag not in _CELLS
    )


def _menu(blocks: Sequence[Block], container: Container) -> Block:
    first = blocks[0]
    return Block(
        text="\n".join(block.text for block in blocks),
        container=container,
        linked=sum(block.linked for block in blocks),
        bold=sum(block.bold for block in blocks),
        italic=sum(block.italic for block in blocks),
        images=first.images,
        sections=first.sections,
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
