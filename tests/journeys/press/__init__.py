"""A local web of newspapers, and of hosts that a crawler has to be wary of, all on loopback.

From the bottom: `prose` writes the stories, `markup` lays pages out, `feeds` and `maps` announce
them. A `sheet` is what stands at one address, a `host` has many; `book` keeps every request and
`server` answers. Each host has a file of its own; `web` puts them together.
"""

from tests.journeys.press.book import Entry
from tests.journeys.press.web import Press

__all__ = ["Entry", "Press"]
