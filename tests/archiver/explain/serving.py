"""A server on loopback that sends the octets it is given, and keeps those that it receives."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass(slots=True)
class Serving:
    """Where the server is, and the requests it got."""

    address: str
    requests: list[bytes] = field(default_factory=list)


@contextmanager
def serving(*answers: bytes, trickles: bytes = b"") -> Iterator[Serving]:
    """Answer one connection after the other with *answers*; then *trickles*, again and again."""
    is_over = Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        served = Serving(f"http://127.0.0.1:{listener.getsockname()[1]}")

        def serve() -> None:
            for answer in answers:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    served.requests.append(connection.recv(64 << 10))
                    connection.sendall(answer.replace(b"ADDRESS", served.address.encode()))
                    while trickles and not is_over.wait(0.02):
                        connection.sendall(trickles)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield served
        finally:
            is_over.set()
            thread.join(timeout=10)


def ok(body: bytes, *fields: str) -> bytes:
    """Return an answer with status 200, *fields* and *body*."""
    head = "".join(f"{line}\r\n" for line in ("HTTP/1.1 200 OK", *fields))
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body
