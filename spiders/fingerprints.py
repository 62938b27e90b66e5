"""By what requests are the same: plain ones by the canonical form of their URL."""

from __future__ import annotations

import hashlib

from scrapy import Request
from scrapy.utils.request import RequestFingerprinter

from archiver.canonical import canonical_form


class CanonicalFingerprinter(RequestFingerprinter):
    """Takes addresses of one page for the same, whatever their tracking parameters.

    Only for asking once: what is fetched and archived is the URL as it was found.
    """

    def fingerprint(self, request: Request) -> bytes:
        """Return what is the same for requests that need be made once."""
        if request.method != "GET" or request.body:
            return super().fingerprint(request)
        form = canonical_form(request.url)
        # From http to https, or to the host with www: the same page, and yet to be asked for.
        if any(canonical_form(url) == form for url in request.meta.get("redirect_urls", ())):
            form = f"exactly {request.url}"
        return hashlib.sha1(form.encode("utf-8", "replace")).digest()
