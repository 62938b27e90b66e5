from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.sources.merging import sort_into


@pytest.mark.parametrize("batch", [1, 7, 100, 1 << 20])
@pytest.mark.parametrize("count", [0, 1, 2, 65, 200])
def test_lines_are_sorted_however_many_runs_that_takes(
    count: int, batch: int, tmp_path: Path
) -> None:
    lines = [b"%d\n" % (number * 7919 % 200) for number in range(count)]

    sort_into(tmp_path / "index", lines, batch=batch)

    assert (tmp_path / "index").read_bytes() == b"".join(sorted(lines))
    assert [path.name for path in tmp_path.iterdir()] == ["index"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=st.lists(st.binary(max_size=5).map(lambda key: key.replace(b"\n", b"") + b"\n")))
def test_of_equal_lines_one_is_left(lines: list[bytes], tmp_path: Path) -> None:
    sort_into(tmp_path / "index", lines, batch=20)

    assert (tmp_path / "index").read_bytes() == b"".join(sorted(set(lines)))
