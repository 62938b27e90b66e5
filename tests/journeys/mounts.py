"""Small disks of our own, to be full or read-only in earnest, even for root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

# Mounts a tmpfs with the options that it is given, such as `size=1m`, `nr_inodes=20` or `ro`.
Mount = Callable[[str], Path]


@pytest.fixture
def mount(tmp_path: Path) -> Iterator[Mount]:
    """Mount small disks below the test's own folder, until it ends."""
    with ExitStack() as mounted:

        def mounted_with(options: str) -> Path:
            folder = tmp_path / f"disk-{options.replace('=', '-')}"
            return mounted.enter_context(small_disk(folder, options))

        yield mounted_with


@contextmanager
def small_disk(folder: Path, options: str) -> Iterator[Path]:
    """Mount a tmpfs at *folder* while the block runs; skip where that is not allowed.

    Under CI it must be: the tests of a full disk are not to be lost without a word.
    """
    folder.mkdir()
    try:
        _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
    except (FileNotFoundError, subprocess.CalledProcessError) as error:
        missing = f"this test needs a disk of its own and may not mount one: {error}"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    try:
        yield folder
    finally:
        _run("umount", "--lazy", str(folder))


def resize(disk: Path, size: str) -> None:
    """Let the small disk mounted at *disk* have *size*, such as `8m`."""
    _run("mount", "-o", f"remount,size={size}", str(disk))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Let *folder*, which must be allowed to be mounted on, be read-only while the block runs.

    What is open for writing stays so, as the system would refuse to take that back.
    """
    _run("mount", "--bind", "-o", "ro", str(folder), str(folder))
    try:
        yield
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=30)
