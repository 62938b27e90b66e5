"""What pages and stylesheets name, as browsers read them; and that nothing hostile takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.requisites import Requisite, requisites_of_css, requisites_of_html
from archiver.requisites.css import names_in_css
from archiver.requisites.references import resolved
from archiver.requisites.srcset import urls_of_srcset

PAGE = "http://paper.example/town/story.html?page=1"
ROOT = "http://paper.example"
SIZE = 400_000


def found_in(html: str, base: str = PAGE) -> list[str]:
    """Return what *html* names, less the host where it is the page's own."""
    found = requisites_of_html(html.encode(), base)
    return [requisite.url.removeprefix(ROOT) for requisite in found]


def kinds_in(html: str) -> dict[str, str]:
    found = requisites_of_html(html.encode(), PAGE)
    return {requisite.url.removeprefix(ROOT): requisite.kind for requisite in found}


def named(css: str) -> list[tuple[str, str]]:
    return [(name.reference, name.kind) for name in names_in_css(css)]


# Pages

NAMING = {
    "a picture": ('<img src="/a.png">', ["/a.png"]),
    "pictures to choose from": (
        '<img src="/a.png" srcset="/b.png 1x, /c.png 2x">',
        ["/a.png", "/b.png", "/c.png"],
    ),
    "a picture for a narrow window": (
        '<picture><source srcset="/a.webp" media="(max-width: 4em)"><img src="/a.png"></picture>',
        ["/a.png", "/a.webp"],
    ),
    "pictures that come later": (
        '<img data-src="/a.png"><img data-lazy-src="/b.png"><img data-original="/c.png">',
        ["/a.png", "/b.png", "/c.png"],
    ),
    "choices that come later": (
        '<img data-srcset="/a.png 1x"><source data-lazy-srcset="/b.png 2x">',
        ["/a.png", "/b.png"],
    ),
    "what a browser without scripts sees": ('<noscript><img src="/a.png"></noscript>', ["/a.png"]),
    "a stylesheet": ('<link rel="stylesheet" href="/a.css">', ["/a.css"]),
    "another stylesheet": ('<link rel="Alternate StyleSheet" href="/a.css">', ["/a.css"]),
    "icons": (
        '<link rel="shortcut icon" href="/a.ico"><link rel="apple-touch-icon" href="/b.png">',
        ["/a.ico", "/b.png"],
    ),
    "a preloaded font": ('<link rel="preload" as="font" href="/a.woff2">', ["/a.woff2"]),
    "preloaded pictures to choose from": (
        '<link rel="preload" as="image" href="/a.png" imagesrcset="/b.png 1x">',
        ["/a.png", "/b.png"],
    ),
    "a script": ('<script src="/a.js" defer></script>', ["/a.js"]),
    "a module": ('<link rel="modulepreload" href="/a.mjs">', ["/a.mjs"]),
    "a style": ("<style>p { background: url(/a.png) }</style>", ["/a.png"]),
    "a style of one element": ("<p style=\"background: url('/a.png')\">", ["/a.png"]),
    "an old background": ('<table background="/a.gif">', ["/a.gif"]),
    "a film's picture": ('<video poster="/a.png" src="/no.mp4"></video>', ["/a.png"]),
    "a button": ('<input type="Image" src="/a.png">', ["/a.png"]),
    "pictures in SVG": (
        '<svg><image xlink:href="/a.png"/><use href="/b.svg#c"/><use href="#d"/></svg>',
        ["/a.png", "/b.svg"],
    ),
    "an unfinished page": ('<img src="/a.png"><img src="/b.png', ["/a.png"]),
    "a page in an empty element": ('<html lang="en" /><img src="/a.png">', ["/a.png"]),
    "markup in an attribute": ('<img alt="<img src=/no.png>" src="/a.png">', ["/a.png"]),
    "an escape": ('<img src="/a.png?b=1&amp;c=2&copy=3">', ["/a.png?b=1&c=2&copy=3"]),
}  # fmt: skip
NAMING_NOTHING = {
    "an empty page": "",
    "a link": '<a href="/a">',
    "another address of the page": '<link rel="canonical" href="/a">',
    "what the next page may need": '<link rel="prefetch" href="/a">',
    "what an installation needs": '<link rel="manifest" href="/a">',
    "data for a script": '<link rel="preload" as="fetch" href="/a.json">',
    "a frame": '<iframe src="/a"></iframe><object data="/b"></object><embed src="/c">',
    "a film": '<video src="/a.mp4"><source src="/b.mp4"></video><audio src="/c.mp3"></audio>',
    "a preview for others": '<meta property="og:image" content="/a.png">',
    "a comment": '<!-- <img src="/a.png"> --><style>/* url(/b.png) */</style>',
    "a text field": '<input type="text" src="/a.png">',
    "a template": '<img data-src="{{ picture }}"><img data-src="a b.png">',
    "a script's own text": '<script>document.write("<img src=/a.png>")</script>',
    "another language": '<style type="text/x-template">p { background: url(/a.png) }</style>',
    "the page itself": '<img src=""><img src="#a"><img src="story.html?page=1#a">',
    "the page itself once more": '<img src="?page=1">',
    "no HTTP": '<img src="data:image/png;base64,AA=="><img src="blob:x"><img src="javascript:a()">'
    '<img src="ftp://a/b.png"><img src="about:blank">',
    "no URL": '<img src="http://[a"><img src="http://a:b/"><img src="http://a:99999/">',
    "no host": '<img src="//"><img src="https://?a"><img src="http:///">',
}  # fmt: skip


