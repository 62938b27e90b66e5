from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.traps import Budget, Queries, trap_of

TODAY = date(2024, 5, 3)

ARTICLES = [
    # by date and slug
    "/2024/05/03/harbour-bridge-closed-after-storm",
    "/2024/05/03/world/europe/harbour-bridge-closed-after-storm.html",
    "/2024/05/03/harbour-bridge-closed-after-storm/index.html",
    "/2024/5/3/harbour-bridge-closed-after-storm/",
    "/2024/may/03/harbour-bridge-closed-after-storm",
    "/news/2024-05-03/harbour-bridge-closed",
    "/news/2024-05-03-harbour-bridge-closed/",
    "/20240503/harbour-bridge-closed.html",
    "/articles/2024/05/03/a-bridge",
    "/2011/11/11/11-o-clock/",
    "/2011/11/11/11/11-11-11",
    "/news/11/11/11/story.html",
    "/2024/05/03/",
    "/archive/2024/05/03",
    "/sitemap/2024/05",
    # of what is to come
    "/2024/05/03/what-the-world-will-look-like-in-2093",
    "/world/2093",
    "/2093-05-03-the-day-the-ice-is-gone",
    "/2093/05/03/the-day-the-ice-is-gone",
    "/events/2024/05/03/harbour-festival-opens",
    "/events/harbour-festival-2024",
    "/calendar/2026/04/30",
    # of long ago
    "/1893/05/03/the-late-storm",
    "/1893/05/03/page-3",
    "/archive/1893/05/03",
    "/archive/1893-05-03/",
    "/lccn/sn83045211/1893-05-03/ed-1/seq-4/",
    "/calendar/1893/05",
    "/issues?date=1893-05-03&page=4",
    "/issues?paper=harbour-gazette&datum=18930503&seite=4",
    "/archive?year=1893&month=5",
    "/archive/1965/05/03/the-new-bridge",
    "/archive/1965/05/03",
    # by number
    "/news/12345678",
    "/news/uk-england-12345678",
    "/article/2093",
    "/story/20930503",
    "/news/2093-05",
    "/event/12345",
    "/events/2345/12",
    "/node/1234",
    "/story/3456-10.html",
    "/-12345678.html",
    "/world/bridge-closed-a-1234567.html",
    "/world/bridge-closed/a-60a0111a-c2d2-46c8-9e93-b16a374e6ba8",
    "/en-us/news/world/bridge-closed/ar-BBwsPQ",
    "/gp/bridge,artikel,25107.html",
    "/1/2/3/4/5/6/12345.html",
    "/a/a/a/aardvark-returns-to-the-wild",
    # by query
    "/?p=12345",
    "/story.php?id=12345",
    "/story.php?article717",
    "/news/view.html?idx=8723&page=1&bc=&mc=&find=&sch_date=&cate=&listtype=&sort=",
    "/index.php?option=com_content&view=article&id=231:bridge&catid=30:politics&Itemid=20",
    "/news?tx_news_pi1%5Baction%5D=detail&tx_news_pi1%5Bcontroller%5D=News&tx_news_pi1%5Bnews%5D=7",
    "/read.nhn?mode=LSD&mid=sec&sid1=101&oid=023&aid=0001234567",
    "/story?id=7&date=2024-05-03",
    "/story?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8",
    "/story?id=7&utm_source=a&utm_medium=b&utm_campaign=c&utm_term=d&utm_content=e&utm_id=f"
    "&fbclid=g&gclid=h&mc_cid=i&mc_eid=j",
    # with another URL in it
    "/story?id=7&url=https%3A%2F%2Fexample.net%2Fstory",
    "/out?u=https%3A%2F%2Fexample.org%2F2024%2F05%2F03%2Fstory",
    "/story?ref=https://example.org/",
    "/web/20240503101112/https://example.net/2024/05/03/story",
    "/story?back=/world/",
    # and otherwise
    "/",
    "/news/news/news-of-the-week",
    "/sport/football/sport-in-pictures/football-in-pictures",
    "/en/news/en/culture/en/story",
    "/" + "/".join("abcdefghijklmnopqrst"),
    "/caf%C3%A9-am-rand-der-stadt",
    "/%E6%B8%AF%E5%8F%A3%E5%A4%A7%E6%A1%A5%E5%9B%A0%E9%A3%8E%E6%9A%B4%E5%85%B3%E9%97%AD",
    "/" + 2000 * "a",
]

