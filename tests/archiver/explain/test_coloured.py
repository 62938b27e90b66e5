from __future__ import annotations

from dataclasses import replace

from lxml.html import HtmlElement, document_fromstring

from archiver.explain.coloured import coloured
from archiver.extraction.html import Reading
from tests.archiver.explain.made import ARTICLE, GIVEN, dropped, reading, titled, verdicts

HOSTILE = """<p class="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">
&lt;script src="https://evil.example/x.js"&gt;&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;"""


def page(shown: Reading, *, shows_all: bool = False, name: str = "page.html") -> str:
    given = replace(GIVEN, name=name)
    return "\n".join(coloured(shown, given, "archiver", shows_all=shows_all))


def tree(html: str) -> HtmlElement:
    return document_fromstring(html)


def test_blocks_are_coloured_by_what_became_of_them() -> None:
    blocks = tree(page(reading())).xpath("//div/@class")

    assert blocks == ["dropped", "kept", "kept", *["dropped"] * 3, "caption", "dropped"]


def test_a_block_says_how_likely_it_was_and_why_it_was_dropped() -> None:
    html = page(reading())

    assert (
        '<div class="dropped"><small>12% p unlikely: in div.newsletter (signup)</small>'
        '<p dir="auto">Every morning all that matters, in your letter box.</p></div>' in html
    )


def test_a_long_run_can_be_unfolded_without_a_script() -> None:
    folded = tree(page(reading(*dropped(34)))).xpath("//details")

    assert [(len(run.xpath("div")), run.get("open")) for run in folded] == [(34, None)]
    assert folded[0].xpath("string(summary)") == "34 blocks dropped (unlikely)"


def test_all_unfolds_it() -> None:
    folded = tree(page(reading(*dropped(34)), shows_all=True)).xpath("//details")

    assert [run.get("open") for run in folded] == [""]


def test_text_and_captions_stand_at_the_end() -> None:
    shown = tree(page(reading())).xpath("//h2 | //body/p")

    assert [element.text_content() for element in shown] == [
        "Text", *ARTICLE.text.split("\n\n"), "Captions", "The ferry in the yard.",
    ]  # fmt: skip


def test_nothing_of_a_hostile_page_is_markup() -> None:
    given = verdicts(HOSTILE, ((900, None),))
    article = replace(
        titled("</title><script>alert(2)</script>"), text=HOSTILE, captions=(HOSTILE,)
    )
    html = page(reading(*given, article=article), name='"><script>alert(3)</script>')

    assert (
        tree(html).xpath("//script | //img | //link | //iframe | //a | //@src | //@onerror") == []
    )
    assert "default-src 'none'" in html


def test_what_turns_the_direction_of_writing_is_spelled_out() -> None:
    given = verdicts("<p>The \u202eferry\u202c sails.", ((900, None),))

    assert "The \\u202eferry\\u202c sails." in page(reading(*given))


def test_a_page_without_a_text_says_why() -> None:
    shown = tree(page(Reading(page_type="front"))).xpath("string(//body/p)")

    assert shown == "No text was looked for: a page of the type front has none."
