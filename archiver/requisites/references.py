"""From a reference in a document to the URL that a browser would ask for.

The steps are those of the URL Standard (url.spec.whatwg.org, 4.4) where it differs from
RFC 3986, which Python follows: blanks within, backslashes, slashes too many or too few.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

from archiver.urls import DEFAULT_PORTS, SCHEME

_LONGEST = 8000  # servers take no more, as a rule (RFC 9110, 4.1)
_AROUND = "".join(map(chr, range(0x21)))
_WITHIN = str.maketrans("", "", "\t\n\r")
# A query goes out in UTF-8 where its document is in one of these.
_NOT_IN_QUERIES = ("utf-16", "utf-16-le", "utf-16-be", "iso2022_jp")


def resolved(reference: str, base: str, encoding: str = "utf-8") -> str | None:
    """Return the URL that *reference* means in a document at *base*, less its fragment.

    None where it means none that HTTP could fetch, or only a place in the document itself.
    """
    text = reference.strip(_AROUND)
    scheme = SCHEME.match(text)
    if not text or text[0] == "#" or (scheme and scheme[1].lower() not in DEFAULT_PORTS):
        return None
    text = text.partition("#")[0].translate(_WITHIN)
    if len(text) > _LONGEST:
        return None
    path, mark, query = text.partition("?")
    try:
        url = urljoin(base, _straight(path.replace("\\", "/"), base) + mark + query)
        safe = _safe(url, encoding).partition("#")[0]
        parts = urlsplit(safe)
        is_fetched = parts.scheme in DEFAULT_PORTS and parts.hostname and parts.port != 0
    except ValueError:  # no such host, port or character
        return None
    return safe if is_fetched and len(safe) <= _LONGEST else None


def _straight(path: str, base: str) -> str:
    """Return *path* with as many slashes before its host as there should be; ValueError if none.

    Without a host before it, it is returned as it is.
    """
    scheme = SCHEME.match(path)
    if scheme is None and not path.startswith("//"):
        return path
    named, rest = (scheme[0], path[scheme.end() :]) if scheme else ("", path)
    if not rest.startswith("/") and base.lower().startswith(named.lower()):
        return rest  # `http:story` in a page of the same scheme is `story`
    host = rest.lstrip("/")
    if not host:
        raise ValueError("no host")
    return f"{named}//{host}"


def _safe(url: str, encoding: str) -> str:
    try:
        return safe_url_string(url, "utf-8" if encoding in _NOT_IN_QUERIES else encoding)
    except UnicodeEncodeError:  # browsers send what has no place in the encoding otherwise
        return safe_url_string(url)
