from __future__ import annotations

from collections.abc import Sequence

import pytest

from archiver.extraction.furniture import furniture_in
from tests.archiver.extraction.made_views import FERRY, kept_but, view_of

P = FERRY[:4]


def reasons(
    body: str, *outside: str, title: str = "", authors: Sequence[str] = ()
) -> dict[str, str | None]:
    """Return why the lines of a page are left out, of which the model keeps all but *outside*."""
    view = view_of(body, title)
    found = furniture_in(view, kept_but(view, *outside), set(), authors)
    return {block.text: why for block, why in zip(view.blocks, found, strict=True)}


def why(line: str, *, authors: Sequence[str] = ()) -> str | None:
    """Return why *line* among the paragraphs of an article is left out, or None."""
    found = reasons(f"<p>{P[0]}<p>{P[1]}<p>{line}<p>{P[2]}<p>{P[3]}", authors=authors)
    assert [found[text] for text in P] == [None] * 4
    return found[line]


FURNITURE = [
    ("© 2024 The Pell Times", "rights"),
    ("Copyright 2024 The Pell Times", "rights"),
    ("(c) 2024 The Pell Times", "rights"),
    ("The Pell Times, 2024. All rights reserved.", "rights"),
    ("This material may not be published, broadcast, rewritten or redistributed.", "rights"),
    ("Alle Rechte vorbehalten", "rights"),
    ("You are viewing a preview of this page. The rest is for members.", "appeal"),
    ("Sie lesen nur einen Auszug. Alles steht im Heft.", "appeal"),
    ("Tous droits réservés", "rights"),
    ("Sign up for our newsletter", "appeal"),
    ("The best of Pell, every morning in your inbox", "appeal"),
    ("Subscribe to The Pell Times from two pounds a month", "appeal"),
    ("Already a subscriber? Log in", "appeal"),
    ("Support independent journalism: become a member today.", "appeal"),
    ("Donate now", "appeal"),
    ("Unterstützen Sie uns", "appeal"),
    ("Advertisement", "page furniture"),
    ("ANZEIGE", "page furniture"),
    ("Article continues below", "page furniture"),
    ("Loading...", "page furniture"),
    ("hide caption", "page furniture"),
    ("Реклама", "page furniture"),
    ("A | A+", "page furniture"),
    ("Share", "page furniture"),
]


@pytest.mark.parametrize(("line", "reason"), FURNITURE)
def test_lines_that_say_what_they_are_go(line: str, reason: str) -> None:
    assert why(line) == reason


PROSE = [
    "Copyright law changed in 1998, and the songs of Pell have since belonged to their writers.",
    "“Copyright is for those who can pay for it,” said the landlord, who had written four songs.",
    "The judge ruled that the names of the deckhands may not be published until the inquiry ends.",
    "(c) the harbour board shall keep the winch in good repair, and answer for every rope of it.",
    "The council's newsletter, which reaches four thousand homes, will carry the new timetable.",
    "Residents can sign up for the scheme at the post office until Friday; forty had by noon.",
    "She was the first woman to become a member of the harbour board, and could splice a rope.",
    "The exhibition in the hall was made possible by a grant that asked for nothing in return.",
    "The fund will support local fishermen who lost their boats in the gale, the minister said.",
    "“Give now, or give never,” the priest said to those who had come to the quay for the cow.",
    "“Subscribe to it or do not,” the captain said of his theory, “but the rope went first.”",
    "Few people subscribe to the theory that it was the rope which went first, and not the winch.",
    "The money will support quality control at the yard, where four winches failed since March.",
    "Photographs of the old winch hang in the inn, and the landlord sells copies of them.",
    "Advertising on the ferry pays for half of the crossings, according to the harbour board.",
    "Share prices of the line rose by a tenth on the news that a second boat would be built.",
    "Listen to the old winch and you hear the gale, as the mate puts it, who was there that day.",
    "An e-mail from the mate, seen by The Pell Times, asked for a new rope as early as in March.",
    "This is an excerpt from the book that the mate wrote about the harbour of Pell and the gale.",
    "You are reading a letter that nobody should have kept, it began, and the mate had kept it.",
    "Print runs of the song have sold out twice, and the landlord has ordered a third of them.",
]


