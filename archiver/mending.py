"""Stems that a killed process left behind, made whole again.

A torn WARC is cut at its last whole record, or pair of records; so are the lines of pages and
texts. What is cut off is kept beside its file as `.torn`. A stem whose sealing was interrupted
gets its growing names back: without a manifest nothing of it counts as sealed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, count
from pathlib import Path

from archiver.disk import DISK, Disk, GrowingFile
from archiver.scratch import Scratch
from archiver.stem import DRAFTS, GROWING_PAGES, GROWING_TEXTS, GROWING_WARC, Stem
from archiver.survey import Done, Survey, survey
from archiver.warc import WarcWriter

logger = logging.getLogger(__name__)

_GROWING = (GROWING_WARC, GROWING_PAGES, GROWING_TEXTS)
_WARC = "archive/{}.warc.gz"
_COMPANIONS = ("indexes/{}.cdxj", "pages/{}.jsonl", "text/{}.jsonl.gz")
_CHUNK = 1 << 20


def left_behind(folder: Path) -> set[str]:
    """Return the stems that have growing files in *folder*, whether or not anybody is at work."""
    return {
        path.name.removesuffix(Path(pattern).name.removeprefix("{}"))
        for pattern in (*_GROWING, *DRAFTS)
        for path in folder.glob(pattern.format("*"))
    }


def tidy(folder: Path, name: str, disk: Disk = DISK) -> None:
    """Take away what is left growing of the stem *name*, which is sealed."""
    for pattern in (*_GROWING, *DRAFTS):
        disk.remove(folder / pattern.format(name))


def mended(
    folder: Path, name: str, *, done: Done, is_noted: bool = True, disk: Disk = DISK
) -> tuple[Stem, Survey] | None:
    """Return the stem *name* in *folder*, ready to grow or to be sealed, and what it holds.

    *done* knows the captures whose request is done. None where another process is at work on
    it, and where nothing whole is left, which is then out of the way. A file that somebody
    else may have written is left alone, unless it *is_noted* as ours.
    """
    with ExitStack() as undo:
        file = _taken(folder, name, disk)
        if file is None:
            return None
        undo.callback(file.close)
        if not is_noted and not _is_ours(file.path):
            logger.warning("Left alone, since it is not known to be ours: %s", file.path)
            return None
        logger.info("Mending what a killed crawl has left: %s", file.path)
        _tidy_drafts(folder, name, disk)
        pages = _lines(folder / GROWING_PAGES.format(name), disk)
        texts = _lines(folder / GROWING_TEXTS.format(name), disk)
        finished = _finished(pages, texts)
        path = folder / GROWING_WARC.format(name)
        found = survey(path, f"{name}.warc.gz", done=done, finished=finished)
        _cut(file, found.size, disk)
        file.sync()
        if not found.size:
            _put_aside(folder, name, disk)
            undo.close()
            tidy(folder, name, disk)
            return None
        places = found.finished
        with_page = Scratch.reopened(pages, lambda line: places.get(_id_in(line)), disk)
        undo.callback(with_page.close)
        with_text = Scratch.reopened(texts, lambda line: places.get(_id_in(line)), disk)
        undo.callback(with_text.close)
        stem = Stem(
            folder,
            WarcWriter(path, found.filename, disk, file),
            with_page,
            with_text,
            found.contents,
            disk,
        )
        stem.warcinfo_id = found.warcinfo_id
        stem.expect(found.unfinished.values())
        undo.pop_all()
        return stem, found


def _is_ours(path: Path) -> bool:
    found = survey(path, path.name, done=lambda _: None, finished=())
    return found.is_ours and bool(found.size)


def _taken(folder: Path, name: str, disk: Disk) -> GrowingFile | None:
    """Return the WARC of the stem, locked and under its growing name; None if it cannot be."""
    growing, sealed = folder / GROWING_WARC.format(name), folder / _WARC.format(name)
    path = growing if growing.exists() else sealed
    try:
        file = disk.reopen(path)
    except FileNotFoundError:
        _put_aside(folder, name, disk)
        return None
    if not file.lock() or (folder / f"manifests/{name}.json").exists():
        file.close()
        return None
    if path == sealed:
        disk.rename(sealed, growing)
    file.path = growing
    return file


def _tidy_drafts(folder: Path, name: str, disk: Disk) -> None:
    """Take away what was drafted from the growing files, which are there still."""
    for pattern in (*DRAFTS, *_COMPANIONS):
        disk.remove(folder / pattern.format(name))
    for part in ("archive", "pages", "text"):
        for path in (folder / part).glob(f"{name}.*torn.open"):
            disk.remove(path)


def _put_aside(folder: Path, name: str, disk: Disk) -> None:
    """Keep lines of whose WARC nothing is left, as after a power cut, out of the way."""
    _tidy_drafts(folder, name, disk)
    for pattern in (GROWING_PAGES, GROWING_TEXTS):
        path = folder / pattern.format(name)
        if path.exists():
            file = disk.reopen(path)
            _cut(file, 0, disk)
            file.close()
            disk.remove(path)


def _lines(path: Path, disk: Disk) -> Path:
    """Make sure that there is a file at *path* and that it ends with a line end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = disk.reopen(path)
    except FileNotFoundError:
        disk.create(path).close()
        return path
    try:
        _cut(file, _end_of_lines(file), disk)
    finally:
        file.close()
    return path


def _end_of_lines(file: GrowingFile) -> int:
    end = file.size
    while end:
        start = max(0, end - _CHUNK)
        place = file.read(start, end - start).rfind(b"\n")
        if place >= 0:
            return start + place + 1
        end = start
    return 0


def _cut(file: GrowingFile, size: int, disk: Disk) -> None:
    """Let *file* end at *size*; what stood behind is durable in another file before that."""
    if file.size == size:
        return
    target = _free_name(file.path)
    draft = target.with_name(f"{target.name}.open")
    disk.remove(draft)
    torn = disk.create(draft)
    try:
        torn.extend(_octets(file, size))
        torn.sync()
    finally:
        torn.close()
    disk.rename(draft, target)
    disk.sync_folder(target.parent)
    logger.warning("Torn off, and kept in %s: %d octets", target, file.size - size)
    file.cut(size)
    file.sync()


def _free_name(path: Path) -> Path:
    """Return where to keep what is cut off *path*; nothing that was cut off before lies there."""
    name = path.name.removesuffix(".open")
    marks = chain((".torn",), (f".{number}.torn" for number in count(2)))
    paths = (path.with_name(f"{name}{mark}") for mark in marks)
    return next(path for path in paths if not path.exists())


def _octets(file: GrowingFile, offset: int) -> Iterator[bytes]:
    for start in range(offset, file.size, _CHUNK):
        yield file.read(start, min(_CHUNK, file.size - start))


def _finished(pages: Path, texts: Path) -> set[str]:
    """Return the record ids of the pages that have a line, and a text where the line says so."""
    with texts.open("rb") as file:
        with_text = {_id_in(line) for line in file}
    finished = set()
    with pages.open("rb") as file:
        for line in file:
            page = _object_in(line)
            if "text" not in page or _id_of(page) in with_text:
                finished.add(_id_of(page))
    return finished


def _id_in(line: bytes) -> str:
    return _id_of(_object_in(line))


def _id_of(fields: dict[str, object]) -> str:
    return f"<urn:uuid:{fields.get('id')}>"


def _object_in(line: bytes) -> dict[str, object]:
    """Return the JSON object in *line*; an empty one for what a power cut made of it."""
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
