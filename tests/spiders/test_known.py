"""Pages that have been read, in earlier crawls or in this one, under whatever address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from archiver.memory import Memory
from spiders.known import Known
from tests.archiver.test_memory import FERRY, FIRST, SECOND, THIRD, capture, note, uuid

STORY = "https://paper.example.org/2026/05/07/ferry-returns-to-the-old-quay"
AMP = "https://paper.example.org/amp/2026/05/07/ferry-returns-to-the-old-quay"
MOBILE = "https://m.paper.example.org/2026/05/07/ferry-returns-to-the-old-quay"


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory(tmp_path / "memory.sqlite")
    yield memory
    memory.close()


@pytest.fixture
def known(memory: Memory) -> Known:
    return Known(memory, "changed")


@pytest.mark.parametrize("twin", [AMP, MOBILE])
def test_one_more_address_of_a_page_of_this_crawl_is_a_twin(twin: str, known: Known) -> None:
    assert not known.has_twin(STORY, STORY)
    assert known.has_twin(twin, STORY)


def test_a_page_whose_twin_came_first_is_the_twin(known: Known) -> None:
    assert not known.has_twin(AMP, STORY)
    assert known.has_twin(STORY, STORY)
    assert known.has_twin(MOBILE, STORY)


def test_a_page_that_is_read_once_more_is_no_twin_of_itself(known: Known) -> None:
    assert not known.has_twin(f"{STORY}?utm_source=rss", STORY)
    assert not known.has_twin(STORY, STORY)


def test_that_a_page_calls_another_its_own_address_is_not_always_believed(known: Known) -> None:
    front = "https://paper.example.org/"

    assert not known.has_twin(STORY, front)
    assert not known.has_twin("https://paper.example.org/2026/05/08/weir-is-mended-at-last", front)


def test_a_twin_of_a_page_of_an_earlier_crawl_is_one_too(known: Known, memory: Memory) -> None:
    note(memory, capture("1", STORY))
    memory.note_page(uuid("1"), [STORY])

    assert known.has_twin(AMP, STORY)


def test_the_address_that_was_read_in_an_earlier_crawl_is_read_again(
    known: Known, memory: Memory
) -> None:
    note(memory, capture("1", AMP))
    memory.note_page(uuid("1"), [AMP, STORY])

    assert not known.has_twin(AMP, STORY)


def test_a_known_page_is_current_until_it_is_announced_as_changed(
    known: Known, memory: Memory
) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY])
    last = known.last_read(FERRY)

    assert last == FIRST
    assert known.is_current(FIRST, None, THIRD)
    assert known.is_current(FIRST, FIRST, THIRD)
    assert not known.is_current(FIRST, SECOND, THIRD)


def test_a_crawl_that_wants_what_is_new_takes_a_changed_page_for_current(memory: Memory) -> None:
    assert Known(memory, "new").is_current(FIRST, SECOND, THIRD)


@pytest.mark.parametrize(
    ("changed_at", "now", "is_current"),
    [
        ("2026-03-04T09:00:00", "2026-03-04T06:00:00", True),  # a clock that is ahead
        ("2026-03-05T09:00:00", "2026-03-05T06:00:00", False),
        ("2026-03-04T00:00:00", "2026-03-04T20:00:00", True),  # some time on that day
        ("2026-03-04T00:00:00", "2026-03-05T06:00:00", False),
        ("2026-03-03T00:00:00", "2026-03-05T06:00:00", True),
    ],
)
def test_a_date_that_says_little_has_a_page_asked_for_once_a_day_at_the_most(
    changed_at: str, now: str, is_current: bool, known: Known
) -> None:
    moments = [datetime.fromisoformat(f"{text}+00:00") for text in (changed_at, now)]

    assert known.is_current(FIRST, *moments) is is_current


@pytest.mark.parametrize(("reads_texts", "expected"), [(True, None), (False, FIRST)])
def test_a_page_whose_text_was_lost_is_not_known_where_texts_are_read(
    reads_texts: bool, expected: datetime | None, memory: Memory
) -> None:
    note(memory, capture("1"))
    memory.note_page(uuid("1"), [FERRY], is_read=False)

    assert Known(memory, "changed", reads_texts=reads_texts).last_read(FERRY) == expected


def test_without_a_memory_nothing_is_known() -> None:
    known = Known(None, "changed")
    known.close()

    assert known.last_read(FERRY) is None
    assert not known.has_twin(AMP, STORY)
