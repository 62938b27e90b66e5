"""Stems that were left behind are whole again: what was torn is cut off, and kept."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from archiver.check import run_check
from archiver.disk import DISK, Disk
from archiver.mending import left_behind, mended, tidy
from archiver.stem import Stem
from archiver.storage import LocalStore
from archiver.survey import Survey
from tests.archiver.catch import MOMENT, captures_in, pages_in, text_of, texts_in
from tests.archiver.crashing import CountingDisk, Killed, MortalDisk
from tests.archiver.platter import Platter
from tests.archiver.stems import begin, files, finish, left, nothing_is_done, uuid, visit

WARC, PAGES, TEXTS = "archive/x.warc.gz.open", "pages/x.jsonl.open", "text/x.jsonl.open"


def mend(folder: Path, disk: Disk | None = None) -> tuple[Stem, Survey]:
    found = mended(folder, "x", done=nothing_is_done, disk=disk or CountingDisk())
    assert found is not None
    return found


def complete(folder: Path) -> None:
    """Mend what was left in *folder*, finish its pages, seal it, and find it sound."""
    stem, found = mend(folder)
    for page in found.unfinished.values():
        stem.finish(page, text_of(page))
    store = LocalStore(folder.parent, CountingDisk())
    stem.seal(store, folder.name, crawl="", sealed_at=MOMENT)
    out = StringIO()
    assert run_check([folder], False, out) == 0, out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a stem of two pages, the second of them unfinished."""
    left(tmp_path / "news")
    return tmp_path / "news"


# What is whole


def test_a_stem_that_is_whole_stays_as_it_is(folder: Path) -> None:
    before = files(folder)

    stem, found = mend(folder)
    stem.close()

    assert files(folder) == before
    assert (stem.name, list(found.unfinished)) == ("x", [uuid(3)])


def test_a_mended_stem_can_be_completed(folder: Path) -> None:
    complete(folder)

    assert captures_in(folder) == {uuid(1): 1, uuid(3): 1}
    assert pages_in(folder) == texts_in(folder) == {uuid(1): 1, uuid(3): 1}
    assert not list(folder.rglob("*.open"))


def test_a_mended_stem_goes_on_growing(folder: Path) -> None:
    stem, _ = mend(folder)
    finish(stem, visit(stem, 4))
    stem.close()

    complete(folder)

    assert pages_in(folder) == {uuid(1): 1, uuid(3): 1, uuid(4): 1}


def test_a_stem_with_an_unfinished_page_is_not_finished(folder: Path) -> None:
    stem, found = mend(folder)
    assert not stem.is_finished

    (page,) = found.unfinished.values()
    stem.finish(page, None)
    stem.close()

    assert stem.is_finished


def test_a_page_that_was_declared_is_declared_once(folder: Path) -> None:
    stem, found = mend(folder)
    (page,) = found.unfinished.values()
    size = stem.size

    finish(stem, page)
    stem.close()

    assert stem.size == size


# What is torn


@pytest.mark.parametrize("missing", [1, 2, 30, 200, 300])
def test_a_torn_warc_is_cut_and_its_end_kept(folder: Path, missing: int) -> None:
    octets = (folder / WARC).read_bytes()[:-missing]
    (folder / WARC).write_bytes(octets)

    stem, found = mend(folder)
    stem.close()

    assert (folder / WARC).read_bytes() == octets[: found.size]
    assert (folder / "archive/x.warc.gz.torn").read_bytes() == octets[found.size :] != b""
    complete(folder)


def test_zeros_behind_a_warc_are_cut_off(folder: Path) -> None:
    octets = (folder / WARC).read_bytes()
    (folder / WARC).write_bytes(octets + bytes(5_000_000))

    complete(folder)

    assert (folder / "archive/x.warc.gz").read_bytes() == octets
    assert (folder / "archive/x.warc.gz.torn").read_bytes() == bytes(5_000_000)


@pytest.mark.parametrize("name", [PAGES, TEXTS])
@pytest.mark.parametrize("torn", [b"{", b'{"id": "7"', bytes(100), b"x" * 3_000_000])
def test_a_torn_line_is_cut_off_and_kept(folder: Path, name: str, torn: bytes) -> None:
    octets = (folder / name).read_bytes()
    (folder / name).write_bytes(octets + torn)

    stem, _ = mend(folder)
    stem.close()

    assert (folder / name).read_bytes() == octets
    assert (folder / name).with_suffix(".torn").read_bytes() == torn
    complete(folder)


