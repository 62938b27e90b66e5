"""Requests that ask for a page only if it has changed (RFC 9110, 13.1)."""

from __future__ import annotations

from scrapy import Request

from archiver.capture import Original

# Who sends one of these has an idea of his own of what is to come back.
_OWN_TERMS = (
    b"If-None-Match", b"If-Modified-Since", b"If-Match", b"If-Unmodified-Since", b"If-Range",
    b"Range", b"Authorization", b"Cache-Control",
)  # fmt: skip


def may_be_conditional(request: Request) -> bool:
    """Say whether we may put a condition on *request*: a plain GET, on no terms of its own."""
    if request.method != "GET" or request.body:
        return False
    return not any(name in request.headers for name in _OWN_TERMS)


def conditional(request: Request, original: Original) -> Request:
    """Return *request* for the case that *original* is no more what there is."""
    headers = request.headers.copy()
    if original.etag is not None:
        headers[b"If-None-Match"] = original.etag.encode("latin-1")
    if original.last_modified is not None:
        headers[b"If-Modified-Since"] = original.last_modified.encode("latin-1")
    return request.replace(headers=headers)
