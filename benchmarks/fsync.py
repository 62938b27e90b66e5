"""What durability costs a crawl: `ARCHIVE_FSYNC` = "record" and "seconds" beside "seal".

    python benchmarks/fsync.py [--pages 400] [--runs 5] [--folder FOLDER]

The same pages are crawled turn about in each mode, without text. --folder is where the archive
grows, and so the disk that is measured: by default the system's temporary folder.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from benchmarks.crawl import Run, archive_command, measure, site  # noqa: E402

_MODES = ("seal", "seconds", "record")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    os.chdir(HERE.parent)
    runs: dict[str, list[Run]] = {mode: [] for mode in _MODES}
    with (
        tempfile.TemporaryDirectory(dir=arguments.folder) as folder,
        site(arguments.pages, is_gzipped=True) as address,
    ):
        seeds = Path(folder) / "seeds.txt"
        seeds.write_text("".join(f"{address}/{n}\n" for n in range(arguments.pages)))
        for turn in range(arguments.runs + 1):
            for mode in _MODES:
                settings = (f"ARCHIVE_FSYNC={mode}", "ARCHIVE_TEXT_ENABLED=False")
                store = Path(folder) / f"{mode}-{turn}"
                run = measure(archive_command(seeds, store, *settings))
                if turn:  # the first turn warms the disk cache and is not counted
                    runs[mode].append(run)
    report(runs)


def report(runs: dict[str, list[Run]]) -> None:
    """Print the ratio of each mode to "seal", run by run of the same turn."""
    for mode in _MODES[1:]:
        pairs = list(zip(runs[mode], runs["seal"], strict=True))
        for label, ratios in (
            ("time", [run.wall / seal.wall for run, seal in pairs]),
            ("CPU", [run.cpu / seal.cpu for run, seal in pairs]),
        ):
            low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
            print(f"{mode} / seal, {label}: {middle:.2f} (from {low:.2f} to {high:.2f})")


if __name__ == "__main__":
    main()