TRAPS = [
    ("/" + 2048 * "a", "too long"),
    ("/" + 400 * "é", "too long"),
    ("/?q=" + 2048 * "a", "too long"),
    ("/" + 10_000_000 * "a", "too long"),
    ("/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u", "too deep"),
    ("/1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8/9/1/2/3/4/", "too deep"),
    ("/news/news/news/story", "repeating segments"),
    ("/world/images/images/images/", "repeating segments"),
    ("/a/b/a/b/a/b", "repeating segments"),
    ("/a/b/a/b/a/b/story.html", "repeating segments"),
    ("/x/news/2024/news/2024/news/2024", "repeating segments"),
    ("/1/2/1/2/1/2/", "repeating segments"),
    ("/News/news/NEWS/story", "repeating segments"),
    ("/en/a/en/b/en/c/en/d", "repeating segments"),
    ("/2093/05/03", "calendar"),
    ("/archive/2093-05-03/", "calendar"),
    ("/2093/05/03.html", "calendar"),
    ("/2027/01/01", "calendar"),
    ("/calendar/2093/05", "calendar"),
    ("/events/2093-05", "calendar"),
    ("/event-calendar/month/2093-05/", "calendar"),
    ("/kalender/1989/12", "calendar"),
    ("/events/1970-01-01", "calendar"),
    ("/list?month=2093-05", "calendar"),
    ("/list?month=2093-5", "calendar"),
    ("/list?month=05/2093", "calendar"),
    ("/list?date=20930503", "calendar"),
    ("/list?date=03.05.2093", "calendar"),
    ("/list?start_date=2093-05-03T00:00", "calendar"),
    ("/list?year=2093&month=5", "calendar"),
    ("/list?month=9999-12", "calendar"),
    ("/events?month=1989-12", "calendar"),
    ("/?calendar_month=1989-12", "calendar"),
    ("/list?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9", "too many parameters"),
    ("/list?sort=date&sort=title", "too many parameters"),
    ("/list?filter%5Ba%5D=1&filter%5Bb%5D=2", "too many parameters"),
    ("/list?f%5B0%5D=a&f%5B1%5D=b", "too many parameters"),
    ("/list?sid=1&sid=2", "too many parameters"),
    ("/list?page=2&page=3", "too many parameters"),
    ("/world/https://example.org/world/", "nested url"),
    ("/world/http:/www.example.org/world/", "nested url"),
    ("/world/https%3A%2F%2Fexample.org%2Fworld", "nested url"),
    ("/world/www.example.org/world/", "nested url"),
    ("/a/https://example.net/a/https://example.net/a", "nested url"),
    ("/out?u=https%3A%2F%2Fexample.net%2F%3Fu%3Dhttps%253A%252F%252Fexample.net", "nested url"),
    ("/login?return=%2Fworld%2Fstory", "nested url"),
    ("/user/sign-in.php?to=https%3A%2F%2Fexample.org%2Fworld%2Fstory", "nested url"),
    ("/share?url=https://example.org/world/story", "nested url"),
]


@pytest.mark.parametrize("url", ARTICLES)
def test_no_article_is_a_trap(url: str) -> None:
    assert trap_of(f"https://www.example.org{url}", today=TODAY) is None


@pytest.mark.parametrize(("url", "reason"), TRAPS, ids=range(len(TRAPS)))
def test_a_trap_is_called_what_it_is(url: str, reason: str) -> None:
    assert trap_of(f"https://www.example.org{url}", today=TODAY) == reason


@pytest.mark.parametrize("text", ["", "story", "mailto:a@example.org", "https://[/", "\ud800"])
def test_what_is_no_url_of_the_web_is_no_trap(text: str) -> None:
    assert trap_of(text, today=TODAY) is None


def test_a_day_is_too_far_ahead_only_until_it_comes_nearer() -> None:
    url = "https://example.org/events/2027/01/01"
    assert trap_of(url, today=date(2024, 12, 31)) == "calendar"
    assert trap_of(url, today=date(2025, 1, 1)) is None


@given(
    st.lists(
        st.sampled_from(
            ["/", "a", "2093", "-", "05", "?", "&", "=", "date", "calendar", "%2f", "%", "[", ";",
             "http://", "www.", "example.org", "login", "é", "\ud800", "\\", "sort", "1" * 9, "."]
        ),
        max_size=40,
    ).map("".join)
)  # fmt: skip
def test_a_trap_has_a_reason_that_is_known(rest: str) -> None:
    assert trap_of(f"https://example.org/{rest}", today=TODAY) in {
        None, "too long", "too deep", "repeating segments", "calendar", "too many parameters",
        "nested url",
    }  # fmt: skip


