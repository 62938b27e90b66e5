"""A WACZ is proved sound, or what is wrong with it is said, and where."""

from __future__ import annotations

import gzip
import io
import json
import re
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest

from archiver.check import check_path, run_check
from archiver.places import Names, StoredPlace
from archiver.storage.local import LocalStore
from archiver.wacz.blocks import write_blocks
from tests.archiver.quay import FERRY, GONE, STEM, Spoil, build, foreign, told
from tests.archiver.wacz.packing import (
    DIGEST,
    INDEX,
    PACKAGE,
    PAGES,
    Change,
    export,
    gone,
    hash_of,
    pack,
    put,
    repack,
    say,
    swap,
)

WARC = f"archive/{STEM}.warc.gz"
SOUND = "4 files, 6 records, 0 faults, 0 notes, 0 unreadable"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return pack(tmp_path)


def lines_of(path: Path) -> list[str]:
    """Return what a check of *path* says, but for its folder, its hashes and the sums."""
    return [
        re.sub(r"\b[0-9a-f]{64}\b", "~", line.replace(f"{path.parent}/", ""))
        for line in told(path)[:-1]
    ]


def status_of(path: Path) -> int:
    return run_check([path], False, io.StringIO())


# What is sound


def test_a_wacz_of_ours_is_sound(path: Path) -> None:
    assert told(path) == [SOUND]
    assert status_of(path) == 0


def test_a_signed_wacz_of_ours_is_sound(tmp_path: Path) -> None:
    assert told(pack(tmp_path, key=tmp_path / "key.pem")) == [SOUND]


def test_a_wacz_may_hold_more_if_it_lists_it(path: Path) -> None:
    repack(path, {"logs/crawl.log": put(b"It went well.\n")})

    assert told(path) == [SOUND.replace("4 files", "5 files")]


def test_what_need_not_be_read_by_range_may_be_deflated(path: Path) -> None:
    repack(path, {}, deflated=PAGES)

    assert told(path) == [SOUND]


def test_a_wacz_in_a_folder_is_checked(path: Path) -> None:
    folder = path.parent / "sent"
    folder.mkdir()
    path.rename(folder / "quay.wacz")

    assert told(folder) == [SOUND]


def blocked(path: Path, folder: Path, *, spoil: Change = bytes, lines: Change = bytes) -> Path:
    """Let the WACZ at *path* have its index in blocks, with *spoil* done to their index."""
    with zipfile.ZipFile(path) as archive:
        index = (lines(archive.read(INDEX)) or b"").splitlines(keepends=True)
    blocks, short = write_blocks(index, folder)
    return repack(
        path,
        {
            INDEX: gone,
            "indexes/index.cdx.gz": put(blocks.read_bytes()),
            "indexes/index.idx": put(spoil(short.read_bytes()) or b""),
        },
    )


def test_an_index_in_blocks_is_sound(path: Path, tmp_path: Path) -> None:
    assert told(blocked(path, tmp_path)) == [SOUND.replace("4 files", "5 files")]


# What is not

