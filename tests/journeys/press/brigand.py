"""A host that means harm: it leads inside, around and astray, and three of its articles are real.

`intern` is a name of its site for a private address; `two-faced` is at a public one when it is
first asked for, and inside afterwards.
"""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from functools import cache
from html import escape

from tests.journeys.press.feeds import Item, rss
from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, anchors, article, front
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, moved, text
from tests.journeys.site import head

# These three belong to one site.
NAME = "www.brigand.example.net"
INSIDE = "intern.brigand.example.net"
TWO_FACED = "two-faced.brigand.example.net"
ADMIN = "admin.test"
ROBOTS = "User-agent: *\nDisallow:\n"
METADATA = "http://169.254.169.254/latest/meta-data/"
BOMB_BYTES = 64 << 20
# No crawl takes all of it, and the server does not last longer.
ENDLESS_BYTES = 64 << 20
LINKS = 50_000
_NUMBERS = (1001, 1002, 1003)
_ONLY_LINKED = ("/many", "/fewer", "/long", "/nul")
_TURNS = 40  # of the chain: more than any client follows

_XXE = """<?xml version="1.0"?>
<!DOCTYPE rss [<!ENTITY a "ha ha "><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
<!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">
<!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h SYSTEM "file:///etc/passwd">
<!ENTITY i SYSTEM "{base}/admin">]>
<rss version="2.0"><channel><title>&g;</title>
<item><title>&h;</title><link>{base}/story/&i;</link></item></channel></rss>
"""


def brigand(port: int) -> Host:
    """Return the host that leads to all of it."""
    base = origin(NAME, port)
    paper = Paper(name="The Brigand", base=base, sections=(("/", "Home"),))
    rogues = _rogues(port)
    outward = (*rogues, *_inward(port))
    links = '<link rel="alternate" type="application/rss+xml" href="/{}">'
    head_links = links.format("feed.xml") + links.format("laughs.xml")
    cards = [(path_of(number), story_of(number)) for number in _NUMBERS]
    below = f"<ul>{anchors((link, 'On') for link in outward)}</ul>"
    items = [Item(link=f"{base}{path_of(n)}", story=story_of(n)) for n in _NUMBERS]
    told = [link for link in outward if link not in _ONLY_LINKED]
    items += [Item(link=_absolute(base, link), story=story_of(1009)) for link in told]
    feed = rss(paper.name, f"{base}/", items, itself=f"{base}/feed.xml")
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in _NUMBERS},
            **rogues,
            **_turns(base),
            "/robots.txt": text("robots", ROBOTS),
            "/": Sheet(
                kind="front", body=front(paper, "Hands up", cards, head=head_links, below=below)
            ),
            "/feed.xml": text("feed", feed, "application/rss+xml"),
            "/laughs.xml": text("rogue", _XXE.format(base=origin(ADMIN, port)), "application/xml"),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        endless=_leaf,
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def two_faced(port: int) -> Host:
    """Return the host of two faces: no connection to it lasts, so that its name is asked again."""
    closing = ("Connection: close",)
    sheets = {
        "/robots.txt": Sheet(kind="robots", media_type="text/plain", fields=closing),
        "/face": Sheet(kind="rogue", body=b"<p>Come closer.", fields=closing),
    }
    return Host(name=TWO_FACED, issue=lasting(Issue(sheets=sheets)), is_seed=False)


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/story/{number}"


def _article(paper: Paper, number: int) -> Sheet:
    return Sheet(kind="article", body=article(paper, story_of(number), path_of(number)))


def _rogues(port: int) -> dict[str, Sheet]:
    """Return what can be reached, each at its path."""
    base = origin(NAME, port)
    inside = f"http://127.0.0.1:{port}/admin"
    return {
        "/loop/1": moved("rogue", f"{base}/loop/2", "302 Found"),
        "/loop/self": moved("rogue", f"{base}/loop/self", "307 Temporary Redirect"),
        "/turn/0": moved("rogue", f"{base}/turn/1"),
        "/metadata": moved("rogue", METADATA, "302 Found"),
        "/inside": moved("rogue", inside, "302 Found"),
        "/by-name": moved("rogue", f"{origin(ADMIN, port)}/admin", "308 Permanent Redirect"),
        "/refresh": text("rogue", _REFRESH.format(inside), "text/html"),
        "/file": moved("rogue", "file:///etc/passwd", "302 Found"),
        "/far": Sheet(kind="rogue", poured=_far),
        "/bomb": Sheet(kind="rogue", body=_bomb(), fields=("Content-Encoding: gzip",)),
        "/endless": Sheet(kind="rogue", poured=_endless),
        "/drip": Sheet(kind="rogue", poured=_drip),
        "/many": Sheet(kind="rogue", body=_leaves(LINKS)),
        "/fewer": Sheet(kind="rogue", body=_leaves(LINKS // 12)),
        "/deep": Sheet(kind="rogue", body=b"<html><p>Deep" + b"<div>" * 50_000),
        "/long": Sheet(kind="rogue", body=b'<html><a href="/%b">Long</a>' % (b"x" * 3_000_000)),
        "/nul": Sheet(kind="rogue", body=b'<html>\0<p>N\0l <a href="/\0nul\0">Nul</a>\0</html>'),
    }


_REFRESH = '<html><meta http-equiv="refresh" content="0; url={}"><p>One moment.'


def _inward(port: int) -> list[str]:
    """Return URLs that lead inside, in several spellings."""
    return [
        f"http://127.0.0.1:{port}/admin",
        f"http://127.1:{port}/admin",
        f"http://2130706433:{port}/admin",
        f"http://0x7f.0.0.1:{port}/admin",
        f"http://0177.0.0.1:{port}/admin",
        f"http://[::1]:{port}/admin",
        f"http://[::ffff:127.0.0.1]:{port}/admin",
        f"http://localhost:{port}/admin",
        f"{origin(ADMIN, port)}/admin",
        f"{origin(INSIDE, port)}/admin",
        f"{origin(TWO_FACED, port)}/face",
    ]


def _turns(base: str) -> dict[str, Sheet]:
    turns = {f"/turn/{n}": moved("rogue", f"{base}/turn/{n + 1}") for n in range(1, _TURNS)}
    return {**turns, "/loop/2": moved("rogue", f"{base}/loop/1", "302 Found")}


def _absolute(base: str, link: str) -> str:
    return f"{base}{link}" if link.startswith("/") else link


def _leaf(target: str) -> Sheet | None:
    if not target.startswith("/leaf/"):
        return None
    return Sheet(kind="trap", body=f"<html><p>{escape(target)}</p></html>".encode())


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(BOMB_BYTES), 1, mtime=0)


@cache
def _leaves(count: int) -> bytes:
    link = b'<a href="/leaf/2024/%d">What the leaf number %d says</a>\n'
    return b"<html><title>Leaves</title>" + b"".join(link % (n, n) for n in range(count))


def _far() -> Iterator[bytes]:
    yield head("Content-Length: 0", status="302 Found").removesuffix(b"\r\n")
    yield b"Location: /"
    for _ in range(100):
        yield b"x" * 100_000
    yield b"\r\n\r\n"


def _endless() -> Iterator[bytes]:
    yield head("Content-Type: text/html", "Connection: close") + b"<html><p>And so on"
    for _ in range(ENDLESS_BYTES >> 16):
        yield b" and on " * 8192


def _drip() -> Iterator[bytes]:
    yield head("Content-Type: text/html", "Connection: close") + b"<html><p>"
    for _ in range(200):
        time.sleep(0.1)
        yield b"."
