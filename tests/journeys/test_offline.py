"""A crawl, and the same spider later, over its archive, with nobody there to answer."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.archiver.landing import given, landed
from tests.journeys.collected import Collected, collected
from tests.journeys.commands import Finished, archiver, crawl
from tests.journeys.stories import title_of
from tests.journeys.world import STORIES, world
from tests.servers.s3 import S3Server

SPIDERS = "tests.journeys.rambling_spider"
Item = dict[str, Any]  # Any: it is JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What a crawl gave while the world was there, at *base*, and the *store* it filled."""

    base: str
    store: Path
    end: Finished
    items: list[str]
    kept: Collected


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Live:
    """The world is gone when this returns."""
    folder = tmp_path_factory.mktemp("live")
    store, items = folder / "store", folder / "items.jsonl"
    with world() as there:
        end = crawl(
            store, "-a", f"base={there.base}", "-O", str(items),
            spider="rambling", SPIDER_MODULES=SPIDERS,
        )  # fmt: skip
    return Live(
        base=there.base,
        store=store,
        end=end,
        items=sorted_lines(items),
        kept=collected(store / "news"),
    )


def sorted_lines(path: Path) -> list[str]:
    return sorted(path.read_text("utf-8").splitlines())


def offline(folder: Path, archive: Path | str, *arguments: str) -> Finished:
    """Crawl with the spider that was there before, in a work folder that is to stay away."""
    items = folder / "items.jsonl"
    return crawl(
        folder / "store", *arguments, "-O", str(items),
        spider="rambling", ARCHIVE_REPLAY_FROM=archive, SPIDER_MODULES=SPIDERS,
    )  # fmt: skip


@pytest.fixture(scope="module")
def later(live: Live, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Finished]:
    folder = tmp_path_factory.mktemp("later")
    return folder, offline(folder, live.store / "news", "-a", f"base={live.base}")


def test_the_crawl_brings_what_the_test_is_about(live: Live) -> None:
    texts = [text["title"] for text in live.kept.texts]

    assert (live.end.status, live.end.log_lines("ERROR")) == (0, [])
    assert sorted(texts) == sorted(title_of(number) for number in STORIES.values())
    assert [r.get("WARC-Target-URI") for r in live.kept.records if r.type == "revisit"] == [
        f"{live.base}/again"
    ]


def test_the_same_spider_offline_gives_equal_items(
    live: Live, later: tuple[Path, Finished]
) -> None:
    folder, end = later

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted_lines(folder / "items.jsonl") == live.items


def test_nothing_is_written_but_the_items(later: tuple[Path, Finished]) -> None:
    folder, _ = later

    assert [path.name for path in folder.iterdir()] == ["items.jsonl"]


def test_its_summary_says_what_was_read(later: tuple[Path, Finished]) -> None:
    _, end = later
    told = [line.partition("INFO: ")[2] for line in end.stderr.splitlines()]

    assert any(line.startswith("archive  18 captures read, 0 misses") for line in told)
    assert not any("WARC" in line for line in told if line.startswith("archive "))


def test_a_server_that_is_there_is_not_asked(live: Live, tmp_path: Path) -> None:
    with world() as canary:
        end = offline(tmp_path, live.store / "news", "-a", f"base={canary.base}")
    items = [json.loads(line) for line in sorted_lines(tmp_path / "items.jsonl")]

    assert canary.asked == []
    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert {item["error"] for item in items} == {"ReplayMiss"}
    assert f"no answer to {canary.base}/ is archived (nearest: nothing of its host)" in end.stderr


def test_a_project_of_its_own_setting_is_answered_too(live: Live, tmp_path: Path) -> None:
    archive = live.store / "news"

    end = crawl(
        tmp_path / "store", "-a", f"url={live.base}/plain", "-O", f"{tmp_path}/items.jsonl",
        ARCHIVE_REPLAY_FROM=archive, ARCHIVE_TEXT_ENABLED=False, ROBOTSTXT_OBEY=True,
        AUTOTHROTTLE_ENABLED=True, DOWNLOAD_DELAY=60,
    )  # fmt: skip
    (page,) = [json.loads(line) for line in sorted_lines(tmp_path / "items.jsonl")]
    (text,) = [text for text in live.kept.texts if text["url"] == f"{live.base}/plain"]

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert (page["record_id"], page["charset"]) == (text["warc_record_id"], "utf-8")
    assert page["location"]["offset"] == text["warc_offset"]


def test_a_wacz_answers_as_the_collection_does(live: Live, tmp_path: Path) -> None:
    wacz = tmp_path / "news.wacz"
    exported = archiver("wacz", live.store / "news", "-o", wacz)

    end = offline(tmp_path, wacz, "-a", f"base={live.base}")

    assert (exported.status, end.status, end.log_lines("ERROR")) == (0, 0, [])
    assert sorted_lines(tmp_path / "items.jsonl") == live.items


