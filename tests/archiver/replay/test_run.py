"""How `archiver replay` ends: whatever ends it, and however soon."""

from __future__ import annotations

import os
import signal
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.archiver.quay import build

PROGRAM = Path(sysconfig.get_path("scripts")) / "archiver"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_with_0_and_leaves_no_folder_behind(
    tmp_path: Path, number: signal.Signals
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [str(PROGRAM), "replay", str(build(tmp_path)), "--no-open"]

    with subprocess.Popen(
        command, env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert " is at http://localhost:" in running.stdout.readline()
        assert any(scratch.iterdir())
        running.send_signal(number)  # at once: it has hardly begun to serve
        _, complaints = running.communicate(timeout=30)

    assert (running.returncode, complaints) == (0, "")
    assert not any(scratch.iterdir())
