"""Which encodings a document may choose."""

from __future__ import annotations

import pytest

from archiver.encodings import encoding_of


@pytest.mark.parametrize(
    ("label", "name"),
    [("UTF-8", "utf-8"), ("latin1", "cp1252"), ("gb2312", "gb18030"), ("Shift_JIS", "cp932")],
)
def test_a_label_means_an_encoding(label: str, name: str) -> None:
    assert encoding_of(label) == name


@pytest.mark.parametrize("label", [None, "", "idna", "punycode", "unicode_escape", "zlib", "no"])
def test_what_only_python_calls_an_encoding_is_none(label: str | None) -> None:
    assert encoding_of(label) is None
