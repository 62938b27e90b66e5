"""Why a page's text is not to be used."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.capture import HostRights, Location, Page
from archiver.rights import reservation_in, reservation_of

RESPECTED = Page(
    target="https://news.example.org/ferry",
    captured_at=datetime(2026, 5, 3, tzinfo=UTC),
    record_id="<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>",
    location=Location(filename="news-1.warc.gz", offset=512, length=2048),
    collection="news",
    is_rights_respected=True,
)

NONE: frozenset[str] = frozenset()
REASONS = [
    # directives, tdm_reservation, ai_txt_allowed, robots_allowed, reason
    (NONE, None, None, None, None),
    (NONE, 0, True, True, None),
    (NONE, 1, None, None, "tdm-reservation"),
    ({"noai"}, None, None, None, "noai"),
    ({"none", "noindex", "nofollow"}, None, None, None, "noindex"),
    ({"noarchive"}, None, None, None, "noarchive"),
    (NONE, None, False, None, "ai.txt"),
    (NONE, None, None, False, "robots.txt"),
    # what is about pictures, links, and what a search shows
    ({"noimageai", "nofollow", "nosnippet"}, None, None, None, None),
    # the first that is named
    ({"noarchive", "noindex", "noai"}, 1, False, False, "tdm-reservation"),
    ({"noarchive", "noindex", "noai"}, 0, False, False, "noai"),
    ({"noarchive", "noindex"}, 0, False, False, "noindex"),
    (NONE, 0, False, False, "ai.txt"),
    # what allows takes nothing back
    ({"noai"}, 0, True, True, "noai"),
]


@pytest.mark.parametrize(("directives", "tdm", "ai_txt", "robots", "reason"), REASONS)
def test_the_first_reason_is_given(
    directives: set[str], tdm: int | None, ai_txt: bool | None, robots: bool | None,
    reason: str | None,
) -> None:  # fmt: skip
    found = reservation_in(
        frozenset(directives), tdm_reservation=tdm, ai_txt_allowed=ai_txt, robots_allowed=robots
    )

    assert found == reason


def block(fields: str = "", markup: str = "", media_type: str = "text/html") -> bytes:
    payload = f"<html><head>{markup}<title>Ferry</title></head><body><p>Back.</p></body></html>"
    return f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n{fields}\r\n{payload}".encode()


SAID = HostRights(ai_txt_allowed=False)
PAGES = [
    (block(), None, None),
    (block("X-Robots-Tag: googlebot: noindex\r\nX-Robots-Tag: noai\r\n"), None, "noai"),
    (block(markup='<meta name="robots" content="noai, noimageai">'), None, "noai"),
    (block(markup='<META CONTENT="NOAI" NAME="Robots" />'), None, "noai"),
    (block(markup='<meta name=archiver content=noindex>'), None, "noindex"),
    (block(markup='<meta name="googlebot" content="noindex">'), None, None),
    (block(markup='<!-- <meta name="robots" content="noai"> -->'), None, None),
    (block(markup='<script>"<meta name=robots content=noai>"</script>'), None, None),
    (block(markup='<meta name="robots" content="noai">', media_type="image/png"), None, None),
    (block(markup='<meta name="tdm-reservation" content="1">'), None, "tdm-reservation"),
    (block(), HostRights(tdm_reservation=1), "tdm-reservation"),
    (block("TDM-Reservation: 0\r\n"), HostRights(tdm_reservation=1), None),
    (block("TDM-Reservation: 1\r\n"), HostRights(tdm_reservation=0), "tdm-reservation"),
    (
        block("TDM-Reservation: 1\r\n", '<meta name="tdm-reservation" content="0">'),
        HostRights(tdm_reservation=1),
        None,
    ),
    (block(), SAID, "ai.txt"),
    (block(), HostRights(robots_allowed=False), "robots.txt"),
    (block(), HostRights(robots_allowed=True, ai_txt_allowed=True, tdm_reservation=0), None),
    (b"no HTTP at all", SAID, None),
]  # fmt: skip


@pytest.mark.parametrize(("octets", "rights", "reason"), PAGES)
def test_a_page_is_reserved_by_itself_its_head_and_its_host(
    octets: bytes, rights: HostRights | None, reason: str | None
) -> None:
    assert reservation_of(replace(RESPECTED, rights=rights), octets) == reason


def test_nothing_is_reserved_where_rights_are_only_recorded() -> None:
    page = replace(RESPECTED, rights=SAID, is_rights_respected=False)

    assert reservation_of(page, block("X-Robots-Tag: noai\r\n")) is None
