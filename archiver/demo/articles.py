"""The articles of the demonstration site, and the marks that tell machines about them.

An article is a file in `site/articles`: lines of `key: value`, a blank line, then its body
as HTML. Like real papers ours mark their articles in more than one way: JSON-LD, OpenGraph,
microdata, or not at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.resources import files
from string import Template

DATA = files("archiver.demo") / "site"
SECTIONS = {"town": "Town", "culture": "Culture", "nature": "Nature"}
PAPER = "The Sallowford Lantern"
_RELATED = 3
_TEMPLATES = {
    "json-ld": "article-json-ld.html",
    "opengraph": "article-opengraph.html",
    "microdata": "article-microdata.html",
    "plain": "article-opengraph.html",
}


@dataclass(frozen=True, slots=True)
class Article:
    """One article file: its slug, its `key: value` lines and its body."""

    slug: str
    facts: dict[str, str]
    body: str

    @property
    def published(self) -> datetime:
        """When the article appeared."""
        return datetime.fromisoformat(self.facts["published"])

    @property
    def path(self) -> str:
        """Where the article stands on the site."""
        return f"/{self.published:%Y/%m/%d}/{self.slug}"


def read_articles() -> list[Article]:
    """Return the articles of the site, the newest first."""
    articles = []
    for file in (DATA / "articles").iterdir():
        head, _, body = file.read_text("utf-8").partition("\n\n")
        facts = dict(line.split(": ", 1) for line in head.splitlines())
        articles.append(Article(file.name.removesuffix(".html"), facts, body))
    return sorted(articles, key=lambda article: article.published, reverse=True)


def fill(name: str, **values: str) -> str:
    """Return the template *name* of the site with *values* in place of their names."""
    return Template((DATA / name).read_text("utf-8")).substitute(values)


def article_html(article: Article, others: list[Article]) -> str:
    """Return the article and the links to some of the *others* below it."""
    facts = article.facts
    links = (
        f'    <li><a href="{other.path}">{escape(other.facts["title"])}</a></li>\n'
        for other in [other for other in others if other.slug != article.slug][:_RELATED]
    )
    return fill(
        _TEMPLATES[facts["markup"]],
        url=article.path,
        section=facts["section"],
        section_name=SECTIONS[facts["section"]],
        headline=escape(facts["title"], quote=False),
        description=escape(facts["description"], quote=False),
        authors=escape(facts["authors"].replace(", ", " and ")),
        published=facts["published"],
        published_day=f"{article.published.day} {article.published:%B %Y}",
        figure=_figure(facts),
        body=article.body,
        related=fill("related.html", links="".join(links)),
    )


def article_head(article: Article, base: str) -> str:
    """Return the elements of the HTML head that tell machines about the article."""
    match article.facts["markup"]:
        case "json-ld":
            return _json_ld(article, base) + _opengraph(article, base)
        case "opengraph":
            return _opengraph(article, base)
        case _:
            return ""


def _figure(facts: dict[str, str]) -> str:
    if "picture" not in facts:
        return ""
    alt, caption = escape(facts["alt"]), escape(facts["caption"], quote=False)
    return fill("figure.html", picture=facts["picture"], alt=alt, caption=caption)


def _json_ld(article: Article, base: str) -> str:
    facts = article.facts
    claims = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": facts["title"],
        "description": facts["description"],
        "url": base + article.path,
        "datePublished": facts["published"],
        "dateModified": facts.get("modified", facts["published"]),
        "inLanguage": facts.get("language", "en"),
        "articleSection": SECTIONS[facts["section"]],
        "author": [{"@type": "Person", "name": name} for name in facts["authors"].split(", ")],
        "publisher": {"@type": "NewsMediaOrganization", "name": PAPER},
    }
    if "picture" in facts:
        claims["image"] = [f"{base}/media/{facts['picture']}-640.png"]
    text = json.dumps(claims, ensure_ascii=False, indent=1)
    return f'<script type="application/ld+json">\n{text}\n</script>\n'


def _opengraph(article: Article, base: str) -> str:
    facts = article.facts
    properties = [
        ("og:type", "article"),
        ("og:site_name", PAPER),
        ("og:title", facts["title"]),
        ("og:description", facts["description"]),
        ("og:url", base + article.path),
        ("article:published_time", facts["published"]),
        ("article:section", SECTIONS[facts["section"]]),
        *(("article:tag", tag) for tag in facts["tags"].split(", ")),
    ]
    if "picture" in facts:
        properties.append(("og:image", f"{base}/media/{facts['picture']}-640.png"))
    lines = [f'<meta property="{name}" content="{escape(value)}">' for name, value in properties]
    lines.append(f'<meta name="author" content="{escape(facts["authors"])}">')
    return "\n".join(lines) + "\n"
