"""A URL as a seed and as a WARC target; the host and the site it names.

Text in, text out: nothing here resolves a name, reads a clock or asks the network.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
AUTHORITY = re.compile(r"//([^/?#]*)")
SPACES = " \t\n\r\f\v"
DEFAULT_PORTS = {"http": 80, "https": 443}


# Targets, hosts and sites

NOT_IN_A_FIELD = re.compile(r"[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000]")
_NOT_IN_A_HOST = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_NOT_VISIBLE_ASCII = re.compile(r"[^!-~]")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


def target_of(url: str) -> str:
    """Return *url* as it stands in WARC-Target-URI.

    Fragment and credentials go, scheme and host become lower case, an international host
    becomes Punycode; blanks and controls, which break header lines, are percent-encoded.
    The rest stays, to the letter, what was requested.
    """
    scheme, authority, rest = _split(url)
    if authority is not None:
        host, port = host_and_port(authority)
        rest = f"//{_ascii_host(host)}{port}{rest}"
    return NOT_IN_A_FIELD.sub(percent, f"{scheme}:{rest}" if scheme else rest)


def host_of(url: str) -> str | None:
    """Return the host of *url*: lower case, Punycode, no port, no brackets, no final dot.

    None where the URL names no host, as in `dns:example.org`.
    """
    host = _ascii_host(host_and_port(_split(url)[1] or "")[0])
    return host.strip("[]").removesuffix(".") or None


def is_http(url: str) -> bool:
    """Say whether *url* is an http or https URL that names a host."""
    return _split(url)[0] in DEFAULT_PORTS and host_of(url) is not None


def site_of(url: str) -> str | None:
    """Return the registrable domain of *url*'s host, by the public suffix list.

    Private suffixes count: two blogs of one blogging host are two sites. A host that is
    below no public suffix, or is one itself (`localhost`, `github.io`), is its own site.
    None for an IP address and where there is no host.
    """
    host = host_of(url)
    # A last label that is a number makes an address, as in `0x7f.1` (WHATWG URL, 3.5).
    if host is None or ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):
        return None
    return _registrable(host)


@lru_cache(4096)
def _registrable(host: str) -> str:
    return _suffixes().extract_str(host).top_domain_under_public_suffix or host


@cache
def _suffixes() -> TLDExtract:
    # Imported when first needed: it takes longer than the rest of a command's start. With
    # neither URLs nor a cache it reads the list that it brings along, and nothing else.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def _split(url: str) -> tuple[str, str | None, str]:
    """Split into scheme (lower case, or empty), authority (None without `//`) and the rest.

    The rest is path and query; surrounding blanks and the fragment are gone.
    """
    text = url.strip(SPACES).partition("#")[0].rstrip(SPACES)
    found = SCHEME.match(text)
    scheme, text = (found[1].lower(), text[found.end() :]) if found else ("", text)
    authority = AUTHORITY.match(text)
    return (scheme, authority[1], text[authority.end() :]) if authority else (scheme, None, text)


def host_and_port(authority: str) -> tuple[str, str]:
    """Split *authority*, less credentials; the host keeps its brackets, the port its colon."""
    address = authority.rpartition("@")[2]
    if address.startswith("["):
        host, bracket, port = address.partition("]")
        return host + bracket, port
    host, colon, port = address.partition(":")
    return host, colon + port


def _ascii_host(host: str) -> str:
    """Return *host* in lower case and, where it is international, as Punycode.

    The mapping is that of UTS 46. The further checks of IDNA 2008 are left out, as browsers
    do, for they refuse names that exist, such as those with an emoji. What cannot be mapped
    to a host is percent-encoded (RFC 3986, 3.2.2).
    """
    if host.isascii():
        return host.lower()
    try:
        mapped = idna.uts46_remap(host, std3_rules=False)
    except idna.IDNAError:
        mapped = ""
    if not mapped or _NOT_IN_A_HOST.search(mapped):
        return _NOT_VISIBLE_ASCII.sub(percent, host).lower()
    return ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
        for label in mapped.split(".")
    ).lower()


def percent(found: re.Match[str]) -> str:
    """Return what was *found* with every octet of its UTF-8 form percent-encoded."""
    return "".join(f"%{octet:02X}" for octet in found[0].encode("utf-8", "surrogateescape"))


# Seeds

_STARTS_WITH_A_HOST = re.compile(
    r"(?: [^/?\#:@]+\.[^/?\#:@]+ | localhost | \[[^/?\#]*\] | [^/?\#:@]+(?=:[0-9]) )"
    r"(?: :[0-9]+ )? (?: [/?\#] | $ )",
    re.VERBOSE,
)
_HOSTNAME = re.compile(r"(?=.{1,253}\.?$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_PORT = re.compile(r"(?::([0-9]{0,5}))?")
# RFC 3986, 2: what is neither reserved nor unreserved; a percent sign stays as it is.
_NOT_IN_A_URL = re.compile(r"[^!#-;=?-Z\[\]_a-z~]")


def normalise_url(url: str) -> str:
    """Return *url*, as a person writes it, in the form in which it is fetched.

    A host alone gets `https://`, a missing path becomes `/`; the host is lower case and
    Punycode, default port and fragment go, what may not stand in a URL is percent-encoded.
    Doing so twice changes nothing. ValueError where it is not an http or https URL, or
    carries credentials, which would end up in the archive.
    """
    text = url.strip()
    if text.startswith("//"):
        text = f"https:{text}"
    elif _STARTS_WITH_A_HOST.match(text):
        text = f"https://{text}"
    scheme, authority, rest = _split(text)
    if scheme and scheme not in DEFAULT_PORTS:
        raise ValueError(f"{url!r} starts with {scheme}: where http: or https: is expected")
    host, port = host_and_port(authority or "")
    if not host:
        raise ValueError(f"{url!r} names no host: write it as https://host/path")
    if "@" in (authority or ""):
        raise ValueError(f"credentials before {host!r} would be archived: remove them")
    address = _checked_host(host) + _checked_port(port, DEFAULT_PORTS[scheme])
    path = rest if rest.startswith("/") else f"/{rest}"
    return f"{scheme}://{address}{_NOT_IN_A_URL.sub(percent, path)}"


def _checked_host(host: str) -> str:
    if host.startswith("["):
        try:
            return f"[{ipaddress.IPv6Address(host.strip('[]'))}]"
        except ValueError:
            raise ValueError(f"{host!r} is not an IPv6 address") from None
    name = _ascii_host(host)
    if not _HOSTNAME.fullmatch(name):
        raise ValueError(f"{host!r} cannot be the name of a host")
    return name


def _checked_port(port: str, default: int) -> str:
    found = _PORT.fullmatch(port)
    number = int(found[1] or default) if found else 0
    if not 1 <= number <= 65535:
        raise ValueError(f"port {port.removeprefix(':')!r} is not a number from 1 to 65535")
    return f":{number}" if number != default else ""
