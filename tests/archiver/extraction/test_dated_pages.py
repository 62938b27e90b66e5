"""Pages as sites of a kind made them on a day, in prose of our own.

`tests/pages/<domain>/<date>.html.gz` is the page as its server sent it, `<date>.json` beside
it what we make of it; a new pair is a new case. Its *furniture* is what stands around the
article, a phrase of each piece.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from archiver.extraction import extract_html
from archiver.extraction.article import Article
from archiver.extraction.tree import parse
from archiver.text import normalise_line

FOLDER = Path(__file__).parents[2] / "pages"
NAMES = [str(path.relative_to(FOLDER).with_suffix("")) for path in sorted(FOLDER.glob("*/*.json"))]


@cache
def expected_of(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def page_of(name: str) -> bytes:
    return gzip.decompress((FOLDER / f"{name}.html.gz").read_bytes())


@cache
def article_of(name: str) -> Article:
    expected = expected_of(name)
    article = extract_html(
        page_of(name),
        expected["url"],
        charset=expected["charset"],
        captured_at=datetime.fromisoformat(expected["captured_at"]),
    )
    assert article is not None
    return article


@pytest.mark.parametrize("name", NAMES)
def test_a_dated_page_gives_its_article(name: str) -> None:
    found = json.loads(json.dumps(asdict(article_of(name))))

    assert found.pop("language_score") > 0.9
    assert found == expected_of(name)["article"]


@pytest.mark.parametrize("name", NAMES)
def test_each_paragraph_is_in_the_text_once(name: str) -> None:
    text = article_of(name).text
    paragraphs = expected_of(name)["article"]["text"].split("\n\n")

    assert [line for line in paragraphs if text.count(line) != 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_furniture_is_in_the_text(name: str) -> None:
    text = article_of(name).text
    furniture = expected_of(name).get("furniture", [])

    assert [phrase for phrase in furniture if phrase in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_called_furniture_is_on_the_page(name: str) -> None:
    tree = parse(page_of(name), expected_of(name)["charset"])
    assert tree is not None
    shown = normalise_line(" ".join(tree.itertext(with_tail=True))) or ""
    furniture = expected_of(name).get("furniture", [])

    assert [phrase for phrase in furniture if phrase not in shown] == []