CASES: dict[str, tuple[dict[str, Change], dict[str, Any], list[str]]] = {
    "no package": (
        {PACKAGE: gone},
        {"fits": False},
        ["quay.wacz: fault: package: datapackage.json is missing; expected one"],
    ),
    "a package that is none": (
        {PACKAGE: put(b"[]")},
        {"fits": False},
        [
            "quay.wacz/datapackage.json: fault: package: no JSON object; expected a data-package",
        ],
    ),
    "another profile": (
        {PACKAGE: say(profile="tabular-data-package")},
        {},
        [
            "quay.wacz/datapackage.json: fault: package: profile 'tabular-data-package'; "
            "expected 'data-package'"
        ],
    ),
    "no version": (
        {PACKAGE: say(wacz_version=None)},
        {},
        ["quay.wacz/datapackage.json: fault: package: wacz_version None; expected '1.1.1'"],
    ),
    "a version of another day": (
        {PACKAGE: say(wacz_version="1.2.0")},
        {},
        ["quay.wacz/datapackage.json: note: package: wacz_version '1.2.0'; expected '1.1.1'"],
    ),
    "no resources": (
        {PACKAGE: say(resources=None)},
        {},
        [
            "quay.wacz/datapackage.json: fault: package: no resources; expected all files of the "
            "WACZ"
        ],
    ),
    "resources that are none": (
        {
            PACKAGE: say(
                resources=[
                    7,
                    {"path": INDEX},
                    {"path": INDEX},
                    {"path": "../../etc/passwd", "hash": f"sha256:{'0' * 64}", "bytes": 1},
                    {"path": PAGES, "hash": "crc32:00000000", "bytes": "204"},
                ]
            )
        },
        {},
        [
            "quay.wacz/datapackage.json: fault: package: 1 resources without a path; expected a "
            "path in each",
            f"quay.wacz/datapackage.json: fault: package: no bytes of {INDEX!r}; expected their "
            "number",
            f"quay.wacz/datapackage.json: fault: package: no hash of {INDEX!r} that can be "
            "verified; expected one such as sha256:…",
            f"quay.wacz/datapackage.json: fault: package: {INDEX!r} is listed twice; expected "
            "once",
            "quay.wacz/datapackage.json: fault: missing-file: no '../../etc/passwd'; expected a "
            "file that it lists",
            f"quay.wacz/datapackage.json: fault: package: no bytes of {PAGES!r}; expected their "
            "number",
            f"quay.wacz/datapackage.json: fault: package: no hash of {PAGES!r} that can be "
            "verified; expected one such as sha256:…",
            "quay.wacz/archive/STEM.warc.gz: fault: stray-file: not listed; expected only what "
            "datapackage.json lists",
        ],
    ),
    "a file that is not listed": (
        {"notes.txt": put(b"x")},
        {"fits": False},
        [
            "quay.wacz/notes.txt: fault: stray-file: not listed; expected only what "
            "datapackage.json lists"
        ],
    ),
    "a file where it does not belong": (
        {"indexes/notes.txt": put(b"x")},
        {},
        [
            "quay.wacz/indexes/notes.txt: note: stray-file: not what belongs there; expected only "
            ".cdx, .cdxj, .cdx.gz, .cdxj.gz, .idx there"
        ],
    ),
    "a lie about the WARC": (
        {WARC: swap(b"hopsFromSeed: 1", b"hopsFromSeed: 2")},
        {"fits": False},
        [
            "quay.wacz/archive/STEM.warc.gz at 3227 <5>: fault: damaged: the gzip member is "
            "damaged (Error -3 while decompressing data: incorrect data check); expected a whole "
            "record; nothing after it was checked",
            "quay.wacz/archive/STEM.warc.gz: fault: hash: sha256 ~; expected ~ as "
            "datapackage.json says",
        ],
    ),
    "a lie about the pages": (
        {PAGES: swap(b"/ferry", b"/f%65rry")},
        {"fits": False},
        [
            "quay.wacz/pages/pages.jsonl at 84: note: page: 'http://quay.example/f%65rry' is in "
            "the index as a twin, such as https is to http; expected the URL of the capture",
            "quay.wacz/pages/pages.jsonl: fault: hash: bytes 206; expected 204 as "
            "datapackage.json says",
            "quay.wacz/pages/pages.jsonl: fault: hash: sha256 ~; expected ~ as datapackage.json "
            "says",
            "quay.wacz/datapackage.json: fault: page: mainPageUrl 'http://quay.example/ferry'; "
            "expected one of its pages",
        ],
    ),
    "no digest": (
        {DIGEST: gone},
        {},
        [
            "quay.wacz/datapackage-digest.json: fault: missing-file: no datapackage-digest.json; "
            "expected one, as WACZ recommends"
        ],
    ),
    "the digest of another package": (
        {DIGEST: say(path="package.json", hash=f"sha256:{'0' * 64}")},
        {},
        [
            "quay.wacz/datapackage-digest.json: fault: package: path 'package.json'; expected "
            "'datapackage.json'",
            "quay.wacz/datapackage-digest.json: fault: hash: hash 'sha256:~'; expected "
            "'sha256:~', that of datapackage.json",
        ],
    ),
    "a digest that is none": (
        {DIGEST: put(b"sha256")},
        {},
        [
            "quay.wacz/datapackage-digest.json: fault: package: no JSON object; expected path "
            "and hash"
        ],
    ),
    "a signature of nothing": (
        {DIGEST: say(signedData={"hash": "x", "signature": "AA=="})},
        {},
        [
            "quay.wacz/datapackage-digest.json: fault: signature: no created in signedData; "
            "expected one (wacz-auth 0.1.0)",
            "quay.wacz/datapackage-digest.json: fault: signature: no software in signedData; "
            "expected one (wacz-auth 0.1.0)",
            "quay.wacz/datapackage-digest.json: fault: signature: what is signed is 'x'; expected "
            "'sha256:~', that of datapackage.json",
            "quay.wacz/datapackage-digest.json: fault: signature: signed as created None; "
            "expected '2026-03-04T05:06:08Z' as datapackage.json says",
            "quay.wacz/datapackage-digest.json: fault: signature: the signature cannot be read "
            "(domainCert is None); expected one that can be verified",
        ],
    ),
    "a signature that is none": (
        {DIGEST: say(signedData="yes")},
        {},
        [
            "quay.wacz/datapackage-digest.json: fault: signature: signedData is no object; "
            "expected one (wacz-auth 0.1.0)"
        ],
    ),
    "no page list": (
        {PAGES: gone},
        {},
        ["quay.wacz: fault: missing-file: no pages/pages.jsonl; expected a list of pages"],
    ),
    "a page list without pages": (
        {PAGES: lambda octets: octets.splitlines(keepends=True)[0]},
        {},
        [
            "quay.wacz/pages/pages.jsonl: fault: page: no page; expected at least one to begin "
            "with",
            "quay.wacz/datapackage.json: fault: page: mainPageUrl 'http://quay.example/ferry'; "
            "expected one of its pages",
        ],
    ),
    "a page list without a header": (
        {PAGES: swap(b"json-pages-1.0", b"jsonl")},
        {},
        [
            'quay.wacz/pages/pages.jsonl at 0: fault: page: b\'{"format": "jsonl", "id": "pages", '
            '"title": "All Pages", "hasText": false}\\n\'; expected a header with format '
            "json-pages-1.0"
        ],
    ),
    "a page of no known time": (
        {PAGES: swap(b"2026-03-04T05:06:07.000000Z", b"2026-03-04T05:06:07")},
        {},
        [
            'quay.wacz/pages/pages.jsonl at 84: fault: page: b\'{"id": "~1", "url": '
            "\"http://quay.example/ferry'; expected an object with url and ts (RFC 3339)"
        ],
    ),
    "a page that is not archived": (
        {PAGES: swap(b"/ferry", b"/fairy")},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 84: fault: page: 'http://quay.example/fairy' is in no "
            "index; expected a capture of it",
            "quay.wacz/datapackage.json: fault: page: mainPageUrl 'http://quay.example/ferry'; "
            "expected one of its pages",
        ],
    ),
    "a page with the key of another": (
        {PAGES: swap(b"http://quay", b"hxxp://quay"), PACKAGE: say(mainPageUrl=None)},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 84: fault: page: 'hxxp://quay.example/ferry' is in no "
            "index, only another URL with its key; expected a capture of it"
        ],
    ),
    "a page behind a name that misleads": (
        {PAGES: swap(b"http://quay", b"http://bank.example@quay"), PACKAGE: say(mainPageUrl=None)},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 84: fault: page: "
            "'http://bank.example@quay.example/ferry' is in no index, only another URL with its "
            "key; expected a capture of it"
        ],
    ),
    "a page whose twin is archived": (
        {PAGES: swap(b"http://quay", b"https://www.Quay"), PACKAGE: say(mainPageUrl=None)},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 84: note: page: 'https://www.Quay.example/ferry' is "
            "in the index as a twin, such as https is to http; expected the URL of the capture"
        ],
    ),
    "a main page that is none": (
        {PACKAGE: say(mainPageUrl="http://quay.example/crane")},
        {},
        [
            "quay.wacz/datapackage.json: fault: page: mainPageUrl 'http://quay.example/crane'; "
            "expected one of its pages"
        ],
    ),
    "no title": (
        {PACKAGE: say(title=None)},
        {},
        ["quay.wacz/datapackage.json: note: package: title None; expected one to be listed by"],
    ),
    "a page of another time": (
        {PAGES: swap(b"T05:06:07", b"T05:06:09")},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 84: fault: page: no capture of "
            "2026-03-04T05:06:09.000000Z in the index; expected one, as "
            "'http://quay.example/ferry' has others"
        ],
    ),
    "a page without an id": (
        {PAGES: swap(b'"id": "00', b'"ib": "00')},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 84: fault: page: no id of "
            "'http://quay.example/ferry'; expected one"
        ],
    ),
    "a page twice": (
        {PAGES: lambda octets: octets + octets.splitlines(keepends=True)[1]},
        {},
        [
            "quay.wacz/pages/pages.jsonl at 204: fault: page: another page with id '~1'; expected "
            "one"
        ],
    ),
    "no index": (
        {INDEX: gone},
        {},
        ["quay.wacz: fault: missing-file: no index in indexes/; expected one"],
    ),
    "an index out of order": (
        {INDEX: lambda octets: b"".join(reversed(octets.splitlines(keepends=True)))},
        {},
        [
            "quay.wacz/indexes/index.cdxj at 295: fault: index: b'example,quay)/crane "
            '20260304050608 {"url": "http://quay.example/crane", "mime": \' after '
            'b\'example,quay)/ferry 20260304050607 {"url": "http://quay.example/ferry", "mime": '
            "'; expected lines in the order of their bytes"
        ],
    ),
    "a line that is none": (
        {INDEX: lambda octets: octets + b"zebra\n"},
        {},
        [
            "quay.wacz/indexes/index.cdxj at 592: fault: index: no key and 14-digit timestamp: "
            "b'zebra\\n'; expected a line of CDXJ"
        ],
    ),
    "an index that is cut short": (
        {INDEX: lambda octets: octets[:-1]},
        {},
        [
            "quay.wacz/indexes/index.cdxj at 297: fault: index: "
            "b'4050607000-00000-pier-00c0ffee.warc.gz\"}' at the end; expected a line end"
        ],
    ),
    "a line about a WARC that is not there": (
        {INDEX: swap(b'"filename": "quay', b'"filename": "pier')},
        {},
        [
            "quay.wacz/indexes/index.cdxj at 0: fault: index: filename "
            "'pier-20260304050607000-00000-pier-00c0ffee.warc.gz'; expected that of a file in "
            "archive/",
            "quay.wacz/indexes/index.cdxj at 297: fault: index: filename "
            "'pier-20260304050607000-00000-pier-00c0ffee.warc.gz'; expected that of a file in "
            "archive/",
            "quay.wacz/indexes/index.cdxj <1>: fault: index: no line for the response record at "
            "439; expected one",
            "quay.wacz/indexes/index.cdxj <3>: fault: index: no line for the response record at "
            "1910; expected one",
        ],
    ),
    "a line that points elsewhere": (
        {INDEX: swap(b'"offset": "439"', b'"offset": "440"')},
        {},
        [
            "quay.wacz/indexes/index.cdxj <1>: fault: index: no line for the response record at "
            "439; expected one",
            "quay.wacz/indexes/index.cdxj: fault: index: offset 440, where no such record begins; "
            "expected the offset of a response, revisit or resource",
        ],
    ),
    "another status": (
        {INDEX: swap(b"404", b"200")},
        {},
        ["quay.wacz/indexes/index.cdxj <3>: fault: index: status 200; expected 404 as its record"],
    ),
    "another digest": (
        {INDEX: swap(GONE.encode(), FERRY.encode())},
        {},
        [
            "quay.wacz/indexes/index.cdxj <3>: fault: index: digest 'FERRY'; expected 'GONE' as "
            "its record"
        ],
    ),
    "another key": (
        {INDEX: swap(b"/crane 2", b"/crain 2")},
        {},
        [
            "quay.wacz/indexes/index.cdxj <3>: fault: index: key 'example,quay)/crain'; expected "
            "'example,quay)/crane' as its record"
        ],
    ),
    "no WARC": (
        {WARC: gone, INDEX: put(b""), PAGES: lambda octets: octets.splitlines(keepends=True)[0]},
        {},
        [
            "quay.wacz: fault: missing-file: nothing in archive/; expected a WARC",
            "quay.wacz/pages/pages.jsonl: note: page: no page; expected at least one to begin "
            "with",
            "quay.wacz/datapackage.json: fault: page: mainPageUrl 'http://quay.example/ferry'; "
            "expected one of its pages",
        ],
    ),
    "an empty WARC": (
        {WARC: put(b""), INDEX: put(b""), PAGES: lambda octets: octets.splitlines(True)[0]},
        {},
        [
            "quay.wacz/archive/STEM.warc.gz: fault: damaged: is empty; expected records",
            "quay.wacz/pages/pages.jsonl: note: page: no page; expected at least one to begin "
            "with",
            "quay.wacz/datapackage.json: fault: page: mainPageUrl 'http://quay.example/ferry'; "
            "expected one of its pages",
        ],
    ),
    "a WARC that is deflated once more": (
        {},
        {"deflated": WARC},
        [
            "quay.wacz/archive/STEM.warc.gz: fault: zip: deflated; expected stored, to be read by "
            "range"
        ],
    ),
}


