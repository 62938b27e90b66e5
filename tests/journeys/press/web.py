"""The press: all of its hosts at addresses of their own, and what is known of their articles."""

from __future__ import annotations

import errno
import re
import socket
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar
from urllib.parse import urlsplit

from tests.journeys.press import brigand
from tests.journeys.press.book import Entry
from tests.journeys.press.host import BEGINNING, Host, Issue, lasting, origin
from tests.journeys.press.hosts import HOSTS
from tests.journeys.press.server import Desk, Server
from tests.journeys.press.sheet import Kind
from tests.servers.names import names

# The hosts are at the addresses of one network. What lies inside is at other addresses of this
# machine, and is no business of a crawl that may visit that network.
NETWORK = "127.0.1.0/24"
_ADDRESS = "127.0.1.{}"
INSIDE = ("127.0.2.1", "127.0.0.1")
# So many times another port is tried where one of the addresses has it taken.
_TRIALS = 20
# What a URL may have that its article does not: marks of trackers and sessions.
_PASSING = re.compile(
    r";jsessionid=[0-9A-F]+|(?<=[?&])(?:utm_[a-z]+|PHPSESSID)=[^&]*(?:&|$)|#.*", re.IGNORECASE
)
_AROUND = re.compile(r"^www\.|(\.example)?\.[a-z]+$")
T = TypeVar("T")


