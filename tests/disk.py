"""A disk that refuses more, for real: no mock, the kernel says no."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def files_end_at(size: int) -> Iterator[None]:
    """Let no file of this process grow past *size* octets.

    A write that reaches over it is cut short there, and the next raises OSError, just as on
    a full disk (setrlimit(2), RLIMIT_FSIZE; Python ignores the signal that goes with it).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
