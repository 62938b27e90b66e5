"""How well articles are extracted, beside trafilatura and resiliparse, and whether it got worse.

    python benchmarks/extraction.py [--set aeb] [--limit 20] [--worst 5] [--update]
                                    [--data ../shared/extraction/dev]

The pages are those of nine public benchmarks of article extraction; they are no part of the
project. Seven sets have texts, each scored by the measure with which it was published (see
`scores.py`): F1 from the mean precision and the mean recall of its pages. `mean` is the plain
mean of the sets. `speed` is how many pages an extractor reads in a second of the CPU, as a
multiple of what trafilatura reads when it finds the metadata as well, as ours does: page by
page they take turns in one process, a different one first each time, so that whatever else the
machine does hits all alike (what one leaves of a page in caches spares another 4 % at most).
Six sets have metadata: the share of the titles that are right but for the site's name, and to
the word; the F1 of the words of the authors' names; the share of the dates that are the day.

What our extractor scored once is in `extraction.json`. What has fallen by more than .002 is
named, and the exit status is 1. --update stores the new scores instead. --set, which may be
repeated, takes only those sets (`shipped` is the pages in `tests/pages`, which alone need no
--data); --limit so many pages of each, which then are compared with nothing; --worst lists
those of each set on which our text is worst, with its F1 and trafilatura's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from statistics import mean
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from archiver.extraction import config_hash  # noqa: E402
from benchmarks import baseline as stored  # noqa: E402
from benchmarks.extractors import (  # noqa: E402
    DESCRIBERS,
    EXTRACTORS,
    MEASURE_OF_SPEED,
    OURS,
    TRAFILATURA_MODES,
    Turns,
    overlaps_of,
    shares_of,
    take_turns,
)
from benchmarks.gold import DATA  # noqa: E402
from benchmarks.scores import DESCRIBED, MEASURES, score_of  # noqa: E402

SHIPPED = "shipped"
GROUPS = (*dict.fromkeys((*MEASURES, *DESCRIBED)), SHIPPED)
LIBRARIES = ("lxml", "resiliparse", "trafilatura")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--set", action="append", choices=GROUPS, dest="groups")
    parser.add_argument("--limit", type=int, help="so many pages of each set, evenly apart")
    parser.add_argument("--worst", type=int, default=0, help="list so many pages of each set")
    parser.add_argument("--update", action="store_true", help="store what is scored now")
    arguments = parser.parse_args()
    if arguments.update and arguments.limit:
        parser.error("--update stores whole sets: leave out --limit")
    groups = arguments.groups or list(GROUPS)
    sets = [group for group in groups if group != SHIPPED]
    missing = [it for it in sets if not (arguments.data / f"{it}.jsonl.gz").is_file()]
    if missing:
        there = f"{arguments.data} lacks the pages of {', '.join(missing)}"
        print(f"{there}, which are no part of the project: see --data", file=sys.stderr)
        return 2
    turns = take_turns(arguments.data, sets, arguments.limit or None)
    print_texts({group: turns[group] for group in sets if group in MEASURES})
    print_metadata({group: turns[group] for group in sets if group in DESCRIBED})
    for group in sets:
        print_worst(group, turns[group], arguments.worst)
    now = numbers_of(turns, with_shipped=SHIPPED in groups)
    if arguments.limit:
        return 0
    return settle(now, update=arguments.update, whole=set(groups) == set(GROUPS))


def print_texts(sets: Mapping[str, Turns]) -> None:
    """Print a row for each extractor: its F1 on each set, their mean, and its speed."""
    if not sets:
        return
    heads = [*sets, "mean", "speed"]
    print(f"{'text, F1':<29}" + "".join(f"{head:>8}" for head in heads))
    seconds = {
        name: sum(turn.seconds for turns in sets.values() for turn in turns[name])
        for name in EXTRACTORS
    }
    for name in EXTRACTORS:
        scores = [score_of(group, overlaps_of(turns[name])).f1 for group, turns in sets.items()]
        shown = "".join(f"{score:>8.4f}" for score in [*scores, mean(scores)])
        print(f"{name:<29}{shown}{seconds[MEASURE_OF_SPEED] / seconds[name]:>8.2f}")


def print_metadata(sets: Mapping[str, Turns]) -> None:
    """Print a row for each fact and extractor: how right it is on each set."""
    if not sets:
        return
    print(f"\n{'metadata, share right':<42}" + "".join(f"{group:>8}" for group in sets))
    shares = {
        name: {group: shares_of(turns[name]) for group, turns in sets.items()}
        for name in DESCRIBERS
    }
    for kind in ("title", "title_exact", "author", "date"):
        for name in DESCRIBERS:
            cells = [of_set.get(kind) for of_set in shares[name].values()]
            shown = "".join(f"{'-' if it is None else f'{it:.4f}':>8}" for it in cells)
            print(f"{kind:<13}{name:<29}{shown}")


def print_worst(group: str, turns: Turns, count: int) -> None:
    pairs = zip(turns[OURS], turns[MEASURE_OF_SPEED], strict=True)
    scored = [(a.overlap.f1, b.overlap.f1, a.page) for a, b in pairs if a.overlap and b.overlap]
    if scored and count:
        print(f"\n{group}, the worst pages: F1 of our text, of trafilatura's")
    for ours, theirs, page in sorted(scored, key=lambda it: it[0])[:count]:
        print(f"{ours:.3f} {theirs:.3f}  {page.name[:40]}  {page.url}")


def numbers_of(turns: Mapping[str, Turns], *, with_shipped: bool) -> dict[str, Any]:
    """Return what has been scored, in the form in which it is stored."""
    numbers: dict[str, Any] = {
        "sets": {group: set_numbers(group, of_set) for group, of_set in turns.items()},
        "sample": {
            group: round(stored.sample_f1(group, overlaps_of(turns[group][OURS])), stored.DIGITS)
            for group in turns.keys() & MEASURES.keys()
        },
    }
    if with_shipped:
        pages = stored.shipped_scores()
        numbers[SHIPPED] = {"mean": stored.means(pages), "pages": pages}
    return numbers


def set_numbers(group: str, turns: Turns) -> dict[str, Any]:
    numbers: dict[str, Any] = {"pages": len(turns[OURS])}
    if group in MEASURES:
        scores = {name: score_of(group, overlaps_of(turns[name])) for name in turns}
        best = max(TRAFILATURA_MODES, key=lambda name: scores[name].f1)
        for name, of_name in ((OURS, OURS), ("trafilatura", best)):
            score = scores[of_name]
            numbers[name] = {
                "f1": round(score.f1, stored.DIGITS),
                "precision": round(score.precision, stored.DIGITS),
                "recall": round(score.recall, stored.DIGITS),
            }
        numbers["trafilatura"]["mode"] = best.partition(", ")[2] or "default"
    numbers["metadata"] = {
        name.partition(",")[0]: {
            kind: round(share, stored.DIGITS) for kind, share in shares_of(turns[name]).items()
        }
        for name in DESCRIBERS
        if group in DESCRIBED
    }
    return numbers


def settle(now: Mapping[str, Any], *, update: bool, whole: bool) -> int:
    """Name what fell, store what is new if it is to be, and return the exit status."""
    before = stored.read_baseline() if stored.BASELINE.is_file() else {}
    complaints = stored.complaints(now, before)
    print("\n" + "\n".join(complaints or ["nothing has fallen below what is stored"]))
    if update:
        names = {name: version(name) for name in LIBRARIES}
        measured = {"config_hash": config_hash(), "versions": names} if whole else {}
        stored.write_baseline(stored.merged(before, now) | measured)
        print(f"stored in {stored.BASELINE.name}")
        return 0
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
