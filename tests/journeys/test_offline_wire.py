"""What a spider is given of every way to answer, in a crawl and offline over its archive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.commands import PROJECT
from tests.wire.cases import CASES
from tests.wire.crawl import Theatre, has_ipv6

PLAYED = [case for case in CASES if case.route != "ipv6" or has_ipv6()]
# Nothing came back to these, and nothing is what the archive holds of them.
UNANSWERED = {
    "close-after-interim", "close-before-any-octet", "nobody-listens",
    "no-tls-where-tls-is-asked-for", "reset-before-any-octet", "silence", "tls-silence",
    "tunnel-refused", "tunnel-wants-credentials",
}  # fmt: skip
Outcome = dict[str, Any]  # Any: it is JSON


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Told:
    """What the spider wrote down, by case and visit."""

    live: dict[tuple[str, int], Outcome]
    offline: dict[tuple[str, int], Outcome]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("wire")
    settings = {
        "ARCHIVE_STORE": f"{folder}/store",
        "ARCHIVE_WORK_DIR": f"{folder}/work",
        "ARCHIVE_SPIDER_BYTES": str(4 << 20),
        "ROBOTSTXT_OBEY": "False",
        "ARCHIVE_PRIVATE_HOSTS": "127.0.0.0/8,::1",  # what comes out of errbacks has no seed
    }
    project = {"SCRAPY_SETTINGS_MODULE": "archiver.settings"}
    with Theatre(PLAYED, folder / "live") as theatre:
        theatre.start(settings, environment=project)
        theatre.finish()
    command = [sys.executable, "-m", "scrapy", "runspider", "tests/wire/spider.py"]
    command += ["-a", f"plan={folder}/live/plan.json", "-a", f"report={folder}/report.jsonl"]
    settings["ARCHIVE_REPLAY_FROM"] = f"{folder}/store/news"
    command += [f"--set={name}={value}" for name, value in settings.items()]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **project}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    return Told(
        live=outcomes(folder / "live" / "report.jsonl"), offline=outcomes(folder / "report.jsonl")
    )


def outcomes(report: Path) -> dict[tuple[str, int], Outcome]:
    """Return what *report* tells, but for certificates, which no archive holds."""
    found = {}
    for line in report.read_text("utf-8").splitlines():
        outcome = json.loads(line)
        outcome.pop("has_certificate", None)
        found[outcome["name"], outcome["visit"]] = outcome
    return found


def test_what_was_answered_is_answered_so_again(told: Told) -> None:
    answered = {key: told.live[key] for key in told.live if key[0] not in UNANSWERED}
    # A head that had not ended when the time was over is no HTTP.
    answered["silence-mid-head", 0]["error"] = "DownloadFailedError"

    assert {key: told.offline.get(key) for key in answered} == answered


def test_what_was_not_answered_is_a_miss(told: Told) -> None:
    assert {name: told.offline[name, 0]["error"] for name in sorted(UNANSWERED)} == (
        dict.fromkeys(sorted(UNANSWERED), "ReplayMiss")
    )