@pytest.mark.parametrize(("changes", "how", "faults"), CASES.values(), ids=CASES)
def test_what_is_wrong_is_said_where_it_is(
    changes: dict[str, Change], how: dict[str, Any], faults: list[str], path: Path
) -> None:
    repack(path, changes, **how)

    assert lines_of(path) == faults
    assert status_of(path) == int(any(": fault: " in line for line in faults))


BLOCKS: dict[str, tuple[Change, Change, list[str]]] = {
    "another format": (
        swap(b"cdxj-gzip-1.0", b"cdx-gzip-0.9"),
        bytes,
        ["quay.wacz/indexes/index.idx at 0: fault: index: format 'cdx-gzip-0.9'; expected "
         "'cdxj-gzip-1.0'"],
    ),
    "another key": (
        swap(b"example,quay)/crane", b"example,quay)/crain"),
        bytes,
        ["quay.wacz/indexes/index.idx at 64: fault: index: the block at 0 begins with "
         "b'example,quay)/crane 20260304050608'; expected b'example,quay)/crain 20260304050608'"],
    ),
    "another digest": (
        swap(b'"digest": "sha256:', b'"digest": "sha256:00'),
        bytes,
        ["quay.wacz/indexes/index.idx at 64: fault: hash: the block at 0 has sha256:~; expected "],
    ),
    "no block": (
        lambda octets: octets.splitlines(keepends=True)[0] + b"example,quay)/ {}\n",
        bytes,
        ["quay.wacz/indexes/index.idx at 64: fault: index: b'example,quay)/ {}\\n'; expected a "
         "key, and offset and length of a block"],
    ),
    "blocks of another file": (
        swap(b"index.cdx.gz", b"../index.cdx.gz"),
        bytes,
        ["quay.wacz/indexes/index.idx at 67: fault: index: a block of indexes/../index.cdx.gz; "
         "expected a file of the WACZ"],
    ),
    "a damaged line within": (
        bytes,
        swap(b"example,quay)/ferry 2", b"example,quay)/ferry x"),
        ["quay.wacz/indexes/index.cdx.gz: fault: index: no key and 14-digit timestamp: "],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "lines", "beginnings"), BLOCKS.values(), ids=BLOCKS)
