"""What the metadata record of a page says of it: as fields of `application/warc-fields`, and back.

The WARC alone tells which captures are pages, and how a crawl came to them; from it the same text
is read years later. A capture that was found to be no page is marked by the same record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from archiver.capture import HostRights, Page

# The field, and the first, of a record that marks a capture as no page worth reading; readers have
# the names of fields in lower case.
NOT_A_PAGE = "notAPage"
_VERDICTS = {"true": True, "false": False}


def fields_from_page(page: Page, *, is_passed_over: bool) -> dict[str, object]:
    """Return the fields that declare *page*, or, where it *is_passed_over*, mark it as none.

    None is the value of what is not known.
    """
    rights = page.rights or HostRights()
    return {
        NOT_A_PAGE: page.page_type if is_passed_over else None,
        "pageType": None if is_passed_over else page.page_type,
        "canonical": page.canonical,
        "parts": " ".join(page.parts) or None,
        "via": page.via,
        "hopsFromSeed": page.hops,
        "fetchTimeMs": page.fetch_ms,
        "charset": page.charset,
        "seed": page.seed,
        "urlRequested": page.url_requested,
        "robotsAllowed": _said(rights.robots_allowed),
        "aiTxtAllowed": _said(rights.ai_txt_allowed),
        "tdmReservation": rights.tdm_reservation,
        "tdmPolicy": rights.tdm_policy,
        "rights": "respect" if page.is_rights_respected else None,
    }


def page_from_fields(page: Page, fields: Mapping[str, str]) -> Page | None:
    """Return the capture *page* with what *fields*, which declare it, say of it.

    None where they mark it as no page. Their names are in lower case.
    """
    if passed_over_in(fields) is not None:
        return None
    return replace(
        page,
        fetch_ms=_number(fields.get("fetchtimems")),
        charset=fields.get("charset"),
        url_requested=fields.get("urlrequested"),
        seed=fields.get("seed"),
        via=fields.get("via"),
        hops=_number(fields.get("hopsfromseed")),
        page_type=fields.get("pagetype"),
        canonical=fields.get("canonical"),
        parts=tuple(fields.get("parts", "").split()),
        rights=_rights(fields),
        is_rights_respected=fields.get("rights") == "respect",
    )


def passed_over_in(fields: Mapping[str, str]) -> str | None:
    """Return what a capture is that *fields* mark as no page; None where they declare it."""
    return fields.get(NOT_A_PAGE.lower())


def _rights(fields: Mapping[str, str]) -> HostRights | None:
    rights = HostRights(
        robots_allowed=_VERDICTS.get(fields.get("robotsallowed", "")),
        ai_txt_allowed=_VERDICTS.get(fields.get("aitxtallowed", "")),
        tdm_reservation=_number(fields.get("tdmreservation")),
        tdm_policy=fields.get("tdmpolicy"),
    )
    return rights if rights != HostRights() else None


def _said(verdict: bool | None) -> str | None:
    return None if verdict is None else str(verdict).lower()


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isdecimal() else None
