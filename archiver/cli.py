"""The command line: `archiver check`, `extract`, `sync` and `demo`.

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
from typing import TYPE_CHECKING

from archiver import __version__
from archiver.errors import ArchiveError, StoreError

if TYPE_CHECKING:
    from archiver.places import Place

_REFUSED = 2
_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it
_PIPE_CLOSED = 141  # the same for SIGPIPE

_EXAMPLES = {
    "check": """
        examples:
          archiver check collections/news
          archiver check --json some.warc.gz > faults.jsonl
          archiver check s3://bucket/prefix/news -s AWS_REGION_NAME=eu-central-1

        status: 0 all sound, 1 faults were found, 2 something could not be read
        """,
    "extract": """
        examples:
          archiver extract collections/news --out texts
          archiver extract theirs.warc.gz more/ --out texts --workers 4
          archiver extract s3://bucket/prefix/news --out texts

        status: 0 done, 1 a page failed or a WARC is damaged, 2 something could not be read
        """,
    "sync": """
        examples:
          archiver sync news
          archiver sync s3://bucket/prefix/news --wait 3600 -s ARCHIVE_WORK_DIR=/data/work

        status: 0 all is sent, 1 something is left, 2 it could not begin
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
        "--out", type=_folder, required=True, metavar="DIR", help="where DIR/<stem>.jsonl.gz go"
    )
    extract.add_argument(
        "--workers",
        type=_count,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that extract (default: one a processor; 0: none but this one)",
    )

    sync = add("sync", _sync, "send what crawls into a bucket have left on the local disk")
    sync.add_argument(
        "collection",
        metavar="COLLECTION",
        help="its name, or its address (s3://bucket/prefix/name)",
    )
    sync.add_argument(
        "--wait",
        type=_count,
        metavar="SECONDS",
        help="how long at most (default: ARCHIVE_UPLOAD_WAIT)",
    )
    _add_settings(sync)

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
        metavar="PATH",
        help="a WARC file, a collection, or a folder of WARC files, on a disk or in a bucket "
        "(s3://bucket/prefix)",
    )
    _add_settings(command)


def _add_settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-s",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a setting, as scrapy takes it, which says how a bucket is reached; may be repeated "
        "(default: the Scrapy project's in this folder, then what boto3 finds)",
    )


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def _folder(text: str) -> Path:
    if "://" in text:
        raise argparse.ArgumentTypeError("texts are written to a local folder: name one")
    return Path(text)


def _places(arguments: argparse.Namespace) -> list[Place]:
    """Return what the paths of a command mean; the project is asked only about buckets."""
    from archiver.places import places_at
    from archiver.project import given_settings, project_settings

    given = given_settings(arguments.settings)
    return places_at(arguments.paths, lambda: project_settings() | given)


def _check(arguments: argparse.Namespace) -> int:
    from archiver.check import run_check

    return run_check(_places(arguments), as_json=arguments.json, out=sys.stdout)


def _extract(arguments: argparse.Namespace) -> int:
    from archiver.reextraction import extract_all, find_warcs

    warcs = find_warcs(_places(arguments))
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


def _sync(arguments: argparse.Namespace) -> int:
    from archiver.project import given_settings, project_settings
    from archiver.syncing import sync

    given = given_settings(arguments.settings)
    is_done = sync(
        arguments.collection,
        project_settings() | given,
        endpoint=given.get("AWS_ENDPOINT_URL"),
        seconds=arguments.wait,
        say=print,
        complain=_complain,
    )
    return 0 if is_done else 1


def _demo(arguments: argparse.Namespace) -> int:
    from archiver.demo.tour import serve, take_tour

    return serve() if arguments.serve else take_tour(arguments.store)
