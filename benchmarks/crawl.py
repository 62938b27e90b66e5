"""What the archive costs a crawl: CPU, pages a second and memory, as ratios.

    python benchmarks/crawl.py [--pages 400] [--runs 5] [--text] [--identity]

The same pages are crawled, turn about, by plain Scrapy with its own defaults, which saves
nothing, and by this project with WARC, index and page list (with --text also with extraction).
Manners (robots.txt, AutoThrottle) are off in both: a local server is not to be spared. CPU is
user and system time of the crawl and all its child processes, as the kernel counts it. The
server compresses its pages, as nearly every news site does for a client that takes gzip; with
--identity it does not, and the archive has to.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

_PLAIN = """
import sys
from pathlib import Path
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Plain(scrapy.Spider):
    name = "plain"
    async def start(self):
        for url in Path(sys.argv[1]).read_text().split():
            yield scrapy.Request(url)
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR"})
process.crawl(Plain)
process.start()
"""
_UNMANNERED = ("AUTOTHROTTLE_ENABLED=False", "ROBOTSTXT_OBEY=False",
               "CONCURRENT_REQUESTS_PER_DOMAIN=8", "LOG_LEVEL=ERROR")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One crawl as the kernel saw it: seconds, and the largest process in MiB."""

    wall: float
    cpu: float
    peak: float


def measure(command: list[str]) -> Run:
    """Run *command* to its end. CalledProcessError when it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(wall=wall, cpu=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / 1024)


@contextmanager
def site(count: int, *, is_gzipped: bool) -> Iterator[str]:
    """Serve *count* pages in another process and give the site's address."""
    command = [sys.executable, str(HERE / "site.py"), str(count)]
    command += ["--gzip"] if is_gzipped else []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip()


def archive_command(seeds: Path, store: Path, *settings: str) -> list[str]:
    """Return the command of a crawl into *store*."""
    command = [sys.executable, "-m", "scrapy", "crawl", "article", "-a", f"seeds={seeds}"]
    places = (f"ARCHIVE_STORE={store}", f"ARCHIVE_WORK_DIR={store}.work")
    for setting in (*_UNMANNERED, *places, "ARCHIVE_PROGRESS=False", *settings):
        command += ["-s", setting]
    return command


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--text", action="store_true", help="extract text as well")
    parser.add_argument(
        "--identity", action="store_true", help="the server sends its pages uncompressed"
    )
    arguments = parser.parse_args()
    os.chdir(HERE.parent)
    runs: dict[str, list[Run]] = {"plain": [], "archive": []}
    with (
        tempfile.TemporaryDirectory() as folder,
        site(arguments.pages, is_gzipped=not arguments.identity) as address,
    ):
        seeds = Path(folder) / "seeds.txt"
        seeds.write_text("".join(f"{address}/{n}\n" for n in range(arguments.pages)))
        plain = [sys.executable, "-c", _PLAIN, str(seeds)]
        for turn in range(arguments.runs + 1):
            store = Path(folder) / f"store-{turn}"
            archive = archive_command(seeds, store, f"ARCHIVE_TEXT_ENABLED={arguments.text}")
            for name, command in (("plain", plain), ("archive", archive)):
                run = measure(command)
                if turn:  # the first turn warms the disk cache and is not counted
                    runs[name].append(run)
    report(runs, arguments.pages)


def report(runs: dict[str, list[Run]], pages: int) -> None:
    """Print a line for each kind of crawl and the ratios of their medians."""
    for name, measured in runs.items():
        cpu = statistics.median(run.cpu for run in measured) / pages * 1000
        rate = pages / statistics.median(run.wall for run in measured)
        peak = max(run.peak for run in measured)
        print(f"{name:<8} {cpu:6.2f} ms CPU a page, {rate:6.1f} pages/s, peak {peak:5.0f} MiB")
    pairs = list(zip(runs["archive"], runs["plain"], strict=True))
    for label, ratio in (
        ("CPU a page", [a.cpu / p.cpu for a, p in pairs]),
        ("pages/s", [p.wall / a.wall for a, p in pairs]),
        ("peak memory", [a.peak / p.peak for a, p in pairs]),
    ):
        low, middle, high = min(ratio), statistics.median(ratio), max(ratio)
        print(f"archive / plain, {label}: {middle:.2f} (from {low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