def test_an_index_in_blocks_is_compared_with_them(
    spoil: Change, lines: Change, beginnings: list[str], path: Path, tmp_path: Path
) -> None:
    found = lines_of(blocked(path, tmp_path, spoil=spoil, lines=lines))

    assert [line[: len(start)] for line, start in zip(found, beginnings, strict=False)] == (
        beginnings
    )


def test_blocks_that_are_not_all_named_are_found_out(path: Path, tmp_path: Path) -> None:
    blocked(path, tmp_path)
    repack(path, {"indexes/index.cdx.gz": lambda octets: octets + gzip.compress(b"")})

    (fault,) = lines_of(path)

    assert fault.startswith("quay.wacz/indexes/index.idx: fault: index: its blocks end at ")


def test_a_gzipped_index_that_is_damaged_is_said_once(path: Path, tmp_path: Path) -> None:
    blocked(path, tmp_path)
    repack(path, {"indexes/index.cdx.gz": lambda o: o[:-4], "indexes/index.idx": gone})

    found = lines_of(path)

    assert found[0] == (
        "quay.wacz/indexes/index.cdx.gz: fault: index: cannot be unpacked (Compressed file ended "
        "before the end-of-stream marker was reached); expected gzip"
    )


def test_an_index_that_would_fill_the_disk_is_not_unpacked(path: Path) -> None:
    bomb = gzip.compress(bytes(80 << 20))
    repack(path, {INDEX: gone, "indexes/index.cdx.gz": put(bomb)})

    assert any("become more than 100 times as many" in line for line in lines_of(path))