@pytest.mark.parametrize("line", PROSE)
def test_a_paragraph_that_speaks_of_such_things_stays(line: str) -> None:
    assert why(line) is None


SHORT = ["“Listen,” he said.", "She shared it.", "A cow.", "Printed in May.", "* * *", "No."]


@pytest.mark.parametrize("line", SHORT)
def test_a_short_line_of_the_text_stays(line: str) -> None:
    assert why(line) is None


def test_the_name_of_an_author_alone_goes_and_of_another_stays() -> None:
    assert why("Odile Harkness", authors=["Odile  Harkness"]) == "author"
    assert why("By ODILE HARKNESS", authors=["Odile Harkness"]) == "author"
    assert why("Ben Ito", authors=["Odile Harkness"]) is None
    assert why("Odile Harkness was first aboard.", authors=["Odile Harkness"]) is None


def test_a_long_line_is_kept_once_and_a_refrain_each_time() -> None:
    refrain = "And Marigold went home to town."
    verses = "".join(f"<p>{n} {text}</p><p>{refrain}</p>" for n, text in enumerate(P))
    long = f"<p>{P[0]} {P[1]}</p>"
    view = view_of(long + verses + long)

    found = furniture_in(view, kept_but(view), set(), ())

    assert found == [None] * 9 + ["repeated"]


@pytest.mark.parametrize("between", [0, 1, 5, 9])
def test_of_two_paragraphs_that_say_the_same_one_is_kept(between: int) -> None:
    others = "".join(f"<p>{n} {text}</p>" for n in range(3) for text in P[1:])
    among = "<p>".join(others.split("<p>")[: between + 1])
    view = view_of(f"<p>{P[0]}</p>{among}<p>{P[0]}</p><p>{P[3]}</p>")

    found = furniture_in(view, kept_but(view), set(), ())

    assert sorted(map(str, found)) == ["None"] * (between + 2) + ["repeated"]


def test_a_paragraph_that_only_a_caption_repeats_stays() -> None:
    view = view_of(f"<p>{P[0]}</p><figcaption>{P[0]}</figcaption><p>{P[1]}</p>")

    found = furniture_in(view, kept_but(view), {1}, ())

    assert found == [None, "caption", None]


def test_a_line_that_is_left_out_the_first_time_is_kept_the_second() -> None:
    body = f"<p>{P[0]}</p><p>{P[1]}</p><p>{P[0]}</p>"
    view = view_of(body)
    kept = kept_but(view)
    kept[0] = False

    assert furniture_in(view, kept, set(), ()) == [None, None, None]


def test_what_the_next_paragraphs_say_again_is_an_announcement() -> None:
    start = " ".join(P[0].split()[:14])

    found = reasons(f"<p>{start}</p><p>{P[1]}</p><p>{P[0]}</p><p>{P[2]}</p>")

    assert found == {start: "repeated", P[1]: None, P[0]: None, P[2]: None}


def test_the_title_goes_where_the_text_begins_and_stays_as_a_heading_further_down() -> None:
    title = "Ferry returns"
    early = reasons(f"<h1>{title}</h1><p>{P[0]}</p>", title=title)
    many = "".join(f"<p>{n} {text}</p>" for n in range(3) for text in P)

    assert early[title] == "headline"
    assert reasons(f"{many}<h3>{title}</h3><p>{P[0]}</p>", title=title)[title] is None


