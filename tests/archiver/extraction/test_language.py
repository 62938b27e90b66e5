from __future__ import annotations

import pytest

from archiver.extraction.language import language_of

TEXTS = [
    ("en", "The ferry came back on Friday, and the first passenger aboard was a cow."),
    ("de", "Die Fähre kam am Freitag zurück, und als Erste ging eine Kuh an Bord."),
    ("fr", "Le bac est revenu vendredi, et la première passagère à bord fut une vache."),
    ("pl", "Prom wrócił w piątek, a pierwszą pasażerką na pokładzie była krowa."),
    ("el", "Την Παρασκευή επέστρεψε στη λίμνη και πρώτη επιβιβάστηκε μια αγελάδα."),
    ("ru", "Паром вернулся в пятницу, и первой на борт поднялась корова."),
    ("zh", "渡船星期五回来了。第一个上船的是一头牛。"),
    ("fa", "کشتی روز جمعه برگشت و اولین مسافر آن یک گاو بود."),
]


@pytest.mark.parametrize(("language", "text"), TEXTS)
def test_a_language_is_recognised(language: str, text: str) -> None:
    found, score = language_of(text)

    assert found == language
    assert score is not None
    assert 0.8 < score <= 1


def test_a_score_has_four_digits() -> None:
    _, score = language_of("The ferry came back. Die Fähre kam zurück.")

    assert score is not None
    assert score == round(score, 4)


@pytest.mark.parametrize("text", ["", "1 234 567", "…\n\n—", "\U0001f600"])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert language_of(text) == (None, None)
