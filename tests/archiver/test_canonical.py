from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.canonical import canonical_form, canonical_parts, is_twin

STORY = "https://example.org/world/story"

ONE_PAGE = [
    # scheme, credentials, host and port
    ("https://example.org/world/story", STORY),
    ("http://example.org/world/story", STORY),
    ("HTTPS://Example.ORG/world/story", STORY),
    ("  https://example.org/world/story\n", STORY),
    ("https://reader:secret@example.org/world/story", STORY),
    ("https://example.org./world/story", STORY),
    ("https://example.org:443/world/story", STORY),
    ("http://example.org:80/world/story", STORY),
    ("http://example.org:/world/story", STORY),
    ("http://example.org:8080/world/story", "https://example.org:8080/world/story"),
    ("http://example.org:08080/world/story", "https://example.org:8080/world/story"),
    ("https://www.example.org/world/story", STORY),
    ("https://www.news.example.org/", "https://news.example.org/"),
    ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
    ("https://faß.example/", "https://xn--fa-hia.example/"),
    ("https://[2001:DB8:0::1]/", "https://[2001:db8::1]/"),
    ("https:\\\\example.org\\world\\story", STORY),
    # path
    ("https://example.org", "https://example.org/"),
    ("https://example.org?id=1", "https://example.org/?id=1"),
    ("https://example.org/world/./story", STORY),
    ("https://example.org/sport/../world/story", STORY),
    ("https://example.org/sport/%2e%2E/world/story", STORY),
    ("https://example.org/../world/story", STORY),
    ("https://example.org//world///story", STORY),
    ("https://example.org/wor\tld/sto\nry", STORY),
    ("https://example.org/%77orld/stor%79", STORY),
    ("https://example.org/caf%c3%a9", "https://example.org/caf%C3%A9"),
    ("https://example.org/café", "https://example.org/caf%C3%A9"),
    ("https://example.org/%7Eann/a%2Cb", "https://example.org/~ann/a,b"),
    ("https://example.org/two words", "https://example.org/two%20words"),
    ("https://example.org/world/index.html", "https://example.org/world/"),
    ("https://example.org/index.htm?id=1", "https://example.org/?id=1"),
    # fragment
    ("https://example.org/world/story#comments", STORY),
    ("https://example.org/world/story#!/page/2", STORY),
    ("https://example.org/world/story#:~:text=snow", STORY),
    # query
    ("https://example.org/world/story?", STORY),
    ("https://example.org/world/story?&&", STORY),
    ("https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
    ("https://example.org/?b=&a", "https://example.org/?a=&b="),
    ("https://example.org/?q=snow+in%20May", "https://example.org/?q=snow+in+May"),
    ("https://example.org/?q=%c3%a9", "https://example.org/?q=%C3%A9"),
    ("https://example.org/?q=é", "https://example.org/?q=%C3%A9"),
    # session ids
    ("https://example.org/world/story;jsessionid=0A1B2C3D4E5F.node1", STORY),
    ("https://example.org/world;JSESSIONID=0A1B/story;JSESSIONID=0A1B?", STORY),
    ("https://example.org/;jsessionid=0A1B", "https://example.org/"),
    ("https://example.org/world/;;jsessionid=0A1B", "https://example.org/world/"),
    ("https://example.org/a/..;jsessionid=0A1B/world/story", STORY),
    ("https://example.org/(S(4hqa0555fwsecu455xqckv45))/world/story", STORY),
    ("https://example.org/world/story?PHPSESSID=k1j2h3", STORY),
    ("https://example.org/world/story?sid=0123456789abcdef0123456789ABCDEF", STORY),
    # tracking
    ("https://example.org/world/story?utm_source=rss&utm_medium=feed", STORY),
    ("https://example.org/world/story?fbclid=IwAR0&id=7", f"{STORY}?id=7"),
    ("https://example.org/world/story?id=7&amp;utm_source=rss", f"{STORY}?id=7"),
    ("https://example.org/world/story?ref=rss#top", STORY),
]

APART = [
    # what is asked for
    ("https://example.org/?id=1", "https://example.org/?id=2"),
    ("https://example.org/?p=123", "https://example.org/?p=124"),
    ("https://example.org/?p=123", "https://example.org/"),
    ("https://example.org/a?page=2", "https://example.org/a"),
    ("https://example.org/a?sid=123", "https://example.org/a?sid=124"),
    ("https://example.org/a?s=snow", "https://example.org/a"),
    ("https://example.org/a?cfid=1", "https://example.org/a?cfid=2"),
    ("https://example.org/a?print=1", "https://example.org/a"),
    ("https://example.org/a?lang=fr", "https://example.org/a"),
    ("https://example.org/a?gallery=1", "https://example.org/a?gallery=2"),
    ("https://example.org/story.php?article717", "https://example.org/story.php?article718"),
    # how it is written
    ("https://example.org/World", "https://example.org/world"),
    ("https://example.org/world/", "https://example.org/world"),
    ("https://example.org/index.php", "https://example.org/"),
    ("https://example.org/default.aspx", "https://example.org/"),
    ("https://example.org/a/index.html/b", "https://example.org/a/b"),
    ("https://example.org/myindex.html", "https://example.org/"),
    ("https://example.org/a%2Fb", "https://example.org/a/b"),
    ("https://example.org/a%3Fb", "https://example.org/a?b"),
    ("https://example.org/a%2523", "https://example.org/a%23"),
    ("https://example.org/a;jsession=1", "https://example.org/a"),
    # where it is
    ("https://m.example.org/", "https://example.org/"),
    ("https://www2.example.org/", "https://example.org/"),
    ("https://www.com/", "https://com/"),
    ("https://www.co.uk/", "https://co.uk/"),
    ("https://www.github.io/", "https://github.io/"),
    ("https://www.localhost/", "https://localhost/"),
    ("https://www.www.example.org/", "https://www.example.org/"),
    ("https://faß.example/", "https://fass.example/"),
    ("http://example.org:443/", "https://example.org/"),
    ("https://example.org:80/", "http://example.org/"),
    ("https://example.org:8080/", "https://example.org/"),
    ("https://example.org\\@example.net/", "https://example.net/"),
]

NO_URL = [
    "", " ", "story", "example.org/a", "//example.org/a", "/a?b#c", "mailto:desk@example.org",
    "ftp://example.org/", "dns:example.org", "javascript:void(0)#a", "https://", "https:///a",
    "https://./", "https://example.org:99999/", "https://example.org:x/#a",
    "https://[::1/", "https://[::g]/", "https://example.org/\ud800", "https://\ud800/",
]  # fmt: skip


@pytest.mark.parametrize(("url", "form"), ONE_PAGE)
def test_urls_of_one_page_have_one_form(url: str, form: str) -> None:
    assert canonical_form(url) == form


@pytest.mark.parametrize(("url", "other"), APART)
def test_what_may_be_two_pages_has_two_forms(url: str, other: str) -> None:
    assert canonical_form(url) != canonical_form(other)


@pytest.mark.parametrize("text", NO_URL)
def test_what_is_no_sound_url_of_the_web_is_its_own_form(text: str) -> None:
    assert canonical_form(text) == text
    assert canonical_parts(text) is None


def test_a_form_in_its_parts_has_neither_fragment_nor_credentials() -> None:
    assert canonical_parts("http://a:b@www.example.org:8080//x/../y?c&b=1#d") == (
        "https", "example.org:8080", "/y", "b=1&c=", ""
    )  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/" + 10_000_000 * "a",
        "https://example.org/?" + 5_000_000 * "&a",
        "https://" + 10_000_000 * "é",
        10_000_000 * " " + "https://example.org/",
    ],
    ids=["path", "query", "host", "blanks"],
)
def test_a_url_of_ten_megabytes_is_its_own_form_at_once(url: str) -> None:
    begun_at = time.perf_counter()
    form = canonical_form(url)
    assert time.perf_counter() - begun_at < 0.5
    assert form == url


