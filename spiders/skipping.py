"""Requests that need not be made: somebody else makes them, or the collection has their page."""

from __future__ import annotations

from datetime import datetime

from scrapy import Request

from archiver.claims import Claims
from archiver.memory import Memory
from archiver.urls import target_of


class Skipping:
    """What a crawl whose job began at *began_at* leaves to others and to the past.

    *memory* is None unless pages of earlier crawls are to be skipped.
    """

    def __init__(self, claims: Claims, memory: Memory | None, began_at: datetime) -> None:
        self._claims = claims
        self._memory = memory
        self._began_at = began_at

    def why(self, request: Request, key: bytes | None) -> str | None:
        """Return the stat that counts why *request* is not to be made, None if it is.

        *key* is the one that it was seen under. ArchiveError where that cannot be told.
        """
        if request.method != "GET" or request.body:
            return None
        if self._has_page(target_of(request.url)):
            return "archive/recrawl_skipped_count"
        if request.dont_filter or key is None or self._claims.claim(key):
            return None
        return "archive/frontier_elsewhere_count"

    def close(self, now: datetime) -> None:
        """End the claims, which hold on against those who have begun by *now*."""
        if self._memory is not None:
            self._memory.close()
        self._claims.close(now)

    def _has_page(self, url: str) -> bool:
        memory = self._memory
        return memory is not None and memory.has_page(url, before=self._began_at)
