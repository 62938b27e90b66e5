"""What a page needs to be shown is fetched and archived beside it, and is no page itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from tests.journeys.collected import Collected, collected, path_of
from tests.journeys.commands import (
    PROJECT,
    Finished,
    archiver,
    crawl_command,
    finished,
    started,
)
from tests.journeys.site import Asked, Site, answer, chunks_of, head
from tests.journeys.stories import story
from tests.wire.warcs import Found

SETTINGS = {
    "ARCHIVE_REQUISITES": True,
    "SPIDER_MIDDLEWARES": '{"spiders.requisites.Requisites": 710}',
    "CONCURRENT_REQUESTS": 1,
    "ARCHIVE_PRIVATE_HOSTS": "127.0.0.0/8",  # the host of what the stories have in common
}
RULES = b"User-agent: *\nDisallow: /private/\n"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4
CSS, JS, PNG = "text/css", "text/javascript", "image/png"
HUGE = 300_000


def page(number: int, names: str) -> list[bytes]:
    """Return story *number* as an answer, with *names* at the beginning of its article."""
    return answer(story(number).replace(b"<article>", f"<article>{names}".encode()))


@dataclass(slots=True)
class Newsstand:
    """A paper with two stories, and the host of what they have in common."""

    shared: str = ""
    nobody: str = ""

    def paper(self, asked: Asked) -> Iterable[bytes]:
        """Answer for the paper."""
        match asked.path:
            case "/robots.txt":
                return answer(RULES, media_type="text/plain")
            case "/ai.txt" | "/.well-known/tdmrep.json":
                return answer(b"", status="404 Not Found")
            case "/story/0":
                return page(
                    0,
                    f'<link rel="stylesheet" href="/main.css"><script src="{self.shared}/app.js">'
                    '</script><img src="/a.png" srcset="/a-small.png 1x, /a.png 2x">'
                    '<img src="/missing.png"><img src="/private/b.png"><img src="/moved.png">'
                    f'<img src="/huge.png"><img src="{self.nobody}/c.png"><img src="/on">'
                    '<img src="data:image/png;base64,AA=="><a href="/story/9">Next</a>',
                )
            case "/story/1":
                return page(
                    1,
                    '<link rel="stylesheet" href="/main.css"><img src="/a.png"><img src="/d.png">'
                    '<link rel="stylesheet" href="/story/0">',
                )
            case "/main.css":
                css = f'@import "{self.shared}/css/more.css"; p {{ background: url(paper.png) }}'
                return answer(css.encode(), media_type=CSS)
            case "/missing.png":
                return answer(b"url(no.png)", status="404 Not Found", media_type=CSS)
            case "/moved.png":
                location = f"Location: {self.shared}/arrived.png"
                return answer(b"", location, status="302 Found")
            case "/huge.png":
                body = chunks_of(bytes(HUGE))
                fields = (f"Content-Type: {PNG}", "Transfer-Encoding: chunked")
                return [head(*fields, "Connection: close") + body]
            case "/on" | "/on/on" | "/on/on/on":
                return answer(b"", f"Location: {asked.path}/on", status="302 Found")
            case _:
                return answer(PICTURE + asked.path.encode(), media_type=PNG)

    def common(self, asked: Asked) -> Iterable[bytes]:
        """Answer for the other host."""
        match asked.path:
            case "/robots.txt":
                return answer(b"", media_type="text/plain")
            case "/css/more.css":
                css = b'@import "deep.css"; @font-face { src: url(../font.woff2) }'
                return answer(css, media_type=f"{CSS}; charset=utf-8")
            case "/css/deep.css":
                return answer(b"@import 'more.css'; q { cursor: url(x.cur) }", media_type=CSS)
            case "/app.js":
                return answer(b"url(no.png)", media_type=JS)
            case _:
                return answer(PICTURE + asked.path.encode(), media_type=PNG)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown:
    """A crawl of the two stories, what was asked of the hosts, and what it left."""

    end: Finished
    paper: Site
    common: Site
    nobody: str
    kept: Collected

    @property
    def stats(self) -> dict[str, int]:
        """What the crawl counted."""
        counts: dict[str, int] = self.kept.crawls[0]["stats"]
        return counts

    def tied(self, number: int) -> list[Found]:
        """Return the records that say that they are a requisite of story *number*."""
        return tied_to(self.kept, self.page_id(number))

    def page_id(self, number: int) -> str:
        """Return the id of story *number* among the pages."""
        (found,) = (p for p in self.kept.pages if p["url"].endswith(f"/story/{number}"))
        identifier: str = found["id"]
        return identifier


def tied_to(kept: Collected, page_id: str) -> list[Found]:
    return [record for record in kept.records if record.get("WARC-Page-ID") == page_id]


def sketch(records: Iterable[Found]) -> Counter[tuple[str, str]]:
    """Return how many records of each type there are of each path."""
    return Counter(
        (path_of(record.get("WARC-Target-URI") or ""), record.type) for record in records
    )


def seeds_of(site: Site, folder: Path, *paths: str) -> str:
    seeds = folder / "seeds.txt"
    seeds.write_text("".join(f"{site.base}{path}\n" for path in paths), encoding="ascii")
    return f"seeds={seeds}"


def answered(*paths: str) -> Counter[tuple[str, str]]:
    """Return the sketch of whole exchanges about *paths*."""
    return Counter((path, kind) for path in paths for kind in ("response", "request"))


def read(folder: Path, **settings: object) -> Shown:
    stand = Newsstand()
    with Site(stand.paper) as closed:
        pass  # nobody listens there any more
    stand.nobody = closed.base
    with Site(stand.paper) as paper, Site(stand.common, "127.0.0.2") as common:
        stand.shared = common.base
        given = {
            **SETTINGS,
            "ROBOTSTXT_OBEY": True,
            "RETRY_TIMES": 1,
            "REDIRECT_MAX_TIMES": 2,
            "DEPTH_LIMIT": 1,
            "ARCHIVE_REQUISITES_MAX_BYTES": 100_000,
            **settings,
        }
        seeds = seeds_of(paper, folder, "/story/0", "/story/1")
        command = crawl_command(folder / "store", "-a", seeds, settings=given)
        end = finished(command, PROJECT)
    return Shown(
        end=end,
        paper=paper,
        common=common,
        nobody=stand.nobody,
        kept=collected(folder / "store" / "news"),
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return read(tmp_path_factory.mktemp("shown"))


def paths_of(site: Site) -> list[str]:
    """Return what *site* was asked for, but for what it says of rights."""
    return [path for path in site.paths if path not in ("/ai.txt", "/.well-known/tdmrep.json")]


def test_the_crawl_ends_well_and_nothing_complains(shown: Shown) -> None:
    # Neither of the host at which nobody listens: neither its picture nor its rules come.
    assert (shown.end.status, shown.end.log_lines("ERROR")) == (0, [])
    assert "Traceback" not in shown.end.stderr


def test_the_paper_is_asked_once_for_what_its_pages_name(shown: Shown) -> None:
    assert Counter(paths_of(shown.paper)) == Counter(
        {
            "/robots.txt": 1,
            "/story/0": 2,  # as a page, and as the stylesheet that another page takes it for
            "/story/1": 1,
            "/main.css": 1,
            "/paper.png": 1,
            "/a.png": 1,
            "/a-small.png": 1,
            "/d.png": 1,
            "/missing.png": 1,
            "/moved.png": 1,
            "/huge.png": 1,
            "/on": 1,
            "/on/on": 1,
            "/on/on/on": 1,
        }
    )


def test_other_hosts_and_what_stylesheets_name_are_asked_too(shown: Shown) -> None:
    assert sorted(shown.common.paths) == [
        "/app.js",
        "/arrived.png",
        "/css/deep.css",
        "/css/more.css",
        "/css/x.cur",
        "/font.woff2",
        "/robots.txt",
    ]


def test_every_record_of_a_requisite_says_which_page_needs_it(shown: Shown) -> None:
    assert sketch(shown.tied(0)) == answered(
        "/main.css", "/paper.png", "/a.png", "/a-small.png", "/missing.png", "/moved.png",
        "/huge.png", "/on", "/on/on", "/on/on/on", "/app.js", "/arrived.png", "/css/deep.css",
        "/css/more.css", "/css/x.cur", "/font.woff2",
    )  # fmt: skip
    assert sketch(shown.tied(1)) == answered("/d.png") + Counter(
        {("/story/0", "revisit"): 1, ("/story/0", "request"): 1}
    )


def test_what_is_no_requisite_says_nothing_of_a_page(shown: Shown) -> None:
    others = [record for record in shown.kept.records if record.get("WARC-Page-ID") is None]
    found = sketch(record for record in others if record.type == "response")

    assert found == {
        ("/story/0", "response"): 1,
        ("/story/1", "response"): 1,
        ("/robots.txt", "response"): 2,
        ("/ai.txt", "response"): 1,
        ("/.well-known/tdmrep.json", "response"): 1,
    }


def test_a_requisite_is_no_page_and_has_no_text(shown: Shown) -> None:
    assert sorted(shown.kept.paths_of_pages) == ["/story/0", "/story/1"]
    assert sorted(shown.kept.paths_of_texts) == ["/story/0", "/story/1"]
    assert shown.stats["archive/page_count"] == 2


def test_the_referer_is_what_named_it(shown: Shown) -> None:
    asked = [*shown.paper.asked, *shown.common.asked]
    referers = {request.path: request.fields.get("referer") for request in asked}

    assert referers["/main.css"] == f"{shown.paper.base}/story/0"
    assert referers["/app.js"] == f"{shown.paper.base}/story/0"
    assert referers["/paper.png"] == f"{shown.paper.base}/main.css"
    assert referers["/font.woff2"] == f"{shown.common.base}/css/more.css"


def test_what_is_too_long_is_cut_short_at_the_limit(shown: Shown) -> None:
    (huge,) = (r for r in shown.tied(0) if r.type == "response" and b"chunked" in r.block[:200])

    assert huge.get("WARC-Truncated") == "length"
    assert 100_000 < len(huge.block) < HUGE


def test_what_came_and_what_did_not_is_counted(shown: Shown) -> None:
    # Came: 4 pictures, 3 stylesheets, a cursor, a font, a script, the one that has moved, and
    # the page that is no stylesheet. Not: what is missing, forbidden, too long, at nobody's,
    # and what leads on and on.
    assert shown.stats["archive/requisite_count"] == 12
    assert shown.stats["archive/requisite_failed_count"] == 5
    assert "archive/requisite_limited_count" not in shown.stats


def test_the_collection_is_sound(shown: Shown) -> None:
    check = archiver("check", shown.kept.folder)

    assert check.stdout.endswith(", 0 faults, 0 notes, 0 unreadable\n"), check.stdout


def test_without_the_setting_nothing_but_pages_is_fetched(tmp_path: Path) -> None:
    shown = read(tmp_path, ARCHIVE_REQUISITES=False)

    assert sorted(paths_of(shown.paper)) == ["/robots.txt", "/story/0", "/story/1"]
    assert shown.common.paths == []


def test_a_page_asks_for_no_more_than_it_may(tmp_path: Path) -> None:
    shown = read(tmp_path, ARCHIVE_REQUISITES_PER_PAGE=3)

    # The stylesheet and the script, which are missed most, and a picture of story 0; all three
    # of story 1 that are new.
    assert sorted(paths_of(shown.paper)) == [
        "/a.png", "/d.png", "/main.css", "/robots.txt", "/story/0", "/story/0", "/story/1",
    ]  # fmt: skip
    assert shown.common.paths == ["/robots.txt", "/app.js"]
    # Of story 0 seven more in the page and two in its stylesheet.
    assert shown.stats["archive/requisite_limited_count"] == 9


def test_a_host_is_asked_for_no_more_than_it_may_be(tmp_path: Path) -> None:
    shown = read(tmp_path, ARCHIVE_REQUISITES_PER_HOST=2)

    assert sorted(shown.common.paths) == [
        "/app.js",
        "/css/more.css",
        "/robots.txt",
    ]
    assert len(set(paths_of(shown.paper)) - {"/robots.txt", "/story/0", "/story/1"}) <= 2


@dataclass(slots=True)
class Album:
    """A story with twenty pictures, the tenth of which nobody gets before the gate is open."""

    is_reached: Event = field(default_factory=Event)
    is_open: Event = field(default_factory=Event)

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer, and to a condition that nothing has changed."""
        if asked.path == "/story":
            return page(0, "".join(f'<img src="/{number}.png">' for number in range(20)))
        if asked.path == "/9.png" and not self.is_open.is_set():
            self.is_reached.set()
            assert self.is_open.wait(60)
        if "if-none-match" in asked.fields:
            return [head('ETag: "1"', status="304 Not Modified")]
        return answer(PICTURE + asked.path.encode(), 'ETag: "1"', media_type=PNG)


