"""The stats of what is archived, and the log's word on what breaks HTTP's rules."""

from __future__ import annotations

import logging

from scrapy.statscollectors import StatsCollector

from archiver.capture import Capture, Page
from archiver.collection import Kept

logger = logging.getLogger(__name__)


def count_capture(stats: StatsCollector, capture: Capture, kept: Kept, *, is_last: bool) -> None:
    """Count the records of *capture*, of which this was *kept*; not *is_last*: tried again."""
    page = kept.page
    stats.inc_value("archive/capture_count")
    kind = "metadata" if page is None else "revisit" if page.original else "response"
    stats.inc_value(f"archive/record_count/{kind}")
    if capture.request:
        stats.inc_value("archive/record_count/request")
    if not is_last:
        stats.inc_value("archive/fetch_repeated_count")
    elif kept.withheld is not None:
        stats.inc_value("archive/noarchive_count")
        by, target = kept.withheld.by, capture.target
        logger.info("Kept out of the archive, for its %s says noarchive: %s", by, target)
    elif page is None:
        stats.inc_value("archive/fetch_failed_count")
    elif capture.truncated:
        stats.inc_value(f"archive/truncated_count/{capture.truncated}")
    if capture.problem:
        stats.inc_value("archive/problem_count")
        logger.warning("Archived as it came: %s: %s", capture.target, capture.problem)


def count_page(stats: StatsCollector, page: Page) -> None:
    """Count *page*, which has been declared, and its record."""
    stats.inc_value("archive/page_count")
    _count_type(stats, page)


def count_mark(stats: StatsCollector, page: Page) -> None:
    """Count what was found to be no page, and the record that says so."""
    stats.inc_value("archive/passed_over_count")
    _count_type(stats, page)


def _count_type(stats: StatsCollector, page: Page) -> None:
    stats.inc_value("archive/record_count/metadata")
    if page.page_type is not None:
        stats.inc_value(f"archive/page_type_count/{page.page_type}")