def test_a_fragment_of_ten_megabytes_is_dropped() -> None:
    assert canonical_form(f"{STORY}#{10_000_000 * 'a'}") == STORY


PIECES = [
    "/", "/", "a", "B", ".", "..", "%2e", "%2F", "%41", "%2541", "%", "%zz", " ", "é", "%e9", ";",
    ":", "@", "\\", "%00", "\x7f", "🎉", "\ud800", "~", "=", "&", "+", "?", "#", "|", "[", "]",
    "{", "'", '"', "<", "\t", "(S(4hqa0555fwsecu455xqckv45))", "index.html", ";jsessionid=1",
    "%6Asessionid=", "&amp;", "utm_source", "utm_%73ource", "cfid", "cftoken", "ref", "=rss",
    "sid=0123456789abcdef0123456789abcdef", "http://",
]  # fmt: skip
LABELS = [
    "www", "WWW", "www.www", "a", "com", "co.uk", "github.io", "example.org", "1", "0x1", "bücher",
    "ß", "xn--", "%41", "%2e", "a b", "\xad", "…", "", "\\", "@", ":", "[::1]", "[::FFFF:1.2.3.4]",
]  # fmt: skip
TEXTS = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(
            ["http://", "https://", "HTTP://", "http:\\\\", "//", "ftp://", "http:", ""]
        ),
        st.lists(st.sampled_from(LABELS), max_size=4).map(".".join),
        st.sampled_from(["", "", ":", ":80", ":443", ":8080", ":080", ":99999", ":x"]),
        st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    ),
)


