"""The wire services of the world, by the names under which they are credited."""

from __future__ import annotations

import re
from functools import cache

from archiver.urls import host_of

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
    "Bloomberg News": "Bloomberg",
    "NPR": "National Public Radio",
    "National Public Radio": "National Public Radio",
    "TNS": "Tribune News Service",
    "Tribune News Service": "Tribune News Service",
    "Tribune Content Agency": "Tribune News Service",
    "CNN Newsource": "CNN Newsource",
    "Thomson Reuters": "Reuters",
    "AP News": "Associated Press",
    "dpa-infocom": "Deutsche Presse-Agentur",
    "dpa-AFX": "Deutsche Presse-Agentur",
    "SID": "Sport-Informations-Dienst",
    "sid": "Sport-Informations-Dienst",
    "epd": "Evangelischer Pressedienst",
    "Evangelischer Pressedienst": "Evangelischer Pressedienst",
    "KNA": "Katholische Nachrichten-Agentur",
    "Agencia EFE": "EFE",
    "Télam": "Télam",
    "Notimex": "Notimex",
    "Agência Brasil": "Agência Brasil",
    "Agência Lusa": "Lusa",
    "Folhapress": "Folhapress",
    "Estadão Conteúdo": "Estadão Conteúdo",
    "LaPresse": "LaPresse",
    "Askanews": "Askanews",
    "ANP": "ANP",
    "Jiji Press": "Jiji Press",
    "時事通信": "Jiji Press",
    "中新社": "China News Service",
    "中新网": "China News Service",
    "中央社": "Central News Agency",
    "뉴시스": "Newsis",
    "뉴스1": "News1",
    "Antara": "Antara",
    "Bernama": "Bernama",
    "Укринформ": "Ukrinform",
    "УНИАН": "UNIAN",
    "Agerpres": "Agerpres",
    "Tanjug": "Tanjug",
    "STT": "STT",
}  # fmt: skip
# The long names in any case, "REUTERS"; the short ones are also words and first names.
_IN_ANY_CASE = {name.casefold(): agency for name, agency in _NAMES.items() if len(name) > 4}
ANY = "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True))
_LONG = "|".join(re.escape(name) for name in _NAMES if len(name) > 4)
_FOLLOWING = re.compile(rf"(?<=\w\w)\s+(?:The )?(?:{_LONG})$")
_PARTS = re.compile(r"\s*[/,;|&]\s*|\s+(?:and|und|et|y|e|i|in|with|mit|con|avec)\s+")
_MAX_CHARS = 200
_MAX_PARTS = 10
_MIN_SURE = 5  # letters of a name that may be part of a host's


def agency_named(name: str) -> str | None:
    """Return the wire service that *name* means, or None when it means something else."""
    name = name.strip(" .()").removeprefix("The ").removeprefix("the ")
    return _NAMES.get(name) or _IN_ANY_CASE.get(name.casefold())


def agency_among(credit: str) -> str | None:
    """Return the wire service that *credit* names alone or beside others, or None."""
    for part in (credit, *_PARTS.split(credit[:_MAX_CHARS])[:_MAX_PARTS]):
        if agency := agency_named(part):
            return agency
    return None


def without_agency(name: str) -> str:
    """Return *name* without the wire service that follows it, as in "Ada Finch Reuters"."""
    rest = _FOLLOWING.sub("", name)
    return name if rest.casefold() == "the" else rest


@cache
def _whole(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(name.casefold())}\b")


def is_own(agency: str, sitename: str | None, url: str | None) -> bool:
    """Say whether the site called *sitename*, at *url*, is that of the *agency*."""
    names = [name for name, each in _NAMES.items() if each == agency]
    called = (sitename or "").casefold()
    if any(_whole(name).search(called) for name in names):
        return True
    labels = (host_of(url or "") or "").split(".")
    letters = [re.sub(r"\W", "", name).casefold() for name in names]
    return any(
        label in (each, f"{each}news") or (len(each) >= _MIN_SURE and each in label)
        for label in labels
        for each in letters
    )
