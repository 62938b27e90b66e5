from __future__ import annotations

import pytest

from archiver.extraction.scars import healed, without_byline

DECK = "The ferry came back to Pell Quay on Friday"
TWO = ("Odile Harkness", "Ben Ito")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a fast- deteriorating winch", "a fast-deteriorating winch"),
        ("die Fähr- verbindung", "die Fähr-verbindung"),
        ("the half- mended, ill- kept winch", "the half-mended, ill-kept winch"),
        ("паромно- причальный", "паромно-причальный"),
    ],
)
def test_a_word_that_a_line_had_broken_is_made_whole(text: str, expected: str) -> None:
    assert healed(text) == expected


HANGING = [
    "two- and three-year plans",
    "a pre- or post-war winch",
    "a two- to three-year wait",
    "neither one- nor two-eyed",
    "one-, two- and three-masted",
    "Vor- und Nachteile",
    "Bus- oder Bahnfahrt",
    "zwei- bis dreimal",
    "Haupt- sowie Nebensache",
    "Bus- bzw. Bahnfahrt",
    "Bus- beziehungsweise Bahnfahrt",
    "les micro- et macro-entreprises",
    "pré- ou postopératoire",
    "socio- y geográfico",
    "pre- o posguerra",
    "micro- e macroeconomia",
    "voor- en nadelen",
    "voor- of achterkant",
    "for- og ulemper",
    "för- och nackdelar",
    "två- eller tremastad",
    "krótko- i długoterminowy",
    "krótko- lub długoterminowy",
    "yli- ja alamäki",
    "ylä- tai alapuoli",
    "VOR- UND NACHTEILE",
]


@pytest.mark.parametrize("text", HANGING)
def test_a_hyphen_that_hangs_on_purpose_stays(text: str) -> None:
    assert healed(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "a well-kept winch",
        "the winch - a new one - broke",
        "1914- and",
        "2- door",
        "- one",
        "one -",
    ],
)
def test_other_hyphens_stay(text: str) -> None:
    assert healed(text) == text


@pytest.mark.parametrize(
    "byline",
    [
        "By Odile Harkness",
        "by Odile Harkness.",
        "Von Odile Harkness",
        "Par Odile Harkness et Ben Ito",
        "By Odile Harkness and Ben Ito",
        "By Odile Harkness, Ben Ito",
        "By Ben Ito & Odile Harkness",
    ],
)
def test_a_byline_at_the_end_of_a_standfirst_goes(byline: str) -> None:
    assert without_byline(f"{DECK} {byline}", TWO) == DECK


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        (f"{DECK} By Odile Harkness", ()),
        (f"{DECK} By Someone Else", TWO),
        (f"{DECK} with Odile Harkness", TWO),
        (f"{DECK} By Odile Harkness on the winch", TWO),
        ("By Odile Harkness", TWO),
        (f"{DECK} by Odile Harknesses", TWO),
        (f"{DECK} standby Odile Harkness", TWO),
        ("x" * 500 + " By Odile Harkness", TWO),
    ],
)
def test_what_is_no_byline_of_the_page_stays(text: str, authors: tuple[str, ...]) -> None:
    assert without_byline(text, authors) == text


def test_a_name_is_no_pattern() -> None:
    assert without_byline(f"{DECK} By O. (Odile) H+", ("O. (Odile) H+",)) == DECK
    assert without_byline(f"{DECK} By Ox", ("O.",)) == f"{DECK} By Ox"
