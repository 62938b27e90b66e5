from __future__ import annotations

import pytest

from archiver.extraction.quality import quality_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The ferry is back.", ["The", "ferry", "is", "back."]),
        ("It isn\u2019t \u2014 yet.\n\nSoon", ["It", "isn\u2019t", "yet.", "Soon"]),
        ("нет, ещё нет", ["нет,", "ещё", "нет"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("渡船回来了。", ["渡", "船", "回", "来", "了"]),
        ("2011年 AFP 渡し", ["2011", "AFP", "年", "渡", "し"]),
        ("배가 돌아왔다", ["배가", "돌아왔다"]),
        ("… \u2014 #", []),
        ("", []),
    ],
)
def test_words_are_counted_by_the_habits_of_their_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_text_shows_its_quality() -> None:
    text = "\n\n".join(
        [
            "The ferry came back on Friday, they say.",
            "Read more about #ferries and #cows\u2026",
            "Share",
            "Share",
            "12 34 \ufffd?",
        ]
    )

    assert quality_of(text, words_of(text)) == {
        "quality_mean_word_length": 4.2778,
        "quality_alphabetic_word_fraction": 0.8889,
        "quality_symbol_word_ratio": 0.1667,
        "quality_ellipsis_line_fraction": 0.2,
        "quality_terminal_punctuation_fraction": 0.6,
        "quality_short_line_fraction": 0.6,
        "quality_duplicate_line_fraction": 0.2,
        "quality_replacement_count": 1,
    }


@pytest.mark.parametrize("ending", [".", "!", "?\u201d", "…»", "。」", "؟", "।", ".)"])
def test_a_sentence_ends_in_every_script(ending: str) -> None:
    text = f"渡船 ferry паром{ending}"

    assert quality_of(text, words_of(text))["quality_terminal_punctuation_fraction"] == 1


def test_a_text_without_words_has_no_ratios() -> None:
    assert quality_of("\u2014", [])["quality_mean_word_length"] == 0
