from __future__ import annotations

import pytest

from archiver.extraction.agency import agency_of, in_dateline, in_last_lines
from archiver.extraction.blocks import blocks_of
from archiver.extraction.headings import Headings, heading_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.surroundings import Surroundings
from archiver.extraction.tree import parse

TEXTS = [
    ("TARN FALLS (AP) \u2014 The sawmill reopened.", "Associated Press"),
    ("Headline\n\nBERLIN, May 3 (Reuters) - The sawmill reopened.", "Reuters"),
    ("MOSCOW, February 3 (Sputnik) \u2013 The sawmill reopened.", "Sputnik"),
    ("Tarnfall (dpa/lno) - Das Sägewerk läuft wieder.", "Deutsche Presse-Agentur"),
    ("\u0422\u0410\u0420\u041d, 3 мая. /\u0422\u0410\u0421\u0421/. Лесопилка открылась.", "TASS"),
    ("\u0422\u0410\u0420\u041d, 3 мая \u2014 РИА Новости. Лесопилка открылась.", "RIA Novosti"),
    ("新华社江城5月3日电 锯木厂重新开工。", "Xinhua"),
    ("(탄폴=연합뉴스) 제재소가 다시 문을 열었다.", "Yonhap"),
    ("TARN FALLS, May 3 (RNA) \u2013 The sawmill reopened.", "RNA"),
    (
        "It reopened.\n\nCopyright 2025 The Associated Press. All rights reserved.",
        "Associated Press",
    ),
    ("It reopened.\n\nCopyright 2025 NPR", "National Public Radio"),
    ("It reopened.\n\n© 2025 AFP", "Agence France-Presse"),
    ("Es läuft wieder.\n\nQuelle: dpa", "Deutsche Presse-Agentur"),
    ("The club (AP) was founded in 1911.", None),
    ("She told Reuters that it reopened.", None),
    ("The mill (RNA) reopened.", None),
    ("© 2025 The Harbour Times", None),
    ("", None),
    ("A" * 1_000_000, None),
    ("(" * 1_000_000, None),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS)
def test_a_text_credits_its_wire_service(text: str, expected: str | None) -> None:
    assert (in_dateline(text) or in_last_lines(text)) == expected


def agency(markup: str, text: str = "", credited: tuple[str, ...] = ()) -> str | None:
    tree = parse(f"<html><body>{markup}<p>x</p></body></html>".encode())
    assert tree is not None
    near = Surroundings(heading_of(Headings(tree), None))
    url = "https://www.kqry.example/a"
    return agency_of(
        tree, blocks_of(tree), near, MetaTags(tree), text, credited, "KQRY Public Radio", url
    )


def test_the_credited_author_goes_before_the_text() -> None:
    credited = ("Odile Harkness", "AFP")

    assert agency("", "BERLIN (AP) - It reopened.", credited) == "Agence France-Presse"


def test_a_service_says_whose_text_it_is_on_its_own_pages_too() -> None:
    assert agency("", "QUAY, May 3 (KQRY) \u2013 It reopened.") == "KQRY"


def test_the_owner_of_a_site_has_lent_it_nothing() -> None:
    assert agency("", "It reopened.\n\nCopyright 2025 The Associated Press") is not None
    assert agency_of_own_page("It reopened.\n\nCopyright 2025 The Associated Press") is None


def agency_of_own_page(text: str) -> str | None:
    tree = parse(b"<p>x</p>")
    assert tree is not None
    near = Surroundings(None)
    return agency_of(
        tree,
        blocks_of(tree),
        near,
        MetaTags(tree),
        text,
        [],
        "AP News",
        "https://apnews.example/a",
    )


PAGES = [
    ("a copyright line", "<p>Copyright 2025 NPR</p>", "National Public Radio"),
    ("with a sign", "<div><span>© 2025 The Associated Press.</span></div>", "Associated Press"),
    (
        "the owner after the year",
        "<small>(c) dpa-infocom, dpa:250503</small>",
        "Deutsche Presse-Agentur",
    ),
    (
        "a station's own words",
        "<div>Copyright 2025 Prairie Public Media. To see more, visit <a>it</a>.</div>",
        "Prairie Public Media",
    ),
    ("a picture's", "<figure><p>Copyright 2025 AFP</p></figure>", None),
    ("a caption's", "<div class='photo-credit'><p>© 2025 AFP</p></div>", None),
    ("without a year", "<p>© AFP</p>", None),
    ("the site's own", "<p>Copyright 2025 KQRY Public Radio</p>", None),
    ("a marked source", "<h1>Ferry</h1><p class='article-source'>Reuters</p>", "Reuters"),
    ("a declared source", "<meta name='source' content='AFP'>", "Agence France-Presse"),
    ("a lender", "<meta name='DC.source' content='Prairie Sentinel'>", "Prairie Sentinel"),
    ("no lender", "<meta name='DC.source' content='KQRY Public Radio'>", None),
    ("an address", "<meta name='DC.source' content='https://a.example/b c'>", None),
    ("a newspaper", "<meta name='citation_journal_title' content='The Sentinel'>", "The Sentinel"),
    (
        "a journal",
        "<meta name='citation_journal_title' content='The Sentinel'>"
        "<meta name='citation_doi' content='10.1/1'>",
        None,
    ),
    ("nothing", "<p>NPR was founded in 1970.</p>", None),
]


@pytest.mark.parametrize(
    ("markup", "expected"), [case[1:] for case in PAGES], ids=[case[0] for case in PAGES]
)
def test_a_page_tells_whose_text_it_carries(markup: str, expected: str | None) -> None:
    assert agency(markup) == expected


def test_a_page_of_nothing_but_copyright_lines_is_read_in_no_time() -> None:
    assert agency("<p>© © © © ©</p>" * 20_000 + "<p>© 2025 The Harbour Times</p>") is None


@pytest.mark.parametrize(
    "text",
    [
        "Children sleep better, says the American Academy of Pediatrics (AAP).",
        "It may be sudden infant death (SID). Nobody knows.",
        "THE WORLD HARBOUR ORGANIZATION (WHO) - a body of nine - met in Pell.",
    ],
)
def test_an_abbreviation_in_brackets_is_no_dateline(text: str) -> None:
    assert in_dateline(text) is None
