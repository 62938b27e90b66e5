"""Which request each response answers: its method, for those that answer no GET."""

from __future__ import annotations

import json
import re
from collections import OrderedDict, deque
from collections.abc import Iterator

from archiver.indexing import Indexed

# How many records may lie between a response and its request, whichever comes first.
_WINDOW = 256

_METHOD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) ")

_Keys = tuple[str, ...]


class Methods:
    """Holds lines back until their requests have had a chance to come, and adds the method.

    A request belongs to the response that either names in WARC-Concurrent-To, or else to the
    one with its target and date.
    """

    def __init__(self) -> None:
        self._methods: OrderedDict[str, str] = OrderedDict()
        self._lines: deque[tuple[_Keys, bytes]] = deque()

    def take(self, found: Indexed) -> Iterator[bytes]:
        """Take in what was *found*, and yield the lines that need wait no longer."""
        if found.record.type == "request":
            self._note(found)
        if found.line is not None:
            self._lines.append((_keys(found), found.line))
        while len(self._lines) > _WINDOW:
            yield self._finished()

    def rest(self) -> Iterator[bytes]:
        """Yield the lines that are still held back."""
        while self._lines:
            yield self._finished()

    def _note(self, found: Indexed) -> None:
        method = _METHOD.match(found.beginning)
        if method is None:
            return
        for key in _keys(found):
            # Of two requests for one target within a second the first is no better guess.
            self._methods.setdefault(key, method[1].decode("ascii"))
        while len(self._methods) > 4 * _WINDOW:
            self._methods.popitem(last=False)

    def _finished(self) -> bytes:
        keys, line = self._lines.popleft()
        method = next((self._methods[key] for key in keys if key in self._methods), "GET")
        if method == "GET":
            return line
        return line.removesuffix(b"}\n") + b', "method": %b}\n' % json.dumps(method).encode()


def _keys(found: Indexed) -> _Keys:
    """Return what a request and its response have in common, the surest first."""
    record = found.record
    ids = [*record.get_all("WARC-Concurrent-To"), record.record_id]
    return (*filter(None, ids), f"{record.target} {record.get('WARC-Date')}")
