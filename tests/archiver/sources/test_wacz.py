from __future__ import annotations

import gzip
import hashlib
import json
import sys
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from tests.archiver.sources.crates import (
    WARC_NAME,
    Told,
    capture,
    line,
    packed,
    pages,
    urls,
    wacz,
    warc,
)

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FERRY = warc("ferry")
INDEX = line("ferry", 0, len(FERRY), "data.warc.gz")
PAGES = b'{"id": "1", "url": "http://quay.example/ferry", "ts": "2026-03-04T05:06:07Z"}\n'


@pytest.fixture
def told() -> Told:
    return Told()


def test_a_wacz_is_a_part_with_its_warc_its_index_and_its_pages(
    tmp_path: Path, told: Told
) -> None:
    path = wacz(tmp_path / "quay.wacz")

    with told.opened(path) as source:
        assert source.title == "quay"
        assert [part.shown for part in source.parts] == [str(path)]
        (member,) = source.members.values()
        assert (member.filename, member.size) == ("data.warc.gz", len(FERRY))
        assert (member.shown, member.sha256) == (f"{path}, {WARC_NAME}", None)
        assert urls(source) == ["ferry"]
        assert pages(source) == [json.loads(PAGES)]
    assert told == []


def test_what_a_package_says_of_a_warc_is_its_hash(tmp_path: Path, told: Told) -> None:
    digest = hashlib.sha256(FERRY).hexdigest()
    package = {"resources": [{"path": WARC_NAME, "hash": f"sha256:{digest}"}]}
    path = wacz(tmp_path / "x.wacz", more={"datapackage.json": json.dumps(package).encode()})

    with told.opened(path) as source:
        assert [member.sha256 for member in source.members.values()] == [digest]


@pytest.mark.parametrize(
    "package",
    [
        b"",
        b"[]",
        b'{"resources": 5}',
        b'{"resources": [{"path": "archive/data.warc.gz", "hash": "md5:0"}]}',
        b'{"resources": [{"path": "archive/data.warc.gz", "hash": 5}]}',
        b'{"resources": [{"path": [], "hash": "sha256:%b"}]}' % (b"0" * 64),
    ],
)
def test_a_package_that_says_nothing_of_a_warc_leaves_its_hash_open(
    package: bytes, tmp_path: Path, told: Told
) -> None:
    with told.opened(wacz(tmp_path / "x.wacz", more={"datapackage.json": package})) as source:
        assert [member.sha256 for member in source.members.values()] == [None]
        assert urls(source) == ["ferry"]


def test_every_wacz_calls_its_warc_by_the_same_name_and_all_are_read(
    tmp_path: Path, told: Told
) -> None:
    paths = [wacz(tmp_path / f"{page}.wacz", page) for page in ("ferry", "crane", "mast")]

    with told.opened(*paths) as source:
        assert list(source.members) == ["data.warc.gz", "2-data.warc.gz", "3-data.warc.gz"]
        assert urls(source) == ["crane", "ferry", "mast"]
        assert [page["url"][20:] for page in pages(source)] == ["ferry", "crane", "mast"]
        assert urls(source.of(source.parts[1:])) == ["crane", "mast"]
    assert told == []


@pytest.mark.parametrize(
    "filename", ["sub/data.warc.gz", "data.warc.gz", "archive/sub/data.warc.gz"]
)
def test_a_warc_is_found_by_each_name_that_an_index_may_have_for_it(
    filename: str, tmp_path: Path, told: Told
) -> None:
    members = {
        "archive/sub/data.warc.gz": FERRY,
        "indexes/index.cdx": line("ferry", 0, len(FERRY), filename),
        "pages/pages.jsonl": PAGES,
    }

    with told.opened(packed(tmp_path / "x.wacz", members)) as source:
        assert list(source.members) == ["data.warc.gz"]
        assert urls(source) == ["ferry"]
    assert told == []


def test_a_compressed_index_is_read_through(tmp_path: Path, told: Told) -> None:
    crane = warc("crane")
    blocks = [
        INDEX.replace(b"ferry", b"crane").replace(b'"offset": 0', b'"offset": %d' % len(FERRY)),
        INDEX,
    ]
    members = {
        WARC_NAME: FERRY + crane,
        "indexes/index.cdx.gz": b"".join(map(gzip.compress, blocks)),
        "indexes/index.idx": b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n',
        "pages/pages.jsonl": PAGES,
    }

    with told.opened(packed(tmp_path / "x.wacz", members)) as source:
        assert urls(source) == ["crane", "ferry"]
    assert told == []


@pytest.mark.parametrize("is_deflated", [False, True])
@pytest.mark.parametrize("name", ["archive/data.warc.gz", "archive/data.warc"])
def test_a_warc_that_is_deflated_can_be_read_by_range_all_the_same(
    name: str, is_deflated: bool, tmp_path: Path, told: Told
) -> None:
    octets = b"".join(capture(page) for page in ("crane", "ferry", "mast"))
    members = {name: octets, "pages/pages.jsonl": PAGES}

    with told.opened(packed(tmp_path / "x.wacz", members, is_deflated=is_deflated)) as source:
        assert urls(source) == ["crane", "ferry", "mast"]
        (member,) = source.members.values()
        with member.open() as file:
            file.seek(-9, 2)
            assert file.read() == octets[-9:]


