"""Run a command that ends when the process that started it does, however that ends.

`python tethered.py PARENT COMMAND…` becomes COMMAND. A finally block does not run under SIGKILL;
the kernel's parent-death signal (prctl(2), Linux alone) comes all the same.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Become *command*, a child of the process *parent*; the arguments are as in the usage."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            return  # it has ended before we could ask to be told
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