@given(TEXTS)
@example("http://a/;;jsessionid=1")
@example("http://a/..;jsessionid=1/b;%6Asessionid=1")
def test_the_form_of_a_form_is_itself(text: str) -> None:
    form = canonical_form(text)
    assert canonical_form(form) == form


@given(TEXTS)
def test_a_page_may_name_itself_in_any_way(text: str) -> None:
    assert is_twin(text, canonical_form(text)) is (canonical_parts(text) is not None)


@given(TEXTS, TEXTS)
def test_only_sound_urls_are_twins(text: str, other: str) -> None:
    are_sound = None not in (canonical_parts(text), canonical_parts(other))
    assert are_sound or not is_twin(text, other)


SLUG = "harbour-bridge-closed-after-storm-damages-two-of-its-pillars"

TWINS = [
    # AMP, mobile and print
    ("/world/story-of-the-day.amp.html", "/world/story-of-the-day.html"),
    ("/world/story-of-the-day.amp", "/world/story-of-the-day"),
    ("/world/story-of-the-day/amp/", "/world/story-of-the-day/"),
    ("/amp/world/story-of-the-day", "/world/story-of-the-day"),
    ("/world/story-of-the-day-amp", "/world/story-of-the-day.html"),
    ("/world/story-of-the-day?amp", "/world/story-of-the-day"),
    ("/world/story-of-the-day?outputType=amp", "/world/story-of-the-day"),
    ("/world/story-of-the-day/print", "/world/story-of-the-day"),
    ("/view.php?id=7&print=1", "/view.php?id=7"),
    ("/view.php?id=7&view=print", "/view.php?id=7"),
    ("https://m.example.org/world/ar-BbwsPQ", "https://www.example.org/world/ar-BbwsPQ"),
    ("https://m.example.org/view?id=12345678", f"/world/{SLUG}-12345678.html"),
    ("https://m.example.org/a/12345678", f"/2024/05/03/{SLUG}-12345678"),
    ("https://amp.example.org/world/", "https://www.example.org/world/"),
    ("https://m.example.org/", "https://www.example.org/"),
    # the same, written otherwise
    ("/world/story-of-the-day/", "/world/story-of-the-day"),
    ("/world/Story-Of-The-Day", "/world/story-of-the-day"),
    ("/World", "/world"),
    ("http://www.example.org/world", "https://example.org/world#top"),
    # tracking that nobody knows
    (f"/world/{SLUG}?mod=home-page", f"/world/{SLUG}"),
    (f"/world/{SLUG}?li=BBnb2gg", f"/world/{SLUG}"),
    ("/world/bridge-closed-21244172/?ico=mosaic_politics", "/world/bridge-closed-21244172/"),
    ("/a/story?cid=click_2_three&id=44233864", "/a/story?id=44233864"),
    # moved, or in several sections
    (f"/news/{SLUG}", f"/culture/{SLUG}"),
    ("/news/bridge-closed-again", "/news/local/bridge-closed-again"),
    ("/article/2110304/bridge-to-close", "/article/2110304/bridge-is-closed"),
    ("/a/1c621104-b0eb-3b4d-9b0a-7bb979f80d7d", "/b/1c621104-b0eb-3b4d-9b0a-7bb979f80d7d"),
    ("https://blog.example.org/2024/05/03/bridge-closed-again", "/2024/05/03/bridge-closed-again"),
    ("http://127.0.0.1:8000/world/story?amp=1", "http://127.0.0.1:8000/world/story"),
]