@pytest.mark.parametrize("case", NAMING)
def test_a_page_names_what_it_needs(case: str) -> None:
    html, expected = NAMING[case]

    assert found_in(html) == expected


@pytest.mark.parametrize("case", NAMING_NOTHING)
def test_a_page_names_nothing(case: str) -> None:
    assert found_in(NAMING_NOTHING[case]) == []


def test_what_is_missed_most_comes_first_and_each_once() -> None:
    html = (
        '<img srcset="/choice.png 1x, /picture.png 2x"><img src="/picture.png">'
        '<script src="/script.js"></script><link rel="icon stylesheet" href="/style.css">'
        '<link rel="preload" as="script" href="/script.js">'
    )

    assert list(kinds_in(html).items()) == [
        ("/style.css", "stylesheet"),
        ("/script.js", "script"),
        ("/picture.png", "part"),
        ("/choice.png", "choice"),
    ]


def test_the_first_base_holds_for_the_whole_page() -> None:
    html = '<img src="a.png"><base href="/sub/"><base href="/no/"><img src="b.png"><img src="">'

    assert found_in(html) == ["/sub/a.png", "/sub/b.png"]


def test_a_base_that_is_no_http_is_no_base() -> None:
    assert found_in('<base href="data:,"><img src="a.png">') == ["/town/a.png"]


@pytest.mark.parametrize(
    ("octets", "charset", "query"),
    [
        ('<img src="/é?é">'.encode("latin-1"), "ISO-8859-1", "%E9"),
        ('<meta charset="iso-8859-1"><img src="/é?é">'.encode("latin-1"), None, "%E9"),
        ('<img src="/é?é">'.encode("latin-1"), None, "%E9"),
        ('<img src="/é?é">'.encode(), None, "%C3%A9"),
        ('<img src="/é?é">'.encode(), "punycode", "%C3%A9"),
        ('\ufeff<img src="/é?é">'.encode(), "ISO-8859-1", "%C3%A9"),
        ('\ufeff<img src="/é?é">'.encode("utf-16-le"), None, "%C3%A9"),
    ],
)
def test_a_path_is_sent_in_utf_8_and_a_query_as_the_page_is(
    octets: bytes, charset: str | None, query: str
) -> None:
    assert requisites_of_html(octets, PAGE, charset) == [
        Requisite(url=f"{ROOT}/%C3%A9?{query}", kind="part")
    ]


def test_no_element_lies_too_deep() -> None:
    assert found_in("<div>" * 5000 + '<img src="/a.png">') == ["/a.png"]


def test_a_page_that_names_too_much_is_cut_short() -> None:
    html = "".join(f'<img src="/{number}.png">' for number in range(15_000))

    assert len(found_in(html)) == 10_000


# References

