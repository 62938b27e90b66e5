"""What lies in a collection, read with nothing of ours: json, gzip and warcio."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.wire.warcs import Found, of_type, read_records

FILES_OF_A_STEM = {
    "archive": ".warc.gz",
    "indexes": ".cdxj",
    "pages": ".jsonl",
    "text": ".jsonl.gz",
    "manifests": ".json",
}

Line = dict[str, Any]  # Any: it is JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """A collection: its records in the order of its WARCs, its lines in the order of its stems.

    *index* has the JSON of each index line, with its *key* and *timestamp* among it; *pages*
    have no headers among them.
    """

    folder: Path
    records: Sequence[Found]
    index: Sequence[Line]
    pages: Sequence[Line]
    texts: Sequence[Line]
    manifests: Sequence[Line]
    crawls: Sequence[Line]

    @property
    def responses(self) -> list[Found]:
        """The response records."""
        return of_type(self.records, "response")

    @property
    def fetched(self) -> list[str]:
        """The paths of all responses, in their order."""
        return [path_of(record.get("WARC-Target-URI") or "") for record in self.responses]

    @property
    def paths_of_pages(self) -> list[str]:
        """The paths of all pages, in their order."""
        return [path_of(page["url"]) for page in self.pages]

    @property
    def paths_of_texts(self) -> list[str]:
        """The paths of all texts, in their order."""
        return [path_of(text["url"]) for text in self.texts]


def collected(folder: Path) -> Collected:
    """Read the sealed files of the collection in *folder*."""
    return Collected(
        folder=folder,
        records=read_records(folder / "archive"),
        index=[_index_line(line) for line in lines_of(folder / "indexes", "*.cdxj")],
        pages=[
            page
            for line in lines_of(folder / "pages", "*.jsonl")
            if "format" not in (page := json.loads(line))
        ],
        texts=[json.loads(line) for line in lines_of(folder / "text", "*.jsonl.gz")],
        manifests=_documents(folder / "manifests"),
        crawls=_documents(folder / "crawls"),
    )


def lines_of(folder: Path, pattern: str) -> list[bytes]:
    """Return the lines of all files in *folder* that *pattern* names, gunzipped if need be."""
    octets = [path.read_bytes() for path in sorted(folder.glob(pattern))]
    plain = [gzip.decompress(o) if o.startswith(b"\x1f\x8b") else o for o in octets]
    return [line for file in plain for line in file.splitlines(keepends=True)]


def stems_in(folder: Path) -> dict[str, list[str]]:
    """Return the names, without what follows the stem, in each folder that stems have."""
    return {
        part: sorted(
            path.name.removesuffix(suffix)
            for path in (folder / part).iterdir()
            if path.name.endswith(suffix)
        )
        for part, suffix in FILES_OF_A_STEM.items()
    }


def tree(folder: Path) -> dict[str, bytes | None]:
    """Return everything below *folder*: the octets of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def texts_so_far(folder: Path) -> int:
    """Return how many texts a crawl that is still running has written, sealed or not."""
    counts = {}
    for path in folder.glob("text/*.jsonl.open"):
        with suppress(FileNotFoundError):  # sealed in this very moment
            counts[path.name.removesuffix(".jsonl.open")] = path.read_bytes().count(b"\n")
    for path in folder.glob("manifests/*.json"):
        counts[path.stem] = json.loads(path.read_bytes())["text_count"]
    return sum(counts.values())


def growing(folder: Path) -> list[Path]:
    """Return the files below *folder* that are not sealed."""
    return sorted(folder.rglob("*.open"))


def path_of(url: str) -> str:
    """Return what follows the host in *url*."""
    return "/" + url.split("/", 3)[3]


def _index_line(line: bytes) -> Line:
    key, timestamp, fields = line.decode().split(" ", 2)
    return {"key": key, "timestamp": timestamp, **json.loads(fields)}


def _documents(folder: Path) -> list[Line]:
    """Return the JSON documents in *folder*, but for those that were claimed and never written."""
    octets = [path.read_bytes() for path in sorted(folder.glob("*.json"))]
    return [json.loads(document) for document in octets if document]
