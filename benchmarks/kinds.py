"""How well page types are told, as precision and recall on two kinds of labelled pages.

    python benchmarks/kinds.py [--data ../shared/extraction/dev] [--wrong]

The real pages are those of ten public benchmarks of article extraction: each is an article
unless `kinds.json`, made by looking at the pages, says otherwise. Nearly all are, so that they
show what is lost rather than what is found. The written ones are those of
`tests/archiver/extraction/kinds`: the first set was there before the rules; the second and the
third were written once the rules stood, which got 52 of 58 and 18 of 22 of them right before
they were mended by them. For each type: how many pages are of it, the share of those called so
that are (precision), and of those that are so that are called so (recall). Then the same for
what may have a text against what may not; how often the address alone tells, and is right (of
the set daniel it is only that of the site); and the milliseconds of the CPU that it takes
beside the parsing. --wrong lists the pages of which the type is wrong.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from archiver.extraction.kinds import READ, PageType, kind_of_url, page_type_of  # noqa: E402
from archiver.extraction.tree import parse  # noqa: E402

WRITTEN = HERE.parent / "tests" / "archiver" / "extraction" / "kinds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page, what it is, and the set that it belongs to."""

    name: str
    group: str
    html: bytes
    url: str | None
    status: int
    kind: PageType


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page is, what it was called, and what by its address alone."""

    page: Labelled
    found: PageType
    by_url: PageType | None
    ms: float
    ms_parsing: float


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared/extraction/dev")
    parser.add_argument("--wrong", action="store_true", help="list the pages that are wrong")
    arguments = parser.parse_args()
    for pages in (list(real(arguments.data)), list(written())):
        told = [tell(page) for page in pages]
        groups = dict.fromkeys(each.page.group for each in told)
        for group in groups:
            summary(group, [each for each in told if each.page.group == group])
        report("together", told)
        for each in told if arguments.wrong else ():
            if each.found != each.page.kind:
                page = each.page
                print(f"  {page.group} {page.name}: {page.kind}, called {each.found} {page.url}")


def real(folder: Path) -> Iterator[Labelled]:
    labels = json.loads((HERE / "kinds.json").read_text(encoding="utf-8"))
    for path in sorted(folder.glob("*.jsonl.gz")):
        group = path.name.removesuffix(".jsonl.gz")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                html = row["html"]
                yield Labelled(
                    name=row["id"],
                    group=group,
                    html=html.encode()
                    if row["html_encoding"] == "text"
                    else base64.b64decode(html),
                    url=row["url"],
                    status=200,
                    kind=labels.get(group, {}).get(row["id"], "article"),
                )


def written() -> Iterator[Labelled]:
    for row in json.loads((WRITTEN / "pages.json").read_text(encoding="utf-8")):
        yield Labelled(
            name=row["page"],
            group=row["set"],
            html=(WRITTEN / f"{row['page']}.html").read_bytes(),
            url=row["url"],
            status=row.get("status", 200),
            kind=row["type"],
        )


def tell(page: Labelled) -> Told:
    started = time.process_time()
    tree = parse(page.html)
    parsed = time.process_time()
    found: PageType = "other" if tree is None else page_type_of(tree, page.url, status=page.status)
    return Told(
        page=page,
        found=found,
        by_url=kind_of_url(page.url) if page.url else None,
        ms=1000 * (time.process_time() - parsed),
        ms_parsing=1000 * (parsed - started),
    )


def summary(group: str, told: list[Told]) -> None:
    right = sum(each.found == each.page.kind for each in told)
    lost = sum(each.page.kind in READ and each.found not in READ for each in told)
    let_in = sum(each.page.kind not in READ and each.found in READ for each in told)
    print(f"{group:<10} {right} of {len(told)} right; {lost} lost for the text, {let_in} let in")


def report(name: str, told: list[Told]) -> None:
    print(f"{name}:")
    for kind in get_args(PageType):
        line(kind, [(each.page.kind == kind, each.found == kind) for each in told])
    line("READ", [(each.page.kind in READ, each.found in READ) for each in told])
    line("not READ", [(each.page.kind not in READ, each.found not in READ) for each in told])
    by_url = [each for each in told if each.by_url is not None]
    right = sum(each.by_url == each.page.kind for each in by_url)
    print(f"  the address tells of {len(by_url)} pages, and is right of {right}")
    ms = statistics.mean(each.ms for each in told)
    share = ms / statistics.mean(each.ms_parsing for each in told)
    worst = max(each.ms for each in told)
    print(f"  {ms:.2f} ms a page, {worst:.0f} at most; {share:.2f} of the parsing")


def line(name: str, pairs: list[tuple[bool, bool]]) -> None:
    """Print precision and recall of *pairs* of what is so and what is called so."""
    are, called = sum(a for a, _ in pairs), sum(c for _, c in pairs)
    both = sum(a and c for a, c in pairs)
    if are or called:
        shares = " ".join(f"{both / whole:.3f}" if whole else "    -" for whole in (called, are))
        print(f"  {name:<9} {are:>4} pages  precision, recall {shares}")


if __name__ == "__main__":
    main()
