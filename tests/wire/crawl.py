"""One real crawl over all the cases: servers here, Scrapy in a process of its own."""

from __future__ import annotations

import base64
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import trustme

from tests.wire.case import Case
from tests.wire.proxies import ConnectProxy, ForwardProxy
from tests.wire.script import PLAIN, Answer, End, whole
from tests.wire.server import Exchange, Servers, Stage

_PROJECT = Path(__file__).parents[2]
_SPIDER = Path(__file__).with_name("spider.py")
# The longest case waits five seconds for a grace to end; the rest is start-up on a busy machine.
_PATIENCE = 100.0

_OPENED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_SLOWLY = (b"HTTP/1.0 200", b" Fine\r\nProxy-Agent: ours", b"\r\n\r", b"\n")
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
_WANTED = b'HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
# What a server that knows no TLS says to a ClientHello.
_NO_TLS = Answer(
    steps=(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", End.CLOSE),
    block=None,
    first=True,
)
_CLOSING = whole(*PLAIN.steps, End.CLOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A case as it was played: its addresses, and what crossed the wire at the far end."""

    origin: str
    exchanges: Sequence[Exchange]
    proxy: str | None = None
    tunnel_requests: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """A finished crawl: what was played, what the spider was given, and Scrapy's log.

    *outcomes* has a list for each case: the first visit's and its probes'.
    """

    played: Mapping[str, Played]
    outcomes: Mapping[str, list[dict[str, Any]]]
    log: str


class Theatre:
    """All the servers of one crawl, and the process that visits them; both end with it."""

    def __init__(self, cases: Iterable[Case], folder: Path) -> None:
        self._folder = folder
        self._closing = ExitStack()
        self._servers = self._closing.enter_context(Servers())
        authority = trustme.CA()
        certificate = authority.issue_cert("localhost", "127.0.0.1")
        self._tls = {
            "tls-1.2": _tls(certificate, ssl.TLSVersion.TLSv1_2),
            "tls-1.3": _tls(certificate, ssl.TLSVersion.TLSv1_3),
        }
        self.played = {case.name: self._stage(case) for case in cases}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._closing.close()

    def start(self, settings: Mapping[str, str], *, environment: Mapping[str, str]) -> None:
        """Start the crawl from the project's folder, with Scrapy's *settings* as given."""
        self._folder.mkdir(parents=True, exist_ok=True)
        plan = {
            name: {"origin": played.origin, "proxy": played.proxy}
            for name, played in self.played.items()
        }
        plan_path = self._folder / "plan.json"
        plan_path.write_text(json.dumps(plan), encoding="utf-8")
        command = [sys.executable, "-m", "scrapy", "runspider", str(_SPIDER)]
        command += [f"--set={name}={value}" for name, value in settings.items()]
        command += ["-a", f"plan={plan_path}", "-a", f"report={self._folder / 'report.jsonl'}"]
        with (self._folder / "log.txt").open("wb") as log:
            self._process = self._closing.enter_context(
                subprocess.Popen(
                    command,
                    cwd=_PROJECT,
                    env={**os.environ, "PYTHONPATH": str(_PROJECT), **environment},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )
        self._closing.callback(self._process.kill)

    def finish(self) -> Crawl:
        """Wait for the crawl to end and return what there is to know of it."""
        status = self._process.wait(_PATIENCE)
        log = (self._folder / "log.txt").read_text("utf-8", errors="replace")
        assert status == 0, f"the crawl ended with status {status}\n{log[-4000:]}"
        outcomes: dict[str, list[dict[str, Any]]] = {name: [] for name in self.played}
        for line in (self._folder / "report.jsonl").read_text("utf-8").splitlines():
            outcome = json.loads(line)
            if "body" in outcome:
                outcome["body"] = base64.b64decode(outcome["body"])
            outcomes[outcome.pop("name")].append(outcome)
        return Crawl(played=self.played, outcomes=outcomes, log=log)

    def _stage(self, case: Case) -> Played:
        """Open what the case's route needs, and return where the spider finds it."""
        match case.route:
            case "ipv6":
                return self._direct(case, host="::1")
            case "no-listener":
                return Played(origin=f"http://127.0.0.1:{self._silent_port()}", exchanges=())
            case "no-tls":
                port = self._servers.open(Stage([_NO_TLS], epilogue=_NO_TLS))
                return Played(origin=f"https://127.0.0.1:{port}", exchanges=())
            case "forward" | "forward-with-credentials":
                return self._forwarded(case)
            case "plain" | "tls-1.2" | "tls-1.3":
                return self._direct(case)
            case _:
                return self._tunnelled(case)

    def _direct(self, case: Case, host: str = "127.0.0.1") -> Played:
        stage = Stage(case.answers)
        tls = self._tls.get(case.route)
        port = self._servers.open(stage, host=host, tls=tls)
        origin = f"https://localhost:{port}" if tls else f"http://{_bracketed(host)}:{port}"
        return Played(origin=origin, exchanges=stage.exchanges)

    def _forwarded(self, case: Case) -> Played:
        origin = self._servers.open(Stage(case.answers, epilogue=_CLOSING))
        proxy = ForwardProxy()
        port = self._servers.open(proxy)
        return Played(
            origin=f"http://127.0.0.1:{origin}",
            exchanges=proxy.exchanges,
            proxy=f"http://{_credentials(case)}127.0.0.1:{port}",
        )

    def _tunnelled(self, case: Case) -> Played:
        stage = Stage(case.answers)
        origin = self._servers.open(stage, tls=self._tls["tls-1.3"])
        proxy = {
            "tunnel-slow": ConnectProxy(*_SLOWLY),
            "tunnel-403": ConnectProxy(_FORBIDDEN, refuses=True),
            "tunnel-407": ConnectProxy(_WANTED, refuses=True),
        }.get(case.route, ConnectProxy(_OPENED))
        port = self._servers.open(proxy)
        return Played(
            origin=f"https://127.0.0.1:{origin}",
            exchanges=stage.exchanges,
            proxy=f"http://{_credentials(case)}127.0.0.1:{port}",
            tunnel_requests=proxy.received,
        )

    def _silent_port(self) -> int:
        """Return a port that is taken and on which nobody listens."""
        taken = self._closing.enter_context(socket.socket())
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def has_ipv6() -> bool:
    """Say whether a server can listen on `::1` here."""
    if not socket.has_ipv6:
        return False
    with socket.socket(socket.AF_INET6) as trial:
        try:
            trial.bind(("::1", 0))
        except OSError:
            return False
        return True


def _tls(certificate: trustme.LeafCert, version: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.minimum_version = context.maximum_version = version
    # One suite, so that a test can name it; TLS 1.3 suites are not set by this.
    context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
    return context


def _credentials(case: Case) -> str:
    return "Ada:secret@" if case.route.endswith("-with-credentials") else ""


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
