"""The command line: what each command of `archiver` does with its arguments.

Each command imports what it needs when it runs, so that `--help` is instant. What goes
wrong is said in one sentence on standard error; status 2 means that a command could not do
its work.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from shutil import get_terminal_size
from typing import TYPE_CHECKING, NoReturn

from archiver.arguments import parser
from archiver.errors import ArchiveError, StoreError

if TYPE_CHECKING:
    from archiver.places import Place

_REFUSED = 2
_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
_PIPE_CLOSED = 141  # the same for SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv*, or else the process's arguments, name; return its status."""
    arguments = parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _end)
    try:
        status = _COMMANDS[arguments.command](arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output wants no more; Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except KeyboardInterrupt:
        return _INTERRUPTED
    except ArchiveError as error:
        return _refuse(str(error))
    except OSError as error:
        subject = f"{error.filename}: " if error.filename else ""
        return _refuse(f"{subject}{error.strerror or error}")
    return status


def _end(number: int, frame: object) -> NoReturn:
    """End the process as an exception does, so that temporary folders go with it."""
    raise SystemExit(128 + number)


def _refuse(sentence: str) -> int:
    _complain(sentence)
    return _REFUSED


def _complain(sentence: str) -> None:
    print(f"archiver: {sentence}", file=sys.stderr)


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _places(arguments: argparse.Namespace) -> list[Place]:
    """Return what the paths of a command mean; the project is asked only about buckets."""
    return _places_of(arguments.paths, arguments)


def _places_of(paths: Sequence[str], arguments: argparse.Namespace) -> list[Place]:
    from archiver.places import places_at
    from archiver.project import given_settings, project_settings

    given = given_settings(arguments.settings)
    return places_at(paths, lambda: project_settings() | given)


def _check(arguments: argparse.Namespace) -> int:
    from archiver.check import run_check

    return run_check(_places(arguments), as_json=arguments.json, out=sys.stdout)


def _extract(arguments: argparse.Namespace) -> int:
    from archiver.options import EXTRACTORS
    from archiver.reextraction import extract_all
    from archiver.warcfiles import find_warcs

    warcs = find_warcs(_places(arguments))
    try:
        tally = extract_all(
            warcs,
            arguments.out,
            workers=arguments.workers,
            complain=_complain,
            function=EXTRACTORS[arguments.extractor],
        )
    except BrokenPipeError:
        raise  # whoever read our complaints has read enough
    except OSError as error:
        raise StoreError(
            f"{arguments.out} cannot be written ({error.strerror}): make room, or name another "
            "folder with --out"
        ) from error
    print(f"{arguments.out}: {tally}")
    if tally.unreadable:
        return _REFUSED
    return 1 if tally.failed or tally.damaged else 0


def _explain(arguments: argparse.Namespace) -> int:
    from archiver.explain.given import page_of
    from archiver.explain.run import run_explain

    page = page_of(
        arguments.page,
        arguments.url,
        lambda name: _places_of([name], arguments)[0],
        charset=arguments.charset,
        now=datetime.now(UTC),
        complain=_complain,
    )
    is_seen = sys.stdout.isatty()
    return run_explain(
        page,
        arguments.extractor,
        html=arguments.html,
        shows_all=arguments.all,
        out=sys.stdout,
        width=get_terminal_size().columns if is_seen else None,
        has_colour=is_seen and not os.environ.get("NO_COLOR"),
    )


def _replay(arguments: argparse.Namespace) -> int:
    from archiver.replay import run_replay

    return run_replay(
        _places(arguments),
        port=arguments.port,
        opens_browser=not arguments.no_open,
        say=_say,
        complain=_complain,
    )


def _wacz(arguments: argparse.Namespace) -> int:
    from archiver.sources import open_source
    from archiver.wacz import write_wacz

    complaints: list[str] = []

    def complain(sentence: str) -> None:
        complaints.append(sentence)
        _complain(sentence)

    with open_source(_places(arguments), complain=complain) as source:
        write_wacz(
            source,
            arguments.out,
            title=arguments.title,
            split_size=arguments.split_size,
            key=arguments.sign,
            created=datetime.now(UTC),
            say=_say,
            complain=complain,
        )
    return 1 if complaints else 0


def _sync(arguments: argparse.Namespace) -> int:
    from archiver.project import given_settings, project_settings
    from archiver.syncing import sync

    given = given_settings(arguments.settings)
    is_done = sync(
        arguments.collection,
        project_settings() | given,
        endpoint=given.get("AWS_ENDPOINT_URL"),
        seconds=arguments.wait,
        say=_say,
        complain=_complain,
    )
    return 0 if is_done else 1


def _demo(arguments: argparse.Namespace) -> int:
    from archiver.demo.tour import serve, take_tour

    return serve() if arguments.serve else take_tour(arguments.store)


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "check": _check,
    "extract": _extract,
    "explain": _explain,
    "replay": _replay,
    "wacz": _wacz,
    "sync": _sync,
    "demo": _demo,
}

if __name__ == "__main__":
    sys.exit(main())
