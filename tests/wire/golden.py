"""The two crawls that the golden test compares, and how it reads what they left."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.wire.case import Case, Failed, Seen
from tests.wire.crawl import Crawl, Theatre
from tests.wire.warcs import Found, by_case, read_records

# Longer bodies are archived and not handed to the spider; one case is longer.
SPIDER_BYTES = 4 << 20

_ORIGIN = re.compile(rb"(?:127\.0\.0\.1|localhost):\d+")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Golden:
    """What the crawl through our handler left, and what Scrapy's own showed its spider.

    *records* are the WARC's as warcio reads them, also by the names of their cases; *warcs*
    are the files' octets without gzip; *work_dir* is where the crawl kept what was too long
    for memory.
    """

    crawl: Crawl
    scrapy: Crawl
    records: Sequence[Found]
    by_case: Mapping[str, list[Found]]
    warcs: Sequence[bytes]
    work_dir: Path


def crawl_twice(cases: Sequence[Case], folder: Path) -> Golden:
    """Visit *cases* with our handler and with Scrapy's own, side by side."""
    store, work_dir = folder / "store", folder / "work"
    settings = {
        "ARCHIVE_STORE": str(store),
        "ARCHIVE_COLLECTION": "golden",
        "ARCHIVE_WORK_DIR": str(work_dir),
        "ARCHIVE_SPIDER_BYTES": str(SPIDER_BYTES),
        # Scrapy shows nobody what an errback yields: the probes after a failure have no home.
        "ARCHIVE_PRIVATE_HOSTS": "127.0.0.0/8,::1",
        "ROBOTSTXT_OBEY": "False",
    }
    with Theatre(cases, folder / "ours") as ours, Theatre(cases, folder / "theirs") as theirs:
        ours.start(settings, environment={"SCRAPY_SETTINGS_MODULE": "archiver.settings"})
        # An empty settings module is none: this is Scrapy as it comes.
        theirs.start({}, environment={"SCRAPY_SETTINGS_MODULE": ""})
        crawl, scrapy = ours.finish(), theirs.finish()
    archive = store / "golden" / "archive"
    records = read_records(archive)
    return Golden(
        crawl=crawl,
        scrapy=scrapy,
        records=records,
        by_case=by_case(records),
        work_dir=work_dir,
        warcs=[gzip.decompress(path.read_bytes()) for path in archive.glob("*.warc.gz")],
    )


def handed(outcome: Mapping[str, Any]) -> Seen | Failed:
    """Return what a spider was given, in the words of a case."""
    if "error" in outcome:
        return Failed(error=outcome["error"])
    return Seen(status=outcome["status"], body=outcome["body"], flags=tuple(outcome["flags"]))


def comparable(outcomes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return *outcomes* without what may differ between the handlers on purpose.

    Scrapy's own puts a Content-Length of its own making into a response's headers, such as 0
    with every 204 and 304; ours shows the fields that the server sent.
    """
    return [
        {**outcome, "headers": [f for f in outcome.get("headers", []) if f[0] != "Content-Length"]}
        for outcome in outcomes
    ]


def archived(request: bytes, withheld: bytes | None) -> bytes:
    """Return *request* as its record must have it: all of it but the credentials."""
    return request if withheld is None else request.replace(withheld, b"[withheld]")


def fields_of(request: bytes) -> list[bytes]:
    """Return the request line, the fields in alphabetical order and the body of *request*.

    Ports differ between two crawls, and the two fields that our settings choose.
    """
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = _ORIGIN.sub(b"origin", head).split(b"\r\n")
    named = [line.partition(b":") for line in lines]
    chosen = (b"user-agent", b"accept-encoding")
    fields = sorted(b"%b:%b" % (n.lower(), v) for n, _, v in named if n.lower() not in chosen)
    return [first, *fields, body]


def reuse_of(connections: Sequence[int], probes: int) -> bool | None:
    """Say how the exchanges of a case were spread over *connections*, in the words of a case.

    True: one connection carried them all. False: the first of *probes* came on another than
    the exchange before it. None: neither.
    """
    if len(set(connections)) < 2:
        return True
    last, probe = connections[-probes - 1 : len(connections) - probes + 1]
    return None if last == probe else False