# Indexes that are of no use


@pytest.mark.parametrize(
    ("index", "problem"),
    [
        ({}, "it has no index that lists what it holds"),
        ({"indexes/index.cdxj": b""}, "it has no index that lists what it holds"),
        ({"indexes/index.cdx": b" CDX N b a m s k r M S V g\na b c\n"}, "it has no index that"),
        ({"indexes/index.cdx.gz": gzip.compress(INDEX)[:-9]}, "its index is damaged (Compressed "),
        ({"indexes/index.cdx.gz": b"late"}, "its index is damaged (Not a gzipped file"),
        (
            {"indexes/index.cdx.gz": gzip.compress(INDEX)[:15] + b"\0" * 20},
            "its index is damaged (Error -3",
        ),
    ],
)  # fmt: skip
def test_without_an_index_the_warcs_are_read_through(
    index: dict[str, bytes], problem: str, tmp_path: Path, told: Told
) -> None:
    members = {WARC_NAME: FERRY, "archive/more.warc.gz": warc("crane"), **index}
    path = packed(tmp_path / "x.wacz", members)

    with told.opened(path) as source:
        assert list(source.members) == ["data.warc.gz", "more.warc.gz"]
        assert urls(source) == ["crane", "ferry"]
        assert [page["title"] for page in pages(source)] == ["The ferry", "The ferry"]

    assert len(told) == 1
    assert told[0].startswith(f"{path}: {problem}")
    assert told[0].endswith(", so its WARCs are read through")


def test_a_warc_that_cannot_be_read_through_does_not_cost_the_others(
    tmp_path: Path, told: Told
) -> None:
    path = packed(tmp_path / "x.wacz", {WARC_NAME: FERRY, "archive/late.warc.gz": b"late"})

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]

    assert told[1:] == [
        f"{path}, archive/late.warc.gz at 0: b'late' begins no record, and no sound record comes "
        "before that: it is left out"
    ]


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("archive/x.warc.zst", zstd.compress(capture("ferry"))),
        ("archive/x.arc", b"http://quay.example/ferry 0.0.0.0 20260304050607 a/b 5\nLate.\n"),
    ],
)
def test_a_warc_that_no_replayer_reads_is_read_through(
    name: str, octets: bytes, tmp_path: Path, told: Told
) -> None:
    index = line("ferry", 0, len(octets), name.removeprefix("archive/"))
    path = packed(tmp_path / "x.wacz", {name: octets, "indexes/index.cdxj": index})

    with told.opened(path) as source:
        assert list(source.members) == ["x.warc.gz"]
        assert urls(source) == ["ferry"]
    assert told == [
        f"{path}: no range of {name} can be replayed as it is packed, so its WARCs are read "
        "through"
    ]


def test_index_lines_that_lead_out_of_the_archive_are_never_followed(
    tmp_path: Path, told: Told
) -> None:
    lines = INDEX + line("crane", 0, 10, "../../x.wacz") + line("mast", 5000, 10, "data.warc.gz")
    path = wacz(tmp_path / "x.wacz", more={"indexes/index.cdxj": lines})

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]

    assert len(told) == 1
    assert told[0].startswith(f"{path}, indexes/index.cdxj: 2 index lines left out, such as b'")


def test_lines_that_come_unsorted_or_twice_do_no_harm(tmp_path: Path, told: Told) -> None:
    octets = FERRY + warc("crane")
    crane = line("crane", len(FERRY), len(octets) - len(FERRY), "data.warc.gz")
    members = {
        WARC_NAME: octets,
        "indexes/index.cdxj": INDEX + crane + INDEX,
        "indexes/index.cdx.gz": gzip.compress(crane + INDEX),
    }

    with told.opened(wacz(tmp_path / "x.wacz", more=members)) as source:
        assert urls(source) == ["crane", "ferry"]


# Pages


def test_the_pages_of_all_lists_are_there_those_of_the_seeds_first(
    tmp_path: Path, told: Told
) -> None:
    more = PAGES.replace(b"ferry", b"crane")

    with told.opened(wacz(tmp_path / "x.wacz", more={"pages/extraPages.jsonl": more})) as source:
        assert [page["url"][20:] for page in pages(source)] == ["ferry", "crane"]


def test_without_a_page_list_the_documents_of_the_index_are_the_pages(
    tmp_path: Path, told: Told
) -> None:
    lines = INDEX + line("mast", 0, 10, "data.warc.gz", mime="text/css")
    lines += line("rope", 0, 10, "data.warc.gz", status=404)
    lines += line("form", 0, 10, "data.warc.gz", method="POST")
    header = b'{"format": "json-pages-1.0", "id": "pages"}\n'
    more = {"indexes/index.cdxj": lines, "pages/pages.jsonl": header}

    with told.opened(wacz(tmp_path / "x.wacz", more=more)) as source:
        (page,) = pages(source)

    assert (page["url"], page["ts"]) == ("http://quay.example/ferry", "2026-03-04T05:06:07Z")
    assert told == []


