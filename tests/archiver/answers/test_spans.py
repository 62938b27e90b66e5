from __future__ import annotations

import pytest

from archiver.answers.spans import Span, span_of
from archiver.errors import SettingError

CASES = [
    ("2026", "20260101000000", "20261231235959"),
    ("2026-11", "20261101000000", "20261130235959"),
    ("202602", "20260201000000", "20260228235959"),
    ("2024-02", "20240201000000", "20240229235959"),
    ("2026-11-01", "20261101000000", "20261101235959"),
    ("2026110109", "20261101090000", "20261101095959"),
    ("2026-11-01T09:30", "20261101093000", "20261101093059"),
    (" 20261101093015 ", "20261101093015", "20261101093015"),
    ("2026-11-01T09:30:15Z", "20261101093015", "20261101093015"),
]


@pytest.mark.parametrize(("text", "first", "last"), CASES)
def test_a_date_is_as_long_as_it_is_vague(text: str, first: str, last: str) -> None:
    assert span_of(text, "-a date") == Span(first=first, last=last)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "26", "2026-13", "2026-02-30", "2026-1-1", "202611010930155", "20٢6"]
)
def test_what_is_no_date_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(SettingError) as refused:
        span_of(text, "-a date")

    assert str(refused.value) == (
        f"-a date is {text!r}: write a date as 2026-11-01, or its 14 digits as 20261101093000"
    )


@pytest.mark.parametrize(
    ("timestamp", "seconds"),
    [
        ("20261101000000", 0),
        ("20261101120000", 0),
        ("20261101235959", 0),
        ("20261031235950", 10),
        ("20261102000009", 10),
    ],
)
def test_the_distance_is_that_to_the_nearer_end(timestamp: str, seconds: int) -> None:
    assert span_of("2026-11-01", "-a date").seconds_to(timestamp) == seconds


def test_what_is_no_time_is_further_off_than_any_time() -> None:
    span = span_of("9999", "-a date")

    assert span.seconds_to("20260230000000") > span.seconds_to("00010101000000")
