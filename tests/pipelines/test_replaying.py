"""One crawl over an archive of somebody else's, whose every answer is looked at."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import Any

import brotli
import pytest

from pipelines.progress import replay_line, replay_summary
from tests.archiver.pebbles import (
    BASE,
    asked_and_answered,
    http,
    record,
    response,
    warcinfo,
)
from tests.journeys.commands import Finished, scrapy
from tests.journeys.stories import story, title_of

DATE = "2026-03-01T10:00:00Z"
Item = dict[str, Any]  # Any: it is JSON

BODY = b"<html><p>Of a certain length.</p>"
CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
RECORDS = [
    warcinfo(b"software: other/1\r\n"),
    response("/story", http(story(1))),
    response("/cut", http(BODY).replace(b": 33", b": 99"), WARC_Truncated="length"),
    response("/longer", http(BODY).replace(b": 33", b": 99")),
    response("/dechunked", CHUNKED + BODY),
    response("/brotli", http(brotli.compress(BODY), "Content-Encoding: br")),
    response("/bomb", http(gzip.compress(bytes(9_000_000)), "Content-Encoding: gzip")),
    response("https://www.shore.test/Twin", http(BODY)),
    response("/robots.txt", http(b"User-agent: *\nDisallow: /\n")),
    response("/busy", http(b"later", status="503 Later")),
    response("/refresh", http(b'<meta http-equiv="refresh" content="0;url=/story">')),
    record("resource", b"of a file", WARC_Target_URI="ftp://shore.test/f.txt", WARC_Date=DATE,
           Content_Type="text/plain"),
    asked_and_answered("HEAD", "/head", b"", http(b"").replace(b": 0", b": 99")),
]  # fmt: skip
ASKED: list[Item] = [
    {"url": f"{BASE}{path}"}
    for path in (
        "/story", "/cut", "/longer", "/dechunked", "/brotli", "/bomb", "/busy", "/refresh",
        "/nowhere",
    )
] + [
    {"url": "http://shore.test/twin"},
    {"url": "ftp://shore.test/f.txt"},
    {"url": "ftp://shore.test/none"},
    {"url": "s3://bucket/none"},
    {"url": "data:,hello"},
    {"url": f"{BASE}/head", "method": "HEAD"},
    {"url": f"{BASE}/story", "method": "HEAD"},
    {"url": "https://elsewhere.test/"},
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """How the crawl ended, and what it told."""

    end: Finished
    items: list[Item]

    def of(self, url: str, method: str = "GET") -> Item:
        """Return what came of asking for *url*."""
        asked = (f"{BASE}{url}" if url.startswith("/") else url, method)
        (item,) = [i for i in self.items if (i.get("asked"), i.get("method")) == asked]
        return item

    def stat(self, name: str) -> int:
        """Return the number that the log gives as the stat *name*."""
        found = re.search(rf"'{name}': (\d+)", self.end.stderr)
        return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("asking")
    archive, asks = folder / "theirs.warc.gz", folder / "asks.json"
    archive.write_bytes(b"".join(RECORDS))
    asks.write_text(json.dumps(ASKED), "utf-8")
    end = scrapy(
        "crawl", "asking", "-a", f"asks={asks}", "-O", f"{folder}/items.jsonl",
        "-s", "SPIDER_MODULES=tests.pipelines.asking_spider",
        "-s", f"ARCHIVE_REPLAY_FROM={archive}",
        "-s", "ARCHIVE_SPIDER_BYTES=1000000", "-s", f"ARCHIVE_WORK_DIR={folder}/work",
    )  # fmt: skip
    items = (folder / "items.jsonl").read_text("utf-8").splitlines()
    return Crawled(end=end, items=[json.loads(item) for item in items])


def test_it_ends_well_whatever_was_missed(crawled: Crawled) -> None:
    assert (crawled.end.status, crawled.end.log_lines("ERROR")) == (0, [])
    assert crawled.end.log_lines("WARNING") == []


def test_hits_and_misses_are_counted(crawled: Crawled) -> None:
    assert crawled.stat("archive/replay_hit_count") == 12
    assert crawled.stat("archive/replay_miss_count") == 5
    assert crawled.stat("retry/count") == 0
    assert crawled.end.stderr.count("archive  12 captures read, 5 misses\n") == 1


def test_a_miss_goes_to_the_errback_and_says_so(crawled: Crawled) -> None:
    missed = crawled.of("/nowhere")

    assert missed["error"] == "ReplayMiss"
    assert missed["why"] == "no answer to http://shore.test/nowhere is archived"


@pytest.mark.parametrize(
    "url", ["https://elsewhere.test/", "ftp://shore.test/none", "s3://bucket/none"]
)
def test_no_scheme_leads_to_the_network(crawled: Crawled, url: str) -> None:
    assert crawled.of(url)["error"] == "ReplayMiss"


def test_the_log_names_misses_and_what_is_near(crawled: Crawled) -> None:
    told = [line.partition("INFO: ")[2] for line in crawled.end.stderr.splitlines()]

    assert any(line.startswith("5 requests have no answer in ") for line in told)
    assert (
        "no answer to https://elsewhere.test/ is archived (nearest: nothing of its host)" in told
    )
    assert (
        "no answer to HEAD http://shore.test/story is archived (nearest: "
        "http://shore.test/story of 2026-03-01 10:00:00)"
    ) in told


@pytest.mark.parametrize(
    ("path", "flags"),
    [
        ("/cut", ["dataloss"]),
        ("/longer", ["dataloss"]),
        ("/dechunked", []),
        ("/brotli", []),
    ],
)
def test_what_others_have_archived_is_taken_as_it_lies(
    crawled: Crawled, path: str, flags: list[str]
) -> None:
    item = crawled.of(path)

    assert (item["status"], item["text"], item["flags"]) == (200, BODY.decode(), flags)


def test_a_bomb_is_withheld(crawled: Crawled) -> None:
    item = crawled.of("/bomb")

    assert (item["text"], item["flags"]) == (0, ["archive_body_withheld"])


def test_a_twin_answers_by_its_own_name(crawled: Crawled) -> None:
    assert crawled.of("/twin")["url"] == "https://www.shore.test/Twin"


def test_an_error_is_not_asked_for_again(crawled: Crawled) -> None:
    assert crawled.of("/busy")["error"] == "HttpError"


def test_a_head_is_answered_by_a_head_alone(crawled: Crawled) -> None:
    assert crawled.of("/head", "HEAD")["status"] == 200
    assert crawled.of("/story", "HEAD")["error"] == "ReplayMiss"


def test_a_resource_answers_and_data_needs_no_archive(crawled: Crawled) -> None:
    assert crawled.of("ftp://shore.test/f.txt")["text"] == "of a file"
    assert crawled.of("data:,hello")["text"] == "hello"


def test_robots_txt_forbids_nobody_to_read_an_archive(crawled: Crawled) -> None:
    assert crawled.of("/story")["status"] == 200


def test_the_text_of_a_page_is_given_once_and_points_to_its_record(crawled: Crawled) -> None:
    (text,) = [item for item in crawled.items if "warc_record_id" in item]

    assert (text["title"], text["url"]) == (title_of(1), f"{BASE}/story")
    assert (text["file_path"], text["source"]) == ("archive/theirs.warc.gz", None)
    assert text["date"] == "2026-03-01T10:00:00.000000Z"
    assert crawled.stat("archive/page_unchanged_count") == 1


STATS = {
    "archive/replay_hit_count": 12,
    "archive/replay_miss_count": 2,
    "archive/page_count": 9,
    "archive/text_count": 7,
    "archive/text_empty_count": 1,
    "archive/text_failed_count/crash": 1,
    "log_count/ERROR": 3,
}


def test_the_live_line_and_the_summary_tell_of_what_is_read() -> None:
    assert replay_line(STATS, 2.5, 65) == (
        "01:05  9 pages (2.5/s), 12 captures read, 2 misses, 7 texts, 1 errors"
    )
    assert replay_summary(STATS, "offline, finished, after 01:05", "news.wacz") == [
        "crawl    offline, finished, after 01:05",
        "archive  12 captures read, 2 misses",
        "pages    9, of which 7 with text, 1 without",
        "errors   1 texts lost, 3 logged",
        "read     news.wacz",
    ]
