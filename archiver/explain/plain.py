"""What a page says, made fit to be shown: nothing of it reaches a terminal as a command.

Controls, overrides of the direction of writing and other characters that nobody sees are spelled
out. The two joiners, which Persian, Hindi and emoji are written with, stay.
"""

from __future__ import annotations

from unicodedata import category, combining, east_asian_width

_JOINERS = "\u200c\u200d"
_ELLIPSIS = "…"


def visible(text: str) -> str:
    """Return *text* on one line, with what cannot be seen spelled out as Python would."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character in _JOINERS else _spelled(character)
        for character in text
    )


def in_one_line(text: str) -> str:
    """Return the lines of *text*, which are the links of a menu, with a bar between them."""
    return text.replace("\n", " | ")


def cut(text: str, cells: int | None) -> str:
    """Return *text*, or as much of it as *cells* of a terminal hold, and an ellipsis."""
    if cells is None:
        return text
    taken, before_last = 0, 0
    for at, character in enumerate(text):
        taken += _cells(character)
        if taken > cells:
            return text[:before_last] + _ELLIPSIS if cells else ""
        if taken < cells:
            before_last = at + 1
    return text


def padded(text: str, cells: int) -> str:
    """Return *text* in exactly as many *cells*, cut or with blanks behind it."""
    shown = cut(text, cells)
    return shown + " " * (cells - sum(map(_cells, shown)))


def _spelled(character: str) -> str:
    if category(character) == "Zs":
        return " "
    return character.encode("unicode_escape").decode("ascii")


def _cells(character: str) -> int:
    if combining(character) or category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
