"""Answers as discovering spiders get them, and what they turn out to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from archiver.capture import PAGE_KEY, Location, Page
from archiver.discovery import Link, Links
from archiver.prospect import Prospect
from spiders.leads import Role, Way

SITE = "https://paper.example.org"


def uuid(number: int) -> str:
    return f"<urn:uuid:00000000-0000-4000-8000-00000000000{number}>"


def answer(path: str = "/", *, number: int = 1, status: int = 200, **page: Any) -> Response:
    """Return the answer from *path*, which the archive holds as record *number*.

    Any: the fields of the Page that it may become.
    """
    url = SITE + path
    found = Page(
        target=url,
        captured_at=datetime(2026, 5, 7, tzinfo=UTC),
        record_id=uuid(number),
        location=Location(filename="a.warc.gz", offset=number, length=9),
        collection="news",
        **page,
    )
    return HtmlResponse(url, status=status, request=Request(url, meta={PAGE_KEY: found}))


def way(role: Role = "seed", level: int = 0) -> Way:
    return Way(seed=f"{SITE}/", role=role, level=level)


def link(path: str, text: str = "", *, is_nofollow: bool = False) -> Link:
    return Link(url=SITE + path, text=text, is_nofollow=is_nofollow)


def document(
    page_type: str, *links: Link, feeds: tuple[str, ...] = (), sitemaps: tuple[str, ...] = (),
    canonical: str | None = None, following: str | None = None,
) -> Prospect:  # fmt: skip
    """Return a document with these links; paths are completed."""
    return Prospect(
        kind="document",
        page_type=page_type,
        links=Links(
            pages=links,
            feeds=tuple(SITE + path for path in feeds),
            canonical=SITE + canonical if canonical is not None else None,
            amp=None,
            following=SITE + following if following is not None else None,
            sitemaps=tuple(SITE + path for path in sitemaps),
            left_out=0,
        ),
    )
