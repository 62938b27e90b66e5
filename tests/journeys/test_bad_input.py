"""What cannot work is refused in one sentence, before anything is fetched or written."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.collected import tree
from tests.journeys.commands import PROJECT, scrapy
from tests.journeys.mounts import Mount, mount
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story

__all__ = ["mount"]

URL = ("-a", "url={base}/1")


def setting(name: str, value: str) -> tuple[str, ...]:
    return ("crawl", "article", *URL, "-s", f"{name}={value}")


# What is typed after `scrapy`, and what is answered.
REFUSALS = {
    "neither url nor seeds": (
        ("crawl", "article"),
        "name what to fetch: either -a url=URL or -a seeds=FILE",
    ),
    "both url and seeds": (
        ("crawl", "article", *URL, "-a", "seeds=good.txt"),
        "name what to fetch: either -a url=URL or -a seeds=FILE",
    ),
    "a url that is none": (
        ("crawl", "article", "-a", "url=example"),
        "'example' names no host: write it as https://host/path",
    ),
    "a seed list that is missing": (
        ("crawl", "article", "-a", "seeds=missing.txt"),
        "missing.txt does not exist: check the name of the seed list",
    ),
    "a seed list that is a folder": (
        ("crawl", "article", "-a", "seeds=folder"),
        "folder is a directory: name a seed list in it",
    ),
    "a seed list without seeds": (
        ("crawl", "article", "-a", "seeds=empty.txt"),
        "empty.txt lists no seed: add a line with a URL",
    ),
    "a standard input without seeds": (
        ("crawl", "article", "-a", "seeds=-"),
        "standard input lists no seed: add a line with a URL",
    ),
    "a bad line in a seed list": (
        ("crawl", "article", "-a", "seeds=bad.txt"),
        "bad.txt, line 4: 'gopher://127.0.0.1/' starts with gopher: where http: or https: is "
        "expected",
    ),
    "a seed table with a misspelt key": (
        ("crawl", "article", "-a", "seeds=bad.toml"),
        "bad.toml, line 4, seed 2: unknown key 'uri': expected url, kind, scope, label; "
        "did you mean url?",
    ),
    "a spider that is not there": (
        ("crawl", "artikel", *URL),
        "there is no spider 'artikel': choose one of article, feed, news, offline, site, sitemap",
    ),
    "a store that is a file": (
        setting("ARCHIVE_STORE", "file"),
        "the store 'file' cannot be written (Not a directory): free it, or name another folder "
        "in ARCHIVE_STORE",
    ),
    "a store below a file": (
        setting("ARCHIVE_STORE", "file/store"),
        "the store 'file/store' cannot be written (Not a directory): free it, or name another "
        "folder in ARCHIVE_STORE",
    ),
    "a store that no folder can be made in": (
        setting("ARCHIVE_STORE", "/proc/archives"),
        "the store '/proc/archives' cannot be written (No such file or directory): free it, or "
        "name another folder in ARCHIVE_STORE",
    ),
    "a collection that is a file": (
        (*setting("ARCHIVE_STORE", "collections"), "-s", "ARCHIVE_COLLECTION=file"),
        "the store 'collections' cannot be written (File exists): free it, or name another "
        "folder in ARCHIVE_STORE",
    ),
    "a bucket of another kind": (
        setting("ARCHIVE_STORE", "gs://bucket/prefix"),
        "ARCHIVE_STORE gs:// is not supported by this version: name a local folder, or "
        "s3://bucket/prefix",
    ),
    "a word that is no choice": (
        setting("ARCHIVE_DIGEST", "md5"),
        "ARCHIVE_DIGEST is 'md5': it must be sha256 or sha1",
    ),
    "a size that is no number": (
        setting("ARCHIVE_WARC_MAX_BYTES", "1GB"),
        "ARCHIVE_WARC_MAX_BYTES is '1GB': give it a whole number from 1 up",
    ),
    "a time that is none": (
        setting("ARCHIVE_EXTRACT_TIMEOUT", "0"),
        "ARCHIVE_EXTRACT_TIMEOUT is '0': give it a number of seconds above 0",
    ),
    "a name that is a path": (
        setting("ARCHIVE_COLLECTION", "../news"),
        "ARCHIVE_COLLECTION is '../news': use letters, digits, dots, hyphens and underscores "
        "only, since it names files",
    ),
    "a misspelt setting": (
        setting("ARCHIVE_STOER", "archives"),
        "ARCHIVE_STOER is no setting of the archive: did you mean ARCHIVE_STORE?",
    ),
    "a reactor without asyncio": (
        setting("TWISTED_REACTOR", "twisted.internet.selectreactor.SelectReactor"),
        "the archive needs asyncio: leave TWISTED_REACTOR at its default",
    ),
    "a seed list that is missing, to Scrapy's other process": (
        ("crawl", "article", "-a", "seeds=missing.txt", "-s", "FORCE_CRAWLER_PROCESS=True"),
        "missing.txt does not exist: check the name of the seed list",
    ),
    "a collection of a newer version": (
        setting("ARCHIVE_COLLECTION", "tomorrow"),
        "the collection 'tomorrow' was made by a newer version (archiver/9.0, manifest version "
        "2; this is archiver/0.1.0): upgrade, or choose another ARCHIVE_COLLECTION",
    ),
    "a manifest that is none": (
        setting("ARCHIVE_COLLECTION", "strange"),
        "strange/manifests/a.json is no manifest of ours: move it away, or choose another "
        "ARCHIVE_COLLECTION",
    ),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    def respond(asked: Asked) -> list[bytes]:
        return answer(story(1))

    with Site(respond) as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project's root in which much is not as it should be."""
    shutil.copy(PROJECT / "scrapy.cfg", tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "good.txt").write_text("http://127.0.0.1/\n", encoding="ascii")
    (tmp_path / "empty.txt").write_text("# nothing yet\n\n", encoding="ascii")
    (tmp_path / "bad.txt").write_text(
        "http://127.0.0.1/\n# old:\n\ngopher://127.0.0.1/\n", encoding="ascii"
    )
    (tmp_path / "bad.toml").write_text(
        '[[seed]]\nurl = "http://127.0.0.1/"\n\n[[seed]]\nuri = "http://127.0.0.1/"\n',
        encoding="ascii",
    )
    collections = tmp_path / "collections"
    (collections / "tomorrow" / "manifests").mkdir(parents=True)
    newer = {"format": "archiver-manifest", "version": 2, "software": "archiver/9.0"}
    (collections / "tomorrow" / "manifests" / "a.json").write_text(json.dumps(newer), "ascii")
    (collections / "strange" / "manifests").mkdir(parents=True)
    (collections / "strange" / "manifests" / "a.json").write_text("[]", encoding="ascii")
    (collections / "file").touch()
    return tmp_path


