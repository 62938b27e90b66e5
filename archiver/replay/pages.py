"""The pages that are ours: the one that shows an archive, and that of what is not archived."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template
from urllib.parse import quote, urlencode

from archiver.cdxj import IndexEntry

SITE = files("archiver.replay") / "site"

_LONGEST = 500  # characters of a URL that are shown


def front_page(title: str, source: str) -> bytes:
    """Return the page that shows the archive *title*, whose WACZ has the address *source*."""
    return _fill("front.html", title=escape(title), source=escape(source))


def missing_page(title: str, url: str, near: Sequence[IndexEntry]) -> bytes:
    """Return the page which says that *url* is not in the archive *title*, but *near* is."""
    captures = "".join(
        f'<li><a href="{escape(deep_link(entry.url, entry.timestamp))}">{escape(entry.url)}</a>, '
        f"{_date(entry.timestamp)}</li>\n"
        for entry in near
    )
    listed = f"<p>The nearest captures are:</p>\n<ul>\n{captures}</ul>" if near else ""
    shown = url if len(url) <= _LONGEST else f"{url[:_LONGEST]}…"
    return _fill("missing.html", title=escape(title), url=escape(shown), near=listed)


def deep_link(url: str, timestamp: str) -> str:
    """Return our address of the capture of *url* at *timestamp*."""
    return "/replay?" + urlencode({"url": url, "ts": timestamp}, quote_via=quote, errors="replace")


def shown_at(url: str, timestamp: str) -> str:
    """Return where the page that shows the archive shows that capture."""
    fields = {"view": "pages", "url": url, "ts": timestamp}
    return "/#" + urlencode(fields, quote_via=quote, errors="replace")


def _fill(name: str, **values: str) -> bytes:
    page = Template((SITE / name).read_text("utf-8")).substitute(values)
    return page.encode("utf-8", "replace")


def _date(timestamp: str) -> str:
    """Return a timestamp of 14 digits as people write dates; it is UTC."""
    day, time = timestamp[:8], timestamp[8:14]
    date = f"{day[:4]}-{day[4:6]}-{day[6:]} {time[:2]}:{time[2:4]}:{time[4:]}"
    return f"<time>{escape(date)}</time> UTC"
