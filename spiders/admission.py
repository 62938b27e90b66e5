"""Which leads a crawl goes on to: those in scope that are no trap, affordable, and not known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from scrapy.statscollectors import StatsCollector

from archiver.canonical import canonical_form
from archiver.scope import is_in_scope
from archiver.seeds import Seed
from archiver.traps import Budget, Queries, trap_of
from archiver.urls import host_of
from spiders.known import Known
from spiders.leads import Lead, Way

# What is asked for again in each crawl: it may have something new to say.
_ALWAYS = ("seed", "feed", "sitemap", "robots")


# How many leads, and of how many what became of them, are kept in mind.
_MOST = 400_000
# How often a page is asked for that did not come, in as many rounds.
_MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """That a lead is to be followed; *edition* sets it apart from what was read before."""

    edition: str | None = None


class Admission:
    """Says of each lead whether it is followed, and counts what is not.

    *seeds* are those of the crawl by their URLs. *host_budget* is how many requests of a day go
    to one host (0: any number). Where it *asks_again*, pages that are known are asked for all
    the same, on condition that they have changed.
    """

    def __init__(
        self, known: Known, stats: StatsCollector, seeds: Mapping[str, Seed], *,
        host_budget: int, asks_again: bool,
    ) -> None:  # fmt: skip
        self._known = known
        self._stats = stats
        self._seeds = seeds
        self._host_budget = host_budget
        self._asks_again = asks_again
        self._asked = _Recent()
        self._failed: dict[str, str] = {}  # by canonical form: the edition to ask for next
        self._renew(datetime.now(UTC).date())

    def admitted(self, lead: Lead, way: Way, now: datetime) -> Admitted | None:
        """Return how *lead*, found by *way*, is to be followed; None where it is not."""
        if now.date() != self._today:
            self._renew(now.date())
        # The links of a site's menu are in each of its pages.
        if self._asked.has_or_note((lead, way.seed, way.home, way.round)):
            return None
        host = host_of(lead.url) or ""
        if self._budget.is_spent(host):  # asked first: it costs least, where links are endless
            self._stats.inc_value("archive/over_budget_count")
            return None
        if not self._is_in_scope(lead, way):
            self._stats.inc_value("archive/out_of_scope_count")
            return None
        if not lead.is_announced and (reason := self._trap_of(lead.url)) is not None:
            self._stats.inc_value(f"archive/trap_count/{reason.replace(' ', '_')}")
            return None
        edition, last = way.round, None
        if lead.role not in _ALWAYS and not self._asks_again:
            last = self._known.last_read(lead.url)
        if last is not None:
            if self._known.is_current(last, lead.changed_at, now):
                self._stats.inc_value("archive/known_count")
                return None
            edition = last.isoformat()
        elif lead.role == "page":
            # In whatever round it is found, once is enough, unless it did not come.
            edition = self._failed.get(canonical_form(lead.url))
        if self._asked.has_or_note((canonical_form(lead.url), edition)):
            return None
        self._budget.spend(host)
        return Admitted(edition=edition)

    def note_failed(self, url: str) -> None:
        """Let *url*, a page that did not come, be asked for in another round, a few times."""
        form = canonical_form(url)
        tries = int((self._failed.get(form) or "try 1")[len("try ") :]) + 1
        if tries <= _MOST_TRIES:
            self._failed[form] = f"try {tries}"

    def _is_in_scope(self, lead: Lead, way: Way) -> bool:
        seed = self._seeds.get(way.seed) or Seed(url=way.seed)
        if lead.is_anywhere and seed.scope == "domain":
            return True
        homes = [seed.url] if way.home is None else [seed.url, way.home]
        return any(is_in_scope(lead.url, replace(seed, url=home)) for home in homes)

    def _trap_of(self, url: str) -> str | None:
        trap = trap_of(url, today=self._today)
        return trap or (None if self._queries.admits(url) else "queries")

    def _renew(self, today: date) -> None:
        self._today = today
        self._budget = Budget(self._host_budget)
        self._queries = Queries()


class _Recent:
    """The last of what has been asked about, by hashes."""

    def __init__(self) -> None:
        self._hashes: OrderedDict[int, None] = OrderedDict()

    def has_or_note(self, asked: Hashable) -> bool:
        """Say whether *asked* was asked about lately; if not, it is now."""
        key = hash(asked)
        has = key in self._hashes
        self._hashes[key] = None
        self._hashes.move_to_end(key)
        if len(self._hashes) > _MOST:
            self._hashes.popitem(last=False)
        return has
