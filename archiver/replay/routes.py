"""What the server has: a fixed list of files, the pages, and the WACZ of each edition.

No part of a request is ever a path on a disk. Every answer says what it may load: our pages and
what shows archives load nothing from elsewhere, whatever an archive has them do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from importlib.resources import files
from itertools import islice
from string import Template
from urllib.parse import SplitResult, parse_qs

from archiver.answers.spans import Span, span_of
from archiver.cdxj import IndexEntry
from archiver.errors import ArchiveError, SettingError
from archiver.replay.edition import Edition
from archiver.replay.editions import Editions
from archiver.replay.pages import SITE, front_page, missing_page, shown_at
from archiver.replay.ranges import NotSatisfiable, range_of

_NEAREST = 10
_MOST_CAPTURES = 10_000  # of one URL; more are somebody's trap
_HTML = "text/html; charset=utf-8"
_SCRIPT = "text/javascript; charset=utf-8"
_EDITION = re.compile(r"/w/([0-9a-f]{16})/([^/]+)")
# What ReplayWeb.page searches; of the list in a single WACZ it would read the first MiB.
_PAGES = "pages.jsonl"

_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The frame of ReplayWeb.page, and its workers. No script is taken but its own, so that no
# archived page, which is of the same origin, can write one into it.
_FRAME_POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    "connect-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; base-uri 'none'; form-action 'self'; object-src 'none'; "
    "frame-ancestors 'self'"
)
# An archived page does what it did, but reaches nobody: web sockets and forms neither.
_ARCHIVED_POLICY = (
    "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; "
    "connect-src 'self' data: blob:; "
    "form-action 'self'; object-src 'none'; frame-ancestors 'self'"
)


class BundleMissing(ArchiveError):
    """ReplayWeb.page is not where it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back: *size* octets, as *body* yields them."""

    status: HTTPStatus
    media_type: str
    size: int
    body: Iterable[bytes]
    policy: str = _PAGE_POLICY
    fields: Mapping[str, str] = field(default_factory=dict)


def plain(status: HTTPStatus, sentence: str, **fields: str) -> Answer:
    """Return the answer that is no more than a *sentence*."""
    octets = f"{sentence}\n".encode()
    return _whole(octets, "text/plain; charset=utf-8", status, fields=fields)


class Routes:
    """Everything that the server of *editions* answers with.

    BundleMissing if ReplayWeb.page is not installed.
    """

    def __init__(self, editions: Editions) -> None:
        self._editions = editions
        self._files = _files()
        self._cleared: set[str] = set()

    def answer(self, target: SplitResult, headers: Message) -> Answer:
        """Return the answer to a request for *target* with *headers*."""
        if target.path in self._files:
            octets, media_type = self._files[target.path]
            return _whole(octets, media_type, policy=_FRAME_POLICY)
        if target.path == "/":
            edition = self._editions.latest()
            fields = self._clearing(headers.get("Host", ""))
            return _whole(front_page(edition.title, edition.address), _HTML, fields=fields)
        if target.path == "/replay":
            return self._linked(parse_qs(target.query, errors="surrogateescape"))
        found = _EDITION.fullmatch(target.path)
        edition_held = self._editions.find(found[1]) if found else None
        if found and edition_held is not None:
            if found[2] == _PAGES:
                return _pages_of(edition_held)
            if found[2].endswith(".wacz"):
                return _octets_of(edition_held, headers)
        return plain(HTTPStatus.NOT_FOUND, "there is nothing at this address")

    def _clearing(self, host: str) -> dict[str, str]:
        """Return what has a browser forget, once, all that it keeps for our address *host*.

        Another archive, shown here before, may have left its scripts' doings behind.
        """
        if host in self._cleared:
            return {}
        self._cleared.add(host)
        return {"Clear-Site-Data": '"storage"'}

    def _linked(self, query: Mapping[str, list[str]]) -> Answer:
        """Return the way to the capture that a deep link means, or where those near it are."""
        url, timestamp = (query.get(name, [""])[0] for name in ("url", "ts"))
        if not url:
            return _elsewhere("/")
        try:
            span = span_of(timestamp, "ts") if timestamp else None
        except SettingError as error:
            return plain(HTTPStatus.BAD_REQUEST, str(error))
        edition = self._editions.latest()
        index = edition.index()
        capture = _nearest(islice(index.captures(url), _MOST_CAPTURES), url, span)
        if capture is None:
            near = index.near(url, _NEAREST)
            page = missing_page(edition.title, url, near)
            return _whole(page, _HTML, HTTPStatus.NOT_FOUND)
        return _elsewhere(shown_at(capture.url, capture.timestamp))


def _nearest(captures: Iterable[IndexEntry], url: str, span: Span | None) -> IndexEntry | None:
    """Return the last of *captures*, or that nearest to *span*; best of the very *url*."""

    def merit(capture: IndexEntry) -> tuple[bool, int, str]:
        distance = span.seconds_to(capture.timestamp) if span else 0
        return capture.url == url, -distance, capture.timestamp

    return max(captures, key=merit, default=None)


def _pages_of(edition: Edition) -> Answer:
    pages = edition.pages
    return Answer(
        status=HTTPStatus.OK,
        media_type="application/x-ndjson",
        size=pages.size,
        body=pages.whole(),
    )


def _octets_of(edition: Edition, headers: Message) -> Answer:
    """Return the WACZ of *edition*, or the range of it that *headers* ask for."""
    wacz, size, tag = edition.wacz, edition.wacz.size, f'"{edition.token}"'
    fields = {"Accept-Ranges": "bytes", "ETag": tag}
    is_heeded = headers.get("If-Range", tag) == tag
    try:
        span = range_of(headers.get("Range") if is_heeded else None, size)
    except NotSatisfiable:
        return plain(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "the archive has no such octets",
            **{"Content-Range": f"bytes */{size}"},
        )  # fmt: skip
    status, body, length = HTTPStatus.OK, wacz.whole(), size
    if span is not None:
        start, stop = span
        status, body, length = HTTPStatus.PARTIAL_CONTENT, wacz.read(start, stop), stop - start
        fields["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return Answer(
        status=status, media_type="application/wacz", size=length, body=body, fields=fields
    )


def _files() -> dict[str, tuple[bytes, str]]:
    """Return the files that never change, by path: their octets and media type."""
    guard = (SITE / "guard.js").read_text("utf-8")
    texts = {"archived": _ARCHIVED_POLICY, "frame": _FRAME_POLICY, "guard": guard}
    worker = Template((SITE / "worker.js").read_text("utf-8")).substitute(
        {name: json.dumps(text) for name, text in texts.items()}
    )
    return {
        "/guard.js": (guard.encode(), _SCRIPT),
        "/page.css": ((SITE / "page.css").read_bytes(), "text/css; charset=utf-8"),
        "/replay/": ((SITE / "frame.html").read_bytes(), _HTML),
        "/replay/sw.js": (worker.encode(), _SCRIPT),
        "/replay/ui.js": (_bundled("ui.js"), _SCRIPT),
        "/replay/wabac.js": (_bundled("sw.js"), _SCRIPT),
    }


def _bundled(name: str) -> bytes:
    """Return a file of ReplayWeb.page, which `archiver.replay.bundle` fetches."""
    try:
        return (files("archiver.replay") / "replayweb.page" / name).read_bytes()
    except FileNotFoundError:
        raise BundleMissing(
            "ReplayWeb.page, which shows archives, is not installed: "
            "fetch it once with `python -m archiver.replay.bundle`"
        ) from None


def _whole(
    octets: bytes,
    media_type: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    policy: str = _PAGE_POLICY,
    fields: Mapping[str, str] | None = None,
) -> Answer:
    return Answer(
        status=status,
        media_type=media_type,
        size=len(octets),
        body=[octets],
        policy=policy,
        fields=fields or {},
    )


def _elsewhere(address: str) -> Answer:
    return plain(HTTPStatus.FOUND, f"see {address}", Location=address)