# What is no WACZ


@pytest.mark.parametrize(
    ("name", "octets", "problem"),
    [
        ("x.wacz", b"late", "{}: is no ZIP file, or its end is missing: "),
        ("x.wacz", b"", "{}: is no ZIP file, or its end is missing: "),
        ("x", b"PK\x03\x04", "{}: is no ZIP file, or its end is missing: "),
    ],
)
def test_what_is_no_wacz_is_refused(
    name: str, octets: bytes, problem: str, tmp_path: Path, told: Told
) -> None:
    path = tmp_path / name
    path.write_bytes(octets)

    with pytest.raises(ArchiveError) as refusal:
        told.opened(path)

    assert str(refusal.value).startswith(problem.format(path))


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"pages/pages.jsonl": PAGES}, "{} holds no WARC below archive/"),
        ({"archive/late.warc": b"late"}, "{} holds no WARC that can be read"),
        ({"../x.warc": FERRY}, "{}: its member '../x.warc' has a name that leads out of the arch"),
    ],
)
def test_a_wacz_that_holds_nothing_is_refused(
    members: dict[str, bytes], problem: str, tmp_path: Path, told: Told
) -> None:
    path = packed(tmp_path / "x.wacz", members)

    with pytest.raises(ArchiveError) as refusal:
        told.opened(path)

    assert str(refusal.value).startswith(problem.format(path))


def package(**hashes: str) -> bytes:
    """Return a package that lists the index and the pages of a WACZ as others are."""
    names = {"index": "indexes/index.cdxj", "pages": "pages/pages.jsonl"}
    resources = [{"path": names[name], "hash": digest} for name, digest in hashes.items()]
    return json.dumps({"resources": resources}).encode()


NONE = f"sha256:{'0' * 64}"
INDEX_HASH = f"sha256:{hashlib.sha256(INDEX).hexdigest()}"


def test_an_index_that_is_not_as_listed_is_told_when_it_is_opened(
    tmp_path: Path, told: Told
) -> None:
    more = {"datapackage.json": package(index=NONE, pages="md5:0")}
    path = wacz(tmp_path / "x.wacz", more=more)

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]
    assert told == [
        f"{path} holds 'indexes/index.cdxj' with sha256 {INDEX_HASH[7:]} where its "
        f"datapackage.json says {NONE[7:]}: do not trust what it shows"
    ]


def test_pages_that_are_not_as_listed_are_told_once_when_they_are_read(
    tmp_path: Path, told: Told
) -> None:
    more = {"datapackage.json": package(index=INDEX_HASH, pages="md5:0")}
    path = wacz(tmp_path / "x.wacz", more=more)

    with told.opened(path) as source:
        assert told == []
        assert pages(source) == pages(source) == [json.loads(PAGES)]
    (sentence,) = told
    assert sentence.startswith(f"{path} holds 'pages/pages.jsonl' with md5 ")


def test_a_compressed_index_is_hashed_as_it_lies(tmp_path: Path, told: Told) -> None:
    packed_index = gzip.compress(INDEX)
    digest = hashlib.sha256(packed_index).hexdigest()
    resources = [{"path": "indexes/index.cdx.gz", "hash": f"sha256:{digest}"}]
    members = {
        WARC_NAME: FERRY,
        "indexes/index.cdx.gz": packed_index,
        "datapackage.json": json.dumps({"resources": resources}).encode(),
    }

    with told.opened(packed(tmp_path / "x.wacz", members)) as source:
        assert urls(source) == ["ferry"]
    assert told == []


def test_a_list_that_its_package_does_not_know_is_told(tmp_path: Path, told: Told) -> None:
    path = wacz(tmp_path / "x.wacz", more={"datapackage.json": package(index=INDEX_HASH)})

    with told.opened(path) as source:
        assert len(pages(source)) == 1
    assert told == [
        f"{path} holds 'pages/pages.jsonl', which its datapackage.json does not list: do not "
        "trust what it shows"
    ]


def test_a_package_that_lists_nothing_is_told(tmp_path: Path, told: Told) -> None:
    path = wacz(tmp_path / "x.wacz", more={"datapackage.json": b"{}"})

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]
    assert told == [f"{path} has a datapackage.json that lists nothing: do not trust it"]


@pytest.mark.parametrize("digest", [b"", b"{}", json.dumps({"hash": NONE}).encode()])
def test_a_package_that_its_digest_does_not_know_is_told(
    digest: bytes, tmp_path: Path, told: Told
) -> None:
    more = {
        "datapackage.json": package(index=INDEX_HASH),
        "datapackage-digest.json": digest,
    }
    path = wacz(tmp_path / "x.wacz", more=more)

    with told.opened(path):
        assert told == [
            f"{path} has another datapackage.json than its datapackage-digest.json says: do not "
            "trust what it shows"
        ]