@pytest.mark.parametrize("kept", range(0, 150))
def test_a_line_that_is_torn_makes_its_page_unfinished(folder: Path, kept: int) -> None:
    (folder / PAGES).write_bytes((folder / PAGES).read_bytes()[:kept])

    stem, found = mend(folder)
    stem.close()

    assert list(found.unfinished) == [uuid(1), uuid(3)]


@pytest.mark.parametrize("line", [b"", b"\0\0\0\n", b"[]\n", b"7\n", b'{"id": "other"}\n'])
def test_a_page_whose_text_is_not_there_is_unfinished(folder: Path, line: bytes) -> None:
    (folder / TEXTS).write_bytes(line)

    complete(folder)

    assert texts_in(folder) == {uuid(1): 1, uuid(3): 1}


@pytest.mark.parametrize("name", [PAGES, TEXTS])
def test_files_of_lines_that_are_gone_are_made_anew(folder: Path, name: str) -> None:
    (folder / name).unlink()

    complete(folder)

    assert pages_in(folder) == texts_in(folder) == {uuid(1): 1, uuid(3): 1}


def test_lines_of_captures_that_are_gone_are_not_sealed(folder: Path) -> None:
    octets = (folder / WARC).read_bytes()
    (folder / WARC).write_bytes(octets[: octets.index(b"\x1f\x8b\x08", 1)])

    complete(folder)

    assert pages_in(folder) == texts_in(folder) == {}


# What was torn is kept


def test_what_is_cut_off_at_one_place_is_kept_however_often(folder: Path) -> None:
    tear(folder, b"first")
    tear(folder, b"second")
    tear(folder, b"third")

    torn = sorted(path.read_bytes() for path in folder.glob("archive/*.torn"))
    assert torn == [b"first", b"second", b"third"]


def tear(folder: Path, octets: bytes) -> None:
    """Put *octets* behind the WARC, and mend it."""
    with (folder / WARC).open("ab") as file:
        file.write(octets)
    stem, _ = mend(folder)
    stem.close()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("calls", range(10, 20))
def test_what_is_cut_off_is_durable_before_it_is_cut(folder: Path, calls: int, seed: int) -> None:
    with (folder / WARC).open("ab") as file:
        file.write(b"torn octets")
    platter = Platter(folder)
    disk = MortalDisk(platter)
    disk.die_after(calls)

    with pytest.raises(Killed):
        mend(folder, disk)
    disk.let_go()
    platter.cut_power(seed)

    kept = [*folder.glob("archive/*.torn"), folder / WARC]
    assert any(path.read_bytes().endswith(b"torn octets") for path in kept)
    complete(folder)
    assert (folder / "archive/x.warc.gz.torn").read_bytes() == b"torn octets"


def test_a_draft_of_what_is_cut_off_is_not_left(folder: Path) -> None:
    (folder / "archive/x.warc.gz.torn.open").write_bytes(b"a part")
    (folder / "pages/x.jsonl.7.torn.open").write_bytes(b"a part")

    stem, _ = mend(folder)
    stem.close()

    assert not list(folder.rglob("*torn*"))


# What cannot be mended


@pytest.mark.parametrize("octets", [b"", bytes(9_000), b"\x1f\x8b\x08"])
def test_a_warc_of_which_nothing_is_whole_is_out_of_the_way(folder: Path, octets: bytes) -> None:
    (folder / WARC).write_bytes(octets)

    assert mended(folder, "x", done=nothing_is_done) is None

    assert left_behind(folder) == set()
    assert files(folder).get("archive/x.warc.gz.torn", b"") == octets


@pytest.mark.parametrize("name", [PAGES, TEXTS])
def test_lines_are_kept_where_nothing_of_their_warc_is_whole(folder: Path, name: str) -> None:
    lines = (folder / name).read_bytes()
    (folder / WARC).write_bytes(bytes(9_000))

    assert mended(folder, "x", done=nothing_is_done) is None

    assert (folder / name).with_suffix(".torn").read_bytes() == lines


