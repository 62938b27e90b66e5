"""The key under which an index files a URL: its sort-friendly form, the SURT.

Text in, text out. The key is the one that the Internet Archive's package `surt` gives, worked
out from what it does; its quirks are kept, since every index in the field has them.
"""

from __future__ import annotations

import re
import socket
from typing import NewType

from archiver.urls import (
    AUTHORITY,
    DEFAULT_PORTS,
    NOT_IN_A_FIELD,
    SCHEME,
    SPACES,
    host_and_port,
    percent,
)

Surt = NewType("Surt", str)

_ESCAPE = re.compile(r"%(?:25)*([0-9a-fA-F]{2})")
_ESCAPED_IN_A_KEY = re.compile(r"[^!\"$&-~]")
_WWW = re.compile(r"www[0-9]*\.")
_SESSIONS_IN_PATH = tuple(
    re.compile(rf"(.*/)\({session}\)/([^?]+\.aspx.*)")
    for session in (r"(?:[a-z]\([0-9a-z]{24}\))+", "[0-9a-z]{24}")
)
_SESSIONS_IN_QUERY = (
    re.compile(r"(.*)jsessionid=[0-9a-z]{32}(?:&(.*))?"),
    re.compile(r"(.*)phpsessid=[0-9a-z]{32}(?:&(.*))?"),
    re.compile(r"(.*)sid=[0-9a-z]{32}(?:&(.*))?"),
    re.compile(r"(.*)aspsessionid[a-z]{8}=[a-z]{24}(?:&(.*))?"),
    # Looks ahead once for each field, lest a long hostile query take quadratic time.
    re.compile(r"((?:.*&)?(?=[^&]*+&cftoken=[^&])[^&]*)cfid=[^&]++&cftoken=[^&]+(?:&(.*))?"),
)


def surt_of(url: str) -> Surt:
    """Return the key under which an index files *url*: `org,example)/path?a&b`.

    Equal to what the Internet Archive's `surt` gives for URIs with a host and for opaque
    ones (`dns:example.org`): the host reversed, less `www`; default port, credentials,
    fragment and session ids dropped; escapes undone until none is left, then made anew;
    path resolved, query sorted, all in lower case. Where `surt` raises, as for a port that
    is no number, the key is the URL with its blanks percent-encoded, as in cdxj-indexer.
    """
    text = url.strip(SPACES).replace("\t", "").replace("\r", "").replace("\n", "")
    if not text.isascii():
        # From here on a character is an octet, as it is in an escape.
        text = text.encode("utf-8", "surrogateescape").decode("latin-1")
    found = SCHEME.match(text)
    scheme = found[1] if found else "http"
    text = text[found.end() if found else 0 :].partition("#")[0]
    if scheme in DEFAULT_PORTS:
        text = "//" + text.lstrip("/")
    authority = AUTHORITY.match(text)
    try:
        host = _host_key(authority[1], DEFAULT_PORTS.get(scheme.lower())) if authority else ""
    except ValueError:
        return Surt(NOT_IN_A_FIELD.sub(percent, url))
    path, _, query = text[authority.end() if authority else 0 :].partition("?")
    path = _path_key(_resolve(_unescape(path)) if host else _unescape(path))
    if query and (query := _query_key(_unescape(query))):
        path = f"{path or '/'}?{query}"
    return Surt(f"{host}){path or '/'}" if host else f"{scheme}:{path}")


def _host_key(authority: str, default_port: int | None) -> str:
    """Return the host's labels from last to first, and the port; ValueError if it is none."""
    host, port = host_and_port(authority)
    port = port.strip(":") or "0"
    if not port.isdigit() or int(port) > 65535:
        raise ValueError(port)
    host = _unescape(host.strip("[]"))
    if not host.isascii():
        host = _idna_2003(host)
    # Quirk: of a run of dots every second one goes.
    host = host.replace("..", ".").strip(".")
    if host and not host.strip("0123456789."):
        host = _dotted_quad(host)
    host = _escape(host)
    if www := _WWW.match(host):
        host = host[www.end() :]
    # Quirk: port 0 counts as none.
    suffix = "" if int(port) in (0, default_port) else f":{int(port)}"
    return host and ",".join(reversed(host.split("."))) + suffix


def _idna_2003(host: str) -> str:
    # Keys are older than IDNA 2008; octets that are not UTF-8 are passed over.
    try:
        return host.encode("latin-1").decode("utf-8", "ignore").encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _dotted_quad(digits: str) -> str:
    """Return the address that an old way of writing it means; `1.515` is 1.0.2.3."""
    if "." not in digits:
        return socket.inet_ntoa((int(digits) % 2**32).to_bytes(4, "big"))
    try:
        return socket.inet_ntoa(socket.inet_aton(digits))
    except OSError:
        return digits


def _path_key(path: str) -> str:
    path = _escape(path)
    if ".aspx" in path:
        path = _without_sessions(path, _SESSIONS_IN_PATH)
    return path.removesuffix("/") if len(path) > 1 else path


def _resolve(path: str) -> str:
    """Drop dot segments and empty ones.

    Quirk: `..` takes away what stands before it, be it an empty segment or another `..`.
    """
    segments: list[str] = []
    for segment in path[1:].split("/"):
        if segment == ".." and segments:
            segments.pop()
        elif segment != ".":
            segments.append(segment)
    return "/" + "/".join(filter(None, segments))


def _query_key(query: str) -> str:
    query = _without_sessions(_escape(query), _SESSIONS_IN_QUERY)
    # By name, then by value: `a=1` comes before `a!=1`, although `!` comes before `=`.
    return "&".join(sorted(query.split("&"), key=lambda field: field.split("=", 1)))


def _without_sessions(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            text = found[1] + (found[2] or "")
    return text


def _unescape(text: str) -> str:
    before = ""
    while "%" in text and text != before:
        before = text
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text


def _escape(text: str) -> str:
    return _ESCAPED_IN_A_KEY.sub(lambda found: f"%{ord(found[0]):02x}", text).lower()
