"""The spider that requests every case and writes down, as JSON lines, what it was given.

Run by `scrapy runspider`; *plan* is a JSON file, written by `tests.wire.crawl`, with the
origin and the proxy of each case, *report* the file to write.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response
from twisted.python.failure import Failure

from tests.wire.case import Case
from tests.wire.cases import BY_NAME


class WireSpider(Spider):
    """Request the cases of a plan, each with its probes one after the other."""

    name = "wire"
    custom_settings = {  # noqa: RUF012  # Scrapy declares it as an instance variable
        "AUTOTHROTTLE_ENABLED": False,
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_TIMEOUT": 10,
        "HTTPERROR_ALLOW_ALL": True,
        "REMOTE_CONTROL_ENABLED": False,
        "RETRY_TIMES": 2,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
    }

    def __init__(self, plan: str, report: str) -> None:
        super().__init__()
        self._plan: dict[str, dict[str, str]] = json.loads(Path(plan).read_text("utf-8"))
        self._report = Path(report)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Listen for the signals whose handlers may stop a download."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.headers_received, signals.headers_received)
        crawler.signals.connect(spider.bytes_received, signals.bytes_received)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield the first request of every case in the plan."""
        for name in self._plan:
            yield self._first(BY_NAME[name])

    def headers_received(self, request: Request) -> None:
        """Stop the download if its case asks for that once the head is there."""
        _stop_if_asked(request, "headers_received")

    def bytes_received(self, request: Request) -> None:
        """Stop the download if its case asks for that once there is body."""
        _stop_if_asked(request, "bytes_received")

    async def parse(self, response: Response, **kwargs: Any) -> AsyncIterator[Request]:
        """Write down *response* and go on with the case's probes."""
        self._note(
            kwargs,
            kind=type(response).__name__,
            status=response.status,
            headers=[
                [name.decode("latin-1"), *(value.decode("latin-1") for value in values)]
                for name, values in sorted(response.headers.items())
            ],
            body=base64.b64encode(response.body).decode("ascii"),
            flags=response.flags,
            protocol=response.protocol,
            ip_address=str(response.ip_address),
            has_certificate=response.certificate is not None,
            has_latency="download_latency" in response.meta,
        )
        async for request in self._probes(**kwargs):
            yield request

    async def failed(self, failure: Failure) -> AsyncIterator[Request]:
        """Write down why there is no response and go on with the case's probes."""
        # Scrapy sets the request of a failure; Twisted's type does not know it.
        request: Request = failure.request  # type: ignore[attr-defined]
        self._note(request.cb_kwargs, error=type(failure.value).__name__)
        async for probe in self._probes(**request.cb_kwargs):
            yield probe

    def _first(self, case: Case) -> Request:
        return Request(
            self._plan[case.name]["origin"] + case.path + case.suffix,
            method=case.method,
            headers=case.headers,
            cookies={name: value for name, value in case.cookies.items()},
            body=case.body,
            meta=self._meta(case) | dict(case.meta),
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"name": case.name, "visit": 0},
            dont_filter=True,
        )

    async def _probes(self, name: str, visit: int) -> AsyncIterator[Request]:
        case = BY_NAME[name]
        if visit == case.probes:
            return
        await asyncio.sleep(case.probe_delay)
        yield Request(
            f"{self._plan[name]['origin']}{case.path}/probe-{visit + 1}",
            meta=self._meta(case),
            callback=self.parse,
            errback=self.failed,
            cb_kwargs={"name": name, "visit": visit + 1},
            dont_filter=True,
        )

    def _meta(self, case: Case) -> dict[str, Any]:
        meta = {"dont_retry": True, "cookiejar": case.name, "download_slot": case.name}
        proxy = self._plan[case.name]["proxy"]
        return meta | {"proxy": proxy} if proxy else meta

    def _note(self, visit: dict[str, Any], **outcome: Any) -> None:
        with self._report.open("a", encoding="utf-8") as report:
            report.write(json.dumps(visit | outcome) + "\n")


def _stop_if_asked(request: Request, signal: str) -> None:
    if request.meta.get("stop_on") == signal:
        raise StopDownload(fail=request.meta["stop_fails"])
