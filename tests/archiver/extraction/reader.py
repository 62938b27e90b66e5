"""A process that reads pages with bounded memory, for pages that mean harm.

It takes the name of a file a line and answers each with a line: nothing, or how long the
article's text is.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path
from select import select
from typing import Self

from archiver.extraction import extract_html

ROOT = Path(__file__).parents[3]
ROOM = 1 << 30  # octets above what the process takes before it has read a page
PATIENCE = 60.0  # seconds; a safeguard against what never ends, and no measure of speed


class Reader:
    """The process, to ask for one page after the other."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.archiver.extraction.reader"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, text=True, bufsize=1, cwd=ROOT
        )

    def read(self, path: Path) -> str:
        """Return the answer for the page at *path*. TimeoutError when there is none in time."""
        assert self._process.stdin
        assert self._process.stdout
        print(path, file=self._process.stdin)
        if not select([self._process.stdout], [], [], PATIENCE)[0]:
            self._process.kill()
            raise TimeoutError(path.name)
        return self._process.stdout.readline()

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.kill()
        self._process.communicate()


def main() -> None:
    """Read pages until there are no more names."""
    extract_html(b"<p>" + b"The ferry came back on Friday. " * 20)  # loads the models
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + ROOM
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for line in sys.stdin:
        article = extract_html(Path(line.strip()).read_bytes(), "https://news.example.org/1")
        print("" if article is None else len(article.text), flush=True)


if __name__ == "__main__":
    main()
