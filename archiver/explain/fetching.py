"""One page from the web, asked for as a browser would and no more: no cookie, no referrer.

What comes is what crossed the wire, up to a size and a moment, so that it is read as a record
of an archive is. Redirects are followed; to the private network of whoever asks none leads.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import ExitStack
from dataclasses import dataclass
from ipaddress import ip_address
from time import monotonic
from urllib.parse import urljoin, urlsplit

from archiver import __version__
from archiver.errors import ArchiveError
from archiver.head import MAX_HEAD, parse_head
from archiver.reach import is_global
from archiver.urls import DEFAULT_PORTS, normalise_url
from archiver.wire import ResponseReader

SECONDS = 30.0
_MOST_REDIRECTS = 10
_STEP = 64 << 10
_REMEDY = "save the page in a browser, and give the file"


class NotFetched(ArchiveError):
    """A page could not be had from the web."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The response *block* of the page at *url*, where the redirects have led."""

    url: str
    block: bytes


def fetch(url: str, *, most: int, seconds: float = SECONDS) -> Fetched:
    """Return the page at *url*, *most* octets long at most, in as many *seconds*.

    NotFetched where that is not to be had.
    """
    try:
        here = normalise_url(url)
    except ValueError as error:
        raise NotFetched(str(error)) from None
    first, deadline = urlsplit(here).hostname, monotonic() + seconds
    for _ in range(_MOST_REDIRECTS + 1):
        is_first = urlsplit(here).hostname == first
        try:
            block = _exchanged(here, deadline, most=most, may_be_inside=is_first)
        except TimeoutError as error:
            raise NotFetched(f"{here} took more than {seconds:g} seconds: {_REMEDY}") from error
        except socket.gaierror as error:
            raise NotFetched(f"the host of {here} is not known: check the address") from error
        except ssl.SSLCertVerificationError as error:
            problem = f"the certificate of {here} does not hold ({error.verify_message})"
            raise NotFetched(f"{problem}: {_REMEDY}") from error
        except OSError as error:
            problem = error.strerror or type(error).__name__
            raise NotFetched(f"{here} cannot be had ({problem}): {_REMEDY}") from error
        target = _redirected(here, block)
        if target is None:
            return Fetched(here, block)
        here = target
    raise NotFetched(f"{url} leads from one address to the next without end: {_REMEDY}")


def _exchanged(url: str, deadline: float, *, most: int, may_be_inside: bool) -> bytes:
    reader, pieces, size = ResponseReader(), [], 0
    with ExitStack() as stack:
        connection = stack.enter_context(_connected(url, deadline, may_be_inside))
        if url.startswith("https:"):
            context = ssl.create_default_context()
            host = urlsplit(url).hostname
            connection = stack.enter_context(context.wrap_socket(connection, server_hostname=host))
        connection.settimeout(_left(deadline))
        connection.sendall(_request(url))
        while not reader.is_complete:
            connection.settimeout(_left(deadline))
            octets = connection.recv(_STEP)
            if not octets:
                break
            size += len(octets)
            if size > most + MAX_HEAD:
                raise NotFetched(f"{url} is longer than {most} octets: no page is so long")
            pieces.append(reader.feed(octets)[0])
    if reader.head is None:
        raise NotFetched(f"{url} does not answer in HTTP: {_REMEDY}")
    return b"".join(pieces)


def _connected(url: str, deadline: float, may_be_inside: bool) -> socket.socket:
    parts = urlsplit(url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    problem: OSError | None = None
    for _, _, _, _, address in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM):
        place = str(address[0])
        if not may_be_inside and not is_global(ip_address(place)):
            raise NotFetched(f"a redirect leads into a private network, to {url}: it is not taken")
        try:
            return socket.create_connection((place, port), timeout=_left(deadline))
        except TimeoutError:
            raise
        except OSError as error:
            problem = error
    raise problem or OSError("no address")


def _request(url: str) -> bytes:
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    lines = (
        f"GET {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        f"User-Agent: archiver/{__version__}",
        "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
        "Accept-Encoding: gzip",
        "Connection: close",
        "",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def _redirected(url: str, block: bytes) -> str | None:
    """Return where the response *block* of *url* leads, None if it is what was asked for."""
    head = parse_head(block)
    location = head.get(b"location") if head and head.status in (301, 302, 303, 307, 308) else None
    if location is None:
        return None
    written = location.decode("utf-8", "surrogateescape")
    try:
        return normalise_url(urljoin(url, written))
    except ValueError:
        raise NotFetched(f"{url} leads to {written!r}, which is no address of the web") from None


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
