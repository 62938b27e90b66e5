"""What is read back of a WARC whose writer died: how far it is whole, and what it held."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archiver.capture import Page
from archiver.stem import Stem
from archiver.survey import Survey, exchange_of, survey
from tests.archiver.stems import (
    ANSWER,
    GET,
    INFO_ID,
    begin,
    declare,
    finish,
    nothing_is_done,
    uuid,
    visit,
)

Pair = tuple[bytes, int]


def surveyed(
    stem: Stem, *, done: dict[str, int] | None = None, finished: set[str] | None = None
) -> Survey:
    stem.close()
    return survey(stem.warc_path, stem.filename, done=(done or {}).get, finished=finished or set())


def undeclared(page: Page) -> Page:
    return replace(page, fetch_ms=None)  # how long it took is told where it is declared


def unclaimed(found: Survey) -> list[str]:
    return [page.record_id for pages in found.unclaimed.values() for page in pages]


@pytest.fixture
def stem(tmp_path: Path) -> Stem:
    return begin(tmp_path)


# How far it is whole


def test_a_whole_warc_is_whole_to_its_end(stem: Stem) -> None:
    finish(stem, visit(stem, 1))

    found = surveyed(stem)

    assert (found.size, found.warcinfo_id) == (stem.size, INFO_ID)
    assert found.contents.counts == {"warcinfo": 1, "response": 1, "request": 1, "metadata": 1}


@pytest.mark.parametrize("missing", range(1, 400))
def test_a_torn_pair_is_not_there_at_all(
    tmp_path: Path, pair: tuple[bytes, int], missing: int
) -> None:
    octets, end = pair
    path = tmp_path / "x.warc.gz.open"
    path.write_bytes(octets[:-missing])

    found = survey(path, "x.warc.gz", done=nothing_is_done, finished=())

    assert (found.size, found.contents.counts["response"]) == (end, 1)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """Return a WARC, and where in it the last of two pairs begins."""
    stem = begin(tmp_path_factory.mktemp("pair"))
    visit(stem, 1)
    end = stem.size
    visit(stem, 2)
    stem.close()
    return stem.warc_path.read_bytes(), end


@pytest.mark.parametrize("kept", range(0, 400))
def test_of_a_pair_any_beginning_is_torn(
    tmp_path: Path, pair: tuple[bytes, int], kept: int
) -> None:
    octets, end = pair
    path = tmp_path / "x.warc.gz.open"
    path.write_bytes(octets[: end + kept])

    assert survey(path, "x.warc.gz", done=nothing_is_done, finished=()).size == end


def test_the_two_ways_to_tear_a_pair_meet(pair: Pair) -> None:
    octets, end = pair

    assert len(octets) - end < 800


@pytest.mark.parametrize(
    "behind", [bytes(1), bytes(70_000), b"WARC/1.1\r\n", b"\x1f\x8b\x08", b"x"]
)
def test_what_stands_behind_the_last_record_does_not_count(stem: Stem, behind: bytes) -> None:
    visit(stem, 1)
    stem.warc_path.write_bytes(stem.warc_path.read_bytes() + behind)

    assert surveyed(stem).size == stem.size


@pytest.mark.parametrize("octets", [b"", bytes(1), bytes(5_000), b"no WARC", b"\x1f\x8b"])
def test_of_what_is_no_warc_nothing_is_whole(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "x.warc.gz.open"
    path.write_bytes(octets)

    found = survey(path, "x.warc.gz", done=nothing_is_done, finished=())

    assert (found.size, found.finished, found.unclaimed) == (0, {}, {})


def test_a_damaged_record_ends_what_is_whole(stem: Stem) -> None:
    page = visit(stem, 1)
    visit(stem, 2)
    octets = bytearray(stem.warc_path.read_bytes())
    octets[page.location.offset + 40] ^= 0xFF
    stem.warc_path.write_bytes(octets)

    assert surveyed(stem).size == page.location.offset


def test_a_capture_without_a_request_needs_none(stem: Stem) -> None:
    visit(stem, 1, request=b"")
    visit(stem, 2, request=b"", response=b"")

    assert surveyed(stem).size == stem.size


def test_a_failure_without_its_request_is_not_whole(stem: Stem) -> None:
    end = stem.size
    visit(stem, 1, response=b"")
    octets = stem.warc_path.read_bytes()
    stem.warc_path.write_bytes(octets[: octets.rindex(b"\x1f\x8b\x08")])

    assert surveyed(stem).size == end


# What it held


def test_index_lines_are_those_that_the_writer_noted(stem: Stem) -> None:
    finish(stem, visit(stem, 1))
    visit(stem, 2, response=b"")

    found = surveyed(stem)

    assert found.contents.index == stem._contents.index
    assert found.contents.first_date == found.contents.last_date == "2026-03-04T05:06:07.000008Z"


def test_what_is_not_known_to_be_done_is_unclaimed(stem: Stem) -> None:
    visit(stem, 1)
    page = visit(stem, 2)

    found = surveyed(stem, done={uuid(1): 0})

    assert found.unclaimed == {
        exchange_of(b"GET", "http://example.org/2", b""): [undeclared(page)]
    }


def test_the_same_exchange_twice_is_unclaimed_in_its_order(stem: Stem) -> None:
    visit(stem, 2, target="http://example.org/")
    visit(stem, 1, target="http://example.org/")

    (pages,) = surveyed(stem).unclaimed.values()

    assert [page.record_id for page in pages] == [uuid(2), uuid(1)]


def test_exchanges_differ_by_method_and_body(stem: Stem) -> None:
    visit(stem, 1, target="http://example.org/")
    visit(stem, 2, target="http://example.org/", request=b"POST / HTTP/1.1\r\n\r\na=1")
    visit(stem, 3, target="http://example.org/", request=b"POST / HTTP/1.1\r\n\r\na=2")

    assert set(surveyed(stem).unclaimed) == {
        exchange_of(b"GET", "http://example.org/", b""),
        exchange_of(b"POST", "http://example.org/", b"a=1"),
        exchange_of(b"POST", "http://example.org/", b"a=2"),
    }


def test_what_came_in_part_is_asked_for_again(stem: Stem) -> None:
    visit(stem, 1, truncated="disconnect")

    assert unclaimed(surveyed(stem)) == []


def test_what_never_came_is_asked_for_again(stem: Stem) -> None:
    visit(stem, 1, response=b"")

    assert unclaimed(surveyed(stem)) == []


def test_robots_txt_is_asked_for_by_each_run(stem: Stem) -> None:
    visit(stem, 1, target="http://example.org/robots.txt")
    visit(stem, 2, target="http://example.org/robots.txt.html")

    assert unclaimed(surveyed(stem)) == [uuid(2)]


def test_a_declared_page_without_its_text_is_unfinished(stem: Stem) -> None:
    page = visit(stem, 1)
    declare(stem, page)
    visit(stem, 2)

    assert surveyed(stem).unfinished == {page.record_id: page}


def test_a_declared_page_with_its_text_is_finished(stem: Stem) -> None:
    page = visit(stem, 1)
    finish(stem, page)

    found = surveyed(stem, finished={page.record_id})

    assert (found.finished, found.unfinished) == ({page.record_id: page.location.offset}, {})


def test_a_page_whose_declaration_is_gone_is_not_finished(stem: Stem) -> None:
    page = visit(stem, 1)

    found = surveyed(stem, finished={page.record_id})

    assert (found.finished, found.unfinished) == ({}, {})


def test_a_request_whose_last_record_is_there_is_done(stem: Stem) -> None:
    page = visit(stem, 1)
    last = stem.size
    declare(stem, page)

    assert unclaimed(surveyed(stem, done={page.record_id: last})) == []


def test_a_request_whose_last_record_is_gone_is_not_done(stem: Stem) -> None:
    page = visit(stem, 1)

    assert unclaimed(surveyed(stem, done={page.record_id: stem.size})) == [page.record_id]


def test_a_page_whose_request_is_done_may_be_unfinished(stem: Stem) -> None:
    page = visit(stem, 1)
    declare(stem, page)

    found = surveyed(stem, done={page.record_id: 0})

    assert (set(found.unfinished), found.unclaimed) == ({page.record_id}, {})


def test_a_torn_declaration_is_none(stem: Stem) -> None:
    page = visit(stem, 1)
    end = stem.size
    declare(stem, page)
    stem.warc_path.write_bytes(stem.warc_path.read_bytes()[:-1])

    found = surveyed(stem)

    assert (found.size, found.unfinished, unclaimed(found)) == (end, {}, [page.record_id])


def test_the_charset_is_read_from_the_head(stem: Stem) -> None:
    visit(stem, 1, response=ANSWER.replace(b"utf-8", b"koi8-r"))

    ((page,),) = surveyed(stem).unclaimed.values()

    assert (page.charset, page.collection) == ("koi8-r", "news")


def test_the_body_of_an_exchange_is_not_kept() -> None:
    assert exchange_of(b"POST", "http://example.org/", b"x" * 1000)[2] != b"x" * 1000
    assert len(exchange_of(b"POST", "http://example.org/", b"x" * 1000)[2]) == 32
    assert GET.startswith(exchange_of(b"GET", "http://example.org/", b"")[0])
