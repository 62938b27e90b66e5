from __future__ import annotations

import gzip
import io
import json
import shutil
from pathlib import Path

import pytest

from archiver.check import check_path, run_check
from tests.archiver.quay import NOTHING, STEM, Spoil, build, foreign, sha256, told
from tests.archiver.test_collection import Open, names, open_collection, written

__all__ = ["open_collection"]

WARC = f"quay/archive/{STEM}.warc.gz"


@pytest.fixture
def quay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a sound collection, in the folder that the test runs in."""
    monkeypatch.chdir(tmp_path)
    build(Path())
    return Path("quay")


def status_of(*paths: Path) -> int:
    return run_check(paths, False, io.StringIO())


# Sound


def test_a_sound_collection_has_nothing_to_tell(quay: Path) -> None:
    assert told(quay) == ["6 files, 6 records, 0 faults, 0 notes, 0 unreadable"]
    assert status_of(quay) == 0


def test_a_warc_of_a_collection_is_sound_by_itself(quay: Path) -> None:
    assert told(Path(WARC)) == ["1 files, 6 records, 0 faults, 0 notes, 0 unreadable"]


def test_a_folder_of_collections_is_checked_one_by_one(quay: Path) -> None:
    assert told(Path()) == ["6 files, 6 records, 0 faults, 0 notes, 0 unreadable"]


def test_the_folder_of_another_program_is_checked_by_its_warcs(quay: Path) -> None:
    shutil.rmtree("quay/manifests")
    shutil.rmtree("quay/crawls")

    assert told(quay) == ["1 files, 6 records, 0 faults, 0 notes, 0 unreadable"]


def test_a_folder_of_warcs_is_checked_one_by_one(tmp_path: Path) -> None:
    (tmp_path / "one.warc").write_bytes(foreign("resource", "", b"x"))
    (tmp_path / "two.warc.gz").write_bytes(gzip.compress(foreign("resource", "", b"x")))
    (tmp_path / "notes.txt").write_text("not an archive")

    assert told(tmp_path) == ["2 files, 2 records, 0 faults, 0 notes, 0 unreadable"]


@pytest.mark.parametrize(
    ("method", "count"), [("HEAD", "0 faults"), ("POST", "1 faults")], ids=["head", "post"]
)
def test_a_body_after_head_is_no_payload(
    method: str, count: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    block = f"{method} /crane HTTP/1.1\r\nHost: quay.example\r\n\r\n"
    get = "GET /crane HTTP/1.1\r\nHost: quay.example\r\n\r\n"
    build(
        Path(),
        Spoil("crane", "GONE", NOTHING),
        Spoil("index", "GONE", NOTHING),
        Spoil("crane request", sha256(get.encode()), sha256(block.encode())),
        Spoil("crane request", f"Content-Length: {len(get)}", f"Content-Length: {len(block)}"),
        Spoil("crane request", get, block),
    )

    assert count in told(Path("quay"))[-1]


# What is told, and how


def test_a_fault_is_one_object_of_json_and_the_sums_are_the_last(quay: Path) -> None:
    (quay / "crawls/20260304050607-article.json").write_text("[]")

    lines = [json.loads(line) for line in told(quay, as_json=True)]

    assert lines == [
        {
            "kind": "crawl",
            "severity": "fault",
            "file": "quay/crawls/20260304050607-article.json",
            "offset": None,
            "record_id": None,
            "found": "no JSON object",
            "expected": "the log of a crawl",
        },
        {"files": 6, "records": 6, "faults": 1, "notes": 0, "unreadable": 0},
    ]


def test_a_fault_cannot_write_to_the_terminal_of_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(foreign("metadata", "WARC-Truncated: \x1b[2J\x85loud\n", b""))

    assert r"WARC-Truncated is '\x1b[2J\x85loud'; expected length" in told(path)[0]


def test_what_is_found_is_not_told_at_any_length(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(foreign("metadata", f"WARC-Truncated: {'a b' * 9999}\n", b""))

    (fault,) = check_path(path)

    assert len(fault.found) == 300


@pytest.mark.parametrize(
    ("spoils", "status"),
    [
        ([], 0),
        ([Spoil("manifest", '"page_count": 1', '"page_count": 2')], 1),
        ([Spoil("manifest", '"version": 1', '"version": 2')], 2),
    ],
    ids=["sound", "faults", "not readable"],
)
def test_the_exit_status_says_sound_faulty_or_not_readable(
    spoils: list[Spoil], status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    build(Path(), *spoils)

    assert status_of(Path("quay")) == status


def test_the_paths_that_can_be_read_are_checked_beside_those_that_cannot(quay: Path) -> None:
    out = io.StringIO()

    status = run_check([Path("nowhere"), quay], False, out)

    assert out.getvalue().splitlines() == [
        "nowhere: unreadable: cannot be read (No such file or directory)",
        "6 files, 6 records, 0 faults, 0 notes, 1 unreadable",
    ]
    assert status == 2


@pytest.mark.parametrize(
    ("name", "octets", "found"),
    [
        ("x.warc.gz", b"", "is empty"),
        (
            "x.warc.lz4",
            b"\x04\x22\x4d\x18",
            "x.warc.lz4 is compressed with LZ4, which cannot be read yet: "
            "run 'lz4 -d' on it first",
        ),
    ],
    ids=["empty", "LZ4"],
)
def test_a_file_that_cannot_be_checked_says_why(
    name: str, octets: bytes, found: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(octets)

    assert told(path)[0] == f"{path}: unreadable: {found}"
    assert status_of(path) == 2


def test_an_empty_collection_says_so(tmp_path: Path) -> None:
    (tmp_path / "manifests").mkdir()

    assert told(tmp_path)[0] == f"{tmp_path}: unreadable: is a collection without anything in it"


def test_a_folder_without_archives_says_so(tmp_path: Path) -> None:
    found = "holds neither manifests/ of a collection nor a WARC or WACZ file"

    assert told(tmp_path)[0] == f"{tmp_path}: unreadable: {found}"


# Files that are missing, changed or too many


@pytest.mark.parametrize("part", ["archive", "indexes", "pages", "text"])
def test_a_file_that_is_missing_is_told(part: str, quay: Path) -> None:
    (path,) = (quay / part).iterdir()
    path.unlink()

    lines = told(quay)

    name = path.relative_to(quay).as_posix().replace(STEM, "STEM")
    assert lines[0] == f"MANIFEST: fault: missing-file: no {name}; expected a file that it seals"
    assert status_of(quay) == 1


def test_a_missing_crawl_log_is_told(quay: Path) -> None:
    (quay / "crawls/20260304050607-article.json").unlink()

    assert told(quay)[0] == (
        "MANIFEST: fault: crawl: no crawls/20260304050607-article.json; "
        "expected the log that the manifest names"
    )


def test_a_changed_octet_is_damage_and_another_hash(quay: Path) -> None:
    octets = bytearray(Path(WARC).read_bytes())
    octets[3700] ^= 1
    Path(WARC).write_bytes(octets)

    lines = told(quay)

    assert lines[0] == (
        "WARC at 3227 <5>: fault: damaged: the gzip member is damaged "
        "(Error -3 while decompressing data: incorrect data check); "
        "expected a whole record; nothing after it was checked"
    )
    assert lines[1].startswith("WARC: fault: hash: sha256 ")
    assert len(lines) == 3


def test_a_warc_cut_short_is_told_with_the_place_of_the_cut(quay: Path) -> None:
    Path(WARC).write_bytes(Path(WARC).read_bytes()[:2000])

    lines = told(quay)

    assert lines[0].startswith("WARC at 1910: fault: cut-short: the file ends inside a gzip")
    assert lines[1] == "WARC: fault: hash: bytes 2000; expected 3805 as the manifest says"


def test_a_text_file_that_is_no_gzip_is_told(quay: Path) -> None:
    (path,) = (quay / "text").iterdir()
    path.write_bytes(b"not gzip")

    lines = told(quay)

    assert "TEXTS: fault: text: line 0: gunzipping stops here (Not a gzipped file (b'no'))" in (
        lines[2].partition(";")[0],
        lines[3].partition(";")[0],
    )


def test_a_sealed_file_without_a_manifest_is_a_fault(quay: Path) -> None:
    (quay / "manifests" / f"{STEM}.json").unlink()

    assert told(quay) == [
        "WARC: fault: unsealed: looks sealed and has no manifest; expected manifests/STEM.json",
        "2 files, 6 records, 1 faults, 0 notes, 0 unreadable",
    ]


def test_a_foreign_file_in_a_collection_is_a_note(quay: Path) -> None:
    (quay / "archive/.DS_Store").write_bytes(b"")

    assert told(quay)[0] == (
        "quay/archive/.DS_Store: note: stray-file: not ours; expected only *.warc.gz in archive/"
    )
    assert status_of(quay) == 0


# Growing


def growing(quay: Path) -> Path:
    """Turn the collection into one whose crawl is running; return the path of its WARC."""
    (quay / "manifests" / f"{STEM}.json").unlink()
    (quay / "indexes" / f"{STEM}.cdxj").unlink()
    for part in ("archive", "pages", "text"):
        (path,) = (quay / part).iterdir()
        path.rename(path.with_name(f"{path.name}.open"))
    return Path(f"{WARC}.open")


UNFINISHED = "WARC.open: note: unfinished: its crawl is running still, or was killed"


@pytest.mark.parametrize("length", [3805, 3800, 3300, 1216], ids=["whole", "a", "b", "pair"])
def test_a_stem_that_is_growing_is_no_fault(length: int, quay: Path) -> None:
    warc = growing(quay)
    warc.write_bytes(warc.read_bytes()[:length])

    lines = told(quay)

    assert lines[:-1] == [UNFINISHED]
    assert "0 faults, 1 notes" in lines[-1]


def test_damage_in_a_stem_that_is_growing_is_a_fault(quay: Path) -> None:
    warc = growing(quay)
    octets = warc.read_bytes()
    warc.write_bytes(octets[:600] + b"\x00\x00\x00" + octets[603:])

    lines = told(quay)

    assert lines[0] == UNFINISHED
    assert lines[1].startswith("WARC.open at 439 <1>: fault: damaged: the gzip member is damaged")


def test_a_growing_warc_can_be_checked_by_itself(quay: Path) -> None:
    assert told(growing(quay)) == [
        "WARC.open: note: unfinished: still being written",
        "1 files, 6 records, 0 faults, 1 notes, 0 unreadable",
    ]


# A collection whose name, and so the stems of which, have dots


def dotted(open_collection: Open, folder: Path, *, is_sealed: bool) -> str:
    """Write a collection with a page below *folder*; return the name of its stem."""
    collection = open_collection(prefix="example.org")
    collection.begin("article")
    page = written(collection)
    collection.declare(page)
    collection.finish(page, None)
    if is_sealed:
        collection.sealed()
    collection.close()
    (filename,) = names(folder, "archive")
    return filename.partition(".warc.gz")[0]


def test_a_sealed_stem_with_dots_is_sound(open_collection: Open, tmp_path: Path) -> None:
    stem = dotted(open_collection, tmp_path, is_sealed=True)

    assert stem.startswith("example.org-")
    assert told(tmp_path / "news") == ["6 files, 4 records, 0 faults, 0 notes, 0 unreadable"]


def test_a_growing_stem_with_dots_is_one_note(open_collection: Open, tmp_path: Path) -> None:
    stem = dotted(open_collection, tmp_path, is_sealed=False)
    (tmp_path / f"news/pages/{stem}.jsonl.sorted.open").write_bytes(b"")
    (tmp_path / f"news/text/{stem}.jsonl.gz.open").write_bytes(b"")

    assert [line.partition(".open: ")[2] for line in told(tmp_path / "news")[:-1]] == [
        "note: unfinished: its crawl is running still, or was killed"
    ]


TORN = [
    "archive/{}.warc.gz.torn",
    "archive/{}.warc.gz.2.torn",
    "archive/{}.warc.gz.10.torn.open",
    "pages/{}.jsonl.torn",
    "text/{}.jsonl.torn",
    "text/{}.jsonl.3.torn",
]


@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize("name", TORN)
def test_what_was_cut_off_a_stem_with_dots_is_a_note(
    name: str, is_sealed: bool, open_collection: Open, tmp_path: Path
) -> None:
    stem = dotted(open_collection, tmp_path, is_sealed=is_sealed)
    path = tmp_path / "news" / name.format(stem)
    path.write_bytes(b"x")

    lines = told(tmp_path / "news")

    assert [line.split(": ")[1:3] for line in lines if line.startswith(f"{path}: ")] == [
        ["note", "torn"]
    ]
    assert ", 0 faults, " in lines[-1]


def test_a_sealed_file_with_dots_and_no_manifest_is_a_fault(
    open_collection: Open, tmp_path: Path
) -> None:
    stem = dotted(open_collection, tmp_path, is_sealed=True)
    (tmp_path / f"news/manifests/{stem}.json").unlink()

    (fault,) = [line for line in told(tmp_path / "news") if ": fault: " in line]

    assert fault.endswith(f"has no manifest; expected manifests/{stem}.json")


@pytest.mark.parametrize(
    "name",
    ["archive/notes.txt", "archive/notes.torn", "archive/notes.open", "text/{}.jsonl"],
)
def test_a_name_that_no_file_of_a_stem_has_is_a_stray(
    name: str, open_collection: Open, tmp_path: Path
) -> None:
    stem = dotted(open_collection, tmp_path, is_sealed=True)
    path = tmp_path / "news" / name.format(stem)
    path.write_bytes(b"x")

    lines = told(tmp_path / "news")

    assert [line.split(": ")[:3] for line in lines[:-1]] == [[str(path), "note", "stray-file"]]
