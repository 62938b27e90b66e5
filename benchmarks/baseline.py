"""The stored scores of our extraction, and what has fallen below them.

`extraction.json` holds what the development pages scored (`sets`), a few of each set, which
the tests read (`sample`), and the pages that the project ships (`shipped`). Every score is
from 0 to 1, rounded to `DIGITS`.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from archiver.extraction import Article, ExtractionError, extract_html
from benchmarks.extractors import OURS
from benchmarks.gold import GoldPage, evenly
from benchmarks.scores import Overlap, score_of, shingles

BASELINE = Path(__file__).with_name("extraction.json")
PAGES = BASELINE.parents[1] / "tests" / "pages"
DIGITS = 4
TOLERANCE = 0.002  # what an update of a library may cost a set before it has to be looked at
SAMPLE = 12  # the pages of each set that the tests read

Scores = dict[str, float]


def read_baseline() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return found


def write_baseline(baseline: Mapping[str, Any]) -> None:
    text = json.dumps(baseline, indent=2, sort_keys=True, ensure_ascii=False)
    BASELINE.write_text(text + "\n", encoding="utf-8")


def complaints(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[str]:
    """Return a line for each set and each shipped page on which *now* is worse than *before*."""
    sets = before.get("sets", {})
    lines = []
    for group, of_set in now["sets"].items():
        if group not in sets:
            lines.append(f"{group} has no stored score")
        elif sets[group]["pages"] != of_set["pages"]:
            lines.append(f"{group} has {of_set['pages']} pages, and had {sets[group]['pages']}")
    lines += fallen(headline(now["sets"]), headline(sets))
    if "shipped" in now:
        lines += worse_shipped(now["shipped"]["pages"], before.get("shipped", {}))
    return lines


def merged(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return *before* with the sets of *now* in their place, and its shipped pages."""
    sections = {name: before.get(name, {}) | now[name] for name in ("sets", "sample")}
    shipped = {"shipped": now["shipped"]} if "shipped" in now else {}
    return {**before, **sections, **shipped}


def worse_shipped(now: Mapping[str, Scores], before: Mapping[str, Any]) -> list[str]:
    """Return a line for each shipped page, and for their mean, that scores below *before*."""
    pages, mean_before = before.get("pages", {}), before.get("mean", {})
    lines = [f"{name} has no stored score" for name in now if name not in pages]
    for name in now.keys() & pages.keys():
        lines += [f"{name}: {line}" for line in fallen(now[name], pages[name], 0)]
    return sorted(lines) + [f"shipped: {line}" for line in fallen(means(now), mean_before, 0)]


def headline(sets: Mapping[str, Any]) -> dict[str, float]:
    """Return, of stored *sets*, what must not fall: our F1 of the texts, our metadata's shares."""
    numbers: dict[str, float] = {}
    for group, of_set in sets.items():
        if OURS in of_set:
            numbers[f"{group} F1"] = of_set[OURS]["f1"]
        for kind, share in of_set["metadata"].get(OURS, {}).items():
            numbers[f"{group} {kind}"] = share
    return numbers


def fallen(
    now: Mapping[str, float], stored: Mapping[str, float], tolerance: float = TOLERANCE
) -> list[str]:
    """Return a line for each score that lies more than *tolerance* below the stored one."""
    lines = []
    for name in sorted(now.keys() & stored.keys()):
        if now[name] < stored[name] - tolerance - 1e-9:
            lines.append(f"{name} fell from {stored[name]:.4f} to {now[name]:.4f}")
    return lines


def sample_f1(group: str, overlaps: Sequence[Overlap]) -> float:
    """Return the F1 of the sample of a set, from the *overlaps* of all its pages or of those."""
    return score_of(group, [overlaps[at] for at in evenly(len(overlaps), SAMPLE)]).f1


def shipped_names() -> list[str]:
    """Return the names of the pages in `tests/pages`, as `domain/day`."""
    return [path.relative_to(PAGES).with_suffix("").as_posix() for path in PAGES.glob("*/*.json")]


def shipped_scores(extract: Callable[..., Article | None] = extract_html) -> dict[str, Scores]:
    """Return what *extract* scores on each shipped page, by its name.

    *f1* is of the text's runs of four words, *metadata* the share of the other columns that
    are exactly as written down.
    """
    return {name: _shipped_score(name, extract) for name in sorted(shipped_names())}


def means(scores: Mapping[str, Scores]) -> Scores:
    """Return the mean over the pages of each of their scores."""
    return {
        kind: round(fmean(each[kind] for each in scores.values()), DIGITS)
        for kind in ("f1", "metadata")
    }


def _shipped_score(name: str, extract: Callable[..., Article | None]) -> Scores:
    expected = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    page = GoldPage(
        name=name,
        url=expected["url"],
        html=gzip.decompress((PAGES / f"{name}.html.gz").read_bytes()),
        text=expected["article"]["text"],
    )
    try:
        article = extract(
            page.html,
            page.url,
            charset=expected["charset"],
            captured_at=datetime.fromisoformat(expected["captured_at"]),
        )
    except ExtractionError:
        article = None
    found = json.loads(json.dumps(asdict(article))) if article else {"text": ""}
    columns = expected["article"].keys() - {"text"}
    right = [
        column in found and found[column] == expected["article"][column] for column in columns
    ]
    return {
        "f1": round(shingles(found["text"], page).f1, DIGITS),
        "metadata": round(fmean(right), DIGITS),
    }
