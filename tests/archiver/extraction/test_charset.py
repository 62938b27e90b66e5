from __future__ import annotations

import pytest

from archiver.extraction.charset import decode

RUSSIAN = (
    "<html><body><p>Паром вернулся в пятницу, и первой на борт поднялась корова. "
    "Капитан сказал, что так бывает каждую весну.</p>"
)
FRENCH = (
    "<html><body><p>Le bac est revenu vendredi, et la première à bord fut une vache. "
    "L\u2019été sera très long, répète le capitaine à qui veut l\u2019entendre.</p>"
)
CHINESE = "<html><body><p>渡船星期五回来了。第一个上船的是一头牛。船长说每年春天都是这样。</p>"


def declaring(charset: str, text: str) -> str:
    return f'<meta charset="{charset}">{text}'


CASES = [
    # a mark decides, whatever else is said
    ("mark of UTF-8", RUSSIAN.encode("utf-8-sig"), "koi8-r", "utf-8", RUSSIAN),
    ("mark of UTF-16", RUSSIAN.encode("utf-16"), None, "utf-16-le", RUSSIAN),
    # sound UTF-8 is UTF-8
    ("UTF-8 called Latin-1", FRENCH.encode(), "iso-8859-1", "utf-8", FRENCH),
    ("UTF-8 undeclared", CHINESE.encode(), None, "utf-8", CHINESE),
    ("ASCII", b"<p>Ferry</p>", "windows-1252", "utf-8", "<p>Ferry</p>"),
    # the header, then the page
    ("header", RUSSIAN.encode("koi8-r"), "koi8-r", "koi8-r", RUSSIAN),
    ("header in capitals", RUSSIAN.encode("cp1251"), "Windows-1251", "cp1251", RUSSIAN),
    (
        "header before page",
        declaring("koi8-r", RUSSIAN).encode("cp1251"),
        "windows-1251",
        "cp1251",
        declaring("koi8-r", RUSSIAN),
    ),
    (
        "page",
        declaring("gb2312", CHINESE).encode("gbk"),
        None,
        "gb18030",
        declaring("gb2312", CHINESE),
    ),
    ("Latin-1 is windows-1252", FRENCH.encode("cp1252"), "iso-8859-1", "cp1252", FRENCH),
    # text that would pass for UTF-8
    ("UTF-16 by header", CHINESE.encode("utf-16-le"), "utf-16le", "utf-16-le", CHINESE),
    (
        "ISO-2022-JP",
        "<p>渡し船</p>".encode("iso2022_jp"),
        "iso-2022-jp",
        "iso2022_jp",
        "<p>渡し船</p>",
    ),
    ("UTF-16 that is ASCII", b"<p>Ferry</p>", "utf-16", "utf-8", "<p>Ferry</p>"),
    # declarations that the page contradicts, or that no page may make
    (
        "UTF-8 declared",
        declaring("utf-8", RUSSIAN).encode("cp1251"),
        "utf-8",
        "cp1251",
        declaring("utf-8", RUSSIAN),
    ),
    ("unknown", FRENCH.encode("cp1252"), "x-nonsense", "cp1252", FRENCH),
    ("no text encoding", FRENCH.encode("cp1252"), "base64", "cp1252", FRENCH),
    ("not for pages", FRENCH.encode("cp1252"), "unicode_escape", "cp1252", FRENCH),
    # nothing declared
    ("Cyrillic", RUSSIAN.encode("cp1251"), None, "cp1251", RUSSIAN),
    ("Chinese", CHINESE.encode("gbk"), None, "gb18030", CHINESE),
    ("French", FRENCH.encode("cp1252"), None, "cp1252", FRENCH),
    ("nothing at all", b"", None, "utf-8", ""),
]


@pytest.mark.parametrize(
    ("octets", "charset", "encoding", "text"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_octets_are_read_in_their_encoding(
    octets: bytes, charset: str | None, encoding: str, text: str
) -> None:
    assert decode(octets, charset) == (text, encoding)


def test_a_character_cut_in_half_does_not_change_the_encoding() -> None:
    decoded = decode(RUSSIAN.encode()[:-6])

    assert decoded.encoding == "utf-8"
    assert decoded.text == RUSSIAN[:-6] + "\ufffd"


def test_damage_here_and_there_does_not_change_the_encoding() -> None:
    decoded = decode(FRENCH.encode().replace(b"fut", b"f\xfct"), "utf-8")

    assert decoded.encoding == "utf-8"
    assert decoded.text == FRENCH.replace("fut", "f\ufffdt")
