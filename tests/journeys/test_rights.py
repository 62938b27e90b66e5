"""Rights that publishers reserve: recorded, or respected as well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.collected import Collected, collected, path_of
from tests.journeys.commands import Finished, archiver, crawl
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story
from tests.wire.warcs import Found, of_type

TDMREP = json.dumps(
    [{"location": "/mined/", "tdm-reservation": 1, "tdm-policy": "/policy.json"}]
).encode()
AI_TXT = b"User-Agent: *\nDisallow: /trained/\n"
RULES = b"User-agent: *\nDisallow: /ai.txt\nDisallow: /.well-known/\n"
PATHS = (
    "/story/0", "/mined/1", "/trained/2", "/noai/3", "/meta/4", "/kept-out/5", "/kept-out/6"
)  # fmt: skip
META = b'<head><meta name="robots" content="%b">'


def paper(asked: Asked) -> list[bytes]:
    """Answer for a paper that reserves rights in every way there is."""
    match asked.path:
        case "/robots.txt":
            return answer(b"", media_type="text/plain")
        case "/.well-known/tdmrep.json":
            return answer(TDMREP, media_type="application/json")
        case "/ai.txt":
            return answer(AI_TXT, media_type="text/plain")
        case "/noai/3":
            return answer(story(3), "X-Robots-Tag: googlebot: noindex", "X-Robots-Tag: noai")
        case "/meta/4":
            return answer(story(4).replace(b"<head>", META % b"noindex"))
        case "/kept-out/5":
            return answer(story(5), "X-Robots-Tag: noarchive")
        case "/kept-out/6":
            return answer(story(6).replace(b"<head>", META % b"NoArchive"))
        case _:
            return answer(story(int(asked.path.rpartition("/")[2])))


def shy(asked: Asked) -> list[bytes]:
    """Answer for a host that forbids us to ask what it says of rights."""
    if asked.path == "/robots.txt":
        return answer(RULES, media_type="text/plain")
    return answer(story(7))


def silent(asked: Asked) -> list[bytes]:
    """Answer for a host that has nothing but stories, and a page for whatever is missing."""
    if asked.path == "/story/8":
        return answer(story(8))
    if asked.path == "/ai.txt":
        return answer(b"<html><p>User-Agent: *<br>\nDisallow: /\n</html>")
    if asked.path == "/robots.txt":
        return answer(b"", status="404 Not Found")
    return answer(b"", status="500 Out of Paper")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What is left of a crawl of three hosts, and what each of them was asked."""

    end: Finished
    collection: Collected
    asked: tuple[list[str], list[str], list[str]]

    @property
    def stats(self) -> Any:  # Any: it is JSON
        """The stats of the crawl."""
        return self.collection.crawls[0]["stats"]

    def text(self, path: str) -> dict[str, Any]:
        """Return the text record of the page at *path*."""
        (found,) = [text for text in self.collection.texts if path_of(text["url"]) == path]
        return found


def crawled(tmp_path: Path, rights: str) -> Crawled:
    with Site(paper) as first, Site(shy, "127.0.0.2") as second, Site(silent) as third:
        seeds = tmp_path / "seeds.txt"
        urls = [f"{first.base}{path}" for path in PATHS]
        urls += [f"{second.base}/story/7", f"{third.base}/story/8"]
        seeds.write_text("".join(f"{url}\n" for url in urls), "ascii")
        end = crawl(
            tmp_path / "store", "-a", f"seeds={seeds}", ROBOTSTXT_OBEY=True, ARCHIVE_RIGHTS=rights,
            RETRY_ENABLED=False,
        )  # fmt: skip
    asked = (sorted(first.paths), sorted(second.paths), sorted(third.paths))
    return Crawled(end=end, collection=collected(tmp_path / "store" / "news"), asked=asked)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawled(tmp_path_factory.mktemp("recorded"), "record")


