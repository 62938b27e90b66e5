"""Files torn in every way that a kill or a power cut may tear them: the same command mends them.

A crawl is killed once, and what it left is damaged by hand, each time in another way, before
the command is run again. Everything lies where it lay: the local state goes by the place of
the store.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

from tests.journeys.collected import collected, growing, path_of, texts_so_far
from tests.journeys.commands import (
    PROJECT,
    archiver,
    crawl_command,
    finished,
    started,
    wait_until,
)
from tests.journeys.reckoning import members_of, record_of
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story
from tests.wire.warcs import of_type

COUNT = 9
FETCHED = 6  # before the kill
SETTINGS = {"CONCURRENT_REQUESTS": 1, "DOWNLOAD_TIMEOUT": 60}

# What a WARC becomes; *ends* are those of its records, warcinfo first.
Damage = Callable[[bytes, Sequence[int]], bytes]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Wreck:
    """A killed crawl: the command, the *folder* where it left its files, and a copy of that.

    *site* knows what was asked for since `restore`. *warc* is what is in the growing WARC, *ends*
    where its records end, *exchanges* where its exchanges do, and *closed* where a record ends
    that wants no other after it.
    """

    command: list[str]
    folder: Path
    copy: Path
    site: Site
    warc: bytes
    ends: list[int]
    exchanges: list[int]
    closed: list[int]

    @property
    def collection(self) -> Path:
        """The collection."""
        return self.folder / "store" / "news"

    def restore(self) -> None:
        """Put everything back as the kill left it."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.copy, self.folder)
        self.site.asked.clear()

    def growing(self, part: str) -> Path:
        """Return the file in the folder *part* that the crawl was writing."""
        (path,) = (self.collection / part).glob("*.open")
        return path


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wreck]:
    """A killed crawl whose frontier had written down what was done."""
    with _killed(tmp_path_factory.mktemp("known"), after=1) as killed:
        yield killed


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wreck]:
    """A crawl that is killed before its frontier has written down that the last were done."""
    with _killed(tmp_path_factory.mktemp("unknown"), after=0) as killed:
        yield killed


@contextmanager
def _killed(folder: Path, *, after: float) -> Iterator[Wreck]:
    """Kill a crawl *after* so many seconds of waiting for a page, all before which are on disk."""
    held, is_open = Event(), Event()

    def respond(asked: Asked) -> list[bytes]:
        if asked.path == f"/{FETCHED}":
            held.set()
            assert is_open.wait(60)
        return answer(story(int(asked.path[1:])))

    with Site(respond) as site:
        seeds = folder / "seeds.txt"
        seeds.write_text("".join(f"{site.base}/{n}\n" for n in range(COUNT)), encoding="ascii")
        place = folder / "place"
        command = crawl_command(place / "store", "-a", f"seeds={seeds}", settings=SETTINGS)
        with started(command) as running:
            assert held.wait(60)
            wait_until(lambda: texts_so_far(place / "store" / "news") >= FETCHED)
            time.sleep(after)
            running.kill()
            running.end()
            is_open.set()
        shutil.copytree(place, folder / "copy")
        (path,) = (place / "store" / "news" / "archive").glob("*.open")
        yield _wreck(command, place, folder / "copy", site, path.read_bytes())


def _wreck(command: list[str], folder: Path, copy: Path, site: Site, warc: bytes) -> Wreck:
    members = members_of(warc)
    kinds = [record_of(member)[0] for member in members]
    ends = [len(b"".join(members[: count + 1])) for count in range(len(members))]
    pairs = list(zip(kinds, ends, strict=True))
    assert kinds[:3] == ["warcinfo", "response", "request"]
    assert kinds.count("request") == FETCHED
    return Wreck(
        command=command,
        folder=folder,
        copy=copy,
        site=site,
        warc=warc,
        ends=ends,
        exchanges=[end for kind, end in pairs if kind == "request"],
        closed=[0, *(end for kind, end in pairs if kind != "response")],
    )


