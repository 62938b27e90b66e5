from __future__ import annotations

import pytest

from archiver.extraction.months import month_named


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("May", 5),
        ("SEPTEMBER", 9),
        ("Sept", 9),
        ("März", 3),
        ("août", 8),
        ("enero", 1),
        ("dicembre", 12),
        ("fevereiro", 2),
        ("października", 10),
        ("июля", 7),
        ("Νοεμβρίου", 11),
        ("Ιανουάριος", 1),
        ("mei", 5),
        ("augusti", 8),
        ("desember", 12),
        ("Kas\u0131m", 11),
        ("toukokuuta", 5),
        ("мая", 5),
        ("ago", 8),
        ("maybe", None),
        ("", None),
    ],
)
def test_a_month_is_known_by_its_names(name: str, expected: int | None) -> None:
    assert month_named(name) == expected
