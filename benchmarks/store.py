"""What proof costs whoever sends to a bucket, beside boto3's `upload_file`, as ratios.

    python benchmarks/store.py [--server swift] [--load large] [--runs 5] [--folder FOLDER]
    python benchmarks/store.py --quick

The same files go, turn about, to a real server on loopback: 2 GB in one file with its manifest
(large), and 2,000 files of 1 MB, which are 400 stems of five (many). They are sent

    boto3   by `upload_file`, one file after the other, as boto3 comes: 8 MiB parts, ten threads,
            nothing hashed before and nothing asked after. Its client speaks as ours does to such
            a server: path style, checksums when required;
    send    by our bucket's `send`, one after the other: each file is read and compared with its
            SHA-256, sent with digests, and proven equal by what the server then says;
    crawl   as a crawl does it: what lies sealed on the local disk is entered into the outbox,
            sent stem by stem by the sender's threads, each file proven and noted, then removed.

Each time it is a process of its own, which says how long it took from the first file to the last
(neither imports nor the proof that the bucket can be written count), and the most memory it had
by /proc/self/status: what wait4(2) says of a child has the parent's in it. The server and
whoever sends share the machine's cores. `rclone serve s3` reads an object to answer what boto3
does not ask, and gives the MD5 of the whole for one that came in parts, for which we read our
file once more; Swift answers as Amazon does. --folder is where the files and the outbox lie, by
default the system's temporary folder, where the server's always do. It takes 6 GB there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

# The rest is imported by whoever needs it: a process that sends has nothing else in its memory.
if TYPE_CHECKING:
    from archiver.storage import Bucket
    from tests.servers.s3 import S3Server

_MB = 1_000_000
_COLLECTION = "bench"
_FILES = ("archive/{}.warc.gz", "indexes/{}.cdxj", "pages/{}.jsonl", "text/{}.jsonl.gz")
_PATIENCE = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """*stems* stems, each of *files* files of *size* octets and a manifest.

    The manifest is filled up to *size* with blanks if *is_padded*.
    """

    stems: int
    files: int
    size: int
    is_padded: bool

    def __str__(self) -> str:
        count = self.stems * (self.files + self.is_padded)
        return (
            f"{count} files of {self.size / _MB:g} MB" if count > 1 else f"{self.size / _MB:g} MB"
        )


_LOADS = {
    "large": Load(stems=1, files=1, size=2000 * _MB, is_padded=False),
    "many": Load(stems=400, files=4, size=_MB, is_padded=True),
}
_QUICK_LOADS = {
    "large": Load(stems=1, files=1, size=50 * _MB, is_padded=False),
    "many": Load(stems=10, files=4, size=_MB, is_padded=True),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a process says of itself: seconds, those of its CPU, and its largest size in MB."""

    wall: float
    cpu: float
    peak: float


def make(folder: Path, load: Load) -> None:
    """Write the files of *load* below *folder*, by their names in the store."""
    for number in range(load.stems):
        stem = f"{_COLLECTION}-{number:05}"
        names = [file.format(stem) for file in _FILES[: load.files]]
        described = [
            {"path": name, "bytes": load.size, "sha256": _fill(folder / _COLLECTION / name, load)}
            for name in names
        ]
        content = (json.dumps({"stem": stem, "files": described}, indent=1) + "\n").encode()
        path = folder / _COLLECTION / f"manifests/{stem}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.ljust(load.size) if load.is_padded else content)
    os.sync()


def _fill(path: Path, load: Load) -> str:
    """Write random octets to *path*; return their SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hasher, left = hashlib.sha256(), load.size
    with path.open("wb") as file:
        while left:
            octets = os.urandom(min(left, _MB))
            hasher.update(octets)
            file.write(octets)
            left -= len(octets)
    return hasher.hexdigest()


def in_order(folder: Path) -> dict[str, Path]:
    """Return the files below *folder* by their names, stem by stem, each manifest last."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    paths.sort(key=lambda path: (path.name.partition(".")[0], path.parent.name == "manifests"))
    return {path.relative_to(folder).as_posix(): path for path in paths}