@pytest.mark.parametrize(
    "rest",
    [
        1000 * "/a",
        680 * "?a=",
        500 * "&a=1",
        250 * "http:/a/",
        340 * "%2525",
        2000 * "1",
        19 * "/ab",
    ],
)
def test_no_url_takes_long_to_judge(rest: str) -> None:
    begun_at = time.perf_counter()
    trap_of(f"https://example.org/?{rest}", today=TODAY)
    trap_of(f"https://example.org/{rest}", today=TODAY)
    assert time.perf_counter() - begun_at < 0.5


# Bounds


def count_admitted(queries: Queries, form: str, numbers: range) -> int:
    return sum(queries.admits(form.format(number)) for number in numbers)


@pytest.mark.parametrize(
    "form",
    [
        "https://example.org/list?sort={}",
        "https://example.org/list?page={}",
        "https://example.org/list?date={}",
        "https://example.org/list?id=7&order=a&filter={}",
        "https://example.org/list?token=a{}b",
        "https://example.org/list?request_id={}",
        "https://example.org/list?q={}-words-of-a-query",
    ],
)
def test_a_path_is_asked_for_with_so_many_queries_and_no_more(form: str) -> None:
    assert count_admitted(Queries(20), form, range(100)) == 20


@pytest.mark.parametrize(
    "form",
    [
        "https://example.org/world/story-{}",
        "https://example.org/?p={}",
        "https://example.org/story.php?id={}",
        "https://example.org/story.php?id=a{}b",
        "https://example.org/story.php?article{}",
        "https://example.org/story.php?{}",
        "https://example.org/story?slug=bridge-{}",
        "https://example.org/story?xyz={}",
        "https://example.org/story?xyz=harbour-bridge-{}-closed",
        "https://example.org/view.html?idx={}&page=1&bc=&mc=&find=",
        "https://example.org/index.php?option=com_content&view=article&id={}&catid=4&Itemid=20",
        "https://example.org/scan.php?page=news_item&px=Harbour-{}",
        "https://example.org/story?id=7&utm_source={}",
        "https://{}.example.org/?sort=a",
        "mailto:desk@example.org?subject={}",
    ],
)
def test_articles_are_asked_for_however_many_they_are(form: str) -> None:
    assert count_admitted(Queries(20), form, range(100)) == 100


def test_a_query_that_was_admitted_stays_so() -> None:
    queries = Queries(2)
    assert queries.admits("https://example.org/?sort=a")
    assert queries.admits("https://example.org/?sort=b&order=c")
    assert not queries.admits("https://example.org/?sort=c")
    assert queries.admits("http://www.example.org?order=c&sort=b&utm_source=rss#top")


def test_each_path_of_each_host_has_queries_of_its_own() -> None:
    queries = Queries(1)
    assert queries.admits("https://example.org/a?sort=a")
    assert queries.admits("https://example.org/b?sort=b")
    assert queries.admits("https://example.org:8080/a?sort=b")
    assert queries.admits("https://m.example.org/a?sort=b")
    assert not queries.admits("https://example.org/a?sort=b")


def test_paths_that_nobody_has_asked_about_for_long_are_forgotten() -> None:
    queries = Queries(1, paths=2)
    assert queries.admits("https://example.org/a?sort=a")
    assert queries.admits("https://example.org/b?sort=a")
    assert not queries.admits("https://example.org/a?sort=b")
    assert queries.admits("https://example.org/c?sort=a")
    assert not queries.admits("https://example.org/a?sort=b")
    assert queries.admits("https://example.org/b?sort=b")


def test_queries_are_forgotten_before_they_are_too_many_in_all() -> None:
    queries = Queries(20, paths=2)
    assert count_admitted(queries, "https://example.org/a?sort={}", range(15)) == 15
    assert count_admitted(queries, "https://example.org/b?sort={}", range(15)) == 15
    assert count_admitted(queries, "https://example.org/a?sort={}", range(15, 30)) == 15


def test_a_host_gets_as_many_requests_as_it_may_cost() -> None:
    budget = Budget(2)
    budget.spend("example.org")
    assert not budget.is_spent("example.org")
    budget.spend("example.org")
    assert budget.is_spent("example.org")
    assert not budget.is_spent("example.net")


def test_a_budget_of_nothing_is_no_bound() -> None:
    budget = Budget(0)
    budget.spend("example.org")
    assert not budget.is_spent("example.org")
