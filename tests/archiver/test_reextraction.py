"""Text made again from WARCs that are not ours; `tests/journeys/test_tour.py` has our own."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archiver.cli import main
from archiver.demo.articles import read_articles
from archiver.demo.site import Resource, build_site
from archiver.errors import ArchiveError
from archiver.reextraction import Tally, extract_all
from archiver.warcfiles import find_warcs

BASE = "http://127.0.0.1:8000"
SITE = build_site(BASE)
ARTICLES = read_articles()
TITLES = [article.facts["title"] for article in ARTICLES]


def response(number: int, path: str) -> bytes:
    """Return the record of *path*, as a crawler that is not ours may write it."""
    return record_of(number, path, SITE[path])


def record_of(number: int, path: str, page: Resource) -> bytes:
    http = f"HTTP/1.1 {page.status} X\r\nContent-Type: {page.media_type}\r\n\r\n".encode()
    fields = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>",
        f"WARC-Target-URI: <{BASE}{path}>",
        f"WARC-Date: 2026-04-01T00:00:{number:02}Z",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http) + len(page.body)}",
        "",
        "",
    )
    return "\r\n".join(fields).encode() + http + page.body + b"\r\n\r\n"


PATHS = [*(article.path for article in ARTICLES), "/stories/ferry.php", "/assets/lantern.css"]
RECORDS = [response(number, path) for number, path in enumerate(PATHS)]
PLAIN = b"".join(RECORDS)
MEMBERS = b"".join(gzip.compress(record) for record in RECORDS)
ONE_MEMBER = gzip.compress(PLAIN)
# No machine reads ten thousand paragraphs in a thousandth of a second.
ENDLESS = SITE[PATHS[0]].body.replace(b"</body>", b"<p>On and on goes the ferry.</p>" * 10_000)
SLOW = record_of(0, PATHS[0], replace(SITE[PATHS[0]], body=ENDLESS))


def extracted(folder: Path, content: bytes, *, workers: int = 0) -> tuple[Tally, list[str]]:
    """Extract a WARC of *content* into folder/out; return the counts and the complaints."""
    (folder / "theirs.warc.gz").write_bytes(content)
    complaints: list[str] = []
    tally = extract_all(
        find_warcs([folder / "theirs.warc.gz"]),
        folder / "out",
        workers=workers,
        complain=complaints.append,
    )
    return tally, complaints


def texts_in(folder: Path) -> list[dict[str, Any]]:  # Any: it is JSON
    with gzip.open(folder / "out" / "theirs.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("texts")
    tally, complaints = extracted(folder, MEMBERS)
    assert (tally, complaints) == (Tally(warcs=1, pages=12, texts=12), [])
    return texts_in(folder)


def test_a_text_names_the_record_that_it_was_read_from(texts: list[dict[str, Any]]) -> None:
    offset = len(gzip.compress(RECORDS[0]))

    assert texts[1]["file_path"].endswith("theirs.warc.gz")
    assert texts[1]["warc_record_id"] == "<urn:uuid:00000000-0000-4000-8000-000000000001>"
    assert (texts[1]["warc_offset"], texts[1]["warc_length"]) == (
        offset,
        len(gzip.compress(RECORDS[1])),
    )
    assert texts[1]["url"] == BASE + ARTICLES[1].path


def test_texts_come_in_the_order_of_the_file(texts: list[dict[str, Any]]) -> None:
    assert [text["title"] for text in texts] == TITLES


@pytest.mark.parametrize("number", range(12), ids=[article.slug for article in ARTICLES])
def test_the_paragraphs_of_an_article_are_its_text(
    texts: list[dict[str, Any]], number: int
) -> None:
    paragraphs = re.findall(r"<p>([^<]+)</p>", ARTICLES[number].body)

    assert [part for part in paragraphs if part not in texts[number]["text"]] == []


@pytest.mark.parametrize(
    "furniture",
    ["More from the Lantern", "letter box", "remember that you have seen", "invented newspaper"],
)
def test_what_stands_around_an_article_is_no_part_of_its_text(
    texts: list[dict[str, Any]], furniture: str
) -> None:
    assert [text["title"] for text in texts if furniture in text["text"]] == []


def test_the_authors_and_the_day_of_an_article_are_found(texts: list[dict[str, Any]]) -> None:
    marked = {
        text["title"]: (text["authors"], text["published_date"][:10])
        for text in texts
        if text["authors"]
    }

    assert marked[TITLES[4]] == (["Odile Harkness", "Gregor Lathbury"], "2026-03-11")


def test_the_language_of_each_article_is_found(texts: list[dict[str, Any]]) -> None:
    assert [text["language"] for text in texts] == ["en", "de"] + ["en"] * 10


def test_a_record_that_is_passed_over_is_told_as_damage(tmp_path: Path) -> None:
    length = re.search(rb"Content-Length: ([0-9]+)", RECORDS[0])
    assert length
    longer = RECORDS[0].replace(length[0], b"Content-Length: %d" % (int(length[1]) + 9), 1)

    tally, complaints = extracted(tmp_path, longer + b"".join(RECORDS[1:]))

    assert (tally.texts, tally.damaged) == (11, 1)
    assert complaints == [
        "theirs.warc.gz at 0: the record does not end where its Content-Length says, and "
        f"{len(RECORDS[1]) - 5} octets passed over may hold records"
    ]


@pytest.mark.parametrize("content", [PLAIN, ONE_MEMBER], ids=["uncompressed", "one gzip member"])
def test_a_warc_may_be_packed_otherwise(
    tmp_path: Path, texts: list[dict[str, Any]], content: bytes
) -> None:
    tally, complaints = extracted(tmp_path, content)

    assert (tally, complaints) == (Tally(warcs=1, pages=12, texts=12), [])
    assert [text["text"] for text in texts_in(tmp_path)] == [text["text"] for text in texts]


def test_processes_write_the_file_that_a_thread_writes(
    tmp_path: Path, texts: list[dict[str, Any]]
) -> None:
    tally, _ = extracted(tmp_path, MEMBERS, workers=2)

    assert tally.texts == 12
    assert texts_in(tmp_path) == texts


def test_pages_before_damage_are_extracted_and_the_damage_is_said(tmp_path: Path) -> None:
    whole = len(MEMBERS) - len(gzip.compress(RECORDS[-1]))
    tally, complaints = extracted(tmp_path, MEMBERS[: len(MEMBERS) - 40])

    assert (tally.texts, tally.damaged) == (12, 1)
    assert [line.partition(": ")[0] for line in complaints] == [f"theirs.warc.gz at {whole}"]


def test_a_page_that_takes_too_long_costs_its_text_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archiver.reextraction.TIMEOUT", 1e-3)
    tally, complaints = extracted(tmp_path, SLOW)

    assert tally == Tally(warcs=1, pages=1, failed=1)
    assert complaints == [f"{BASE}{PATHS[0]}: no text, it took longer than 0.001 s"]
    assert texts_in(tmp_path) == []


def test_a_file_that_is_no_warc_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"\x1f\x8b no gzip at all")
    (tmp_path / "b.warc").write_bytes(b"")
    complaints: list[str] = []
    warcs = find_warcs([tmp_path])
    tally = extract_all(warcs, tmp_path / "out", workers=0, complain=complaints.append)

    assert len(complaints) == 1
    assert (tmp_path / "out" / "b.jsonl.gz").exists()
    assert tally.warcs + tally.unreadable == 2


def test_a_file_of_a_kind_that_we_do_not_read_leaves_no_text_file(tmp_path: Path) -> None:
    tally, complaints = extracted(tmp_path, b"\x04\x22\x4d\x18" + b"\0" * 100)

    assert tally == Tally(unreadable=1)
    assert len(complaints) == 1
    assert list((tmp_path / "out").iterdir()) == []


def test_what_breaks_off_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "theirs.jsonl.gz").write_bytes(b"before")
    (tmp_path / "theirs.warc.gz").write_bytes(SLOW)
    warcs = find_warcs([tmp_path / "theirs.warc.gz"])
    monkeypatch.setattr("archiver.reextraction.TIMEOUT", 1e-3)

    def interrupt(sentence: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extract_all(warcs, tmp_path / "out", workers=0, complain=interrupt)

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["theirs.jsonl.gz"]
    assert (tmp_path / "out" / "theirs.jsonl.gz").read_bytes() == b"before"


def test_a_collection_means_its_sealed_warcs_only(tmp_path: Path) -> None:
    for name in ("archive/a.warc.gz", "archive/b.warc.gz.open", "manifests/a.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert find_warcs([tmp_path]) == {"a": tmp_path / "archive" / "a.warc.gz"}


def test_a_folder_means_the_files_in_it_that_are_named_like_warcs(tmp_path: Path) -> None:
    for name in ("a.warc.gz", "b.warc", "c.arc.gz", "d.arc", "notes.txt", "e.warc.gz.open"):
        (tmp_path / name).touch()

    assert list(find_warcs([tmp_path])) == ["a", "b", "c", "d"]


def test_a_file_may_have_any_name_and_may_be_growing(tmp_path: Path) -> None:
    for name in ("a.warc.gz.open", "downloaded"):
        (tmp_path / name).touch()

    assert list(find_warcs([tmp_path / "a.warc.gz.open", tmp_path / "downloaded"])) == [
        "a",
        "downloaded",
    ]


def test_the_same_file_may_be_named_twice(tmp_path: Path) -> None:
    (tmp_path / "a.warc").touch()

    assert find_warcs([tmp_path, tmp_path / "a.warc"]) == {"a": tmp_path / "a.warc"}


def test_two_files_with_one_stem_are_refused(tmp_path: Path) -> None:
    for name in ("a.warc", "a.warc.gz"):
        (tmp_path / name).touch()

    with pytest.raises(ArchiveError, match=r"a\.warc and .*a\.warc\.gz have the same stem"):
        find_warcs([tmp_path])


def test_a_folder_without_a_warc_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="holds no WARC"):
        find_warcs([tmp_path])


def test_a_sealed_text_file_is_not_written_over(tmp_path: Path) -> None:
    for name in ("archive/a.warc.gz", "manifests/a.json", "text/a.jsonl.gz"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    with pytest.raises(ArchiveError, match=r"a\.jsonl\.gz is sealed and never changes"):
        extract_all(find_warcs([tmp_path]), tmp_path / "text", workers=0, complain=print)


def test_a_text_file_that_a_collection_has_lost_is_made_again(tmp_path: Path) -> None:
    for name in ("archive/a.warc.gz", "manifests/a.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    extract_all(find_warcs([tmp_path]), tmp_path / "text", workers=0, complain=print)

    assert gzip.decompress((tmp_path / "text" / "a.jsonl.gz").read_bytes()) == b""


def test_the_summary_is_a_line_of_all_counts() -> None:
    assert str(Tally(warcs=2, pages=7, texts=4, empty=2, failed=1, damaged=1)) == (
        "warcs 2, pages 7, texts 4, empty 2, failed 1, damaged 1, unreadable 0"
    )


@pytest.mark.parametrize(
    ("content", "status"),
    [(RECORDS[0], 0), (RECORDS[0] + RECORDS[1][:-500], 1), (b"\x04\x22\x4d\x18" + b"\0" * 90, 2)],
    ids=["sound", "damaged", "unreadable"],
)
def test_the_status_of_the_command_tells_how_it_went(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, status: int
) -> None:
    (tmp_path / "a.warc").write_bytes(content)
    out = str(tmp_path / "out")

    assert main(["extract", str(tmp_path / "a.warc"), "--out", out, "--workers", "0"]) == status
    assert capsys.readouterr().out.startswith(f"{out}: ")


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "theirs.warc.gz").touch()
    complaints: list[str] = []
    warcs = find_warcs([tmp_path])
    (tmp_path / "theirs.warc.gz").unlink()
    tally = extract_all(warcs, tmp_path / "out", workers=0, complain=complaints.append)

    assert tally == Tally(unreadable=1)
    assert complaints == [f"{tmp_path}/theirs.warc.gz cannot be read: No such file or directory"]
