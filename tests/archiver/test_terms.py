"""What stems are called."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta, timezone

import pytest

from archiver.terms import stem_name

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 89_999, tzinfo=UTC)
ID = "<urn:uuid:01234567-0000-4000-8000-0000deadbeef>"


@pytest.fixture(autouse=True)
def _host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "Crawler_7.example.org")


def test_a_stem_is_named_after_prefix_moment_serial_host_and_chance() -> None:
    name = stem_name("news", MOMENT, serial=12, random_id=ID)

    assert name == "news-20260304050607089-00012-Crawler-7-deadbeef"


def test_the_moment_is_told_in_utc() -> None:
    there = MOMENT.astimezone(timezone(timedelta(hours=9)))

    assert stem_name("news", there, serial=0, random_id=ID).startswith("news-20260304050607089-")


def test_a_stem_has_no_dot() -> None:
    assert "." not in stem_name("news", MOMENT, serial=0, random_id=ID)


def test_two_stems_of_one_moment_differ_by_chance() -> None:
    other = ID.replace("beef", "f00d")

    assert stem_name("n", MOMENT, serial=0, random_id=other) != stem_name(
        "n", MOMENT, serial=0, random_id=ID
    )
