"""One visit to one URI, as it crossed the wire, and the visits worth reading.

Values only: nothing here opens a file, reads a clock or draws a random number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from archiver.tape import Tape

Truncation = Literal["length", "time", "disconnect", "unspecified"]

# A page's block that is longer is cut for its extraction: no article comes near, and it lies in
# memory.
MAX_BLOCK = 64 << 20

# What a capture may be that is no page worth reading: it is archived, marked, and gives no text.
# What gives one is told apart in `archiver.extraction.kinds`. A `part` belongs to an article that
# is spread over several pages, a `twin` is one more address of a page that has been read.
PASSED_OVER = frozenset(
    ("front", "listing", "search", "login", "consent", "botwall", "soft404", "other", "part",
     "twin")
)  # fmt: skip
# What of it is worth another visit: new links appear in it, or the page stood behind it.
PASSING = frozenset(("front", "listing", "login", "consent", "botwall"))

# Where the `meta` of a Scrapy request holds what spiders and pipelines tell each other of it:
# the Page that its answer may become,
PAGE_KEY = "archive_page"
# the Location of the last record that was written for it,
PLACE_KEY = "archive_location"
# True where something of it could not be written, so that it must be asked for again,
UNDONE_KEY = "archive_undone"
# the number under which the frontier has handed it out,
LEASE_KEY = "archive_lease"
# of a page's requisite, the id of that page: the UUID of its response record,
REQUISITE_KEY = "archive_requisite_of"
# the host of the seed that led to it, where that may lie on a private network,
HOME_KEY = "archive_home"
# what its host says of rights, as HostRights,
RIGHTS_KEY = "archive_rights"
# the lines of robots.txt, on the host of a seed, that name sitemaps,
SITEMAPS_KEY = "archive_sitemaps"
# the time, in seconds since the epoch, before which its host is to be left in peace,
NOT_BEFORE_KEY = "archive_not_before"
# where something is asked for that has been asked for before, what tells this edition apart,
EDITION_KEY = "archive_edition"
# and the requests whose pages are not finished before the answer to this one is there.
HELD_KEY = "archive_held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One request and what came back, octet for octet, TLS removed.

    *target* has no fragment, no credentials and a lower-case host. *request* is empty where
    nothing was sent. *response* is the final response, interim 1xx answers left out; it is
    empty where nothing arrived, and then *failure* says why. *truncated* names why the
    response is shorter than its sender meant it (WARC 1.1, 5.13). *problem* describes a
    message that breaks HTTP's rules. *protocols* are values of WARC-Protocol, in order;
    *cipher_suite* is the IANA name. *captured_at* is when the visit began. *page_id* is the
    UUID of the page's response record where this is a visit to one of its requisites.
    """

    target: str
    captured_at: datetime
    request: bytes
    response: Tape
    request_id: str
    response_id: str
    ip_address: str | None = None
    protocols: tuple[str, ...] = ("http/1.1",)
    cipher_suite: str | None = None
    truncated: Truncation | None = None
    problem: str | None = None
    failure: str | None = None
    fetch_ms: int = 0
    page_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a record lies: read *length* octets of *filename* from *offset*."""

    filename: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRights:
    """What a host says of the rights in one of its pages; None where nobody looked.

    *robots_allowed* is the verdict of robots.txt (RFC 9309), *ai_txt_allowed* that of ai.txt
    for text; *tdm_reservation* and *tdm_policy* are those of `/.well-known/tdmrep.json`.
    """

    robots_allowed: bool | None = None
    ai_txt_allowed: bool | None = None
    tdm_reservation: int | None = None
    tdm_policy: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A capture that a spider declares worth reading, and how the spider came to it.

    *record_id* is the WARC-Record-ID of its response record, `<urn:uuid:…>`, which lies at
    *location*; `location.filename` is the name that the WARC bears once it is sealed.
    *charset* is what Content-Type declares,
    *url_requested* the URL before redirects, *hops* the number of links from the seed.
    *original* is None for a response; of a revisit it is the record that it refers to.
    *page_type* is what the spider took it for (see `archiver.extraction.kinds`) and *canonical*
    the address that it calls its own. *rights* is what its host says; where
    *is_rights_respected*, a page whose rights are reserved gives no text. *parts* are the
    ids of the records in which the article goes on, in order, if it is spread over several.
    """

    target: str
    captured_at: datetime
    record_id: str
    location: Location
    collection: str | None
    payload_digest: str | None = None
    fetch_ms: int | None = None
    charset: str | None = None
    url_requested: str | None = None
    seed: str | None = None
    via: str | None = None
    hops: int | None = None
    original: str | None = None
    page_type: str | None = None
    canonical: str | None = None
    rights: HostRights | None = None
    is_rights_respected: bool = False
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A response that a collection holds, for later captures to refer to (WARC 1.1, 6.7).

    *date* is its WARC-Date as it is written. *etag* and *last_modified* are the values of these
    fields, in Latin-1, that its server last gave with the payload (RFC 9110, 8.8). *is_page*
    says that it or a revisit of it is a page, whose text, if it has one, is on disk.
    """

    record_id: str
    target: str
    date: str
    payload_digest: str
    location: Location
    status: int
    etag: str | None = None
    last_modified: str | None = None
    is_page: bool = False
