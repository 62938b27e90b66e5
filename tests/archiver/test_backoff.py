"""How long a host is left in peace, and when it is given up."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.backoff import Hosts, retry_after

NOW = datetime(2026, 11, 6, 8, 49, 30, tzinfo=UTC)
HOST = "example.org"


# Retry-After


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("007", 7),
        ("86400", 86_400),
        ("86401", 86_400),
        ("999999999999", 86_400),
        ("Fri, 06 Nov 2026 08:49:37 GMT", 7),
        ("Friday, 06-Nov-26 08:49:37 GMT", 7),
        ("Fri Nov  6 08:49:37 2026", 7),
        ("Fri, 06 Nov 2026 08:49:37 +0000", 7),
        ("Fri, 06 Nov 2026 09:49:37 +0100", 7),
        ("Fri, 06 Nov 2026 08:49:37 -0000", 7),
        ("Fri, 06 Nov 2026 08:49:30 GMT", 0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
        ("Fri, 06 Nov 2099 08:49:37 GMT", 86_400),
    ],
)
def test_retry_after_is_a_number_of_seconds_or_a_date(value: str, seconds: float) -> None:
    assert retry_after(value, NOW) == seconds


@pytest.mark.parametrize(
    "value", ["", "soon", "-1", "1.5", "1e3", "12 seconds", "٣", "9" * 400, "Fri, 99 Nov 2026",
              "Fri, 06 Nov 99999 08:49:37 GMT", "2026-11-06T08:49:37Z"],
)  # fmt: skip
def test_what_is_neither_says_nothing(value: str) -> None:
    assert retry_after(value, NOW) is None


@given(value=st.text())
def test_no_value_is_too_odd(value: str) -> None:
    assert retry_after(value, NOW) is None or 0 <= (retry_after(value, NOW) or 0) <= 86_400


# A host that asks


def test_a_host_of_which_nothing_is_known_may_be_asked() -> None:
    assert Hosts().until(HOST, 0.0) is None


def test_a_host_is_left_in_peace_for_as_long_as_it_asks() -> None:
    hosts = Hosts()

    assert hosts.asks(HOST, 120.0, now=1000.0)

    assert hosts.until(HOST, 1000.0) == 1120.0
    assert hosts.until(HOST, 1119.9) == 1120.0
    assert hosts.until(HOST, 1120.0) is None
    assert hosts.until("other.example", 1000.0) is None
    assert not hosts.is_parked(HOST, 1000.0)


def test_a_shorter_wish_does_not_end_a_longer_one() -> None:
    hosts = Hosts()
    hosts.asks(HOST, 120.0, now=1000.0)

    assert not hosts.asks(HOST, 5.0, now=1001.0)

    assert hosts.until(HOST, 1001.0) == 1120.0


def test_what_was_asked_before_and_answered_well_ends_no_time_of_peace() -> None:
    hosts = Hosts()
    hosts.asks(HOST, 120.0, now=1000.0)

    hosts.answered(HOST, 1000.1)

    assert hosts.until(HOST, 1001.0) == 1120.0


# A host that refuses


def refused(hosts: Hosts, *times: float) -> list[float]:
    return [hosts.refuses(HOST, 1.0, 60.0, now) for now in times]


def test_each_refusal_in_a_row_doubles_the_time_up_to_a_limit() -> None:
    times = [0.0, 10.0, 20.0, 30.0, 50.0, 100.0, 200.0, 300.0]

    assert refused(Hosts(), *times) == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0]


def test_refusals_of_what_was_under_way_at_once_count_as_one() -> None:
    assert refused(Hosts(), 0.0, 0.1, 0.2, 1.5) == [1.0, 1.0, 1.0, 2.0]


def test_a_good_answer_ends_the_row() -> None:
    hosts = Hosts()
    refused(hosts, 0.0, 10.0)
    hosts.answered(HOST, 12.0)

    assert refused(hosts, 20.0) == [1.0]


# A host that fails


def failed(hosts: Hosts, *times: float) -> list[float | None]:
    return [hosts.failed(HOST, now) for now in times]


def test_the_fifth_failure_in_a_row_parks_a_host_for_a_minute() -> None:
    hosts = Hosts()

    assert failed(hosts, 1, 2, 3, 4, 5) == [None, None, None, None, 60.0]

    assert (hosts.until(HOST, 5.0), hosts.is_parked(HOST, 5.0)) == (65.0, True)
    assert (hosts.until(HOST, 65.0), hosts.is_parked(HOST, 65.0)) == (None, False)


def test_a_good_answer_between_failures_begins_the_count_anew() -> None:
    hosts = Hosts()
    failed(hosts, 1, 2, 3, 4)
    hosts.answered(HOST, 4.5)

    assert failed(hosts, 5, 6, 7, 8, 9) == [None, None, None, None, 60.0]


def test_a_failure_of_what_was_under_way_does_not_park_it_again() -> None:
    assert failed(Hosts(), 1, 2, 3, 4, 5, 6, 7) == [None, None, None, None, 60.0, None, None]


MINUTES = [1, 2, 4, 8, 16, 30, 30, 30]


def test_after_that_each_failure_parks_it_for_longer_until_it_is_given_up() -> None:
    hosts = Hosts()
    failed(hosts, 0, 0, 0, 0)

    parked = failed(hosts, *(hour * 3600.0 for hour in range(1, 11)))

    assert parked == [*(minutes * 60.0 for minutes in MINUTES), None, None]
    assert hosts.until(HOST, 36_001.0) is None


def test_a_host_that_was_given_up_and_answers_is_like_any_other() -> None:
    hosts = Hosts()
    failed(hosts, 0, 0, 0, 0, *(hour * 3600.0 for hour in range(1, 11)))
    hosts.answered(HOST, 99_990.0)

    assert failed(hosts, 99_991, 99_992, 99_993, 99_994, 99_995)[-1] == 60.0


def test_what_weighs_enough_parks_a_host_at_once() -> None:
    hosts = Hosts()

    assert hosts.failed(HOST, 0.0, at_once=True) == 60.0
    assert hosts.failed(HOST, 61.0, at_once=True) == 120.0


def test_a_parking_does_not_cut_short_what_the_host_asked_for() -> None:
    hosts = Hosts()
    hosts.asks(HOST, 600.0, now=0.0)

    assert hosts.failed(HOST, 1.0, at_once=True) == 60.0
    assert hosts.until(HOST, 1.0) == 600.0


def test_a_year_that_no_calendar_has_cannot_be_read() -> None:
    assert (
        retry_after("Wed, 21 Oct 99999999999 07:28:00 GMT", datetime(2026, 5, 7, tzinfo=UTC))
        is None
    )


def test_a_host_that_asks_for_peace_again_and_again_is_given_up_in_the_end() -> None:
    hosts = Hosts()
    for number in range(8):
        hosts.asks("a.test", 10.0, number * 20.0)
    assert not hosts.is_given_up("a.test")

    hosts.asks("a.test", 10.0, 160.0)
    hosts.asks("a.test", 10.0, 161.0)
    assert hosts.is_given_up("a.test")

    hosts.answered("a.test", 200.0)
    assert not hosts.is_given_up("a.test")
