"""Quality on real pages: a sample of a public benchmark, by its own measure."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from itertools import islice
from pathlib import Path
from re import findall
from statistics import mean
from typing import Any

from archiver.extraction import extract_html

PAGES = 40
# Measured on this sample: .976; trafilatura alone .966, in its precision mode .974.
LEAST_F1 = 0.97


def test_the_text_of_news_pages_is_as_good_as_it_was(shared: Path) -> None:
    scores = [score(page) for page in sample(shared / "extraction" / "dev" / "aeb.jsonl.gz")]

    precision, recall = (mean(values) for values in zip(*scores, strict=True))

    assert 2 * precision * recall / (precision + recall) >= LEAST_F1


def sample(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in islice(lines, PAGES)]


def score(page: dict[str, Any]) -> tuple[float, float]:
    """Return the precision and recall of a text's runs of four words, repetitions counted."""
    article = extract_html(page["html"].encode(), page["url"])
    found, gold = shingles(article.text if article else ""), shingles(page["gold_text"])
    common = (found & gold).total()
    return common / max(1, found.total()), common / max(1, gold.total())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))
