from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.canonical import canonical_form
from archiver.scope import is_in_scope
from archiver.seeds import Scope, Seed

SCOPES: list[Scope] = ["page", "prefix", "host", "domain"]
HOME = "https://www.example.org/world/"

IN_SCOPE: list[tuple[Scope, str, str]] = [
    # page: however it is written
    ("page", HOME, "https://www.example.org/world/"),
    ("page", HOME, "http://EXAMPLE.org:80/world/index.html?utm_source=rss#top"),
    ("page", "https://example.org/?b=2&a=1", "https://example.org/?a=1&b=2"),
    # prefix: what is below the last slash
    ("prefix", HOME, "https://www.example.org/world/"),
    ("prefix", HOME, "https://www.example.org/world"),
    ("prefix", HOME, "https://www.example.org/world?page=2"),
    ("prefix", HOME, "http://example.org/world/2024/05/03/story.html?id=1"),
    ("prefix", HOME, "https://example.org//world//story"),
    ("prefix", HOME, "https://example.org/sport/../world/story"),
    ("prefix", HOME, "https://example.org/%77orld/story"),
    ("prefix", HOME, "https://example.org/world/a..b/..c/d.."),
    ("prefix", HOME, "https://example.org/world/a%2Fb"),
    ("prefix", "https://example.org/world/index.html", "https://example.org/world/story"),
    ("prefix", "https://example.org/world/feed.xml", "https://example.org/world/story"),
    ("prefix", "https://example.org/world", "https://example.org/sport/"),
    ("prefix", "https://example.org/", "https://example.org/sport/"),
    ("prefix", "https://example.org:8080/a/", "http://www.example.org:8080/a/b"),
    ("prefix", "https://[2001:db8::1]/a/", "https://[2001:DB8:0::1]/a/b"),
    # host
    ("host", HOME, "http://example.org/sport/"),
    ("host", "http://example.org/", "https://www.example.org./sport/"),
    ("host", "https://example.org:8443/", "https://www.example.org:8443/"),
    ("host", "https://bücher.example/", "https://xn--bcher-kva.example/a"),
    ("host", "http://127.0.0.1:8000/", "http://127.0.0.1:8000/a"),
    # domain
    ("domain", HOME, "https://sport.example.org/"),
    ("domain", "https://blog.example.co.uk/", "http://example.co.uk:8080/"),
    ("domain", "https://one.github.io/", "https://www.one.github.io/"),
    ("domain", "http://localhost:8000/", "http://localhost:9000/"),
    ("domain", "http://127.0.0.1:8000/a/", "http://127.0.0.1:8000/b/"),
    ("domain", "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/a"),
    # a user is no host, be he called as he may
    ("host", HOME, "https://example.net@example.org/"),
    ("host", "https://example.net/", "https://example.org@example.net/"),
    # and a backslash is a slash
    ("host", HOME, "https://example.org\\@example.net/"),
]

