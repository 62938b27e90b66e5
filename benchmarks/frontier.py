"""What the frontier costs, beside Scrapy's own queue on disk, as ratios.

    python benchmarks/frontier.py [--requests 1000000] [--pops 200000] [--runs 1]
    python benchmarks/frontier.py --crawl [--pages 400] [--runs 5]

The first queues requests for 200 hosts and takes some out again, turn about through our
scheduler and through Scrapy's with JOBDIR (PickleFifoDiskQueue in a
DownloaderAwarePriorityQueue): requests a second each way, and by how much the process has grown
over an empty queue. Both filter what was seen. The second is a whole archiving crawl, with our
scheduler and with Scrapy's in memory, which forgets all when it is killed: CPU a page.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from scrapy import Request, Spider  # noqa: E402
from scrapy.core.scheduler import Scheduler  # noqa: E402
from scrapy.crawler import Crawler  # noqa: E402
from scrapy.utils.httpobj import urlparse_cached  # noqa: E402
from scrapy.utils.test import get_crawler  # noqa: E402

from benchmarks import crawl  # noqa: E402
from spiders.scheduler import ArchiveScheduler  # noqa: E402

_HOSTS = 200
_QUEUES = {
    "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
    "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
}


def requests(count: int, spider: Spider) -> Iterator[Request]:
    """Yield *count* requests as a crawl of articles has them."""
    for number in range(count):
        url = f"http://host{number % _HOSTS}.example.org/news/2026/story-{number}.html"
        headers = {"Referer": f"http://host{number % _HOSTS}.example.org/"}
        yield Request(url, callback=spider.parse, headers=headers, meta={"depth": 3})


def grown(since: int = 0) -> int:
    """Return the memory of this process in octets, less *since*."""
    gc.collect()
    resident = int(Path("/proc/self/statm").read_text().split()[1])
    return resident * os.sysconf("SC_PAGE_SIZE") - since


def opened(kind: str, folder: str) -> tuple[Any, Spider]:
    """Return a scheduler of *kind*, open in *folder*, and its spider."""
    folders = {"ARCHIVE_WORK_DIR": f"{folder}/work", "ARCHIVE_STORE": f"{folder}/store"}
    settings = folders if kind == "frontier" else {**_QUEUES, "JOBDIR": folder}
    crawler: Crawler = get_crawler(Spider, settings)
    slot = SimpleNamespace(inprogress=set(), closing=None)
    downloader = SimpleNamespace(
        slots={}, get_slot_key=lambda request: urlparse_cached(request).hostname
    )
    # All that either scheduler uses of an engine.
    crawler.engine = SimpleNamespace(_slot=slot, downloader=downloader)  # type: ignore[assignment]
    spider = crawler._create_spider("bench")
    crawler.spider = spider
    scheduler = (ArchiveScheduler if kind == "frontier" else Scheduler).from_crawler(crawler)
    scheduler.open(spider)
    return scheduler, spider


async def measure(kind: str, count: int, pops: int) -> dict[str, float]:
    """Queue *count* requests with a scheduler of *kind* and take *pops* of them."""
    with tempfile.TemporaryDirectory() as folder:
        scheduler, spider = opened(kind, folder)
        empty = grown()
        began = time.perf_counter()
        for number, request in enumerate(requests(count, spider)):
            scheduler.enqueue_request(request)
            if number % 16 == 0:
                await asyncio.sleep(0)  # as a crawl, let the loop turn
        inserted, full = time.perf_counter(), grown(empty)
        for number in range(pops):
            assert scheduler.next_request() is not None
            if number % 16 == 0:
                await asyncio.sleep(0)
        popped, used = time.perf_counter(), grown(empty)
        scheduler.close("shutdown")
    return {
        "inserts/s": count / (inserted - began),
        "pops/s": pops / (popped - inserted),
        "MiB grown": max(full, used) / 2**20,
    }


def in_turn(count: int, pops: int, runs: int) -> None:
    """Measure both kinds turn about, each in a process of its own, and print."""
    results: dict[str, list[dict[str, float]]] = {"frontier": [], "scrapy": []}
    for _ in range(runs):
        for kind, measured in results.items():
            command = [sys.executable, __file__, "--one", kind]
            command += [f"--requests={count}", f"--pops={pops}"]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
            measured.append(json.loads(done.stdout))
    print(f"{count} requests for {_HOSTS} hosts, {pops} taken")
    for name in results["frontier"][0]:
        ours, theirs = ([result[name] for result in results[kind]] for kind in results)
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        middle = statistics.median(ours), statistics.median(theirs)
        print(f"{name:<10} frontier {middle[0]:8.0f}, Scrapy {middle[1]:8.0f}, ratio {ratio:.2f}")


def crawls(pages: int, runs: int) -> None:
    """Crawl with either scheduler, turn about, and print the ratio of what the CPU did."""
    os.chdir(HERE.parent)
    ratios: list[float] = []
    with tempfile.TemporaryDirectory() as folder, crawl.site(pages, is_gzipped=True) as address:
        seeds = Path(folder) / "seeds.txt"
        seeds.write_text("".join(f"{address}/{n}\n" for n in range(pages)))
        for turn in range(runs + 1):
            spent: dict[str, float] = {}
            for name in ("spiders.scheduler.ArchiveScheduler", "scrapy.core.scheduler.Scheduler"):
                store = Path(folder) / f"{name}-{turn}"
                settings = ("ARCHIVE_TEXT_ENABLED=False", f"SCHEDULER={name}")
                command = crawl.archive_command(seeds, store, *settings)
                command += ["-s", f"ARCHIVE_WORK_DIR={store}-work"]
                spent[name] = crawl.measure(command).cpu
            ours, theirs = spent.values()
            ratios += [ours / theirs] if turn else []  # the first turn warms the disk cache
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"CPU a page, frontier / memory: {middle:.2f} (from {low:.2f} to {high:.2f})")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--pops", type=int, default=200_000)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--runs", type=int, help="how often; 1 for queues and 5 for crawls")
    parser.add_argument("--crawl", action="store_true", help="measure whole crawls")
    parser.add_argument("--one", choices=("frontier", "scrapy"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        result = asyncio.run(measure(arguments.one, arguments.requests, arguments.pops))
        print(json.dumps(result))
    elif arguments.crawl:
        crawls(arguments.pages, arguments.runs or 5)
    else:
        in_turn(arguments.requests, arguments.pops, arguments.runs or 1)


if __name__ == "__main__":
    main()
