from __future__ import annotations

import re

import pytest

from archiver.extraction.onward import ONWARD

ANNOUNCED = """
Related Content
More from the harbour
Read next
See also:
You may also like
Most popular
Latest news
Mehr zum Thema
Das könnte Sie auch interessieren
Lesen Sie auch
Weitere Artikel
Lees ook: de veerboot
Meer over Pell
Läs också
Les også:
Lue myös
Lire aussi
À lire aussi
Articles similaires
Leggi anche
Potrebbe interessarti
Potrebbero anche interessarvi
Notizie correlate
Lea también
Lee también
Te puede interesar
Noticias relacionadas
Leia também
Veja também
Você pode gostar...
Notícias relacionadas
Читайте также
По теме:
Похожие новости
Czytaj też
Zobacz także
Podobne artykuły
Διαβάστε επίσης
Ilgili haberler
相关阅读
相關新聞
関連記事
관련 기사
""".strip().split("\n")

PROSE = """
Relatedness is what the cow and the ferry have in common.
More of the quay was under water than above it.
Readers of the tide tables knew.
La también actriz fue al muelle.
Le también dijo que no.
Lire la mer est un métier.
Leggi elettorali e maree.
Articles of war were read to the crew.
Weitere drei Boote kamen am Abend.
Похожие случаи были и раньше.
По темени ударила верёвка.
Noticias del puerto.
""".strip().split("\n")


@pytest.mark.parametrize("line", ANNOUNCED)
def test_what_announces_other_pages_is_known(line: str) -> None:
    assert re.match(ONWARD, line, re.IGNORECASE)


@pytest.mark.parametrize("line", PROSE)
def test_prose_announces_nothing(line: str) -> None:
    assert re.match(ONWARD, line, re.IGNORECASE) is None
