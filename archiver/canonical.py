"""Which URLs lead to one page: by what they are, and by what the page itself declares.

Text in, text out. The canonical form is for comparing alone: what is fetched and archived stays
the URL as it was given. To take two articles for one loses an article; to take one for two costs
a request or two, after which the server redirects, or the page names its canonical URL, or the
octets are those that were archived before. So what may be two pages stays two.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, unquote, unquote_plus, urlsplit

from w3lib.url import canonicalize_url

from archiver.tracking import telling
from archiver.urls import DEFAULT_PORTS, host_and_port, host_of, is_http, site_of, target_of

_LONGEST = 8000  # servers take no more, as a rule (RFC 9110, 4.1)


# The form of a URL

_AROUND = "".join(map(chr, range(0x21)))
_WITHIN = str.maketrans("", "", "\t\n\r")  # left out by browsers (URL Standard, 4.4)
_SLASHES = re.compile(r"//+")
_INDEX = re.compile(r"(?<=/)index\.html?\Z")
_SESSION = re.compile(
    r";(?:jsessionid|phpsessid)=[^/;]*"  # Java and PHP without cookies
    r"|/\((?:[a-z]\([0-9a-z]{24,}\))+\)(?=/)",  # ASP.NET without cookies: /(S(…))/
    re.IGNORECASE,
)


def canonical_form(url: str) -> str:
    """Return the form that *url* shares with all URLs that certainly lead to the same page.

    It is a URL itself, and its own form. Text that is no http or https URL, or no sound one,
    comes back as it is; so does one that is longer than servers take.

    The scheme becomes https, to which http redirects where it does not serve the same; default
    ports, credentials and a final dot of the host go, and so does `www.`; the host is Punycode.
    The fragment is never sent, one with `#!` no more than others. In the path, dot segments and
    doubled slashes are resolved, escapes are written in one way, and `index.html` goes.
    Parameters are sorted; session ids and tracking go, parameters without a value stay.

    What tells pages apart on some servers stays: the case of a path, the slash at its end,
    `m.` and `www2.`, and `index.php` or `default.aspx`, beside which may stand an index.html.
    """
    parts = canonical_parts(url)
    return url if parts is None else parts.geturl()


def canonical_parts(url: str) -> SplitResult | None:
    """Return the parts of the canonical form of *url*; None where it has none but itself."""
    text = url.partition("#")[0]
    return _parts(text) if len(text) <= _LONGEST else None


@lru_cache(maxsize=1024)  # scope, traps and the seen-test ask for the form of one link in turn
def _parts(text: str) -> SplitResult | None:
    head, mark, query = text.strip(_AROUND).translate(_WITHIN).partition("?")
    # To browsers, and to Scrapy, a backslash is a slash: `//a.org\@b.org` is at a.org.
    text = head.replace("\\", "/") + mark + query
    try:
        if not is_http(text):
            return None
        # By target_of the host is Punycode already: w3lib would take faß.de for fass.de.
        parts = urlsplit(canonicalize_url(target_of(text)))
    except ValueError:  # no such port, address or character
        return None
    if _SESSION.search(parts.path):
        # What is left may have dots to resolve, as in `..;jsessionid=1`.
        return _parts(parts._replace(path=_SESSION.sub("", parts.path)).geturl())
    host, port = host_and_port(parts.netloc)
    host = _without_www(host.rstrip("."))
    if not host:
        return None
    if port == f":{DEFAULT_PORTS[parts.scheme]}":
        port = ""
    # Plain HTTP on the port of TLS is another place, and has to remain one.
    scheme = "http" if port == ":443" else "https"
    # Servers that have it look for index.html first; where another comes first, none links it.
    path = _INDEX.sub("", _SLASHES.sub("/", parts.path))
    return SplitResult(scheme, host + port, path, "&".join(telling(parts.query)), "")


@lru_cache(maxsize=4096)
def _without_www(host: str) -> str:
    """Return *host* less its `www.`, unless that is all that makes it a site of its own.

    So it is in www.com, and where www is the name of one customer of a host of websites.
    """
    bare = host.removeprefix("www.")
    is_kept = bare == host or bare.startswith("www.") or site_of(f"//{host}") in (None, host)
    return host if is_kept else bare


# What a page declares

# By these the variants of a page for small screens and for paper differ from the page.
_VARIANT_HOST = re.compile(r"(?:(?:amp|m|mobile|touch|wap|www)\.)+")
_VARIANTS = frozenset(("amp", "amphtml", "m", "mobile", "print", "printable"))
_VARIANT_FIELD = re.compile(
    r"(?:amp|m|mobile|print|printable)=(?:|[01]|on|true|yes)"
    r"|(?:display|format|layout|mode|output|outputtype|platform|style|template|theme|tmpl|view)"
    r"=(?:amp|mobile|print|printable|touch)",
    re.IGNORECASE,
)
_ENDINGS = re.compile(r"(?:[-_.,](?:amp|mobile|print)|\.(?:aspx?|cms|ece|html?|jsp|php|shtml))+\Z")
# Of these parameters each value is another page, or another part of one.
_APART = re.compile(
    r"(?:lang|language|locale|hl|p|pg|pag|page|paged|pagina|part|seite|offset|start"
    r"|strona|all|showall|singlepage|tab)="
)
_LAST_NUMBER = re.compile(r"(?<![0-9])[0-9]+\Z")
# With a word before it or without, and digests, such as the end of a UUID.
_LONG_NUMBER = re.compile(r"(?<![^\W_])(?:[^\W\d_]*([0-9]{5,})|([0-9a-f]{12,}))(?![^\W_])")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?")
_WORD = re.compile(r"[^\W\d_]{2,}")
_WORDS, _TITLE = 3, 6  # of so many words are slugs that few pages share, and that no two do


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outline:
    """A URL less what sets the variants of a page apart; in lower case, escapes undone."""

    host: str
    parents: tuple[str, ...]
    slug: str
    fields: frozenset[str]

    def numbers(self) -> Counter[str]:
        """Return the numbers in which segments end: of days, articles, pages of an article."""
        found = map(_LAST_NUMBER.search, (*self.parents, self.slug))
        return Counter(number[0] for number in found if number)

    def unexplained(self, other: _Outline) -> frozenset[str]:
        """Return the fields that *other* lacks, but those whose long number it has elsewhere."""
        numbers = {*_long_numbers(*other.parents, other.slug, *other.fields)}
        lacking = self.fields - other.fields
        return frozenset(one for one in lacking if one.partition("=")[2] not in numbers)


def is_twin(url: str, canonical: str) -> bool:
    """Say whether *canonical*, which the page at *url* declares, may be believed to be that page.

    It is on the same site and shares with *url* its place, its title, or a long number that is
    no date. So no article is the twin of a front page, or of the one article that a site names
    on all its pages by mistake; and page two of an article is not its page one.
    """
    here, there = canonical_parts(url), canonical_parts(canonical)
    if here is None or there is None or not _is_same_site(here, there):
        return False
    if here == there:
        return True
    page, other = _outline(here), _outline(there)
    if not page.numbers() <= other.numbers() or other.unexplained(page):
        return False
    if other.slug in page.parents:
        return False  # what lies below an article shows its pictures, its comments, or all of it
    more = page.unexplained(other)
    if _is_same_story(page, other, more):
        return not any(map(_is_apart, more))
    return not more and _is_same_place(page, other)


def _is_same_site(parts: SplitResult, others: SplitResult) -> bool:
    url, other = f"//{parts.netloc}", f"//{others.netloc}"
    site = site_of(url)
    return site_of(other) == site and (site is not None or host_of(other) == host_of(url))


def _outline(parts: SplitResult) -> _Outline:
    segments = [_ENDINGS.sub("", segment) for segment in unquote(parts.path).lower().split("/")]
    *parents, slug = [one for one in segments if one and one not in _VARIANTS] or [""]
    fields = [unquote_plus(field).lower() for field in parts.query.split("&")]
    return _Outline(
        host=_VARIANT_HOST.sub("", parts.netloc, count=1),
        parents=tuple(parents),
        slug=slug,
        fields=frozenset(one for one in fields if one and not _VARIANT_FIELD.fullmatch(one)),
    )


def _is_same_story(page: _Outline, other: _Outline, more: frozenset[str]) -> bool:
    """Say whether both have one title, or end in the same long number.

    A title is long enough to be no other page's. Where *page* has *more* parameters, a number
    before its last segment may be that of a section, and they may name the article.
    """
    if page.slug == other.slug and len(_WORD.findall(page.slug)) >= _TITLE:
        return True
    parents = () if more else page.parents
    numbers = _long_numbers(*parents, page.slug, *sorted(page.fields - more))
    others = _long_numbers(*other.parents, other.slug, *sorted(other.fields))
    return numbers[-1:] == others[-1:] != []


def _is_same_place(page: _Outline, other: _Outline) -> bool:
    """Say whether both have one path, or one slug of some words below fewer or more sections."""
    if page.slug != other.slug:
        return False
    if (page.host, page.parents) == (other.host, other.parents):
        return True
    sections, others = set(page.parents), set(other.parents)
    return len(_WORD.findall(page.slug)) >= _WORDS and (sections <= others or others <= sections)


def _is_apart(field: str) -> bool:
    return bool(_APART.match(field)) or field.partition("=")[2].isdigit()


def _long_numbers(*texts: str) -> list[str]:
    found = [number or digest for text in texts for number, digest in _LONG_NUMBER.findall(text)]
    return [number for number in found if not _DATE.fullmatch(number)]
