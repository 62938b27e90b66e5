"""The server of one host: a socket at an address of its own, and a line in the book each time."""

from __future__ import annotations

import select
import socket
import time
import traceback
from collections import Counter
from contextlib import suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

from tests.journeys.press.book import Entry
from tests.journeys.press.host import Host, Issue
from tests.journeys.press.sheet import COLOPHON, MISSING, Sheet

# No socket waits longer for its client.
PATIENCE = 60.0
_LONGEST_LINE = 65_536
_TOO_LONG = Sheet(
    kind="rogue", body=b"Too long.", status="414 URI Too Long", fields=("Connection: close",)
)


class Desk:
    """What the servers of all hosts share: the book, and the numbers of connections."""

    def __init__(self) -> None:
        self.book: list[Entry] = []
        self.edition = 0
        self.problems: list[str] = []
        self.lock = Lock()
        self._connections = 0

    def next_connection(self) -> int:
        """Return the number of a connection that has just been made."""
        with self.lock:
            self._connections += 1
            return self._connections


class Server(ThreadingTCPServer):
    """Answers for *host* at *address* and *port*, from *issue*, between `start` and `stop`.

    *connection_count* is how many connections there have been.
    """

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, host: Host, issue: Issue, address: str, port: int, desk: Desk) -> None:
        super().__init__((address, port), _Handler)
        self.host = host
        self.issue = issue
        self.address = address
        self.desk = desk
        self.connection_count = 0
        self._open: dict[int, socket.socket] = {}
        self._times: Counter[str] = Counter()
        self._thread = Thread(target=self.serve_forever, args=(0.02,), name=host.name)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection, and with them every thread."""
        self.shutdown()
        self._thread.join()
        with self.desk.lock:
            left = list(self._open.values())
        for connection in left:
            _shut(connection)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Remember what went wrong here, which is not the client's to mend."""
        self.desk.problems.append(f"{self.host.name}: {traceback.format_exc()}")

    def enter(self, connection: socket.socket) -> int:
        """Return the number of the *connection* that is open from now on."""
        number = self.desk.next_connection()
        with self.desk.lock:
            self._open[number] = connection
            self.connection_count += 1
        return number

    def leave(self, number: int) -> None:
        """Note that connection *number* has ended."""
        with self.desk.lock:
            del self._open[number]

    def received(
        self, connection: int, line: str, fields: dict[str, str], arrived_at: float
    ) -> tuple[Entry, Sheet]:
        """Enter the request *line* into the book; return what it is to be answered with."""
        method, target = (*line.split(" "), "", "")[:2]
        parts = urlsplit(target)
        with self.desk.lock:
            self._times[target] += 1
            sheet = self._sheet(target, parts.path)
            entry = Entry(
                edition=self.desk.edition,
                host=self.host.name,
                address=self.address,
                url=f"http://{fields.get('host', '')}{target}",
                path=parts.path,
                query=parts.query,
                method=method,
                fields=fields,
                connection=connection,
                connections=sum(1 for each in self._open.values() if not _is_left(each)),
                kind=sheet.kind,
                arrived_at=arrived_at,
            )
            self.desk.book.append(entry)
            refusal = self.host.temper(target, self._times[target], self._times.total())
        return entry, refusal or sheet

    def _sheet(self, target: str, path: str) -> Sheet:
        if not target.startswith("/") or len(target) >= _LONGEST_LINE:
            return _TOO_LONG
        sheets = self.issue.sheets
        # Parameters that a server does not know make no difference to it.
        there = sheets.get(target) or self.host.endless(target) or sheets.get(path)
        return there or COLOPHON.get(path, MISSING)


class _Handler(StreamRequestHandler):
    server: Server
    timeout = PATIENCE

    def handle(self) -> None:
        """Answer request after request until one side closes."""
        number = self.server.enter(self.connection)
        try:
            while self._answered(number):
                pass
        except (ConnectionError, TimeoutError):
            pass  # a client may leave when it likes
        finally:
            self.server.leave(number)

    def finish(self) -> None:
        """Close the connection, whether or not the client has done so."""
        try:
            super().finish()
        except ConnectionError:
            self.rfile.close()

    def _answered(self, number: int) -> bool:
        """Answer a request; say whether there may be another."""
        line = self.rfile.readline(_LONGEST_LINE + 1).decode("latin-1")
        arrived_at = time.monotonic()
        if not line:
            return False
        fields = {}
        while field := self.rfile.readline(_LONGEST_LINE).decode("latin-1").strip():
            name, _, value = field.partition(":")
            fields[name.lower()] = value.strip()
        entry, sheet = self.server.received(number, line.rstrip(), fields, arrived_at)
        closes = False
        for piece in sheet.pieces(fields):
            if not entry.status:
                entry.status = int(piece[9:12])
                closes = b"\r\nConnection: close\r\n" in piece[:1000]
            self.wfile.write(piece)
        entry.ended_at = time.monotonic()
        return not closes


def _is_left(connection: socket.socket) -> bool:
    """Say whether the client has closed *connection*, of which its thread may not know yet."""
    poll = select.poll()
    try:
        poll.register(connection, select.POLLIN)
        return bool(poll.poll(0)) and connection.recv(1, socket.MSG_PEEK) == b""
    except OSError:
        return True


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        connection.shutdown(socket.SHUT_RDWR)