@pytest.mark.parametrize(("typed", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_it_is_refused_in_one_sentence_and_nothing_is_fetched_or_left(
    site: Site, folder: Path, typed: tuple[str, ...], sentence: str
) -> None:
    before = tree(folder)
    arguments = (argument.format(base=site.base) for argument in typed)
    end = scrapy(*arguments, "-L", "WARNING", folder=folder)

    assert end.stderr == f"archiver: {sentence}\n"
    assert (end.status, end.stdout) == (2, "")
    assert tree(folder) == before
    assert site.paths == []


def test_the_sentence_comes_last_and_once_beside_the_usual_log(folder: Path) -> None:
    end = scrapy("crawl", "article", "-a", "seeds=missing.txt", folder=folder)

    assert end.stderr.endswith(
        "\narchiver: missing.txt does not exist: check the name of the seed list\n"
    )
    assert end.stderr.count("archiver: ") == 1
    assert "Traceback" not in end.stderr


def test_a_store_on_a_read_only_disk_is_refused(site: Site, folder: Path, mount: Mount) -> None:
    disk = mount("ro")
    typed = ("-a", f"url={site.base}/1", "-s", f"ARCHIVE_STORE={disk}/store", "-L", "WARNING")
    before = tree(folder)
    end = scrapy("crawl", "article", *typed, folder=folder)

    assert end.stderr == (
        f"archiver: the store '{disk}/store' cannot be written (Read-only file system): "
        "free it, or name another folder in ARCHIVE_STORE\n"
    )
    assert end.status == 2
    assert tree(folder) == before
    assert site.paths == []


def test_a_store_on_a_disk_without_a_free_inode_is_refused(
    site: Site, folder: Path, mount: Mount
) -> None:
    disk = mount("nr_inodes=2")
    typed = ("-a", f"url={site.base}/1", "-s", f"ARCHIVE_STORE={disk}/store", "-L", "WARNING")
    end = scrapy("crawl", "article", *typed, folder=folder)

    assert end.stderr == (
        f"archiver: the store '{disk}/store' cannot be written (No space left on device): "
        "free it, or name another folder in ARCHIVE_STORE\n"
    )
    assert end.status == 2
    assert tree(disk) == {}
    assert site.paths == []
