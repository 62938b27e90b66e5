"""The wire service whose text a page carries, if it says so.

Names of services as they credit themselves; a page's own newsroom is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# As printed -> the name we record.
_NAMES = {
    "AP": "Associated Press",
    "Associated Press": "Associated Press",
    "Reuters": "Reuters",
    "AFP": "Agence France-Presse",
    "Agence France-Presse": "Agence France-Presse",
    "dpa": "Deutsche Presse-Agentur",
    "Deutsche Presse-Agentur": "Deutsche Presse-Agentur",
    "EFE": "EFE",
    "Europa Press": "Europa Press",
    "ANSA": "ANSA",
    "Adnkronos": "Adnkronos",
    "TASS": "TASS",
    "\u0422\u0410\u0421\u0421": "TASS",  # in Cyrillic
    "Interfax": "Interfax",
    "Интерфакс": "Interfax",
    "RIA Novosti": "RIA Novosti",
    "РИА Новости": "RIA Novosti",
    "Sputnik": "Sputnik",
    "Ukrinform": "Ukrinform",
    "Xinhua": "Xinhua",
    "新华社": "Xinhua",
    "Kyodo": "Kyodo",
    "Kyodo News": "Kyodo",
    "共同通信": "Kyodo",
    "Yonhap": "Yonhap",
    "연합뉴스": "Yonhap",
    "PTI": "Press Trust of India",
    "Press Trust of India": "Press Trust of India",
    "ANI": "Asian News International",
    "IANS": "Indo-Asian News Service",
    "UPI": "United Press International",
    "United Press International": "United Press International",
    "PA Media": "PA Media",
    "Press Association": "PA Media",
    "Canadian Press": "Canadian Press",
    "AAP": "Australian Associated Press",
    "Australian Associated Press": "Australian Associated Press",
    "Anadolu": "Anadolu",
    "Anadolu Agency": "Anadolu",
    "Anadolu Ajans\u0131": "Anadolu",
    "Belga": "Belga",
    "APA": "Austria Presse Agentur",
    "Keystone-SDA": "Keystone-SDA",
    "SDA": "Keystone-SDA",
    "PAP": "Polska Agencja Prasowa",
    "ČTK": "ČTK",
    "NTB": "NTB",
    "TT": "TT",
    "Ritzau": "Ritzau",
    "Lusa": "Lusa",
    "Bloomberg": "Bloomberg",
}  # fmt: skip
# The long names in any case, "REUTERS"; the short ones are also words and first names.
_IN_ANY_CASE = {name.casefold(): agency for name, agency in _NAMES.items() if len(name) > 4}
_ANY = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
# "BERLIN, May 3 (AP) - ", "(Reuters) - ", with any dash, where a paragraph begins
_DATELINE = re.compile(rf"^[^\n]{{0,60}}\((?P<agency>{_ANY})\)\s*[-\u2013\u2014.:]", re.MULTILINE)
# "Copyright 2024 The Associated Press", "© 2024 AFP"
_CREDIT = re.compile(rf"(?i:©|\(c\)|copyright)[^\n]{{0,20}}?\b(?:The )?(?P<agency>{_ANY})\b")
_ENDS = 600  # characters at either end of a text in which these are looked for


def agency_named(name: str) -> str | None:
    """Return the wire service that *name* means, or None when it means something else."""
    name = name.strip(" .()").removeprefix("The ").removeprefix("the ")
    return _NAMES.get(name) or _IN_ANY_CASE.get(name.casefold())


def agency_of(text: str, credited: Iterable[str]) -> str | None:
    """Return the wire service that a page credits, or None.

    *credited* are the names it gives as its authors or source; then a dateline near the
    beginning of *text* counts, then a copyright line near its end.
    """
    for name in credited:
        if agency := agency_named(name):
            return agency
    found = _DATELINE.search(text, 0, _ENDS) or _CREDIT.search(text, max(0, len(text) - _ENDS))
    return _NAMES[found["agency"]] if found else None
