from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.cdxj import DamagedIndexLine
from archiver.lookup import Index


def line(key: str, timestamp: str = "20260304050607", *, url: str = "http://a/") -> bytes:
    place = '"length": "1", "offset": "0", "filename": "a.warc.gz"'
    return f'{key} {timestamp} {{"url": "{url}", {place}}}\n'.encode()


def index_of(folder: Path, octets: bytes) -> Index:
    path = folder / "index.cdxj"
    path.write_bytes(octets)
    return Index(path)


QUAY = b"".join(
    [
        line("example,quay)/crane"),
        line("example,quay)/ferry", "20250101000000"),
        line("example,quay)/ferry", "20260101000000"),
        line("example,quay)/ferry/late"),
        line("example,quay)/ferry?a=1"),
        line("example,quayside)/ferry"),
    ]
)


def test_the_captures_of_a_url_are_those_under_its_very_key_by_time(tmp_path: Path) -> None:
    index = index_of(tmp_path, QUAY)

    timestamps = [entry.timestamp for entry in index.captures("https://www.quay.example/ferry/")]

    assert timestamps == ["20250101000000", "20260101000000"]


@pytest.mark.parametrize(
    "url", ["http://quay.example/fer", "http://quay.example/", "http://z.example/", "http://a/"]
)
def test_a_url_that_is_not_archived_has_no_captures(url: str, tmp_path: Path) -> None:
    assert list(index_of(tmp_path, QUAY).captures(url)) == []


@pytest.mark.parametrize("octets", [b"", b"\n"])
def test_an_empty_index_has_no_captures(octets: bytes, tmp_path: Path) -> None:
    index = index_of(tmp_path, octets)

    assert list(index.captures("http://quay.example/")) == []
    assert index.near("http://quay.example/") == []


def test_a_line_that_is_no_cdxj_is_refused_when_it_is_asked_for(tmp_path: Path) -> None:
    index = index_of(tmp_path, b"example,quay)/ferry 20260101000000 {\n")

    with pytest.raises(DamagedIndexLine):
        list(index.captures("http://quay.example/ferry"))


def test_the_size_is_that_of_the_file(tmp_path: Path) -> None:
    assert index_of(tmp_path, QUAY).size == len(QUAY)


# What lies near


def test_near_a_url_that_is_archived_are_its_captures(tmp_path: Path) -> None:
    near = index_of(tmp_path, QUAY).near("http://quay.example/ferry", limit=1)

    assert [entry.timestamp for entry in near] == ["20250101000000"]


def test_near_another_url_are_the_last_captures_with_most_in_common(tmp_path: Path) -> None:
    near = index_of(tmp_path, QUAY).near("http://quay.example/ferry/l", limit=2)

    assert [(entry.surt, entry.timestamp) for entry in near] == [
        ("example,quay)/ferry", "20260101000000"),
        ("example,quay)/ferry/late", "20260304050607"),
    ]


def test_near_a_url_there_is_nothing_of_other_hosts(tmp_path: Path) -> None:
    index = index_of(tmp_path, QUAY)

    assert len(index.near("http://quay.example/zebra", limit=99)) == 4
    assert index.near("http://pier.example/ferry") == []
    assert index.near("dns:quay.example") == []


def test_what_lies_before_is_found_where_there_is_far_more_of_it(tmp_path: Path) -> None:
    many = b"".join(line(f"example,quay)/{number:08}") for number in range(20_000))

    near = index_of(tmp_path, many).near("http://quay.example/zebra", limit=3)

    assert [entry.surt for entry in near] == [
        f"example,quay)/{number:08}" for number in (19_997, 19_998, 19_999)
    ]


# Searching


# As in keys, nothing sorts before the end of a line.
KEYS = st.lists(st.integers(0x20, 0xFF), min_size=1, max_size=6).map(bytes)
ENDS = st.sampled_from([b"\n", b"\r\n"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(KEYS | KEYS.map(lambda key: key * 500), max_size=30),
    end=ENDS,
    is_cut=st.booleans(),
    start=KEYS,
)
def test_the_lines_from_a_start_are_those_that_are_not_less(
    lines: list[bytes], end: bytes, is_cut: bool, start: bytes, tmp_path: Path
) -> None:
    whole = sorted(line + end for line in lines)
    octets = b"".join(whole)
    index = index_of(tmp_path, octets.removesuffix(b"\n") if is_cut else octets)

    found = list(index.lines(start))

    assert found == [line for line in whole if line.removesuffix(b"\n") >= start]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.lists(st.sampled_from(["a", "aa", "ab", "b", "z" * 300_000]), max_size=12),
    wanted=st.sampled_from(["a", "aa", "ac", "z" * 300_000]),
)
def test_every_capture_of_a_url_is_found_among_lines_of_any_length(
    keys: list[str], wanted: str, tmp_path: Path
) -> None:
    lines = [line(f"example)/{key}", f"2026{number:010}") for number, key in enumerate(keys)]
    index = index_of(tmp_path, b"".join(sorted(lines)))

    found = [entry.timestamp for entry in index.captures(f"http://example/{wanted}")]

    assert found == [f"2026{number:010}" for number, key in enumerate(keys) if key == wanted]