REFERENCES = {
    "a.png": "http://paper.example/town/a.png",
    " \n a.png\t": "http://paper.example/town/a.png",
    "a\n\tb.png": "http://paper.example/town/ab.png",
    "a b.png": "http://paper.example/town/a%20b.png",
    "a%20b.png": "http://paper.example/town/a%20b.png",
    "a.png#b?c": "http://paper.example/town/a.png",
    "../../../a.png": "http://paper.example/a.png",
    "..\\a.png?b\\c": "http://paper.example/a.png?b%5Cc",
    "//cdn.example/a.png": "http://cdn.example/a.png",
    "\\\\cdn.example\\a.png": "http://cdn.example/a.png",
    "////cdn.example/a.png": "http://cdn.example/a.png",
    "https:cdn.example/a.png": "https://cdn.example/a.png",
    "https:/cdn.example/a.png": "https://cdn.example/a.png",
    "https:////cdn.example/a.png": "https://cdn.example/a.png",
    "HTTP:a.png": "http://paper.example/town/a.png",
    "?a=€": "http://paper.example/town/story.html?a=%E2%82%AC",
    "http://bücher.example/": "http://xn--bcher-kva.example/",
    "HtTpS://CDN.example/A.png": "https://cdn.example/A.png",
    "a.eot?#iefix": "http://paper.example/town/a.eot",
    "x:a.png": None,
    "http://": None,
    "http:///": None,
    "https://cdn.example:0/": None,
    "/" + "a" * 9000: None,
}


@pytest.mark.parametrize("reference", REFERENCES)
def test_a_reference_means_what_it_means_to_a_browser(reference: str) -> None:
    found = resolved(reference, PAGE)

    assert found == REFERENCES[reference]


def test_what_the_encoding_of_a_page_lacks_is_sent_in_utf_8() -> None:
    assert resolved("?€", PAGE, "iso8859-1") == f"{ROOT}/town/story.html?%E2%82%AC"


@given(st.text())
def test_any_reference_means_something_or_nothing(reference: str) -> None:
    found = resolved(reference, PAGE)

    assert found is None or resolved(found, PAGE) == found


# Reach

INSIDE = (
    "http://localhost:9200/", "http://a.localhost/", "http://printer.local/", "http://127.0.0.1/",
    "http://0x7f.1/", "http://2130706433/", "http://10.0.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://0.0.0.0/", "http://[::1]/",
    "http://[fd00::1]/", "http://[::ffff:127.0.0.1]/",
)  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_a_page_out_in_the_world_names_no_host_of_our_own_network(url: str) -> None:
    html = f'<img src="{url}"><img src="http://203.0.114.1/a.png"><img src="/b.png">'

    assert found_in(html) == ["http://203.0.114.1/a.png", "/b.png"]
    assert len(found_in(html, "http://127.0.0.1:8000/story")) == 3


# Choices

CHOICES = {
    "a.png": ["a.png"],
    " a.png 1x ,\n b.png 2x": ["a.png", "b.png"],
    "a.png, b.png": ["a.png", "b.png"],
    "a.png 1x,b.png 2x": ["a.png", "b.png"],
    "w_1,h_2/a.png 1x, w_3,h_4/a.png 2x": ["w_1,h_2/a.png", "w_3,h_4/a.png"],
    "data:image/png;base64,AA== 1x, a.png 2x": ["data:image/png;base64,AA==", "a.png"],
    "a.png (1,2), b.png": ["a.png", "b.png"],
    "a.png,,, b.png": ["a.png", "b.png"],
    ",, ,": [],
    "": [],
    "a.png 100w (": ["a.png"],
}


@pytest.mark.parametrize("value", CHOICES)
def test_the_urls_of_a_srcset(value: str) -> None:
    assert list(urls_of_srcset(value)) == CHOICES[value]


# Stylesheets

