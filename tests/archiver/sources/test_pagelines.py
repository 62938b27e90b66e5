from __future__ import annotations

import json
from typing import Any

import pytest

from archiver.pages import TEXT_LIMIT
from archiver.sources.pagelines import moment_of, page_line, sound_pages

PAGE = {"id": "1", "url": "http://quay.example/", "ts": "2026-03-04T05:06:07Z"}


def sound(*pages: object) -> tuple[list[dict[str, Any]], list[str]]:
    told: list[str] = []
    lines = [page if isinstance(page, bytes) else json.dumps(page).encode() for page in pages]
    found = sound_pages(lines, shown="x.wacz", complain=told.append)
    return [json.loads(line) for line in found], told


def test_a_page_keeps_what_is_known_of_pages_and_nothing_else() -> None:
    more = {
        "title": "The ferry",
        "text": "Late.",
        "language": "en",
        "seed": "http://quay.example/",
    }

    assert sound(PAGE | more | {"favIconUrl": "x", "size": 3}) == ([PAGE | more], [])


def test_what_is_no_text_or_empty_is_left_out_of_a_page() -> None:
    assert sound(PAGE | {"title": 5, "text": None, "seed": True, "language": ""}) == ([PAGE], [])


def test_text_is_cut_where_a_search_needs_no_more() -> None:
    (found,), _ = sound(PAGE | {"text": "x" * 50_000, "title": "x" * 50_000})

    assert (len(found["text"]), len(found["title"])) == (TEXT_LIMIT, 1000)


def test_a_header_and_blank_lines_are_no_pages() -> None:
    assert sound({"format": "json-pages-1.0", "id": "pages"}, b"\n") == ([], [])


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        {"id": "1", "ts": PAGE["ts"]},
        {"id": "1", "url": PAGE["url"]},
        PAGE | {"url": 5},
        PAGE | {"url": ""},
        PAGE | {"ts": "soon"},
        PAGE | {"ts": 10**30},
        PAGE | {"ts": True},
        PAGE | {"url": "x" * 2_000_000},
    ],
    ids=lambda value: repr(value)[:40],
)
def test_what_is_no_page_is_left_out_and_told_once(bad: object) -> None:
    pages, told = sound(bad, PAGE, bad)

    assert pages == [PAGE]
    assert len(told) == 1
    assert told[0].startswith("x.wacz: 2 page lines left out, such as ")


@pytest.mark.parametrize(
    ("ts", "moment"),
    [
        ("2026-03-04T05:06:07Z", "2026-03-04T05:06:07Z"),
        ("2026-03-04T05:06:07.123Z", "2026-03-04T05:06:07.123Z"),
        ("20260304050607", "2026-03-04T05:06:07Z"),
        (1772600767000, "2026-03-04T05:06:07Z"),
        (1772600767123, "2026-03-04T05:06:07.123000Z"),
        ("20261304050607", None),
        (None, None),
    ],
)
def test_the_moments_of_other_writers_are_understood(ts: object, moment: str | None) -> None:
    assert moment_of(ts) == moment


def test_a_page_without_an_id_has_the_same_at_each_reading() -> None:
    one, two, other = (
        json.loads(page_line(url=url, ts="2026-03-04T05:06:07Z"))["id"]
        for url in ("http://quay.example/", "http://quay.example/", "http://quay.example/\ud800")
    )

    assert one == two != other
