from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.etree import fromstring

from archiver.discovery.balanced import balanced

TEXTS = {
    "sound": ('<a><b c="d">e</b><f/></a>', '<a><b c="d">e</b><f/></a>'),
    "an end too few": ("<a><b>c</a>", "<a><b>c</b></a>"),
    "an end too many": ("<a>b</c></a></a>", "<a>b</a>"),
    "ends out of order": ("<a><b>c</a></b>", "<a><b>c</b></a>"),
    "no end": ("<a><b>", "<a><b></b></a>"),
    "elements that stand alone": (
        "<a><url>b<url>c<i>d<url>e</a>",
        "<a><url>b</url><url>c<i>d</i></url><url>e</url></a>",
    ),
    "CDATA": ("<a><![CDATA[</a><b>]]></a>", "<a><![CDATA[</a><b>]]></a>"),
    "a comment": ("<a><!-- </a> -->b</a>", "<a>b</a>"),
    "an instruction": ("<a><?b </c?></a>", "<a>&#60;?b </a>"),
    "a declaration": ("<a><?xml b?><!DOCTYPE c></a>", "<a></a>"),
    "less than": ("<a>1 < 2 <</a>", "<a>1 &#60; 2 &#60;</a>"),
    "an end with blanks": ("<a><b>c</b ></a\n>", "<a><b>c</b></a>"),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_tags_are_balanced(text: str, expected: str) -> None:
    assert balanced(text.encode(), (b"url",)).decode() == expected


def test_elements_that_are_too_deep_are_left_out() -> None:
    assert balanced(b"<a>" * 500 + b"b" + b"</a>" * 500 + b"c", ()) == (
        b"<a>" * 200 + b"b" + b"</a>" * 200 + b"c"
    )


PIECES = [
    "<a>",
    "</a>",
    "<b>",
    "</b>",
    "<c/>",
    "<b ",
    "<",
    ">",
    "d",
    "<!--",
    "-->",
    "</",
    "<?",
    "e",
]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
@settings(max_examples=50, deadline=None)
def test_what_is_balanced_stays_so(text: str) -> None:
    once = balanced(text.encode(), (b"b",))

    assert balanced(once, (b"b",)) == once


@given(
    st.lists(st.sampled_from(["<a>", "</a>", "<b>", "</b>", "<c/>", "<", "d", "<?x?>"])).map(
        "".join
    )
)
@settings(max_examples=50, deadline=None)
def test_what_is_balanced_is_xml(text: str) -> None:
    assert fromstring(b"<_>" + balanced(text.encode(), (b"b",)) + b"</_>").tag == "_"
