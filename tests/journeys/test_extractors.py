"""A crawl whose texts trafilatura finds, and what is read of its archive afterwards."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.collected import Collected, collected, tree
from tests.journeys.commands import archiver, crawl
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

Text = dict[str, Any]  # Any: it is JSON


def respond(asked: Asked) -> list[bytes]:
    return answer(story(int(asked.path[1:])))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Collected:
    folder = tmp_path_factory.mktemp("extractors")
    with Site(respond) as site:
        seeds = folder / "seeds.txt"
        seeds.write_text(f"{site.base}/1\n{site.base}/2\n", encoding="ascii")
        end = crawl(
            folder / "store", "-a", f"seeds={seeds}", ARCHIVE_EXTRACTOR="trafilatura",
            ARCHIVE_EXTRACT_WORKERS=1,
        )  # fmt: skip
    assert (end.status, end.log_lines("ERROR")) == (0, [])
    return collected(folder / "store" / "news")


def names_in(texts: Sequence[Text]) -> set[str]:
    return {text["extractor_config_hash"] for text in texts}


def test_each_text_names_who_found_it(kept: Collected) -> None:
    assert [text["extractor"] for text in kept.texts] == ["trafilatura"] * 2


def test_the_same_extractor_gives_the_text_files_again(kept: Collected, tmp_path: Path) -> None:
    extract = archiver(
        "extract", kept.folder, "--out", tmp_path, "--extractor", "trafilatura", "--workers", "1"
    )

    assert (extract.status, extract.stderr) == (0, "")
    assert tree(tmp_path) == tree(kept.folder / "text")


def test_without_a_word_about_it_ours_is_taken(kept: Collected, tmp_path: Path) -> None:
    extract = archiver("extract", kept.folder, "--out", tmp_path / "text", "--workers", "1")

    assert (extract.status, extract.stderr) == (0, "")
    (file,) = (tmp_path / "text").iterdir()
    texts = list(map(json.loads, gzip.decompress(file.read_bytes()).splitlines()))
    assert [text["extractor"] for text in texts] == ["archiver"] * 2
    assert not names_in(texts) & names_in(kept.texts)


@pytest.mark.parametrize("extractor", ["archiver", "trafilatura"])
def test_a_crawl_over_the_archive_asks_whom_it_is_told_to(
    kept: Collected, tmp_path: Path, extractor: str
) -> None:
    items = tmp_path / "items.jsonl"
    end = crawl(
        tmp_path / "store", "-a", f"archive={kept.folder}", "-O", str(items), spider="offline",
        ARCHIVE_EXTRACTOR=extractor, ARCHIVE_EXTRACT_WORKERS=1,
    )  # fmt: skip

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    texts = [json.loads(line) for line in items.read_text(encoding="utf-8").splitlines()]
    assert [text["extractor"] for text in texts] == [extractor] * 2


def test_an_extractor_that_is_none_ends_the_crawl_before_it_begins(tmp_path: Path) -> None:
    end = crawl(
        tmp_path / "store", "-a", "url=http://127.0.0.1:9/", ARCHIVE_EXTRACTOR="boilerpipe"
    )

    assert end.status == 2
    assert "ARCHIVE_EXTRACTOR is 'boilerpipe': it must be archiver or trafilatura" in end.stderr
    assert not (tmp_path / "store").exists()
