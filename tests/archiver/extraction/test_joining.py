"""Articles that are spread over several pages, made one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from archiver.capture import Location, Page
from archiver.extraction import extract, extract_html
from archiver.extraction.article import Article
from archiver.extraction.joining import joined

LEAD = "The canal was opened in a year in which nobody wanted it, and filled in another."
LOCKS = "Its three locks lift a barge by the height of a house, and have done so without a repair."
KEEPER = "The keeper, who has counted every barge since May, expects the thousandth before long."
WRITER = "Written by the newsroom, which has a view of the upper lock and of those who wait there."


def html(*paragraphs: str) -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<html><head><title>The canal</title><meta property='og:type' content='article'></head>"
        f"<body><article><h1>The canal</h1>{body}</article></body></html>"
    ).encode()


def article(*paragraphs: str) -> Article:
    found = extract_html(html(*paragraphs))
    assert found is not None
    return found


def block(*paragraphs: str) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + html(*paragraphs)


def test_the_text_of_the_parts_follows_in_their_order() -> None:
    first = article(LEAD, LOCKS)

    whole = joined(first, [article(KEEPER, LOCKS), article(WRITER, LOCKS)])

    assert whole.text.split("\n\n") == [LEAD, LOCKS, KEEPER, WRITER]
    assert whole.title == first.title == "The canal"


def test_what_every_page_repeats_stands_once() -> None:
    whole = joined(article(LEAD, LOCKS, WRITER), [article(LEAD, KEEPER, WRITER)])

    assert whole.text.split("\n\n") == [LEAD, LOCKS, WRITER, KEEPER]


def test_the_captions_of_the_parts_follow_each_once() -> None:
    first = replace(article(LEAD, LOCKS), captions=("The upper lock",))
    part = replace(article(KEEPER, LOCKS), captions=("The upper lock", "The keeper at dusk"))

    assert joined(first, [part]).captions == ("The upper lock", "The keeper at dusk")


def test_a_part_without_an_article_adds_nothing() -> None:
    first = article(LEAD, LOCKS)

    assert joined(first, [None]) == first


def test_the_record_of_an_article_has_the_text_of_its_parts() -> None:
    page = Page(
        target="http://example.org/canal",
        captured_at=datetime(2026, 5, 7, tzinfo=UTC),
        record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
        location=Location(filename="a.warc.gz", offset=0, length=9),
        collection="news",
    )

    record = extract(page, block(LEAD, LOCKS), block(KEEPER, LOCKS), b"no response at all")

    assert record is not None
    assert record.text.split("\n\n") == [LEAD, LOCKS, KEEPER]
    assert record.word_count == 49
