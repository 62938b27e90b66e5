"""The page list of a WACZ, and the page that it opens with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.wacz.package import MainPage
from archiver.wacz.pagelist import write_pages


def line(url: str, second: str, **fields: str) -> bytes:
    page = {"id": url, "url": url, "ts": f"2026-03-04T05:06:{second}Z", **fields}
    return json.dumps(page).encode() + b"\n"


def test_the_pages_stand_below_their_header(tmp_path: Path) -> None:
    lines = [line("http://a.example/", "07", text="Late."), line("http://b.example/", "08")]

    pages = write_pages(lines, tmp_path / "pages.jsonl")

    octets = (tmp_path / "pages.jsonl").read_bytes()
    header, _, rest = octets.partition(b"\n")
    assert (pages.count, rest) == (2, b"".join(lines))
    assert json.loads(header) == {
        "format": "json-pages-1.0",
        "id": "pages",
        "title": "All Pages",
        "hasText": True,
    }


@pytest.mark.parametrize(
    ("lines", "has_text"),
    [
        ([], False),
        ([line("http://a.example/", "07")], False),
        ([line("http://a.example/", "07", text="")], False),
        ([line("http://a.example/", "07"), line("http://b.example/", "08", text="x")], True),
    ],
)
def test_the_header_says_whether_there_is_text_to_search(
    lines: list[bytes], has_text: bool, tmp_path: Path
) -> None:
    write_pages(lines, tmp_path / "pages.jsonl")

    header = (tmp_path / "pages.jsonl").read_bytes().partition(b"\n")[0]
    assert json.loads(header)["hasText"] is has_text


@pytest.mark.parametrize(
    ("lines", "main"),
    [
        ([], None),
        ([line("http://a.example/", "08"), line("http://b.example/", "07")], "http://b.example/"),
        (
            [
                line("http://a.example/", "06", seed="http://s.example/"),
                line("http://s.example/", "08", seed="http://s.example/"),
            ],
            "http://s.example/",
        ),
        (
            [line("http://a.example/", "07.5"), line("http://b.example/", "07")],
            "http://b.example/",
        ),
        ([line("http://a.example/", "07"), line("http://b.example/", "07")], "http://a.example/"),
    ],
    ids=["none", "the earliest", "a seed before all", "fractions later", "the first of two"],
)
def test_a_wacz_opens_with_a_seed_or_else_with_its_earliest_page(
    lines: list[bytes], main: str | None, tmp_path: Path
) -> None:
    found = write_pages(lines, tmp_path / "pages.jsonl").main

    assert (found and found.url) == main


def test_the_main_page_is_told_with_its_date(tmp_path: Path) -> None:
    pages = write_pages([line("http://a.example/", "07")], tmp_path / "pages.jsonl")

    assert pages.main == MainPage(url="http://a.example/", ts="2026-03-04T05:06:07Z")
