"""Normalisation does no harm to any script: what spells a word stays, byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from archiver import text as text_module
from archiver.text import normalise

# Text and not code, since it is full of letters that look like others.
UNCHANGED: dict[str, str] = json.loads(Path(__file__).with_name("scripts.json").read_text("utf-8"))


@pytest.mark.parametrize("text", UNCHANGED.values(), ids=UNCHANGED)
def test_what_is_well_written_stays_as_it_is(text: str) -> None:
    assert normalise(text) == text


CHANGED = [
    # spaces of another width are spaces
    ("\u3000渡船\u3000回来了\u3000", "渡船 回来了"),
    ("नौका\u00a0आई", "नौका आई"),
    # marks of direction are for the screen
    ("\u202bפרה\u202c\u200f!", "פרה!"),
    ("\u2067سفن\u2069\u061c.", "سفن."),
    # what only breaks lines
    ("เรือ\u200bกลับ\u200bมา", "เรือกลับมา"),
    # composed
    ("\u1102\u1161\u1105\u116e\u11ba\u1107\u1162", "나룻배"),
    ("か\u3099", "が"),
    ("\u0627\u0653", "\u0622"),
    # joiners that join nothing
    ("渡\u200d船\u200c", "渡船"),
    ("Auf\u200clage", "Auflage"),
]


@pytest.mark.parametrize(("text", "expected"), CHANGED)
def test_what_cannot_be_seen_is_normalised_in_every_script(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize("name", ["_INVISIBLE", "_LINE_END"])
def test_python_calls_nothing_printable_that_must_go(name: str) -> None:
    # Where this fails a new version of Unicode has made characters of some: name them in
    # `_is_printable`, beside the grapheme joiner.
    pattern: re.Pattern[str] = getattr(text_module, name)
    odd = [char for char in map(chr, range(0x110000)) if pattern.match(char)]

    assert [char for char in odd if char.isprintable()] == ["\u034f"] * (name == "_INVISIBLE")
