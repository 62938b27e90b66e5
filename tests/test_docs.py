"""The README is a test: what it says of settings, stats, commands and Python is so."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.options import DEFAULTS
from archiver.text import COLUMNS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCES = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("pipelines", "spiders")
    for path in sorted((ROOT / folder).rglob("*.py"))
)
# `archive/record_count/{…}` and the like: what varies stands last.
STATS = sorted(set(re.findall(r"""["'](archive/\w+(?:/\w+)?)""", SOURCES)))
SAID_IN_WORDS = {
    "ARCHIVE_WARC_PREFIX": "the collection's name",
    "ARCHIVE_OPERATOR": "none",
    "ARCHIVE_MIN_FREE_BYTES": "100 MB",
    "ARCHIVE_REPLAY_FROM": "none",
    "ARCHIVE_PRIVATE_HOSTS": "none",
    "ARCHIVE_EXTRACT_WORKERS": "processors less one",
    "ARCHIVE_S3_ADDRESSING": "`path`; on AWS boto3's",
    "ARCHIVE_S3_CHECKSUMS": "`when_required`; on AWS `when_supported`",
}


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_a_setting_stands_in_the_readme_with_its_default(name: str) -> None:
    default = SAID_IN_WORDS.get(name, f"`{DEFAULTS[name]}`")

    assert f"| `{name}` | {default} |" in README


def test_the_readme_names_no_setting_that_is_none() -> None:
    assert set(re.findall(r"\bARCHIVE_[A-Z_]+\b", README)) <= set(DEFAULTS)


def test_nothing_in_the_readme_waits_to_be_written() -> None:
    assert re.findall(r"^[A-Z]+(?:_[A-Z]+)+$", README, re.M) == []


@pytest.mark.parametrize("stat", STATS)
def test_a_stat_stands_in_the_readme(stat: str) -> None:
    assert re.search(rf"\| `{re.escape(stat.split('/')[0] + '/' + stat.split('/')[1])}\b", README)


@pytest.mark.parametrize(
    "command", ["check", "extract", "explain", "replay", "wacz", "sync", "demo"]
)
def test_a_command_has_help_and_stands_in_the_readme(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main([command, "--help"])

    assert end.value.code == 0
    assert f"archiver {command}" in capsys.readouterr().out
    assert f"`archiver {command}" in README


def test_the_examples_in_python_run() -> None:
    failures, tried = doctest.testfile(str(ROOT / "README.md"), module_relative=False)

    assert (failures, tried > 0) == (0, True)


def test_the_readme_counts_the_columns_of_a_text_record() -> None:
    assert f"{len(COLUMNS)} columns in all" in README


def test_the_file_layout_that_the_readme_draws_is_that_of_a_stem() -> None:
    drawn = re.findall(r"── (\w+)/news-", README)

    assert drawn == ["archive", "indexes", "pages", "text", "manifests"]
