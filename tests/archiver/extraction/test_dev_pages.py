"""Quality on real pages: some of each public benchmark, by its own measure."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.baseline import SAMPLE, TOLERANCE, read_baseline, sample_f1
from benchmarks.extractors import archiver
from benchmarks.gold import read_set
from benchmarks.scores import MEASURES


@pytest.mark.parametrize("group", MEASURES)
def test_the_text_of_a_set_is_as_good_as_it_was(group: str, shared: Path) -> None:
    pages = read_set(shared / "extraction" / "dev", group, SAMPLE)

    f1 = sample_f1(group, [MEASURES[group](archiver(page).text, page) for page in pages])

    assert f1 >= read_baseline()["sample"][group] - TOLERANCE