@pytest.mark.parametrize("name", [PAGES, TEXTS])
def test_lines_are_kept_where_their_warc_is_gone(folder: Path, name: str) -> None:
    lines = (folder / name).read_bytes()
    (folder / WARC).unlink()

    assert mended(folder, "x", done=nothing_is_done) is None

    assert (folder / name).with_suffix(".torn").read_bytes() == lines
    assert left_behind(folder) == set()


def test_a_stem_that_somebody_writes_is_left_alone(folder: Path) -> None:
    with (folder / WARC).open("ab") as file:
        file.write(b"a beginning")
    before = files(folder)
    holder = DISK.reopen(folder / WARC)
    assert holder.lock()

    assert mended(folder, "x", done=nothing_is_done) is None

    holder.close()
    assert files(folder) == before


def test_a_stem_that_is_mended_is_not_mended_by_another(folder: Path) -> None:
    stem, _ = mend(folder)

    assert mended(folder, "x", done=nothing_is_done) is None

    stem.close()


def test_a_stem_that_is_refused_is_free_again(folder: Path) -> None:
    disk = MortalDisk(Platter(folder))
    disk.die_after(1)
    with pytest.raises(Killed):
        mend(folder, disk)

    complete(folder)


# Interrupted sealing


class _StoppingStore(LocalStore):
    """A store whose crawl is killed once so many files are in it."""

    def __init__(self, root: Path, puts: int) -> None:
        super().__init__(root, CountingDisk())
        self._left = puts

    def put(self, path: Path, name: str) -> None:
        if not self._left:
            raise Killed
        self._left -= 1
        super().put(path, name)


@pytest.mark.parametrize("puts", range(5))
def test_a_stem_whose_sealing_was_interrupted_is_sealed_again(tmp_path: Path, puts: int) -> None:
    folder = tmp_path / "news"
    stem = begin(folder)
    finish(stem, visit(stem, 1))
    with pytest.raises(Killed):
        stem.seal(_StoppingStore(tmp_path, puts), "news", crawl="", sealed_at=MOMENT)
    stem.close()

    complete(folder)

    assert captures_in(folder) == pages_in(folder) == texts_in(folder) == {uuid(1): 1}
    assert not list(folder.rglob("*.open"))


def test_a_stem_whose_manifest_is_there_is_left_alone(tmp_path: Path) -> None:
    stem = begin(tmp_path / "news")
    stem.seal(_StoppingStore(tmp_path, 5), "news", crawl="", sealed_at=MOMENT)
    before = files(tmp_path)

    assert mended(tmp_path / "news", "x", done=nothing_is_done) is None

    assert files(tmp_path) == before


# What is left behind


def test_whatever_grows_names_a_stem_that_was_left_behind(tmp_path: Path) -> None:
    names = [
        "archive/a-1.warc.gz.open", "pages/b.jsonl.open", "text/c.jsonl.open",
        "indexes/d.cdxj.open", "pages/e.jsonl.sorted.open", "text/f.jsonl.gz.open",
        "manifests/g.json.open",
    ]  # fmt: skip
    make(tmp_path, *names)

    assert left_behind(tmp_path) == {"a-1", "b", "c", "d", "e", "f", "g"}


def test_nothing_else_was_left_behind(tmp_path: Path) -> None:
    make(
        tmp_path, "archive/a.warc.gz", "archive/b.warc.gz.torn", "archive/c.warc.gz.torn.open",
        "manifests/d.json", "crawls/e.json.open",
    )  # fmt: skip

    assert left_behind(tmp_path) == set()


def test_what_is_left_of_a_sealed_stem_is_taken_away(tmp_path: Path) -> None:
    make(tmp_path, WARC, PAGES, TEXTS, "indexes/x.cdxj.open", "archive/x.warc.gz.torn")
    make(tmp_path, "archive/x.warc.gz", "pages/xy.jsonl.open")

    tidy(tmp_path, "x")

    assert set(files(tmp_path)) == {
        "archive/x.warc.gz", "archive/x.warc.gz.torn", "pages/xy.jsonl.open",
    }  # fmt: skip


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
