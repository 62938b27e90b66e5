"""Seeds: where a crawl starts, how it reads that, and how far from it it may go.

A seed list is read whole before anything is fetched, so that a slip in its last line is
found at once and not after a night's crawl.
"""

from __future__ import annotations

import difflib
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, get_args

from archiver.errors import SeedError
from archiver.urls import normalise_url

Kind = Literal["auto", "article", "feed", "sitemap", "front"]
Scope = Literal["page", "prefix", "host", "domain"]

_KINDS: tuple[Kind, ...] = get_args(Kind)
_SCOPES: tuple[Scope, ...] = get_args(Scope)
_KEYS = ("url", "kind", "scope", "label")
_LINE_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|\s)#.*")
_TWO_URLS = re.compile(r"\shttps?:")
_SEED_HEADING = re.compile(r"[ \t]*\[\[[ \t]*seed[ \t]*\]\]")

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """A URL to start from.

    *kind* is what it leads to: one article, a feed, a sitemap, a front or section page, or
    `auto`, to be told from what comes back. *scope* is how far from it a crawl may go: this
    page, URLs that begin with it, its host, its registrable domain; unless a list says it,
    an article's is its page. *label* is a name that people know it by.
    """

    url: str
    kind: Kind = "auto"
    scope: Scope = "domain"
    label: str | None = None


def seed_of_url(url: str) -> Seed:
    """Return the seed that *url* alone makes. SeedError if it is not an http or https URL."""
    try:
        return Seed(url=normalise_url(url))
    except ValueError as error:
        raise SeedError(f"{error}") from error


def read_seeds(path: str) -> list[Seed]:
    """Return the seeds listed in *path*, each URL once, the first time it stands there.

    A `.toml` file holds `[[seed]]` tables with url, kind, scope and label; a `.txt` file,
    and standard input, which `-` means, holds a URL a line and `#` comments. SeedError, with
    file and line, at the first thing that is not a seed, and if there is none at all.
    """
    name, suffix = ("standard input", ".txt") if path == "-" else (path, Path(path).suffix.lower())
    text = _decoded(name, _octets(path))
    if suffix not in (".toml", ".txt"):
        raise SeedError(f"{name} ends neither in .toml nor in .txt: rename it after what it holds")
    seeds: dict[str, Seed] = {}
    for seed in _from_toml(name, text) if suffix == ".toml" else _from_lines(name, text):
        seeds.setdefault(seed.url, seed)
    if not seeds:
        what = "a [[seed]] table with a url" if suffix == ".toml" else "a line with a URL"
        raise SeedError(f"{name} lists no seed: add {what}")
    return list(seeds.values())


def _octets(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise SeedError(f"{path} does not exist: check the name of the seed list") from None
    except IsADirectoryError:
        raise SeedError(f"{path} is a directory: name a seed list in it") from None
    except OSError as error:
        raise SeedError(f"{path} cannot be read: {error.strerror}") from error


def _decoded(name: str, octets: bytes) -> str:
    try:
        return octets.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_END.findall(octets[: error.start].decode("latin-1"))) + 1
        raise SeedError(f"{name}, line {line}: not UTF-8: save the file as UTF-8") from error


def _from_lines(name: str, text: str) -> Iterator[Seed]:
    for number, line in enumerate(_LINE_END.split(text), start=1):
        # A byte-order mark stands at the head of each list where several were joined.
        url = _COMMENT.sub("", line.removeprefix("\ufeff")).strip()
        if _TWO_URLS.search(url):
            raise SeedError(f"{name}, line {number}: {url!r} is more than one URL: one to a line")
        if url:
            yield _checked(f"{name}, line {number}", {"url": url})


def _from_toml(name: str, text: str) -> Iterator[Seed]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{name} is not TOML: {error}") from error
    _refuse_unknown(name, document, ("seed",))
    tables = document.get("seed", [])
    if not isinstance(tables, list):
        raise SeedError(f"{name}: seed is not a list of tables: write [[seed]], in two brackets")
    places = _places(name, text, len(tables))
    for place, table in zip(places, tables, strict=True):
        if not isinstance(table, dict):
            raise SeedError(f"{place}: {table!r} is not a table: write [[seed]] and its url below")
        yield _checked(place, table)


def _places(name: str, text: str, count: int) -> list[str]:
    """Say where each of *count* seeds stands, by line where the headings tell."""
    lines = enumerate(_LINE_END.split(text), start=1)
    headings = [number for number, line in lines if _SEED_HEADING.match(line)]
    if len(headings) != count:
        return [f"{name}, seed {number}" for number in range(1, count + 1)]
    return [f"{name}, line {line}, seed {number}" for number, line in enumerate(headings, start=1)]


def _checked(place: str, table: dict[str, object]) -> Seed:
    """Return the seed that *table* describes. SeedError, naming *place*, if it does not."""
    _refuse_unknown(place, table, _KEYS)
    for key, value in table.items():
        if not isinstance(value, str) or not value.strip():
            raise SeedError(f"{place}: {key} is {value!r} where text in quotes is expected")
    fields = {key: str(value).strip() for key, value in table.items()}
    if "url" not in fields:
        raise SeedError(f'{place}: there is no url: add url = "https://…"')
    try:
        url = normalise_url(fields["url"])
    except ValueError as error:
        raise SeedError(f"{place}: {error}") from error
    kind = _one_of(place, "kind", fields.get("kind", "auto"), _KINDS)
    usual = "page" if kind == "article" else "domain"
    scope = _one_of(place, "scope", fields.get("scope", usual), _SCOPES)
    return Seed(url=url, kind=kind, scope=scope, label=fields.get("label"))


def _one_of(place: str, key: str, value: str, words: tuple[_Word, ...]) -> _Word:
    for word in words:
        if word == value:
            return word
    raise SeedError(
        f"{place}: {key} {value!r} is not one of {', '.join(words)}{_hint(value, words)}"
    )


def _refuse_unknown(place: str, table: Iterable[str], known: tuple[str, ...]) -> None:
    for key in table:
        if key not in known:
            expected = f"{', '.join(known)}{_hint(key, known)}"
            raise SeedError(f"{place}: unknown key {key!r}: expected {expected}")


def _hint(word: str, words: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word.lower(), words, n=1)
    return f"; did you mean {near[0]}?" if near else ""
