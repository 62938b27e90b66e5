from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.extraction.kinds import PageType, kind_of_url

CASES = [
    # A date, a number or a long slug
    ("https://news.example.org/2024/05/03/ferry-returns", "article"),
    ("https://news.example.org/2024/may/03/ferry-returns", "article"),
    ("https://news.example.org/2024/05/ferry-returns", "article"),
    ("https://news.example.org/world/2024-05-03/ferry", "article"),
    ("https://news.example.org/03-05-2024/ferry", "article"),
    ("https://news.example.org/local/20240503/ferry.html", "article"),
    ("https://news.example.org/20240503.html", "article"),
    ("https://news.example.org/c/2011-12/09/content_12345678.htm", "article"),
    ("https://news.example.org/ferry-123456", "article"),
    ("https://news.example.org/ferry-id8812345.html", "article"),
    ("https://news.example.org/news/world-europe-52241221", "article"),
    ("https://news.example.org/article/98765", "article"),
    ("https://news.example.org/ferry-returns-to-the-quay", "article"),
    ("https://news.example.org/ferry-returns-to-the-quay/2", "article"),
    ("https://news.example.org/a-slug-of-five-words/a/9vq0Lm", "article"),
    ("https://news.example.org/story/Der_Hafen_bleibt_doch_offen", "article"),
    ("https://news.example.org/a/1c621104ab0eb3b4d", "article"),
    ("https://news.example.org/index.php?id=4711", "article"),
    ("https://news.example.org/artikel.php?newsid=123", "article"),
    ("https://news.example.org/?p=123", "article"),
    ("https://news.example.org/новости/паром-вернулся-к-пристани-вчера", "article"),
    ("https://news.example.org/thema/warum-der-bus-nun-rueckwaerts-faehrt", "article"),
    ("https://news.example.org/autoren/a-vane/das-theater-spielt-im-dunkeln", "article"),
    ("https://news.example.org/2024/05/03/login-data-stolen", "article"),
    ("https://news.example.org/contact/9913022", "article"),
    # The front
    ("https://news.example.org", "front"),
    ("https://news.example.org/", "front"),
    ("https://news.example.org/index.html", "front"),
    ("https://news.example.org/de/", "front"),
    ("https://news.example.org/en-gb", "front"),
    ("https://news.example.org/startseite", "front"),
    ("https://news.example.org/?utm_source=feed&utm_medium=rss", "front"),
    # Tags, authors, sections, archives
    ("https://news.example.org/tag/ferries/", "listing"),
    ("https://news.example.org/tags/tide-mills?page=2", "listing"),
    ("https://news.example.org/thema/hafen", "listing"),
    ("https://news.example.org/sujets/le-marais/", "listing"),
    ("https://news.example.org/temas/el-pinar", "listing"),
    ("https://news.example.org/argomenti/delta/", "listing"),
    ("https://news.example.org/onderwerp/dijk", "listing"),
    ("https://news.example.org/emne/orgel", "listing"),
    ("https://news.example.org/temat/most-obrotowy", "listing"),
    ("https://news.example.org/тема/валенки", "listing"),
    ("https://news.example.org/%CE%B8%CE%AD%CE%BC%CE%B1/nisia", "listing"),
    ("https://news.example.org/author/hester-vane/", "listing"),
    ("https://news.example.org/autoren/jule-brandt", "listing"),
    ("https://news.example.org/auteur/a-martin", "listing"),
    ("https://news.example.org/autores/remedios", "listing"),
    ("https://news.example.org/avtory/ivanova", "listing"),
    ("https://news.example.org/category/hedges/", "listing"),
    ("https://news.example.org/rubrique/culture", "listing"),
    ("https://news.example.org/rubriek/binnenland", "listing"),
    ("https://news.example.org/kategoria/kultura", "listing"),
    ("https://news.example.org/κατηγορία/κόσμος", "listing"),
    ("https://news.example.org/sport/", "listing"),
    ("https://news.example.org/world/europe", "listing"),
    ("https://news.example.org/de/politik", "listing"),
    ("https://news.example.org/obshchestvo/", "listing"),
    ("https://news.example.org/blog/page/3/", "listing"),
    ("https://news.example.org/2024/05/", "listing"),
    ("https://news.example.org/2024/05/03/", "listing"),
    ("https://news.example.org/?cat=7", "listing"),
    ("https://news.example.org/video/", "listing"),
    ("https://news.example.org/search/label/hedges", "listing"),
    # Media
    ("https://news.example.org/video/horse-on-the-bus-1234567", "video"),
    ("https://news.example.org/videos/le-marche-aux-escargots-deborde.html", "video"),
    ("https://news.example.org/wideo/most-stoi-w-poprzek,123456", "video"),
    ("https://news.example.org/mediathek/der-alte-kran-winkt-102030", "video"),
    ("https://news.example.org/gallery/the-kite-day-at-nettle-down/2900-49650", "gallery"),
    ("https://news.example.org/bildergalerie/hochwasser-im-hafen-78123.html", "gallery"),
    ("https://news.example.org/diaporamas/le-marais-vu-du-clocher", "gallery"),
    ("https://news.example.org/fotogaleria/romeria-de-las-escobas-105001", "gallery"),
    ("https://news.example.org/podcast/the-long-shelf-and-its-jam", "audio"),
    ("https://news.example.org/liveticker/gemeinderat-tagt-zur-ampel", "liveblog"),
    ("https://news.example.org/en-direct/crue-du-marais-mardi-14-mai", "liveblog"),
    ("https://news.example.org/relacja-na-zywo/sesja-rady-miasta-trwa", "liveblog"),
    # What no reader came for
    ("https://news.example.org/search?q=otter", "search"),
    ("https://news.example.org/suche/hafen", "search"),
    ("https://news.example.org/recherche?q=heron", "search"),
    ("https://news.example.org/?s=otter", "search"),
    ("https://news.example.org/szukaj,most", None),
    ("https://news.example.org/login?next=/a", "login"),
    ("https://news.example.org/anmelden", "login"),
    ("https://news.example.org/connexion", "login"),
    ("https://news.example.org/iniciar-sesion/", "login"),
    ("https://news.example.org/logowanie", "login"),
    ("https://news.example.org/вход/", "login"),
    ("https://consent.example.org/m?continue=https://news.example.org/", "consent"),
    ("https://myprivacy.example.org/consent?siteKey=1", "consent"),
    ("https://www.example.org/zustimmung?url=https%3A%2F%2Fexample.org%2Fa-1", "consent"),
    ("https://news.example.org/impressum", "other"),
    ("https://news.example.org/en/privacy-policy.html", "other"),
    ("https://news.example.org/mentions-legales", "other"),
    ("https://news.example.org/report.pdf", "other"),
    ("https://news.example.org/img/ferry-returns-to-the-quay.jpg", "other"),
    # What does not tell
    ("https://news.example.org/ferry", None),
    ("https://news.example.org/harbour/ferry", None),
    ("https://news.example.org/news/12", None),
    ("https://news.example.org/?x=1", None),
    ("https://news.example.org/" + "a-b-c-d-e/" * 1000, None),
    ("https://[news.example.org/", None),
    ("/2024/05/03/ferry", None),
    ("mailto:desk@example.org", None),
    ("", None),
]


@pytest.mark.parametrize(("url", "kind"), CASES)
def test_an_address_tells_a_type_or_nothing(url: str, kind: PageType | None) -> None:
    assert kind_of_url(url) == kind


PARTS = ("/", "//", "2024", "05", "tag", "video", "login", "?", "q=", "&", "%", "%e9", ".html",
         "[", "\0", "\ud83d", "-", "a", "p=1", "#", ":", "\u0130", "\uff19")  # fmt: skip


@given(st.text() | st.lists(st.sampled_from(PARTS), max_size=20).map("".join))
@example("https://example.org/" + "&" * 200)
@example("https://example.org/?" + "a=1&" * 200)
def test_no_address_is_too_strange(rest: str) -> None:
    assert kind_of_url(f"https://example.org/{rest}") in (None, *get_args(PageType))
    assert kind_of_url(rest) in (None, *get_args(PageType))
