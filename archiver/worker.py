"""One worker: a process that turns page after page into text, and how it is spoken to.

It reads tasks from its standard input, one pickle each, writes as many answers to its
standard output, and ends with its input. `archiver.workers` starts and ends it.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import IO, Literal, cast

from archiver.capture import Page
from archiver.errors import ArchiveError
from archiver.text import TextRecord

Source = str | bytes | tuple[bytes, ...]
Extract = Callable[[Source, Page], TextRecord | None]
Outcome = TextRecord | ArchiveError | None
Reason = Literal["timeout", "crash", "start"]

_GRACE = 2.0


class ExtractionLost(ArchiveError):
    """The text of one page could not be made; the page is archived all the same.

    *reason* is `timeout`, `crash` or, where no process can be had for any page, `start`;
    *detail* says in words how it came about.
    """

    def __init__(self, target: str, reason: Reason, detail: str) -> None:
        super().__init__(f"{target}: no text, {detail}")
        self.target = target
        self.reason: Reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[ExtractionLost], tuple[str, Reason, str]]:
        return type(self), (self.target, self.reason, self.detail)


def work(function: str, timeout: float) -> None:
    """Answer, as a process of its own, the tasks on standard input until they end."""
    with (
        suppress(EOFError, BrokenPipeError),  # the parent is gone, or needs us no more
        os.fdopen(os.dup(0), "rb") as tasks,
        os.fdopen(os.dup(1), "wb") as answers,
        Path(os.devnull).open("r+b") as nothing,
    ):
        # What a library prints must not run into the answers.
        os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        extract = function_named(function)
        send(answers, None)
        while True:
            source, page = pickle.load(tasks)
            # Should the parent die meanwhile, nobody else would end a page that hangs.
            faulthandler.dump_traceback_later(timeout + _GRACE, exit=True, file=nothing)
            send(answers, outcome_of(extract, source, page))
            faulthandler.cancel_dump_traceback_later()


def function_named(name: str) -> Extract:
    """Import the function that is called `module:name`."""
    module, _, attribute = name.partition(":")
    return cast("Extract", getattr(import_module(module), attribute))


def outcome_of(extract: Extract, source: Source, page: Page) -> Outcome:
    """Return what *extract* makes of *page*, or the error that it ends in."""
    try:
        return extract(source, page)
    except ArchiveError as error:
        return error
    except Exception as error:  # an extractor may raise anything; it costs this page's text
        place = extract_tb(error.__traceback__)[-1]
        detail = (
            f"{type(error).__name__}: {error} ({Path(place.filename).name}, line {place.lineno})"
        )
        return ExtractionLost(page.target, "crash", detail)


def send(file: IO[bytes], message: object) -> None:
    """Write *message* into a pipe and see it off."""
    pickle.dump(message, file, pickle.HIGHEST_PROTOCOL)
    file.flush()
