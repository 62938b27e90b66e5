"""What `archiver replay` does: serve what is given until its user has seen enough."""

from __future__ import annotations

import errno
import signal
import webbrowser
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from threading import Thread

from archiver.errors import ArchiveError
from archiver.places import Place
from archiver.replay.editions import Editions
from archiver.replay.routes import Routes
from archiver.replay.server import ReplayServer
from archiver.sources.part import Complain
from archiver.wacz.proof import lies

# The first port that is free; where one of these is, it is the same each time.
_PORTS = (*range(8090, 8100), 0)


class PortTaken(ArchiveError):
    """The port that was asked for cannot be had."""


def run_replay(
    places: Sequence[Place],
    *,
    port: int | None,
    opens_browser: bool,
    say: Callable[[str], None],
    complain: Complain,
) -> int:
    """Show the archive at *places* in a browser until Ctrl-C; return the status to exit with.

    SIGTERM and SIGHUP end it as Ctrl-C does. *port* is that of the server, None any that is
    free. ArchiveError where the archive cannot be read, ReplayWeb.page is not installed or the
    port is taken.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt), closing(Editions(places, complain)) as editions:
        routes = Routes(editions)
        title = editions.latest().title
        with _listening(routes, port, complain) as server:
            address = f"{server.base}/"
            say(f"{title} is at {address} until you press Ctrl-C.")
            if opens_browser:
                _beside(lambda: webbrowser.open(address))
            _beside(lambda: _say_lies(places, editions.say_once))
            server.serve_forever()
    return 0


def _listening(routes: Routes, port: int | None, complain: Complain) -> ReplayServer:
    for number in _PORTS if port is None else (port,):
        try:
            return ReplayServer(routes, number, complain)
        except OSError as error:
            if port is None and error.errno == errno.EADDRINUSE and number:
                continue
            raise PortTaken(
                f"port {number} of this machine cannot be had ({error.strerror}): "
                "name another with --port, or leave it out"
            ) from error
    raise AssertionError("port 0 is any that is free")


def _say_lies(places: Iterable[Place], complain: Complain) -> None:
    """Say which WACZ among *places* hold something else than they say; that takes a while."""
    for place in places:
        if place.suffix == ".wacz":
            try:
                for sentence in lies(place):
                    complain(sentence)
            except (ArchiveError, OSError) as error:
                complain(str(error))


def _beside(work: Callable[[], object]) -> None:
    """Do *work* beside the server; the program ends without waiting for it."""
    Thread(target=work, daemon=True).start()
