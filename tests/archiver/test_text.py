from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.text import (
    COLUMNS,
    TextRecord,
    line_from_record,
    normalise,
    normalise_line,
    record_from_line,
)

RECORD = TextRecord(
    id="7f3c1f8e-0000-4000-8000-000000000001",
    url="https://news.example.org/ferry",
    text="The ferry is back.\n\nZoë was first aboard.",
    text_sha256="0" * 64,
    captions=("The ferry at Pell Quay.",),
    word_count=8,
    authors=("Odile Harkness",),
    date="2026-03-04T05:06:07.000008Z",
    file_path="archive/a.warc.gz",
    warc_record_id="<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>",
    warc_offset=512,
    warc_length=2048,
    extractor="archiver",
    extractor_version="0.6.0",
    extractor_config_hash="00112233445566aa",
    quality_mean_word_length=4.125,
    quality_alphabetic_word_fraction=1.0,
    quality_symbol_word_ratio=0.0,
    quality_ellipsis_line_fraction=0.0,
    quality_terminal_punctuation_fraction=1.0,
    quality_short_line_fraction=1.0,
    quality_duplicate_line_fraction=0.0,
    quality_replacement_count=0,
)

LINE = (
    '{"id":"7f3c1f8e-0000-4000-8000-000000000001","url":"https://news.example.org/ferry",'
    '"url_requested":null,"url_canonical":null,"domain":null,"source":null,'
    '"text":"The ferry is back.\\n\\nZoë was first aboard.","text_sha256":"' + "0" * 64 + '",'
    '"captions":["The ferry at Pell Quay."],'
    '"language":null,"language_score":null,"word_count":8,"title":null,'
    '"authors":["Odile Harkness"],"published_date":null,"modified_date":null,"sitename":null,'
    '"description":null,"categories":[],"tags":[],"image_url":null,"agency":null,'
    '"page_type":null,"date":"2026-03-04T05:06:07.000008Z","http_status":null,"seed":null,'
    '"file_path":"archive/a.warc.gz",'
    '"warc_record_id":"<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>","warc_offset":512,'
    '"warc_length":2048,"payload_digest":null,"extractor":"archiver",'
    '"extractor_version":"0.6.0","extractor_config_hash":"00112233445566aa",'
    '"duplicate_of":null,"near_duplicate_cluster":null,"quality_mean_word_length":4.125,'
    '"quality_alphabetic_word_fraction":1.0,"quality_symbol_word_ratio":0.0,'
    '"quality_ellipsis_line_fraction":0.0,"quality_terminal_punctuation_fraction":1.0,'
    '"quality_short_line_fraction":1.0,"quality_duplicate_line_fraction":0.0,'
    '"quality_replacement_count":0,"robots_allowed":null,"robots_meta":null,'
    '"x_robots_tag":null,"ai_txt_allowed":null,"tdm_reservation":null,"tdm_policy":null,"license":null,'
    '"paywalled":null}\n'
).encode()


# Lines


def test_a_record_is_one_line_of_json_with_its_columns_in_their_order() -> None:
    assert line_from_record(RECORD) == LINE


def test_the_line_gives_the_record_back() -> None:
    assert record_from_line(LINE) == RECORD


words = st.text(max_size=40)


@given(
    record=st.builds(
        replace,
        st.just(RECORD),
        id=words,
        url=words,
        title=st.none() | words,
        text=st.text(),
        authors=st.lists(words).map(tuple),
        tags=st.lists(words).map(tuple),
        captions=st.lists(words).map(tuple),
        language_score=st.none() | st.floats(0, 1),
        word_count=st.integers(0),
        paywalled=st.none() | st.booleans(),
        tdm_reservation=st.sampled_from([None, 0, 1]),
    )
)
def test_any_record_survives_its_line(record: TextRecord) -> None:
    line = line_from_record(record)

    assert record_from_line(line) == record
    assert line.decode().splitlines(keepends=True) == [line.decode()]


def test_a_number_that_json_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        line_from_record(replace(RECORD, quality_mean_word_length=float("nan")))


def test_a_lone_surrogate_is_written_as_the_replacement_character() -> None:
    line = line_from_record(replace(RECORD, title="half a \ud83d face"))

    assert record_from_line(line).title == "half a \ufffd face"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"[]\n",
        b'"text"\n',
        b"{}\n",
        b'{"id": "1"}\n',
        b"\xff\n",
        LINE[:-3],
        LINE.replace(b'"seed":null', b'"seeds":null'),
        LINE.replace(b'["Odile Harkness"]', b"null"),
    ],
)
def test_what_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        record_from_line(line)


def test_a_line_from_before_a_column_existed_is_read() -> None:
    line = LINE.replace(b',"paywalled":null', b"")

    assert record_from_line(line) == RECORD


def test_a_line_from_before_captions_had_a_column_has_none() -> None:
    line = LINE.replace(b'"captions":["The ferry at Pell Quay."],', b"")

    assert record_from_line(line) == replace(RECORD, captions=())


def test_every_line_has_every_column() -> None:
    assert tuple(json.loads(LINE)) == COLUMNS


def test_reading_lines_does_not_load_the_extractor() -> None:
    code = "import sys, archiver.text; print(sorted({'trafilatura', 'lxml'} & set(sys.modules)))"

    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )

    assert shown.stdout == "[]\n"


# Normalised text

