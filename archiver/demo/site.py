"""The demonstration site as values: every address of it, and what is sent there.

The same base address gives the same octets, always. Nothing here opens a socket.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

from archiver.demo.articles import (
    DATA,
    PAPER,
    SECTIONS,
    Article,
    article_head,
    article_html,
    fill,
    read_articles,
)
from archiver.demo.pictures import SCENES, draw, icon

OLD_PATH = "/stories/ferry.php"
MISSING_PATH = "/2026/03/31/april-fool"
FORBIDDEN_PATH = "/desk/drafts"
_ICON_PATH = "/favicon.ico"
_SLUG_OF_OLD_PATH = "ferry-returns"
_HTML = "text/html; charset=utf-8"
_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What one address answers with; *location* is where a redirect points.

    *is_gzipped* and *is_chunked* say how the body travels, to whoever accepts it so.
    """

    body: bytes
    media_type: str
    status: int = 200
    location: str | None = None
    is_gzipped: bool = False
    is_chunked: bool = False


def build_site(base: str) -> dict[str, Resource]:
    """Return every path of the site at *base*, such as `http://127.0.0.1:8000`."""
    articles = read_articles()
    fronts = {"/": "Front page"} | {f"/{key}/": name for key, name in SECTIONS.items()}
    site = {article.path: _article(article, articles, base) for article in articles}
    site |= {path: _front(path, name, articles, base) for path, name in fronts.items()}
    site |= {
        "/about": _page("/about", "About the Lantern", "about.html", base),
        FORBIDDEN_PATH: _page(FORBIDDEN_PATH, "Drafts", "drafts.html", base),
        OLD_PATH: _moved(articles, base),
        "/robots.txt": _text(fill("robots.txt", base=base), "text/plain; charset=utf-8"),
        "/feed.xml": _text(_feed(articles, base), "application/rss+xml; charset=utf-8"),
        "/sitemap.xml": _text(_sitemap(articles, base), "application/xml; charset=utf-8"),
        _ICON_PATH: Resource(body=icon(), media_type="image/vnd.microsoft.icon"),
    }
    return site | _assets() | _pictures()


def requisite_paths() -> list[str]:
    """Return what the articles need to be shown: each of them is named by one at least."""
    return [_ICON_PATH, *_assets(), *_pictures()]


def missing_page(base: str) -> Resource:
    """Return what an address answers with that the site does not have."""
    body = fill("missing.html")
    return _text(_layout(MISSING_PATH, "Nothing is printed here", body, base), _HTML, status=404)


def _article(article: Article, articles: list[Article], base: str) -> Resource:
    facts = article.facts
    charset = facts.get("charset")
    text = _layout(
        article.path,
        facts["title"],
        article_html(article, articles),
        base,
        description=facts["description"],
        head=article_head(article, base),
        language=facts.get("language", "en"),
        is_charset_declared=charset is None,
    )
    return Resource(
        body=text.encode(charset or "utf-8"),
        media_type=f"text/html; charset={charset.upper()}" if charset else _HTML,
        is_gzipped="gzip" in facts["delivery"],
        is_chunked="chunked" in facts["delivery"],
    )


def _front(path: str, name: str, articles: Iterable[Article], base: str) -> Resource:
    section = path.strip("/")
    teasers = (
        fill(
            "teaser.html",
            path=article.path,
            title=escape(article.facts["title"], quote=False),
            description=escape(article.facts["description"], quote=False),
            day=f"{article.published.day} {article.published:%B}",
        )
        for article in articles
        if section in ("", article.facts["section"])
    )
    body = f"<h1>{name}</h1>\n{''.join(teasers)}"
    return _text(_layout(path, name, body, base), _HTML)


def _page(path: str, title: str, template: str, base: str) -> Resource:
    return _text(_layout(path, title, fill(template), base), _HTML)


def _layout(
    path: str,
    title: str,
    main: str,
    base: str,
    *,
    description: str = "News of the ford, the town and the hills.",
    head: str = "",
    language: str = "en",
    is_charset_declared: bool = True,
) -> str:
    return fill(
        "layout.html",
        language=language,
        charset='<meta charset="utf-8">\n' if is_charset_declared else "",
        title=f"{escape(title, quote=False)} | {PAPER}",
        description=escape(description),
        url=base + path,
        head=head,
        main=main,
    )


def _text(text: str, media_type: str, status: int = 200) -> Resource:
    return Resource(body=text.encode(), media_type=media_type, status=status)


def _moved(articles: Iterable[Article], base: str) -> Resource:
    path = next(article.path for article in articles if article.slug == _SLUG_OF_OLD_PATH)
    return Resource(
        body=b"This story has moved.\n",
        media_type="text/plain; charset=utf-8",
        status=301,
        location=base + path,
    )


def _feed(articles: Iterable[Article], base: str) -> str:
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    _child(channel, "title", PAPER)
    _child(channel, "link", f"{base}/")
    _child(channel, "description", "News of the ford, the town and the hills")
    for article in articles:
        item = ElementTree.SubElement(channel, "item")
        _child(item, "title", article.facts["title"])
        _child(item, "link", base + article.path)
        _child(item, "guid", base + article.path)
        _child(item, "pubDate", f"{article.published:%a, %d %b %Y %H:%M:%S %z}")
        _child(item, "description", article.facts["description"])
    return _xml(rss)


def _sitemap(articles: Iterable[Article], base: str) -> str:
    urlset = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for article in articles:
        entry = ElementTree.SubElement(urlset, "url")
        _child(entry, "loc", base + article.path)
        _child(entry, "lastmod", article.facts.get("modified", article.facts["published"]))
    return _xml(urlset)


def _child(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _xml(root: ElementTree.Element) -> str:
    ElementTree.indent(root, " ")
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _assets() -> dict[str, Resource]:
    return {
        f"/assets/{file.name}": Resource(
            body=file.read_bytes(), media_type=_MEDIA_TYPES[file.name.rpartition(".")[2]]
        )
        for file in (DATA / "assets").iterdir()
    }


def _pictures() -> dict[str, Resource]:
    return {
        f"/media/{name}-{width}.png": Resource(body=draw(name, width), media_type="image/png")
        for name in SCENES
        for width in (320, 640)
    }
