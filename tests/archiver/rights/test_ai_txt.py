"""ai.txt: whether the text of a page may be used."""

from __future__ import annotations

import pytest

from archiver.rights.ai_txt import is_text_allowed, rules_of

# What Spawning's tool writes for who withholds everything, and for who gives text but no code.
NOTHING_AT_ALL = """# Spawning AI
# Prevent datasets from using the following file types

User-Agent: *
Disallow: *.txt
Disallow: *.html
Disallow: *.jpg
Disallow: *.h
Disallow: /
Disallow: *
"""
TEXT_ALONE = """User-Agent: *
Allow: *.txt
Allow: *.html
Disallow: *.jpg
Disallow: *.h
Disallow: *.php
Disallow: /
Disallow: *
"""
CODE_WITHHELD = "User-Agent: *\nDisallow: *.h\nDisallow: *.js\nDisallow: *.c\nDisallow: *.php\n"

CASES: list[tuple[str, str, bool | None]] = [
    (NOTHING_AT_ALL, "/2026/ferry", False),
    (NOTHING_AT_ALL, "/2026/ferry.html", False),
    (TEXT_ALONE, "/2026/ferry", True),
    (TEXT_ALONE, "/2026/ferry.html?page=2", True),
    (TEXT_ALONE, "/2026/ferry.php", True),
    # an ending is one, and not letters somewhere in a URL
    (CODE_WITHHELD, "/ferry.html", None),
    (CODE_WITHHELD, "/mr.hyde/ferry", None),
    (CODE_WITHHELD, "/ferry.json", None),
    (CODE_WITHHELD, "/ferry.PHP?page=2", False),
    (CODE_WITHHELD, "/ferry?from=index.php", None),
    ("User-Agent: *\nDisallow: *.HTML\n", "/ferry", False),
    ("User-Agent: *\nDisallow: *.htm$\n", "/ferry", False),
    ("User-Agent: *\nDisallow: *.jpg\n", "/ferry", None),
    ("User-Agent: *\nDisallow: *.txt\n", "/ferry", None),
    ("User-Agent: *\nDisallow: *.txt\n", "/ferry.txt", False),
    # RFC 9309, 2.2.2: the longest pattern, and of two the one that allows
    ("User-Agent: *\nDisallow: /\nAllow: /open/\n", "/open/ferry", True),
    ("User-Agent: *\nDisallow: /\nAllow: /open/\n", "/ferry", False),
    ("User-Agent: *\nAllow: /\nDisallow: /private/\n", "/private/ferry", False),
    ("User-Agent: *\nAllow: /\nDisallow: /\n", "/ferry", True),
    ("User-Agent: *\nDisallow:\n", "/ferry", None),
    ("User-Agent: *\nAllow: /\n", "/ferry", True),
    ("User-Agent: *\nDisallow: /private/\n", "/ferry", None),
    # 2.2.1: groups and agents
    ("User-Agent: GPTBot\nDisallow: /\n", "/ferry", None),
    ("User-Agent: Archiver\nDisallow: /\n\nUser-Agent: *\nAllow: /\n", "/ferry", False),
    ("User-Agent: archiver/1.0\nAllow: /\n\nUser-Agent: *\nDisallow: /\n", "/ferry", True),
    ("User-Agent: archivers\nDisallow: /\n", "/ferry", None),
    ("User-Agent: GPTBot\nUser-Agent: *\nDisallow: /\n", "/ferry", False),
    ("User-Agent: *\nDisallow: /\nUser-Agent: GPTBot\nAllow: /\n", "/ferry", False),
    ("User-Agent: *\nAllow: /a\n\nUser-Agent: *\nDisallow: /f\n", "/ferry", False),
    ("User-Agent: archiver\n\nUser-Agent: *\nDisallow: /\n", "/ferry", False),
    ("Disallow: /\n", "/ferry", None),
    # how it may be written
    ("\ufeffUSER-AGENT : *\r\ndisallow:/ # all\r\n", "/ferry", False),
    ("User-Agent: *\nDisallow : *\n", "/ferry", False),
    ("User-Agent: *\nContent-License: CC-BY-4.0\nAllow: /\n", "/ferry", True),
    # what is another's ai.txt, or none
    ("# About us\n\nWe make **ferries**: large ones.\n", "/ferry", None),
    ("<html><body>Not found</body></html>", "/ferry", None),
    ("", "/ferry", None),
    ("\n" * 600_000 + "User-Agent: *\nDisallow: /\n", "/ferry", None),
    (f"User-Agent: *\nDisallow: /{'a*' * 2_000}\n", "/" + "a" * 9, None),
]


@pytest.mark.parametrize(("text", "path", "expected"), CASES)
def test_a_file_says_whether_text_may_be_used(text: str, path: str, expected: bool | None) -> None:
    assert is_text_allowed(rules_of(text), f"https://paper.example.org{path}") is expected
