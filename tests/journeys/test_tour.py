"""What a user does first: `archiver demo`, twice, and then what it says to try next."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from archiver.demo.articles import read_articles

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def archiver(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in *folder*, which is not the project's own."""
    program = "from archiver.cli import main; raise SystemExit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tour")


@pytest.fixture(scope="module")
def tour(folder: Path) -> subprocess.CompletedProcess[str]:
    return archiver(folder, "demo")


@pytest.fixture(scope="module")
def second_tour(
    folder: Path, tour: subprocess.CompletedProcess[str]
) -> subprocess.CompletedProcess[str]:
    return archiver(folder, "demo")


@pytest.fixture(scope="module")
def extraction(
    folder: Path, second_tour: subprocess.CompletedProcess[str]
) -> subprocess.CompletedProcess[str]:
    return archiver(folder, "extract", "collections/demo", "--out", "again", "--workers", "2")


def test_the_tour_succeeds_and_nothing_complains(tour: subprocess.CompletedProcess[str]) -> None:
    assert (tour.returncode, tour.stderr) == (0, "")


def test_the_tour_shows_the_command_that_it_runs(tour: subprocess.CompletedProcess[str]) -> None:
    assert "\n$ scrapy crawl article -a seeds=" in tour.stdout
    assert " -s ARCHIVE_COLLECTION=demo -s ARCHIVE_REQUISITES=True -s " in tour.stdout


def test_the_tour_counts_what_the_crawl_wrote(tour: subprocess.CompletedProcess[str]) -> None:
    assert (
        "\nThis crawl wrote 12 metadata records, 33 request records, 33 response records, "
        "1 warcinfo record, 12 pages, 12 texts.\n"
    ) in tour.stdout


@pytest.mark.parametrize("part", ["archive", "crawls", "indexes", "manifests", "pages", "text"])
def test_the_tour_shows_the_tree(tour: subprocess.CompletedProcess[str], part: str) -> None:
    assert f"── {part}\n" in tour.stdout


def test_the_tour_shows_a_text_record(tour: subprocess.CompletedProcess[str]) -> None:
    start = tour.stdout.index("\n{\n")
    record = json.loads(tour.stdout[start : tour.stdout.index("\n}\n") + 2])

    assert record["title"] == "White to move at Station Road: chess on the number 14"
    assert record["authors"] == ["Tobiah Wrenfield"]


def test_a_second_tour_adds_a_crawl(
    folder: Path, second_tour: subprocess.CompletedProcess[str]
) -> None:
    demo = folder / "collections" / "demo"

    assert (second_tour.returncode, second_tour.stderr) == (0, "")
    assert len(list((demo / "manifests").iterdir())) == 2
    assert len(list((demo / "crawls").iterdir())) == 2


def test_the_collection_is_sound(
    folder: Path, second_tour: subprocess.CompletedProcess[str]
) -> None:
    check = archiver(folder, "check", "collections/demo")

    assert (check.returncode, check.stderr) == (0, ""), check.stdout


def test_extraction_counts_all_pages_and_texts(
    extraction: subprocess.CompletedProcess[str],
) -> None:
    assert extraction.returncode == 0
    assert extraction.stdout == (
        "again: warcs 2, pages 24, texts 24, empty 0, failed 0, damaged 0, unreadable 0\n"
    )
    assert extraction.stderr == ""


def test_extraction_gives_the_text_files_of_the_crawls_octet_for_octet(
    folder: Path, extraction: subprocess.CompletedProcess[str]
) -> None:
    assert contents(folder / "again") == contents(folder / "collections" / "demo" / "text")


def test_a_growing_warc_gives_what_its_sealed_self_gives(
    folder: Path, tour: subprocess.CompletedProcess[str]
) -> None:
    sealed = next((folder / "collections" / "demo" / "archive").iterdir())
    growing = folder / f"{sealed.name}.open"
    growing.write_bytes(sealed.read_bytes())
    archiver(folder, "extract", growing.name, "--out", "early")

    text = sealed.name.replace(".warc.gz", ".jsonl.gz")
    assert (folder / "early" / text).read_bytes() == (
        folder / "collections" / "demo" / "text" / text
    ).read_bytes()


def test_the_crawl_found_the_text_of_every_article(
    folder: Path, tour: subprocess.CompletedProcess[str]
) -> None:
    first = min((folder / "collections" / "demo" / "text").iterdir())
    with gzip.open(first, "rt", encoding="utf-8") as lines:
        titles = {json.loads(line)["title"] for line in lines}

    assert titles == {article.facts["title"] for article in read_articles()}


def test_a_store_that_cannot_be_written_is_said_and_nothing_is_shown(folder: Path) -> None:
    (folder / "file").touch()
    tour = archiver(folder, "demo", "--store", "file")

    assert tour.returncode != 0
    assert "Traceback" not in tour.stderr
    assert tour.stderr.endswith("archiver: the crawl failed, and says why above\n")
    assert "This crawl wrote" not in tour.stdout
