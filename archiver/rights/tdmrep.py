"""The TDM Reservation Protocol: rights in text and data mining, as publishers reserve them.

It is the W3C community group's final report of 10 May 2024, whose sections are cited by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urljoin, urlsplit

from archiver.rights.patterns import Pattern, path_of
from archiver.urls import NOT_IN_A_FIELD

RESERVATION, POLICY = "tdm-reservation", "tdm-policy"
TDMREP_PATH = "/.well-known/tdmrep.json"

_MAX_OCTETS = 1 << 20  # of a file; a larger one declares nothing
_MAX_RULES = 5_000
_MAX_CHARS = 2_000  # of a pattern, and of a policy's address


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """A *reservation* (1: rights are reserved; 0: they are not) and the address of a *policy*.

    None is unset.
    """

    reservation: int | None = None
    policy: str | None = None

    @classmethod
    def of(cls, reservations: Iterable[str], policies: Iterable[str], base: str | None) -> Self:
        """Return what values say that stand beside each other in a head or a page.

        All but 0 and 1 are errors, and unset ("tdm-reservation"). Where one says 1 and another
        0, which the report has no word for, rights are reserved. A policy is the first HTTP
        address, made absolute by *base*.
        """
        valid = [int(value) for value in map(str.strip, reservations) if value in ("0", "1")]
        addresses = (_address(policy, base) for policy in policies)
        return cls(
            reservation=max(valid, default=None), policy=next(filter(None, addresses), None)
        )

    def over(self, other: Self) -> Self:
        """Return this with what it leaves unset taken from *other*, which it supersedes.

        A page supersedes its head, and a head the file of its host ("Processing priority").
        """
        return type(self)(
            reservation=other.reservation if self.reservation is None else self.reservation,
            policy=self.policy or other.policy,
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What is declared of the URLs that a *pattern* matches."""

    pattern: Pattern
    declaration: Declaration


def rules_of(octets: bytes, url: str) -> tuple[Rule, ...]:
    """Return the rules of a `tdmrep.json` in *octets*, which was fetched from *url*.

    What is no JSON, no array, or longer than anybody would write it, declares nothing.
    """
    if len(octets) > _MAX_OCTETS:
        return ()
    try:
        listed = json.loads(octets.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return ()
    if not isinstance(listed, list):
        return ()
    return tuple(rule for item in listed[:_MAX_RULES] if (rule := _rule(item, url)) is not None)


def declared_by(rules: Iterable[Rule], url: str) -> Declaration:
    """Return what *rules* declare of *url*.

    The report asks for the most specific match, and says that this is the first in sequence
    ("TDM File on the Origin Server").
    """
    path = path_of(url)
    first = (rule.declaration for rule in rules if rule.pattern.matches(path))
    return next(first, Declaration())


def _rule(item: object, url: str) -> Rule | None:
    location = item.get("location") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(location, str) or not location.strip():
        return None
    if len(location) > _MAX_CHARS:
        return None
    reservation, policy = item.get(RESERVATION), item.get(POLICY)
    is_number = isinstance(reservation, int | str) and not isinstance(reservation, bool)
    declaration = Declaration.of(
        [str(reservation)] if is_number else [], [policy] if isinstance(policy, str) else [], url
    )
    return Rule(Pattern.of(location.strip()), declaration)


def _address(reference: str, base: str | None) -> str | None:
    try:
        address = urljoin(base or "", "".join(reference.split()))
        parts = urlsplit(address)
        address.encode()
    except ValueError:  # an unclosed bracket in the host, half a character
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return address if len(address) <= _MAX_CHARS and not NOT_IN_A_FIELD.search(address) else None
