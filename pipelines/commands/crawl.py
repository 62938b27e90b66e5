"""`scrapy crawl`, with one sentence instead of a traceback when it cannot begin."""

from __future__ import annotations

import argparse
import asyncio
import sys

from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.crawler import Crawler
from scrapy.exceptions import UsageError
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from archiver.errors import ArchiveError
from pipelines.archive import Archive


class Command(ScrapyCrawl):
    """Run a spider; the exit status is 2 for bad input, 1 for an archive that failed."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl with the spider that *args* name."""
        if len(args) != 1:
            raise UsageError("name one spider, such as: scrapy crawl article -a url=…")
        process = self.crawler_process
        assert process is not None
        try:
            crawler = process.create_crawler(args[0])
        except KeyError:
            known = ", ".join(sorted(process.spider_loader.list()))
            self._refuse(f"there is no spider {args[0]!r}: choose one of {known}")
            return
        crawl = process.crawl(crawler, **opts.spargs)
        failures: list[Failure] = []
        if isinstance(crawl, Deferred):  # as without asyncio
            crawl.addErrback(failures.append)
        process.start()
        error = failures[0].value if failures else _error_of(crawl)
        refusal = _refusal_in(error)
        if refusal is not None:
            self._refuse(str(refusal))
        elif error is not None:
            raise error
        elif process.bootstrap_failed or _has_failed(crawler):
            self.exitcode = 1

    def _refuse(self, sentence: str) -> None:
        sys.stderr.write(f"archiver: {sentence}\n")
        self.exitcode = 2


def _error_of(crawl: object) -> BaseException | None:
    """Return what ended the task *crawl* before its time, if anything did."""
    if isinstance(crawl, asyncio.Task) and crawl.done() and not crawl.cancelled():
        return crawl.exception()
    return None


def _refusal_in(error: BaseException | None) -> ArchiveError | None:
    """Return the ArchiveError that led to *error*, if one did.

    The engine, told of it by its scheduler, fails to close what it had not opened yet.
    """
    while error is not None and not isinstance(error, ArchiveError):
        error = error.__context__
    return error


def _has_failed(crawler: Crawler) -> bool:
    archive = crawler.get_extension(Archive)
    if archive is not None:
        archive.engine_stopped()  # which it does not hear of where it was forced to stop
        if archive.failure is not None or archive.unsent is not None:
            return True
    return bool(crawler.stats.get_value("archive/failed"))  # by the frontier
