"""The log of a crawl: claimed when it begins, written again in one step when it ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from archiver import __version__
from archiver.crawllog import CrawlLog, id_in
from archiver.errors import StoreError
from tests.disk import files_end_at

MOMENT = datetime(2026, 3, 4, 5, 6, 7, 890_000, tzinfo=UTC)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def written(log: CrawlLog) -> dict[str, object]:
    """Return what stands in *log*, but for what tells it from all others."""
    content: dict[str, object] = json.loads(log.path.read_bytes())
    assert str(UUID(str(content.pop("id")))) == id_in(log.path.read_bytes())
    return content


def test_a_crawl_that_begins_says_that_it_is_running(tmp_path: Path) -> None:
    log = CrawlLog.begun(tmp_path / "news", "article", started_at=MOMENT)

    assert log.path == tmp_path / "news/crawls/20260304050607-article.json"
    assert log.name == "20260304050607-article.json"
    assert written(log) == {
        "format": "archiver-crawl",
        "version": 1,
        "spider": "article",
        "software": f"archiver/{__version__}",
        "started_at": "2026-03-04T05:06:07.890000Z",
        "finished_at": None,
        "outcome": "running",
    }


def test_a_crawl_that_ends_says_how(tmp_path: Path) -> None:
    log = CrawlLog.begun(tmp_path, "article", started_at=MOMENT)

    log.write(
        outcome="finished",
        finished_at=MOMENT + timedelta(minutes=1),
        details={"stats": {"archive/page_count": 3, "start_time": MOMENT}},
    )

    assert written(log) == {
        "format": "archiver-crawl",
        "version": 1,
        "spider": "article",
        "software": f"archiver/{__version__}",
        "started_at": "2026-03-04T05:06:07.890000Z",
        "finished_at": "2026-03-04T05:07:07.890000Z",
        "outcome": "finished",
        "stats": {"archive/page_count": 3, "start_time": "2026-03-04 05:06:07.890000+00:00"},
    }
    assert names(tmp_path) == ["20260304050607-article.json"]


def test_crawls_of_the_same_second_take_different_names(tmp_path: Path) -> None:
    logs = [CrawlLog.begun(tmp_path, "article", started_at=MOMENT) for _ in range(3)]

    assert [log.name for log in logs] == [
        "20260304050607-article.json",
        "20260304050608-article.json",
        "20260304050609-article.json",
    ]
    assert [json.loads(log.path.read_bytes())["started_at"] for log in logs] == [
        "2026-03-04T05:06:07.890000Z"
    ] * 3


def test_two_spiders_may_begin_in_the_same_second(tmp_path: Path) -> None:
    names = [CrawlLog.begun(tmp_path, s, started_at=MOMENT).name for s in ("article", "feed")]

    assert names == ["20260304050607-article.json", "20260304050607-feed.json"]


@pytest.mark.parametrize(
    ("spider", "expected"),
    [
        ("../../etc/passwd", "20260304050607--etc-passwd.json"),
        ("my spider", "20260304050607-my-spider.json"),
        ("example.org", "20260304050607-example-org.json"),
        ("Überall", "20260304050607--berall.json"),
    ],
)
def test_a_spiders_name_never_leads_out_of_the_folder(
    tmp_path: Path, spider: str, expected: str
) -> None:
    log = CrawlLog.begun(tmp_path, spider, started_at=MOMENT)

    assert log.path == tmp_path / "crawls" / expected
    assert json.loads(log.path.read_bytes())["spider"] == spider


def test_the_name_is_of_utc_whatever_the_clocks_zone(tmp_path: Path) -> None:
    east = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))

    assert CrawlLog.begun(tmp_path, "a", started_at=east).name == "20251231233000-a.json"


# A folder that cannot be written, and a disk that is full


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "news").write_bytes(b"")

    with pytest.raises(StoreError, match=r"^.*/news/crawls cannot be written \(.*\): free it$"):
        CrawlLog.begun(tmp_path / "news", "article", started_at=MOMENT)


def test_a_crawl_that_cannot_begin_leaves_no_log_behind(tmp_path: Path) -> None:
    with files_end_at(10), pytest.raises(StoreError, match=r"cannot be written \(File too large"):
        CrawlLog.begun(tmp_path, "article", started_at=MOMENT)

    assert names(tmp_path) == []


def test_a_log_that_cannot_be_completed_stays_as_it_was(tmp_path: Path) -> None:
    log = CrawlLog.begun(tmp_path, "article", started_at=MOMENT)
    before = log.path.read_bytes()

    with files_end_at(10), pytest.raises(OSError, match="File too large"):
        log.write(outcome="finished", finished_at=MOMENT)

    assert log.path.read_bytes() == before
    assert names(tmp_path) == ["20260304050607-article.json"]


def test_a_log_keeps_what_tells_it_from_others(tmp_path: Path) -> None:
    logs = [CrawlLog.begun(tmp_path / name, "article", started_at=MOMENT) for name in "ab"]
    ids = [id_in(log.path.read_bytes()) for log in logs]
    logs[0].write(outcome="finished", finished_at=MOMENT)

    assert ids[0] != ids[1]
    assert id_in(logs[0].path.read_bytes()) == ids[0]


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b"{}", b'{"id": 7}'])
def test_what_is_no_log_of_ours_has_no_id(octets: bytes) -> None:
    assert id_in(octets) is None


def test_a_name_that_is_taken_elsewhere_is_not_kept(tmp_path: Path) -> None:
    asked: list[str] = []

    def claim(name: str) -> bool:
        asked.append(name)
        assert (tmp_path / "crawls" / name).exists()
        return len(asked) == 3

    log = CrawlLog.begun(tmp_path, "a", started_at=MOMENT, claim=claim)

    assert asked == ["20260304050607-a.json", "20260304050608-a.json", "20260304050609-a.json"]
    assert [path.name for path in (tmp_path / "crawls").iterdir()] == [log.name] == asked[2:]
