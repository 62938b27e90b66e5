from __future__ import annotations

import pytest

from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.regions import is_month_first
from archiver.extraction.tree import parse


@pytest.mark.parametrize(
    ("language", "url", "expected"),
    [
        ("en-US", "https://a.example/", True),
        ("en_US", None, True),
        ("en", "https://a.example/", True),
        ("", None, True),
        ("en", "https://a.example.co.uk/", False),
        ("en-GB", "https://a.example/", False),
        ("en-US", "https://a.example.de/", False),
        ("de", "https://a.example/", False),
        ("es-US", "https://a.example/", False),
        ("x" * 100_000, None, False),
    ],
)
def test_the_month_comes_first_in_american_english(
    language: str, url: str | None, expected: bool
) -> None:
    tree = parse(f"<html lang='{language}'><body><p>x</p></body></html>".encode())
    assert tree is not None

    assert is_month_first(tree, MetaTags(tree), url) is expected
