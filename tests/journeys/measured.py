"""Run a command and say how much memory it took at its peak.

    python measured.py REPORT COMMAND…

writes the octets to the file REPORT and leaves with the command's own status. A process of
its own, and a small one: what a child starts out with counts as its parent's size.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(report: str, *command: str) -> int:
    """Run *command*; return its status."""
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    Path(report).write_text(str(usage.ru_maxrss * 1024), encoding="ascii")
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
