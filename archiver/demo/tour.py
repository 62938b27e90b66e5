"""What `archiver demo` does: crawl the site that comes along, then show what lies on disk.

The crawl is the command that anybody would type, run as a process of its own.
"""

from __future__ import annotations

import gzip
import json
import os
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from archiver.demo.articles import read_articles
from archiver.demo.server import demo_server
from archiver.demo.site import MISSING_PATH, OLD_PATH, requisite_paths
from archiver.rights import HOST_FILES

COLLECTION = "demo"
_OPERATOR = "https://lantern.example/"
_TEXT_SHOWN = 240
_COLUMNS_SHOWN = (
    "url",
    "title",
    "authors",
    "published_date",
    "language",
    "word_count",
    "text",
    "date",
    "file_path",
    "warc_record_id",
    "warc_offset",
    "warc_length",
    "payload_digest",
)


def serve() -> int:
    """Serve the site until its user has seen enough."""
    with demo_server() as site:
        print(f"The Sallowford Lantern is at {site.base}/ until you press Ctrl-C.", flush=True)
        Event().wait()
    return 0


def take_tour(store: str) -> int:
    """Crawl the site into *store* and show what came of it; return the status to exit with."""
    folder = Path(store) / COLLECTION
    before = set(_manifests(folder))
    with demo_server() as site, TemporaryDirectory(prefix="archiver-demo-") as scratch:
        print(f"The Sallowford Lantern, a newspaper of twelve articles, is at {site.base}/\n")
        seeds = Path(scratch) / "lantern.txt"
        seeds.write_text("".join(f"{site.base}{path}\n" for path in _paths()), encoding="ascii")
        status = _crawl(seeds, store)
    manifests = [_read(path) for path in _manifests(folder) if path not in before]
    if status or not manifests:
        print("archiver: the crawl failed, and says why above", file=sys.stderr)
        return status or 1
    found = _counted(manifests)
    print()
    _print_tree(folder)
    print(f"\nThis crawl wrote {_listed(found)}.")
    _print_text(folder, manifests[0]["stem"])
    _print_next(folder)
    expected = _expected()
    if expected.items() <= found.items():
        return 0
    print(
        f"archiver: the site should have given {_listed(expected)}, "
        f"but the crawl wrote {_listed(found)}",
        file=sys.stderr,
    )
    return 1


def _paths() -> list[str]:
    """Return what the crawl is sent for: the articles, an old address, and one long gone."""
    return [*(article.path for article in read_articles()), OLD_PATH, MISSING_PATH]


def _crawl(seeds: Path, store: str) -> int:
    command = ["scrapy", "crawl", "article", "-a", f"seeds={seeds}", "-L", "WARNING"]
    command += ["-s", f"ARCHIVE_STORE={store}", "-s", f"ARCHIVE_COLLECTION={COLLECTION}"]
    command += ["-s", "ARCHIVE_REQUISITES=True", "-s", f"ARCHIVE_OPERATOR={_OPERATOR}"]
    print(f"$ {shlex.join(command)}\n", flush=True)
    # In the project's folder Scrapy finds these settings by itself; this may be another.
    environment = os.environ | {
        "SCRAPY_SETTINGS_MODULE": "archiver.settings",
        "no_proxy": "127.0.0.1",
    }
    with subprocess.Popen([sys.executable, "-P", "-m", *command], env=environment) as crawl:
        try:
            return crawl.wait()
        except KeyboardInterrupt:
            crawl.wait()  # it was interrupted too, and is sealing what it has
            raise


def _manifests(folder: Path) -> list[Path]:
    return sorted((folder / "manifests").glob("*.json"))


def _read(manifest: Path) -> dict[str, Any]:  # Any: it is JSON
    content: dict[str, Any] = json.loads(manifest.read_text("utf-8"))
    return content


def _counted(manifests: list[dict[str, Any]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for manifest in manifests:
        for kind, count in manifest["record_counts"].items():
            counts[f"{kind} record"] += count
        counts["page"] += manifest["page_count"]
        counts["text"] += manifest["text_count"]
    return counts


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {what}{'s' * (count != 1)}" for what, count in counts.items())


def _expected() -> dict[str, int]:
    articles = len(read_articles())
    # The first things a crawler asks for are robots.txt, and what the host says of rights.
    captures = len(HOST_FILES) + len(_paths()) + len(requisite_paths())
    return {
        "metadata record": articles,
        "request record": captures,
        "response record": captures,
        "page": articles,
        "text": articles,
    }


def _print_tree(folder: Path) -> None:
    print(folder)
    for line, size in _branches(folder, ""):
        print(f"{line:<76}{size:>12}".rstrip())


def _branches(folder: Path, indent: str) -> Iterator[tuple[str, str]]:
    entries = sorted(folder.iterdir())
    for entry in entries:
        is_last = entry == entries[-1]
        size = f"{entry.stat().st_size:,}" if entry.is_file() else ""
        yield f"{indent}{'└── ' if is_last else '├── '}{entry.name}", size
        if entry.is_dir():
            yield from _branches(entry, indent + ("    " if is_last else "│   "))


def _print_text(folder: Path, stem: str) -> None:
    with gzip.open(folder / "text" / f"{stem}.jsonl.gz", "rt", encoding="utf-8") as lines:
        first = next(lines, None)
    if first is None:
        return
    record = json.loads(first)
    if len(record["text"]) > _TEXT_SHOWN:
        record["text"] = f"{record['text'][:_TEXT_SHOWN]}…"
    shown = {name: record[name] for name in _COLUMNS_SHOWN}
    print("\nSome columns of the first text record:\n")
    print(json.dumps(shown, ensure_ascii=False, indent=2))


def _print_next(folder: Path) -> None:
    print("\nNow try:\n")
    print(f"  archiver replay {folder}")
    print(f"  archiver wacz {folder} -o {COLLECTION}.wacz")
    print(f"  archiver check {folder}")
    print(f"  archiver extract {folder} --out again")
    print(f"  zcat {folder}/text/*.jsonl.gz | head -n 1 | python3 -m json.tool")
    print(f"  zcat {folder}/archive/*.warc.gz | less")
