"""What may go wrong between a client and its store, and the plan of when it does."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple


class Do(Enum):
    """What happens to a request instead of passing it on, or while it is passed on."""

    FAIL = auto()  # 500 InternalError, and the server hears nothing of it
    SLOW_DOWN = auto()  # 503 SlowDown, likewise
    DENY = auto()  # 403 AccessDenied, likewise
    SPEAK_HTML = auto()  # 200 with a page, as a captive portal or a wrong port gives
    STALL = auto()  # silence, then it is passed on if the client has stayed
    STALL_ANSWER = auto()  # the server has answered, the client hears it only after a silence
    RESET_REQUEST = auto()  # reset half way through the request's body
    RESET_ANSWER = auto()  # the server has answered, the client gets a reset in place of it
    CUT_ANSWER = auto()  # reset half way through the answer's body
    DAMAGE_REQUEST = auto()  # the server gets a body with one bit turned
    DAMAGE_ANSWER = auto()  # the client gets a body with one bit turned
    WRONG_ETAG = auto()  # the client is told another ETag, in the head and in XML
    WRONG_CHECKSUM = auto()  # the client is told another x-amz-checksum-*, if the server tells one


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """*do* it to the requests with *method* and with *path* in their target as on the wire.

    The first *after* of them pass unharmed, then *times* of them are hit; None: all that follow.
    """

    do: Do
    method: str | None = None
    path: str = ""
    after: int = 0
    times: int | None = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if (self.do in (Do.STALL, Do.STALL_ANSWER)) != (self.seconds > 0):
            raise ValueError(f"{self.do}: seconds are for stalls, and a stall needs them")

    def matches(self, request: Request) -> bool:
        return self.method in (None, request.method) and self.path in request.target


class Request(NamedTuple):
    """The first line of a request: *target* is its path and query as on the wire."""

    method: str
    target: str


class Fired(NamedTuple):
    """A fault that has hit, and what it hit."""

    fault: Fault
    request: Request


class Plan:
    """The faults to come, in order of precedence, and a record of what was seen and hit."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.fired: list[Fired] = []
        self._faults: list[Fault] = []
        self._matched: Counter[int] = Counter()
        self._lock = threading.Lock()

    def add(self, *faults: Fault) -> None:
        """Let *faults* hit from now on, after those that were added before."""
        with self._lock:
            self._faults += faults

    def clear(self) -> None:
        """Forget all faults, so that everything passes; the record stays."""
        with self._lock:
            self._faults.clear()
            self._matched.clear()

    def fault_for(self, request: Request) -> Fault | None:
        """Take note of *request*; return the first fault whose turn it is."""
        with self._lock:
            self.requests.append(request)
            for number, fault in enumerate(self._faults):
                if fault.matches(request):
                    self._matched[number] += 1
                    turn = self._matched[number] - fault.after
                    if turn > 0 and (fault.times is None or turn <= fault.times):
                        return fault
        return None

    def note(self, fault: Fault, request: Request) -> None:
        """Record that *fault* has really hit *request*."""
        with self._lock:
            self.fired.append(Fired(fault, request))
