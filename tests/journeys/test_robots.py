"""robots.txt, obeyed by requests that have to wait for it."""

from __future__ import annotations

import time
from pathlib import Path

from tests.journeys.collected import collected
from tests.journeys.commands import crawl
from tests.journeys.site import Asked, Site, answer

RULES = b"User-agent: *\nDisallow: /private\nDisallow: /ai.txt\nDisallow: /.well-known/\n"


def respond(asked: Asked) -> list[bytes]:
    if asked.path == "/robots.txt":
        time.sleep(0.5)  # long enough for every other request to have to wait for it
        return answer(RULES, media_type="text/plain")
    return answer(b"<p>Nothing to see.")


def test_no_request_slips_by_while_the_rules_are_being_fetched(tmp_path: Path) -> None:
    with Site(respond) as site:
        seeds = tmp_path / "seeds.txt"
        urls = [f"{site.base}/private/{number}" for number in range(6)]
        seeds.write_text("".join(f"{url}\n" for url in [*urls, f"{site.base}/open"]), "ascii")
        end = crawl(
            tmp_path / "store", "-a", f"seeds={seeds}", ROBOTSTXT_OBEY=True, CONCURRENT_REQUESTS=8
        )

    assert end.status == 0
    assert sorted(site.paths) == ["/open", "/robots.txt"]
    assert sorted(collected(tmp_path / "store" / "news").fetched) == ["/open", "/robots.txt"]


def test_that_the_rules_of_a_page_did_not_come_is_why_it_did_not_come(tmp_path: Path) -> None:
    with Site(respond) as closed:
        pass  # nobody listens there any more
    end = crawl(
        tmp_path / "store", "-a", f"url={closed.base}/story", ROBOTSTXT_OBEY=True, RETRY_TIMES=1
    )
    errors = end.log_lines("ERROR")

    assert end.status == 0
    assert [line for line in errors if f"No page from {closed.base}/story: " in line]
    stats = collected(tmp_path / "store" / "news").crawls[0]["stats"]
    assert (stats["robotstxt/request_count"], stats["retry/count"]) == (2, 1)