def test_a_zip_that_contradicts_itself_is_one_fault(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])

    assert lines_of(path) == [
        "quay.wacz: fault: zip: is no ZIP file, or its end is missing; expected a sound ZIP file"
    ]
    assert status_of(path) == 1


def test_octets_that_the_zip_does_not_vouch_for_are_found_out(path: Path) -> None:
    octets = bytearray(path.read_bytes())
    entry = octets.index(b"PK\x01\x02")
    octets[entry + 16 : entry + 20] = struct.pack("<L", 7)
    path.write_bytes(octets)

    (fault,) = check_path(path)

    assert (fault.kind, fault.expected) == ("zip", "00000007 as the ZIP says")


def test_a_member_that_cannot_be_read_does_not_hide_the_others(path: Path) -> None:
    repack(path, {INDEX: swap(b"404", b"200")})
    path.write_bytes(path.read_bytes().replace(b"PK\x03\x04", b"PK\x03\x05", 1))

    assert lines_of(path) == [
        "quay.wacz/archive/STEM.warc.gz: fault: zip: its member "
        "'archive/STEM.warc.gz' is not where the directory says; expected what its directory says"
    ]


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (b"MZ", b"", "2 octets before the first file"),
        (b"", b"tail", "4 octets after the end"),
    ],
)
def test_octets_that_belong_to_no_file_are_noted(
    before: bytes, after: bytes, found: str, path: Path
) -> None:
    path.write_bytes(before + path.read_bytes() + after)

    assert lines_of(path) == [f"quay.wacz: note: zip: {found}; expected nothing but the files"]