TORN: dict[str, Damage] = {
    "nothing of it": lambda warc, ends: b"",
    "an octet of it": lambda warc, ends: warc[:1],
    "a warcinfo alone": lambda warc, ends: warc[: ends[0]],
    "half a response": lambda warc, ends: warc[: (ends[0] + ends[1]) // 2],
    "a response alone": lambda warc, ends: warc[: ends[1]],
    "half a request": lambda warc, ends: warc[: (ends[1] + ends[2]) // 2],
    "an exchange": lambda warc, ends: warc[: ends[2]],
    "a page half declared": lambda warc, ends: warc[: (ends[2] + ends[3]) // 2],
    "all but an octet": lambda warc, ends: warc[:-1],
    "all, and zeros": lambda warc, ends: warc + bytes(5000),
    "zeros from the middle on": lambda warc, ends: warc[: ends[len(ends) // 2] + 20].ljust(
        len(warc), b"\0"
    ),
}


@pytest.mark.parametrize("damage", TORN.values(), ids=TORN)
def test_a_torn_warc_is_cut_and_what_it_lacks_is_fetched_again(
    known: Wreck, damage: Damage
) -> None:
    known.restore()
    torn = damage(known.warc, known.ends)
    known.growing("archive").write_bytes(torn)
    size, fetched = _whole(known, torn)

    _complete(known, lacking=fetched)
    assert _cut_off(known) == torn[size:]


@pytest.mark.parametrize("case", ["a response alone", "an exchange", "a page half declared"])
def test_it_is_no_matter_whether_the_frontier_knew_of_what_is_torn(
    unknown: Wreck, case: str
) -> None:
    unknown.restore()
    torn = TORN[case](unknown.warc, unknown.ends)
    unknown.growing("archive").write_bytes(torn)
    size, fetched = _whole(unknown, torn)

    _complete(unknown, lacking=fetched)
    assert _cut_off(unknown) == torn[size:]


SPOILT = {
    "half a line": lambda octets: octets[:-10],
    "nothing": lambda octets: b"",
    "zeros": lambda octets: octets[: len(octets) // 2].ljust(len(octets), b"\0"),
}


@pytest.mark.parametrize("part", ["pages", "text"])
@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_torn_lines_are_made_again_from_the_archive(
    known: Wreck, part: str, spoil: Callable[[bytes], bytes]
) -> None:
    known.restore()
    path = known.growing(part)
    path.write_bytes(spoil(path.read_bytes()))

    _complete(known, lacking=FETCHED)


@pytest.mark.parametrize("part", ["archive", "pages", "text"])
def test_a_file_that_is_gone_is_made_again(known: Wreck, part: str) -> None:
    known.restore()
    known.growing(part).unlink()

    _complete(known, lacking=0 if part == "archive" else FETCHED)


def _whole(wreck: Wreck, torn: bytes) -> tuple[int, int]:
    """Return at what size *torn* is to be cut, and how many exchanges are whole before that."""
    whole = _common(torn, wreck.warc)
    size = max(end for end in wreck.closed if end <= whole)
    return size, len([end for end in wreck.exchanges if end <= whole])


def _cut_off(wreck: Wreck) -> bytes:
    """Return what was cut off the WARC."""
    paths = sorted((wreck.collection / "archive").glob("*.torn"))
    return b"".join(path.read_bytes() for path in paths)


def _common(torn: bytes, warc: bytes) -> int:
    """Return how many octets the two have in common at their start."""
    pairs = enumerate(zip(torn, warc, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(torn), len(warc)))


def _complete(wreck: Wreck, *, lacking: int) -> None:
    """Run the command again, which is to fetch what comes from number *lacking* on."""
    end = finished(wreck.command, PROJECT)
    check = archiver("check", wreck.collection)
    kept = collected(wreck.collection)
    paths = [f"/{number}" for number in range(COUNT)]
    declared = [r.get("WARC-Target-URI") or "" for r in of_type(kept.records, "metadata")]

    assert (end.status, end.log_lines("ERROR")) == (0, []), end.stderr
    assert "Traceback" not in end.stderr
    assert sorted(wreck.site.paths) == paths[lacking:]
    assert sorted(kept.fetched) == paths
    assert sorted(map(path_of, declared)) == paths
    assert sorted(kept.paths_of_pages) == paths
    assert sorted(kept.paths_of_texts) == paths
    assert (check.status, check.stderr) == (0, ""), check.stdout
    assert " 0 faults, " in check.stdout
    assert ": note: unfinished: " not in check.stdout
    assert growing(wreck.collection) == []
    assert sorted(wreck.folder.rglob("frontier-*.sqlite*")) == []
