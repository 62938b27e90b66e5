"""WARC files that lie in a WACZ, read for their texts; `test_reextraction.py` has the others."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from archiver.reextraction import extract_all
from archiver.warcfiles import find_warcs
from tests.archiver.test_reextraction import MEMBERS, PLAIN


def packed(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as wacz:
        for name, octets in members.items():
            wacz.writestr(name, octets)
    return path


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize(("name", "octets"), [("a.warc.gz", MEMBERS), ("a.warc", PLAIN)])
def test_the_texts_of_a_wacz_are_those_of_its_warcs(
    tmp_path: Path, name: str, octets: bytes, method: int
) -> None:
    wacz = packed(tmp_path / "theirs.wacz", {f"archive/{name}": octets, "x.json": b"{}"}, method)
    (tmp_path / name).write_bytes(octets)
    extract_all(find_warcs([tmp_path / name]), tmp_path / "one", workers=0, complain=print)

    tally = extract_all(find_warcs([wacz]), tmp_path / "two", workers=0, complain=print)

    assert (tally.warcs, tally.texts, tally.failed) == (1, 12, 0)
    assert (tmp_path / "two/a.jsonl.gz").read_bytes() == (tmp_path / "one/a.jsonl.gz").read_bytes()


def test_a_wacz_without_a_warc_is_named(tmp_path: Path) -> None:
    wacz = packed(tmp_path / "empty.wacz", {"pages/pages.jsonl": b""})

    with pytest.raises(ArchiveError, match=f"^{re.escape(str(wacz))} holds no WARC$"):
        find_warcs([wacz])


def test_damage_is_told_by_the_name_of_the_wacz_and_of_the_warc_in_it(tmp_path: Path) -> None:
    wacz = packed(tmp_path / "theirs.wacz", {"archive/a.warc.gz": MEMBERS})

    (warc,) = find_warcs([wacz]).values()

    assert str(warc) == f"{wacz}/archive/a.warc.gz"
    assert warc.resolve() == warc
