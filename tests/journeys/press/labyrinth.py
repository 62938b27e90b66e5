"""A host without end: calendars, folders in folders, facets, sessions, and five real articles."""

from __future__ import annotations

import hashlib
import re
from itertools import count

from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, anchors, article, front, page
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, text

NAME = "www.labyrinth.test"
ROBOTS = "User-agent: *\nDisallow:\n"
_NUMBERS = (901, 902, 903, 904, 905)
# The articles whose links carry the number of a session, in their path and in their query.
_IN_PATH, _IN_QUERY = 903, 904

_SESSION = re.compile(r";jsessionid=[0-9A-F]+|[?&]PHPSESSID=[0-9a-f]+")
_MONTH = re.compile(r"/calendar/(\d{4})/(\d\d)")
_COLOURS = ("red", "green", "blue", "white")
_SIZES = ("small", "middle", "large")


def labyrinth(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="The Labyrinth", base=origin(NAME, port), sections=(("/", "Home"),))
    sessions = count(1)
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in _NUMBERS},
            "/robots.txt": text("robots", ROBOTS),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )

    def endless(target: str) -> Sheet | None:
        bare = _SESSION.sub("", target)
        if bare in issue.sheets:
            return issue.sheets[bare]
        session = hashlib.md5(str(next(sessions)).encode()).hexdigest()
        return _wall(paper, bare, session)

    return Host(
        name=NAME,
        issue=lasting(issue),
        endless=endless,
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/story/{number}.html"


def without_session(target: str) -> str:
    """Return *target* without the number of a session."""
    return _SESSION.sub("", target)


def _article(paper: Paper, number: int) -> Sheet:
    octets = article(paper, story_of(number), path_of(number), shape="plain")
    return Sheet(kind="article", body=octets)


def _wall(paper: Paper, target: str, session: str) -> Sheet | None:
    """Return the page at *target*; its links carry the number of a *session* that is new."""
    path, _, query = target.partition("?")
    if path == "/":
        below = f"<ul>{anchors(_ways(session))}</ul>"
        cards = [(_link(number, session), story_of(number)) for number in _NUMBERS]
        return Sheet(kind="front", body=front(paper, "Come in", cards, below=below))
    links = _further(path, query)
    if not links:
        return None
    main = f"<h1>{path}</h1><ul>{anchors([*links, *_ways(session)])}</ul>"
    return Sheet(kind="trap", body=page(paper, path, main, kind="listing").encode())


def _link(number: int, session: str) -> str:
    if number == _IN_PATH:
        return f"{path_of(number)};jsessionid={session.upper()}"
    return f"{path_of(number)}?PHPSESSID={session}" if number == _IN_QUERY else path_of(number)


def _ways(session: str) -> list[tuple[str, str]]:
    return [
        ("/calendar/2024/02", "Calendar"),
        ("/a/b/", "Folders"),
        ("/find?colour=red", "Find"),
        (f"/visit/;jsessionid={session.upper()}", "Your visit"),
        ("/list?sort=name", "List"),
    ]


def _further(path: str, query: str) -> list[tuple[str, str]]:
    """Return the links of a page that is in the labyrinth; none if it is not."""
    if found := _MONTH.match(path):
        year, month = int(found[1]), int(found[2])
        after, before = (
            (year + month // 12, month % 12 + 1),
            (year - (month == 1), (month - 2) % 12 + 1),
        )
        days = [(f"{found[0]}/{day:02}", f"Day {day}") for day in range(1, 29, 3)]
        return [*((f"/calendar/{y:04}/{m:02}", "Month") for y, m in (after, before)), *days]
    if path.startswith("/a/b/"):
        return [(f"{path}a/b/", "Deeper"), (f"{path}index.html", "Here")]
    if path == "/find":
        chosen = [each for each in query.split("&") if each]
        more = [f"colour={c}" for c in _COLOURS] + [f"size={s}" for s in _SIZES] + ["page=2"]
        return [(f"/find?{'&'.join([*chosen, facet])}", facet) for facet in more]
    if path == "/list":
        return [(f"/list?{query}&then={n}", f"Sorted by {n}") for n in range(4)]
    if path == "/visit/":
        return [("/visit/again", "Again")]
    return [("/visit/", "Back")] if path == "/visit/again" else []
