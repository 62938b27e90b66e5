"""A user's own Scrapy project, which knows of the archive by one line, and the site it reads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from tests.journeys.collected import Line
from tests.journeys.commands import NO_MANNERS, Finished, finished, scrapy_command
from tests.journeys.site import Asked, Site, answer, gzipped
from tests.journeys.stories import story

PASSWORD = "of-the-harbour-master"
THE_LINE = 'ADDONS = {"archiver.addon.ArchiveAddon": 0}\n'

SETTINGS = """\
BOT_NAME = "harbour"
SPIDER_MODULES = ["harbour.spiders"]
ITEM_PIPELINES = {"harbour.pipelines.Stamp": 300}
DEFAULT_REQUEST_HEADERS = {"Accept-Language": "nl"}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
"""
PIPELINES = """\
class Stamp:
    def process_item(self, item):
        if isinstance(item, dict):
            item["stamp"] = "seen"
        return item
"""
SPIDERS = """\
import json
from pathlib import Path

from scrapy import Request, Spider


class LinkSpider(Spider):
    name = "links"
    http_user = "master"

    def __init__(self, base, report, http_pass):
        super().__init__()
        self.base, self.report, self.http_pass = base, report, http_pass
        self.http_auth_domain = base.removeprefix("http://")

    async def start(self):
        yield Request(f"{self.base}/")

    def parse(self, response):
        yield {"title": response.css("title::text").get()}
        for link in response.css("a::attr(href)"):
            yield response.follow(link, self.parse_linked)
        yield Request(
            f"{self.base}/slot",
            self.parse_linked,
            meta={"download_slot": "pilots"},
            headers={"Referer": f"{self.base}/chosen"},
        )

    def parse_linked(self, response):
        yield {
            "path": response.url.removeprefix(self.base),
            "status": response.status,
            "text": response.text,
            "kind": type(response).__name__,
            "headers": sorted(response.headers.to_unicode_dict().items()),
            "redirects": len(response.meta.get("redirect_urls", [])),
            "retries": response.meta.get("retry_times", 0),
            "slot": response.meta["download_slot"],
            "timed": response.meta["download_latency"] > 0,
            "flags": response.flags,
            "protocol": response.protocol,
            "ip": str(response.ip_address),
        }

    def closed(self, reason):
        stats = self.crawler.stats.get_stats()
        Path(self.report).write_text(json.dumps(stats, default=str))


class PageSpider(LinkSpider):
    name = "pages"

    def parse_linked(self, response):
        yield response.meta["archive_page"]
        yield from super().parse_linked(response)
"""

FRONT = b"""<html><title>The harbour</title><body>
<a href="/story">A story</a> <a href="/story">The same</a> <a href="/packed">In gzip</a>
<a href="/moved">Moved</a> <a href="/busy">Busy</a> <a href="/gone">Gone</a>
<a href="/private">Private</a></body></html>"""


class Harbour:
    """What the site answers: a cookie, gzip, a redirect, a 503 that passes, a 404, robots.txt."""

    def __init__(self) -> None:
        self._was_busy = False
        self._lock = Lock()

    def respond(self, asked: Asked) -> list[bytes]:
        """Answer as the path says."""
        match asked.path:
            case "/robots.txt":
                rules = b"User-agent: *\nDisallow: /private\n"
                return answer(rules, media_type="text/plain")
            case "/":
                return answer(FRONT, "Set-Cookie: berth=7; Path=/")
            case "/packed":
                return gzipped(story(2))
            case "/moved":
                return answer(b"", "Location: /arrived", status="302 Found")
            case "/gone":
                return answer(b"No more.", status="404 Not Found")
            case "/busy" if self._is_busy():
                return answer(b"Later.", status="503 Service Unavailable")
            case _:
                return answer(story(1))

    def _is_busy(self) -> bool:
        with self._lock:
            is_busy, self._was_busy = not self._was_busy, True
        return is_busy


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Run:
    """One crawl of the project: how it ended, what the site was asked, what came of it."""

    end: Finished
    base: str
    asked: Sequence[Asked]
    items: Sequence[Line]
    stats: Line
    project: Path

    @property
    def collection(self) -> Path:
        """The collection that the archive's own defaults name."""
        return self.project / "collections" / "news"


def run(project: Path, spider: str = "links", *, archives: bool = True) -> Run:
    """Make the project, with or without the line, and crawl the site with *spider*."""
    package = project / "harbour"
    (package / "spiders").mkdir(parents=True)
    (project / "scrapy.cfg").write_text("[settings]\ndefault = harbour.settings\n", "ascii")
    (package / "settings.py").write_text(SETTINGS + (THE_LINE if archives else ""), "ascii")
    (package / "pipelines.py").write_text(PIPELINES, "ascii")
    (package / "spiders" / "__init__.py").write_text(SPIDERS, "ascii")
    with Site(Harbour().respond) as site:
        arguments = {"base": site.base, "report": "stats.json", "http_pass": PASSWORD}
        settings: dict[str, Any] = {**NO_MANNERS, "ROBOTSTXT_OBEY": True}
        options = [f"--set={name}={value}" for name, value in settings.items()]
        options += [f"-a{name}={value}" for name, value in arguments.items()]
        end = finished(scrapy_command("crawl", spider, "-o", "items.jl", *options), project)
    lines = (project / "items.jl").read_text("utf-8").splitlines()
    return Run(
        end=end,
        base=site.base,
        asked=site.asked,
        items=[json.loads(line) for line in lines],
        stats=json.loads((project / "stats.json").read_bytes()),
        project=project,
    )
