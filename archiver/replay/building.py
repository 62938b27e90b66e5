"""What setuptools does more when it builds our wheel: see that ReplayWeb.page is in it.

A wheel without it is not built. An installation that only points at this folder is made all the
same, since all commands but `archiver replay` do without.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from setuptools.command.build_py import build_py
from setuptools.errors import ExecError

# While a wheel is built our own modules cannot be imported: it is run as a program.
_FETCH = Path(__file__).with_name("bundle.py")


class BuildWithReplay(build_py):  # type: ignore[misc]  # setuptools comes without types
    """The step that collects modules and data, after the bundle was fetched."""

    def run(self) -> None:
        """Fetch the bundle if it is not there, then collect what goes into the wheel."""
        status = subprocess.run([sys.executable, str(_FETCH)]).returncode
        if status and not self.editable_mode:
            raise ExecError("a wheel needs ReplayWeb.page, which could not be had: see above")
        # Quirk: what the package's data are was listed and kept before the files were there.
        self.__dict__.pop("data_files", None)
        super().run()
