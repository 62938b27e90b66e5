"""A crawl into a bucket on a real server: the same tree, proven, and nothing else changes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.collected import collected
from tests.journeys.pier import STORIES, Pier, tell
from tests.journeys.site import Site, answer
from tests.servers.s3 import S3Server

PARTS = ["archive", "indexes", "manifests", "pages", "text"]


@pytest.fixture(params=["swift", "swift_https", "rclone"])
def server(request: pytest.FixtureRequest) -> S3Server:
    server: S3Server = request.getfixturevalue(request.param)
    return server


def test_the_tree_in_the_bucket_is_the_one_on_the_disk(server: S3Server, tmp_path: Path) -> None:
    pier = Pier(server, tmp_path)
    with Site(tell) as site:
        end = pier.crawl(site, ARCHIVE_KEEP_LOCAL=True)

    assert (end.status, end.log_lines("WARNING"), end.log_lines("ERROR")) == (0, [], [])
    assert pier.remote == pier.local
    names = [name.split("/") for name in pier.remote]
    stems = len([name for name in names if name[1] == "manifests"])
    assert stems > 2
    assert sorted(name[1] for name in names) == sorted([*PARTS * stems, "crawls"])


def test_what_lies_in_the_bucket_is_a_whole_collection(server: S3Server, tmp_path: Path) -> None:
    pier = Pier(server, tmp_path)
    with Site(tell) as site:
        pier.crawl(site)
    for name, octets in pier.remote.items():
        path = tmp_path / "copy" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
    found = collected(tmp_path / "copy" / "news")

    assert sorted(found.fetched) == sorted(f"/{n}" for n in range(STORIES))
    assert sorted(found.paths_of_texts) == sorted(found.fetched)
    assert [log["outcome"] for log in found.crawls] == ["finished"]


def test_only_manifests_and_logs_stay_on_the_disk(rclone: S3Server, tmp_path: Path) -> None:
    pier = Pier(rclone, tmp_path)
    with Site(tell) as site:
        pier.crawl(site)

    assert {name.split("/")[1] for name in pier.local} == {"manifests", "crawls"}
    assert set(pier.local) <= set(pier.remote)


def test_the_bucket_is_proven_sound_and_a_turned_bit_is_found(
    server: S3Server, tmp_path: Path
) -> None:
    pier = Pier(server, tmp_path)
    with Site(tell) as site:
        pier.crawl(site)
    sound = pier.run("check")
    name, octets = next((n, o) for n, o in pier.remote.items() if n.endswith(".cdxj"))
    server.client().put_object(
        Bucket=pier.bucket, Key=f"crawls/{name}", Body=bytes([octets[0] ^ 1]) + octets[1:]
    )
    damaged = pier.run("check")

    assert sound.status == 0
    assert sound.stdout.endswith("0 faults, 0 notes, 0 unreadable\n")
    assert damaged.status == 1
    assert name in damaged.stdout


def test_texts_are_extracted_from_the_bucket(rclone: S3Server, tmp_path: Path) -> None:
    pier = Pier(rclone, tmp_path)
    with Site(tell) as site:
        pier.crawl(site)
    end = pier.run("extract", "--out", tmp_path / "texts")
    made = {path.name: path.read_bytes() for path in (tmp_path / "texts").iterdir()}

    assert end.status == 0
    assert made == {
        name.rpartition("/")[2]: octets for name, octets in pier.remote.items() if "/text/" in name
    }


def test_a_page_that_has_not_changed_is_a_revisit_of_what_is_in_the_bucket(
    rclone: S3Server, tmp_path: Path
) -> None:
    pier = Pier(rclone, tmp_path)
    with Site(tell) as site:
        pier.crawl(site)
        again = pier.crawl(site)

    assert again.status == 0
    assert "'archive/record_count/revisit': 12" in again.stderr
    assert pier.run("check").status == 0


def test_the_secret_is_nowhere(rclone: S3Server, tmp_path: Path) -> None:
    pier = Pier(rclone, tmp_path)
    with Site(tell) as site:
        end = pier.crawl(site, LOG_LEVEL="DEBUG")
        refused = pier.crawl(site, LOG_LEVEL="DEBUG", AWS_REGION_NAME="", AWS_ACCESS_KEY_ID="no")
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    stored = [gzip.decompress(o) if o[:2] == b"\x1f\x8b" else o for o in pier.remote.values()]

    assert (end.status, refused.status) == (0, 2)
    secret = rclone.secret_key
    assert secret not in end.stderr + end.stdout + refused.stderr + refused.stdout
    assert [octets for octets in written + stored if secret.encode() in octets] == []
    (log,) = [o for name, o in pier.remote.items() if "/crawls/" in name]
    assert json.loads(log)["settings"]["AWS_SECRET_ACCESS_KEY"] == "[withheld]"


def test_a_bucket_of_another_version_is_refused_as_a_folder_is(
    rclone: S3Server, tmp_path: Path
) -> None:
    pier = Pier(rclone, tmp_path)
    newer = {"format": "archiver-manifest", "version": 99, "software": "archiver/9"}
    rclone.client().put_object(
        Bucket=pier.bucket, Key="crawls/news/manifests/x.json", Body=json.dumps(newer).encode()
    )
    with Site(tell) as site:
        end = pier.crawl(site)
        assert site.paths == []

    assert end.status == 2
    assert "was made by a newer version (archiver/9, manifest version 99;" in end.stderr


def test_two_crawls_of_one_second_do_not_share_a_log(rclone: S3Server, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    here, there = Pier(rclone, tmp_path / "a"), Pier(rclone, tmp_path / "b")
    there.bucket, there.store = here.bucket, here.store
    with (
        Site(tell) as site,
        here.crawling(site, range(3)) as first,
        there.crawling(site, range(3, 6)) as second,
    ):
        assert (first.end().status, second.end().status) == (0, 0)

    logs = [name for name in here.remote if "/crawls/" in name]
    assert len(logs) == 2
    assert here.run("check").status == 0


BAD = {
    "a wrong key": (
        {"AWS_ACCESS_KEY_ID": "nobody"},
        "AWS_ACCESS_KEY_ID",
    ),
    "a wrong secret": ({"AWS_SECRET_ACCESS_KEY": "guessed"}, "AWS_SECRET_ACCESS_KEY"),
    "half a pair of keys": ({"AWS_SECRET_ACCESS_KEY": ""}, "AWS_SECRET_ACCESS_KEY is not"),
    "a bucket that is not there": ({"ARCHIVE_STORE": "s3://no-such-bucket/x"}, "no-such-bucket"),
    "keys in the address": ({"ARCHIVE_STORE": "s3://key:word@bucket/x"}, "holds credentials"),
    "a name that is not UTF-8": ({"ARCHIVE_STORE": "s3://bucket/caf\udce9"}, "not UTF-8"),
    "an endpoint without a scheme": ({"AWS_ENDPOINT_URL": "127.0.0.1:9"}, "AWS_ENDPOINT_URL"),
    "nobody there": ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS_ENDPOINT_URL"),
}


@pytest.mark.parametrize(("settings", "told"), BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_refused_in_one_sentence_before_anything_is_fetched(
    swift: S3Server, tmp_path: Path, settings: dict[str, Any], told: str
) -> None:
    pier = Pier(swift, tmp_path)
    with Site(tell) as site:
        end = pier.crawl(site, LOG_LEVEL="WARNING", **settings)
        assert site.paths == []

    (sentence,) = end.stderr.splitlines()
    assert sentence.startswith("archiver: ")
    assert told in sentence
    assert "word" not in sentence
    assert (end.status, pier.remote, pier.work.exists()) == (2, {}, False)


def test_an_endpoint_that_speaks_html_is_refused_in_one_sentence(
    rclone: S3Server, tmp_path: Path
) -> None:
    pier = Pier(rclone, tmp_path)
    with Site(lambda asked: answer(b"<html>It works!</html>")) as site:
        end = pier.crawl(site, LOG_LEVEL="WARNING", AWS_ENDPOINT_URL=site.base)

    (sentence,) = end.stderr.splitlines()
    assert "AWS_ENDPOINT_URL" in sentence
    assert end.status == 2
