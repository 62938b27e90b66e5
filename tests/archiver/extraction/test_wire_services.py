from __future__ import annotations

import pytest

from archiver.extraction.wire_services import (
    agency_among,
    agency_named,
    is_own,
    without_agency,
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("AP", "Associated Press"),
        ("The Associated Press", "Associated Press"),
        ("REUTERS", "Reuters"),
        ("(dpa)", "Deutsche Presse-Agentur"),
        ("NPR", "National Public Radio"),
        ("Ani", None),
        ("Tt", None),
        ("Odile Harkness", None),
        ("", None),
    ],
)
def test_a_wire_service_is_known_by_its_names(name: str, expected: str | None) -> None:
    assert agency_named(name) == expected


@pytest.mark.parametrize(
    ("credit", "expected"),
    [
        ("dpa/lno", "Deutsche Presse-Agentur"),
        ("The Harbour Times and AFP", "Agence France-Presse"),
        ("Odile Harkness, Associated Press", "Associated Press"),
        ("Associated Press in Quay", "Associated Press"),
        ("Odile Harkness", None),
        ("a, " * 100_000, None),
    ],
)
def test_a_wire_service_may_be_credited_beside_others(credit: str, expected: str | None) -> None:
    assert agency_among(credit) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Odile Harkness Reuters", "Odile Harkness"),
        ("Odile Harkness The Associated Press", "Odile Harkness"),
        ("The Associated Press", "The Associated Press"),
        ("Reuters", "Reuters"),
    ],
)
def test_a_name_loses_the_service_that_follows_it(name: str, expected: str) -> None:
    assert without_agency(name) == expected


@pytest.mark.parametrize(
    ("agency", "sitename", "url", "expected"),
    [
        ("Reuters", None, "https://www.reuters.example/a", True),
        ("Associated Press", "AP News", "https://a.example/", True),
        ("Associated Press", None, "https://apnews.example/", True),
        ("National Public Radio", None, "https://www.npr.example/", True),
        ("Associated Press", "The Harbour Times", "https://harbourtimes.example/", False),
        ("TT", "Attic", "https://attic.example/", False),
        ("Reuters", None, None, False),
    ],
)
def test_a_service_has_a_site_of_its_own(
    agency: str, sitename: str | None, url: str | None, expected: bool
) -> None:
    assert is_own(agency, sitename, url) is expected
