"""The pages of a source: one JSON object a line, whoever wrote them, with the same names.

A line has `id`, `url` and `ts`, the moment of the capture as RFC 3339 has it; it may have
`title`, `text` (no more than a search needs), `language` and `seed`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from archiver.pages import TEXT_LIMIT
from archiver.sources.leftout import LeftOut
from archiver.sources.part import Complain

_LONGEST_TITLE = 1000
_LONGEST_URL = 1 << 20
_TIMESTAMP = "%Y%m%d%H%M%S"


def page_line(
    *, url: str, ts: str, id: str | None = None, title: str | None = None,
    text: str | None = None, language: str | None = None, seed: str | None = None,
) -> bytes:  # fmt: skip
    """Return the line of a page; one without an *id* gets the same at each reading."""
    name = f"{ts} {url}".encode("ascii", "backslashreplace").decode("ascii")
    fields = {
        "id": id or str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "url": url,
        "ts": ts,
        "title": title and title[:_LONGEST_TITLE],
        "text": text and text[:TEXT_LIMIT],
        "language": language,
        "seed": seed,
    }
    present = {name: value for name, value in fields.items() if value}
    return (json.dumps(present, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def sound_pages(lines: Iterable[bytes], *, shown: str, complain: Complain) -> Iterator[bytes]:
    """Yield *lines* of json-pages-1.0 as ours are, headers and what is no page left out.

    *complain* is told once how many of the pages called *shown* were none.
    """
    left_out = LeftOut(shown, "page line")
    for line in lines:
        if line.isspace():
            continue
        fields = _object(line)
        if "format" in fields and "url" not in fields:
            continue  # a header
        page = _page(fields)
        if page is None:
            left_out.note(f"{line[:120]!r}, which has no url or no ts")
        else:
            yield page
    left_out.tell(complain)


def _page(fields: dict[str, Any]) -> bytes | None:
    url, ts = fields.get("url"), moment_of(fields.get("ts"))
    if not isinstance(url, str) or not url or len(url) > _LONGEST_URL or ts is None:
        return None
    names = ("id", "title", "text", "language", "seed")
    texts = {name: fields[name] for name in names if isinstance(fields.get(name), str)}
    return page_line(url=url, ts=ts, **texts)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def moment_of(ts: object) -> str | None:
    """Return *ts*, of which writers have several forms, as RFC 3339 has it; None if it is none.

    Milliseconds since 1970 are those of ArchiveWeb.page, 14 digits a timestamp of an index.
    """
    try:
        if isinstance(ts, int) and not isinstance(ts, bool):
            return datetime.fromtimestamp(ts / 1000, UTC).isoformat().replace("+00:00", "Z")
        if not isinstance(ts, str):
            return None
        if len(ts) == 14 and ts.isdecimal():
            return f"{datetime.strptime(ts, _TIMESTAMP).isoformat()}Z"
        datetime.fromisoformat(ts)
    except (ValueError, OverflowError, OSError):
        return None
    return ts
