"""Which capture answers a request, in archives of a few records."""

from __future__ import annotations

from pathlib import Path

import pytest

from archiver.answers.choice import NotArchived
from tests.archiver.pebbles import (
    BASE,
    answers,
    http,
    payload_of,
    response,
    url_of,
)

EARLY, LATE = "2026-03-01T10:00:00Z", "2026-05-01T10:00:00Z"


def got(folder: Path, url: str, *records: bytes, date: str | None = None) -> bytes:
    """Return the payload that answers a GET of *url*."""
    with answers(folder, *records, date=date) as asked:
        return payload_of(asked.answer("GET", url_of(url)))


def posted(folder: Path, method: str, path: str, body: bytes, *records: bytes) -> bytes:
    with answers(folder, *records) as asked:
        return payload_of(asked.answer(method, url_of(path), body))


# When


EDITIONS = [
    response("/a", http(b"may"), LATE),
    response("/a", http(b"march"), EARLY),
    response("/a", http(b"april"), "2026-04-01T10:00:00Z"),
]


@pytest.mark.parametrize(
    ("date", "payload"),
    [
        (None, b"may"),
        ("2026-03-15", b"march"),
        ("2026-03-18", b"april"),
        ("20260316215959", b"march"),
        ("2026-04-01", b"april"),
        ("2020", b"march"),
        ("2030", b"may"),
        ("2026", b"may"),
    ],
)
def test_the_capture_nearest_to_a_date_answers(
    tmp_path: Path, date: str | None, payload: bytes
) -> None:
    assert got(tmp_path, "/a", *EDITIONS, date=date) == payload


def test_what_was_captured_in_the_course_of_the_day_is_nearer_than_the_night_before(
    tmp_path: Path,
) -> None:
    night = response("/a", http(b"night"), "2026-03-01T23:59:00Z")
    evening = response("/a", http(b"evening"), "2026-03-02T22:00:00Z")

    assert got(tmp_path, "/a", night, evening, date="2026-03-02") == b"evening"


def test_of_captures_within_a_second_the_last_written_answers(tmp_path: Path) -> None:
    busy = response("/a", http(b"busy", status="503 Later"))

    assert got(tmp_path, "/a", busy, response("/a", http(b"here"))) == b"here"


# Where


TWINS = [
    response("https://shore.test/A", http(b"https")),
    response("http://www.shore.test/a", http(b"www")),
    response("http://shore.test/a", http(b"the one"), EARLY),
    response("http://shore.test/A", http(b"upper"), LATE),
]


@pytest.mark.parametrize(
    ("url", "payload"),
    [
        ("http://shore.test/a", b"the one"),
        ("http://shore.test/A", b"upper"),
        ("http://www.shore.test/a", b"www"),
        ("https://shore.test/A", b"https"),
        ("http://shore.test/a#part", b"the one"),
        ("HTTP://SHORE.test:80/a", b"upper"),  # not the very URL: then the latest of its twins
    ],
)
def test_the_very_url_is_preferred_to_its_twins(tmp_path: Path, url: str, payload: bytes) -> None:
    assert got(tmp_path, url, *TWINS) == payload


def test_a_twin_answers_under_its_own_name(tmp_path: Path) -> None:
    with answers(tmp_path, response("https://www.shore.test/a", http(b"www"))) as asked:
        answer = asked.answer("GET", "http://shore.test/a")
        answer.close()

    assert answer.target == "https://www.shore.test/a"


def test_a_twin_that_only_leads_to_what_was_asked_for_is_no_answer(tmp_path: Path) -> None:
    moved = http(b"", "Location: https://shore.test/a", status="301 Moved")

    with pytest.raises(NotArchived, match=r"^no answer to https://shore.test/a is archived$"):
        got(tmp_path, "https://shore.test/a", response("http://shore.test/a", moved))


def test_what_is_not_there_is_no_answer(tmp_path: Path) -> None:
    with pytest.raises(NotArchived, match=r"^no answer to http://shore.test/b is archived$"):
        got(tmp_path, "/b", *EDITIONS)


def test_what_is_near_is_found(tmp_path: Path) -> None:
    with answers(tmp_path, *EDITIONS) as asked:
        near = asked.near(f"{BASE}/b", 3)

    assert [(entry.url, entry.timestamp) for entry in near] == [(f"{BASE}/a", "20260501100000")]
