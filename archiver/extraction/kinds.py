"""Is it an article? The type of a page, by what it claims and what it shows.

Only what is surely something else is called so: a page with an article's worth of prose is an
article where nothing speaks against it. The address alone is read by `kind_of_url`.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from archiver.extraction.article import READ, PageType
from archiver.extraction.blocks import Block, blocks_of
from archiver.extraction.claims import COLLECTIONS, Claims, claims_of, is_excerpt
from archiver.extraction.linked_data import Node, nodes_of, types_of
from archiver.extraction.meta_tags import MetaTags
from archiver.extraction.phrases import GALLERY, LIVE, SEARCH, is_any, is_not_found
from archiver.extraction.signs import Signs, signs_of
from archiver.extraction.url_kinds import kind_of_url
from archiver.extraction.walls import is_botwall, is_consent, is_login

__all__ = ["READ", "PageType", "kind_of_url", "page_type_of"]

# Letters of prose in one run. Of 950 articles all but fifty have more than the first.
_ARTICLE_RUN = 700
_MEDIUM_RUN = 1500  # beyond, a video or its like is only part of an article
_FLASH_RUN = 250
_CARD_RUN = 300
_MIN_STORIES = 3
_MANY_STORIES = 20
_MIN_CARDS = 4
_MIN_IMAGES = 4
_MIN_CLOCKS = 4
_LEAST, _SURE = 2, 5  # points of an index

_GALLERIES = frozenset(("imagegallery", "mediagallery"))
_AUDIOS = frozenset(("podcastepisode", "radioepisode", "audioobject", "podcastseries"))
# What WordPress, Drupal and Ghost call the body of a page.
_INDEX_CLASSES = frozenset(
    ("archive", "category", "tag", "author", "blog", "paged", "date", "tax", "author-page",
     "category-page", "tag-page", "section-front", "page-taxonomy", "path-taxonomy")
)  # fmt: skip
_ARTICLE_CLASSES = frozenset(
    ("single", "single-post", "single-article", "node-type-article", "page-node-type-article",
     "page-node-type-story", "node-type-story", "article-page", "post-template")
)  # fmt: skip
_FRONT_CLASSES = frozenset(("home", "front", "path-frontpage", "homepage", "home-template"))


def page_type_of(
    tree: HtmlElement,
    url: str | None,
    *,
    status: int = 200,
    meta: MetaTags | None = None,
    nodes: list[Node] | None = None,
    blocks: Sequence[Block] | None = None,
) -> PageType:
    """Return the type of the page in *tree* that was fetched from *url* with *status*.

    *meta* and *nodes* are what it declares and *blocks* what it shows, where that has been read
    already. Nothing is raised, and the tree stays as it is.
    """
    meta = MetaTags(tree) if meta is None else meta
    nodes = nodes_of(tree) if nodes is None else nodes
    claims = claims_of(tree, url, status, meta, nodes)
    if claims.article is not None and claims.address in ("article", None) and status < 400:
        # Whoever tells machines so is believed: walls, lists and empty pages do not.
        return "liveblog" if "liveblogposting" in types_of(claims.article) else "article"
    is_whole = claims.address in ("front", "listing", "gallery", "liveblog")
    enough = None if is_whole or is_any(LIVE, claims.names) else _MEDIUM_RUN
    blocks = blocks_of(tree) if blocks is None else blocks
    signs = signs_of(tree, blocks, claims.title, enough)
    return (
        _partial(tree, claims, signs)
        or _barred(tree, claims, signs)
        or _missing(claims, signs)
        or _medium(claims, signs)
        or _index(claims, signs)
        or _rest(claims, signs)
    )


def _partial(tree: HtmlElement, claims: Claims, signs: Signs) -> PageType | None:
    """Return `excerpt` for a page that says that it shows no more of an article."""
    if not signs.is_labelled or claims.status >= 400 or claims.address in ("front", "listing"):
        return None
    return "excerpt" if is_excerpt(tree) else None


def _barred(tree: HtmlElement, claims: Claims, signs: Signs) -> PageType | None:
    """Return what stands before the page, if something does."""
    if claims.article is not None:
        return None
    if is_botwall(tree, signs, claims.names, claims.status):
        return "botwall"
    if is_consent(signs, claims.names, claims.address == "consent"):
        return "consent"
    return "login" if is_login(signs, claims.names, claims.address == "login") else None


def _missing(claims: Claims, signs: Signs) -> PageType | None:
    """Return what a page is that says that it is not there, or cannot be served."""
    if signs.run >= _ARTICLE_RUN or claims.article is not None:
        return None  # servers err, and articles are written about lost pages
    is_said = is_not_found(claims.names) and not _is_search(claims, signs)
    is_gone = claims.status in (404, 410) and signs.run < _FLASH_RUN
    if is_said or "error404" in claims.classes or is_gone:
        return "soft404"
    return "other" if claims.status >= 400 and signs.run < _FLASH_RUN else None


def _medium(claims: Claims, signs: Signs) -> PageType | None:
    """Return the medium of a page that is there for something else than its text."""
    if _is_live(claims, signs):
        return "liveblog"
    is_gallery = claims.address == "gallery"
    if is_gallery or (signs.run < _MEDIUM_RUN and _is_called_gallery(claims)):
        return "gallery" if signs.images >= _MIN_IMAGES else None
    if signs.run >= _MEDIUM_RUN:
        return None
    is_short = signs.run < _FLASH_RUN
    if claims.article is None or is_short:
        if claims.address == "video" or claims.og_type.startswith("video"):
            return "video"
        if claims.address == "audio" or claims.types & _AUDIOS:
            return "audio"
    if "single-video" in claims.classes:
        return "video"
    if claims.classes & {"single-podcast", "single-audio"}:
        return "audio"
    is_video = "videoobject" in claims.types and claims.og_type != "article"
    return "video" if is_video and is_short and claims.article is None else None


def _is_live(claims: Claims, signs: Signs) -> bool:
    if claims.article is not None and "liveblogposting" in types_of(claims.article):
        return True
    is_called = claims.address == "liveblog" or is_any(LIVE, claims.names)
    return is_called and signs.clocks >= _MIN_CLOCKS


def _is_called_gallery(claims: Claims) -> bool:
    return bool(claims.types & _GALLERIES) or is_any(GALLERY, claims.names)


def _index(claims: Claims, signs: Signs) -> PageType | None:
    """Return what a page is that only leads to others."""
    is_address = claims.address in ("front", "listing")
    points = _index_points(claims, signs)
    # A blog may give whole posts where others give teasers.
    is_sure = is_address and points >= _SURE
    # Cards are links as a whole, by an empty one that lies over them.
    is_cards = is_address and signs.sections >= _MIN_CARDS and signs.section_run < _CARD_RUN
    if signs.run >= _ARTICLE_RUN and not is_sure and not is_cards:
        return None
    if _is_search(claims, signs):
        return "search"
    if signs.stories < _MIN_STORIES and not is_cards:
        return None
    if points < _LEAST or points <= _article_points(claims, signs):
        return None
    is_front = claims.address == "front" or bool(claims.classes & _FRONT_CLASSES)
    return "front" if is_front else "listing"


def _is_search(claims: Claims, signs: Signs) -> bool:
    if claims.article is not None:
        return False
    is_declared = "searchresultspage" in claims.types or "search" in claims.classes
    # Stories may lie at such an address, too.
    is_address = claims.address == "search" and (signs.stories > 0 or signs.run < _FLASH_RUN)
    if is_declared or is_address:
        return True
    return signs.stories >= _MIN_STORIES and is_any(SEARCH, claims.names)


def _index_points(claims: Claims, signs: Signs) -> int:
    points = 2 * (claims.address in ("front", "listing"))
    points += 3 * bool(claims.types & COLLECTIONS)
    points += 3 * bool(claims.classes & _INDEX_CLASSES)
    points += claims.og_type in ("website", "profile", "blog")
    points += signs.stories >= _MANY_STORIES
    return points + (signs.run < _FLASH_RUN)


def _article_points(claims: Claims, signs: Signs) -> int:
    points = 2 * (claims.address == "article")
    points += 3 * (claims.article is not None)
    points += 3 * bool(claims.classes & _ARTICLE_CLASSES)
    points += 2 * claims.is_dated
    points += claims.og_type == "article"
    return points + 3 * signs.is_headed


def _rest(claims: Claims, signs: Signs) -> PageType:
    """Return `article` for what has a text, however short, and `other` for what has none."""
    if claims.article is not None:
        return "article"
    if claims.address == "other" and signs.run < _MEDIUM_RUN:
        return "other"
    is_claimed = claims.address == "article" and signs.chars >= _FLASH_RUN
    if signs.prose or signs.is_headed or is_claimed or claims.og_type == "article":
        return "article"
    if claims.address in ("front", "listing"):
        return claims.address
    return "listing" if signs.stories >= _MANY_STORIES else "other"
