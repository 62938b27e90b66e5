"""Which captures of an index are meant: those that pass a user's filters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from archiver.answers.spans import span_of
from archiver.cdxj import IndexEntry, parse_line
from archiver.errors import SettingError
from archiver.urls import host_of, is_http, target_of

FILTERS = ("url", "host", "mime", "status", "from", "to")

_ANY = "any"
_REVISIT = "warc/revisit"
_STATUS = re.compile(r"[1-9][0-9]{2}")
# A URL may hold a comma; one that another URL follows stands between the two.
_BETWEEN_URLS = re.compile(r",(?=https?://)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The captures whose every property is among those named; None lets every one through.

    *hosts* mean those below them too. A capture without a status, such as a resource, answers
    as one with 200. A revisit repeats what is there and has to be named among the *mimes*.
    *first* and *last* are timestamps.
    """

    prefixes: tuple[str, ...] | None = None
    hosts: frozenset[str] | None = None
    mimes: frozenset[str] | None = None
    statuses: frozenset[int] | None = None
    first: str = "0" * 14
    last: str = "9" * 14

    def of(self, lines: Iterable[bytes]) -> Iterator[IndexEntry]:
        """Yield the entries of those of *lines* that are meant, and of HTTP."""
        for line in lines:
            timestamp = line.partition(b" ")[2][:14].decode("latin-1")
            if self.first <= timestamp <= self.last:
                entry = parse_line(line)
                if self.has(entry):
                    yield entry

    def has(self, entry: IndexEntry) -> bool:
        """Say whether *entry* is meant."""
        status = 200 if entry.status is None else entry.status
        mime = (entry.mime or "").lower()
        return (
            self.first <= entry.timestamp <= self.last
            and (mime != _REVISIT if self.mimes is None else mime in self.mimes)
            and (self.statuses is None or status in self.statuses)
            and (self.prefixes is None or entry.url.startswith(self.prefixes))
            and _is_http(entry.url)
            and (self.hosts is None or _is_below(host_of(entry.url), self.hosts))
        )


def selection_of(filters: Mapping[str, str]) -> Selection:
    """Return what *filters*, by their names in FILTERS, mean. SettingError if they cannot.

    Without any, the HTML documents that were answered with 200 are meant.
    """
    url, host = filters.get("url"), filters.get("host")
    mimes = _listed(filters.get("mime", "text/html"))
    since, until = filters.get("from"), filters.get("to")
    selection = Selection(
        prefixes=tuple(_prefixes(url)) if url else None,
        hosts=frozenset(name.removesuffix(".") for name in _listed(host)) if host else None,
        mimes=None if _ANY in mimes else frozenset(mimes),
        statuses=_statuses(filters.get("status", "200")),
        first=span_of(since, "-a from").first if since else Selection().first,
        last=span_of(until, "-a to").last if until else Selection().last,
    )
    if selection.first > selection.last:
        raise SettingError(f"-a from is {since!r} and -a to is {until!r}: nothing lies between")
    return selection


def _prefixes(text: str) -> Iterator[str]:
    for prefix in _BETWEEN_URLS.split(text.strip()):
        schemes = ("",) if "://" in prefix else ("http://", "https://")
        yield from (target_of(scheme + prefix) for scheme in schemes)


def _statuses(text: str) -> frozenset[int] | None:
    listed = _listed(text)
    if _ANY in listed:
        return None
    if not listed or not all(_STATUS.fullmatch(status) for status in listed):
        raise SettingError(f"-a status is {text!r}: give it numbers such as 200,404, or any")
    return frozenset(map(int, listed))


def _listed(text: str) -> list[str]:
    return [part.strip().lower() for part in text.split(",") if part.strip()]


def _is_http(url: str) -> bool:
    try:
        return is_http(url)
    except UnicodeEncodeError:  # half a character, which JSON can write and no host has
        return False


def _is_below(host: str | None, hosts: frozenset[str]) -> bool:
    """Say whether *host* is one of *hosts*, or below one."""
    labels = (host or "").split(".")
    return any(".".join(labels[start:]) in hosts for start in range(len(labels)))
