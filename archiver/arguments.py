"""What the command line takes: the commands, their arguments, and the help for both.

Nothing is opened or imported here that a command needs, so that `--help` is instant.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from archiver import __version__

_EXAMPLES = {
    "check": """
        examples:
          archiver check collections/news
          archiver check news.wacz
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
    "replay": """
        examples:
          archiver replay collections/news
          archiver replay theirs.wacz some.warc.gz --port 8080 --no-open
          archiver replay s3://bucket/prefix/news

        While it runs, http://localhost:PORT/replay?url=URL&ts=TIMESTAMP leads to a page.

        status: 0 it was ended by Ctrl-C, 2 something could not be read
        """,
    "wacz": """
        examples:
          archiver wacz collections/news -o news.wacz
          archiver wacz collections/news -o news.wacz --title "News of 2026" --sign news.pem
          archiver wacz collections/news -o news.wacz --split-size 10GB

        status: 0 done, 1 done but something could not be read, 2 it could not be
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
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def parser() -> argparse.ArgumentParser:
    """Return the parser of `archiver`; its `command` says which one was named."""
    archiver = argparse.ArgumentParser(
        prog="archiver",
        description="Look after collections of archived web pages and their text.",
        epilog="Pages are fetched by Scrapy: scrapy crawl article -a url=https://www.example.org/",
    )
    archiver.add_argument("--version", action="version", version=f"archiver {__version__}")
    commands = archiver.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )

    def add(name: str, summary: str, complete: Callable[[argparse.ArgumentParser], None]) -> None:
        command = commands.add_parser(
            name,
            help=summary,
            description=f"{summary[0].upper()}{summary[1:]}.",
            epilog=dedent(_EXAMPLES[name]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        complete(command)

    add("check", "prove archives sound, or say where they are not", _check)
    add("extract", "make text files from WARCs alone, whoever wrote them", _extract)
    add("replay", "show archived pages in the browser, as they were", _replay)
    add("wacz", "pack archives into one WACZ, to be carried to someone else", _wacz)
    add("sync", "send what crawls into a bucket have left on the local disk", _sync)
    add("demo", "crawl a small news site that comes along, and show what it wrote", _demo)
    return archiver


def _check(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    command.add_argument(
        "--json", action="store_true", help="one JSON object a line, for machines"
    )


def _extract(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    command.add_argument(
        "--out", type=_folder, required=True, metavar="DIR", help="where DIR/<stem>.jsonl.gz go"
    )
    command.add_argument(
        "--workers",
        type=_count,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that extract (default: one a processor; 0: none but this one)",
    )


def _replay(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    command.add_argument(
        "--port", type=_port, metavar="PORT", help="where to serve (default: one that is free)"
    )
    command.add_argument(
        "--no-open", action="store_true", help="do not open the browser, only say where to look"
    )


def _wacz(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    command.add_argument(
        "-o",
        "--out",
        type=_file,
        required=True,
        metavar="FILE",
        help="the WACZ to write; it must end in .wacz and not exist",
    )
    command.add_argument(
        "--title", metavar="TEXT", help="what replayers call it (default: the name of PATH)"
    )
    command.add_argument(
        "--split-size",
        type=_size,
        metavar="SIZE",
        help="write FILE-00001.wacz and so on, each with at most SIZE of WARC (10GB, say), and "
        "FILE.json, which opens them together",
    )
    command.add_argument(
        "--sign",
        type=_file,
        metavar="KEY",
        help="sign it with the P-384 key in the file KEY (PEM), which is made if it is not there",
    )


def _sync(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "collection",
        metavar="COLLECTION",
        help="its name, or its address (s3://bucket/prefix/name)",
    )
    command.add_argument(
        "--wait",
        type=_count,
        metavar="SECONDS",
        help="how long at most (default: ARCHIVE_UPLOAD_WAIT)",
    )
    _add_settings(command)


def _demo(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--store",
        default="collections",
        metavar="DIR",
        help="write into DIR/demo (default: collections/demo)",
    )
    command.add_argument(
        "--serve", action="store_true", help="only serve the site, to be looked at in a browser"
    )


def _add_paths(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a collection, a WACZ, a WARC file, or a folder of them, on a disk or in a bucket "
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


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")
    return int(text)


def _size(text: str) -> int:
    size = _SIZE.fullmatch(text.strip())
    octets = int(float(size[1]) * _UNITS[size[2].lower()]) if size else 0
    if not octets:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 10GB, 500MB or 1000000")
    return octets


def _file(text: str) -> Path:
    if "://" in text:
        raise argparse.ArgumentTypeError("it is written to a local disk: name a file there")
    return Path(text)
