"""The command line: `archiver check`, `archiver extract`, `archiver demo`.

Each command imports what it needs when it runs, so that `--help` is instant. What goes
wrong is said in one sentence on standard error; status 2 means that a command could not do
its work.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import dedent

from archiver import __version__
from archiver.errors import ArchiveError, StoreError

_REFUSED = 2
_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
_PIPE_CLOSED = 141  # the same for SIGPIPE

_EXAMPLES = {
    "check": """
        examples:
          archiver check collections/news
          archiver check --json some.warc.gz > faults.jsonl

        status: 0 all sound, 1 faults were found, 2 something could not be read
        """,
    "extract": """
        examples:
          archiver extract collections/news --out texts
          archiver extract theirs.warc.gz more/ --out texts --workers 4

        status: 0 done, 1 a page failed or a WARC is damaged, 2 something could not be read
        """,
    "demo": """
        examples:
          archiver demo
          archiver demo --store /tmp/archives
          archiver demo --serve

        status: that of the crawl; 1 if its counts are not those of the site
        """,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that *argv*, or else the process's arguments, name; return its status."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        status = run(arguments)
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


def _refuse(sentence: str) -> int:
    _complain(sentence)
    return _REFUSED


def _complain(sentence: str) -> None:
    print(f"archiver: {sentence}", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="archiver",
        description="Look after collections of archived web pages and their text.",
        epilog="Pages are fetched by Scrapy: scrapy crawl article -a url=https://www.example.org/",
    )
    parser.add_argument("--version", action="version", version=f"archiver {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int], summary: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=dedent(_EXAMPLES[name]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(run=run)
        return command

    check = add("check", _check, "prove WARCs and collections sound, or say where they are not")
    _add_paths(check)
    check.add_argument("--json", action="store_true", help="one JSON object a line, for machines")

    extract = add("extract", _extract, "make text files from WARCs alone, whoever wrote them")
    _add_paths(extract)
    extract.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="where DIR/<stem>.jsonl.gz go"
    )
    extract.add_argument(
        "--workers",
        type=_count,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that extract (default: one a processor; 0: none but this one)",
    )

    demo = add("demo", _demo, "crawl a small news site that comes along, and show what it wrote")
    demo.add_argument(
        "--store",
        default="collections",
        metavar="DIR",
        help="write into DIR/demo (default: collections/demo)",
    )
    demo.add_argument(
        "--serve", action="store_true", help="only serve the site, to be looked at in a browser"
    )
    return parser


def _add_paths(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="+",
        type=Path,
        metavar="PATH",
        help="a WARC file, a collection, or a folder of WARC files",
    )


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def _check(arguments: argparse.Namespace) -> int:
    from archiver.check import run_check

    return run_check(arguments.paths, as_json=arguments.json, out=sys.stdout)


def _extract(arguments: argparse.Namespace) -> int:
    from archiver.reextraction import extract_all, find_warcs

    warcs = find_warcs(arguments.paths)
    try:
        tally = extract_all(warcs, arguments.out, workers=arguments.workers, complain=_complain)
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


def _demo(arguments: argparse.Namespace) -> int:
    from archiver.demo.tour import serve, take_tour

    return serve() if arguments.serve else take_tour(arguments.store)
