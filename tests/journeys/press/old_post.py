"""A paper whose system is older than its rules: broken XML, called HTML, in undeclared Latin-1."""

from __future__ import annotations

from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, article
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Kind, Sheet, text

NAME = "www.old-post.test"
ROBOTS = "User-agent: *\r\nDisallow: /cgi-bin/\r\n"
FORBIDDEN = frozenset({"/cgi-bin/counter"})
_NUMBERS = (501, 502, 503, 504, 505)
_ACCENTED = 503  # its path has an octet of Latin-1, escaped

_FRONT = """<html><head><title>The Old Post</title>
<link rel=alternate type="application/rss+xml" href="rss.php">
</head><body bgcolor=white><img src="/cgi-bin/counter"><h1>The Old Post</h1>
<p>Gegr\xfcndet vor langer Zeit. R\xe9dig\xe9 \xe0 la main.
<a href="/cgi-bin/counter">1403 visitors</a>
"""


def old_post(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="The Old Post", base=origin(NAME, port))
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in _NUMBERS},
            "/robots.txt": text("robots", ROBOTS, "text/plain"),
            "/": _latin("front", _FRONT),
            "/rss.php": _latin("feed", _feed()),
            "/cgi-bin/counter": Sheet(kind="forbidden", body=b"1403"),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        forbidden=FORBIDDEN,
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return "/post/caf%E9-503.html" if number == _ACCENTED else f"/post/{number}.html"


def _article(paper: Paper, number: int) -> Sheet:
    octets = article(paper, story_of(number), path_of(number), shape="plain").decode()
    undeclared = octets.replace('<meta charset="utf-8">\n', "")
    return _latin("article", undeclared.replace("Also", "Auch sch\xf6n und tr\xe8s \xe9l\xe9gant"))


def _feed() -> str:
    """Return the feed: blank before its declaration, bare ampersands, entities, no end."""
    items = "".join(
        f"""<item>
<title>{story_of(number).headline} &nbsp; caf\xe9 & more</title>
<link>{path_of(number)}</link>
<pubDate>{story_of(number).published:%d.%m.%Y}</pubDate>
<description>Un r\xe9sum\xe9 \x0b & a line<br>broken
</item>
"""
        for number in _NUMBERS
    )
    head = '\n\n<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Old & new</title>\n'
    return f"{head}<link>/</link>\n{items}"


def _latin(kind: Kind, page: str) -> Sheet:
    # What ISO-8859-1 lacks, the quotes of the stories, old systems take from windows-1252.
    return Sheet(kind=kind, body=page.encode("cp1252"), media_type="text/html")
