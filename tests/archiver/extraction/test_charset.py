from __future__ import annotations

import pytest

from archiver.extraction.charset import decode, in_utf_8

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
    assert decode(octets, charset)[:2] == (text, encoding)


def test_a_character_cut_in_half_does_not_change_the_encoding() -> None:
    decoded = decode(RUSSIAN.encode()[:-6])

    assert decoded.encoding == "utf-8"
    assert decoded.text == RUSSIAN[:-6] + "\ufffd"


def test_damage_here_and_there_does_not_change_the_encoding() -> None:
    decoded = decode(FRENCH.encode().replace(b"fut", b"f\xfct"), "utf-8")

    assert decoded.encoding == "utf-8"
    assert decoded.text == FRENCH.replace("fut", "f\ufffdt")


# What a page of some length says in each; the octets alone tell which encoding it is.
PROSE = {
    "ru": "Паром вернулся в пятницу, и первой на борт поднялась корова. Капитан сказал, что "
    "так бывает каждую весну, когда лёд уходит и паромщик снова берётся за вёсла.",
    "el": "Την Παρασκευή επέστρεψε στη λίμνη το πλοίο και πρώτη επιβιβάστηκε μια αγελάδα. Όπως "
    "λένε στο λιμάνι, έτσι γίνεται κάθε άνοιξη.",
    "pl": "Prom wrócił we środę, a pierwszą pasażerką na pokładzie była krowa. Kapitan mówi, że "
    "tak się dzieje każdej wiosny, gdy śnieg już stopnieje i świeci słońce nad łąką.",
    "cs": "Přívoz se vrátil v pátek a jako první nastoupila kráva. Kapitán říká, že tak to "
    "chodí každé jaro, když led roztaje, vše se rozšíří a řeka žene vodu.",
    "zh": "渡船星期五回来了。第一个上船的是一头牛。船长说每年春天都是这样。冰一化就开船。",
    "tw": "渡船星期五回來了。第一個上船的是一頭牛。船長說每年春天都是這樣。冰一化就開船。",
    "ja": "渡し船は金曜日に戻ってきた。最初に乗ったのは一頭の牛だった。船長は毎年こうだと言う。",
    "ko": "나룻배가 금요일에 돌아왔다. 가장 먼저 탄 것은 소 한 마리였다. 늘 그렇다고 한다.",
    "he": "המעבורת חזרה ביום שישי, והראשונה שעלתה לסיפון הייתה פרה. הקברניט אמר שכך זה.",
    "ar": "عادت العبارة يوم الجمعة، وكانت أول من صعد على متنها بقرة. وقال القبطان إن هذا يحدث.",
    "th": "เรือข้ามฟากกลับมาในวันศุกร์ และผู้โดยสารคนแรกคือวัวตัวหนึ่ง กัปตันบอกว่าเป็นเช่นนี้ทุกปี",
}
LEGACY = [
    ("ru", "windows-1251"),
    ("ru", "koi8-r"),
    ("ru", "iso-8859-5"),
    ("el", "iso-8859-7"),
    ("el", "windows-1253"),
    ("pl", "iso-8859-2"),
    ("pl", "windows-1250"),
    ("cs", "iso-8859-2"),
    ("cs", "windows-1250"),
    ("zh", "gb2312"),
    ("zh", "gbk"),
    ("zh", "gb18030"),
    ("tw", "big5"),
    ("ja", "shift_jis"),
    ("ja", "euc-jp"),
    ("ja", "iso-2022-jp"),
    ("ko", "euc-kr"),
    ("he", "windows-1255"),
    ("ar", "windows-1256"),
    ("th", "tis-620"),
]
# Half of the octets of Big5 are ASCII.
NOT_LATIN = [case for case in LEGACY if case[0] not in ("pl", "cs", "tw")]


def page(language: str, declared: str | None = None) -> str:
    text = f"<html><body><h1>Ferry</h1><p>{PROSE[language]}</p></body></html>"
    return declaring(declared, text) if declared else text


