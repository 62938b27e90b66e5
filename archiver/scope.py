"""Whether a URL lies within the scope of a seed. Text in, text out."""

from __future__ import annotations

import re
from urllib.parse import SplitResult

from archiver.canonical import canonical_parts
from archiver.seeds import Seed
from archiver.urls import site_of

# Dots that a server may take for the way up, though by the URL Standard they are none: set off
# by an escaped slash or backslash, or followed by a parameter, as in `/a/..;/b`.
_SEPARATOR = r"(?:[/\\]|%(?:25)*(?:2f|5c))"
_CLIMBS = re.compile(rf"{_SEPARATOR}(?:\.|%(?:25)*2e){{2}}(?:{_SEPARATOR}|;|\Z)", re.IGNORECASE)


def is_in_scope(url: str, seed: Seed) -> bool:
    """Say whether *url* is in the scope of *seed*. What is no http or https URL never is.

    `page` is the seed's page alone, however its URL is written; `prefix` what begins with the
    seed's URL up to the last slash of its path, so that of `/world/` it is all below, and of
    `/world` all of the host; `host` is its host, and `domain` its registrable domain, which is
    its host where it has none, as an address. Between http and https, and between a host with
    and without `www.`, no scope tells; a port other than the default belongs to the host.
    """
    page, home = canonical_parts(url), canonical_parts(seed.url)
    if page is None or home is None:
        return False
    if seed.scope == "page":
        return page == home
    if seed.scope == "domain" and (site := site_of(f"//{home.netloc}")) is not None:
        return site_of(f"//{page.netloc}") == site
    is_on_host = page.netloc == home.netloc
    return is_on_host and (seed.scope != "prefix" or _is_below(page, home))


def _is_below(page: SplitResult, home: SplitResult) -> bool:
    folder = home.path.rpartition("/")[0]
    # The folder without its last slash is but another way to write it.
    is_below = page.path == folder or page.path.startswith(f"{folder}/")
    return is_below and not _CLIMBS.search(page.path)
