"""A check of what lies in a bucket says what a check of its copy on the disk says."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archiver.check import check_path
from archiver.cli import main
from archiver.places import places_at
from tests.archiver.landing import Counting, given, landed, put, take_away
from tests.archiver.quay import STEM, Spoil, build
from tests.servers.faults import Do, Fault
from tests.servers.faulty import faulty
from tests.servers.s3 import S3Server

PARTS = {
    "archive": f"archive/{STEM}.warc.gz",
    "indexes": f"indexes/{STEM}.cdxj",
    "pages": f"pages/{STEM}.jsonl",
    "text": f"text/{STEM}.jsonl.gz",
}
Check = Callable[..., tuple[int, list[str]]]


@pytest.fixture(params=["rclone", "swift"])
def server(request: pytest.FixtureRequest) -> S3Server:
    server: S3Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    """Run `archiver check`; return its status and what it prints."""

    def run(*arguments: str) -> tuple[int, list[str]]:
        status = main(["check", *arguments])
        output = capsys.readouterr()
        assert output.err == ""
        return status, output.out.splitlines()

    return run


def by_address(address: str, folder: Path, lines: list[str]) -> list[str]:
    """Return *lines*, which speak of *folder*, as they speak of its copy at *address*."""
    return [line.replace(str(folder), address) for line in lines]


SPOILS = [
    pytest.param([], id="sound"),
    pytest.param([Spoil("ferry", "The ferry", "A ferry")], id="a digest"),
    pytest.param([Spoil("index", '"404"', '"200"')], id="the index"),
    pytest.param([Spoil("texts", '"http_status": 200', '"http_status": 201')], id="the texts"),
    pytest.param([Spoil("manifest", '"version": 1', '"version": 2')], id="a newer manifest"),
]


@pytest.mark.parametrize("spoils", SPOILS)
@pytest.mark.parametrize("json", [[], ["--json"]], ids=["lines", "json"])
def test_a_collection_is_told_as_it_is_on_the_disk(
    tmp_path: Path, server: S3Server, check: Check, spoils: list[Spoil], json: list[str]
) -> None:
    build(tmp_path, *spoils)
    address = landed(tmp_path, server, "deep/down")
    status, lines = check(str(tmp_path / "quay"), *json)

    found = check(f"{address}/quay", *json, *given(server))

    assert found == (status, by_address(address, tmp_path, lines))


@pytest.mark.parametrize(
    "path", ["", f"quay/archive/{STEM}.warc.gz", "quay/archive", "quay/", "theirs"]
)
def test_a_place_is_what_it_would_be_on_the_disk(
    tmp_path: Path, server: S3Server, check: Check, path: str
) -> None:
    build(tmp_path)
    (tmp_path / "theirs").mkdir()
    shutil.copy(tmp_path / f"quay/archive/{STEM}.warc.gz", tmp_path / "theirs/a.warc.gz")
    (tmp_path / "theirs/b.warc.gz.open").write_bytes(b"")
    address = landed(tmp_path, server)
    status, lines = check(f"{tmp_path}/{path}")

    found = check(f"{address}/{path}", *given(server))

    assert found == (status, by_address(address, tmp_path, lines))


@pytest.mark.parametrize("part", PARTS)
def test_a_flipped_octet_is_found(
    tmp_path: Path, server: S3Server, check: Check, part: str
) -> None:
    octets = bytearray((build(tmp_path) / PARTS[part]).read_bytes())
    address = landed(tmp_path, server)
    octets[len(octets) // 2] ^= 1
    put(server, f"{address}/quay/{PARTS[part]}", bytes(octets))

    status, lines = check(f"{address}/quay", *given(server))

    assert status == 1
    assert any(
        line.startswith(f"{address}/quay/{PARTS[part]}: fault: hash: sha256 '") for line in lines
    )


@pytest.mark.parametrize("part", PARTS)
def test_an_object_that_is_missing_is_named(
    tmp_path: Path, server: S3Server, check: Check, part: str
) -> None:
    build(tmp_path)
    address = landed(tmp_path, server)
    take_away(server, f"{address}/quay/{PARTS[part]}")

    status, lines = check(f"{address}/quay", *given(server))

    assert status == 1
    assert lines[0] == (
        f"{address}/quay/manifests/{STEM}.json: fault: missing-file: no {PARTS[part]}; expected "
        "a file that it seals"
    )


def test_a_manifest_that_is_missing_is_named(
    tmp_path: Path, server: S3Server, check: Check
) -> None:
    build(tmp_path)
    address = landed(tmp_path, server)
    take_away(server, f"{address}/quay/manifests/{STEM}.json")

    status, lines = check(f"{address}/quay", *given(server))

    assert (status, lines) == (
        1,
        [
            f"{address}/quay/archive/{STEM}.warc.gz: fault: unsealed: looks sealed and has no "
            f"manifest; expected manifests/{STEM}.json",
            "2 files, 6 records, 1 faults, 0 notes, 0 unreadable",
        ],
    )


def test_the_archives_of_others_are_judged_as_they_are_on_the_disk(
    rclone: S3Server, shared: Path
) -> None:
    corpus = shared / "corpus"
    address = landed(corpus, rclone)
    paths = [path for path in sorted(corpus.rglob("*")) if path.is_file()]
    places = places_at(
        [f"{address}/{path.relative_to(corpus)}" for path in paths], rclone.settings
    )

    found = {str(place): [fault.as_line() for fault in check_path(place)] for place in places}

    assert len(found) > 50
    assert found == {
        by_address(address, corpus, [str(path)])[0]: by_address(
            address, corpus, [fault.as_line() for fault in check_path(path)]
        )
        for path in paths
    }


# Not more than is asked for


@pytest.mark.parametrize(("part", "times"), [("archive", 1), ("indexes", 2), ("text", 2)])
def test_a_file_is_read_no_oftener_than_it_must_be(tmp_path: Path, part: str, times: int) -> None:
    size = (build(tmp_path) / PARTS[part]).stat().st_size
    store = Counting(tmp_path)

    assert list(check_path(store.place("quay"))) == []

    assert store.octets[f"quay/{PARTS[part]}"] == times * size


# What cannot be read


def told(check: Check, server: S3Server, address: str, *arguments: str) -> str:
    """Check what cannot be read; return what is said of it, which is one line and no secret."""
    status, lines = check(address, *given(server), *arguments)

    assert status == 2
    assert lines[1:] == ["0 files, 0 records, 0 faults, 0 notes, 1 unreadable"]
    assert server.access_key not in lines[0]
    assert server.secret_key not in lines[0]
    return lines[0]


def test_a_bucket_that_is_not_there_is_said(server: S3Server, check: Check) -> None:
    line = told(check, server, "s3://no-such-bucket-of-ours/quay")

    assert line.startswith("s3://no-such-bucket-of-ours/quay: unreadable: ")
    assert "no such bucket" in line


def test_an_object_that_is_not_there_is_said(server: S3Server, check: Check) -> None:
    address = f"s3://{server.bucket()}/quay/x.warc.gz"

    line = told(check, server, address)

    assert line.startswith(f"{address}: unreadable: {address} cannot be read: ")


def test_a_bucket_with_nothing_in_it_is_said(server: S3Server, check: Check) -> None:
    address = f"s3://{server.bucket()}"

    line = told(check, server, address)

    expected = "holds neither manifests/ of a collection nor a WARC or WACZ file"
    assert line == f"{address}: unreadable: {expected}"


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("AWS_SECRET_ACCESS_KEY=wr0ng", "AWS_SECRET_ACCESS_KEY"),
        ("AWS_ENDPOINT_URL=http://127.0.0.1:9", "AWS_ENDPOINT_URL"),
    ],
)
def test_a_server_that_cannot_be_used_is_said(
    tmp_path: Path, server: S3Server, check: Check, setting: str, sentence: str
) -> None:
    build(tmp_path)
    address = landed(tmp_path, server)

    line = told(check, server, f"{address}/quay", "-s", setting)

    assert line.startswith(f"{address}/quay: unreadable: ")
    assert sentence in line
    assert "wr0ng" not in line


def test_what_can_be_read_is_checked_beside_what_cannot(
    tmp_path: Path, server: S3Server, check: Check
) -> None:
    build(tmp_path)
    address = landed(tmp_path, server)

    status, lines = check(f"{address}/x", f"{address}/quay", str(tmp_path), *given(server))

    assert (status, len(lines)) == (2, 2)
    assert lines[1] == "12 files, 12 records, 0 faults, 0 notes, 1 unreadable"


def test_a_store_that_fails_on_the_way_is_asked_no_more(
    tmp_path: Path, rclone: S3Server, check: Check
) -> None:
    build(tmp_path)
    for number in range(9):
        shutil.copy(tmp_path / f"quay/archive/{STEM}.warc.gz", tmp_path / f"{number}.warc.gz")
    address = landed(tmp_path, rclone)

    with faulty(rclone) as proxy:
        proxy.add(Fault(do=Do.FAIL, path=".warc.gz", after=4, times=None))
        status, lines = check(address, *given(proxy.server))

    assert status == 2
    assert lines[-2].startswith(f"{address}: unreadable: {address}/2.warc.gz cannot be read: ")
    assert lines[-1] == "2 files, 12 records, 2 faults, 0 notes, 1 unreadable"
