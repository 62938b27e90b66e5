"""Patterns for paths, as RFC 9309 and those who borrow from it have them."""

from __future__ import annotations

import time

import pytest

from archiver.rights.patterns import Pattern, path_of

MATCHES = [
    ("/", "/", True),
    ("/", "/any/thing?else", True),
    ("*", "/any", True),
    # Google's table of matches, to which TDMRep refers ("Use of regular expressions")
    ("/fish", "/fish", True),
    ("/fish", "/fish.html", True),
    ("/fish", "/fishheads/yummy.html", True),
    ("/fish", "/fish.php?id=anything", True),
    ("/fish", "/Fish.asp", False),
    ("/fish", "/catfish", False),
    ("/fish*", "/fishheads", True),
    ("/fish/", "/fish/salmon.htm", True),
    ("/fish/", "/fish", False),
    ("/*.php", "/folder/filename.php?parameters", True),
    ("/*.php", "/filename.php/", True),
    ("/*.php", "/windows.PHP", False),
    ("/*.php$", "/folder/filename.php", True),
    ("/*.php$", "/filename.php?parameters", False),
    ("/*.php$", "/filename.php5", False),
    ("/fish*.php", "/fishheads/catfish.php?parameters", True),
    ("/fish*.php", "/Fish.PHP", False),
    # RFC 9309, 2.2.2 and 2.2.3
    ("/this/*/exactly", "/this/path/exactly/and/more", True),
    ("/this/path/exactly$", "/this/path/exactly", True),
    ("/this/path/exactly$", "/this/path/exactly/", False),
    ("/path/foo-%24", "/path/foo-$", True),
    ("/path/file-with-a-%2A.html", "/path/file-with-a-*.html", True),
    ("/foo/bar/%E3%83%84", "/foo/bar/ツ", True),
    ("/foo/bar/ツ", "/foo/bar/%e3%83%84", True),
    ("/foo/bar/%62%61%7A", "/foo/bar/baz", True),
    ("/foo/bar?baz=http%3a%2F%2Ffoo.bar", "/foo/bar?baz=http%3A%2f%2Ffoo.bar", True),
    ("/foo/bar?baz=http%3A%2F%2Ffoo.bar", "/foo/bar?baz=http://foo.bar", False),
    # what is in nobody's table
    ("fish", "/fish", True),
    ("$", "/", True),
    ("$", "/a", False),
    ("/a$b", "/a$b", True),
    ("/a*a$", "/a", False),
    ("/a*b*a$", "/aba", True),
    ("/ab*ba$", "/aba", False),
    ("/**a", "/bba", True),
    ("/\ud800", "/?", False),
]


@pytest.mark.parametrize(("pattern", "path", "expected"), MATCHES)
def test_a_pattern_matches_the_paths_that_begin_with_it(
    pattern: str, path: str, expected: bool
) -> None:
    assert Pattern.of(pattern).matches(path_of(f"https://example.org{path}")) is expected


PATHS = [
    ("https://example.org", "/"),
    ("https://example.org?a=b", "/?a=b"),
    ("HTTPS://Example.org/A/%7eb#part", "/A/~b"),
    ("http://[::1]:8080/a/b?c", "/a/b?c"),
    ("https://example.org/a b", "/a%20b"),
]


@pytest.mark.parametrize(("url", "expected"), PATHS)
def test_a_path_is_compared_in_one_form(url: str, expected: str) -> None:
    assert path_of(url) == expected


def test_no_pattern_takes_longer_than_its_length_is_worth() -> None:
    pattern, path = Pattern.of("/" + "a*" * 1_000 + "b"), path_of("http://a/" + "a" * 100_000)

    began = time.monotonic()

    assert not pattern.matches(path)
    assert time.monotonic() - began < 0.5
