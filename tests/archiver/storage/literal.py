"""A server on loopback that answers with literal octets, where no real server can be made to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager

from archiver.storage.access import Access
from tests.wire.server import Servers

KEY, SECRET = "AKIDLITERALEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


class Literal:
    """Answers as the first pattern says that a request's first line has; keeps what was asked."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.requests: list[bytes] = []
        self.port = 0
        self._answers = answers

    async def attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        head = await reader.readuntil(b"\r\n\r\n")
        if b"100-continue" in head:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
        self.requests.append(head + await reader.readexactly(int(length[1]) if length else 0))
        line = head.partition(b"\r\n")[0].decode()
        writer.write(next(a for each, a in self._answers.items() if re.search(each, line)))
        await writer.drain()

    @property
    def lines(self) -> list[str]:
        """The first lines of the requests, without HTTP's version."""
        return [each.partition(b" HTTP")[0].decode() for each in self.requests]

    def access(self, **more: object) -> Access:
        """Return the access to it, as a server that is not Amazon's."""
        return Access(
            endpoint_url=f"http://127.0.0.1:{self.port}",
            access_key_id=KEY,
            secret_access_key=SECRET,
            region="eu-west-1",
            **more,  # type: ignore[arg-type]
        )


@contextmanager
def answering(answers: dict[str, bytes]) -> Iterator[Literal]:
    """Answer each request as the first of *answers* says whose pattern its first line has."""
    literal = Literal(answers)
    with Servers() as servers:
        literal.port = servers.open(literal)
        yield literal


def answer(status: str, body: bytes = b"", *fields: str) -> bytes:
    """Return an answer with *fields* and *body*."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *fields,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


def refusal(status: str, code: str, more: str = "", *fields: str) -> bytes:
    """Return the answer by which S3 refuses with *code*."""
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code>{more}</Error>".encode()
    return answer(status, body, "Content-Type: application/xml", *fields)
