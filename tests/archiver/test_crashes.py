"""Whatever a crawl did when it died, the same crawl run again completes the archive.

A life is any order of captures, declarations, texts, releases and syncs. It ends at any call
of the system, by a kill or a power cut, and the next one begins; the last comes to its end.
"""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.archiver.lives import Crawls, Death, Life, Step, captures_in, pages_in, texts_in

STEPS = st.builds(
    Step,
    st.sampled_from(["capture", "capture", "declare", "finish", "release", "sync"]),
    st.integers(0, 200),
)
DEATHS = st.builds(
    Death,
    at=st.integers(0, 12),
    calls=st.integers(0, 45),
    part=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
    seed=st.none() | st.integers(0, 999),
)
LIVES = st.lists(
    st.builds(Life, st.lists(STEPS, max_size=12), st.none() | DEATHS), min_size=1, max_size=4
)


@settings(max_examples=int(os.environ.get("EX", "100")), deadline=None, derandomize="EX" not in os.environ)
@given(
    lives=LIVES,
    fsync=st.sampled_from(["record", "seconds", "seal"]),
    max_bytes=st.sampled_from([1, 3_000, 200_000, 10**9]),
    has_frontier=st.booleans(),
)
def test_no_death_loses_or_repeats_anything(
    lives: list[Life], fsync: str, max_bytes: int, has_frontier: bool
) -> None:
    with TemporaryDirectory() as root:
        crawls = Crawls(Path(root), fsync=fsync, max_bytes=max_bytes, has_frontier=has_frontier)
        for life in lives:
            crawls.live(life)
        crawls.complete()

        assert crawls.faults() == []
        captures, pages = captures_in(crawls.folder), pages_in(crawls.folder)
        assert set(captures.values()) <= {1}
        assert crawls.promises.kept.keys() <= captures.keys() <= crawls.promises.tried
        assert set(pages.values()) <= {1}
        assert crawls.promises.finished.keys() <= pages.keys()
        assert texts_in(crawls.folder) == {id: 1 for id in pages if int(id[-13:-1], 16) % 3}
        assert crawls.lost_octets() == []
        assert list(Path(root).rglob("*.open")) == []
