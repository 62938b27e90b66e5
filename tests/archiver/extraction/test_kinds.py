"""The type of a page: whole pages of many makers in `kinds/`, and single signs.

`kinds/pages.json` says what each page is. The first set was written before the rules, the
others after them; `benchmarks/kinds.py` prints how the rules do on each.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import HtmlElement, tostring

from archiver.capture import PASSED_OVER
from archiver.extraction import extract_html
from archiver.extraction.kinds import READ, PageType, page_type_of
from archiver.extraction.linked_data import nodes_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.tree import MAX_ELEMENTS, parse

FOLDER = Path(__file__).parent / "kinds"
PAGES: list[dict[str, Any]] = json.loads((FOLDER / "pages.json").read_text(encoding="utf-8"))
URL = "https://news.example.org/harbour/ferry"
PROSE = (
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the gale. "
    "Its first passenger was a cow named Marigold, who had been waiting since May."
)
STORIES = "".join(
    f'<h3><a href="/{number}">The headline of story number {number}</a></h3>'
    for number in range(1, 9)
)


def tree_of(page: bytes | str) -> HtmlElement:
    tree = parse(page.encode("utf-8", "surrogatepass") if isinstance(page, str) else page)
    assert tree is not None
    return tree


def written(name: str) -> bytes:
    return (FOLDER / f"{name}.html").read_bytes()


@pytest.mark.parametrize("page", PAGES, ids=[page["page"] for page in PAGES])
def test_a_page_is_what_it_is(page: dict[str, Any]) -> None:
    tree = tree_of(written(page["page"]))

    assert page_type_of(tree, page["url"], status=page.get("status", 200)) == page["type"]


TEXTS = [page for page in PAGES if page["type"] == "article"]
WALLS = [page for page in PAGES if page["type"] in ("botwall", "consent", "login", "soft404")]


@pytest.mark.parametrize("page", TEXTS, ids=[page["page"] for page in TEXTS])
def test_an_article_has_a_text(page: dict[str, Any]) -> None:
    article = extract_html(written(page["page"]), page["url"])

    assert article is not None
    assert article.page_type == "article"


@pytest.mark.parametrize("page", WALLS, ids=[page["page"] for page in WALLS])
def test_a_wall_has_no_text(page: dict[str, Any]) -> None:
    assert extract_html(written(page["page"]), page["url"], status=page.get("status", 200)) is None


def test_what_may_have_a_text_is_not_passed_over() -> None:
    assert READ.isdisjoint(PASSED_OVER)
    assert frozenset(get_args(PageType)) <= READ | PASSED_OVER


def linked(value: str) -> str:
    return f'<script type="application/ld+json">{value}</script>'


ARTICLE = linked('{"@type": "NewsArticle", "headline": "Ferry returns to the quay"}')
SIGNS = [
    # what it shows, address, markup, type
    ("prose", URL, f"<p>{PROSE}</p>", "article"),
    ("prose at the root", "https://news.example.org/", f"<p>{PROSE}</p>", "article"),
    ("prose and no address", None, f"<p>{PROSE}</p>", "article"),
    ("nothing", URL, "<p>Ferry</p>", "other"),
    ("JSON-LD", URL, ARTICLE, "article"),
    (
        "a short article between menus",
        "https://news.example.org/harbour",
        "<title>Ferry returns to the quay</title><h1>Ferry returns to the quay</h1>"
        + "<nav><ul><li><a href=/>Home</a><li><a href=/t>Tides</a><li><a href=/f>Fares</a>"
        "</ul></nav>" * 3 + f"<p>{PROSE[:90]}.</p>",
        "article",
    ),
    (
        "times of the day in elements of their own",
        URL,
        "<title>Live updates: the ferry returns</title>"
        + "".join(f"<p><time>1{n}:05</time> The ferry is at buoy {n}.</p>" for n in range(5)),
        "liveblog",
    ),
    ("JSON-LD of a live blog", URL, linked('{"@type": "LiveBlogPosting"}'), "liveblog"),
    (
        "JSON-LD of a live blog among its posts",
        URL,
        "<title>Ferry returns to the quay</title>"
        + linked(
            '[{"@type": "BlogPosting"}, {"@type": ["NewsArticle", "LiveBlogPosting"],'
            ' "headline": "Ferry returns to the quay"}]'
        ),
        "liveblog",
    ),
    (
        "JSON-LD of an article on a collection's page",
        URL,
        "<title>Ferry returns to the quay</title>"
        + ARTICLE
        + linked('{"@type": "CollectionPage"}')
        + f"<p>{PROSE}</p>"
        + STORIES,
        "article",
    ),
    (
        "JSON-LD of several articles on a collection's page",
        "https://news.example.org/harbour",
        linked(
            '{"@type": "CollectionPage", "hasPart": ['
            '{"@type": "NewsArticle", "headline": "Ferry returns"}, {"@type": "NewsArticle"}]}'
        )
        + STORIES,
        "listing",
    ),
    ("JSON-LD of a search", URL, linked('{"@type": "SearchResultsPage"}') + STORIES, "search"),
    ("JSON-LD of a podcast", URL, linked('{"@type": "PodcastEpisode"}'), "audio"),
    ("JSON-LD of a video", URL, linked('{"@type": "VideoObject"}'), "video"),
    (
        "Open Graph of a video",
        URL,
        f'<meta property="og:type" content="Video.Other"><p>{PROSE}</p>',
        "video",
    ),
    (
        "Open Graph of a video in a long text",
        URL,
        f'<meta property="og:type" content="video.other">{f"<p>{PROSE}</p>" * 12}',
        "article",
    ),
    ("headlines below a tag", "https://news.example.org/tag/ferry", STORIES, "listing"),
    ("headlines at the root", "https://news.example.org/", STORIES, "front"),
    (
        "headlines below prose with that title",
        "https://news.example.org/tag/ferry",
        "<title>Ferry returns to the quay of Pell - News</title>"
        f"<h1>Ferry returns to the quay of Pell</h1><p>{PROSE}</p>{STORIES}",
        "article",
    ),
    ("the class of an archive", URL, f'<body class="archive tag">{STORIES}', "listing"),
    ("the class of a front", URL, f'<body class="home blog">{STORIES}', "front"),
    ("the class of an error", URL, f'<body class="error404"><p>{PROSE}</p>', "soft404"),
    (
        "a headline with the words of an error",
        URL,
        f"<title>Black box not found</title><h1>Black box not found</h1><p>{PROSE}</p>",
        "article",
    ),
    (
        "a headline with the words of a search",
        URL,
        f"<title>Search for ferry goes on</title><p>{PROSE}</p>{STORIES}",
        "article",
    ),
    (
        "a headline with the words of a wall",
        URL,
        f"<title>Access denied: the quay stays shut</title><p>{PROSE}</p>",
        "article",
    ),
    (
        "a headline with the words of consent",
        URL,
        f"<title>Zustimmung zur Fähre wächst</title><p>{PROSE}</p>",
        "article",
    ),
    (
        "a captcha in a form beside prose",
        URL,
        f'<p>{PROSE}</p><form><div class="g-recaptcha"></div></form>',
        "article",
    ),
    ("a password field and nothing else", URL, '<input type="password">', "login"),
    ("a password field beside prose", URL, f'<input type="password"><p>{PROSE}</p>', "article"),
]


@pytest.mark.parametrize(
    ("url", "markup", "kind"), [sign[1:] for sign in SIGNS], ids=[sign[0] for sign in SIGNS]
)
def test_signs_are_weighed(url: str | None, markup: str, kind: PageType) -> None:
    assert page_type_of(tree_of(markup), url) == kind


REST = f"{PROSE} The cow was sold at Pell for …"
EXCERPTS = [
    # what it shows, address, markup, type
    ("a label above what breaks off", URL, f"<h3>Article excerpt</h3><p>{REST}</p>", "excerpt"),
    (
        "blanks around a label, and three points",
        URL,
        f"<b>\n{' ' * 80}Article Preview:\n</b><p>{REST[:-1]}...</p>",
        "excerpt",
    ),
    ("three points apart", URL, f"<b>ARTICLE EXCERPT</b><p>{REST[:-1]}. . .</p>", "excerpt"),
    ("a label in German", URL, f"<div>Artikelauszug</div><p>{REST}</p>", "excerpt"),
    ("a label in Russian", URL, f"<div>Отрывок из статьи</div><p>{REST}</p>", "excerpt"),
    (
        "a label and a tab with its name",
        URL,
        f"<ul><li>Article excerpt</li></ul><h3>Article excerpt</h3><p>{REST}</p>",
        "excerpt",
    ),
    (
        "an offer of the rest",
        URL,
        f"<h3>Article excerpt</h3><p>{REST}</p><p>Log in to read the rest of this article.</p>",
        "excerpt",
    ),
    (
        "an excerpt, and an offer of the rest",
        URL,
        f"<h3>Excerpt</h3><p>{REST}</p><p>Log in to read the rest of this article.</p>",
        "excerpt",
    ),
    (
        "a form to log in",
        URL,
        f"<h3>Article excerpt</h3><p>{REST}</p><input type=password>",
        "excerpt",
    ),
    (
        "a label below an article in JSON-LD",
        URL,
        f"{ARTICLE}<h3>Article excerpt</h3><p>{REST}</p>",
        "article",
    ),
    ("a text that breaks off", URL, f"<p>{REST}</p>", "article"),
    (
        "a text that breaks off, and an offer of the rest",
        URL,
        f"<p>{REST}</p><p>Log in to read the rest of this article.</p>",
        "article",
    ),
    ("a whole text", URL, f"<h3>Article excerpt</h3><p>{PROSE}</p>", "article"),
    ("an excerpt from a book", URL, f"<h2>Excerpt</h2><p>{REST}</p>", "article"),
    (
        "an article with an excerpt of another",
        URL,
        f"<p>{PROSE}</p><p>{PROSE}</p><h3>Article excerpt</h3><p>{REST}</p>",
        "article",
    ),
    (
        "a pause in a longer text",
        URL,
        f"<h3>Article excerpt</h3><p>{REST}</p><p>{PROSE}</p><p>{PROSE}</p>",
        "article",
    ),
    (
        "a link to an excerpt",
        URL,
        f"<p>{REST}</p><a href=/excerpt>Article excerpt</a><p>{REST}</p>",
        "article",
    ),
    (
        "a list of excerpts",
        "https://news.example.org/search?q=ferry",
        f"<h3>Article excerpt</h3><p>{REST}</p>" * 3,
        "article",
    ),
    (
        "an excerpt on a front",
        "https://news.example.org/",
        f"<h3>Article excerpt</h3><p>{REST}</p>",
        "article",
    ),
]


@pytest.mark.parametrize(
    ("url", "markup", "kind"),
    [excerpt[1:] for excerpt in EXCERPTS],
    ids=[excerpt[0] for excerpt in EXCERPTS],
)
def test_an_excerpt_says_so_and_breaks_off(url: str, markup: str, kind: PageType) -> None:
    assert page_type_of(tree_of(markup), url) == kind


def test_an_excerpt_has_a_text() -> None:
    page = f"<title>Ferry returns to the quay</title><h3>Article excerpt</h3><p>{REST}</p>"

    article = extract_html(page.encode(), URL)

    assert article is not None
    assert article.page_type == "excerpt"


STATUSES = [
    # status, markup, type
    (200, f"<p>{PROSE}</p>", "article"),
    (404, f"<p>{PROSE}</p>", "soft404"),
    (404, f"<h3>Article excerpt</h3><p>{REST}</p>", "soft404"),
    (410, "<p>Gone</p>", "soft404"),
    (500, f"<p>{PROSE}</p>", "other"),
    (403, "<title>403 Forbidden</title><h1>403 Forbidden</h1>", "botwall"),
    (200, "<title>403 Forbidden: a play</title>" + f"<p>{PROSE}</p>", "article"),
    # A server may err about a page that it sends whole.
    (404, f"<p>{PROSE}</p>" * 5, "article"),
    (404, ARTICLE + f"<p>{PROSE}</p>", "article"),
]


@pytest.mark.parametrize(("status", "markup", "kind"), STATUSES)
def test_the_status_is_weighed_too(status: int, markup: str, kind: PageType) -> None:
    assert page_type_of(tree_of(markup), URL, status=status) == kind


def test_what_was_read_already_is_not_read_again() -> None:
    tree = tree_of(f"<p>{PROSE}</p>")
    declaring = tree_of(linked('{"@type": "LiveBlogPosting"}'))

    kind = page_type_of(tree, URL, meta=MetaTags(declaring), nodes=nodes_of(declaring))

    assert kind == "liveblog"


def test_the_tree_stays_as_it_is() -> None:
    tree = tree_of(written("botwall-cloudflare"))
    before = tostring(tree)

    page_type_of(tree, URL, status=403)

    assert tostring(tree) == before


MANY = MAX_ELEMENTS - 10
HOSTILE = [
    ("paragraphs", "<p>x" * MANY, "other"),
    ("links", "<a href=/a>Some headline of the day</a><br>" * (MANY // 2), "listing"),
    ("nested divs", "<div>" * MANY + PROSE, "other"),
    ("nested links and headings", "<h2><a href=/a>" * (MANY // 2), "other"),
    ("headings", "<h1>Ferry</h1>" * MANY, "other"),
    ("a long title", f"<title>{'Ferry ' * 200_000}</title><p>{PROSE}</p>", "article"),
    ("a long heading", f"<h1>{'<b>Ferry</b> ' * 20_000}</h1><p>{PROSE}</p>", "article"),
    ("a long word", f"<p>{'x' * 5_000_000}</p>", "other"),
    ("a long text", f"<p>{'The ferry is back. ' * 200_000}</p>", "article"),
    ("long attributes", f'<p class="{"captcha " * 100_000}" id="{"x" * 99_999}">', "other"),
    ("labels", f"<b>Article excerpt</b><p>{REST}</p>" * (MANY // 3), "article"),
    ("a label over a long text", f"<b>Article excerpt</b>{f'<p>{PROSE}</p>' * 9999}…", "excerpt"),
    ("many classes", f'<body class="{"archive " * 100_000}"><p>{PROSE}</p>', "article"),
]


@pytest.mark.parametrize(
    ("page", "kind"), [page[1:] for page in HOSTILE], ids=[page[0] for page in HOSTILE]
)
def test_hostile_pages_have_a_type(page: str, kind: PageType) -> None:
    assert page_type_of(tree_of(page), URL) == kind


PIECES = (
    "<p>", "</p>", "<a href=/a>", "</a>", "<h1>", "<h2>", "<article>", "<title>", "<li>", "<img>",
    "<input type=password>", "<button>OK</button>", "<body class='home blog'>", "404",
    "<noscript>", "<meta property=og:type content=", "video", ">", "12:30", "Just a moment...",
    "Cookies", "\0", "<script type='application/ld+json'>", "</script>",
    '{"@type": ["Article", 5], "url": [{}]}',
    "<h3>Article excerpt</h3>", "Excerpt", "…", "rest of the article",
    "[" * 50, "Page not found", "Access denied", "\ud83d", "ß\u0130\u3099", PROSE,
)  # fmt: skip
MARKUP = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(deadline=None)
@given(st.text() | MARKUP, st.none() | st.sampled_from([page["url"] for page in PAGES]),
       st.integers(0, 999))  # fmt: skip
def test_no_page_is_too_strange(page: str, url: str | None, status: int) -> None:
    kind = page_type_of(tree_of(f"<html>{page}"), url, status=status)

    assert kind in get_args(PageType)


def test_an_article_without_a_body_to_stand_in_is_one_all_the_same() -> None:
    page = (
        b"<title>Rain in the valley</title><article><h1>Rain in the valley</h1>"
        b"<p>It rained from the morning until late at night, and the river rose by two feet.</p>"
    )
    tree = parse(page)

    assert tree is not None
    assert page_type_of(tree, None) == "article"