def by_boto3(settings: dict[str, str], bucket: str, files: Path, _: Path) -> Callable[[], None]:
    """Return what sends *files* as boto3 alone does."""
    import boto3
    from botocore.config import Config

    client = boto3.client(
        "s3",
        endpoint_url=settings["AWS_ENDPOINT_URL"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
        region_name=settings["AWS_REGION_NAME"],
        config=Config(
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    found = in_order(files)

    def run() -> None:
        for name, path in found.items():
            client.upload_file(str(path), bucket, name)

    return run


def by_send(settings: dict[str, str], bucket: str, files: Path, _: Path) -> Callable[[], None]:
    """Return what sends *files* by one call after the other of our own `send`."""
    ours = _proven_bucket(settings, bucket)
    found = in_order(files)
    digests = {
        f"{_COLLECTION}/{file['path']}": file["sha256"]
        for name, path in found.items()
        if "/manifests/" in name
        for file in json.loads(path.read_bytes())["files"]
    }

    def run() -> None:
        for name, path in found.items():
            ours.send(path, name, sha256=digests.get(name), is_new=True)

    return run


def by_crawl(settings: dict[str, str], bucket: str, files: Path, work: Path) -> Callable[[], None]:
    """Return what sends *files*, as sealed below *work*, as a crawl does."""
    from archiver.dispatch import Dispatch
    from archiver.state import State
    from archiver.storage import LocalStore

    ours = _proven_bucket(settings, bucket)
    state = State(work, f"s3://{bucket}", _COLLECTION, settings["AWS_ENDPOINT_URL"])
    state.make()
    local = LocalStore(state.root)
    for name, path in in_order(files).items():
        draft = state.folder / "draft"
        os.link(path, draft)  # sealed files are removed, and these are for the next run too
        local.put(draft, name)

    def run() -> None:
        dispatch = Dispatch(state, _COLLECTION, ours, is_kept=False)
        dispatch.sender.start()
        is_all_sent = dispatch.sender.drained(_PATIENCE)
        dispatch.close()
        assert is_all_sent, dispatch.sender.left

    return run


def _proven_bucket(settings: dict[str, str], bucket: str) -> Bucket:
    from archiver.storage import access_from, open_bucket

    ours = open_bucket(f"s3://{bucket}", access_from(settings))
    ours.prove_writable(_COLLECTION)
    return ours


_KINDS = {"boto3": by_boto3, "send": by_send, "crawl": by_crawl}


def measured(run: Callable[[], None]) -> Run:
    """Return what *run* took of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    status = Path("/proc/self/status").read_text()
    peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    assert peak is not None
    return Run(wall=wall, cpu=cpu, peak=int(peak[1]) * 1024 / _MB)


def in_process(kind: str, server: S3Server, files: Path, folder: Path) -> Run:
    """Let a process send *files* to a new bucket of *server*, and prove that they are there."""
    bucket = server.bucket()
    command = [sys.executable, __file__, "--one", kind, bucket, str(files)]
    with tempfile.TemporaryDirectory(dir=folder) as work:
        os.sync()  # what the one before has written is written out at his expense
        done = subprocess.run(
            [*command, work], input=json.dumps(server.settings()), check=True, text=True,
            stdout=subprocess.PIPE, timeout=_PATIENCE,
        )  # fmt: skip
    _empty(server.client(), bucket, in_order(files))
    return Run(**json.loads(done.stdout))


def _empty(client: Any, bucket: str, files: dict[str, Path]) -> None:  # Any: boto3's client
    """Remove *bucket*, which must hold *files*, as far as their sizes show."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    held = {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", ())}
    assert held == {name: path.stat().st_size for name, path in files.items()}
    for key in held:
        client.delete_object(Bucket=bucket, Key=key)
    client.delete_bucket(Bucket=bucket)


@contextmanager
def serving(name: str) -> Iterator[S3Server]:
    """Run the server *name*."""
    from tests.servers.rclone import rclone_server
    from tests.servers.swift import swift_cluster

    if name == "rclone":
        with rclone_server() as server:
            yield server
    else:
        with swift_cluster() as cluster, cluster.proxy() as server:
            yield server


def compare(server: S3Server, load: Load, runs: int, folder: Path) -> None:
    """Send *load* in each way turn about, and print the ratios."""
    found: dict[str, list[Run]] = {kind: [] for kind in _KINDS}
    with tempfile.TemporaryDirectory(dir=folder) as files:
        make(Path(files), load)
        octets = sum(path.stat().st_size for path in in_order(Path(files)).values())
        for turn in range(runs + 1):
            for kind, measured in found.items():
                run = in_process(kind, server, Path(files), folder)
                if turn:  # the first turn warms server and disk cache and is not counted
                    measured.append(run)
    report(f"{load} to {server.name}", octets, found)


def report(title: str, octets: int, found: dict[str, list[Run]]) -> None:
    """Print a line for each way, and for each of ours the ratio to boto3 in the same turn."""
    print(title)
    for kind, runs in found.items():
        rate = octets / _MB / statistics.median(run.wall for run in runs)
        print(f"  {kind:<6} {rate:6.0f} MB/s, peak memory {_spread([r.peak for r in runs], 0)} MB")
    for kind in ("send", "crawl"):
        pairs = list(zip(found[kind], found["boto3"], strict=True))
        throughput = [boto3.wall / ours.wall for ours, boto3 in pairs]
        cpu = [ours.cpu / boto3.cpu for ours, boto3 in pairs]
        print(f"  {kind} / boto3, throughput: {_spread(throughput, 2)}; CPU: {_spread(cpu, 2)}")


def _spread(values: list[float], digits: int) -> str:
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:.{digits}f} (from {low:.{digits}f} to {high:.{digits}f})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", choices=("rclone", "swift"), default="rclone")
    parser.add_argument("--load", choices=tuple(_LOADS), help="one of the two alone")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--quick", action="store_true", help="50 MB each: to see that it works")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        kind, bucket, files, work = arguments.one
        run = _KINDS[kind](json.load(sys.stdin), bucket, Path(files), Path(work))
        print(json.dumps(asdict(measured(run))))
        return
    loads = _QUICK_LOADS if arguments.quick else _LOADS
    with (
        tempfile.TemporaryDirectory(dir=arguments.folder) as folder,
        serving(arguments.server) as server,
    ):
        for name in (arguments.load,) if arguments.load else loads:
            compare(server, loads[name], arguments.runs, Path(folder))


if __name__ == "__main__":
    main()