def test_octets_between_the_last_file_and_the_directory_are_noted(path: Path) -> None:
    octets = path.read_bytes()
    directory = octets.index(b"PK\x01\x02")
    end = octets.rindex(b"PK\x05\x06")
    moved = struct.pack("<L", directory + 6)
    path.write_bytes(
        octets[:directory] + b"hidden" + octets[directory : end + 16] + moved + octets[end + 20 :]
    )

    assert lines_of(path) == [
        "quay.wacz: note: zip: 6 octets after the last file; expected nothing but the files"
    ]


def test_a_comment_is_part_of_a_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.comment = b"It went well."

    assert told(path) == [SOUND]


def test_a_domain_beside_a_bare_key_is_not_vouched_for(tmp_path: Path) -> None:
    path = pack(tmp_path, key=tmp_path / "key.pem")
    with zipfile.ZipFile(path) as archive:
        signed = json.loads(archive.read(DIGEST))["signedData"]
    repack(path, {DIGEST: say(signedData=signed | {"domain": "bank.example"})}, fits=False)

    assert lines_of(path) == [
        "quay.wacz/datapackage-digest.json: note: signature: domain 'bank.example' beside a bare "
        "key, which proves no domain"
    ]


def test_a_part_of_several_may_have_no_page(tmp_path: Path) -> None:
    path = pack(tmp_path)
    repack(path, {PAGES: lambda o: o.splitlines(True)[0], PACKAGE: say(mainPageUrl=None)})
    listing = path.with_name("all.json")
    listing.write_text(
        json.dumps({"profile": "multi-wacz-package", "resources": [{"path": path.name}]}),
        encoding="ascii",
    )

    assert [(fault.severity, fault.found) for fault in check_path(listing)] == [
        ("note", "no page")
    ]
    assert status_of(path) == 1


