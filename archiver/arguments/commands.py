"""The commands of `archiver`, and the arguments of each."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from textwrap import dedent

from archiver import __version__
from archiver.arguments.examples import EXAMPLES
from archiver.arguments.values import count, file, folder, port, size

EXTRACTORS = ("archiver", "trafilatura")  # as `archiver.options` has them, which is not instant


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
            epilog=dedent(EXAMPLES[name]),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        complete(command)

    add("check", "prove archives sound, or say where they are not", _check)
    add("extract", "make text files from WARCs alone, whoever wrote them", _extract)
    add("explain", "show why the text of a page is what it is, block by block", _explain)
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
        "--out", type=folder, required=True, metavar="DIR", help="where DIR/<stem>.jsonl.gz go"
    )
    command.add_argument(
        "--workers",
        type=count,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that extract (default: one a processor; 0: none but this one)",
    )
    _add_extractor(command)


def _explain(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "page",
        metavar="PAGE",
        help="an HTML file, an address (https://…), or an archive that has the page of --url",
    )
    command.add_argument(
        "--url", metavar="URL", help="where a file is from, or which page of an archive is meant"
    )
    command.add_argument(
        "--html", type=file, metavar="FILE", help="write the blocks, coloured, into FILE as well"
    )
    command.add_argument(
        "--all", action="store_true", help="show every block, long runs of dropped ones too"
    )
    command.add_argument(
        "--charset",
        metavar="NAME",
        help="the charset that the server declares, which a file does not tell",
    )
    _add_extractor(command)
    _add_settings(command)


def _replay(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    command.add_argument(
        "--port", type=port, metavar="PORT", help="where to serve (default: one that is free)"
    )
    command.add_argument(
        "--no-open", action="store_true", help="do not open the browser, only say where to look"
    )


def _wacz(command: argparse.ArgumentParser) -> None:
    _add_paths(command)
    command.add_argument(
        "-o",
        "--out",
        type=file,
        required=True,
        metavar="FILE",
        help="the WACZ to write; it must end in .wacz and not exist",
    )
    command.add_argument(
        "--title", metavar="TEXT", help="what replayers call it (default: the name of PATH)"
    )
    command.add_argument(
        "--split-size",
        type=size,
        metavar="SIZE",
        help="write FILE-00001.wacz and so on, each with at most SIZE of WARC (10GB, say), and "
        "FILE.json, which opens them together",
    )
    command.add_argument(
        "--sign",
        type=file,
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
        type=count,
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


def _add_extractor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--extractor",
        choices=EXTRACTORS,
        default=EXTRACTORS[0],
        help="who finds the text (default: archiver)",
    )