def test_what_stands_above_the_headline_goes_unless_it_is_much() -> None:
    title = "Ferry returns to Pell Quay"
    head = f"<h1>{title}</h1>"
    below = "".join(f"<p>{text}</p>" for text in P)

    assert reasons(f"<p>Gale warning</p>{head}{below}", title=title)["Gale warning"] == (
        "above the headline"
    )
    much = reasons(f"<p>{P[0]}</p><p>{P[1]}</p>{head}<p>{P[2]}</p><p>{P[3]}</p>", title=title)
    assert [much[text] for text in P] == [None] * 4


TITLE = "Ferry returns to Pell Quay"
ABOVE, BELOW = (
    [f"{each} {place}: {text}" for each in range(count) for text in P]
    for place, count in (("Tarn", 4), ("Pell", 3))
)


def much_above(before: str, headline: str, below: Sequence[str]) -> dict[str, str | None]:
    """Return why the lines are left out of a page with more text above its headline than below."""
    above, text = ("".join(f"<p>{line}</p>" for line in lines) for lines in (ABOVE, below))
    return reasons(f"{before}<div>{above}</div><main>{headline}{text}</main>", title=TITLE)


def test_much_above_goes_where_the_headline_is_the_pages_own() -> None:
    found = much_above("<h1>Pell Times</h1>", f"<h2>{TITLE}</h2>", BELOW)

    assert {found[text] for text in ABOVE} == {"above the headline"}
    assert {found[text] for text in BELOW} == {None}


@pytest.mark.parametrize(
    ("before", "headline", "below"),
    [
        ("", f"<h2>Then the {TITLE}</h2>", BELOW),
        ("", f"<h2>{TITLE}</h2>", BELOW[:2]),  # too little
        ("", f"<h2>{TITLE}</h2>", [f"{text} Indeed." for text in BELOW[:7]]),  # less than a third
        (f"<p>{TITLE}</p>", f"<h2>{TITLE}</h2>", BELOW),
        ("<h1>Five things to know</h1>", f"<h2>{TITLE}</h2>", BELOW),
    ],
)
def test_much_above_stays_where_it_may_be_the_article(
    before: str, headline: str, below: list[str]
) -> None:
    found = much_above(before, headline, below)

    assert {found[text] for text in ABOVE} == {None}


def test_much_above_stays_where_the_text_goes_on_beside_it() -> None:
    lines = [f"<p>{text}</p>" for text in (*ABOVE, TITLE, *BELOW)]
    lines[len(ABOVE)] = f"<h2>{TITLE}</h2>"

    assert reasons("".join(lines), title=TITLE)[ABOVE[0]] is None


@pytest.mark.parametrize(
    "markup",
    [
        "<ol class=comment-list><li><p>{}</p></li></ol>",
        "<div id=comments><div><p>{}</p></div></div>",
        "<div class=commentBody><p>{}</p></div>",
        "<div class='reply depth-2'><p>{}</p></div>",
    ],
)
def test_comments_of_readers_go(markup: str) -> None:
    comment = "About time, by my reckoning of the years that it took, and of the price of rope."

    body = f"<main><article>{''.join(f'<p>{text}</p>' for text in P)}</article></main>"

    found = reasons(body + markup.format(comment))
    assert found[comment] == "comment"
    assert [found[text] for text in P] == [None] * 4


@pytest.mark.parametrize(
    "markup",
    [
        "<body class='post comments-open'>{}",
        "<article class='article article--comment'>{}</article>",
        "<div class='post comments-open'>{}</div>",
        "<section id=comment-and-opinion><div>{}</div></section>",
    ],
)
def test_an_article_under_the_name_of_comment_stays(markup: str) -> None:
    found = reasons(markup.format("".join(f"<p>{text}</p>" for text in P)))

    assert found == dict.fromkeys(P)


def test_captions_go_whether_kept_or_not() -> None:
    view = view_of(f"<p>{P[0]}</p><p>one</p><p>two</p>")

    found = furniture_in(view, kept_but(view, "two"), {1, 2}, ())

    assert found == [None, "caption", "caption"]