CASES = [
    # paragraphs
    ("one\ntwo", "one\n\ntwo"),
    ("one\n\n\n \t\n two \n", "one\n\ntwo"),
    ("one\r\ntwo\rthree", "one\n\ntwo\n\nthree"),
    (
        "one\u2028two\u2029three\x85four\x0bfive\x0csix",
        "one\n\ntwo\n\nthree\n\nfour\n\nfive\n\nsix",
    ),
    ("", ""),
    (" \n\u00a0\n", ""),
    # spaces
    ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
    ("a  \u202f  b", "a b"),
    # what has no width
    ("\ufeffa\u200bb\u00adc\u2060d\u180ee", "abcde"),
    ("a\x00b\x1fc\x7fd\x9fe", "abcde"),
    ("\u202eleft\u202c \u2066right\u2069 \u200e\u200f", "left right"),
    ("a\u200cb\u200dc", "abc"),
    ("noncharacters \ufdd0\ufffe\uffff", "noncharacters"),
    ("hidden \U000e0041\U000e0042words", "hidden words"),
    # what has none and is spelling
    (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ),
    ("ക്\u200d", "ക്\u200d"),
    ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
    (
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    ),
    # form C
    ("Cafe\u0301", "Caf\u00e9"),
    ("e\u200b\u0301", "\u00e9"),
    ("\u212bngstro\u0308m", "\u00c5ngstr\u00f6m"),
    # entities
    ("Fish &amp; chips", "Fish & chips"),
    ("&lt;b&gt; &quot;x&quot; &eacute;", '<b> "x" é'),
    ("&#233;&#xE9;&#150;", "éé\u2013"),
    ("&amp;amp;amp;lt;", "<"),
    ("&amp;&#110;bsp;x", "x"),
    ("a&nbsp;&shy;b&#10;c", "a b\n\nc"),
    ("AT&T, R&D; &unknown; &amp;unknown;", "AT&T, R&D; &unknown; &unknown;"),
    ("/search?a=1&copy=2&lt=3", "/search?a=1&copy=2&lt=3"),
    ("&#0; &#xD800; &#x110000;", "\ufffd \ufffd \ufffd"),
    # mojibake, where all of a text says so
    ("CafÃ© au lait", "Café au lait"),
    ("It isnâ€™t â€œhereâ€\x9d", "It isn\u2019t “here”"),
    ("Привет".encode().decode("cp1252"), "Привет"),
    ("naÃ¯ve faÃ§ade", "naïve façade"),
    # and where it does not
    ("AMANHÃ”", "AMANHÃ”"),
    ("“IRMÃ”", "“IRMÃ”"),
    ("Ã© beside é", "Ã© beside é"),
    ("25 °C, 3 \u00d7 4 = 12 ½", "25 °C, 3 \u00d7 4 = 12 ½"),
    ("naïve façade, déjà vu", "naïve façade, déjà vu"),
    # surrogates
    ("\ud83d\ude00", "\U0001f600"),
    ("lone \ud83d", "lone \ufffd"),
    # what stays as its author set it
    ("“quotes”, \u2018quotes\u2019, «quotes»", "“quotes”, \u2018quotes\u2019, «quotes»"),
    ("dash\u2014dash \u2013 dash\u2011dash", "dash\u2014dash \u2013 dash\u2011dash"),
    ("\u5168\u89d2\uff0c\uff21\uff22", "\u5168\u89d2\uff0c\uff21\uff22"),
    ("\u05e9\u05c1\u05b8\u05dc", "\u05e9\u05b8\u05c1\u05dc"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_text_is_normalised(text: str, expected: str) -> None:
    assert normalise(text) == expected


# What the steps of normalisation hand to one another: pieces of entities, mojibake,
# surrogates, joiners, marks and breaks.
TRICKY = st.text(
    st.sampled_from(
        "a;&#x26amp3lt8 \n\r\t\u00a0\u2028\u200b\u200c\u200d\u00ad\ufeffÃÂ©\u00c2\u0080\u0099â€"
        "\u037e\u0301e\u212aم\U0001f3f4\U000e0067\ud83d\ude00"
    )
)


@given(st.text() | TRICKY)
@example("&&#97;mp;")
@example("&amp\u037e")
@example("&am\u200bp;lt;")
@example("Ãƒâ€šÂ©")
@example("\U0001f3f4\u200b\U000e0067a\U000e0067")
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@given(st.text() | TRICKY)
def test_normalised_text_keeps_its_promises(text: str) -> None:
    result = normalise(text)

    assert result.encode().decode() == result
    assert unicodedata.is_normalized("NFC", result)
    assert all(line == " ".join(line.split()) for line in result.split("\n"))
    assert result == "\n\n".join(filter(None, result.split("\n")))
    assert not {"\ufeff", "\u200b", "\u00ad", "\r", "\x00", "\u00a0"} & set(result)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("&" + "amp;" * 200_000 + "lt;", "<"),
        ("&amp;" * 200_000 + "lt;", "&" * 199_999 + "<"),
        ("Ã©" * 200_000 + "é", "Ã©" * 200_000 + "é"),
        ("\U000e0041" * 200_000, ""),
    ],
    ids=["nested", "many", "mojibake", "tags"],
)
def test_text_made_to_be_slow_is_normalised_at_once(text: str, expected: str) -> None:
    assert normalise(text) == expected  # a pass for each level would take hours


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Ferry\u00a0back\n at\u2028last ", "Ferry back at last"),
        ("Ferry", "Ferry"),
        (" \n\u200b", None),
        ("", None),
    ],
)
def test_a_single_line_is_normalised_or_nothing(text: str, expected: str | None) -> None:
    assert normalise_line(text) == expected