def test_a_fault_in_a_warc_is_found_there(tmp_path: Path) -> None:
    collection = build(tmp_path, Spoil("crane", "Gone.", "Gane."))
    export([collection], tmp_path / "quay.wacz")

    assert [line.partition(": ")[0] for line in lines_of(tmp_path / "quay.wacz")] == [
        "quay.wacz/archive/STEM.warc.gz at 1910 <3>",
        "quay.wacz/archive/STEM.warc.gz at 1910 <3>",
    ]


# The WACZs of others


def theirs(folder: Path, **fields: Any) -> Path:
    """Return a WACZ that somebody else's software made of somebody else's WARC."""
    warc = foreign("resource", "Content-Type: text/plain\n", b"Gone.")
    line = {"url": "http://quay.example/", "length": len(warc), "offset": 0} | fields
    path = folder / "theirs.wacz"
    members = {
        "archive/data.warc": warc,
        "indexes/index.cdx": b"example,quay)/ 20260304050607 "
        + json.dumps(line | {"filename": "data.warc"}).encode()
        + b"\n",
        "pages/pages.jsonl": b'{"format": "json-pages-1.0"}\n'
        b'{"url": "http://quay.example/other", "ts": "2026-03-04T05:06:07Z"}\n',
    }
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "software": "theirs 1.0",
        "resources": [
            {"path": name, "hash": hash_of(octets), "bytes": len(octets)}
            for name, octets in members.items()
        ],
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, octets in {**members, PACKAGE: json.dumps(package).encode()}.items():
            archive.writestr(name, octets)
    return path


def test_what_others_may_leave_out_is_a_note(tmp_path: Path) -> None:
    faults = list(check_path(theirs(tmp_path)))

    assert [(fault.severity, fault.kind, fault.found) for fault in faults] == [
        ("note", "package", "title None"),
        ("note", "missing-file", "no datapackage-digest.json"),
        ("note", "page", "no id of 'http://quay.example/other'"),
        ("note", "page", "'http://quay.example/other' is in no index"),
        ("note", "index", "mime None"),
    ]


def test_what_others_say_of_a_record_must_be_so(tmp_path: Path) -> None:
    faults = check_path(theirs(tmp_path, length=1))

    assert [fault.found for fault in faults if fault.severity == "fault"] == ["length 1"]


