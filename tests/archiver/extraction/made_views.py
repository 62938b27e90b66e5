"""Views of small pages, for tests of what is made from them."""

from __future__ import annotations

from lxml.html import HtmlElement

from archiver.extraction.blocks import Block, blocks_of
from archiver.extraction.columns import Columns
from archiver.extraction.features import features_of
from archiver.extraction.tree import parse
from archiver.extraction.view import Line, View

FERRY = (
    "The ferry came back to Pell Quay on Friday, a year after its winch broke in the gale.",
    "Its first passenger was a cow named Marigold, who had been waiting for it since last May.",
    "The captain said the winch was new, the rope was new, and the captain was the old one.",
    "Fares stay as they were. Bicycles travel free until June, and cows by agreement.",
    "The harbour board paid for it out of a fund for a lighthouse that nobody has wanted.",
    "Two more crossings a day are planned for the summer, if a second crew can be found.",
    "At the inn they had put out flags, and the landlord had written a song of the winch.",
    "Nobody on the island remembers a longer year, and nobody wants to see another.",
)


def tree_of(body: str) -> HtmlElement:
    """Return the tree of a page with *body*."""
    tree = parse(f"<html><body>{body}</body></html>".encode())
    assert tree is not None
    return tree


def blocks(body: str) -> list[Block]:
    return blocks_of(tree_of(body))


def view_of(body: str, title: str = "") -> View:
    """Return the view of a page with *body*."""
    found = blocks(body)
    lines = [Line.of(block) for block in found]
    return View.of(found, lines, title)


def columns_of(view: View, description: str = "") -> Columns:
    return features_of(view, description)


def kept_but(view: View, *texts: str) -> list[bool]:
    """Return that all blocks are kept but those that say one of *texts*."""
    return [block.text not in texts for block in view.blocks]
