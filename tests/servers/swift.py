"""OpenStack Swift with its s3api: three storage servers and as many proxies as are asked for.

One device, one replica, all on loopback. The timeouts are those of a patient man, so that a busy
machine makes no outage: outages are for tests.servers.faulty.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from tests.servers.programs import PATIENCE, ROOT, free_port, running, script, wait_until_open
from tests.servers.s3 import Missing, S3Server, certified

_STORAGE = ("account", "container", "object")
_PLACES = (tempfile.gettempdir(), "/var/tmp", "/dev/shm")

_SWIFT_CONF = """\
[swift-hash]
swift_hash_path_suffix = archiver
[storage-policy:0]
name = only
default = yes
"""

_DEFAULT = """\
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {folder}
devices = {folder}
mount_check = false
fallocate_reserve = 0
user = {user}
workers = 0
log_level = WARNING
conn_timeout = 20
node_timeout = 60
client_timeout = 600
container_update_timeout = 60
"""

_STORAGE_CONF = """\
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
"""

# Without a cache each request asks for its account and container anew: slower than memcached
# would be, and always true. Ten thousand parts are what Amazon allows.
_PROXY_CONF = """\
{tls}
[pipeline:main]
pipeline = catch_errors gatekeeper s3api tempauth bulk slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
error_suppression_limit = 1000000
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:s3api]
use = egg:swift#s3api
location = {region}
s3_acl = false
max_upload_part_num = 10000
[filter:tempauth]
use = egg:swift#tempauth
user_archive_writer = {secret} .admin
user_archive_reader = {secret}
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
max_manifest_segments = 10000
rate_limit_under_size = 0
"""

_WRITER_KEY, _READER_KEY = "archive:writer", "archive:reader"
_SECRET_KEY = "soft-secret/key+of==swift"
_REGION = "eu-west-3"


def reader_of(server: S3Server) -> S3Server:
    """Return Swift's *server* for one who may read what is public-read, and write nothing."""
    return replace(server, access_key=_READER_KEY)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Storage servers that run; its *folder* has their data, their rings and all logs."""

    folder: Path

    @contextmanager
    def proxy(self, *, tls: bool = False) -> Iterator[S3Server]:
        """Let the data be reached over S3 while the block runs; over https if *tls*."""
        name = "swift-https" if tls else "swift"
        with free_port() as port:
            server = S3Server(
                name=name, endpoint=f"{'https' if tls else 'http'}://127.0.0.1:{port}",
                access_key=_WRITER_KEY, secret_key=_SECRET_KEY, region=_REGION,
                ca=certified(self.folder) if tls else None,
            )  # fmt: skip
            shown = f"cert_file = {server.shown}\nkey_file = {server.shown}" if tls else ""
            conf = _PROXY_CONF.format(tls=shown, region=_REGION, secret=_SECRET_KEY)
            with _swift(self.folder, name, "proxy", port, conf) as serves:
                serves()
                # The port is open before Swift has read its configuration, an answer comes after.
                server.client().list_buckets()
                yield server


@contextmanager
def swift_cluster() -> Iterator[Cluster]:
    """Run Swift's storage servers while the block runs; Missing if they cannot be had here."""
    with tempfile.TemporaryDirectory(prefix="swift-", dir=_place()) as home, ExitStack() as up:
        folder = Path(home)
        (folder / "device").mkdir()
        (folder / "swift.conf").write_text(_SWIFT_CONF)
        ports = [up.enter_context(free_port()) for _ in _STORAGE]
        starting = [
            up.enter_context(_swift(folder, name, name, port, _STORAGE_CONF.format(name=name)))
            for name, port in zip(_STORAGE, ports, strict=True)
        ]
        _write_rings(folder, ports)  # while they start: only the proxies need them
        for serves in starting:
            serves()
        yield Cluster(folder)


def _place() -> str:
    """Return a folder whose files can have extended attributes: Swift keeps metadata there."""
    for place in _PLACES:
        with suppress(OSError, AttributeError), tempfile.NamedTemporaryFile(dir=place) as file:
            os.setxattr(file.name, "user.swift.metadata", b"x" * 1024)
            return place
    raise Missing(
        f"none of {', '.join(_PLACES)} keeps extended attributes (user.*), where Swift has its "
        "metadata: let TMPDIR be on a file system that does, such as ext4, xfs or tmpfs"
    )


@contextmanager
def _swift(
    folder: Path, name: str, kind: str, port: int, conf: str
) -> Iterator[Callable[[], None]]:
    """Start one of Swift's servers; call what is given to wait until its port is open."""
    program = script(f"swift-{kind}-server", "swift")
    user = pwd.getpwuid(os.getuid()).pw_name
    path, log = folder / f"{name}-server.conf", folder / f"{name}-server.log"
    path.write_text(_DEFAULT.format(port=port, folder=folder, user=user) + conf)
    with running([program, str(path), "--verbose"], log) as process:
        yield partial(wait_until_open, process, port, log)


def _write_rings(folder: Path, ports: Sequence[int]) -> None:
    # As a module: run by its path it would find this file where it asks for Swift.
    command = [sys.executable, "-m", "tests.servers.swift_rings", str(folder), *map(str, ports)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, timeout=PATIENCE)
