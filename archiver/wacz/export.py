"""Write a source as one WACZ, or as several and the file that lists them.

Every octet goes through one buffer. What is copied is hashed on the way: a WARC that is not
what was sealed stops the export.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import __version__
from archiver.errors import StoreError
from archiver.sources.source import Source
from archiver.wacz.draft import Drafts, NotWritten, Output, ZipWriter
from archiver.wacz.layout import LARGE_INDEX, Entry, Layout, lay_out
from archiver.wacz.package import (
    DIGEST,
    PACKAGE,
    Resource,
    as_created,
    datapackage,
    datapackage_digest,
    hash_of,
)
from archiver.wacz.split import grouped, listing, listing_path, part_path

if TYPE_CHECKING:
    from archiver.wacz.signing import Signer

SOFTWARE = f"archiver/{__version__}"

_READ = 1 << 20


def write_wacz(
    source: Source,
    target: Path,
    *,
    title: str | None,
    split_size: int | None,
    key: Path | None,
    created: datetime,
    say: Callable[[str], None],
    complain: Callable[[str], None],
) -> list[Path]:
    """Write *source* as the WACZ *target*; return the files that were made.

    With a *split_size* it becomes several, of about so many octets of WARC each, and a file
    beside them that lists them. With a *key* each is signed. NotWritten, or what a source
    raises, leaves nothing behind.
    """
    if target.suffix != ".wacz":
        raise NotWritten(f"{target}: a WACZ is known by its ending: name it {target.stem}.wacz")
    title = title or source.title
    export = Export(
        # What came from a command line or a file's name may be no text.
        title=title.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"),
        created=created,
        signer=_signer(key, say) if key else None,
        say=say,
        complain=complain,
    )
    if split_size is None:
        return export.to(source, target)
    return export.to_several(source, target, split_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """How WACZs are written: *say* is told what is done, *complain* what is amiss."""

    title: str
    created: datetime
    signer: Signer | None
    say: Callable[[str], None]
    complain: Callable[[str], None]
    large_index: int = LARGE_INDEX

    def to(self, source: Source, target: Path) -> list[Path]:
        """Write *source* as the WACZ *target*; return what was made."""
        with Drafts() as drafts:
            with drafts.open(target) as output:
                layout = self._write(source, output)
            drafts.publish()
        self._tell(target, layout)
        if not layout.page_count:
            self.complain(f"{target} has no page in it: a replayer finds nothing to begin with")
        return [target]

    def to_several(self, source: Source, target: Path, split_size: int) -> list[Path]:
        """Write *source* as WACZs of about *split_size* octets; return these and their list."""
        groups = grouped(source.parts, split_size)
        paths = [part_path(target, number) for number in range(1, len(groups) + 1)]
        whole = listing_path(target)
        taken = next((path for path in [*paths, whole] if path.exists()), None)
        if taken is not None:
            raise NotWritten(f"{taken} exists already: name another")
        resources: list[Resource] = []
        layouts: list[Layout] = []
        with Drafts() as drafts:
            for path, parts in zip(paths, groups, strict=True):
                with drafts.open(path) as output:
                    layouts.append(self._write(source.of(parts), output))
                    size, sha256 = output.hashed()
                resources.append(Resource(path=path.name, size=size, sha256=sha256))
            with drafts.open(whole) as output:
                output.write(listing(self.title, self.created, SOFTWARE, resources))
            drafts.publish()
        for path, layout in zip(paths, layouts, strict=True):
            self._tell(path, layout)
        self.say(f"{whole}: opens them together; keep it beside them")
        return [*paths, whole]

    def _write(self, source: Source, output: Output) -> Layout:
        with tempfile.TemporaryDirectory(prefix="archiver-") as folder:
            layout = self._laid_out(source, Path(folder))
            if self.signer is not None and source.told:
                raise NotWritten(
                    f"{source.title} is not signed, since something is amiss with it, as has been "
                    "said: `archiver check` says more, or leave --sign out"
                )
            with ZipWriter(output, self.created) as archive:
                resources = [_add(archive, entry) for entry in layout.members]
                package = datapackage(layout.description, resources)
                digest = datapackage_digest(package, self._signed(package))
                archive.add(PACKAGE, len(package), [package])
                archive.add(DIGEST, len(digest), [digest])
        return layout

    def _laid_out(self, source: Source, folder: Path) -> Layout:
        try:
            return lay_out(
                source,
                folder,
                title=self.title,
                created=self.created,
                software=SOFTWARE,
                large_index=self.large_index,
            )
        except OSError as error:
            raise NotWritten(
                f"the index and the pages cannot be laid out in {folder} ({error.strerror}): make "
                "room, or let TMPDIR name another folder"
            ) from error

    def _signed(self, package: bytes) -> dict[str, str] | None:
        if self.signer is None:
            return None
        created = as_created(self.created)
        return self.signer.sign(hash_of(package), created=created, software=SOFTWARE)

    def _tell(self, path: Path, layout: Layout) -> None:
        count = sum(entry.name.startswith("archive/") for entry in layout.members)
        pages = "1 page" if layout.page_count == 1 else f"{layout.page_count} pages"
        self.say(f"{path}: {pages}, {count} WARC file{'' if count == 1 else 's'}")


def _signer(key: Path, say: Callable[[str], None]) -> Signer:
    from archiver.wacz.signing import Signer  # only who signs waits for all of `cryptography`

    return Signer.at(key, say)


def _add(archive: ZipWriter, entry: Entry) -> Resource:
    """Add *entry* and return it with its hash; NotWritten if it is not what it should be."""
    hasher = hashlib.sha256()
    archive.add(entry.name, entry.size, _copied(entry, hasher))
    sha256 = hasher.hexdigest()
    if entry.sha256 not in (None, sha256):
        raise NotWritten(
            f"{entry.shown} is not what was sealed (SHA-256 {sha256}, not {entry.sha256}): run "
            "`archiver check` on it"
        )
    return Resource(path=entry.name, size=entry.size, sha256=sha256)


def _copied(entry: Entry, hasher: hashlib._Hash) -> Iterator[bytes]:
    size = 0
    try:
        with entry.open() as file:
            while octets := file.read(_READ):
                size += len(octets)
                if size > entry.size:
                    break
                hasher.update(octets)
                yield octets
    except OSError as error:
        raise StoreError(f"{entry.shown} cannot be read: {error.strerror}") from error
    if size != entry.size:
        relation = "more" if size > entry.size else f"only {size}"
        raise NotWritten(
            f"{entry.shown} should have {entry.size} octets and has {relation}: run `archiver "
            "check` on it, or wait until it is sealed"
        )
