"""Progress is watched from outside: a real crawl, on a real (pseudo) terminal and on a pipe."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from archiver.demo.server import demo_server
from pipelines.progress import live_line, summary

ROOT = Path(__file__).parents[2]
STATS = {
    "archive/capture_count": 15,
    "archive/page_count": 12,
    "archive/record_count/metadata": 12,
    "archive/record_count/request": 15,
    "archive/record_count/response": 15,
    "archive/text_count": 9,
    "archive/text_empty_count": 1,
    "archive/text_failed_count/crash": 1,
    "archive/text_failed_count/timeout": 1,
    "archive/fetch_failed_count": 3,
    "archive/warc_bytes": 49_828,
    "scheduler/enqueued": 40,
    "scheduler/dequeued": 15,
    "log_count/ERROR": 4,
}
SPIDER = """
import scrapy

class Slow(scrapy.Spider):
    name = "slow"
    start_urls = ["{base}/?%d" % number for number in range(5)]
    custom_settings = {{
        "DOWNLOAD_DELAY": 0.2, "RANDOMIZE_DOWNLOAD_DELAY": False, "LOG_FORMAT": "%(message)s",
        "EXTENSIONS": {{"pipelines.progress.Progress": 0}}, "LOG_LEVEL": "INFO",
        "ARCHIVE_STORE": "store", "ARCHIVE_COLLECTION": "slow", "ARCHIVE_PROGRESS": True,
        "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "LOGSTATS_INTERVAL": 0,
    }}

    def parse(self, response):
        self.crawler.stats.inc_value("archive/page_count")
        self.logger.info("begin " + "long " * 60 + "end")
"""
AT_ONCE = ("-s", "DOWNLOAD_DELAY=0")
LONG_LINE = "begin " + "long " * 60 + "end"
SUMMARY = [
    "crawl    slow, finished, after 00:0",
    "archive  0 captures, 0 records, 0.00B of WARC",
    "pages    5, of which 0 with text, 0 without",
    "errors   0 fetches failed, 0 texts lost, 0 logged",
    "written  store/slow (to prove it sound: archiver check store/slow)",
]


def command(folder: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "scrapy", "runspider", str(folder / "slow.py"), *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "80"}


def on_a_terminal(folder: Path, *options: str) -> str:
    """Return all that the crawl sends to a terminal that is its standard error."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))
    with subprocess.Popen(
        command(folder, *options), stderr=theirs, cwd=folder, env=environment()
    ) as crawl:
        os.close(theirs)
        seen = b"".join(pieces_of(ours))
    os.close(ours)
    assert crawl.returncode == 0
    return seen.decode()


def pieces_of(terminal: int) -> Iterator[bytes]:
    try:
        while piece := os.read(terminal, 65536):
            yield piece
    except OSError:  # Linux reports so that nobody holds the other end any more
        return


def on_a_pipe(folder: Path, *options: str) -> str:
    crawl = subprocess.run(
        command(folder, *options),
        stderr=subprocess.PIPE,
        cwd=folder,
        env=environment(),
        text=True,
        timeout=60,
        check=True,
    )
    return crawl.stderr


def left_on_screen(seen: str) -> list[str]:
    """Return the lines that stay on a screen where a carriage return starts a line anew."""
    lines = re.sub(r"\x1b\[[\d;]*m", "", seen).split("\n")
    return [line.rstrip("\r").rpartition("\r")[2].rstrip() for line in lines]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("progress")
    with demo_server() as site:
        (folder / "slow.py").write_text(SPIDER.format(base=site.base))
        yield folder


@pytest.fixture(scope="module")
def terminal(folder: Path) -> str:
    return on_a_terminal(folder)


def test_the_live_line_tells_time_pages_rate_size_texts_errors_and_queue() -> None:
    assert live_line(STATS, 2.25, 75.0) == (
        "01:15  12 pages (2.2/s), 49.8kB, 9 texts, 5 errors, 25 queued"
    )


def test_a_crawl_that_has_done_nothing_yet_has_a_live_line_of_noughts() -> None:
    assert live_line({}, 0.0, 0.0) == "00:00  0 pages (0.0/s), 0.00B, 0 texts, 0 errors, 0 queued"


def test_the_summary_has_five_lines_and_the_place_of_the_collection() -> None:
    assert summary(STATS, "article, finished, after 00:03", "collections/demo") == [
        "crawl    article, finished, after 00:03",
        "archive  15 captures, 42 records, 49.8kB of WARC",
        "pages    12, of which 9 with text, 1 without",
        "errors   3 fetches failed, 2 texts lost, 4 logged",
        "written  collections/demo (to prove it sound: archiver check collections/demo)",
    ]


def test_the_summary_says_how_many_requests_are_left() -> None:
    lines = summary({**STATS, "archive/frontier_left_count": 40}, "x, shutdown, after 00:03", "x")

    assert lines[4:] == [
        "left     40 requests wait: the same command goes on with them",
        "written  x (to prove it sound: archiver check x)",
    ]


def test_the_summary_says_how_many_files_were_not_sent() -> None:
    lines = summary(
        {**STATS, "archive/outbox_left_count": 5}, "x, finished, after 00:03", "s3://b/x"
    )

    assert lines[4:] == [
        "unsent   5 files wait: archiver sync, or the next crawl",
        "written  s3://b/x",
    ]


def test_a_crawl_that_left_nothing_does_not_say_so() -> None:
    nothing = {"archive/frontier_left_count": 0, "archive/outbox_left_count": 0}

    assert len(summary(nothing, "x, finished, after 00:03", "x")) == 5


def test_on_a_terminal_the_line_is_drawn_while_the_crawl_runs(terminal: str) -> None:
    assert re.search(r"\r00:0\d  [1-4] pages \(\d\.\d/s\), 0\.00B, 0 texts, 0 errors,", terminal)


def test_on_a_terminal_every_line_of_the_log_stays_whole(terminal: str) -> None:
    assert left_on_screen(terminal).count(LONG_LINE) == 5


def test_on_a_terminal_nothing_is_left_of_the_live_line(terminal: str) -> None:
    assert not re.search(r"pages \(", "\n".join(left_on_screen(terminal)))


def test_on_a_terminal_the_summary_is_the_last_that_is_seen(terminal: str) -> None:
    last = left_on_screen(terminal)[-6:]

    assert [line[: len(start)] for line, start in zip(last, SUMMARY, strict=False)] == SUMMARY
    assert last[-1] == ""


def test_on_a_terminal_without_a_log_there_is_still_a_summary(folder: Path) -> None:
    seen = left_on_screen(on_a_terminal(folder, *AT_ONCE, "--nolog"))

    assert seen[-2] == SUMMARY[-1]


def test_elsewhere_the_summary_ends_the_log_and_there_is_no_line(folder: Path) -> None:
    log = on_a_pipe(folder, *AT_ONCE)

    assert log.splitlines()[-1] == SUMMARY[-1]
    assert "pages (" not in log
    assert "\r" not in log


def test_elsewhere_without_a_log_there_is_silence(folder: Path) -> None:
    assert on_a_pipe(folder, *AT_ONCE, "--nolog") == ""


def test_the_setting_turns_it_off(folder: Path) -> None:
    assert "written  " not in on_a_pipe(folder, *AT_ONCE, "-s", "ARCHIVE_PROGRESS=False")
