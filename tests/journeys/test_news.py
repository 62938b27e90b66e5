"""From newspapers to their articles: two days of the whole press, crawled by `news`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.journeys.collected import Collected, Line, collected
from tests.journeys.commands import PROJECT, Finished, archiver, crawl_command, finished
from tests.journeys.press import Entry, Press
from tests.wire.warcs import Found

# What a crawl asks for again each day, for there may be something new.
DAILY = {"robots", "rights", "feed", "sitemap", "front"}
# What a page may be that is no article and has a text all the same.
MEDIA = ("gallery", "video", "liveblog")
# What it may be that stands before an article, or leads to new ones.
PASSING = ("listing", "login", "consent", "botwall")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Day:
    """A crawl of the press: how it ended, what it asked, what was announced and what it left."""

    end: Finished
    asked: Sequence[Entry]
    announced: set[str]
    changed: set[str]
    collection: Collected


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Days:
    """Two crawls, of one edition and of the next; the web itself is closed."""

    press: Press
    first: Day
    second: Day

    def articles(self, texts: Sequence[Line]) -> Counter[str | None]:
        """Say how many of *texts* each article has."""
        return Counter(self.press.article_of(text["url"]) for text in texts)

    def asked(self, host: str) -> list[Entry]:
        """Return what a host was asked in the first crawl, in order."""
        return [entry for entry in self.press.requests_of(host) if entry.edition == 0]

    def texts_of(self, host: str) -> dict[str, Line]:
        """Return the texts of a host in the end, by their articles."""
        base = self.press.base(host)
        found = {self.press.article_of(t["url"]): t for t in self.second.collection.texts}
        return {url: text for url, text in found.items() if url and url.startswith(f"{base}/")}


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Days]:
    """Crawl the whole press twice; between the crawls the next edition comes out.

    Once is enough for the host that means harm, and nothing is new there.
    """
    folder = tmp_path_factory.mktemp("news")
    with Press() as press:
        first = day_of(press, folder, press.seeds)
        press.edition += 1
        second = day_of(press, folder, [url for url in press.seeds if "brigand" not in url])
        yield Days(press=press, first=first, second=second)


def day_of(
    press: Press, folder: Path, seeds: Sequence[str], spider: str = "news", **settings: object
) -> Day:  # fmt: skip
    """Crawl *seeds* of the press into the store in *folder*."""
    listed = folder / "seeds.txt"
    listed.write_text("".join(f"{url}\n" for url in seeds), encoding="ascii")
    given = {"ROBOTSTXT_OBEY": True, **press.settings, **settings}
    seeded = ("-a", f"seeds={listed}")
    command = crawl_command(folder / "store", *seeded, spider=spider, settings=given)
    end = finished(command, PROJECT)
    assert "'finish_reason': 'finished'" in end.stderr, end.stderr[-4000:]
    return Day(
        end=end,
        asked=[entry for entry in press.book if entry.edition == press.edition],
        announced=press.announced,
        changed=press.changed,
        collection=collected(folder / "store" / "news"),
    )


# What comes home


def test_every_announced_article_is_in_the_archive(days: Days) -> None:
    fetched = {days.press.article_of(target_of(r)) for r in days.first.collection.responses}

    assert days.first.announced - fetched == set()


def test_every_announced_article_has_one_text(days: Days) -> None:
    counts = days.articles(days.first.collection.texts)

    assert {url: counts[url] for url in days.first.announced} == dict.fromkeys(
        days.first.announced, 1
    )


def test_nothing_else_has_a_text_but_what_is_read_like_an_article(days: Days) -> None:
    texts = days.first.collection.texts
    others = [t for t in texts if days.press.article_of(t["url"]) is None]

    assert {text["url"] for text in others} <= days.press.kinds.keys()
    assert {text["page_type"] for text in others} <= set(MEDIA)


def test_each_text_is_that_of_its_article(days: Days) -> None:
    texts = [t for t in days.first.collection.texts if days.press.article_of(t["url"])]
    unmarked = [text["url"] for text in texts if marks_in(days, text) != 1]

    assert [url for url in unmarked if "long-read" not in url] == []


def test_twins_give_one_text_under_the_address_of_the_article(days: Days) -> None:
    base = days.press.base("marrowby")
    texts = days.texts_of("marrowby")
    expected = {f"{base}/story/2024/{number}" for number in range(601, 607)}

    assert texts.keys() == expected
    assert {url for url, t in texts.items() if (t["url_canonical"] or t["url"]) == url} == expected


def test_an_article_on_several_pages_is_one_text_in_their_order(days: Days) -> None:
    told = {url: text["text"] for url, text in days.texts_of("long-read").items()}
    marks = {url: days.press.marks[url] for url in told}
    places = {url: [told[url].find(mark) for mark in marks[url]] for url in told}

    assert len(told) == 5
    assert [url for url, at in places.items() if -1 in at or at != sorted(at)] == []
    assert {url: sum(text.count("In the register") for text in [told[url]]) for url in told} == {
        url: len(marks[url]) for url in told
    }


def test_what_is_no_article_is_archived_and_told_apart(days: Days) -> None:
    kinds = days.press.kinds
    fetched = {target_of(record) for record in days.first.collection.responses}
    marked = {target: kind for target, kind in declared(days.first.collection) if target in kinds}
    texts = {text["url"]: text["page_type"] for text in days.first.collection.texts}

    assert kinds.keys() <= fetched
    assert marked == kinds
    assert {url for url in kinds if url in texts} <= {u for u, k in kinds.items() if k in MEDIA}


def test_rights_stand_in_the_text_records(days: Days) -> None:
    texts = days.texts_of("reserved-rights")
    rights = days.press.rights
    found = {url: {name: texts[url].get(name) for name in rights[url]} for url in rights}

    assert found == {url: dict(told) for url, told in rights.items()}


def test_both_crawls_end_well_and_leave_a_sound_archive(days: Days) -> None:
    check = archiver("check", days.second.collection.folder)

    assert (days.first.end.status, days.second.end.status) == (0, 0)
    assert [line for line in days.first.end.log_lines("ERROR") if "Traceback" in line] == []
    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n")


# What is asked for


def test_nothing_forbidden_is_asked_for(days: Days) -> None:
    assert [entry.url for entry in days.press.book if entry.kind == "forbidden"] == []
    assert {entry.url for entry in days.press.book}.isdisjoint(days.press.forbidden)


def test_each_host_is_asked_for_its_rules_before_anything_else(days: Days) -> None:
    firsts: dict[str, str] = {}
    for entry in days.press.book:
        firsts.setdefault(entry.host, entry.path)

    assert set(firsts.values()) == {"/robots.txt"}


def test_every_request_says_who_asks(days: Days) -> None:
    agents = {entry.fields.get("user-agent", "")[:9] for entry in days.press.book}

    assert agents == {"archiver/"}


def test_no_article_is_fetched_twice_in_one_crawl(days: Days) -> None:
    whole = [e for e in days.first.asked if e.kind == "article" and e.status == 200]
    times = Counter(days.press.article_of(entry.url) for entry in whole)

    assert [article for article, count in times.items() if count > 1] == []


def test_the_second_crawl_fetches_only_what_announces_and_what_has_changed(days: Days) -> None:
    further = [
        entry
        for entry in days.second.asked
        if entry.kind not in (*DAILY, "missing") and days.press.kinds.get(entry.url) not in PASSING
    ]

    assert {days.press.article_of(e.url) for e in further} == days.second.changed
    assert len(further) == len(days.second.changed)


def test_the_second_crawl_has_the_texts_of_what_is_new_and_changed(days: Days) -> None:
    new = days.second.collection.texts[len(days.first.collection.texts) :]

    assert days.articles(new) == dict.fromkeys(days.second.changed, 1)


def test_feeds_are_asked_for_on_condition_that_they_have_changed(days: Days) -> None:
    base = days.press.base("brackwater-review")
    asked = [e for e in days.second.asked if e.url.startswith(base) and e.kind == "feed"]

    assert {entry.path: entry.status for entry in asked} == {
        "/atom.xml": 200,
        "/atom/2.xml": 304,
        "/atom/3.xml": 304,
    }
    assert {bool(entry.fields.get("if-none-match")) for entry in asked} == {True}


# Manners


def test_no_host_has_more_than_two_connections(days: Days) -> None:
    most = {entry.host: 0 for entry in days.press.book}
    for entry in days.press.book:
        most[entry.host] = max(most[entry.host], entry.connections)

    assert {host: count for host, count in most.items() if count > 2} == {}


def test_nothing_is_asked_of_a_host_before_its_rules_are_there(days: Days) -> None:
    asked = days.asked("slow-lane")

    assert [(entry.path, entry.status) for entry in asked[:3]] == [
        ("/robots.txt", 503),
        ("/robots.txt", 503),
        ("/robots.txt", 200),
    ]


def test_the_delay_that_a_host_asks_for_is_kept(days: Days) -> None:
    asked = days.asked("slow-lane")[2:]
    pauses = [after.arrived_at - before.arrived_at for before, after in pairwise(asked)]

    assert len(pauses) >= 8
    # A busy machine sends one a little late, and the next in time.
    assert sum(pauses) > 0.98 * len(pauses)
    assert min(pauses) > 0.5


def test_a_host_that_is_too_busy_is_left_in_peace_as_long_as_it_says(days: Days) -> None:
    asked = days.asked("rush-hour")
    refused = [e.ended_at for e in asked if e.status == 429 and e.ended_at is not None]
    early = [[e.arrived_at - at for e in asked if 0 < e.arrived_at - at < 1.9] for at in refused]

    assert len(refused) >= 2
    # What the other connection had under way by then could not be called back any more.
    assert [pauses for pauses in early if len(pauses) > 1 or max(pauses, default=0) > 0.5] == []


# Traps and rogues


def test_a_labyrinth_is_left_again(days: Days) -> None:
    trapped = [entry for entry in days.asked("labyrinth") if entry.kind == "trap"]

    assert len(trapped) < 40
    assert len(days.texts_of("labyrinth")) == 5


def test_nobody_comes_inside(days: Days) -> None:
    responses = [target_of(record) for record in days.second.collection.responses]
    inside = ("169.254.", "127.", "admin.test", "intern.", "[::", "localhost", "2130706433", "0")

    assert days.press.trespasses == []
    assert [url for url in responses if url.removeprefix("http://").startswith(inside)] == []


def test_a_feed_that_leads_anywhere_leads_nobody_inside(tmp_path: Path) -> None:
    with Press() as press:
        seeds = [f"{press.base('brigand')}/feed.xml"]
        day = day_of(press, tmp_path, seeds, DOWNLOAD_TIMEOUT=2, RETRY_TIMES=0)

    assert press.trespasses == []
    assert day.end.status == 0
    assert "http://admin.test" not in {e.url for e in press.book}
    assert len({press.article_of(e.url) for e in press.book} - {None}) == 3


def test_what_has_no_end_is_archived_as_far_as_it_was_taken(days: Days) -> None:
    base = days.press.base("brigand")
    cut = {
        target_of(record).removeprefix(base): record.get("WARC-Truncated")
        for record in days.second.collection.responses
        if record.get("WARC-Truncated") and target_of(record).startswith(base)
    }
    endless = [entry for entry in days.asked("brigand") if entry.path == "/endless"]

    assert cut["/endless"] == "length"
    assert cut["/drip"] == "time"
    assert {entry.ended_at for entry in endless} == {None}
    assert max(len(record.block) for record in days.second.collection.responses) < 11_000_000


def test_a_page_of_a_hundred_thousand_links_does_not_take_the_crawl_over(days: Days) -> None:
    leaves = [entry for entry in days.asked("brigand") if entry.path.startswith("/leaf/")]

    assert len(leaves) < 200
    assert len(days.texts_of("brigand")) == 3


# One means alone


@pytest.mark.parametrize(
    ("spider", "host", "path", "count"),
    [
        ("feed", "brackwater-review", "/atom.xml", 8),
        ("feed", "tessel-quay", "/feed.json", 7),
        ("feed", "old-post", "/rss.php", 5),
        ("sitemap", "kelm-gazette", "/robots.txt", 13),
        ("sitemap", "marrowby", "/sitemap.xml", 6),
    ],
)
def test_a_feed_or_sitemap_leads_to_all_that_it_announces(
    tmp_path: Path, spider: str, host: str, path: str, count: int
) -> None:
    with Press() as press:
        day = day_of(press, tmp_path, [press.base(host) + path], spider=spider)
        texts = Counter(press.article_of(text["url"]) for text in day.collection.texts)

    assert (len(texts), texts.total(), texts[None]) == (count, count, 0)
    assert [entry.url for entry in press.book if entry.kind == "forbidden"] == []


def test_site_follows_links_through_all_pages_of_a_section(tmp_path: Path) -> None:
    with Press() as press:
        url = f"{press.base('harbour-times')}/news/"
        day = day_of(press, tmp_path, [url], spider="site", DEPTH_LIMIT=3)
        articles = {press.article_of(text["url"]) for text in day.collection.texts}

    assert press.linked <= articles
    assert [entry.url for entry in press.book if entry.kind == "forbidden"] == []


def test_site_comes_out_of_the_labyrinth(tmp_path: Path) -> None:
    with Press() as press:
        day = day_of(press, tmp_path, [f"{press.base('labyrinth')}/"], spider="site")
        articles = Counter(press.article_of(text["url"]) for text in day.collection.texts)
        announced = {url for url in press.announced if "labyrinth" in url}
    trapped = [entry.target for entry in press.book if entry.kind == "trap"]

    assert articles == dict.fromkeys(announced, 1)
    assert len(trapped) <= 120
    assert [target for target in trapped if "/a/b/a/b/a/b/" in target] == []


# Rights respected


def test_reserved_pages_give_no_text_where_rights_are_respected(tmp_path: Path) -> None:
    with Press() as press:
        seeds = [f"{press.base('reserved-rights')}/"]
        day = day_of(press, tmp_path, seeds, ARCHIVE_RIGHTS="respect")
        base = press.base("reserved-rights")
    texts = {text["url"].removeprefix(base) for text in day.collection.texts}
    fetched = {target_of(r).removeprefix(base) for r in day.collection.responses}

    assert texts == {"/1301/nothing-reserved", "/1308/for-members", "/1309/licensed"}
    assert "/1303/no-archive" not in fetched
    assert "/1304/by-header" in fetched


def marks_in(days: Days, text: Line) -> int:
    """Return how often the mark of its own article stands in *text*, and 9 if another's does."""
    article = days.press.article_of(text["url"])
    assert article is not None
    (mark,) = days.press.marks[article][:1]
    count: int = text["text"].count(mark)
    return count if text["text"].count("In the register of the county") == count else 9


def declared(collection: Collected) -> list[tuple[str, str]]:
    """Return the targets of what is marked as no page, or is a page, and its type."""
    found = []
    for record in collection.records:
        if record.type == "metadata":
            fields = fields_of(record)
            kind = fields.get("notAPage") or fields.get("pageType")
            if kind:
                found.append((target_of(record), kind))
    return found


def fields_of(record: Found) -> Mapping[str, str]:
    """Return the fields of a metadata record."""
    lines = record.block.decode("utf-8").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def target_of(record: Found) -> str:
    """Return the target URI of *record*."""
    return record.get("WARC-Target-URI") or ""
