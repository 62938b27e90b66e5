"""Crawls into one collection that die and are taken up, and what each may rely on.

No Scrapy and no network: captures, declarations, texts and releases in any order, on a disk
that stops when told to. What the archive must hold in the end is kept in `Promises`.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from archiver.check import run_check
from archiver.collection import Collection
from archiver.disk import Disk
from archiver.errors import ArchiveError
from archiver.frontier import Frontier
from archiver.memory import Memory
from archiver.options import Fsync
from archiver.state import State, job_of
from archiver.storage import LocalStore
from archiver.terms import Terms
from tests.archiver.catch import MOMENT
from tests.archiver.crashing import Killed, MortalDisk
from tests.archiver.hands import Crawl, Promises, Step
from tests.archiver.platter import Platter

JOB = job_of("article", "")
_NOTHING_YET = "is a collection without anything in it"


class Death(NamedTuple):
    """When a crawl dies: at the call number *calls* of step *at*, *part* of a write done.

    Step 0 takes up what the crawl before has left, step 1 begins the log, the last one seals.
    *seed* is that of a power cut, None for a kill.
    """

    at: int
    calls: int
    part: float
    seed: int | None


class Life(NamedTuple):
    """The steps of one crawl, and its death if it does not end well."""

    steps: list[Step]
    death: Death | None


class Crawls:
    """One crawl after the other into the collection `news` below *root*."""

    def __init__(
        self, root: Path, *, fsync: Fsync = "seal", max_bytes: int = 10**9,
        has_frontier: bool = False, has_memory: bool = False,
    ) -> None:  # fmt: skip
        self.root = root
        self.folder = root / "store/news"
        self.promises = Promises()
        self.platter = Platter(root)
        self._left: dict[Path, list[bytes]] = {}  # what each death left of a growing file
        self._terms = Terms(prefix="news", fsync=fsync, max_bytes=max_bytes, dedup="any")
        self._state = State(root / "work", "a store", "news")
        self._ids = 0
        self._has_memory = has_memory
        self._had_power_cut = False
        self._state.make()
        if has_frontier:
            Frontier(self._state.frontier_path(JOB), started_at=MOMENT).close()

    def live_all(self, lives: Iterable[Life]) -> None:
        """Run one crawl after the other."""
        for life in lives:
            self.live(life)

    def live(self, life: Life) -> bool:
        """Run a crawl to its end, or to its death; say whether it died."""
        disk = MortalDisk(self.platter)
        crawl = self._begun(disk)
        try:
            for at, act in enumerate(crawl.acts(life.steps)):
                if life.death is not None and life.death.at == at:
                    disk.die_after(life.death.calls, life.death.part)
                act()
                self.promises.settle(self._sealed())
        except Killed:
            assert life.death is not None
        finally:
            crawl.collection.close()
            disk.let_go()
        if disk.is_dead and life.death is not None:
            self._bury(life.death)
        return disk.is_dead

    def fail(self, steps: list[Step], disk: Disk) -> Exception | None:
        """Run a crawl on *disk* until an error stops it, as it stops any; return that."""
        crawl = self._begun(disk)
        try:
            for act in crawl.acts(steps):
                act()
        except (OSError, ArchiveError) as error:
            return error
        finally:
            crawl.collection.close()
        return None

    def complete(self) -> None:
        """Run the same crawl again, until nothing is left to be done."""
        disk = MortalDisk(self.platter)
        crawl = self._begun(disk)
        crawl.take_up()
        crawl.begin()
        assert self.faults() == []
        crawl.finish_all()
        crawl.seal()
        crawl.collection.close()

    def faults(self) -> list[str]:
        """Return what a check of the collection has to say, if there is one; notes left out."""
        out = StringIO()
        run_check([self.folder], False, out)
        lines = out.getvalue().splitlines()[:-1]
        return [line for line in lines if " note:" not in line and _NOTHING_YET not in line]

    def growing(self) -> list[Path]:
        """Return what is not sealed, or was forgotten; the logs of crawls left out."""
        return [path for path in self.root.rglob("*.open") if path.parent.name != "crawls"]

    def lost_octets(self) -> list[str]:
        """Return the files of which a death left octets that are nowhere now."""
        lost = []
        for path, pieces in self._left.items():
            torn = [other.read_bytes() for other in path.parent.glob("*.torn")]
            whole = path.read_bytes() if path.exists() else b""
            for piece in pieces:
                if path.name.endswith(".gz"):
                    rest = piece[_common(piece, whole) :]
                else:
                    rest = piece[piece.rfind(b"\n") + 1 :]
                if not any(rest in octets for octets in (b"", *torn)):
                    lost.append(path.name)
        return lost

    def new_id(self) -> str:
        """Return a record id that is new, whatever died."""
        self._ids += 1
        return f"<urn:uuid:00000000-0000-4000-8000-{self._ids:012x}>"

    def _sealed(self) -> set[str]:
        return {f"{path.stem}.warc.gz" for path in self.folder.glob("manifests/*.json")}

    def _begun(self, disk: Disk) -> Crawl:
        crawl = Crawl(
            self._opened(disk),
            self.promises,
            self.new_id,
            is_synced_at_once=self._terms.fsync == "record",
        )
        if self._state.frontier_path(JOB).exists():
            sealed, names = self._sealed(), self.promises.written.kept
            crawl.expected = {
                id for id in self.promises.readable & names.keys() if names[id] not in sealed
            }
        return crawl

    def _opened(self, disk: Disk) -> Collection:
        return Collection(
            LocalStore(self.root / "store", disk),
            "news",
            folder=self.folder,
            terms=self._terms,
            clock=lambda: MOMENT,
            new_id=self.new_id,
            state=self._state,
            job=JOB,
            memory=Memory(self._state.memory_path) if self._has_memory else None,
            disk=disk,
        )

    def _bury(self, death: Death) -> None:
        if death.seed is None:
            self.platter.kill()
            assert self._had_power_cut or self.faults() == []
        else:
            self._had_power_cut = True
            self._left.clear()  # which that may have taken
            self.platter.cut_power(death.seed)
            self.promises.lose()
        for pattern in ("archive/*.warc.gz.open", "pages/*.jsonl.open", "text/*.jsonl.open"):
            for path in self.folder.glob(pattern):
                if f"{path.name.partition('.')[0]}.warc.gz" not in self._sealed():
                    left = self._left.setdefault(path.with_suffix(""), [])
                    left.append(path.read_bytes())


def _common(one: bytes, other: bytes) -> int:
    """Return how many octets the two begin with alike."""
    least, most = 0, min(len(one), len(other))
    while least < most:
        middle = (least + most + 1) // 2
        if one[:middle] == other[:middle]:
            least = middle
        else:
            most = middle - 1
    return least
