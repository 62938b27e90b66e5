"""X-Robots-Tag and meta robots: what they say to us."""

from __future__ import annotations

import pytest

from archiver.rights.robots_tags import header_directives, meta_directives, robots_metas

NOTHING: set[str] = set()

# What Google documents and MDN repeats; the last of each group are what servers make of it.
HEADERS: list[tuple[list[str], set[str]]] = [
    ([], NOTHING),
    (["noindex"], {"noindex"}),
    (["noindex, nofollow"], {"noindex", "nofollow"}),
    (["noai, noimageai"], {"noai", "noimageai"}),
    (["noarchive", "nosnippet"], {"noarchive", "nosnippet"}),
    (["NoIndex,NOAI"], {"noindex", "noai"}),
    (["none"], {"none", "noindex", "nofollow"}),
    (["all"], NOTHING),
    (["index, follow, noai"], {"noai"}),
    (["noindex nofollow"], {"noindex", "nofollow"}),
    (["noai; noimageai"], {"noai", "noimageai"}),
    (["notranslate, noimageindex, indexifembedded"], NOTHING),
    # an agent's name, and for whom the directives behind it are
    (["googlebot: noindex"], NOTHING),
    (["otherbot: noai, noindex"], NOTHING),
    (["googlebot: nofollow", "otherbot: noindex, nofollow"], NOTHING),
    (["googlebot: nofollow", "noarchive"], {"noarchive"}),
    (["noarchive", "googlebot: nofollow"], {"noarchive"}),
    (["noai, googlebot: noindex, nosnippet"], {"noai"}),
    (["googlebot: noindex, archiver: noai, noarchive"], {"noai", "noarchive"}),
    (["archiver: noai"], {"noai"}),
    (["Archiver/1.0: NoAI"], {"noai"}),
    (["archiver-news: noai"], NOTHING),
    (["*: noai"], {"noai"}),
    (["Mediapartners-Google/2.1: noai"], NOTHING),
    (["googlebot: noindex, *: noai"], {"noai"}),
    # directives with values, whose colon follows no agent's name
    (["unavailable_after: 25 Jun 2010 15:00:00 PST"], NOTHING),
    (["unavailable_after: Sunday, 06-Nov-94 08:49:37 GMT, noai"], {"noai"}),
    (["unavailable_after: 2010-06-25T15:00:00Z, noindex"], {"noindex"}),
    (["googlebot: unavailable_after: 25 Jun 2010 15:00:00 PST, noai"], NOTHING),
    (["max-snippet:-1, max-image-preview:large, noarchive"], {"noarchive"}),
    (["max-image-preview: none"], NOTHING),
    # what makes no sense
    ([""], NOTHING),
    ([":"], NOTHING),
    ([": noai"], {"noai"}),
    ([",,noai,,"], {"noai"}),
    (["noaidea, no-ai"], NOTHING),
    (["x: " * 5_000 + "noai"], NOTHING),
]


@pytest.mark.parametrize(("values", "expected"), HEADERS)
def test_fields_say_to_us_what_is_for_everybody_or_for_us(
    values: list[str], expected: set[str]
) -> None:
    assert header_directives(values) == expected


METAS: list[tuple[dict[str, list[str]], set[str]]] = [
    ({}, NOTHING),
    ({"robots": ["noai, noimageai"]}, {"noai", "noimageai"}),
    ({"robots": ["noindex", "noai"]}, {"noindex", "noai"}),
    ({"robots": ["NONE"]}, {"none", "noindex", "nofollow"}),
    ({"archiver": ["noai"]}, {"noai"}),
    ({"robots": ["index"], "archiver": ["noarchive"]}, {"noarchive"}),
    ({"googlebot": ["noindex"], "otherbot": ["noai"]}, NOTHING),
    ({"description": ["noai"]}, NOTHING),
]


@pytest.mark.parametrize(("metas", "expected"), METAS)
def test_elements_say_to_us_what_is_for_everybody_or_for_us(
    metas: dict[str, list[str]], expected: set[str]
) -> None:
    assert meta_directives(metas) == expected


def test_what_is_for_us_alone_is_written_as_fields_have_it() -> None:
    metas = {"archiver": ["noai, noarchive"], "robots": ["noindex"]}

    assert robots_metas(metas) == ["noindex", "archiver: noai, noarchive"]
