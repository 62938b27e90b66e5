from __future__ import annotations

import pytest

from archiver.extraction.written_dates import days_in, first_day

DAYS = [
    ("May 3, 2024", "2024-05-03"),
    ("Posted on Friday, May 3rd, 2024 at 10:15", "2024-05-03"),
    ("3 May 2024", "2024-05-03"),
    ("3rd of May 2024", "2024-05-03"),
    ("3. Mai 2024, 10:15 Uhr", "2024-05-03"),
    ("10 Uhr 3. Mai 2024", "2024-05-03"),
    ("3 de mayo de 2024", "2024-05-03"),
    ("le 1er août 2024", "2024-08-01"),
    ("3 мая 2024 года", "2024-05-03"),
    ("Παρασκευή, 3 Μαΐου 2024", "2024-05-03"),
    ("2024年5月3日 10時", "2024-05-03"),
    ("2024년 5월 3일", "2024-05-03"),
    ("2024/05/03", "2024-05-03"),
    ("2024.05.03 10:15", "2024-05-03"),
    ("2024. május 3.", "2024-05-03"),
    ("03.05.2024", "2024-05-03"),
    ("Fr 03.05.24 | 10:15", "2024-05-03"),
    ("03-May-2024", "2024-05-03"),
    ("25/12/2024", "2024-12-25"),
    ("12/25/2024", "2024-12-25"),
    ("31 February 2024", None),
    ("May 2024", None),
    ("May 3", None),
    ("10.20.30.40", None),
    ("12:30:2024", None),
    ("for some 3 hours 2024", None),
    ("", None),
    ("May 3, 2024 " * 100, None),
]


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_a_day_is_read_as_people_write_it(text: str, expected: str | None) -> None:
    day = first_day(text, is_month_first=False)

    assert (day and day.isoformat()) == expected


@pytest.mark.parametrize(
    ("text", "american", "other"),
    [
        ("5/3/2024", "2024-05-03", "2024-03-05"),
        ("5-3-2024", "2024-05-03", "2024-03-05"),
        ("5.3.2024", "2024-03-05", "2024-03-05"),
        ("5/13/2024", "2024-05-13", "2024-05-13"),
    ],
)
def test_which_of_two_numbers_is_the_month_depends_on_the_region(
    text: str, american: str, other: str
) -> None:
    assert str(first_day(text, is_month_first=True)) == american
    assert str(first_day(text, is_month_first=False)) == other


def test_every_day_of_a_line_is_found_in_its_place() -> None:
    found = days_in("Published May 3, 2024 | Updated 4 May 2024", is_month_first=True)

    assert [(start, str(day)) for start, _, day in found] == [
        (10, "2024-05-03"),
        (32, "2024-05-04"),
    ]


def test_two_digits_are_a_year_only_where_little_else_is_written() -> None:
    prose = "The ferry was late on 03.05.24 and everybody in the queue at the quay said so aloud"

    assert first_day("03.05.24", is_month_first=False) is not None
    assert first_day(prose, is_month_first=False) is None
