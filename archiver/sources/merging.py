"""Lines in any order, sorted into one file on a disk by way of sorted runs beside it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path

# What is sorted in memory at a time, and how many runs are open at a time.
_BATCH = 32 << 20
_MOST_RUNS = 64


def sort_into(path: Path, lines: Iterable[bytes], *, batch: int = _BATCH) -> None:
    """Write *lines*, each with its end, into the file at *path*, sorted by their octets.

    Of equal lines one is written. About *batch* octets of lines are in memory at a time.
    """
    runs: list[Path] = []
    for number, chosen in enumerate(_batches(lines, batch)):
        run = path.with_name(f"{path.name}.{number}")
        _write(run, sorted(chosen))
        runs.append(run)
        if len(runs) == _MOST_RUNS:
            merged = path.with_name(f"{path.name}.{number}-merged")
            _merge(runs, merged)
            runs = [merged]
    _merge(runs, path)


def _batches(lines: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if size >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _merge(runs: list[Path], path: Path) -> None:
    """Let *path* hold the lines of the sorted *runs*, which are then gone."""
    with ExitStack() as stack:
        _write(path, heapq.merge(*(stack.enter_context(run.open("rb")) for run in runs)))
    for run in runs:
        run.unlink()


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as file:
        file.writelines(line for line, _ in groupby(lines))
