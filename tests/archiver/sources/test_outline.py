from __future__ import annotations

import gzip

import pytest

from archiver.head import parse_head
from archiver.pages import TEXT_LIMIT
from archiver.sources.outline import MOST_OCTETS, Outline, outline_of


def outline(body: bytes, *fields: bytes) -> Outline:
    lines = [b"HTTP/1.1 200 OK", b"Content-Type: text/html", *fields, b"", b""]
    head_octets = b"\r\n".join(lines)
    head = parse_head(head_octets)
    assert head is not None
    return outline_of(head, head_octets + body)


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        (b"<title> The\n ferry </title><p>Late.", "The ferry", "Late."),
        (b"<p>Late.", None, "Late."),
        (b"<title></title><p>", None, None),
        (b"<p>La<b>te</b>, and<br>wet.<div>Again.</div>Yes.", None, "Late, and wet. Again. Yes."),
        (b"<p>No.<script>x()</script><style>b{}</style><template>n</template>", None, "No."),
        (b"<p>Late.<script type='application/ld+json'>{}</script>", None, "Late."),
        (b"<p>Late.<svg><title>Ship</title><text>s</text></svg>", "Ship", "Late."),
        (b"<table><tr><td>1<td>2</table>", None, "1 2"),
        (b"", None, None),
        (b"\x00\x01\x02\x03" * 100, None, None),
        (b"Late.", None, None),
    ],
)  # fmt: skip
def test_a_document_is_known_by_its_title_and_what_can_be_seen(
    body: bytes, title: str | None, text: str | None
) -> None:
    assert outline(body) == Outline(title, text)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("<p>Fähre".encode("latin-1"), b"Content-Type: text/html; charset=iso-8859-1"),
        ("<meta charset=iso-8859-1><p>Fähre".encode("latin-1"), b"X: y"),
        ("\ufeff<p>Fähre".encode("utf-16-le"), b"X: y"),
        ("<p>Fähre".encode(), b"X: y"),
        (gzip.compress("<p>Fähre".encode()), b"Content-Encoding: gzip"),
        ("<p>Fähre".encode(), b"Content-Encoding: gzip\r\nContent-Length: 3"),
        (b"9\r\n<p>F\xc3\xa4hre\r\n0\r\n\r\n", b"Transfer-Encoding: chunked"),
    ],
)
def test_text_is_read_whatever_it_is_coded_in(body: bytes, field: bytes) -> None:
    lines = [b"HTTP/1.1 200 OK", field, b"", b""]
    head = parse_head(b"\r\n".join(lines))
    assert head is not None

    assert outline_of(head, b"\r\n".join(lines) + body).text == "Fähre"


def test_text_is_cut_where_a_search_needs_no_more() -> None:
    text = outline(b"<p>" + b"ferry " * 100_000).text

    assert text is not None
    assert TEXT_LIMIT - 6 <= len(text) <= TEXT_LIMIT


def test_of_a_bomb_no_more_than_the_beginning_is_looked_at() -> None:
    bomb = gzip.compress(b"<title>Bomb</title><p>Late." + b" " * (50 << 20))

    assert outline(bomb[:MOST_OCTETS], b"Content-Encoding: gzip").title == "Bomb"


@pytest.mark.parametrize("tag", [b"<div>", b"<b>", b"<table><tr><td>"])
def test_deep_nesting_does_no_harm(tag: bytes) -> None:
    assert outline(b"<title>Deep</title>" + tag * 10_000).title == "Deep"