OUT_OF_SCOPE: list[tuple[Scope, str, str]] = [
    ("page", HOME, "https://www.example.org/world"),
    ("page", HOME, "https://www.example.org/world/?page=2"),
    ("page", HOME, "https://m.example.org/world/"),
    # prefix: neighbours and ways out
    ("prefix", HOME, "https://www.example.org/"),
    ("prefix", HOME, "https://www.example.org/worldwide/story"),
    ("prefix", HOME, "https://www.example.org/world-news"),
    ("prefix", HOME, "https://www.example.org/World/story"),
    ("prefix", HOME, "https://www.example.org/en/world/story"),
    ("prefix", HOME, "https://www.example.org/?/world/"),
    ("prefix", HOME, "https://sport.example.org/world/"),
    ("prefix", HOME, "https://www.example.org:8080/world/"),
    ("prefix", HOME, "https://www.example.org/world/../private"),
    ("prefix", HOME, "https://www.example.org/world/%2e%2e/private"),
    ("prefix", HOME, "https://www.example.org/world/.%2E/private"),
    ("prefix", HOME, "https://www.example.org/world/..%2fprivate"),
    ("prefix", HOME, "https://www.example.org/world/..%252Fprivate"),
    ("prefix", HOME, "https://www.example.org/world/%252e%252e/private"),
    ("prefix", HOME, "https://www.example.org/world/a%2f..%2f..%2fprivate"),
    ("prefix", HOME, "https://www.example.org/world/..%5cprivate"),
    ("prefix", HOME, "https://www.example.org/world\\..\\private"),
    ("prefix", HOME, "https://www.example.org/world/..;/private"),
    ("prefix", HOME, "https://www.example.org/world/..;jsessionid=1/private"),
    ("prefix", HOME, "https://www.example.org/world/%2e%2e;x/private"),
    ("prefix", HOME, "https://www.example.org/world%2fstory"),
    ("prefix", "http://127.0.0.1/a/", "http://127.0.0.1/b/"),
    # host: lookalikes
    ("host", HOME, "https://sport.example.org/"),
    ("host", HOME, "https://example.org.evil.test/"),
    ("host", HOME, "https://example.org@evil.test/"),
    ("host", HOME, "http://example.org:80@evil.test/"),
    ("host", HOME, "http://example.org%2f@evil.test/"),
    ("host", HOME, "https://evil.test/example.org"),
    ("host", HOME, "https://evil.test?example.org"),
    ("host", HOME, "https://evil.test#@example.org/"),
    ("host", HOME, "https://evil.test\\@example.org/"),
    ("host", HOME, "https://xample.org/"),
    ("host", HOME, "https://example.org:8443/"),
    ("host", HOME, "http://example.org:443/"),
    ("host", "https://example.org:8443/", "https://example.org:8444/"),
    ("host", "http://127.0.0.1:8000/", "http://127.0.0.1:9000/"),
    ("host", "http://[::1]/", "http://[::2]/"),
    # domain
    ("domain", HOME, "https://example.org.evil.test/"),
    ("domain", HOME, "https://example.org@evil.test/"),
    ("domain", HOME, "https://evil.test\\@example.org/"),
    ("domain", HOME, "https://notexample.org/"),
    ("domain", HOME, "https://example.com/"),
    ("domain", HOME, "https://org/"),
    ("domain", "https://example.co.uk/", "https://example.net.co.uk/"),
    ("domain", "https://co.uk/", "https://example.co.uk/"),
    ("domain", "https://one.github.io/", "https://two.github.io/"),
    ("domain", "https://github.io/", "https://one.github.io/"),
    ("domain", "https://www.com/", "https://example.com/"),
    ("domain", "http://localhost/", "http://localhost.example.org/"),
    ("domain", "http://127.0.0.1/", "http://127.0.0.2/"),
    ("domain", "http://127.0.0.1:8000/", "http://127.0.0.1:9000/"),
    ("domain", "http://10.0.0.1/", "http://0.0.1/"),
    ("domain", "http://[::1]/", "http://[::2]/"),
]


@pytest.mark.parametrize(("scope", "home", "url"), IN_SCOPE)
def test_a_url_within_the_scope_of_a_seed_is_in_it(scope: Scope, home: str, url: str) -> None:
    assert is_in_scope(url, Seed(url=home, scope=scope))


@pytest.mark.parametrize(("scope", "home", "url"), OUT_OF_SCOPE)
def test_a_url_beyond_the_scope_of_a_seed_is_out_of_it(scope: Scope, home: str, url: str) -> None:
    assert not is_in_scope(url, Seed(url=home, scope=scope))


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(
    "url",
    [
        "", "story", "//example.org/world/", "/world/", "mailto:desk@example.org", "https://[::1/",
        "ftp://example.org/world/", "javascript:void(0)", "https://example.org:x/world/",
        "https://\ud800/", "https://example.org/world/" + 8000 * "a",
    ],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_sound_url_of_the_web_is_in_no_scope(url: str, scope: Scope) -> None:
    assert not is_in_scope(url, Seed(url="https://example.org/world/", scope=scope))


@given(st.sampled_from(SCOPES), st.text(alphabet="ab./%2fe;\\@:?#é", max_size=20))
def test_however_a_url_is_written_it_is_in_the_same_scopes(scope: Scope, rest: str) -> None:
    url, seed = f"https://example.org/a/{rest}", Seed(url="https://example.org/a/", scope=scope)
    assert is_in_scope(url, seed) is is_in_scope(canonical_form(url), seed)
