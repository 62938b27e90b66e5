"""What a WACZ holds before it is written or served: nothing is copied that lies somewhere."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from archiver.browserurls import browser_url
from archiver.errors import ArchiveError
from archiver.reader import read_records
from archiver.sources import Part, Source, open_source
from archiver.wacz.layout import Entry, Layout, lay_out
from tests.archiver.quay import STEM, build
from tests.archiver.wacz.packing import CREATED


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    with open_source([build(tmp_path)], complain=pytest.fail) as opened:
        yield opened


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def laid_out(source: Source, scratch: Path) -> Layout:
    return lay_out(source, scratch, title="quay", created=CREATED, software="archiver/0.1.0")


def changed(source: Source, scratch: Path, **fields: object) -> Source:
    """Return *source* with *fields* of its one member changed."""
    (part,) = source.parts
    member = replace(part.members[0], **fields)  # type: ignore[arg-type]  # any of them
    parts = [
        Part(
            shown=part.shown,
            members=(member,),
            index_lines=part.index_lines,
            page_lines=part.page_lines,
        )
    ]
    return Source(parts, title="quay", scratch=scratch)


def octets_of(entry: Entry) -> bytes:
    with entry.open() as file:
        return file.read()


def test_every_entry_is_what_it_says(source: Source, scratch: Path) -> None:
    entries = laid_out(source, scratch).entries()

    assert [entry.name for entry in entries] == [
        f"archive/{STEM}.warc.gz",
        "indexes/index.cdxj",
        "pages/pages.jsonl",
        "datapackage.json",
        "datapackage-digest.json",
    ]
    assert [entry.size for entry in entries] == [len(octets_of(entry)) for entry in entries]


def test_every_entry_can_be_opened_twice_at_a_time(source: Source, scratch: Path) -> None:
    for entry in laid_out(source, scratch).entries():
        with entry.open() as one, entry.open() as other:
            one.seek(5)

            assert other.read(3) == octets_of(entry)[:3]
            assert one.read(3) == octets_of(entry)[5:8]


def test_no_warc_is_read(source: Source, scratch: Path) -> None:
    def refuse() -> NoReturn:
        pytest.fail("it was opened")

    entries = laid_out(changed(source, scratch, opener=refuse), scratch).entries()

    assert entries[0].size == 3805


def test_a_warc_of_which_nobody_has_said_a_hash_is_listed_without(
    source: Source, scratch: Path
) -> None:
    entries = laid_out(changed(source, scratch, sha256=None), scratch).entries()

    resources = json.loads(octets_of(entries[3]))["resources"]
    assert [sorted(resource) for resource in resources] == [
        ["bytes", "name", "path"],
        ["bytes", "hash", "name", "path"],
        ["bytes", "hash", "name", "path"],
    ]


@pytest.mark.parametrize(
    "filename", ["../x.warc", "a/b.warc", "a\n.warc", "\udc80.warc", "", ".."]
)
def test_a_name_that_a_wacz_cannot_have_is_refused(
    filename: str, source: Source, scratch: Path
) -> None:
    with pytest.raises(ArchiveError, match="cannot be a name in a WACZ: rename it"):
        laid_out(changed(source, scratch, filename=filename), scratch)


def test_it_opens_with_its_main_page(source: Source, scratch: Path) -> None:
    layout = laid_out(source, scratch)

    assert layout.page_count == 1
    assert json.loads(octets_of(layout.entries()[3]))["mainPageUrl"] == "http://quay.example/ferry"


def of_url(source: Source, scratch: Path, url: str) -> Source:
    """Return *source* with one line in its index and one page, both of *url*."""
    (part,) = source.parts
    fields = {"url": url, "mime": "text/html", "length": "10", "offset": "0"}
    fields["filename"] = part.members[0].filename
    line = f"example,h)/x 20260304050607 {json.dumps(fields)}\n".encode()
    page = json.dumps({"id": "1", "url": url, "ts": "2026-03-04T05:06:07Z", "seed": url})
    one = Part(
        shown=part.shown,
        members=part.members,
        index_lines=lambda: iter([line]),
        page_lines=lambda: iter([f"{page}\n".encode()]),
    )
    return Source([one], title="quay", scratch=scratch)


def addressed(source: Source, scratch: Path, url: str) -> dict[str, bytes]:
    """Return what a layout for a browser holds of *source* with *url*, less its first WARC."""
    layout = lay_out(
        of_url(source, scratch, url),
        scratch,
        title="quay",
        created=CREATED,
        software="archiver/0.1.0",
        address=browser_url,
    )
    return {entry.name: octets_of(entry) for entry in layout.entries()[1:]}


def fields_of(index: bytes) -> list[dict[str, str]]:
    return [json.loads(line.split(b" ", 2)[2]) for line in index.splitlines()]


def test_a_line_whose_url_browsers_write_so_too_stays_to_the_octet(
    source: Source, scratch: Path
) -> None:
    plain = of_url(source, scratch, "https://h.example/a%20b/?c=[d]")
    entries = addressed(source, scratch, "https://h.example/a%20b/?c=[d]")

    assert entries["indexes/index.cdxj"] == b"".join(plain.index().lines())
    assert "archive/addresses.warc" not in entries


def test_what_escapes_tell_apart_is_listed_under_the_browsers_url_too(
    source: Source, scratch: Path
) -> None:
    entries = addressed(source, scratch, "http://h.example/stra\xdfe")

    first, second = fields_of(entries["indexes/index.cdxj"])
    assert first["url"] == "http://h.example/stra\xdfe"
    assert second == {**first, "url": "http://h.example/stra%C3%9Fe"}
    assert "archive/addresses.warc" not in entries


def test_a_fragment_is_left_out(source: Source, scratch: Path) -> None:
    entries = addressed(source, scratch, "http://h.example/app#!/a")

    assert [fields["url"] for fields in fields_of(entries["indexes/index.cdxj"])] == [
        "http://h.example/app"
    ]


@pytest.mark.parametrize(
    ("url", "read", "address"),
    [
        ("http://H.example:80", "http://H.example:80", "http://h.example/"),
        ("http://m\xfc.example/#a", "http://m\xfc.example/", "http://xn--m-eha.example/"),
        ("http://h.example/a/../%zz", "http://h.example/a/../%zz", "http://h.example/%zz"),
        ("http://h.example/\udce9", "http://h.example/\ufffd", "http://h.example/%E9"),
    ],
)
def test_what_more_than_escapes_tells_apart_is_a_revisit_of_the_record(
    url: str, read: str, address: str, source: Source, scratch: Path
) -> None:
    entries = addressed(source, scratch, url)

    first, second = fields_of(entries["indexes/index.cdxj"])
    assert (first["url"], second["url"]) == (read, address)
    assert (second["mime"], second["filename"]) == ("warc/revisit", "addresses.warc")
    warc = entries["archive/addresses.warc"]
    (record,) = read_records(io.BytesIO(warc), "addresses.warc")
    assert (record.type, record.target, record.faults) == ("revisit", address, [])
    assert record.get("WARC-Refers-To-Target-URI") == read
    assert record.get("WARC-Refers-To-Date") == record.get("WARC-Date") == "2026-03-04T05:06:07Z"
    assert (second["offset"], second["length"]) == ("0", str(len(warc)))


def test_a_page_and_its_seed_have_the_browsers_url(source: Source, scratch: Path) -> None:
    entries = addressed(source, scratch, "http://H.example")

    page = json.loads(entries["pages/pages.jsonl"].splitlines()[1])
    assert (page["url"], page["seed"]) == ("http://h.example/", "http://h.example/")
    assert json.loads(entries["datapackage.json"])["mainPageUrl"] == "http://h.example/"


def test_a_line_end_in_a_url_makes_no_header_line(source: Source, scratch: Path) -> None:
    entries = addressed(source, scratch, "http://H.example/\r\nWARC-Type: response")

    (record,) = read_records(io.BytesIO(entries["archive/addresses.warc"]), "addresses.warc")
    assert record.get_all("WARC-Type") == ["revisit"]
