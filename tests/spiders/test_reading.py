"""Which answers are pages, and what is said of those that are none."""

from __future__ import annotations

import pytest
from scrapy.http import Response

from archiver.capture import Page
from archiver.prospect import Prospect
from archiver.seeds import Kind, Seed
from spiders.known import Known
from spiders.leads import Role, Way
from spiders.reading import Reading
from tests.spiders.prospects import SITE, answer, document, uuid, way

STORY = "/2026/05/07/ferry-returns-to-the-old-quay"


def read(
    prospect: Prospect, response: Response, by: Way | None = None, *, kind: Kind = "auto",
    known: Known | None = None,
) -> Page | None:  # fmt: skip
    seeds = {f"{SITE}/": Seed(url=f"{SITE}/", kind=kind)}
    return Reading(known or Known(None, "changed"), seeds).page(prospect, response, by or way())


@pytest.mark.parametrize("kind", ["article", "liveblog", "gallery", "video", "front", "soft404"])
def test_a_document_is_what_it_looks_like(kind: str) -> None:
    page = read(document(kind), answer(STORY))

    assert page is not None
    assert (page.page_type, page.seed) == (kind, f"{SITE}/")


@pytest.mark.parametrize("prospect", [Prospect(kind="feed"), Prospect(kind="other")])
def test_what_is_no_document_is_no_page(prospect: Prospect) -> None:
    assert read(prospect, answer("/feed")) is None


def test_what_the_archive_does_not_hold_is_no_page() -> None:
    response = answer(STORY)
    assert response.request is not None
    response.request.meta.clear()

    assert read(document("article"), response) is None


@pytest.mark.parametrize(
    ("kind", "status", "expected"),
    [
        ("botwall", 403, "botwall"),
        ("botwall", 503, "botwall"),
        ("login", 401, "login"),
        ("article", 404, None),
        ("soft404", 404, None),
        ("article", 503, None),
    ],
)
def test_of_answers_with_an_error_status_walls_are_told(
    kind: str, status: int, expected: str | None
) -> None:
    page = read(document(kind), answer(STORY, status=status))

    assert (page.page_type if page else None) == expected


@pytest.mark.parametrize(
    ("looks_like", "expected"), [("listing", None), ("other", None), ("botwall", "botwall")]
)
def test_what_a_seed_list_calls_an_article_is_believed_but_for_walls(
    looks_like: str, expected: str | None
) -> None:
    page = read(document(looks_like), answer(STORY), kind="article")

    assert page is not None
    assert page.page_type == expected


def test_a_page_under_another_address_is_a_twin() -> None:
    known = Known(None, "changed")
    prospect = document("article", canonical=STORY)
    first = read(prospect, answer(STORY), way("page"), known=known)
    second = read(prospect, answer(f"/amp{STORY}", number=2), way("page"), known=known)

    assert first is not None
    assert second is not None
    assert (first.page_type, first.canonical) == ("article", SITE + STORY)
    assert (second.page_type, second.record_id) == ("twin", uuid(2))


def test_an_address_of_its_own_that_cannot_be_so_is_not_noted() -> None:
    page = read(document("article", canonical="/"), answer(STORY))

    assert page is not None
    assert page.canonical is None


def test_a_page_that_repeats_another_is_a_page() -> None:
    page = read(document("article"), answer(STORY, original=uuid(9)))

    assert page is not None
    assert page.original == uuid(9)


@pytest.mark.parametrize("role", ["feed", "sitemap", "robots"])
def test_what_stands_where_something_else_was_looked_for_is_no_page(role: Role) -> None:
    assert read(document("article"), answer("/feed"), way(role)) is None
