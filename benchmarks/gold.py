"""Pages of which somebody wrote down the text or the metadata, as public benchmarks have them.

A set is a file of JSON lines, a page each; its pages are never part of the project.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "shared" / "extraction" / "dev"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldPage:
    """A page and what is known of it; None and the empty tuple stand for what nobody wrote down.

    *required* are pieces of text that belong to the article, *forbidden* such as do not.
    *date* is a day, as `2023-02-03`.
    """

    name: str
    url: str | None
    html: bytes
    text: str | None = None
    required: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None


def read_set(folder: Path, group: str, limit: int | None = None) -> Iterator[GoldPage]:
    """Yield the pages of the set *group*, or *limit* of them that lie evenly apart."""
    with gzip.open(folder / f"{group}.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = list(file)
    for at in evenly(len(lines), limit):
        yield _page(json.loads(lines[at]))


def evenly(count: int, limit: int | None) -> list[int]:
    """Return *limit* of the numbers below *count*, evenly apart, or all when they are fewer."""
    if limit is None or limit >= count:
        return list(range(count))
    return [at * count // limit for at in range(limit)]


def _page(row: dict[str, Any]) -> GoldPage:
    html, authors = row["html"], row["author"] or ()
    return GoldPage(
        name=row["id"],
        url=row["url"],
        html=html.encode() if row["html_encoding"] == "text" else base64.b64decode(html),
        text=row["gold_text"],
        required=tuple(row["with"] or ()),
        forbidden=tuple(row["without"] or ()),
        title=row["title"] or None,
        authors=(authors,) if isinstance(authors, str) else tuple(authors),
        date=row["date"] or None,
    )
