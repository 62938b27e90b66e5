"""Where a crawl starts: the seeds that `-a url=` or `-a seeds=` name, and what sets it apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

from archiver.errors import SeedError
from archiver.seeds import Kind, Scope, Seed, read_seeds, seed_of_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    """The *seeds* of a crawl; *job* tells it from others of the same spider."""

    seeds: list[Seed]
    job: str


def starting_of(arguments: dict[str, Any]) -> Starting:
    """Take `url` or `seeds`, and `scope`, out of a spider's *arguments*.

    SeedError unless there is one of the first two, and it can be used. Any: arguments come from
    a command line as text, and from code as anything.
    """
    url, path = arguments.pop("url", None), arguments.pop("seeds", None)
    scope = arguments.pop("scope", None)
    if (url is None) == (path is None):
        raise SeedError("name what to fetch: either -a url=URL or -a seeds=FILE")
    if scope is not None and scope not in get_args(Scope):
        raise SeedError(f"-a scope={scope}: it is one of {', '.join(get_args(Scope))}")
    seeds = read_seeds(path) if path is not None else [seed_of_url(url)]
    job = _job_of(url, path, seeds)
    if scope is not None:
        seeds = [replace(seed, scope=scope) for seed in seeds]
        job = f"{job} scope={scope}"
    return Starting(seeds=seeds, job=job)


def of_kind(seeds: list[Seed], kind: Kind) -> list[Seed]:
    """Return *seeds*, those of which nobody has said what they are being of *kind*."""
    return [replace(seed, kind=kind) if seed.kind == "auto" else seed for seed in seeds]


def _job_of(url: str | None, path: str | None, seeds: list[Seed]) -> str:
    """Return what sets a crawl of *seeds* apart: where they came from, or what they are."""
    if path is None:
        return f"url={url}"
    if path != "-":
        return f"seeds={Path(path).resolve()}"
    # Standard input is another list each time, or the same one again after a stop.
    return "seeds " + " ".join(sorted(seed.url for seed in seeds))
