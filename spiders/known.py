"""What need not be fetched, or read as a page, once more: the collection or this crawl has it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, time, timedelta

from archiver.canonical import canonical_form, is_twin
from archiver.memory import Memory
from archiver.options import Recrawl

_DAY = timedelta(days=1)
_MOST = 100_000  # pages of this crawl that are kept in mind, some 20 MB


class Known:
    """What *memory* knows of the collection, and the pages of this crawl; None knows nothing.

    Where nobody *reads_texts*, a page counts as read that is listed as one.
    """

    def __init__(
        self, memory: Memory | None, recrawl: Recrawl, *, reads_texts: bool = True
    ) -> None:
        self._memory = memory
        self._reads_texts = reads_texts
        self._recrawl = recrawl
        self._pages: OrderedDict[str, str] = OrderedDict()  # by form: that of the first

    def last_read(self, url: str) -> datetime | None:
        """Return when *url* was last visited and read, None if that does not matter."""
        if self._memory is None or self._recrawl == "all":
            return None
        return self._memory.last_read(url, or_listed=not self._reads_texts)

    def is_current(self, last: datetime, changed_at: datetime | None, now: datetime) -> bool:
        """Say whether what was *last* read then is what there is, which *changed_at* some time.

        What changes in the future, by a clock that is wrong, or on some day is asked for again
        once in a day at the most.
        """
        if self._recrawl == "new" or changed_at is None:
            return True
        is_day = changed_at.time() == time.min
        if changed_at > now or (is_day and last.date() == changed_at.date()):
            return now - last < _DAY
        return changed_at <= last

    def has_twin(self, url: str, canonical: str | None) -> bool:
        """Say whether the page at *url*, which calls *canonical* its own address, has been read.

        That is under another URL; if it has not, it counts as read from now on.
        """
        own = canonical_form(url)
        forms = [own]
        if canonical is not None and is_twin(url, canonical):
            forms.append(canonical_form(canonical))
        if any(self._pages.get(form, own) != own for form in forms):
            return True
        # One that was read itself is what the memory knows by both addresses.
        if forms[-1] != own and self.last_read(url) is None and self.last_read(forms[-1]):
            return True
        for form in forms:
            self._pages[form] = own
            self._pages.move_to_end(form)
        while len(self._pages) > _MOST:
            self._pages.popitem(last=False)
        return False

    def close(self) -> None:
        """Let go of the memory."""
        if self._memory is not None:
            self._memory.close()