CORPUS = {
    "valid_example_1.wacz": ["note package", "note package", "note missing-file", "note index"],
    "valid_example_2.wacz": [],
    "valid_signed_example_1.wacz": ["note package", "note signature"],  # no title
    "invalid_example_1.wacz": [
        "fault package",  # no version
        "note package",  # no title
        "fault missing-file",  # the index that it lists
        "note missing-file",  # the digest
        "fault missing-file",  # a WARC
        "fault missing-file",  # an index
        "fault missing-file",  # the pages
        "fault stray-file",
    ],
    # All in it is sound; but it was signed under a certificate that was made for trials.
    "invalid_signed_example_1.wacz": ["note package", "fault signature"],
}


@pytest.mark.parametrize(("name", "verdict"), CORPUS.items())
def test_the_examples_of_py_wacz_are_what_their_names_say(
    name: str, verdict: list[str], shared: Path
) -> None:
    faults = check_path(shared / "corpus" / "py-wacz" / name)

    assert [f"{fault.severity} {fault.kind}" for fault in faults] == verdict


# Several that belong together


def several(folder: Path) -> Path:
    """Return the list of two WACZs, of a collection and of a loose WARC, beside another."""
    loose = folder / "loose.warc"
    loose.write_bytes(foreign("resource", "Content-Type: text/plain\n", b"Gone."))
    sent = folder / "sent"
    sent.mkdir()
    export([build(folder)], sent / "alone.wacz")
    export([folder / "quay", loose], sent / "all.wacz", split_size=1)
    return sent / "all.json"


def test_a_list_is_checked_with_what_it_lists(tmp_path: Path) -> None:
    faults = list(check_path(several(tmp_path)))

    assert [(fault.severity, fault.found) for fault in faults] == [("note", "no page")]


def test_what_a_list_lists_is_checked_once_in_a_folder(tmp_path: Path) -> None:
    path = several(tmp_path)

    assert told(path)[-1] == "9 files, 7 records, 0 faults, 1 notes, 0 unreadable"
    assert told(path.parent)[-1] == "13 files, 13 records, 0 faults, 1 notes, 0 unreadable"


def test_a_part_that_is_not_as_listed_is_found_out(tmp_path: Path) -> None:
    path = several(tmp_path)
    with (path.parent / "all-00001.wacz").open("ab") as file:
        file.write(b"PK\x05\x06")

    assert lines_of(path)[0].startswith("all-00001.wacz: fault: hash: bytes ")


@pytest.mark.parametrize(
    ("name", "severity", "found"),
    [
        ("../alone.wacz", "fault", "'../alone.wacz' leads out"),
        ("/etc/passwd", "fault", "'/etc/passwd' leads out"),
        ("nowhere.wacz", "fault", "no 'nowhere.wacz'"),
        ("https://quay.example/x.wacz", "note", "'https://quay.example/x.wacz' lies elsewhere"),
    ],
)
def test_what_is_not_beside_a_list_is_not_read(
    name: str, severity: str, found: str, tmp_path: Path
) -> None:
    path = tmp_path / "all.json"
    fields = {"profile": "multi-wacz-package", "resources": [{"path": name}]}
    path.write_text(json.dumps(fields), encoding="ascii")

    (fault,) = check_path(path)

    assert fault.severity == severity
    assert fault.found.startswith(found)


def test_a_list_of_nothing_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_text('{"profile": "multi-wacz"}', encoding="ascii")

    assert lines_of(path) == ["all.json: fault: package: it lists nothing; expected WACZs"]


def test_any_other_json_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_text('{"profile": "data-package"}', encoding="ascii")

    assert [fault.severity for fault in check_path(path)] == ["fault"]


def test_a_list_in_a_store_is_checked_like_one_on_a_disk(tmp_path: Path) -> None:
    path = several(tmp_path)
    place = StoredPlace("s3://bucket", "sent/all.json", Names(LocalStore(tmp_path)))

    assert [fault.file for fault in check_path(place)] == [
        "s3://bucket/sent/all-00002.wacz/pages/pages.jsonl"
    ]
    assert len(list(check_path(path))) == 1