@pytest.fixture(scope="module")
def respected(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    return crawled(tmp_path_factory.mktemp("respected"), "respect")


ALL = ["/kept-out/5", "/kept-out/6", "/meta/4", "/mined/1", "/noai/3", "/story/0", "/story/7",
       "/story/8", "/trained/2"]  # fmt: skip
NOT_KEPT_OUT = [path for path in ALL if not path.startswith("/kept-out/")]


def responses(crawled: Crawled) -> list[str]:
    """Return the paths of the stories in the archive."""
    return sorted(path for path in crawled.collection.fetched if path in ALL)


def withheld(crawled: Crawled) -> list[Found]:
    """Return the records that stand for what is not there, in the order of their paths."""
    metadata = of_type(crawled.collection.records, "metadata")
    found = [record for record in metadata if b"withheld: " in record.block]
    return sorted(found, key=lambda record: record.get("WARC-Target-URI") or "")


def test_everything_is_archived_and_read_where_rights_are_recorded(recorded: Crawled) -> None:
    assert recorded.end.status == 0
    assert responses(recorded) == ALL
    assert sorted(recorded.collection.paths_of_texts) == ALL
    assert withheld(recorded) == []
    assert "archive/rights_reserved_count" not in recorded.stats
    assert "archive/noarchive_count" not in recorded.stats


RECORDED = [
    # path, robots_allowed, ai_txt_allowed, tdm_reservation, robots_meta, x_robots_tag
    ("/story/0", True, None, None, None, None),
    ("/mined/1", True, None, 1, None, None),
    ("/trained/2", True, False, None, None, None),
    ("/noai/3", True, None, None, None, "googlebot: noindex, noai"),
    ("/meta/4", True, None, None, "noindex", None),
    ("/kept-out/5", True, None, None, None, "noarchive"),
    ("/kept-out/6", True, None, None, "NoArchive", None),
    ("/story/7", True, None, None, None, None),
    ("/story/8", True, None, None, None, None),
]


@pytest.mark.parametrize("expected", RECORDED, ids=[case[0] for case in RECORDED])
def test_each_text_says_what_rights_were_found(
    recorded: Crawled, expected: tuple[str | bool | int | None, ...]
) -> None:
    path, *said = expected
    text = recorded.text(str(path))
    columns = ("robots_allowed", "ai_txt_allowed", "tdm_reservation", "robots_meta")

    assert [text[name] for name in (*columns, "x_robots_tag")] == said


def test_the_policy_of_a_host_is_an_address(recorded: Crawled) -> None:
    mined = recorded.text("/mined/1")

    assert mined["tdm_policy"] == mined["url"].replace("/mined/1", "/policy.json")
    assert recorded.text("/story/0")["tdm_policy"] is None


@pytest.mark.parametrize("rights", ["recorded", "respected"])
def test_each_host_is_asked_once_for_each_file_if_it_allows_that(
    rights: str, request: pytest.FixtureRequest
) -> None:
    first, second, third = request.getfixturevalue(rights).asked

    assert first == sorted(["/.well-known/tdmrep.json", "/ai.txt", "/robots.txt", *PATHS])
    assert second == ["/robots.txt", "/story/7"]
    assert third == ["/.well-known/tdmrep.json", "/ai.txt", "/robots.txt", "/story/8"]


def test_what_hosts_say_of_rights_is_archived_and_is_no_page(recorded: Crawled) -> None:
    assert recorded.collection.fetched.count("/.well-known/tdmrep.json") == 2
    assert recorded.collection.fetched.count("/ai.txt") == 2
    assert sorted(recorded.collection.paths_of_pages) == ALL


def test_reserved_pages_are_archived_and_give_no_text_where_rights_are_respected(
    respected: Crawled,
) -> None:
    assert respected.end.status == 0
    assert responses(respected) == NOT_KEPT_OUT
    assert sorted(respected.collection.paths_of_texts) == ["/story/0", "/story/7", "/story/8"]
    assert respected.stats["archive/rights_reserved_count"] == 4
    assert "archive/text_empty_count" not in respected.stats


def test_the_list_of_pages_says_no_more_of_a_reserved_page_than_that_it_is_one(
    respected: Crawled,
) -> None:
    pages = {path_of(page["url"]): page for page in respected.collection.pages}

    assert sorted(pages) == NOT_KEPT_OUT
    assert "text" in pages["/story/0"]
    assert sorted(pages["/noai/3"]) == ["id", "seed", "ts", "url"]


def test_of_what_is_not_to_be_archived_a_record_says_that_it_was_not(respected: Crawled) -> None:
    by_head, by_meta = withheld(respected)

    assert respected.stats["archive/noarchive_count"] == 2
    assert "archive/fetch_failed_count" not in respected.stats
    assert by_head.block.splitlines()[:3] == [
        b"withheld: noarchive",
        b"noarchiveBy: x-robots-tag",
        b"httpStatus: 200",
    ]
    assert by_meta.block.splitlines()[1] == b"noarchiveBy: meta robots"
    assert all(b"chairs have been ordered" not in found.block for found in (by_head, by_meta))
    requests = of_type(respected.collection.records, "request")
    pairs = [record.get("WARC-Record-ID") for record in requests]
    assert by_head.get("WARC-Concurrent-To") in pairs
    assert path_of(by_head.get("WARC-Target-URI") or "") == "/kept-out/5"


@pytest.mark.parametrize("rights", ["recorded", "respected"])
def test_years_later_the_same_texts_come_out_of_the_archive(
    rights: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    folder = request.getfixturevalue(rights).collection.folder

    end = archiver("extract", folder, "--out", tmp_path / "again")

    assert end.status == 0
    (made,), (again,) = (folder / "text").iterdir(), (tmp_path / "again").iterdir()
    assert again.read_bytes() == made.read_bytes()


@pytest.mark.parametrize("rights", ["recorded", "respected"])
def test_the_archive_is_sound(rights: str, request: pytest.FixtureRequest) -> None:
    end = archiver("check", request.getfixturevalue(rights).collection.folder)

    assert (end.status, end.stdout.count("\n")) == (0, 1)