STYLES = {
    '@import "a.css";': [("a.css", "stylesheet")],
    "@import url(a.css) screen and (min-width: 4em);": [("a.css", "stylesheet")],
    "@IMPORT/**/URL( 'a.css' );": [("a.css", "stylesheet")],
    '@import-not "a.css"; @import a.css;': [],
    "p{background:url(a.png)}": [("a.png", "part")],
    "p{background:url(\n a.png \n)}": [("a.png", "part")],
    "p{background:url('a(b).png')}": [("a(b).png", "part")],
    "p{background:red url(a.png),url(b.png)}": [("a.png", "part"), ("b.png", "part")],
    "@font-face{src:local('A'),url(a.woff2)format('woff2')}": [("a.woff2", "part")],
    "p{background:image-set('a' 1x,url(b) 2x,'c' type('image/avif'))}q{content:'d'}": [
        ("a", "choice"), ("b", "choice"), ("c", "choice"),
    ],
    "p{background:-webkit-image-set(url('a.png') 1x)}": [("a.png", "choice")],
    "p{background:image-set(}q{content:'a.png'}": [],
    "/* url(a.png) */p{content:'url(b.png)'}": [],
    "/* url(a.png)": [],
    "p{content:'\\'url(a.png)'}": [],
    "p::before{content:'broken\n;background:url(a.png)}": [("a.png", "part")],
    "p{background:url(a b.png)}q{background:url(c.png)}": [("c.png", "part")],
    "p{background:url(a\"b.png)}q{background:url(c.png)}": [("c.png", "part")],
    "p{background:url(a\\)b.png)}": [("a)b.png", "part")],
    "p{background:url(\\41 b\\000043\\.png)}": [("AbC.png", "part")],
    "p{background:url('a\\\nb.png')}": [("ab.png", "part")],
    "p{background:url('\\110000\\d800 a')}": [("\ufffd\ufffda", "part")],
    "p{background:url('a\r\nb.png);q{background:url(c.png)}": [("c.png", "part")],
    "p{background:my-url(a.png) curl(b.png)}": [],
    "@namespace svg url(http://www.w3.org/2000/svg);p{background:url(a.png)}": [("a.png", "part")],
    "<!-- @import 'a.css'; -->": [("a.css", "stylesheet")],
    "p{background:url(a.png": [("a.png", "part")],
    "p{background:url(": [],
    "@import": [],
    "\\": [],
    ".a\\(b{background:url(c.png)}": [("c.png", "part")],
    ".a\\\"b{background:url(c.png)}": [("c.png", "part")],
}  # fmt: skip


@pytest.mark.parametrize("css", STYLES)
def test_what_a_stylesheet_names(css: str) -> None:
    assert named(css) == STYLES[css]


def test_a_stylesheet_is_the_base_of_what_it_names() -> None:
    css = b'@import "more.css"; p { background: url(../a.png) } q { background: url(#b) }'

    assert requisites_of_css(css, "http://cdn.example/css/main.css") == [
        Requisite(url="http://cdn.example/css/more.css", kind="stylesheet"),
        Requisite(url="http://cdn.example/a.png", kind="part"),
    ]


@pytest.mark.parametrize(
    ("css", "charset"),
    [
        ('p{background:url("é.png")}'.encode("latin-1"), "latin1"),
        ('@charset "latin1";p{background:url("é.png")}'.encode("latin-1"), None),
        ('@charset "latin1";p{background:url("é.png")}'.encode(), "utf-8"),
        ('p{background:url("é.png")}'.encode(), None),
    ],
)
def test_a_stylesheet_is_read_in_its_charset(css: bytes, charset: str | None) -> None:
    assert requisites_of_css(css, f"{ROOT}/", charset) == [
        Requisite(url=f"{ROOT}/%C3%A9.png", kind="part")
    ]


@given(st.text(alphabet="url(@import\"'\\/*;){}-set \na.:"))
def test_any_stylesheet_can_be_read(css: str) -> None:
    assert len(named(css)) <= len(css)


@given(st.binary())
def test_any_octets_can_be_read(octets: bytes) -> None:
    assert requisites_of_html(octets, PAGE) == requisites_of_html(octets, PAGE)


# Hostile input

HANGS = 60.0  # seconds: what takes more than its share for each octet takes hours for so many

HOSTILE = (
    "url(", "url(a)", "\"\n'\n", "'\\\n", "image-set(", '"\\', "@import ", "url(\\)", "/*", "(",
    "@namespace ", "url(/**/", "image-set('", "\\", "@import/**",
)  # fmt: skip
HOSTILE_MARKUP = (
    "<div>", "<a>", "<b><p>", "<table><form>", "<img src=a>", "<style>", "<style>a</style>", "<",
    "&#", "<img srcset='a (,'>", "<link rel=icon href=a>", "<base href=//a>", "<html ", " a=b",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_stylesheet_takes_long(piece: str) -> None:
    css = (piece * (SIZE // len(piece))).encode()
    began = time.process_time()

    requisites_of_css(css, PAGE)

    assert time.process_time() - began < HANGS


@pytest.mark.parametrize("piece", HOSTILE_MARKUP)
def test_no_page_takes_long(piece: str) -> None:
    html = f"<img {piece * (SIZE // len(piece))}".encode()
    began = time.process_time()

    requisites_of_html(html, PAGE)

    assert time.process_time() - began < HANGS


def test_ten_thousand_ways_to_write_one_reference_do_not_take_long() -> None:
    html = "".join(f'<img src="/a#{number}">' for number in range(50_000)).encode()
    began = time.process_time()

    assert len(requisites_of_html(html, PAGE)) == 1
    assert time.process_time() - began < HANGS
