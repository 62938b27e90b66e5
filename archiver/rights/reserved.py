"""Why the text of a page is not to be used, where rights are respected."""

from __future__ import annotations

from typing import Literal

from archiver.capture import HostRights, Page
from archiver.head import parse_head
from archiver.rights.response import html_of, metas_in, robots_tags_of, tdm_header, tdm_meta
from archiver.rights.robots_tags import Directives, header_directives, meta_directives
from archiver.rights.tdmrep import Declaration
from archiver.wire import payload_of

Reservation = Literal["tdm-reservation", "noai", "noindex", "noarchive", "ai.txt", "robots.txt"]

# As much of a page as anybody extracts text from.
_MOST = 20_000_000

# In the order in which they are named. `noai` says it of text and pictures alike; `noimageai` of
# pictures alone, which no text has. A corpus is an index of its texts, and a copy of them that
# others read in place of the page: that is what `noindex` and `noarchive` do not want.
# `nosnippet` is about what a search shows, and `nofollow` about links.
_TAGS: tuple[Reservation, ...] = ("noai", "noindex", "noarchive")


def reservation_in(
    directives: Directives, *, tdm_reservation: int | None, ai_txt_allowed: bool | None,
    robots_allowed: bool | None,
) -> Reservation | None:  # fmt: skip
    """Return the first reason why a page's text is not to be used, None if there is none.

    *directives* are those that hold for us. What nobody has looked at, or nobody has said,
    reserves nothing. robots.txt is a reason for a page that was fetched although it is
    forbidden, as by one who does not obey.
    """
    if tdm_reservation == 1:
        return "tdm-reservation"
    for name in _TAGS:
        if name in directives:
            return name
    if ai_txt_allowed is False:
        return "ai.txt"
    return "robots.txt" if robots_allowed is False else None


def reservation_of(page: Page, block: bytes) -> Reservation | None:
    """Return why *page*, whose response record has *block*, gives no text.

    None where it may, and where rights are not respected.
    """
    head = parse_head(block) if page.is_rights_respected else None
    if head is None:
        return None
    rights = page.rights or HostRights()
    metas = metas_in(html_of(head, b"".join(payload_of([block])), _MOST))
    of_host = Declaration(reservation=rights.tdm_reservation)
    tdm = tdm_meta(metas, page.target).over(tdm_header(head, page.target)).over(of_host)
    return reservation_in(
        header_directives(robots_tags_of(head)) | meta_directives(metas),
        tdm_reservation=tdm.reservation,
        ai_txt_allowed=rights.ai_txt_allowed,
        robots_allowed=rights.robots_allowed,
    )