PICTURES = [f"/{number}.png" for number in range(20)]


def test_after_a_kill_the_rest_is_fetched_and_says_which_page_needs_it(tmp_path: Path) -> None:
    album = Album()
    with Site(album.respond) as site:
        seeds = seeds_of(site, tmp_path, "/story")
        command = crawl_command(tmp_path / "store", "-a", seeds, settings=SETTINGS)
        with started(command) as running:
            assert album.is_reached.wait(60)
            running.kill()
            killed = running.end()
        album.is_open.set()
        asked_first = len(site.asked)
        end = finished(command, PROJECT)
    kept = collected(tmp_path / "store" / "news")
    (story,) = kept.pages
    tied = {
        path_of(record.get("WARC-Target-URI") or "")
        for record in tied_to(kept, story["id"])
        if record.type == "response"
    }

    assert (killed.status, end.status) == (-9, 0), end.stderr
    assert tied == set(PICTURES)
    assert asked_first < len(site.asked) <= 23
    assert archiver("check", kept.folder).status == 0


def test_next_week_a_page_that_has_not_changed_asks_again_for_its_requisites(
    tmp_path: Path,
) -> None:
    album = Album()
    album.is_open.set()
    with Site(album.respond) as site:
        seeds = seeds_of(site, tmp_path, "/story")
        command = crawl_command(tmp_path / "store", "-a", seeds, settings=SETTINGS)
        ends = [finished(command, PROJECT) for _ in range(2)]
    kept = collected(tmp_path / "store" / "news")
    (visit,) = (r for r in kept.records if r.type == "revisit" and not r.get("WARC-Page-ID"))
    visit_id = (visit.get("WARC-Record-ID") or "").removeprefix("<urn:uuid:").removesuffix(">")

    assert [end.status for end in ends] == [0, 0]
    assert len([asked for asked in site.asked if "if-none-match" in asked.fields]) == 20
    assert sketch(tied_to(kept, visit_id)) == Counter(
        (path, kind) for path in PICTURES for kind in ("revisit", "request")
    )
    assert archiver("check", kept.folder).status == 0
