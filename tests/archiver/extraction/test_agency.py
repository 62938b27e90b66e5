from __future__ import annotations

import pytest

from archiver.extraction.agency import agency_named, agency_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AP", "Associated Press"),
        ("The Associated Press", "Associated Press"),
        ("REUTERS", "Reuters"),
        ("(dpa)", "Deutsche Presse-Agentur"),
        ("Ani", None),
        ("Tt", None),
        ("Odile Harkness", None),
        ("", None),
    ],
)
def test_a_wire_service_is_known_by_its_names(name: str, expected: str | None) -> None:
    assert agency_named(name) == expected


TEXTS = [
    ("TARN FALLS (AP) \u2014 The sawmill reopened.", "Associated Press"),
    ("Headline\n\nBERLIN, May 3 (Reuters) - The sawmill reopened.", "Reuters"),
    ("MOSCOW, February 3 (Sputnik) \u2013 The sawmill reopened.", "Sputnik"),
    (
        "It reopened.\n\nCopyright 2025 The Associated Press. All rights reserved.",
        "Associated Press",
    ),
    ("It reopened.\n\n© 2025 AFP", "Agence France-Presse"),
    ("The club (AP) was founded in 1911.", None),
    ("She told Reuters that it reopened.", None),
    ("© 2025 The Harbour Times", None),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_credits_its_wire_service(text: str, expected: str | None) -> None:
    assert agency_of(text, []) == expected


def test_the_credited_author_goes_before_the_text() -> None:
    assert (
        agency_of("BERLIN (AP) - It reopened.", ["Odile Harkness", "AFP"])
        == "Agence France-Presse"
    )
