"""Programs that serve on loopback for as long as a block of a test runs, and no longer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.servers.s3 import Missing

# So long a server may take to answer on a machine that is busy with something else.
PATIENCE = 60.0
ROOT = Path(__file__).parents[2]
_ENDING = 5.0
_REMEDY = "python -m pip install --constraint constraints.txt --group dev --editable ."


def script(name: str, package: str) -> str:
    """Return the path of the program *name* that *package* installs beside this Python."""
    found = shutil.which(name, path=sysconfig.get_path("scripts"))
    if found is None:
        raise Missing(f"{package} is not installed, which has {name}: {_REMEDY}")
    return found


@contextmanager
def free_port() -> Iterator[int]:
    """Keep a port of 127.0.0.1 free for a server that is to bind it while the block runs.

    With SO_REUSEADDR on both sides a port can be bound twice as long as one alone listens, and
    as it is bound, no other program is given it.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextmanager
def running(command: Sequence[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run *command* while the block does; *log* gets what it says.

    The command is ended with the thread that started it, so that must be one that stays: the
    kernel ties a child to a thread (prctl(2)).
    """
    tethered = str(Path(__file__).with_name("tethered.py"))
    with (
        log.open("ab") as output,
        subprocess.Popen(
            [sys.executable, "-S", "-I", tethered, str(os.getpid()), *command],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        ) as program,
    ):  # fmt: skip
        try:
            yield program
        finally:
            program.terminate()
            try:
                program.wait(_ENDING)
            except subprocess.TimeoutExpired:
                program.kill()


def wait_until_open(program: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return once *program* takes connections on *port*; raise with what its *log* has if not."""
    deadline = time.monotonic() + PATIENCE
    while program.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    said = log.read_text(errors="replace")[-2000:]
    raise RuntimeError(f"{program.args!r} does not serve on port {port}; it said: {said}")
