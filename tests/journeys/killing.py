"""Crawls that are killed at moments chosen beforehand, until one is left to come to its end."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.journeys.commands import PATIENCE, Finished, started
from tests.journeys.town import Town

Kind = Literal["begun", "touched", "asking", "sealing", "sealed", "ending", "never"]

# What lies in these folders under such a name is on its way into the store.
_DRAFTS = {
    "indexes": ".cdxj.open",
    "pages": ".jsonl.sorted.open",
    "text": ".jsonl.gz.open",
    "manifests": ".json.open",
}

# A stem is sealed when what is done is safe from a power cut, which may take a second: these
# runs would otherwise have asked for everything before.
_PACES: dict[Kind, float] = {"sealing": 0.2, "sealed": 0.2}

# How long the town may take to read what a crawl sent it before it was killed.
_LAG = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When to kill a run: *delay* seconds after what *kind* says has come about.

    `begun`: the process is there. `touched`: something on disk has changed, so that it has come
    as far as to repair what is there. `asking`: it has asked for *count* things. `sealing`: after
    that, files are on their way into the store. `sealed`: after that, a manifest is there.
    `ending`: everything has been asked for, and files are on their way into the store.
    """

    kind: Kind
    count: int = 0
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Run:
    """One run of the crawl, how it ended, and when it was to be killed."""

    moment: Moment
    end: Finished
    began_at: float
    ended_at: float

    @property
    def is_killed(self) -> bool:
        """Whether the run was killed, and had not ended by itself before."""
        return self.end.status == -9


def moments(seed: int, kinds: Sequence[Kind]) -> list[Moment]:
    """Return a moment of each of *kinds*, in their order, as *seed* has it."""
    chance = random.Random(seed)
    return [_moment(kind, chance) for kind in kinds]


def runs_until_the_end(
    command: Sequence[str], moments: Iterable[Moment], *,
    town: Town, targets: Iterable[str], store: Path,
) -> Iterator[Run]:  # fmt: skip
    """Run *command* once for each of *moments*, killed then, and once more to its end.

    It writes into *store* and asks *town* for *targets*. A run that ends by itself is the last.
    """
    for moment in (*moments, Moment(kind="never")):
        town.run += 1
        town.pace = _PACES.get(moment.kind, 0)
        run = _killed_at(moment, command, _Watch(town, set(targets), store))
        yield run
        if not run.is_killed:
            return


def _killed_at(moment: Moment, command: Sequence[str], watch: _Watch) -> Run:
    began_at = time.monotonic()
    with started(command) as running:
        while not (_has_ended(running.pid) or watch.is_reached(moment)):
            assert time.monotonic() < began_at + PATIENCE, f"{moment} does not come about"
            time.sleep(0.001)
        time.sleep(moment.delay)
        if moment.kind != "never":
            running.kill()
        end = running.end()
    time.sleep(_LAG)
    return Run(moment=moment, end=end, began_at=began_at, ended_at=time.monotonic())


class _Watch:
    """Looks at what a run that begins now has asked for and has changed on disk."""

    def __init__(self, town: Town, targets: set[str], store: Path) -> None:
        self._town = town
        self._targets = targets
        self._folder = store / "news"
        self._work = Path(f"{store}.work")
        self._asked = len(town.book)
        self._before = self._look()
        self._drafts = set(self._names(_DRAFTS))
        self._manifests = set(self._names({"manifests": ".json"}))

    def is_reached(self, moment: Moment) -> bool:
        """Say whether what *moment* waits for has come about."""
        ways: dict[Kind, Callable[[int], bool]] = {
            "begun": lambda count: True,
            "touched": lambda count: self._look() != self._before,
            "asking": self._has_asked,
            "sealing": lambda count: self._has_asked(count) and self._is_sealing(),
            "sealed": lambda count: self._has_asked(count) and self._has_sealed(),
            "ending": lambda count: self._has_asked_all() and self._is_sealing(),
            "never": lambda count: False,
        }
        return ways[moment.kind](moment.count)

    def _has_asked(self, count: int) -> bool:
        return len(self._town.book) >= self._asked + count

    def _has_asked_all(self) -> bool:
        return {entry.target for entry in list(self._town.book)} >= self._targets

    def _is_sealing(self) -> bool:
        return not self._drafts.issuperset(self._names(_DRAFTS))

    def _has_sealed(self) -> bool:
        return not self._manifests.issuperset(self._names({"manifests": ".json"}))

    def _names(self, suffixes: dict[str, str]) -> Iterator[str]:
        for part, suffix in suffixes.items():
            names = (path.name for path in _within(self._folder / part))
            yield from (name for name in names if name.endswith(suffix))

    def _look(self) -> list[tuple[str, int, int]]:
        """Return when each folder and each file of the crawl's own changed, and its size."""
        folders = [self._folder, *_within(self._folder), self._work, *_within(self._work)]
        own = [path for folder in _within(self._work) for path in _within(folder)]
        growing = [p for p in _within(self._folder / "archive") if p.suffix == ".open"]
        return [
            (str(path), status.st_mtime_ns, status.st_size)
            for path in (*folders, *own, *growing)
            if (status := _status(path)) is not None
        ]


def _moment(kind: Kind, chance: random.Random) -> Moment:
    match kind:
        case "begun":
            return Moment(kind=kind, delay=chance.uniform(0, 1))
        case "touched":
            return Moment(kind=kind, delay=chance.uniform(0, 0.1))
        case "asking":
            return Moment(kind=kind, count=chance.randint(5, 90), delay=chance.uniform(0, 0.02))
        case "sealing":
            return Moment(kind=kind, count=chance.randint(1, 30), delay=chance.uniform(0, 0.01))
        case "sealed":
            return Moment(kind=kind, count=chance.randint(1, 30))
        case "ending" | "never":
            return Moment(kind=kind, delay=chance.uniform(0, 0.01))


def _within(folder: Path) -> list[Path]:
    """Return what lies in *folder*, which may be no folder, or gone already."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _has_ended(pid: int) -> bool:
    """Say whether our child *pid* has ended, and leave it to be waited for."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
