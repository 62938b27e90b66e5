"""Archives in a bucket are what their copies on the disk are."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from archiver.places import Place, places_at
from archiver.sources import Source
from archiver.storage import is_bucket
from tests.archiver.landing import landed
from tests.archiver.quay import build
from tests.archiver.sources.crates import Told, capture, pages, urls, wacz, warc
from tests.archiver.sources.test_multi import multi
from tests.servers.s3 import S3Server


def place_of(server: S3Server, address: str) -> Place:
    assert is_bucket(address)
    (place,) = places_at([address], server.settings)
    return place


def summary(source: Source) -> list[tuple[str, int, str | None]]:
    return [(one.filename, one.size, one.sha256) for one in source.members.values()]


@pytest.fixture
def archives(tmp_path: Path) -> Path:
    folder = tmp_path / "archives"
    folder.mkdir()
    build(folder)
    wacz(folder / "ferry.wacz")
    multi(folder, "ferry.wacz")
    (folder / "x.warc.gz").write_bytes(warc("crane", "ferry"))
    (folder / "one.warc.gz").write_bytes(gzip.compress(capture("crane") + capture("ferry")))
    return folder


@pytest.mark.parametrize("name", ["quay", "ferry.wacz", "quay.json", "x.warc.gz", "one.warc.gz"])
def test_an_archive_in_a_bucket_is_what_its_copy_on_the_disk_is(
    name: str, archives: Path, rclone: S3Server
) -> None:
    bucket = place_of(rclone, landed(archives, rclone))
    told = Told()

    with told.opened(bucket / name) as there, told.opened(archives / name) as here:
        assert there.title == here.title
        assert urls(there) == urls(here)
        assert pages(there) == pages(here)
        assert summary(there) == summary(here)
    assert told == []


def test_what_is_not_in_a_bucket_is_named(archives: Path, rclone: S3Server) -> None:
    bucket = place_of(rclone, landed(archives, rclone))

    with pytest.raises(ArchiveError, match=r"^s3://.*/late is not there: give a collection"):
        Told().opened(bucket / "late")
