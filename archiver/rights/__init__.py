"""What publishers say of the use of their pages, wherever they say it, and what follows.

`HostFiles` reads what holds for a whole host, `reservation_of` a page and its response, and
`noarchive_in` what has just arrived. Text in, values out: nothing here fetches anything.
"""

from archiver.rights.host import HOST_FILES, HostFiles
from archiver.rights.noarchive import Withheld, noarchive_in
from archiver.rights.reserved import Reservation, reservation_in, reservation_of

__all__ = [
    "HOST_FILES",
    "HostFiles",
    "Reservation",
    "Withheld",
    "noarchive_in",
    "reservation_in",
    "reservation_of",
]
