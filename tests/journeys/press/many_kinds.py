"""A host whose sitemap lists all that it has: articles, and much that is none."""

from __future__ import annotations

import json

from tests.journeys.press.host import BEGINNING, Host, Issue, lasting, origin
from tests.journeys.press.maps import sitemap
from tests.journeys.press.markup import Paper, Shape, article, front, page, paragraphs
from tests.journeys.press.prose import Story, story_of
from tests.journeys.press.sheet import Sheet, text

NAME = "www.many-kinds.test"
ROBOTS = "User-agent: *\nDisallow:\nSitemap: {base}/sitemap.xml\n"
_NUMBERS = (1201, 1202, 1203, 1204)

# What the listed pages are that are no articles, in the words of `page_type`.
KINDS = {
    "/tag/ferries": "listing",
    "/gallery/regatta": "gallery",
    "/video/launching": "video",
    "/live/flood": "liveblog",
    "/account/login?next=/": "login",
    "/consent?return=/": "consent",
    "/2024/02/11/guarded": "botwall",
    "/2024/02/12/checked": "botwall",
    "/2024/02/13/moved-away": "soft404",
}


def many_kinds(port: int) -> Host:
    """Return the host."""
    paper = Paper(
        name="Many Kinds",
        base=origin(NAME, port),
        sections=(("/", "Home"), ("/tag/ferries", "Ferries"), ("/account/login?next=/", "Log in")),
    )
    paths = [*(path_of(number) for number in _NUMBERS), *KINDS]
    listed = [(f"{paper.base}{path}", BEGINNING) for path in ("/", *paths)]
    issue = Issue(
        sheets={
            **{path_of(number): _article(paper, number) for number in _NUMBERS},
            **_others(paper),
            "/robots.txt": text("robots", ROBOTS.format(base=paper.base)),
            "/sitemap.xml": text("sitemap", sitemap(listed), "text/xml"),
            "/": Sheet(kind="front", body=front(paper, "All sorts", _cards(_NUMBERS))),
        },
        announced=frozenset(path_of(number) for number in _NUMBERS),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        kinds=KINDS,
        marks={path_of(number): (story_of(number).mark,) for number in _NUMBERS},
    )


def path_of(number: int) -> str:
    """Return the path of story *number*."""
    return f"/2024/02/10/the-matter-of-{number}"


def _cards(numbers: tuple[int, ...]) -> list[tuple[str, Story]]:
    return [(path_of(number), story_of(number)) for number in numbers]


def _article(paper: Paper, number: int) -> Sheet:
    shapes: tuple[Shape, ...] = ("newsroom", "weblog", "plain")
    return Sheet(
        kind="article",
        body=article(paper, story_of(number), path_of(number), shape=shapes[number % 3]),
    )


def _others(paper: Paper) -> dict[str, Sheet]:
    guarded = page(paper, "Access denied", _GUARDED, kind="error")
    return {
        "/tag/ferries": Sheet(kind="other", body=_tag_page(paper)),
        "/gallery/regatta": _other(paper, "The regatta in pictures", _gallery(), "ImageGallery"),
        "/video/launching": _other(paper, "Watch: the launching", _VIDEO, "VideoObject"),
        "/live/flood": _other(paper, "Live: the flood", _live(), "LiveBlogPosting"),
        "/account/login?next=/": _other(paper, "Log in", _LOGIN, None),
        "/consent?return=/": _other(paper, "Before you continue", _CONSENT, None),
        "/2024/02/11/guarded": Sheet(kind="other", body=guarded.encode(), status="403 Forbidden"),
        "/2024/02/12/checked": Sheet(kind="other", body=_CHECKED.encode()),
        "/2024/02/13/moved-away": _other(paper, "Page not found", _GONE, None),
    }


def _other(paper: Paper, title: str, main: str, schema: str | None) -> Sheet:
    told = {"@context": "https://schema.org", "@type": schema, "headline": title}
    data = f'<script type="application/ld+json">{json.dumps(told)}</script>' if schema else ""
    return Sheet(kind="other", body=page(paper, title, main, head=data).encode())


def _tag_page(paper: Paper) -> bytes:
    pages = "".join(f'<a href="/tag/ferries?page={n}">{n}</a> ' for n in (2, 3))
    cards = _cards(_NUMBERS) * 2
    return front(paper, "Tag: ferries", cards, below=f"<nav>{pages}</nav>", kind="archive tag")


def _gallery() -> str:
    pictures = "".join(
        f'<figure><img src="/pictures/regatta-{n}.jpg" width="1200" height="800" alt="Boats">'
        f"<figcaption>Picture {n} of 12. The boats at the {n}th buoy.</figcaption></figure>"
        for n in range(1, 13)
    )
    return f'<h1>The regatta in pictures</h1><div class="gallery slideshow">{pictures}</div>'


def _live() -> str:
    entries = "".join(
        f'<article class="live-entry" id="entry-{n}"><time datetime="2024-02-10T{n:02}:05:00Z">'
        f"{n:02}:05</time><h2>The water at step {n}</h2>"
        f"{paragraphs(story_of(1290 + n).paragraphs[:1])}</article>"
        for n in range(8, 18)
    )
    return f'<h1>Live: the flood, hour by hour</h1><div class="liveblog">{entries}</div>'


_VIDEO = """<h1>Watch: the launching</h1>
<div class="player">
<video src="/films/launching.mp4" poster="/films/launching.jpg" controls></video>
</div><p>The new ferry goes down the slip. 2 minutes 14 seconds, no sound.</p>"""

_LOGIN = """<h1>Log in</h1><form method="post" action="/account/login" class="login">
<label>Mail <input type="email" name="mail"></label>
<label>Password <input type="password" name="password"></label>
<label><input type="checkbox" name="stay"> Stay logged in</label><button>Log in</button></form>
<p><a href="/account/forgotten">Forgotten your password?</a> New here?
<a href="/account/register">Register</a></p>"""

_CONSENT = """<h1>Before you continue</h1><div class="consent-wall" id="cmp">
<p>We and our 812 partners store information on your device and read it, such as cookies, to show
you advertisements that suit you. You can accept this or choose for what your data may be used.</p>
<form method="post" action="/consent"><button name="all">Accept all cookies</button>
<button name="none">Reject all</button><a href="/privacy">Manage your privacy settings</a></form>
</div>"""

_GUARDED = """<h1>Access denied</h1><p>You do not have permission to see this page, because your
request looks like that of a robot. Reference 18.2c4f.</p>"""

_CHECKED = """<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title>
<meta name="robots" content="noindex"><meta http-equiv="refresh" content="300"></head>
<body><div class="challenge"><h1>www.many-kinds.test</h1>
<h2>Checking if the site connection is secure</h2>
<noscript>Enable JavaScript and cookies to continue</noscript>
<p>We need to verify that you are human before you may go on. This may take a few seconds.</p>
<div id="captcha" class="h-captcha"></div></div></body></html>"""

_GONE = """<h1>Page not found</h1><p>Sorry, we could not find the page that you were looking for.
It may have been moved or deleted. <a href="/">Back to the front page</a></p>"""
