from __future__ import annotations

import pytest

from archiver.extraction.letters import letters_of, sentences_in, typed, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The FERRY, back_again: 2nd", ["the", "ferry", "back", "again", "2nd"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("渡船 7", ["渡", "船", "7"]),
        ("山のフェ", ["山", "の", "フ", "ェ"]),
        ("연락선이 왔다", ["연락선이", "왔다"]),
        ("العبارة،", ["العبارة"]),
        ("老渡口 Ferry_2", ["老", "渡", "口", "ferry", "2"]),
        ("* * *", []),
    ],
)  # fmt: skip
def test_words_are_those_of_every_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The ferry is back. Who rode it? A cow!", 3),
        ('"It floats." (It did.) Then 3.50 pounds a trip', 2),
        ("It floats.\u201d Then \u2026 silence\u2026", 3),
        ("渡船回来了。谁坐了它\uff1f", 2),
        ("Fares, times and notices", 0),
        ("", 0),
    ],
)
def test_sentences_end_where_their_marks_are_followed_by_nothing(
    text: str, sentences: int
) -> None:
    assert sentences_in(text) == sentences


@pytest.mark.parametrize("text", ["The ferry. ", "Back? (Yes.) 2nd_time!", "a.b 'c.' d."])
def test_ascii_is_read_like_any_other_text(text: str) -> None:
    # What is appended is neither word nor sentence, but sends the text the other way.
    assert words_of(text) == words_of(f"{text} \u2014")
    assert sentences_in(text) == sentences_in(f"{text} \u2014")


def test_an_ideograph_says_as_much_as_three_letters() -> None:
    assert letters_of("ferry") == 5
    assert letters_of("渡船") == 6
    assert letters_of("Fähre") == 5


@pytest.mark.parametrize(
    "text",
    [
        "\u201cIt floats\u2026\u201d \u2013 she\u2019s sure \u2014 .\u00a0(\u2018Moo.\u2019)",
        "\u201cЩит\u2026\u201d \u2014 дым.",
        "渡船\u2014\u2014回来了。",
        "plain",
    ],
)
def test_the_marks_of_a_typewriter_change_neither_words_nor_sentences_nor_length(
    text: str,
) -> None:
    marked = typed(text)

    assert words_of(marked) == words_of(text)
    assert sentences_in(marked) == sentences_in(text)
    assert (len(marked), letters_of(marked)) == (len(text), letters_of(text))


def test_the_marks_of_a_typewriter_are_ascii() -> None:
    assert typed("\u201cIt\u2019s back\u2026\u201d") == '"It\'s back."'
