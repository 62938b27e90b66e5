"""robots.txt by RFC 9309: which rules are ours, what they allow, and how long they hold.

Protego reads the rules. Which groups are ours is decided here: Protego takes a name for ours
that ours begins with, misses ours where a version follows it, and ends a group at any line
between two `User-agent` lines, so that it would free what is forbidden. Nothing here opens a
file or reads a clock: *now* is in seconds, of a clock that never goes back.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Literal

from protego import Protego

from archiver.urls import percent

DAY = 24 * 3600.0
# While rules cannot be had anew, the last ones are taken as fresh for so long at a time.
_STALE_FOR = 3600.0
_MOST_OCTETS = 500 * 1024  # RFC 9309, 2.5: no crawler may be content with less
_MOST_ORIGINS = 10_000

_EVERYBODY, _NOBODY = "*", "()"  # neither is a product
_BOM = re.compile(rb"\xef(?:\xbb\xbf?)?")  # whole or in part
_LINE_END = re.compile(r"\r\n|\r|\n")
# The fields with the misspellings that Protego knows; a blank may stand where the colon should.
_LINE = re.compile(
    r"""(?: (?P<agent>user[- ]?agent) | (?P<rule>allow | diss?all?[ao]w | diasllow)
          | (?P<pace>(?:crawl[- ]delay | request[- ]rate)) )
        (?: \s*: | \s ) \s* (?P<value>.*)""",
    re.IGNORECASE | re.VERBOSE,
)
# Some controls end a line for Protego, and octets that are no UTF-8 are percent-encoded in URLs.
_NOT_IN_A_VALUE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\udc80-\udcff]")
_PRODUCT = re.compile(r"[^\s/*;,()]+")
_COMPATIBLE = re.compile(r"compatible;\s*([^\s/*;,()]+)", re.IGNORECASE)

Standing = Literal["read", "free", "unreachable"]


def standing_of(status: int) -> Standing:
    """Return what an answer with *status* to a request for robots.txt means (RFC 9309, 2.3.1).

    "read": its rules count. "free": there are none, and all may be fetched. "unreachable":
    for now nothing may. A redirect that leads nowhere counts as no file; too many requests say
    nothing of the file, and neither does what HTTP knows no status for.
    """
    if 200 <= status < 300:
        return "read"
    return "free" if 300 <= status < 500 and status != 429 else "unreachable"


def product_token(user_agent: str) -> str:
    """Return the name by which robots.txt knows *user_agent*, in lower case; empty for none.

    It is what comes before a version. A browser's disguise is seen through where the name
    follows `compatible;`.
    """
    found = _COMPATIBLE.search(user_agent)
    if found:
        return found[1].lower()
    product = _PRODUCT.match(user_agent.strip())
    return product[0].lower() if product else ""


class Rules:
    """What a robots.txt says; one that is empty frees everything.

    Of *body* the first 500 KiB count, in whole lines.
    """

    def __init__(self, body: bytes = b"") -> None:
        self._text = _decoded(body)
        self._read: dict[str, Protego | None] = {}

    def allows(self, url: str, user_agent: str) -> bool:
        """Say whether *user_agent* may fetch *url*."""
        rules = self._rules_for(user_agent)
        return rules is None or rules.can_fetch(url, _EVERYBODY)

    def delay(self, user_agent: str) -> float:
        """Return how many seconds *user_agent* is to leave between two requests; 0 for none."""
        rules = self._rules_for(user_agent)
        if rules is None:
            return 0.0
        rate = rules.request_rate(_EVERYBODY)
        # A rate that counts at some hours only is kept at all of them.
        return max(
            rules.crawl_delay(_EVERYBODY) or 0.0, rate.seconds / rate.requests if rate else 0
        )

    def _rules_for(self, user_agent: str) -> Protego | None:
        token = product_token(user_agent) or _NOBODY
        if token not in self._read:
            lines = _lines_for(self._text, token)
            text = "\n".join([f"User-agent: {_EVERYBODY}", *lines])
            self._read[token] = Protego.parse(text) if lines else None
        return self._read[token]


class Rulebook:
    """The rules of origins (scheme, host and port), each for a day."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, tuple[Rules, float, float]] = OrderedDict()

    def keep(self, origin: str, rules: Rules, now: float) -> None:
        """Have *rules* count for *origin* for a day, and a day more where it must be."""
        self._entries[origin] = (rules, now + DAY, now + 2 * DAY)
        self._entries.move_to_end(origin)
        if len(self._entries) > _MOST_ORIGINS:
            self._entries.popitem(last=False)

    def fresh(self, origin: str, now: float) -> Rules | None:
        """Return the rules of *origin*; None where they must be asked for."""
        rules, fresh_until, _ = self._entries.get(origin, (None, 0.0, 0.0))
        return rules if now < fresh_until else None

    def last(self, origin: str, now: float) -> Rules | None:
        """Return the rules of *origin*, which cannot be had anew; None where they are too old.

        They count as fresh for an hour, after which they are asked for again.
        """
        rules, _, stale_until = self._entries.get(origin, (None, 0.0, 0.0))
        if rules is None or now >= stale_until:
            return None
        self._entries[origin] = (rules, min(now + _STALE_FOR, stale_until), stale_until)
        return rules


def _decoded(body: bytes) -> str:
    """Return the lines of *body* that count, as text; what is no UTF-8 in it as surrogates."""
    if len(body) > _MOST_OCTETS:
        body = body[:_MOST_OCTETS]
        body = body[: max(body.rfind(b"\n"), body.rfind(b"\r")) + 1]
    begin = _BOM.match(body)
    return body[begin.end() if begin else 0 :].decode("utf-8", "surrogateescape")


def _lines_for(text: str, token: str) -> list[str]:
    """Return the lines of all groups of *text* that name *token*, or of all for everybody.

    A group is ended by a `User-agent` line after a rule, and by nothing else (RFC 9309, 2.2.4).
    But a delay, of which the RFC knows nothing, holds for those alone who were named since the
    last one: whoever writes nothing else below a name means it so.
    """
    own: list[str] = []
    everybodys: list[str] = []
    is_named, agents, paced = False, set[str](), set[str]()
    has_rule = has_pace = False
    for found in _fields(text):
        value = found["value"]
        if found["agent"]:
            agents = set() if has_rule else agents
            paced = set() if has_rule or has_pace else paced
            has_rule = has_pace = False
            agents.add(_named(value))
            paced.add(_named(value))
            is_named = is_named or token in agents
            continue
        has_rule, has_pace = has_rule or bool(found["rule"]), has_pace or bool(found["pace"])
        meant = agents if found["rule"] else paced
        line = f"{found['rule'] or found['pace']}: {_NOT_IN_A_VALUE.sub(percent, value)}"
        if token in meant:
            own.append(line)
        if _EVERYBODY in meant:
            everybodys.append(line)
    return own if is_named else everybodys


def _fields(text: str) -> Iterator[re.Match[str]]:
    for line in _LINE_END.split(text):
        found = _LINE.match(line.partition("#")[0].strip())
        if found:
            yield found


def _named(value: str) -> str:
    """Return whom the *value* of a `User-agent` line names, `*` for everybody."""
    if value.split(None, 1)[:1] == [_EVERYBODY]:
        return _EVERYBODY
    product = _PRODUCT.match(value)
    return product[0].lower() if product else ""
