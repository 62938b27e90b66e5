from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import XMLParser, fromstring

from archiver.discovery import mended as mended_module
from archiver.discovery.mended import mended

TEXTS = {
    "sound": ("<a>b &amp; c &lt; d</a>", "<_><a>b &#38; c &#60; d</a>"),
    "an ampersand": ("<a>b & c&d=</a>", "<_><a>b &#38; c&#38;d=</a>"),
    "an entity of HTML": ("<a>&eacute;&nbsp;</a>", "<_><a>é\u00a0</a>"),
    "an entity of nobody": ("<a>&ferry;</a>", "<_><a>&#38;ferry;</a>"),
    "an entity that is markup": ("<a>&LT;&#60;&#x26;</a>", "<_><a>&#60;&#60;&#38;</a>"),
    "a character by number": ("<a>&#233;&#xE9;&#XE9;&#150;</a>", "<_><a>ééé\u2013</a>"),
    "no character": ("<a>&#x1F;&#0;&#99999999;</a>", "<_><a>\ufffd\ufffd</a>"),
    "a reference cut short": ("<a>&eacute</a>", "<_><a>&#38;eacute</a>"),
    "CDATA": ("<a><![CDATA[b & &eacute;]]>&</a>", "<_><a><![CDATA[b & &eacute;]]>&#38;</a>"),
    "CDATA without an end": ("<a><![CDATA[b & <c>", "<_><a><![CDATA[b & <c>"),
    "CDATA in a comment": ("<a><!--<![CDATA[-->&</a>", "<_><a><!--<![CDATA[-->&#38;</a>"),
    "controls": ("<a>\x00b\x1fc\td\n</a>", "<_><a>bc\td\n</a>"),
    "half a character": ("<a>\ud83d</a>", "<_><a>?</a>"),
    "the rest of a tag": ("<a>b</a><c d='", "<_><a>b</a>"),
    "no tag": ("b", "<_>"),
    "prefixes": (
        "<a:b><c:d/><a:b xml:base=''/></a:b>",
        '<_ xmlns:a="a" xmlns:c="c"><a:b><c:d/><a:b xml:base=\'\'/></a:b>',
    ),
    "reserved prefixes": ("<xml:a><xmlns:b>", "<_><xml:a><xmlns:b>"),
}


@pytest.mark.parametrize(("text", "xml"), TEXTS.values(), ids=TEXTS)
def test_a_text_is_mended(text: str, xml: str) -> None:
    assert mended(text).decode() == xml


def test_a_prefix_that_a_document_declares_is_its_own() -> None:
    root = fromstring(mended('<a:b xmlns:a="urn:c"/><a:d/>'), XMLParser(recover=True))

    assert [child.tag for child in root] == ["{urn:c}b", "{a}d"]


def test_a_hundred_prefixes_are_declared() -> None:
    text = "".join(f"<a{number}:b/>" for number in range(200))

    assert mended(text).count(b"xmlns:") == 100


@pytest.mark.parametrize("step", [40, 41, 47, 1000])
def test_no_reference_is_parted(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mended_module, "_STEP", step)
    text = f"<a>{'b' * 50}&eacute;{'c' * 33}&amp;{'d' * 38}&&#233;&</a>"

    assert mended(text).decode() == f"<_><a>{'b' * 50}é{'c' * 33}&#38;{'d' * 38}&#38;é&#38;</a>"


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_any_text_is_mended_to_utf_8(text: str) -> None:
    assert mended(text).decode().startswith("<_")