STRANGERS = [
    # every page names the front page, a section, or the first article
    (f"/world/{SLUG}", "/"),
    (f"/world/{SLUG}", "https://www.example.org/index.html"),
    (f"/world/{SLUG}", "/world/"),
    (f"/world/{SLUG}-12345678", "/world"),
    (f"/world/{SLUG}", "/world/first-story-that-this-site-has-ever-had"),
    (f"/world/{SLUG}-12345678", "/world/first-story-12345670"),
    ("/?p=123", "/"),
    ("/?p=123", "/?p=1"),
    ("/view.php?id=12345678", "/view.php"),
    ("/view.php?id=12345678", "/view.php?id=12345670"),
    ("/section-12345/view?story=bridge", "/section-12345/view"),
    ("/news-detail-view?story=bridge", "/news-detail-view"),
    ("/world", "/"),
    ("https://sport.example.org/", "https://www.example.org/"),
    # and what all pages have in common is not theirs
    ("/20240503/bridge-closed", "/20240503/bridge-opened"),
    ("/202405/bridge-closed", "/202405/bridge-opened"),
    ("/berlin/weather-in-your-town", "/hamburg/weather-in-your-town"),
    ("/12345/morning-briefing", "/12399/morning-briefing"),
    ("/2024/05/03/what-we-know-so-far-today", "/2024/05/04/what-we-know-so-far-today"),
    ("/2024/05/05/what-we-know-so-far-today", "/2024/05/04/what-we-know-so-far-today"),
    # a page of an article, and what belongs to it
    (f"/world/{SLUG}?page=2", f"/world/{SLUG}"),
    (f"/world/{SLUG}?seite=all", f"/world/{SLUG}"),
    (f"/world/{SLUG}?x=2", f"/world/{SLUG}"),
    (f"/world/{SLUG}/2", f"/world/{SLUG}"),
    (f"/world/{SLUG}-2", f"/world/{SLUG}"),
    ("/world/bridge-closed-12345678/2", "/world/bridge-closed-12345678"),
    ("/world/bridge-closed-12345678,2.html", "/world/bridge-closed-12345678.html"),
    ("/world/bridge-closed-12345678/pictures", "/world/bridge-closed-12345678"),
    (f"/world/{SLUG}?lang=fr", f"/world/{SLUG}"),
    # another site
    (f"/world/{SLUG}", f"https://example.net/world/{SLUG}"),
    (f"https://one.github.io/{SLUG}", f"https://two.github.io/{SLUG}"),
    (f"http://127.0.0.1/{SLUG}", f"http://127.0.0.2/{SLUG}"),
    (f"/world/{SLUG}", f"https://example.org@example.net/world/{SLUG}"),
    # no URL
    (f"/world/{SLUG}", ""),
    (f"/world/{SLUG}", "javascript:void(0)"),
    (f"/world/{SLUG}", f"https://[/world/{SLUG}"),
    (f"/world/{SLUG}", f"https://example.org/world/{8000 * 'a'}/{SLUG}"),
]  # fmt: skip


def at_home(url: str) -> str:
    return f"https://example.org{url}" if url.startswith("/") else url


@pytest.mark.parametrize(("url", "canonical"), TWINS)
def test_a_canonical_url_is_believed_where_it_names_the_same_page(
    url: str, canonical: str
) -> None:
    assert is_twin(at_home(url), at_home(canonical))


@pytest.mark.parametrize(("url", "canonical"), STRANGERS)
def test_a_canonical_url_is_not_believed_where_it_names_another_page(
    url: str, canonical: str
) -> None:
    assert not is_twin(at_home(url), at_home(canonical))


def test_no_text_is_the_twin_of_itself_but_a_url() -> None:
    assert not is_twin("story", "story")
    assert is_twin(STORY, STORY)
