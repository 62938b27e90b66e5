"""Pages such as newspapers have, in our own prose: what of each is its text."""

from __future__ import annotations

import pytest

from archiver.extraction import extract_html
from archiver.extraction.html import read_html

URL = "https://news.example.org/2024/05/03/the-ferry-is-back"
ENGLISH = (
    "The ferry came back to Pell Quay on Friday, a year after a winch broke in the spring gale, "
    "and it was met by most of the island.",
    "Its first passenger was a cow named Marigold, who had been waiting since May and who showed "
    "no sign of impatience.",
    "The captain said the winch was new, the rope was new, and the captain was the old one, which "
    "made three people laugh.",
    "Fares stay as they were for now. Bicycles travel free until the end of June, and cows by "
    "agreement with the mate.",
    "The harbour board paid for the repair out of a fund that was meant for a lighthouse, which "
    "nobody has wanted since 1961.",
    "At the inn they had put out flags, and the landlord had written a song about the winch that "
    "was sung four times before noon.",
)
GERMAN = (
    "Die Fähre legte am Freitag wieder am alten Kai an, ein Jahr nachdem im Frühjahrssturm eine "
    "Winde gebrochen war, und die halbe Insel stand am Ufer.",
    "Als Erste ging eine Kuh namens Marigold an Bord, die seit Mai gewartet hatte und sich keine "
    "Ungeduld anmerken ließ.",
    "„Die Winde ist neu, das Tau ist neu, nur der Kapitän ist der alte“, sagte der Kapitän, und "
    "drei Leute lachten.",
    "Die Preise bleiben, wie sie waren. Fahrräder fahren bis Ende Juni umsonst mit, Kühe nach "
    "Absprache mit dem Maat.",
)
RUSSIAN = (
    "Паром вернулся к старой пристани в пятницу, через год после того, как в весеннюю бурю "
    "сломалась лебёдка, и паром встречала половина острова.",
    "Первой на борт поднялась корова по кличке Марта, которая ждала целый год и не показывала "
    "никакого нетерпения.",
    "«Лебёдка новая, канат новый, только капитан прежний», — сказал капитан, и трое засмеялись.",
    "Цены останутся прежними. Велосипеды до конца июня перевозят бесплатно, коров — по "
    "договорённости между капитаном и хозяином.",
)
HEBREW = (
    "המעבורת חזרה ביום שישי אל הרציף הישן, שנה אחרי שכננת נשברה בסערת האביב, וחצי מתושבי האי "
    "חיכו לה על החוף.",
    "הנוסעת הראשונה הייתה פרה ושמה מרים, שחיכתה מאז חודש מאי ולא הראתה שום סימן של חוסר סבלנות.",
    "״הכננת חדשה, החבל חדש, ורק רב החובל נשאר הישן״, אמר רב החובל, ושלושה אנשים צחקו.",
    "המחירים יישארו כפי שהיו. אופניים נוסעים בחינם עד סוף יוני, ופרות לפי הסכמה עם הקצין.",
)
ARABIC = (
    "عادت العبارة إلى الرصيف القديم يوم الجمعة بعد عام من انكسار الرافعة في عاصفة الربيع، وكان "
    "نصف سكان الجزيرة في انتظارها على الشاطئ.",
    "وكانت أول راكبة بقرة اسمها مريم ظلت تنتظر منذ شهر مايو ولم تظهر عليها أي علامة من علامات "
    "نفاد الصبر.",
    "وقال القبطان إن الرافعة جديدة والحبل جديد ولم يبق قديما إلا القبطان نفسه، فضحك ثلاثة من "
    "الحاضرين.",
    "وستبقى الأسعار كما كانت، وتنقل الدراجات مجانا حتى نهاية يونيو، أما الأبقار فبالاتفاق مع "
    "مساعد القبطان.",
)
CHINESE = (
    "渡船在星期五回到了老码头。一年前的春天\uff0c一场大风吹断了船上的绞车\uff0c从那以后岛上的人只能等着\uff0c"
    "这一天有一半的居民来到岸边迎接。",
    "第一位乘客是一头名叫玛丽的母牛\uff0c它从五月起就在岛上等候\uff0c一点也没有不耐烦的样子。",
    "船长说绞车是新的\uff0c缆绳是新的\uff0c只有船长还是原来的那一个\uff0c在场的三个人都笑了起来。",
    "票价和从前一样。自行车到六月底以前免费\uff0c母牛能不能上船要和大副商量以后才能决定。",
)


def shell(body: str, *, title: str = "The ferry is back", lang: str = "en") -> bytes:
    """Return a page with *body* as newspapers have it, with what they put around."""
    links = "".join(
        f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "Tides", "Sport")
    )
    teasers = "".join(
        f'<div class="teaser"><a href="/{n}"><h4>Breakwater closed for week {n}</h4></a></div>'
        for n in range(4)
    )
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:type" '
        f'content="article"><meta property="og:site_name" content="The Pell Times"></head><body>'
        f'<header><a href="/">The Pell Times</a><nav><ul>{links}</ul></nav></header>'
        f'<main><article><h1>{title}</h1><div class="article-body">{body}</div></article></main>'
        f'<aside class="sidebar"><h3>Most read</h3>{teasers}</aside>'
        f"<footer><p>© 2024 The Pell Times. All rights reserved.</p><ul>{links}</ul></footer>"
        "</body></html>"
    ).encode()


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def text_of(page: bytes) -> list[str]:
    article = extract_html(page, URL)
    assert article is not None
    return article.text.split("\n\n")


