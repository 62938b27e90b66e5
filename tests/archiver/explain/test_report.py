from __future__ import annotations

from dataclasses import replace

from archiver.explain.report import report
from archiver.extraction.html import Reading
from tests.archiver.explain.made import GIVEN, dropped, reading, titled, verdicts

HEAD = [
    "type      article",
    "address   https://www.example.org/story",
    "title     Ferry sails",
    "authors   Jo Field, Ann Hill",
    "published 2026-11-20T08:00:00Z",
    "modified  none",
    "agency    Lantern News",
    "language  en (0.99)",
    "words     23, in 2 of 8 blocks",
    "captions  1",
    "extractor archiver 0.1.0",
    "",
]
BLOCKS = [
    "-   0% ul                   [unlikely: a menu, in nav] Home | Tides",
    "+  98% p.lead.intro         The ferry to the island of Tarn will sail again on Monday.",
    "+  99% p                    It had been in the yard since the storm of November.",
    "-  12% p                    [unlikely: in div.newsletter (signup)] Every morning all that "
    "matters, in your letter box.",
    "-  13% p                    [unlikely: most of it is a link, in div (related)] The mayor has "
    "a new hat today",
    "-  14% p                    [unlikely: it is hidden] Nobody sees this line, which is as long "
    "as any other.",
    "-  45% p                    [caption] Short one",
    "-  20% p                    [unlikely] There is nothing to be said against this line.",
]


def lines(
    shown: Reading, *, shows_all: bool = False, width: int | None = None, has_colour: bool = False
) -> list[str]:
    return list(
        report(
            shown, GIVEN, "archiver", shows_all=shows_all, width=width, has_colour=has_colour
        )
    )  # fmt: skip


def test_what_was_found_comes_first_then_a_line_for_each_block() -> None:
    assert lines(reading()) == HEAD + BLOCKS


def test_no_line_is_longer_than_the_terminal_is_wide() -> None:
    shown = lines(reading(), width=60)

    assert max(map(len, shown)) == 60
    assert shown[13] == "+  98% p.lead.intro         The ferry to the island of Tarn w…"[:59] + "…"


def test_a_long_run_of_dropped_blocks_is_one_line() -> None:
    shown = lines(reading(*dropped(34), *verdicts()[1:2]))

    assert shown[len(HEAD) :] == ["- … 34 blocks dropped (unlikely)", BLOCKS[1]]


def test_all_shows_every_block() -> None:
    shown = lines(reading(*dropped(34), *verdicts()[1:2]), shows_all=True)

    assert len(shown) == len(HEAD) + 35


def test_kept_is_green_and_dropped_is_faint_where_there_are_colours() -> None:
    shown = lines(reading(), has_colour=True)[len(HEAD) :]

    assert shown[0] == f"\x1b[2m{BLOCKS[0]}\x1b[0m"
    assert shown[1] == f"\x1b[32m{BLOCKS[1]}\x1b[0m"


HOSTILE = '<p class="a\x1b]0;owned\x07">The \x1b[2Jferry \u202esails\u202c.'


def test_nothing_of_a_hostile_page_reaches_the_terminal_raw() -> None:
    given = verdicts(HOSTILE.replace("\x1b", "&#155;").replace("\x07", "&#x7;"), ((900, None),))
    shown = "\n".join(lines(reading(*given, article=titled("A\x1b[31m \u202eB"))))

    assert [character for character in shown if character < " " and character != "\n"] == []
    assert not {"\u202e", "\u202c", "\x9b"} & set(shown)
    assert "title     A\\x1b[31m \\u202eB" in shown
    assert "\\u202esails\\u202c" in shown


def test_a_page_that_is_no_article_says_why_nothing_was_looked_for() -> None:
    assert lines(Reading(page_type="listing"))[-1] == (
        "No text was looked for: a page of the type listing has none."
    )


def test_a_text_that_is_too_short_is_said_to_be() -> None:
    shown = lines(reading(*dropped(1), article=None))

    assert "No article: what is kept is too short to be one." in shown
    assert not [line for line in shown if line.startswith("title")]


def test_trafilatura_gives_its_text_alone() -> None:
    shown = list(
        report(
            replace(reading(), verdicts=()), GIVEN, "trafilatura",
            shows_all=False, width=None, has_colour=False,
        )
    )  # fmt: skip

    assert "words     23" in shown
    assert shown[-4:] == [
        "Trafilatura gives a text and no verdicts on blocks, so that nothing is explained.",
        "The ferry to the island of Tarn will sail again on Monday.",
        "",
        "It had been in the yard since the storm of November.",
    ]


def test_a_page_that_came_with_an_error_shows_its_status() -> None:
    shown = list(
        report(
            Reading(page_type="soft404"), replace(GIVEN, status=404, url=None), "archiver",
            shows_all=False, width=None, has_colour=False,
        )
    )  # fmt: skip

    assert shown[:3] == [
        "type      soft404",
        "address   none: --url gives one",
        "status    404",
    ]