@pytest.mark.parametrize(("language", "label"), LEGACY)
def test_a_legacy_page_is_read_as_its_header_says(language: str, label: str) -> None:
    assert decode(page(language).encode(label), label).text == page(language)


@pytest.mark.parametrize(("language", "label"), LEGACY)
def test_a_legacy_page_is_read_as_it_says_itself(language: str, label: str) -> None:
    assert decode(page(language, label).encode(label)).text == page(language, label)


@pytest.mark.parametrize("declared", [None, "utf-8", "x-nonsense"])
@pytest.mark.parametrize(("language", "label"), LEGACY)
def test_a_legacy_page_that_says_nothing_true_is_read(
    language: str, label: str, declared: str | None
) -> None:
    octets = page(language, declared).encode(label)

    assert decode(octets, declared).text == page(language, declared)


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252", "iso-8859-2"])
@pytest.mark.parametrize(("language", "label"), NOT_LATIN)
def test_a_page_in_another_script_is_not_read_as_latin(
    language: str, label: str, declared: str
) -> None:
    assert decode(page(language).encode(label), declared).text == page(language)


@pytest.mark.parametrize(("language", "label"), NOT_LATIN)
def test_the_page_is_believed_where_the_server_only_says_latin(language: str, label: str) -> None:
    text = page(language, label)

    assert decode(text.encode(label), "iso-8859-1").text == text


@pytest.mark.parametrize("label", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("charset", [None, "utf-16", "utf-8", "windows-1252"])
@pytest.mark.parametrize("language", PROSE)
def test_utf_16_needs_neither_a_mark_nor_a_declaration(
    language: str, charset: str | None, label: str
) -> None:
    text = f"\n {page(language)}"

    assert decode(text.encode(label), charset)[:2] == (text, label)
    assert decode(f"\ufeff{text}".encode(label), charset)[:2] == (text, label)


@pytest.mark.parametrize(
    "text",
    [
        "Le bac est revenu \x95\x95\x95\x95 hier".encode("latin-1").decode("1252")
        + ", «\xa0déjà\xa0»",
        "\xa0" * 500 + "Ä Ö Ü, ÄÖÜ",
        "Ærø, Ålø, Øye; “Før”, «Så»…" * 20,
        "© ®·©·® · \xa0\xa0©\xa0\xa0" * 50 + "naïve",
    ],
)
def test_a_latin_page_is_believed_in_what_it_declares(text: str) -> None:
    decoded = decode(f"<p>{text}".encode("1252"), "iso-8859-1")

    assert (decoded.text, decoded.encoding) == (f"<p>{text}", "cp1252")


def test_quotes_of_windows_in_a_page_of_iso_8859_are_quotes() -> None:
    prose = "<p>" + PROSE["pl"] * 4
    octets = prose.encode("iso-8859-2") + b"\x84Tak\x94 \x97 m\xf3wi\x85</p>"

    assert decode(octets, "iso-8859-2").text == prose + "„Tak” — mówi…</p>"


def test_what_is_sound_utf_8_stays_as_it_is() -> None:
    octets = RUSSIAN.encode()

    assert in_utf_8(octets, "windows-1251") is octets


@pytest.mark.parametrize(
    ("octets", "charset"),
    [
        (RUSSIAN.encode("windows-1251"), "windows-1251"),
        (b"\xef\xbb\xbf" + RUSSIAN.encode(), None),
        (f"<p>{RUSSIAN}".encode("utf-16-le"), None),
    ],
)
def test_what_is_not_is_put_into_utf_8(octets: bytes, charset: str | None) -> None:
    assert in_utf_8(octets, charset) == decode(octets, charset).text.encode()


@pytest.mark.parametrize("before", range(4))
def test_a_page_of_many_pieces_is_sound_or_not_as_a_whole(before: int) -> None:
    octets = b"." * before + RUSSIAN.encode() * 2_000
    cut = octets + "д".encode()[:1]

    assert in_utf_8(octets) is octets
    assert in_utf_8(cut) == decode(cut).text.encode() != cut
