from __future__ import annotations

import pytest

from archiver.extraction.sitenames import SiteNames

SITE = SiteNames("The Harbour Times", "https://www.harbourtimes.example/a")


@pytest.mark.parametrize(
    ("text", "is_name", "is_named"),
    [
        ("The Harbour Times", True, True),
        ("HARBOUR TIMES", True, True),
        ("Times", True, True),
        ("harbourtimes", True, True),
        ("Harbour Times News", False, True),
        ("Sport in the Harbour Times", False, True),
        ("Council votes for bridge", False, False),
        ("", True, True),
    ],
)
def test_a_site_is_known_by_its_names(text: str, is_name: bool, is_named: bool) -> None:
    assert SITE.is_name(text) is is_name
    assert SITE.is_named_by(text) is is_named


CUTS = [
    ("Ferry returns to quay - The Harbour Times", "Ferry returns to quay"),
    ("Ferry returns to quay | Sea | Harbour Times", "Ferry returns to quay"),
    ("Harbour Times: News » Ferry returns to quay", "Ferry returns to quay"),
    ("Harbour Times » Ferry returns to quay", "Ferry returns to quay"),
    ("Ferry returns to quay | Opinion", "Ferry returns to quay"),
    ("老渡口重新开放 | 生活 | 江城新闻网", "老渡口重新开放"),
    ("Ferry returns to quay - at last", "Ferry returns to quay - at last"),
    ("Ferry - returns", "Ferry - returns"),
    ("«Ferry returns to quay»", "«Ferry returns to quay»"),
    ("渡口重新开放\uff1aharbourtimes", "渡口重新开放"),
    ("Ferry returns to quay -", "Ferry returns to quay -"),
    ("The Harbour Times", "The Harbour Times"),
]


@pytest.mark.parametrize(("title", "expected"), CUTS)
def test_a_title_loses_the_name_of_its_site(title: str, expected: str) -> None:
    assert SITE.cut_from(title) == expected


def test_a_short_end_is_a_name_where_there_is_sure_to_be_one() -> None:
    assert (
        SITE.cut_from("Ferry returns to quay - Ruritania", is_sure=True) == "Ferry returns to quay"
    )


def test_a_site_may_have_no_name() -> None:
    site = SiteNames(None, None)

    assert (
        site.cut_from("Ferry returns to quay - Ruritania") == "Ferry returns to quay - Ruritania"
    )
    assert site.cut_from("") == ""
