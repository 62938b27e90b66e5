"""What the names of elements speak of: the words that sites put in `class`, `id` and `role`.

Each group of words is a hint, a bit of a mask. They are read for what they say, in English and
the few other languages that templates are written in; none of them decides anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MAX_NAMES = 24
_MAX_WORDS = 24
_LEAST_STEM = 4  # letters; what is shorter must be the whole word

# Stems: a word has a hint if it begins or ends with one. `=` asks for the whole word. Two words
# that follow each other are looked for as one, too, so that `readmore` is also `read-more`.
_GROUPS = {
    "body": "articlebody articletext storybody storytext storycontent entrycontent postbody "
    "postcontent posttext bodytext bodycopy bodycontent richtext articlecontent contentbody "
    "contenttext =body wysiwyg paragraph =prose fulltext maintext newstext",
    "article": "article story =post hentry =entry artikel articulo noticia =news single beitrag",
    "content": "content =main =text primary inhalt",
    "header": "header masthead =top =head banner =bar topbar",
    "footer": "foot footer bottom colophon",
    "nav": "=nav navi navbar navigation menu breadcrumb pagination pager =skip skipto =tab =tabs "
    "sitemap toolbar =toc",
    "aside": "sidebar =side aside =rail =right column =col secondary complementary =box sticky "
    "float widget =module =block panel rightcol",
    "related": "relat related recommend readmore readalso readnext morefrom morestories moreon "
    "morenews trend popular =most latest outbrain taboola zerg teaser promo =card =cards upnext "
    "seealso similar =next =prev previous =also suggest recirc =more weitere mehrzum",
    "list": "=list =lists listing listitem =item =items =grid =feed carousel slider swiper river "
    "stream collection thumb",
    "comment": "comment comments disqus replies respond discussion kommentar forum =reply "
    "livefyre =chat",
    "comment_text": "commentlist commentbody commenttext commentcontent commentauthor commentmeta "
    "commentitem commententry commentthread =comment =comments =reply =replies kommentare",
    "share": "share social facebook twitter whatsapp sharing addthis follow =like =likes =email "
    "=mail print bookmark tools utility actions button =btn",
    "signup": "newsletter signup subscri subscribe subscription donat donate donation paywall "
    "regwall membership =cta login register registration =support =abo appeal callto piano =form "
    "=forms",
    "caption": "caption figcap credit photographer bildunterschrift legende imgdesc imagedesc "
    "imagetext imagemeta imagetitle photodesc phototext photometa piedefoto",
    "media": "image photo picture gallery video media player figure slideshow audio embed =img "
    "=bild foto hero lightbox podcast",
    "author": "author byline =bio contributor writer autor profile reporter signature vcard",
    "meta": "=meta =info detail details =date =time timestamp datetime publish published posted "
    "updated dateline datum fecha stamp kicker overline eyebrow label =section rubri rubrik",
    "tags": "=tag =tags taglist topic topics categor category keyword taxonomy schlagwort",
    "ad": "=ad =ads advert advertisement sponsor =dfp adslot werbung anzeige publicit outstream "
    "promoted commerc affiliat =shop",
    "notice": "cookie consent gdpr privacy legal disclaim disclaimer copyright =terms overlay "
    "modal popup lightbox =alert notif notification message =error warning toast dialog =hide "
    "hidden invisible sronly screenreader visually assistive accessib accessibility",
    "title": "title headline heading titel titulo titre",
    "lead": "=lead intro summary =deck =dek standfirst subtitle subhead subheadline excerpt "
    "abstract vorspann chapeau entradilla descri description strap perex bajada sapo",
    "quote": "quote pullquote zitat inset factbox infobox highlight",
    "note": "correction editor editors =note =notes disclosure source footnote update reference",
    "post": "tweet instagram reddit embed",
    "live": "liveblog =live timeline ticker",
    "search": "search =query suche filter =sort",
}
_TAG_HINTS = ("article_tag", "main_tag", "aside_tag", "nav_tag", "header_tag", "footer_tag",
              "section_tag", "figure_tag", "list_tag", "table_tag", "form_tag",
              "quote_tag")  # fmt: skip
ALL = (*_GROUPS, *_TAG_HINTS)
BIT = {name: 1 << at for at, name in enumerate(ALL)}
TAGS = {
    "article": BIT["article_tag"], "main": BIT["main_tag"], "aside": BIT["aside_tag"],
    "nav": BIT["nav_tag"], "header": BIT["header_tag"], "footer": BIT["footer_tag"],
    "section": BIT["section_tag"], "figure": BIT["figure_tag"],
    "figcaption": BIT["figure_tag"] | BIT["caption"], "ul": BIT["list_tag"],
    "ol": BIT["list_tag"], "dl": BIT["list_tag"], "table": BIT["table_tag"],
    "form": BIT["form_tag"], "blockquote": BIT["quote_tag"],
}  # fmt: skip
NOWHERE = (0,) * len(ALL)


def _read_groups() -> tuple[dict[str, int], dict[str, int]]:
    stems: dict[str, int] = {}
    words: dict[str, int] = {}
    for name, listed in _GROUPS.items():
        for stem in listed.split():
            known = words if stem.startswith("=") else stems
            word = stem.removeprefix("=")
            known[word] = known.get(word, 0) | BIT[name]
    return stems, words


_STEMS, _WORDS = _read_groups()
_WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+")


def nearer(nearest: tuple[int, ...], depth: int, mask: int) -> tuple[int, ...]:
    """Return *nearest*, depths by hint, as it is within an element at *depth* giving *mask*."""
    depths = list(nearest)
    for at in _bits_of(mask):
        depths[at] = depth
    return tuple(depths)


@lru_cache(maxsize=5_000)
def _bits_of(mask: int) -> tuple[int, ...]:
    return tuple(at for at in range(len(ALL)) if mask >> at & 1)


@lru_cache(maxsize=20_000)
def hints_of(names: str) -> int:
    """Return the hints that *names*, the value of an attribute, gives, as a bit mask."""
    mask = 0
    for name in names.split()[:_MAX_NAMES]:
        mask |= _hints_of_name(name)
    return mask


@lru_cache(maxsize=20_000)
def _hints_of_name(name: str) -> int:
    mask = 0
    before = ""
    for found in _WORD.findall(name)[:_MAX_WORDS]:
        word = found.lower()
        mask |= _hints_of_word(word)
        if before:
            mask |= _STEMS.get(before + word, 0)
        before = word
    return mask


@lru_cache(maxsize=20_000)
def _hints_of_word(word: str) -> int:
    mask = _WORDS.get(word, 0) | _STEMS.get(word, 0)
    for length in range(_LEAST_STEM, len(word)):
        mask |= _STEMS.get(word[:length], 0) | _STEMS.get(word[-length:], 0)
    return mask
