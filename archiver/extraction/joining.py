"""An article that is spread over several pages, made one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archiver.extraction.article import Article


def joined(article: Article, parts: Iterable[Article | None]) -> Article:
    """Return *article*, which the *parts* continue in their order, with all texts and captions.

    What the pages repeat (the lead, who wrote it) stands where it stood first. A part without an
    article has nothing to add.
    """
    parts = list(parts)
    paragraphs = article.text.split("\n\n")
    said = set(paragraphs)
    for part in parts:
        for paragraph in part.text.split("\n\n") if part is not None else ():
            if paragraph not in said:
                said.add(paragraph)
                paragraphs.append(paragraph)
    captions = dict.fromkeys(article.captions)
    captions |= dict.fromkeys(c for part in parts if part is not None for c in part.captions)
    return replace(article, text="\n\n".join(paragraphs), captions=tuple(captions))
