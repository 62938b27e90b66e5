"""What a WACZ holds before it is written or served: nothing is copied that lies somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from archiver.errors import ArchiveError
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
