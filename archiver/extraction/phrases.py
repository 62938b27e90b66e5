"""What pages that are no articles call themselves, in the languages of the press.

Looked for in titles and headings, which are short, once `plain` has taken case and accents off:
what an article says in its text of lost pages or searches is no sign. Headlines use the same
words, so that a phrase that is also news ("Search", "Access denied") must be all there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import normalize

# Letters that have no accent to take off, quotes and dashes.
_PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe",
    "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2013": "-", "\u2014": "-",
})  # fmt: skip
_ACCENT = re.compile("[\u0300-\u036f]")
_MAX_NOT_FOUND = 70  # letters; longer, and it is a sentence about something else


def plain(text: str) -> str:
    """Return *text* in lower case, without accents, with plain quotes, dashes and blanks.

    Of Cyrillic and Greek the same, so that a short i loses its breve; kana keep their marks.
    """
    if not text.isascii():
        decomposed = normalize("NFKD", text.casefold()).translate(_PLAIN)
        text = normalize("NFC", _ACCENT.sub("", decomposed))
    return " ".join(text.lower().split())


def any_of(*patterns: str) -> re.Pattern[str]:
    """Return the pattern that finds what one of *patterns* finds."""
    return re.compile("|".join(patterns))


def is_any(phrases: re.Pattern[str], names: Iterable[str]) -> bool:
    """Say whether one of *names*, which are plain, has one of *phrases*."""
    return any(map(phrases.search, names))


def is_not_found(names: Iterable[str]) -> bool:
    """Say whether one of *names* says that there is no such page."""
    return is_any(_NOT_FOUND, (name for name in names if len(name) <= _MAX_NOT_FOUND))


_ERROR = "error|erreur|fehler|errore|erro|blad|ошибка|σφαλμα|fel|feil|fejl|virhe|http"
_NOT_FOUND = any_of(
    rf"^(?:{_ERROR}|oops!?)?[\s:#-]*404\b(?:\W.{{0,25}})?$|\b(?:{_ERROR})[\s:#-]*404\b",
    r"[-|:(]\s*404\)?$",
    r"\b(?:page|document|story|article|content|file|post|url)\b.{0,20}\b(?:not|n't|cannot|"
    r"can't|no longer)\b.{0,12}\b(?:found|exists?|available|here)\b",
    r"^(?:sorry,? )?not found\W*$|^nothing found\W*$|^page (?:is )?(?:missing|gone)\W*$",
    r"\b(?:seite|artikel|inhalt|dokument|beitrag)\b.{0,40}\b(?:nicht (?:\(?mehr\)? )?(?:gefunden|"
    r"gibt|existiert|finden|vorhanden|verfugbar)|existiert nicht|gibt es nicht)|^nicht gefunden$",
    r"\b(?:page|article|contenu|document)\b.{0,40}\b(?:introuvable|non trouvee?|"
    r"n'existe (?:pas|plus)|inexistante?|n'a pas ete trouve|n'est (?:pas|plus) disponible)",
    r"\b(?:pagina|contenido|articulo|noticia)\b.{0,30}\bno (?:se ha |ha sido |se ha podido |se )?"
    r"(?:encontrad[oa]|encontrar|encontro|existe|encuentra|esta disponible)",
    r"\b(?:pagina|articolo|contenuto)\b.{0,30}\bnon (?:e stata |e stato |e )?(?:piu )?"
    r"(?:trovat[ao]|esiste|disponibile)",
    r"\b(?:pagina|conteudo|artigo|noticia)\b.{0,30}\bnao (?:foi )?(?:encontrad[ao]|existe|"
    r"localizad[ao])|\bnao encontra\w+ a pagina",
    r"\bpagina\b.{0,30}\b(?:niet (?:gevonden|worden gevonden|bestaat|beschikbaar)|bestaat niet)",
    r"\b(?:strona|strony|artykul\w*)\b.{0,30}\bnie (?:zostal[ao]? )?(?:znalezion[ao]|"
    r"odnalezion[ao]|istnieje)|nie (?:znaleziono|ma takiej) stron",
    r"\b(?:sidan|siden|artikkelen|artikeln)\b.{0,20}\b(?:inte|ikke|ej)\b.{0,10}\b(?:hittas|"
    r"hittades|finns|funnet|finnes|fundet|findes)|\b(?:sidan|siden) (?:finns|finnes|findes) "
    r"(?:inte|ikke)|\bhittar inte sidan|\bsivua ei (?:loyd|loyt|ole)",
    r"страниц\w*.{0,30}не (?:наидена|существует)|не наидена страниц|такои страницы нет|"
    r"сторінк\w* не знаид|σελιδα.{0,30}δεν (?:βρεθηκε|υπαρχει)",
    r"stranka (?:nenalezena|nebyla nalezena|neexistuje)|sayfa bulunamad|oldal nem talalhato",
    r"页面不存在|找不到.?(?:页面|頁面)|頁面不存在|ページが見つかりません|페이지를 찾을 수 없",
)
SEARCH = any_of(
    r"\bsearch results?\b|^results for\b|^you searched for\b|^search$|^search:",
    r"\bsuchergebnis|\bsuche nach\b.*(?:treffer|ergeb)|^suche$|\btreffer fur\b",
    r"\bresultats? (?:de (?:la )?|pour (?:la )?)(?:votre )?recherche|^recherche$|^rechercher$",
    r"\bresultados? (?:de (?:la )?|da )?(?:busqueda|pesquisa|busca)\b|^busqueda$|^pesquisa$",
    r"\brisultati (?:della |di )?ricerca|^ricerca$|^hai cercato\b|\bzoekresultaten\b|^zoeken$",
    r"\bwyniki wyszukiwania|^szukaj$|^wyszukiwarka$|\bsokresultat|\bsogeresultat|\bsoketreff",
    r"результат\w* поиска|^поиск$|αποτελεσματα αναζητησησ|^αναζητηση$|搜索结果|検索結果|검색결과",
)
GALLERY = any_of(
    r"^in pictures\b|\bin pictures$|\b(?:photo|picture) gallery\b|^(?:gallery|photos|pictures):",
    r"\(photos\)$|\bslideshow\b|\b(?:bilder|foto)(?:galerie|strecke|serie)\b|^(?:die )?bilder:",
    r"\bdiaporama\b|^en images\b|\ben images$|^photos\.|\bfoto ?ga(?:l|ll)er(?:ia|y|ie)\b",
    r"\bfotorreportaje\b|^(?:las )?(?:fotos|imagenes):|\ben imagenes\b|\bem imagens\b",
    r"\bfotoreporta[zg]|^zdjecia\b|\[(?:galeria|zdjecia|foto)\]|\bbildspel\b|\bbildeserie\b",
    r"фоторепортаж|фотогалере|^фото:|φωτογραφιεσ|图集|组图|写真特集",
)
LIVE = any_of(
    r"\blive[ -]?(?:blog|ticker|updates?|news|coverage|reporting)\b|\blive(?:$|\W{0,2}[:-])",
    r"^live\b\W|\bas it happened\b|\bnewsblog\b|\bnewsticker\b|\ben directo?\b|^direct\b\W",
    r"\b(?:in )?diretta\b|\bao vivo\b|\bminute (?:par|by) minute\b|\bminuto a minuto\b",
    r"\bna zywo\b|\bdirekte\b\W|\bdirektrapport|\bliverapport|онлаин",
)
