"""The stats of what is archived, and the log's word on what breaks HTTP's rules."""

from __future__ import annotations

import logging

from scrapy.statscollectors import StatsCollector

from archiver.capture import Capture, Page

logger = logging.getLogger(__name__)


def count_capture(
    stats: StatsCollector, capture: Capture, page: Page | None, *, is_last: bool
) -> None:
    """Count the records of *capture*, which became *page*; not *is_last* is a try made again."""
    stats.inc_value("archive/capture_count")
    kind = "metadata" if page is None else "revisit" if page.original else "response"
    stats.inc_value(f"archive/record_count/{kind}")
    if capture.request:
        stats.inc_value("archive/record_count/request")
    if not is_last:
        stats.inc_value("archive/fetch_repeated_count")
    elif page is None:
        stats.inc_value("archive/fetch_failed_count")
    elif capture.truncated:
        stats.inc_value(f"archive/truncated_count/{capture.truncated}")
    if capture.problem:
        stats.inc_value("archive/problem_count")
        logger.warning("Archived as it came: %s: %s", capture.target, capture.problem)


def count_page(stats: StatsCollector) -> None:
    """Count a page that has been declared, and its record."""
    stats.inc_value("archive/page_count")
    stats.inc_value("archive/record_count/metadata")
