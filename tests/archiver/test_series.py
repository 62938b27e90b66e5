"""Which URL is the next page of the same article, and which is that of another."""

from __future__ import annotations

import pytest

from archiver.series import is_later_part, is_part

FIRST = "https://paper.example.org/2026/05/harbour"

PARTS = [
    (FIRST, f"{FIRST}?page=2", 2),
    (FIRST, f"{FIRST}/2/", 2),
    (FIRST, f"{FIRST}/page/3", 3),
    (f"{FIRST}/", f"{FIRST}/2/", 2),
    (f"{FIRST}.html", f"{FIRST}-2.html", 2),
    (f"{FIRST}.html", f"{FIRST},2.html", 2),
    (f"{FIRST}.html", f"{FIRST}_2.html", 2),
    (f"{FIRST}.html", f"{FIRST}-p12.html", 12),
    (f"{FIRST}?id=7", f"{FIRST}?id=7&page=2", 2),
    (f"{FIRST}?page=1", f"{FIRST}?page=2", 2),
    (f"{FIRST}-1.html", f"{FIRST}-2.html", 2),
    (FIRST, f"{FIRST}?utm_source=x&seite=2", 2),
    (FIRST, f"{FIRST}?PAGE=2", 2),
]

NO_PARTS = [
    (FIRST, FIRST, 2),
    (FIRST, f"{FIRST}?page=2", 3),  # another number
    (FIRST, f"{FIRST}?page=20", 2),
    (FIRST, "https://paper.example.org/2026/05/ferry", 2),
    (FIRST, "https://paper.example.org/2026/05/ferry?page=2", 2),
    (f"{FIRST}-12.html", f"{FIRST}-13.html", 2),  # numbers of articles
    ("https://paper.example.org/news/12", "https://paper.example.org/news/13", 2),
    ("https://paper.example.org/post/1", "https://paper.example.org/post/2", 2),
    ("https://paper.example.org/?p=1", "https://paper.example.org/?p=2", 2),
    ("https://paper.example.org/2026/11/01/", "https://paper.example.org/2026/11/02/", 2),
    (FIRST, "https://other.example.org/2026/05/harbour?page=2", 2),
    (f"{FIRST}?id=7", f"{FIRST}?id=8&page=2", 2),
    (FIRST, f"{FIRST}?page=x", 2),
    (FIRST, "", 2),
]


@pytest.mark.parametrize(("first", "url", "number"), PARTS)
def test_a_further_page_is_told_by_its_number(first: str, url: str, number: int) -> None:
    assert is_part(url, first, number)


@pytest.mark.parametrize(("first", "url", "number"), NO_PARTS)
def test_another_article_is_no_further_page(first: str, url: str, number: int) -> None:
    assert not is_part(url, first, number)


@pytest.mark.parametrize("url", [f"{FIRST}?page=2", f"{FIRST}/7", f"{FIRST}-2.html"])
def test_any_later_page_is_told_from_other_links(url: str) -> None:
    assert is_later_part(url, FIRST)


@pytest.mark.parametrize(
    "url", [FIRST, f"{FIRST}?page=1", "https://paper.example.org/2026/05/x?page=2"]
)
def test_the_first_page_and_other_articles_are_none(url: str) -> None:
    assert not is_later_part(url, FIRST)