def test_a_warc_alone_answers_as_the_collection_does(live: Live, tmp_path: Path) -> None:
    (warc,) = (live.store / "news" / "archive").iterdir()

    end = offline(tmp_path, f"{warc},{warc}", "-a", f"base={live.base}")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted_lines(tmp_path / "items.jsonl") == live.items


def test_a_bucket_answers_as_the_collection_does(
    live: Live, rclone: S3Server, tmp_path: Path
) -> None:
    bucket = landed(live.store, rclone)

    end = offline(tmp_path, f"{bucket}/news", "-a", f"base={live.base}", *given(rclone))

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted_lines(tmp_path / "items.jsonl") == live.items


# Damage, and what is no archive


def test_what_is_damaged_is_a_miss_that_says_where(live: Live, tmp_path: Path) -> None:
    archive = tmp_path / "news"
    shutil.copytree(live.store / "news", archive)
    (text,) = [text for text in live.kept.texts if text["url"] == f"{live.base}/packed"]
    warc = archive / text["file_path"]
    octets = bytearray(warc.read_bytes())
    octets[text["warc_offset"] + text["warc_length"] // 2] ^= 0xFF
    warc.write_bytes(octets)

    end = offline(tmp_path, archive, "-a", f"base={live.base}")
    items = sorted_lines(tmp_path / "items.jsonl")
    lost = [json.loads(line) for line in set(items) - set(live.items)]

    assert end.status == 0
    assert lost == [{"path": "/packed", "error": "ReplayMiss"}]
    assert len(set(live.items) - set(items)) == 2  # what it told of it, and its text
    (error,) = end.log_lines("ERROR")
    assert f"{live.base}/packed: {warc.name} at {text['warc_offset']}: " in error
    assert "archive  17 captures read, 1 misses" in end.stderr


@pytest.mark.parametrize(
    ("archive", "date", "sentence"),
    [
        ("{folder}/none", "2026", "{folder}/none "),
        ("{news}", "last week", "-a date is 'last week': write a date as 2026-11-01, or its "),
        (" , ", "2026", "ARCHIVE_REPLAY_FROM names nothing: give a collection, WACZ or WARC"),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    live: Live, tmp_path: Path, archive: str, date: str, sentence: str
) -> None:
    names = {"folder": tmp_path, "news": live.store / "news"}

    end = offline(
        tmp_path, archive.format(**names), "-a", f"base={live.base}", "-a", f"date={date}"
    )

    assert end.status == 2
    assert end.stderr.splitlines()[-1].startswith(f"archiver: {sentence.format(**names)}")


# A second crawl


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """Two crawls into one collection, the second after a page had changed."""

    base: str
    archive: Path
    first: list[str]
    second: list[str]


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Weeks:
    folder = tmp_path_factory.mktemp("weeks")
    store, items = folder / "store", folder / "items.jsonl"
    found = []
    with world() as there:
        for there.edition in (0, 1):
            crawl(
                store, "-a", f"base={there.base}", "-O", str(items),
                spider="rambling", SPIDER_MODULES=SPIDERS,
            )  # fmt: skip
            found.append(sorted_lines(items))
    return Weeks(base=there.base, archive=store / "news", first=found[0], second=found[1])


def texts_in(lines: list[str]) -> dict[str, Item]:
    """Return the text records among *lines*, by their ids."""
    items = map(json.loads, lines)
    return {item["id"]: item for item in items if "warc_record_id" in item}


def title_in(text: Item) -> tuple[str, str]:
    return text["url"], text["title"]


def test_at_the_date_of_a_crawl_its_items_are_given(weeks: Weeks, tmp_path: Path) -> None:
    date = min(text["date"] for text in texts_in(weeks.first).values())

    end = offline(tmp_path, weeks.archive, "-a", f"base={weeks.base}", "-a", f"date={date[:19]}")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert sorted_lines(tmp_path / "items.jsonl") == weeks.first


def test_without_a_date_each_page_is_as_it_was_last(weeks: Weeks, tmp_path: Path) -> None:
    before, after = texts_in(weeks.first), texts_in(weeks.second)
    again = {title_in(text) for text in after.values()}
    unchanged = {id_: text for id_, text in before.items() if title_in(text) not in again}
    unchanged.pop(next(id_ for id_, text in unchanged.items() if text["url"].endswith("/plain")))

    end = offline(tmp_path, weeks.archive, "-a", f"base={weeks.base}")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert (f"{weeks.base}/plain", title_of(101)) in again
    assert texts_in(sorted_lines(tmp_path / "items.jsonl")) == {**unchanged, **after}
