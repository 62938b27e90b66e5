"""The one thread in which the collection is written, and what its errors mean for a crawl."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from archiver.errors import CollectionError, StoreError
from archiver.options import Options

logger = logging.getLogger(__name__)

_P = ParamSpec("_P")
_T = TypeVar("_T")

# What is wrong with us, and not with a disk or a server: no file, no connection can be opened.
OWN_LIMITS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class ArchiveStopped(Exception):
    """The archive cannot go on, which has been said; whoever waits for it should let go."""


class Writer:
    """Runs what is to be written, one after the other, off the event loop.

    What goes wrong is told to *fail* in a sentence, and nothing is written after it. *after* is
    run in the thread after each.
    """

    def __init__(
        self, options: Options, *, fail: Callable[[str], None], after: Callable[[], None]
    ) -> None:
        self._options = options
        self._fail = fail
        self._after = after
        self._failure: str | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive-writer")

    async def write(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what *function* returns. ArchiveStopped when it cannot be, or nothing can."""
        if self._failure is not None:
            raise ArchiveStopped(self._failure)
        try:
            return await self.run(self._worked, partial(function, *args, **kwargs))
        except CollectionError:
            raise
        except OSError as error:
            raise self._stopped(self._sentence(error)) from error
        except StoreError as error:
            raise self._stopped(str(error)) from error
        except Exception as error:
            # A fault of ours: better a crawl that stops than one that archives in part.
            stopped = self._stopped(f"{type(error).__name__}: {error}")
            logger.exception("This is a fault of the archive: please report it")
            raise stopped from error

    async def run(self, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what *function* returns, or raise what it raises, whatever went before."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(function, *args, **kwargs))

    def refuse(self, sentence: str) -> None:
        """Write nothing from now on, because of what *sentence* says."""
        self._failure = self._failure or sentence

    def close(self) -> None:
        """Wait for what is under way and let the thread go."""
        self._thread.shutdown()

    def _worked(self, function: Callable[[], _T]) -> _T:
        result = function()
        self._after()
        return result

    def _stopped(self, sentence: str) -> ArchiveStopped:
        self.refuse(sentence)
        self._fail(sentence)
        return ArchiveStopped(sentence)

    def _sentence(self, error: OSError) -> str:
        """Return what *error* is about, and what helps."""
        options = self._options
        grown_in = options.work_dir if options.is_remote else Path(options.store)
        place = Path(error.filename or grown_in / options.collection)
        if error.errno in OWN_LIMITS:
            return (
                f"{place} cannot be opened ({error.strerror}): raise the limit of open files "
                "(ulimit -n) or lower CONCURRENT_REQUESTS, and run the same command again"
            )
        setting = "ARCHIVE_WORK_DIR" if place.is_relative_to(options.work_dir) else "ARCHIVE_STORE"
        return (
            f"{place} cannot be written ({error.strerror}): make room or choose another {setting}"
        )
