"""Made-up news stories: pages of our own words, as many as a test wants, all different."""

from __future__ import annotations

import random

_PLACES = ("Marrowby", "Tessel Quay", "Upper Hadden", "Kelm", "Saint Orrin", "Brackwater")
_THINGS = ("ferry", "weir", "market hall", "footbridge", "signal box", "reading room")

_TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta property="article:published_time" content="2026-02-{day:02}T09:30:00+00:00">
</head>
<body>
<nav><a href="/">Front page</a></nav>
<article>
<h1>{title}</h1>
<p>The {thing} at {place} opened again on Tuesday after {weeks} weeks of repairs, and the first
visitors were waiting at the gate before the caretaker had found her keys.</p>
<p>Work began when a night watchman heard stone number {number} fall into the water. “I thought
of thunder,” he said, “until I saw that the lamp beside me was gone as well.”</p>
<p>The council had put aside money for five weeks. That the bill came out lower is owed, says its
treasurer, to a cousin in {other} who still had the old drawings in his attic.</p>
<p>Until the spring only half of the {thing} will be lit. A vote on the other half is set for the
next meeting, for which {number} chairs have been ordered.</p>
</article>
<footer>Printed in {other}.</footer>
<!-- {ballast} -->
</body>
</html>
"""


def title_of(number: int) -> str:
    """Return the headline of story *number*."""
    thing, place = _THINGS[number % 6], _PLACES[number * 5 % 6]
    return f"Story {number}: the {thing} of {place} is open again"


def story(number: int, *, ballast: int = 0) -> bytes:
    """Return story *number* as a page; it is *ballast* octets longer even when compressed."""
    noise = random.Random(number).randbytes(ballast).hex()
    return _TEMPLATE.format(
        title=title_of(number),
        thing=_THINGS[number % 6],
        place=_PLACES[number * 5 % 6],
        other=_PLACES[(number * 5 + 3) % 6],
        number=number,
        weeks=number % 9 + 2,
        day=number % 28 + 1,
        ballast=noise,
    ).encode()
