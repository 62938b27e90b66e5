"""`pages/pages.jsonl` of a WACZ, and the page that it opens with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archiver.wacz.package import MainPage


@dataclass(frozen=True, slots=True, kw_only=True)
class PageList:
    """The page list that lies at *path*: *count* pages, and the *main* one of them."""

    path: Path
    count: int
    main: MainPage | None


def write_pages(
    lines: Iterable[bytes], path: Path, address: Callable[[str], str] | None = None
) -> PageList:
    """Write the page *lines* to *path*, below their header.

    With *address* a page is listed under what it gives for the page's URL.
    """
    count, has_text = 0, False
    main: dict[str, Any] | None = None  # Any: it is a JSON object
    with path.open("wb") as file:
        file.write(_header(has_text))
        for line in lines:
            page = json.loads(line)
            if address is not None and _readdress(page, address):
                line = json.dumps(page).encode("ascii") + b"\n"
            file.write(line)
            count += 1
            has_text = has_text or bool(page.get("text"))
            if main is None or _rank(page) < _rank(main):
                main = {name: page.get(name) for name in ("url", "ts", "seed")}
        file.seek(0)
        file.write(_header(has_text))
    found = MainPage(url=main["url"], ts=main["ts"]) if main else None
    return PageList(path=path, count=count, main=found)


def _readdress(page: dict[str, Any], address: Callable[[str], str]) -> bool:
    """Have *page*, and its seed, say the *address* of its URL; say whether that is another."""
    there = [name for name in ("url", "seed") if isinstance(page.get(name), str)]
    others = {name: address(page[name]) for name in there if address(page[name]) != page[name]}
    page.update(others)
    return bool(others)


def _rank(page: dict[str, Any]) -> tuple[bool, str]:
    """Return where *page* stands among the candidates: seeds first, then the earliest."""
    # Without its Z a time to the second comes before its fractions.
    return page["url"] != page.get("seed"), str(page["ts"]).removesuffix("Z")


def _header(has_text: bool) -> bytes:
    """Return the header line, which has one length whatever it says."""
    fields = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    line = json.dumps({**fields, "hasText": has_text})
    return f"{line:<{len(json.dumps({**fields, 'hasText': False}))}}\n".encode("ascii")
