from __future__ import annotations

import pytest

from archiver.extraction.headings import Headings, heading_of
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.tree import parse
from archiver.extraction.visible_dates import (
    dates_in,
    dates_marked,
    day_in_number,
    day_of_address,
)

ADDRESSES = [
    ("https://a.example/2024/05/03/ferry", "2024-05-03"),
    ("https://a.example/2024/may/3/ferry", "2024-05-03"),
    ("https://a.example/2024/mai/03/faehre", "2024-05-03"),
    ("https://a.example/news/ferry-2024-05-03.html", "2024-05-03"),
    ("https://a.example/2024/13/03/ferry", None),
    ("https://a.example/2024/05/ferry", None),
    ("https://a.example/ferry?from=2024-05-03", None),
    ("https://[a.example/2024/05/03", None),
    ("https://a.example/" + "2024/" * 1000, None),
]


@pytest.mark.parametrize(("url", "expected"), ADDRESSES)
def test_an_address_may_name_its_day(url: str, expected: str | None) -> None:
    day = day_of_address(url)

    assert (day and day.isoformat()) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/a/A2024050312340001", "2024-05-03"),
        ("https://a.example/20240503-ferry", "2024-05-03"),
        ("https://a.example/03052024-ferry", "2024-05-03"),
        ("https://a.example/a/12024050399", None),
        ("https://a.example/a/20249903", None),
    ],
)
def test_a_number_in_an_address_may_begin_with_a_day(url: str, expected: str | None) -> None:
    day = day_in_number(url)

    assert (day and day.isoformat()) == expected


def near(markup: str) -> list[tuple[str, bool, bool]]:
    tree = parse(f"<html><body><main>{markup}</main></body></html>".encode())
    assert tree is not None
    near = Surroundings(heading_of(Headings(tree), "Ferry is back"))
    found = dates_in([*near.soon, *near.before, *near.later], is_month_first=False)
    return [(each.value, each.is_published, each.is_modified) for each in found]


H1 = "<h1>Ferry is back</h1>"
NEAR = [
    ("after", f"{H1}<p>3 May 2024</p>", [("2024-05-03", False, False)]),
    ("before", f"<p class=d>3 May 2024</p>{H1}", [("2024-05-03", False, False)]),
    (
        "a time element, with its zone",
        f"{H1}<time datetime='2024-05-03T10:15:00+02:00'>today</time>",
        [("2024-05-03T10:15:00+02:00", False, False)],
    ),
    (
        "two in one line",
        f"{H1}<p>Published: 3 May 2024 | Updated: 4 May 2024</p>",
        [("2024-05-03", True, False), ("2024-05-04", False, True)],
    ),
    (
        "the label in an element of its own",
        f"{H1}<dl><dt>Updated</dt><dd><b><time>4 May 2024</time></b></dd></dl>",
        [("2024-05-04", False, True)],
    ),
    (
        "in pieces",
        f"{H1}<p><span>3</span> <span>May</span> <span>2024</span></p>",
        [("2024-05-03", False, False)],
    ),
    ("in a caption", f"{H1}<figure><figcaption>3 May 2024</figcaption></figure>", []),
    ("of a comment", f"{H1}<ul class='comments'><li>3 May 2024</li></ul>", []),
    ("of another story", f"{H1}<div class='relatedStories'><p>3 May 2024</p></div>", []),
    ("in a damaged attribute", f"{H1}<time datetime='2024-05-0311'>soon</time>", []),
]


@pytest.mark.parametrize(
    ("markup", "expected"), [case[1:] for case in NEAR], ids=[case[0] for case in NEAR]
)
def test_dates_around_the_headline_are_the_pages_own(
    markup: str, expected: list[tuple[str, bool, bool]]
) -> None:
    assert near(markup) == expected


def test_what_is_marked_as_a_date_is_found_anywhere_but_in_lists_of_stories() -> None:
    tree = parse(
        b"<body><div class='card'><span class='date'>1 May 2024</span></div>"
        b"<div><span class='update'>2 May 2024</span>"
        b"<span class='postDate'>3 May 2024</span></div>"
    )
    assert tree is not None

    found = [each.value for each in dates_marked(tree, None, is_month_first=False)]

    assert found == ["2024-05-03"]


def test_a_page_of_nothing_but_dates_is_read_in_no_time() -> None:
    markup = "<div class='date'>3 May 2024</div>" * 20_000
    tree = parse(f"<h1>Ferry is back</h1>{markup}".encode())
    assert tree is not None

    assert len(dates_marked(tree, None, is_month_first=False)) == 200
