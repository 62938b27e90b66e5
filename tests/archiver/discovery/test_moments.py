from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.discovery.moments import moment_of

MIDNIGHT = datetime(2024, 5, 3, tzinfo=UTC)
MOMENT = datetime(2024, 5, 3, 11, 42, 10, tzinfo=UTC)
MINUTE = datetime(2024, 5, 3, 11, 42, tzinfo=UTC)

ISO = [
    ("2024-05-03T11:42:10Z", MOMENT),
    ("2024-05-03t11:42:10z", MOMENT),
    ("2024-05-03T11:42:10+00:00", MOMENT),
    ("2024-05-03T13:42:10+02:00", MOMENT),
    ("2024-05-03T13:42:10+0200", MOMENT),
    ("2024-05-03T13:42:10+02", MOMENT),
    ("2024-05-03T08:12:10-03:30", MOMENT),
    ("2024-05-03T13:42:10 +02:00", MOMENT),
    ("2024-05-03 11:42:10", MOMENT),
    ("2024-05-03 11:42:10 UTC", MOMENT),
    ("2024-05-03 07:42:10 EDT", MOMENT),
    ("2024-05-03T11:42:10.123456Z", MOMENT),
    ("2024-05-03T11:42:10,5Z", MOMENT),
    ("2024-05-03T11:42Z", MINUTE),
    ("2024-05-03T11:42", MINUTE),
    ("20240503T114210Z", MOMENT),
    ("  2024-05-03T11:42:10Z\n", MOMENT),
    ("2024-05-03", MIDNIGHT),
    ("2024-5-3", MIDNIGHT),
    ("20240503", MIDNIGHT),
    ("2024/05/03", MIDNIGHT),
    ("2024-05-03Z", MIDNIGHT),
    ("2024-05-03+02:00", MIDNIGHT),
    ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
    ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
    ("1923-10-05", datetime(1923, 10, 5, tzinfo=UTC)),
    ("2024-05-02T24:00:00Z", MIDNIGHT),
    ("2024-05-03T23:59:60Z", datetime(2024, 5, 3, 23, 59, 59, tzinfo=UTC)),
    ("2024-05-03T99:00:00Z", MIDNIGHT),
    ("2024-05-03T11:42:10+99:00", MOMENT),
    ("2024-01-01T00:30:00+02:00", datetime(2023, 12, 31, 22, 30, tzinfo=UTC)),
]
INTERNET = [
    ("Fri, 03 May 2024 11:42:10 GMT", MOMENT),
    ("Fri, 03 May 2024 11:42:10 +0000", MOMENT),
    ("Fri, 03 May 2024 11:42:10 -0000", MOMENT),
    ("Fri, 03 May 2024 11:42:10", MOMENT),
    ("Fri, 3 May 2024 11:42 GMT", MINUTE),
    ("3 May 2024 11:42:10 UT", MOMENT),
    ("Fri,03 May 2024 11:42:10 Z", MOMENT),
    ("Friday, 03 May 2024 13:42:10 +0200", MOMENT),
    ("Wed, 03 May 2024 11:42:10 GMT", MOMENT),  # the day of the week is wrong
    ("Fri, 03 May 24 11:42:10 GMT", MOMENT),
    ("Friday, 03-May-24 11:42:10 GMT", MOMENT),
    ("Fri, 03 May 2024 04:42:10 PDT", MOMENT),
    ("Fri, 03 May 2024 07:42:10 edt", MOMENT),
    ("Fri, 03 May 2024 13:42:10 CEST", MOMENT),
    ("Fri, 03 May 2024 13:42:10 MESZ", MOMENT),
    ("Fri, 03 May 2024 12:42:10 BST", MOMENT),
    ("Fri, 03 May 2024 17:12:10 IST", MOMENT),
    ("Fri, 03 May 2024 20:42:10 JST", MOMENT),
    ("Fri, 03 May 2024 13:42:10 GMT+0200", MOMENT),
    ("Fri, 03 May 2024 13:42:10 UTC+2", MOMENT),
    ("Fri, 03 May 2024 13:42:10 GMT +02:00", MOMENT),
    ("Fri, 03 May 2024 13:42:10 +0200 (CEST)", MOMENT),
    ("Fri, 03 May 2024 11:42:10 GMT (CEST)", MOMENT),
    ("Fri, 03 May 2024 11:42:10 QQQ", MOMENT),
    ("Fri May  3 11:42:10 2024", MOMENT),
    ("May 3, 2024 11:42:10", MOMENT),
    ("Fri, 03 May 2024", MIDNIGHT),
    ("3 May 2024", MIDNIGHT),
    ("May 3, 2024", MIDNIGHT),
    ("Fri, 03 May 99 00:00:00 GMT", datetime(1999, 5, 3, tzinfo=UTC)),
]


@pytest.mark.parametrize(("text", "moment"), [*ISO, *INTERNET])
def test_a_date_is_a_moment_in_utc(text: str, moment: datetime) -> None:
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " \n",
        "yesterday",
        "1714736530",
        "2024-13-01",
        "2024-02-30",
        "2024-00-10",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "Fri, 31 Feb 2024 11:42:10 GMT",
        "Fri, 03 Mai 2024 11:42:10 +0200",
        "03.05.2024",
        ":",
        "a b c d e",
        "\u0662\u0660\u0662\u0664-05-03",
        "Fri, 03 May 2024 11:42:10 GMT" + " " * 10_000 + "x",
        "2" * 10_000,
    ],
)
def test_what_is_no_date_is_no_moment(text: str | None) -> None:
    assert moment_of(text) is None


WORDS = st.sampled_from(
    ["Fri,", "Fri", "3", "03-May-24", "May", "2024", "11:42:10", "11.42", "GMT", "+0200", "-", ",",
     "+", ":", "T", "Z", "0", "99999999999", "2024-05-03", "11:", "-99:99", "May,", "\u0663", "."]
)  # fmt: skip


@given(st.lists(WORDS, max_size=7).map(" ".join) | st.text(max_size=40))
@settings(max_examples=50, deadline=None)
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    moment = moment_of(text)

    assert moment is None or moment.tzinfo is UTC
