from __future__ import annotations

import pytest

from archiver.extraction.names import is_house, is_person, people

PEOPLE = [
    ("Odile Harkness", ["Odile Harkness"]),
    ("By Odile Harkness", ["Odile Harkness"]),
    ("Von Jörg Thießen und Ute Maaß", ["Jörg Thießen", "Ute Maaß"]),
    (
        "Odile Harkness, Tomas Varga and Ruta Oyelaran",
        ["Odile Harkness", "Tomas Varga", "Ruta Oyelaran"],
    ),
    ("Odile Harkness & Tomas Varga", ["Odile Harkness", "Tomas Varga"]),
    (
        "Odile Harkness; Tomas Varga | Ruta Oyelaran",
        ["Odile Harkness", "Tomas Varga", "Ruta Oyelaran"],
    ),
    ("By Odile Harkness, Staff Writer", ["Odile Harkness"]),
    ("Odile Harkness - Transport Correspondent", ["Odile Harkness"]),
    ("Odile Harkness in Berlin", ["Odile Harkness"]),
    ("Odile Harkness for The Harbour Times", ["Odile Harkness"]),
    ("Odile Harkness (Harbour)", ["Odile Harkness"]),
    ("Odile Harkness 12 May 2024", ["Odile Harkness"]),
    ("Written by: Odile Harkness", ["Odile Harkness"]),
    ("Interview: Odile Harkness", ["Odile Harkness"]),
    ("Odile Harkness, Reuters", ["Odile Harkness"]),
    ("Jean-Luc O\u2019Brien de la Cruz", ["Jean-Luc O\u2019Brien de la Cruz"]),
    ("Odile  Harkness\u00a0", ["Odile Harkness"]),
    ("Мария Ветрова", ["Мария Ветрова"]),
    ("周师傅", ["周师傅"]),
    ("Reuters", ["Reuters"]),
    ("", []),
    ("admin", []),
    ("https://www.example.org/author/odile", []),
    ("odile@example.org", []),
    (", The Harbour Times", []),
    ("Updated March 13, 2024", []),
    ("Prentiss, Harold", ["Harold Prentiss"]),
    ("dpa, Hamburg", ["Hamburg"]),
    ("Odile Harkness, MS, RDN", ["Odile Harkness"]),
    ("Odile Harkness MD", ["Odile Harkness"]),
    ("Odile Harkness The Associated Press", ["Odile Harkness"]),
    ("The Associated Press", ["The Associated Press"]),
    ("Photo by Odile Harkness", []),
    ("View all stories", []),
    ("作者\uff1a周师傅", ["周师傅"]),
    ("周师傅、李小明", ["周师傅", "李小明"]),
    ("江城晚报\u2571记者李小明】", ["江城晚报", "李小明"]),
    ("PAP)", ["PAP"]),
    ("홍길동 기자", ["홍길동"]),
    ("A, " * 100_000, []),
    ("By " * 100_000, []),
]


@pytest.mark.parametrize(("text", "expected"), PEOPLE)
def test_people_are_named_one_by_one(text: str, expected: list[str]) -> None:
    assert people([text]) == tuple(expected)


def test_a_person_named_twice_is_one() -> None:
    assert people(["Odile Harkness", "ODILE HARKNESS", "Tomas Varga"]) == (
        "Odile Harkness",
        "Tomas Varga",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Odile Harkness", True),
        ("ODILE HARKNESS", True),
        ("Ursula von der Heide", True),
        ("O\u2019Brien Ruta", True),
        ("Мария Ветрова", True),
        ("周师傅", True),
        ("Odile", False),
        ("Edit subjects", False),
        ("Harbour News Desk", False),
        ("Reuters", False),
        ("世界で最も多く使われているであろう文字", False),
        ("", False),
    ],
)
def test_a_person_has_a_full_name(name: str, expected: bool) -> None:
    assert is_person(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Harbour Times", True),
        ("Harbour Times", True),
        ("Quay Editorial Team", True),
        ("harbourtimes.com", True),
        ("Odile Harkness", False),
    ],
)
def test_a_house_is_no_person(name: str, expected: bool) -> None:
    assert is_house(name, "The Harbour Times") is expected
