"""The skeleton of a page: its blocks without their words, for who only asks where they lie.

Resiliparse goes by what elements are called, how they lie in each other, and how much of them
is linked. So it need not read the page: some fifteen kilobytes that have just this take a third
of the time. What it then keeps differs in one block of ten, where elements within lines count or
parsers disagree, and is as good an opinion. Each block is known by its number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from archiver.extraction.blocks import Block
from archiver.extraction.containers import WHOLE, Container

# Containers in each other; no page of the benchmarks has as many, and deeper ones take time by
# the square.
MAX_DEPTH = 80
_TOLD = frozenset(("class", "id", "role", "style", "hidden", "aria-hidden"))
# A parser puts what lies in these, but in no cell, before the table.
_ROWS = frozenset(("table", "thead", "tbody", "tfoot", "tr"))
_QUOTE = '"'
_MAX_TOLD = 200  # characters of an attribute
_MAX_LENGTH = 500  # characters; what is longer is as long
_LETTERS = "x" * _MAX_LENGTH
_NUMBER = re.compile(r"b(\d+)b")


def skeleton_of(blocks: Sequence[Block]) -> str:
    """Return HTML with the containers of *blocks*, and in place of each text its number."""
    parts: list[str] = []
    around: list[Container] = []  # what is open, each right within the one before
    for at, block in enumerate(blocks):
        here = block.container
        inner: list[Container] = []
        while here.parent is not None and not _is_open(here, around):
            if here.tag not in WHOLE:
                inner.append(here)
            here = here.parent
        while around and around[-1] is not here:
            parts.append(_closing(around.pop()))
        if not inner:
            parts.append("<br>")
        while inner:
            around.append(inner.pop())
            parts.append(_opening(around[-1]))
        text = _filled(at, len(block.text), block.linked)
        parts.append(f"<td>{text}</td>" if block.tag in _ROWS else text)
    parts += map(_closing, reversed(around))
    return "".join(parts)


def numbers_in(text: str) -> set[int]:
    """Return the numbers of the blocks that are left in *text*, which was made of a skeleton."""
    return set(map(int, _NUMBER.findall(text)))


def _is_open(container: Container, around: Sequence[Container]) -> bool:
    at = container.depth - around[0].depth if around else -1
    return 0 <= at < len(around) and around[at] is container


def _tag(container: Container) -> str:
    # A parser ends a paragraph before most of what might lie in it.
    return "div" if container.tag == "p" and container.children else container.tag


def _opening(container: Container) -> str:
    told = [
        f' {name}="{value[:_MAX_TOLD].replace(_QUOTE, "")}"'
        for name, value in container.attributes.items()
        if name in _TOLD
    ]
    return f"<{_tag(container)}{''.join(told)}>"


def _closing(container: Container) -> str:
    return f"</{_tag(container)}>"


def _filled(number: int, length: int, linked: int) -> str:
    """Return *number* in a text of *length* characters, *linked* of which are in a link."""
    plain = f"b{number}b{_LETTERS[: length - linked]}"
    if 2 * linked > length:
        return f"<a href=x>{plain}{_LETTERS[:linked]}</a>"
    return f"{plain}<a href=x>{_LETTERS[:linked]}</a>" if linked else plain
