"""The crawl of next week: what has not changed is not stored again, and not read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.journeys.collected import Collected, collected, path_of
from tests.journeys.commands import (
    PROJECT,
    Finished,
    archiver,
    crawl,
    crawl_command,
    finished,
)
from tests.journeys.site import Asked, Site, answer, head
from tests.journeys.stories import story, title_of
from tests.wire.warcs import Found, of_type

IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

# /0 and /1 can be asked about, by ETag and by date; /2 and /3 cannot. /4 leads to /5.
PATHS = [f"/{number}" for number in range(5)]
PAGES = ["/0", "/1", "/2", "/3", "/5"]


@dataclass(slots=True)
class Paper:
    """A site whose stories change when they are told to."""

    versions: dict[str, int] = field(default_factory=dict)

    def respond(self, asked: Asked) -> list[bytes]:
        number = int(asked.path[1:])
        if number == 4:
            return answer(b"", "Location: /5", status="302 Found")
        body = story(number + 100 * self.versions.get(asked.path, 0))
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        date = f"Mon, 0{1 + self.versions.get(asked.path, 0)} Mar 2021 08:00:00 GMT"
        if asked.path == "/0":
            if asked.fields.get("if-none-match") == etag:
                return [head(f"ETag: {etag}", status="304 Not Modified")]
            return answer(body, f"ETag: {etag}")
        if asked.path == "/1":
            if asked.fields.get("if-modified-since") == date:
                return [head(status="304 Not Modified")]
            return answer(body, f"Last-Modified: {date}")
        return answer(body)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Weeks:
    """Two crawls of one paper, and what the second asked."""

    ends: list[Finished]
    asked: list[Asked]
    collection: Collected


Crawled = Callable[..., Weeks]


@pytest.fixture
def weeks(tmp_path: Path) -> Crawled:
    """Crawl twice, between the crawls let pages change and the work folder be lost."""

    def crawled(*changed: str, loses_work: bool = False, **settings: str) -> Weeks:
        paper = Paper()
        store, work = tmp_path / "store", tmp_path / "work"
        with Site(paper.respond) as site:
            seeds = tmp_path / "seeds.txt"
            seeds.write_text("".join(f"{site.base}{path}\n" for path in PATHS), encoding="ascii")
            first = crawl(store, "-a", f"seeds={seeds}", ARCHIVE_WORK_DIR=work)
            count = len(site.asked)
            paper.versions.update(dict.fromkeys(changed, 1))
            folder = tmp_path / "another" if loses_work else work
            given = {"ARCHIVE_STORE": store, "ARCHIVE_WORK_DIR": folder, **settings}
            again = crawl_command(store, "-a", f"seeds={seeds}", settings=given)
            second = finished(again, PROJECT)
            asked = site.asked[count:]
        return Weeks(ends=[first, second], asked=asked, collection=collected(store / "news"))

    return crawled


def targets(records: list[Found]) -> list[str]:
    return sorted(path_of(record.get("WARC-Target-URI") or "") for record in records)


def revisits(weeks: Weeks, profile: str) -> list[Found]:
    found = of_type(weeks.collection.records, "revisit")
    return [record for record in found if record.get("WARC-Profile") == profile]


def assert_sound(weeks: Weeks) -> None:
    check = archiver("check", weeks.collection.folder)

    assert [end.status for end in weeks.ends] == [0, 0]
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


def test_an_unchanged_page_is_asked_for_conditionally_and_becomes_a_revisit(
    weeks: Crawled,
) -> None:
    found = weeks()

    assert targets(revisits(found, NOT_MODIFIED)) == ["/0", "/1"]
    assert targets(revisits(found, IDENTICAL)) == ["/2", "/3", "/5"]
    assert sorted(found.collection.fetched) == sorted([*PAGES, "/4", "/4"])
    assert_sound(found)


def test_the_text_of_an_unchanged_page_is_not_repeated(weeks: Crawled) -> None:
    found = weeks()

    assert sorted(found.collection.paths_of_texts) == PAGES
    assert sorted(found.collection.paths_of_pages) == PAGES


def test_a_revisit_refers_to_the_response_of_the_first_crawl(weeks: Crawled) -> None:
    found = weeks()
    originals = {record.get("WARC-Record-ID"): record for record in found.collection.responses}
    names = ("WARC-Target-URI", "WARC-Date", "WARC-Payload-Digest")
    referring = ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Payload-Digest")
    again = of_type(found.collection.records, "revisit")
    referred = [originals[record.get("WARC-Refers-To")] for record in again]

    assert [[record.get(name) for name in referring] for record in again] == (
        [[original.get(name) for name in names] for original in referred]
    )


def test_a_page_that_has_changed_is_a_response_with_a_text_of_its_own(weeks: Crawled) -> None:
    found = weeks("/0", "/1", "/2")
    titles = sorted(text["title"] for text in found.collection.texts)

    assert titles == sorted(title_of(number) for number in (0, 1, 2, 3, 5, 100, 101, 102))
    assert targets(of_type(found.collection.records, "revisit")) == ["/3", "/5"]
    assert_sound(found)


def test_new_skips_the_pages_that_the_collection_has(weeks: Crawled) -> None:
    found = weeks("/0", ARCHIVE_RECRAWL="new")

    assert found.asked == []
    assert sorted(found.collection.paths_of_texts) == PAGES
    assert_sound(found)


def test_all_fetches_without_conditions(weeks: Crawled) -> None:
    found = weeks(ARCHIVE_RECRAWL="all")

    assert sorted(asked.path for asked in found.asked) == sorted([*PAGES, "/4"])
    assert [asked.fields for asked in found.asked if "if-none-match" in asked.fields] == []
    assert targets(revisits(found, IDENTICAL)) == PAGES
    assert_sound(found)


def test_without_dedup_an_identical_payload_is_stored_again(weeks: Crawled) -> None:
    found = weeks(ARCHIVE_RECRAWL="all", ARCHIVE_DEDUP="off")

    assert of_type(found.collection.records, "revisit") == []
    assert sorted(found.collection.paths_of_texts) == sorted(PAGES * 2)
    assert_sound(found)


def test_what_the_collection_holds_is_learned_again_when_the_work_folder_is_lost(
    weeks: Crawled,
) -> None:
    found = weeks(loses_work=True)

    assert targets(of_type(found.collection.records, "revisit")) == PAGES
    assert sorted(found.collection.paths_of_texts) == PAGES
    assert_sound(found)


def test_one_payload_at_two_addresses_is_stored_once_where_any_is_asked_for(
    tmp_path: Path,
) -> None:
    with Site(lambda asked: answer(story(7))) as site:
        seeds = tmp_path / "seeds.txt"
        seeds.write_text(f"{site.base}/a\n{site.base}/b\n", encoding="ascii")
        end = crawl(
            tmp_path / "store", "-a", f"seeds={seeds}", ARCHIVE_DEDUP="any", CONCURRENT_REQUESTS=1
        )
    found = collected(tmp_path / "store" / "news")
    check = archiver("check", found.folder)

    assert (end.status, check.status) == (0, 0)
    assert (found.fetched, targets(of_type(found.records, "revisit"))) == (["/a"], ["/b"])


def test_extract_gives_the_texts_of_a_collection_with_revisits_again(
    weeks: Crawled, tmp_path: Path
) -> None:
    found = weeks("/3")

    end = archiver("extract", found.collection.folder, "--out", tmp_path / "again")

    texts = {path.name: path.read_bytes() for path in (found.collection.folder / "text").iterdir()}
    assert end.status == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()} == texts
