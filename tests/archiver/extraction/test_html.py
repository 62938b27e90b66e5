from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archiver.errors import ArchiveError
from archiver.extraction import ExtractionError, config_hash, extract_html, html

URL = "https://news.example.org/ferry"
TEXT = (
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the gale.",
    "Its first passenger was a cow named Marigold, who had been waiting since May.",
)
PAGE = "<html><head><title>Ferry returns to the quay</title></head><body>{}</body></html>".format(
    "".join(f"<p>{paragraph}</p>" for paragraph in TEXT)
)
NOISE = random.Random(11).randbytes(100_000)


def test_an_article_is_found() -> None:
    article = extract_html(PAGE.encode(), URL)

    assert article is not None
    assert article.text == "\n\n".join(TEXT)
    assert article.title == "Ferry returns to the quay"
    assert article.language == "en"


def test_an_article_needs_no_address() -> None:
    article = extract_html(PAGE.encode())

    assert article is not None
    assert article.text == "\n\n".join(TEXT)


def test_the_charset_of_the_header_is_used() -> None:
    page = PAGE.replace("Marigold", "Калужница").encode("koi8-r")

    article = extract_html(page, URL, charset="koi8-r")

    assert article is not None
    assert "Калужница" in article.text


HOSTILE = [
    ("empty", b""),
    ("binary", NOISE),
    ("fifty megabytes", b"<p>" + b"word " * 10_000_000),
    ("nested divs", b"<div>" * 100_000 + PAGE.encode()),
    ("nested divs, closed", b"<div>" * 100_000 + PAGE.encode() + b"</div>" * 100_000),
    ("nested tables", b"<table><tr><td>" * 5000 + PAGE.encode()),
    ("nested JSON", b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script><p>x"),
    ("links", b"<p><a href=/a>Some headline of the day</a></p>" * 2000),
    ("attributes", b"<p " + b"x=1 " * 100_000 + b">"),
    ("frames", b"<html><frameset><frame src=/a></frameset></html>"),
    ("unfinished", b"<html><head><title>Ferry"),
    ("short", b"<html><body><p>The ferry is back.</p></body></html>"),
]


@pytest.mark.parametrize("page", [h[1] for h in HOSTILE], ids=[h[0] for h in HOSTILE])
def test_what_is_no_article_gives_none(page: bytes) -> None:
    assert extract_html(page, URL) is None


LIST = "".join(f'<h2><a href="/{n}">The headline of story {n}</a></h2>' for n in range(9))


@pytest.mark.parametrize(
    ("page", "url", "status"),
    [
        (PAGE, URL, 404),
        (PAGE, URL, 500),
        (PAGE.replace("<body>", f"<body>{LIST}"), "https://news.example.org/tag/ferry", 200),
        (PAGE.replace("Ferry returns to the quay", "Page not found"), URL, 200),
    ],
    ids=["missing", "failed", "a list", "missing, says the page"],
)
def test_a_page_that_is_no_article_has_none(page: str, url: str, status: int) -> None:
    assert extract_html(page.encode(), url, status=status) is None


DAMAGED = [
    ("null bytes", PAGE.replace("ferry", "fer\0ry").encode()),
    ("invalid UTF-8", PAGE.encode().replace(b"Friday,", b"Friday,\xff")),
    ("cut short", PAGE.encode()[:-30]),
    ("UTF-16", PAGE.encode("utf-16")),
    (
        "a megabyte of script",
        PAGE.replace("<body>", f"<script>{'x=1;' * 250_000}</script>").encode(),
    ),
    (
        "strange JSON",
        b'<script type="application/ld+json">{"@type": "NewsArticle", "author": [5, null, {"name":'
        b' {"name": []}}], "datePublished": 2024, "headline": {"a": 1}, "image": [[]],'
        b' "mainEntityOfPage": [1], "keywords": {"x": 2}, "publisher": "P"}</script>'
        + PAGE.encode(),
    ),
]


@pytest.mark.parametrize("page", [d[1] for d in DAMAGED], ids=[d[0] for d in DAMAGED])
def test_a_damaged_page_still_gives_its_article(page: bytes) -> None:
    article = extract_html(page, URL)

    assert article is not None
    assert "a cow named Marigold" in article.text


PIECES = (
    "<p>", "</p>", "<div class=author>", "<article>", "</article>", "<h1>", "<title>", "<br>",
    "<script type='application/ld+json'>", "</script>", '{"@type":"Article","author":', "}",
    "<meta name=date content=", "2024-05-03", ">", "<table><tr><td>", "<time datetime=", "<li>",
    "By ", "&amp;", '"', "\0", "\ud83d", "© 2024 AFP", *TEXT,
)  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=30).map(
    lambda pieces: "".join(pieces).encode("utf-8", "surrogatepass")
)


@settings(deadline=None)
@given(st.binary(max_size=200) | MARKUP)
@example(PAGE.encode()[:-9] + b"\xff\xfe<!--")
def test_no_page_is_too_strange(page: bytes) -> None:
    article = extract_html(page, URL)

    # What is found holds the promises of its columns.
    columns = asdict(article) if article else {}
    assert "" not in columns.values()
    assert all(
        value.encode().decode() == value for value in columns.values() if type(value) is str
    )


@pytest.mark.parametrize("crash", [ValueError("bad"), RecursionError("deep"), KeyError("k")])
def test_a_crash_of_the_extractor_is_an_error_of_ours(
    crash: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*args: object, **kwargs: object) -> None:
        raise crash

    monkeypatch.setattr(html, "choose", fall_over)

    with pytest.raises(ExtractionError, match=rf"^{URL}: .*{type(crash).__name__}") as caught:
        extract_html(PAGE.encode(), URL)
    assert isinstance(caught.value, ArchiveError)


def test_another_process_on_another_day_finds_the_same(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_bytes(PAGE.replace("<p>", "<p class=date>May 3, 2024</p><p>", 1).encode())
    code = (
        "import sys; from pathlib import Path; from archiver.extraction import extract_html;"
        "print(ascii(extract_html(Path(sys.argv[1]).read_bytes(), sys.argv[2])))"
    )

    def shown(seed: str, zone: str) -> str:
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", code, str(page), URL]
        root = Path(__file__).parents[3]
        done = subprocess.run(
            command, env=environment, capture_output=True, check=True, cwd=root, text=True
        )
        return done.stdout.strip()

    assert (
        shown("1", "Asia/Tokyo")
        == shown("2", "America/Lima")
        == ascii(extract_html(page.read_bytes(), URL))
    )


def test_a_date_after_the_capture_is_not_believed() -> None:
    page = PAGE.replace("<title>", '<meta name="date" content="2024-05-03"><title>').encode()

    before = extract_html(page, URL, captured_at=datetime(2024, 4, 1, tzinfo=UTC))
    after = extract_html(page, URL, captured_at=datetime(2024, 6, 1, tzinfo=UTC))

    assert before is not None
    assert before.published_date is None
    assert after is not None
    assert after.published_date == "2024-05-03"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MIN_CHARS", 51),
        ("MAX_OCTETS", 1),
        ("NORMALISATION_VERSION", 0),
        ("_REVISION", 0),
        ("OPTIONS", {}),
        ("model_digest", lambda: "0" * 16),
        ("model_name", lambda: "none"),
    ],
)
@pytest.mark.parametrize("extractor", html.EXTRACTORS)
def test_another_option_has_another_hash(
    name: str, value: object, extractor: html.Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = config_hash(extractor)

    monkeypatch.setattr(html, name, value)
    config_hash.cache_clear()
    after = config_hash(extractor)
    config_hash.cache_clear()

    assert before != after
