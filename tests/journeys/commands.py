"""The commands that a user types, each a process of its own, judged by what it leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).parents[2]
# No journey waits longer for one command; on an idle machine most take two seconds.
PATIENCE = 120.0

# What the developer's own shell says about Scrapy is not what the test says.
_ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith("SCRAPY_")
}
_SCRIPTS = Path(sysconfig.get_path("scripts"))

# A server on loopback needs no manners, and what is measured in seconds should not be.
NO_MANNERS = {"AUTOTHROTTLE_ENABLED": False, "DOWNLOAD_DELAY": 0, "ROBOTSTXT_OBEY": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """A command that has ended: its exit status and what it printed."""

    status: int
    stdout: str
    stderr: str

    def log_lines(self, level: str) -> list[str]:
        """Return the lines that Scrapy logged at *level*."""
        return [line for line in self.stderr.splitlines() if f"] {level}: " in line]


def scrapy(*arguments: str, folder: Path = PROJECT) -> Finished:
    """Run `scrapy` with *arguments* in *folder*."""
    return finished(scrapy_command(*arguments), folder)


def archiver(*arguments: str | Path, folder: Path = PROJECT) -> Finished:
    """Run `archiver` with *arguments* in *folder*."""
    return finished([str(_SCRIPTS / "archiver"), *map(str, arguments)], folder)


def cdxj_indexer(*arguments: str | Path) -> Finished:
    """Run `cdxj-indexer`, the judge of our indexes."""
    return finished([str(_SCRIPTS / "cdxj-indexer"), *map(str, arguments)], PROJECT)


def python(*arguments: str | Path, folder: Path) -> Finished:
    """Run a script of the user's own in *folder*."""
    return finished([sys.executable, *map(str, arguments)], folder)


def crawl_command(
    store: Path | str, *arguments: str, spider: str = "article", settings: Mapping[str, object]
) -> list[str]:
    """Return the command that crawls into the collection *news* of *store*.

    *settings* come on top of those for a server on loopback. What does not fit into memory
    lies beside the store.
    """
    given = {
        **NO_MANNERS,
        "ARCHIVE_OPERATOR": "https://tests.example/",
        "ARCHIVE_STORE": store,
        "ARCHIVE_WORK_DIR": f"{store}.work",
        **settings,
    }
    options = [option for pair in given.items() for option in ("-s", "{}={}".format(*pair))]
    return scrapy_command("crawl", spider, *arguments, *options)


def crawl(
    store: Path | str, *arguments: str, spider: str = "article", folder: Path = PROJECT,
    **settings: object,
) -> Finished:  # fmt: skip
    """Crawl into the collection *news* of *store*, as `crawl_command` says."""
    command = crawl_command(store, *arguments, spider=spider, settings=settings)
    return finished(command, folder)


class Running:
    """A command that is running; its log can be read meanwhile."""

    def __init__(
        self, process: subprocess.Popen[bytes], stdout: IO[bytes], stderr: IO[bytes]
    ) -> None:
        self.pid = process.pid
        self._process = process
        self._stdout = stdout
        self._stderr = stderr

    def interrupt(self) -> None:
        """Send what Ctrl-C sends: SIGINT, to the process group."""
        os.killpg(self.pid, signal.SIGINT)

    def terminate(self) -> None:
        """Send what a service manager sends: SIGTERM, to every process of the service."""
        for pid in [self.pid, *self.workers()]:
            os.kill(pid, signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL to the command alone."""
        os.kill(self.pid, signal.SIGKILL)

    def workers(self) -> list[int]:
        """Return the processes that the command has started, as Linux lists them."""
        return [pid for pid, parent in _parents().items() if parent == self.pid]

    def wait_for_log(self, text: str) -> None:
        """Wait until the command has logged *text*."""
        wait_until(lambda: text in _text(self._stderr))

    def end(self) -> Finished:
        """Wait for the command to end."""
        status = self._process.wait(PATIENCE)
        return Finished(status=status, stdout=_text(self._stdout), stderr=_text(self._stderr))


@contextmanager
def started(command: Sequence[str], folder: Path = PROJECT) -> Iterator[Running]:
    """Start *command* in *folder*; it is killed if it is still there when the block ends.

    It is given a process group of its own, as a shell gives one to what is typed into it.
    """
    with (
        tempfile.TemporaryFile() as stdout,
        tempfile.TemporaryFile() as stderr,
        subprocess.Popen(
            command,
            cwd=folder,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        ) as process,
    ):
        running = Running(process, stdout, stderr)
        try:
            yield running
        finally:
            if process.poll() is None:
                running.kill()


def is_running(pid: int) -> bool:
    """Say whether process *pid* is there, and no zombie that nobody has buried yet."""
    return pid in _parents()


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until *condition* is true; AssertionError when that takes half a minute."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come about"
        time.sleep(0.01)


def finished(command: Sequence[str], folder: Path) -> Finished:
    """Run *command* in *folder* to its end."""
    with started(command, folder) as running:
        return running.end()


def scrapy_command(*arguments: str) -> list[str]:
    """Return the command that is `scrapy` with *arguments*."""
    return [sys.executable, "-m", "scrapy", *arguments]


def _parents() -> dict[int, int]:
    """Return the parent of every process but the zombies, by proc_pid_stat(5)."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            state, parent, *_ = path.read_text("utf-8", "replace").rpartition(")")[2].split()
            if state != "Z":
                parents[int(path.parent.name)] = int(parent)
    return parents


def _text(file: IO[bytes]) -> str:
    # The command writes where its own end of the file stands: the place must not be moved.
    return os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode("utf-8", "replace")
