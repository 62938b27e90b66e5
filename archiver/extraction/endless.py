"""Elements with so many attributes that libxml2 would not get through them in time.

It compares each with all that came before: 200,000 of them, two megabytes, take minutes. So
they are counted first, by the rules of HTML as far as these tell where a tag ends.
"""

from __future__ import annotations

import re

# Of 950 real pages none has an element with more than seventy.
_MOST = 1000
_RAW = (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe")  # their content is text
# Quotes mean something only behind an equals sign.
_QUOTED = re.compile(rb"""=\s*+(?:"[^"]*+"?+|'[^']*+'?+)""")
_ATTRIBUTES = rb"(?:%s|[^=>]++|=)*+" % _QUOTED.pattern
# A comment, which `<!-->` is too, or a tag with all of its attributes.
_MARKUP = re.compile(
    rb"<(?:!(?P<comment>--)|(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>%s))" % _ATTRIBUTES
)
_NAME = re.compile(rb"[^\s/]+")


def has_endless_tag(octets: bytes) -> bool:
    """Say whether an element of the page in *octets* has more attributes than any page needs.

    *octets* are ASCII, UTF-8, or anything else in which markup is ASCII.
    """
    if _HARMLESS.fullmatch(octets):
        return False  # nineteen pages of twenty, in a quarter of the time
    at = 0
    while found := _MARKUP.search(octets, at):
        if len(found["attributes"] or b"") > 2 * _MOST and _count(found["attributes"]) > _MOST:
            return True
        if found["comment"]:
            at = _end_of(octets, found.start("comment"), _COMMENT_END)
        else:
            closing = _CLOSING.get(found["name"].lower())
            at = _end_of(octets, found.end(), closing) if closing else found.end()
    return False


def _end_of(octets: bytes, start: int, closing: re.Pattern[bytes]) -> int:
    found = closing.search(octets, start)
    return found.end() if found else len(octets)


def _count(attributes: bytes) -> int:
    return len(_NAME.findall(_QUOTED.sub(b" ", attributes)))


def _in_any_case(name: bytes) -> bytes:
    return b"".join(b"[%c%c]" % (letter, letter - 32) for letter in name)


_COMMENT_END = re.compile(rb"--!?>")
_CLOSING = {name: re.compile(b"</" + _in_any_case(name)) for name in _RAW}

# All of a page in which no tag has more than 2,000 characters outside of quotes. Every
# repetition keeps what it took, so that this is one pass.
_PLAIN_TAG = rb"""[^=>]{,90}+(?:="[^"]*+"[^=>]{,90}+){,19}+>"""  # nearly all, in half the time
_OTHER_TAG = rb"""[^=>]{,90}+(?:=\s*+(?:"[^"]*+"|'[^']*+')?+[^=>]{,90}+){,19}+>"""
_SHORT_TAG = rb"(?:%s|%s)" % (_PLAIN_TAG, _OTHER_TAG)
_RAW_TEXT = b"|".join(
    rb"%s(?=[\s/>])%s[^<]*+(?:<(?!/%s)[^<]*+)*+" % (name, _SHORT_TAG, name)
    for name in map(_in_any_case, _RAW)
)
_HARMLESS = re.compile(
    rb"""[^<]*+(?:<(?:
             /
           | (?=[sStTxXiI])(?:%s)
           | [a-zA-Z]%s
           | !--[^>]*+(?:(?<!--)(?<!--!)>[^>]*+)*+
           | (?![a-zA-Z]|!--)
         )[^<]*+)*+"""
    % (_RAW_TEXT, _SHORT_TAG),
    re.VERBOSE,
)