LANGUAGES = {
    "en": ENGLISH, "de": GERMAN, "ru": RUSSIAN, "he": HEBREW, "ar": ARABIC, "zh": CHINESE,
}  # fmt: skip


@pytest.mark.parametrize(("lang", "prose"), LANGUAGES.items(), ids=LANGUAGES)
@pytest.mark.parametrize(
    ("before", "between", "after"),
    [
        ("<p>", "</p><p>", "</p>"),
        ("<div>", "</div><div>", "</div>"),
        ("<p>", "<br><br>", "</p>"),
        ("<table><tr><td>", "<br><br>", "</td></tr></table>"),
        ("<pre>", "</pre><pre>", "</pre>"),
        ("<p>", "</p><blockquote>", "</blockquote>"),
    ],
    ids=["paragraphs", "divisions", "breaks", "a cell", "preformatted", "quotations"],
)
def test_an_article_is_read_in_every_language_and_markup(
    lang: str, prose: tuple[str, ...], before: str, between: str, after: str
) -> None:
    body = before + between.join(prose) + after

    assert text_of(shell(body, lang=lang)) == list(prose)


@pytest.mark.parametrize("prose", LANGUAGES.values(), ids=LANGUAGES)
def test_an_article_may_be_a_single_paragraph(prose: tuple[str, ...]) -> None:
    assert text_of(shell(f"<p>{' '.join(prose)}</p>")) == [" ".join(prose)]


def test_a_poem_in_an_article_keeps_its_lines() -> None:
    verses = ["The winch went round,", "the rope went down,", "and Marigold", "went home to town."]
    poem = f"<p>{'<br>'.join(verses)}</p>"

    text = text_of(shell(paragraphs(*ENGLISH[:3]) + poem + paragraphs(*ENGLISH[3:])))

    assert text == [*ENGLISH[:3], *verses, *ENGLISH[3:]]


QUESTIONS = ("How is the winch?", "And the cow?", "Who laughed?", "What of the fares?", "Why now?",
             "And the song?")  # fmt: skip


@pytest.mark.parametrize("mark", ["<p><b>{}</b></p>", "<p><strong>{}</strong></p>", "<h3>{}</h3>"])
def test_an_interview_keeps_its_questions(mark: str) -> None:
    pairs = zip(QUESTIONS, ENGLISH, strict=True)
    body = "".join(mark.format(question) + f"<p>{answer}</p>" for question, answer in pairs)

    text = text_of(shell(body))

    assert text == [line for pair in zip(QUESTIONS, ENGLISH, strict=True) for line in pair]


def test_a_recipe_keeps_its_lists() -> None:
    steps = [
        "Beat the eggs with the sugar until they are pale and thick.",
        "Fold in the flour and the salt, and bake the cake for an hour.",
    ]
    things = ["two eggs", "a pound of flour", "salt"]
    lists = "<h2>Ingredients</h2><ul>{}</ul><h2>Method</h2><ol>{}</ol>".format(
        "".join(f"<li>{each}</li>" for each in things),
        "".join(f"<li>{each}</li>" for each in steps),
    )

    text = text_of(shell(paragraphs(*ENGLISH[:3]) + lists, title="Winch cake"))

    assert text[:3] == list(ENGLISH[:3])
    assert [line for line in text if line.startswith("- ")] == [
        f"- {each}" for each in (*things, *steps)
    ]


def test_paragraphs_that_blank_lines_part_in_preformatted_text_are_parted() -> None:
    wrapped = "\n\n".join(text.replace(", ", ",\n") for text in ENGLISH)

    assert text_of(shell(f"<pre>{wrapped}</pre>")) == list(ENGLISH)


def test_a_live_blog_keeps_its_updates() -> None:
    updates = "".join(
        f'<article class="update"><time>10:{n}0</time><h3>Update {n}</h3><p>{text}</p></article>'
        for n, text in enumerate(ENGLISH)
    )

    text = text_of(shell(f'<div class="liveblog">{updates}</div>'))

    assert [line for line in text if line in ENGLISH] == list(ENGLISH)
    assert "Breakwater" not in " ".join(text)


def test_a_table_among_paragraphs_has_its_rows_or_none_of_them() -> None:
    table = "<table><tr><th>Boat<th>Crossings<tr><td>Marigold<td>9<tr><td>Pell<td>11</table>"

    text = text_of(shell(paragraphs(*ENGLISH[:4]) + table + paragraphs(*ENGLISH[4:])))

    assert [line for line in text if line in ENGLISH] == list(ENGLISH)
    assert [line for line in text if line not in ENGLISH] in (
        [],
        ["Boat | Crossings", "Marigold | 9", "Pell | 11"],
    )


def test_captions_and_what_stands_around_are_no_text() -> None:
    figure = "<figure><img src=a><figcaption>Marigold on the quay</figcaption></figure>"
    ask = '<div class="newsletter"><p>Sign up for our newsletter</p></div>'

    reading = read_html(
        shell(figure + paragraphs(*ENGLISH[:3]) + ask + paragraphs(*ENGLISH[3:])), URL
    )

    assert reading is not None
    assert reading.article is not None
    assert reading.article.text.split("\n\n") == list(ENGLISH)
    assert reading.article.captions == ("Marigold on the quay",)
    assert "caption" in {verdict.reason for verdict in reading.verdicts}


def test_a_byline_that_sticks_to_the_first_line_goes() -> None:
    head = '<meta name="author" content="Odile Harkness"></head>'
    page = shell(paragraphs(f"{ENGLISH[1]} By Odile Harkness", *ENGLISH[2:]))

    assert text_of(page.replace(b"</head>", head.encode())) == list(ENGLISH[1:])
