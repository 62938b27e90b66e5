"""How a page was read, by whom, and what tells one way of reading from another."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

import pytest

from archiver import __version__
from archiver.extraction import body, config_hash, extract_html
from archiver.extraction.html import EXTRACTORS, Extractor, extractor_version, read_html
from archiver.extraction.tree import parse
from archiver.text import normalise

URL = "https://news.example.org/ferry"
TEXT = (
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the gale.",
    "Its first passenger was a cow named Marigold, who had been waiting since May.",
)
PAGE = "<html><head><title>Ferry returns to the quay</title></head><body>{}</body></html>".format(
    "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
)


def test_trafilatura_finds_the_text_where_it_is_asked_to() -> None:
    page = PAGE.replace("<title>", '<meta name="author" content="Odile Harkness"><title>')

    ours = extract_html(page.encode(), URL)
    theirs = extract_html(page.encode(), URL, extractor="trafilatura")

    tree = parse(page.encode())
    assert tree is not None
    assert theirs is not None
    assert theirs.text == normalise(body.text_of(tree))
    assert theirs.authors == ("Odile Harkness",)
    assert ours is not None
    assert replace(ours, text=theirs.text) == theirs


def test_a_reading_has_a_verdict_on_every_block() -> None:
    footer = "<footer><p>© 2024 The Pell Times. All rights reserved.</p></footer>"

    reading = read_html(PAGE.replace("</body>", f"{footer}</body>").encode(), URL)

    assert reading is not None
    assert reading.page_type == "article"
    verdicts = [(verdict.text, verdict.reason is None) for verdict in reading.verdicts]
    assert verdicts == [
        (TEXT[0], True),
        (TEXT[1], True),
        ("© 2024 The Pell Times. All rights reserved.", False),
    ]
    assert reading.article == extract_html(PAGE.encode(), URL)


def test_a_reading_of_what_is_no_article_says_what_it_is() -> None:
    page = PAGE.replace("Ferry returns to the quay", "Page not found").encode()

    reading = read_html(page, URL)

    assert reading is not None
    assert (reading.page_type, reading.verdicts, reading.article) == ("soft404", (), None)
    assert read_html(b"", URL) is None


def test_an_excerpt_has_the_scars_of_its_print_healed_and_an_article_has_none() -> None:
    prose = (
        "The fast- deteriorating winch was watched by one- and two-eyed men on Pell Quay, who "
        "agreed that the ferry would not sail before the spring, and who went home to..."
    )

    excerpt = extract_html(f"<h3>Article excerpt</h3><p>{prose}</p>".encode(), URL)
    article = extract_html(PAGE.replace("a winch broke", "a half- winch broke").encode(), URL)

    assert excerpt is not None
    assert excerpt.page_type == "excerpt"
    assert "The fast-deteriorating winch was watched by one- and two-eyed men" in excerpt.text
    assert article is not None
    assert "a half- winch broke" in article.text


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_the_configuration_has_a_hash_of_sixteen_digits(extractor: Extractor) -> None:
    before = config_hash(extractor)
    config_hash.cache_clear()

    assert config_hash(extractor) == before
    assert len(before) == 16
    assert int(before, 16) >= 0


def test_each_extractor_has_its_hash_and_its_version() -> None:
    assert EXTRACTORS == ("archiver", "trafilatura")
    assert config_hash("archiver") == config_hash()
    assert config_hash("archiver") != config_hash("trafilatura")
    assert extractor_version() == __version__
    assert extractor_version("trafilatura") == version("trafilatura")