class Press:
    """Answers for all hosts, at one port, until the block ends; *book* has every request.

    What a crawl has to bring home is said by URLs, as the articles' publishers write them.
    """

    def __init__(self) -> None:
        self._desk = Desk()
        self._open = ExitStack()
        self._raised_at = datetime.now(UTC)
        self.port = 0
        self._servers: list[Server] = []
        self._inside: list[Server] = []

    def __enter__(self) -> Self:
        folder = self._open.enter_context(tempfile.TemporaryDirectory())
        with ExitStack() as undone:
            undone.enter_context(self._open)
            self._listen()
            self._open.callback(self._stop)
            for server in (*self._servers, *self._inside):
                server.start()
            self.settings = {
                **names(self.names, Path(folder) / "names.json"),
                "ARCHIVE_PRIVATE_HOSTS": NETWORK,
                "ARCHIVE_OPERATOR": "press@example.org",
                "ARCHIVE_HOST_BUDGET": 120,
                "DOWNLOAD_TIMEOUT": 4,
                "DOWNLOAD_MAXSIZE": 4_000_000,
            }
            undone.pop_all()
        return self

    def __exit__(self, *trace: object) -> None:
        self._open.close()
        assert self._desk.problems == [], "".join(self._desk.problems)

    @property
    def book(self) -> list[Entry]:
        """The requests that have arrived at any host, but for those inside, in their order."""
        return self._desk.book

    @property
    def trespasses(self) -> list[str]:
        """The addresses inside, once for each connection that somebody has made to them."""
        return [each.address for each in self._inside for _ in range(each.connection_count)]

    @property
    def names(self) -> Mapping[str, list[list[str]]]:
        """The answers to questions for each name, as the resolver takes them."""
        found = {server.host.name: [[server.address]] for server in self._servers}
        found[brigand.TWO_FACED].append([INSIDE[0]])
        return {**found, brigand.ADMIN: [[INSIDE[0]]], brigand.INSIDE: [[INSIDE[0]]]}

    @property
    def seeds(self) -> list[str]:
        """The front pages of the newspapers."""
        return [f"{self._at(s)}/" for s in self._servers if s.host.is_seed]

    @property
    def edition(self) -> int:
        """The number of the edition that is out."""
        return self._desk.edition

    @edition.setter
    def edition(self, number: int) -> None:
        self._raised_at = datetime.now(UTC).replace(microsecond=0)
        with self._desk.lock:
            self._desk.edition = number
            for server in self._servers:
                server.issue = server.host.issue(number, self._raised_at)

    @property
    def announced(self) -> set[str]:
        """The articles that a crawl must bring home."""
        return {f"{self._at(s)}{path}" for s in self._servers for path in s.issue.announced}

    @property
    def linked(self) -> set[str]:
        """The articles that nobody announces, and to which some section leads."""
        return {f"{self._at(s)}{path}" for s in self._servers for path in s.issue.linked}

    @property
    def changed(self) -> set[str]:
        """The announced articles that are new in this edition, or not as they were."""
        return {f"{self._at(s)}{path}" for s in self._servers for path in s.issue.changed}

    @property
    def forbidden(self) -> set[str]:
        """The URLs that nobody may ask for."""
        return {f"{self._at(s)}{path}" for s in self._servers for path in s.host.forbidden}

    @property
    def kinds(self) -> dict[str, str]:
        """What announced pages are that are no articles."""
        return self._by_url(lambda host: host.kinds)

    @property
    def rights(self) -> dict[str, Mapping[str, object]]:
        """What text records of articles have to say of the rights in them, by column."""
        return self._by_url(lambda host: host.rights)

    @property
    def marks(self) -> dict[str, tuple[str, ...]]:
        """The sentences that stand in the text of each article, and no other, in this order."""
        return self._by_url(lambda host: host.marks)

    def base(self, name: str) -> str:
        """Return what the URLs of a host begin with, which *name* names in full or in short."""
        return self._at(self._server(name))

    def address(self, name: str) -> str:
        """Return the IP address of a host."""
        return self._server(name).address

    def pages_of(self, name: str) -> dict[str, Kind]:
        """Return the paths of a host that are no endless ones, and what stands at each."""
        sheets = self._server(name).issue.sheets
        return {path: sheet.kind for path, sheet in sheets.items()}

    def requests_of(self, name: str) -> list[Entry]:
        """Return the part of the book that is of one host."""
        host = self._server(name).host.name
        return [entry for entry in self.book if entry.host == host]

    def article_of(self, url: str) -> str | None:
        """Return the article at *url*, by the URL that it is announced by; None if there is none.

        *url* may have parameters of trackers and sessions, and may be that of a twin.
        """
        parts = urlsplit(url)
        target = url.split(parts.netloc, 1)[1]
        plain = f"{parts.scheme}://{parts.netloc.lower()}{_PASSING.sub('', target)}"
        bare = plain.removesuffix("?")
        article = self._twins.get(bare, bare)
        return article if article in self.marks else None

    def _listen(self) -> None:
        """Take a port at all addresses. OSError if none of those tried is free everywhere."""
        for _ in range(_TRIALS):
            try:
                self._bind()
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
                self._release()
        raise OSError(errno.EADDRINUSE, "no port is free at all addresses of the press")

    def _bind(self) -> None:
        with socket.create_server((_ADDRESS.format(1), 0)) as tried:
            self.port = tried.getsockname()[1]
        for place, host in enumerate((make(self.port) for make in HOSTS), start=1):
            issue = host.issue(0, BEGINNING)
            server = Server(host, issue, _ADDRESS.format(place), self.port, self._desk)
            self._servers.append(server)
        inside = Host(name=brigand.ADMIN, issue=lasting(Issue(sheets={})))
        for address in INSIDE:
            desk = Desk()  # a book of its own: what is in it is a trespass
            self._inside.append(Server(inside, Issue(sheets={}), address, self.port, desk))

    def _stop(self) -> None:
        """End all servers at the same time, for each takes a moment."""
        servers = (*self._servers, *self._inside)
        with ThreadPoolExecutor(len(servers)) as pool:
            list(pool.map(Server.stop, servers))

    def _release(self) -> None:
        for server in (*self._servers, *self._inside):
            server.server_close()
        self._servers, self._inside = [], []

    def _server(self, name: str) -> Server:
        (found,) = (s for s in self._servers if name in (s.host.name, _short(s.host.name)))
        return found

    def _at(self, server: Server) -> str:
        return origin(server.host.name, self.port)

    def _by_url(self, told: Callable[[Host], Mapping[str, T]]) -> dict[str, T]:
        return {
            f"{self._at(server)}{path}": value
            for server in self._servers
            for path, value in told(server.host).items()
        }

    @property
    def _twins(self) -> dict[str, str]:
        return {
            twin: f"{self._at(server)}{path}"
            for server in self._servers
            for twin, path in server.host.twins.items()
        }


def _short(name: str) -> str:
    return _AROUND.sub("", name)
