"""A web address as browsers write it: what `new URL(url).href` is there, less the fragment.

By the URL Standard of the WHATWG, for http and https; text in, text out.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote_to_bytes

import idna

from archiver.urls import DEFAULT_PORTS, SCHEME, host_and_port, percent

_BLANKS = "".join(map(chr, range(0x21)))
_LEFT_OUT = re.compile(r"[\t\n\r]")
_NOT_TEXT = re.compile("[\ud800-\udc7f\udd00-\udfff]")
# The percent-encode sets: what is to be encoded in that part.
_IN_A_USER = re.compile(r"[^!-~]|[\"#<>?`{}^/:;=@\[\]|]")
# Of a bar in a path Chromium alone makes an escape, which the others leave as it is.
_IN_A_PATH = re.compile(r"[^!-~]|[\"#<>?`{}^|]")
_IN_A_QUERY = re.compile(r"[^!-~]|[\"#<>']")
_DOT = re.compile(r"\.|%2e", re.IGNORECASE)
_PORT = re.compile(r"(?::0*([0-9]{0,5}))?")
_NOT_IN_A_DOMAIN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
_NUMBER = re.compile(r"(?P<hex>0x[0-9a-f]*)|[0-9]+")


def browser_url(url: str) -> str:
    """Return *url* as browsers write it, less its fragment.

    It stays as it is where it is neither http nor https, or nothing that a browser could
    open, as with a blank in the host. Doing so twice changes nothing.
    """
    text = _LEFT_OUT.sub("", _NOT_TEXT.sub("\ufffd", url.strip(_BLANKS)))
    found = SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if found is None or scheme not in DEFAULT_PORTS:
        return url
    rest, mark, query = text[found.end() :].partition("#")[0].partition("?")
    authority, _, path = rest.replace("\\", "/").lstrip("/").partition("/")
    user, _, address = authority.rpartition("@")
    host, port = host_and_port(address)
    try:
        address = _host(host) + _port(port, DEFAULT_PORTS[scheme])
    except ValueError:
        return url
    path = _IN_A_PATH.sub(percent, _resolved(path))
    return f"{scheme}://{_user(user)}{address}/{path}{mark}{_IN_A_QUERY.sub(percent, query)}"


def _user(text: str) -> str:
    """Return the name and password of *text* with the sign that ends them, if it has any."""
    name, password = (_IN_A_USER.sub(percent, part) for part in text.partition(":")[::2])
    if not name and not password:
        return ""
    return f"{name}:{password}@" if password else f"{name}@"


def _port(text: str, default: int) -> str:
    found = _PORT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    # Zeros alone are port 0, which is one; nothing at all is the default.
    number = int(found[1] or "0") if text.strip(":") else default
    if number > 65535:
        raise ValueError(text)
    return f":{number}" if number != default else ""


def _resolved(path: str) -> str:
    """Return *path*, which follows the first slash, without dot segments."""
    segments: list[str] = []
    *folders, last = path.split("/")
    for segment in folders:
        dots = _DOT.sub(".", segment)
        if dots == "..":
            del segments[-1:]
        elif dots != ".":
            segments.append(segment)
    dots = _DOT.sub(".", last)
    if dots == "..":
        del segments[-1:]
    return "/".join([*segments, "" if dots in (".", "..") else last])


def _host(host: str) -> str:
    """Return *host* as browsers write it; ValueError if they take it for none."""
    if host.startswith("["):
        return _ipv6(host)
    octets = unquote_to_bytes(host.encode("utf-8", "surrogateescape"))
    domain = _domain(octets.decode("utf-8", "replace"))
    labels = domain.removesuffix(".").split(".")
    return _ipv4(labels) if _NUMBER.fullmatch(labels[-1]) else domain


def _domain(name: str) -> str:
    """Return *name* in lower case and Punycode, mapped as UTS 46 has it."""
    if not name.isascii():
        # IDNAError, which it raises, is a ValueError.
        mapped = idna.uts46_remap(name, std3_rules=False)
        name = ".".join(
            label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
            for label in mapped.split(".")
        )
    if not name or _NOT_IN_A_DOMAIN.search(name):
        raise ValueError(name)
    return name.lower()


def _ipv4(labels: list[str]) -> str:
    """Return the address that *labels* mean, which may be octal, hexadecimal or too few."""
    *numbers, last = map(_number, labels)
    if len(numbers) > 3 or max(numbers, default=0) > 255 or last >= 256 ** (4 - len(numbers)):
        raise ValueError(labels)
    leading = sum(number << (24 - 8 * place) for place, number in enumerate(numbers))
    return str(ipaddress.IPv4Address(leading + last))


def _number(label: str) -> int:
    found = _NUMBER.fullmatch(label)
    if found is None:
        raise ValueError(label)
    if found["hex"]:
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _ipv6(host: str) -> str:
    if not host.endswith("]") or "%" in host:
        raise ValueError(host)
    address = ipaddress.IPv6Address(host[1:-1])
    if address.ipv4_mapped is None:
        return f"[{address}]"
    # Some versions of Python write the end of such an address as one of IPv4.
    number = int(address.ipv4_mapped)
    return f"[::ffff:{number >> 16:x}:{number & 0xFFFF:x}]"
