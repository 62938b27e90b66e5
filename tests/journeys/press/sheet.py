"""What stands at one address of a host: the answer to a request, and what sort of thing it is."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Literal

from tests.journeys.site import answer, head

HTML = "text/html; charset=utf-8"

# What an address is for. A *part* is a later page of an article and a *twin* another address of
# one; *rights* are the files that say what may be done. Of a *trap* there is no end, a *rogue*
# means harm, *forbidden* is what robots.txt says no to, *refusal* an answer of the busy.
# *other* is all that belongs to a site and is no article, *missing* what is not there.
Kind = Literal[
    "article", "part", "twin", "front", "feed", "sitemap", "robots", "rights", "trap", "rogue",
    "forbidden", "refusal", "other", "missing",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An answer. One that was *modified* some time has an ETag and can be asked about.

    *poured*, where it is given, sends the whole answer, head and all, in its own way.
    """

    kind: Kind
    body: bytes = b""
    media_type: str = HTML
    status: str = "200 OK"
    fields: tuple[str, ...] = ()
    modified: datetime | None = None
    poured: Callable[[], Iterator[bytes]] | None = None

    def pieces(self, asked: dict[str, str]) -> Iterator[bytes]:
        """Return the answer to a request with the fields *asked*, in pieces."""
        if self.poured is not None:
            return self.poured()
        fields = list(self.fields)
        if self.modified is not None:
            etag = f'"{hashlib.md5(self.body).hexdigest()}"'
            fields += [f"ETag: {etag}", f"Last-Modified: {_http_date(self.modified)}"]
            if _is_known(asked, etag, self.modified):
                return iter([head(*fields, status="304 Not Modified")])
        return iter(answer(self.body, *fields, status=self.status, media_type=self.media_type))


def text(kind: Kind, body: str, media_type: str = "text/plain; charset=utf-8") -> Sheet:
    """Return a sheet with *body*."""
    return Sheet(kind=kind, body=body.encode(), media_type=media_type)


def packed(kind: Kind, body: str) -> Sheet:
    """Return a sheet that is a gzip file of *body*."""
    octets = gzip.compress(body.encode(), 6, mtime=0)
    return Sheet(kind=kind, body=octets, media_type="application/gzip")


def moved(kind: Kind, to: str, status: str = "301 Moved Permanently") -> Sheet:
    """Return a sheet that leads on *to* another address."""
    return Sheet(kind=kind, status=status, fields=(f"Location: {to}",))


def refusal(status: str, *fields: str) -> Sheet:
    """Return the answer of a server that has too much to do."""
    return Sheet(kind="refusal", body=b"<p>Not now.", status=status, fields=fields)


MISSING = Sheet(
    kind="missing",
    body=b"<html><title>Not found</title><h1>404</h1><p>There is nothing at this address.",
    status="404 Not Found",
)
# What every footer links to, of every host.
COLOPHON = {
    "/about": Sheet(kind="other", body=b"<html><title>About us</title><p>We print at night."),
    "/imprint": Sheet(kind="other", body=b"<html><title>Imprint</title><p>Quay Street 4."),
}


def _is_known(asked: dict[str, str], etag: str, modified: datetime) -> bool:
    # Who sends an ETag is answered by it alone (RFC 9110, 13.2.2).
    if "if-none-match" in asked:
        return etag in asked["if-none-match"]
    since = asked.get("if-modified-since")
    return since is not None and modified <= parsedate_to_datetime(since)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
