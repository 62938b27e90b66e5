"""The lines of somebody's index, proven before anything is opened that they name."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import BinaryIO, cast

from archiver.cdxj import DamagedIndexLine, parse_line
from archiver.sources.leftout import LeftOut
from archiver.sources.listed import HashedFile
from archiver.sources.part import Complain, Member

# A line holds a URL twice, once with its escapes; nobody's are longer than this.
_LONGEST = 8 << 20
_READ = 64 << 10


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of *file*; of one that is longer than any index has, its first octets."""
    while line := file.readline(_LONGEST):
        yield line
        while len(line) == _LONGEST and not line.endswith(b"\n"):
            line = file.readline(_LONGEST)


def vouched_lines(
    file: BinaryIO,
    lie: Callable[[HashedFile], str | None],
    complain: Complain,
    *,
    algorithm: str | None = None,
    is_packed: bool = False,
) -> Iterator[bytes]:
    """Yield the lines of *file*, which is hashed by *algorithm* on the way.

    After the last, *complain* is told what *lie* finds wrong with all that was read.
    """
    hashed = HashedFile(file, algorithm)
    opened = gzip.GzipFile(fileobj=hashed) if is_packed else io.BufferedReader(hashed, _READ)
    yield from lines_of(cast("BinaryIO", opened))
    hashed.read_on()
    sentence = lie(hashed)
    if sentence is not None:
        complain(sentence)


def sound_lines(
    lines: Iterable[bytes], members: Mapping[str, Member], *, shown: str, complain: Complain
) -> Iterator[bytes]:
    """Yield those of *lines* that are CDXJ and lie within one of *members*.

    *members* are listed by the names that the lines give them; the lines that come out give
    them their own. *complain* is told once what was left out of the index called *shown*.
    """
    left_out = LeftOut(shown, "index line")
    for line in lines:
        if line.isspace() or line.startswith(b"!"):
            continue  # such as the first line of a compressed index
        try:
            yield _proven(line, members)
        except DamagedIndexLine as damage:
            left_out.note(f"{damage.line[:120]!r}, {damage.problem}")
    left_out.tell(complain)


def _proven(line: bytes, members: Mapping[str, Member]) -> bytes:
    location = parse_line(line).location
    member = members.get(location.filename)
    if member is None:
        raise DamagedIndexLine(line, f"{location.filename!r} is no WARC of its archive")
    if not location.length or location.offset + location.length > member.size:
        raise DamagedIndexLine(line, f"{location.filename!r} has {member.size} octets only")
    if member.filename == location.filename:
        return line.rstrip(b"\r\n") + b"\n"
    key, timestamp, block = line.split(b" ", 2)
    fields = json.loads(block) | {"filename": member.filename}
    return b"%b %b %b\n" % (key, timestamp, json.dumps(fields).encode("ascii"))
