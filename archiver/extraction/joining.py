"""An article that is spread over several pages, made one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from archiver.extraction.article import Article


def joined(article: Article, parts: Iterable[Article | None]) -> Article:
    """Return *article*, which the *parts* continue in their order, with the text of all.

    What the pages repeat (the lead, who wrote it) stands where it stood first. A part without an
    article has nothing to add.
    """
    paragraphs = article.text.split("\n\n")
    said = set(paragraphs)
    for part in parts:
        for paragraph in part.text.split("\n\n") if part is not None else ():
            if paragraph not in said:
                said.add(paragraph)
                paragraphs.append(paragraph)
    return replace(article, text="\n\n".join(paragraphs))
