"""Three hundred real pages, and the answers of a server that frames them by turns."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.journeys.site import answer, chunks_of, gzipped, head

_SETS = ("aeb", "atf", "cpe", "daniel", "fundus", "hdt", "merc", "rdb", "tef", "wcxb")
_OF_EACH = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class RealPage:
    """A page at *path* of the server, and the octets of its whole *answer*.

    *id* is what its set calls it. *payload* is what is left of the answer when its head and
    its transfer-encoding are taken away.
    """

    path: str
    id: str
    answer: bytes
    payload: bytes
    is_chunked: bool
    has_text: bool


def real_pages(shared: Path) -> list[RealPage]:
    """Return the first thirty pages of each set, those that are not UTF-8 before all others."""
    return [_page(number, name, row) for number, (name, row) in enumerate(_rows(shared))]


def _rows(shared: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in _SETS:
        with gzip.open(shared / f"extraction/dev/{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = sorted(map(json.loads, file), key=lambda row: row["html_encoding"] == "text")
        yield from ((name, row) for row in rows[:_OF_EACH])


def _page(number: int, name: str, row: dict[str, Any]) -> RealPage:
    is_utf8 = row["html_encoding"] == "text"
    body = row["html"].encode() if is_utf8 else base64.b64decode(row["html"])
    media_type = "text/html; charset=utf-8" if is_utf8 else "text/html"
    framing = ("length", "chunked", "gzip", "close")[number % 4]
    field = f"Content-Type: {media_type}"
    match framing:
        case "length":
            octets = b"".join(answer(body, media_type=media_type))
        case "chunked":
            octets = head(field, "Transfer-Encoding: chunked") + chunks_of(body)
        case "gzip":
            octets = b"".join(gzipped(body, media_type=media_type))
        case _:
            octets = head(field, "Connection: close") + body
    return RealPage(
        path=f"/{name}/{number}",
        id=row["id"],
        answer=octets,
        payload=body if framing == "chunked" else octets.partition(b"\r\n\r\n")[2],
        is_chunked=framing == "chunked",
        has_text=bool(row["gold_text"]),
    )
