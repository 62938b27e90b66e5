"""A host of the press: what it answers, and what a crawl has to bring home from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.journeys.press.sheet import Sheet

# What a server of many moods says to the so many-th request for *target*, of so many in all.
Temper = Callable[[str, int, int], Sheet | None]

# When all that was there from the beginning was put there.
BEGINNING = datetime(2024, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a host has in one edition, its *sheets* by path and query.

    *announced* are the paths of the articles that its feeds and sitemaps name, or its front
    page where it has neither, and that a crawl may fetch; *linked* those that only links
    lead to. *changed* are those of the first that are new in this edition, or not as before.
    """

    sheets: Mapping[str, Sheet]
    announced: frozenset[str] = frozenset()
    linked: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A host by its *name*; *issue* gives its edition of a number, raised at some time.

    *forbidden* are paths that may not be asked for. *marks* are, by the path of an article, the
    sentences that stand in its text in this order; *twins* its path, by each further URL of it.
    *kinds* tells what a path is where that is no article, and *rights* what is reserved in it,
    by columns of a text record. *endless* answers where there is no sheet, *temper* instead of
    one.
    """

    name: str
    issue: Callable[[int, datetime], Issue]
    is_seed: bool = True
    forbidden: frozenset[str] = frozenset()
    twins: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    endless: Callable[[str], Sheet | None] = lambda target: None
    temper: Temper = lambda target, times, serial: None


def origin(name: str, port: int) -> str:
    """Return what the URLs of the host *name* begin with."""
    return f"http://{name}:{port}"


def lasting(issue: Issue) -> Callable[[int, datetime], Issue]:
    """Return the issues of a host that has nothing new."""
    return lambda edition, raised_at: issue
