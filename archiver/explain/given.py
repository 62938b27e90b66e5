"""The page that is to be explained, from wherever it is: the web, a file, an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO

from w3lib.encoding import http_content_type_encoding, resolve_encoding

from archiver.answers.choice import Answers, NotArchived
from archiver.content import content_of
from archiver.errors import ArchiveError
from archiver.explain.fetching import fetch
from archiver.extraction.tree import MAX_OCTETS
from archiver.head import parse_head
from archiver.places import Place
from archiver.sources import open_source
from archiver.urls import SCHEME, is_http
from archiver.wire import payload_of

Complain = Callable[[str], None]

_HTML = ("", "text/html", "application/xhtml+xml")
_GZIP = b"\x1f\x8b"
# How archives begin: WARC, ARC, WACZ, and WARC in Zstandard with and without a dictionary.
_ARCHIVES = (b"WARC/", b"filedesc:", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")
_BEGINNING = 4 << 10
_STEP = 1 << 20
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPage:
    """A page that its user calls *name*: its octets, and what is known of how they came."""

    name: str
    content: bytes
    captured_at: datetime
    url: str | None = None
    charset: str | None = None
    status: int = 200


def page_of(
    name: str, url: str | None, place: Callable[[str], Place], *, charset: str | None,
    now: datetime, complain: Complain,
) -> GivenPage:  # fmt: skip
    """Return the page *name*: an address, a file, or the archive that has the page of *url*.

    *place* finds what is no address. *charset*, where it is not None, takes the place of what
    the server declares. ArchiveError where there is no such page, or no HTML.
    """
    if charset is not None and resolve_encoding(charset) is None:
        raise ArchiveError(f"{charset!r} is no charset: give --charset one such as utf-8")
    page = _found(name, url, place, now, complain)
    return page if charset is None else replace(page, charset=charset)


def _found(
    name: str, url: str | None, place: Callable[[str], Place], now: datetime, complain: Complain
) -> GivenPage:
    if url is not None and not is_http(url):
        raise ArchiveError(f"{url!r} is no address of a page: write it as https://host/path")
    if _is_of_the_web(name):
        if url is not None:
            raise ArchiveError(f"{name} has an address of its own: leave --url out")
        fetched = fetch(name, most=MAX_OCTETS)
        return _page_from(fetched.block, name=name, url=fetched.url, captured_at=now)
    where = place(name)
    if where.is_dir():
        return _archived(name, url, where, now=now, complain=complain)
    if not where.exists():
        raise ArchiveError(
            f"{name} is not there: give an HTML file, an address that begins with https://, or "
            "an archive with --url"
        )
    with where.open("rb") as file:
        if not _beginning(file).startswith(_ARCHIVES):
            return GivenPage(name=name, content=_whole(file), captured_at=now, url=url)
    return _archived(name, url, where, now=now, complain=complain)


def _is_of_the_web(name: str) -> bool:
    scheme = SCHEME.match(name)
    return scheme is not None and scheme[1].lower() != "s3" and "://" in name


def _beginning(file: BinaryIO) -> bytes:
    return _gunzipped(file.read(_BEGINNING), _BEGINNING)


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return _gunzipped(file.read(MAX_OCTETS + 1), MAX_OCTETS + 1)


def _gunzipped(octets: bytes, most: int) -> bytes:
    return content_of(octets, b"gzip", most) if octets.startswith(_GZIP) else octets


def _archived(
    name: str, url: str | None, place: Place, *, now: datetime, complain: Complain
) -> GivenPage:
    if url is None:
        raise ArchiveError(f"{name} is an archive: say with --url which of its pages is meant")
    with open_source([place], complain=complain) as source:
        answers = Answers(source)
        try:
            answer = answers.answer("GET", url)
        except NotArchived as error:
            near = ", ".join(repr(entry.url) for entry in answers.near(url, _MOST_NEAR))
            hint = f"near to it are {near}" if near else "give the archive that has it"
            raise ArchiveError(f"{error}: {hint}") from None
        try:
            while answer.read(_STEP):
                pass  # what it holds is its block
            page, head = answer.page(), answer.head
            captured_at = page.captured_at if page else now
            location = head.get(b"location") if head and 300 <= head.status < 400 else None
            if location is not None:
                target = location.decode("utf-8", "replace")
                raise ArchiveError(f"{url} leads to {target!r}: give that with --url")
            return _page_from(answer.block, name=name, url=answer.target, captured_at=captured_at)
        finally:
            answer.close()


def _page_from(block: bytes, *, name: str, url: str, captured_at: datetime) -> GivenPage:
    """Return the page in the response *block*, decoded as extraction does it."""
    head = parse_head(block)
    media_type = _text(head.get(b"content-type")) if head else None
    bare = (media_type or "").partition(";")[0].strip().lower()
    if head is None or bare not in _HTML:
        raise ArchiveError(f"{url} is no page of HTML{f', but {bare!r}' if bare else ''}")
    payload = b"".join(payload_of([block]))
    encoding = b",".join(head.get_all(b"content-encoding")) or None
    return GivenPage(
        name=name,
        content=content_of(payload, encoding, MAX_OCTETS + 1),
        captured_at=captured_at,
        url=url,
        charset=http_content_type_encoding(media_type),
        status=head.status,
    )


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")
