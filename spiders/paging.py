"""Articles that are spread over several pages: fetched one by one, and one page in the end.

The first page waits for the others. The requests for them hold those that came before, so that no
WARC is sealed meanwhile; since such requests cannot be written down, whatever stops the crawl
has the callback of the first page run again, and the archive answers for what is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scrapy import Request
from scrapy.http import Response

from archiver.capture import HELD_KEY, PASSED_OVER, Page
from archiver.prospect import Prospect
from archiver.series import is_part
from archiver.urls import host_of
from spiders.leads import Way
from spiders.pages import page_of

_MOST_PARTS = 50
_LONGEST = 2000  # characters; a request for a longer URL may be dropped, and the article with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An article as far as it has come: its *first* page, which knows the parts that follow."""

    way: Way
    first: Page
    held: tuple[Request, ...]

    @property
    def next_number(self) -> int:
        """The number of the page that comes next; the first has 1."""
        return len(self.first.parts) + 2


# Makes the request for a further page, which goes on with the series when it is answered.
Ask = Callable[[str, Series], Request]


def begun(
    page: Page, prospect: Prospect, response: Response, way: Way, ask: Ask
) -> Iterator[Page | Request]:
    """Yield *page*, or a request for what follows it in the same article."""
    assert response.request is not None
    if page.page_type in PASSED_OVER or page.original is not None:
        yield page
        return
    series = Series(way=way, first=page, held=(response.request,))
    yield _onward(series, prospect, response.url, ask)


def went_on(
    series: Series, prospect: Prospect, response: Response, ask: Ask
) -> Iterator[Page | Request]:
    """Yield what *response*, the next page of *series*, comes to: a mark, and what begun does."""
    part = page_of(response, seed=series.way.seed)
    if part is None or response.status != 200 or not prospect.is_page:
        yield series.first
        return
    assert response.request is not None
    yield replace(part, page_type="part")
    series = replace(
        series,
        first=replace(series.first, parts=(*series.first.parts, part.record_id)),
        held=(*series.held, response.request),
    )
    yield _onward(series, prospect, response.url, ask)


def _onward(series: Series, prospect: Prospect, url: str, ask: Ask) -> Page | Request:
    following = prospect.links.following if prospect.links is not None else None
    is_next = (
        following is not None
        and series.next_number <= _MOST_PARTS
        and len(following) <= _LONGEST
        and host_of(following) == host_of(url)
        and is_part(following, series.first.target, series.next_number)
    )
    if following is None or not is_next:
        return series.first
    request = ask(following, series)
    request.meta[HELD_KEY] = series.held
    return request
