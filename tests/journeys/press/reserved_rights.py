"""A host that reserves rights in its articles, in each by another of the usual means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from tests.journeys.press.feeds import Item, rss
from tests.journeys.press.host import Host, Issue, lasting, origin
from tests.journeys.press.markup import Paper, article, front
from tests.journeys.press.prose import story_of
from tests.journeys.press.sheet import Sheet, text

NAME = "www.reserved-rights.test"
ROBOTS = "User-agent: *\nDisallow:\n"
POLICY = "https://licences.example.org/tdm.json"
LICENCE = "https://creativecommons.org/licenses/by-nd/4.0/"
# What stands below /closed is closed to machines that learn.
AI_TXT = "User-Agent: *\nDisallow: /closed/\nAllow: /\n"
TDM = [
    {"location": "/mined/", "tdm-reservation": 1, "tdm-policy": POLICY},
    {"location": "/", "tdm-reservation": 0},
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reserved:
    """Story *number* at *path*; *told* is what a text record has to say of it."""

    number: int
    path: str
    told: Mapping[str, object]
    fields: tuple[str, ...] = ()
    head: str = ""


_PAYWALLED = json.dumps(
    {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "isAccessibleForFree": False,
        "hasPart": {
            "@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paid",
        },
    }
)  # fmt: skip
ARTICLES = (
    _Reserved(
        number=1301,
        path="/1301/nothing-reserved",
        told={
            "robots_allowed": True,
            "robots_meta": None,
            "x_robots_tag": None,
            "tdm_reservation": 0,
            "license": None,
        },
    ),
    _Reserved(
        number=1302,
        path="/1302/no-learning",
        told={"x_robots_tag": "noai, noimageai"},
        fields=("X-Robots-Tag: noai, noimageai",),
    ),
    _Reserved(
        number=1303,
        path="/1303/no-archive",
        told={"robots_meta": "noarchive"},
        head='<meta name="robots" content="noarchive">',
    ),
    _Reserved(
        number=1304,
        path="/1304/by-header",
        told={"tdm_reservation": 1, "tdm_policy": POLICY},
        fields=("TDM-Reservation: 1", f"TDM-Policy: {POLICY}"),
    ),
    _Reserved(
        number=1305,
        path="/1305/by-meta",
        told={"tdm_reservation": 1},
        head='<meta name="tdm-reservation" content="1">',
    ),
    _Reserved(
        number=1306,
        path="/mined/1306",
        told={"tdm_reservation": 1, "tdm_policy": POLICY},
    ),
    _Reserved(number=1307, path="/closed/1307", told={"ai_txt_allowed": False}),
    _Reserved(
        number=1308,
        path="/1308/for-members",
        told={"paywalled": True},
        head=f'<script type="application/ld+json">{_PAYWALLED}</script>',
    ),
    _Reserved(
        number=1309,
        path="/1309/licensed",
        told={"license": LICENCE},
        head=f'<link rel="license" href="{LICENCE}">',
    ),
)


def reserved_rights(port: int) -> Host:
    """Return the host."""
    paper = Paper(name="Rights Reserved", base=origin(NAME, port), sections=(("/", "Home"),))
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    items = [Item(link=f"{paper.base}{a.path}", story=story_of(a.number)) for a in ARTICLES]
    feed = rss(paper.name, f"{paper.base}/", items, itself=f"{paper.base}/feed.xml")
    cards = [(each.path, story_of(each.number)) for each in ARTICLES[:4]]
    issue = Issue(
        sheets={
            **{each.path: _article(paper, each) for each in ARTICLES},
            "/robots.txt": text("robots", ROBOTS),
            "/ai.txt": text("rights", AI_TXT),
            "/.well-known/tdmrep.json": text("rights", json.dumps(TDM), "application/json"),
            "/": Sheet(kind="front", body=front(paper, "All rights", cards, head=link)),
            "/feed.xml": text("feed", feed, "application/rss+xml"),
        },
        announced=frozenset(each.path for each in ARTICLES),
    )
    return Host(
        name=NAME,
        issue=lasting(issue),
        rights={each.path: each.told for each in ARTICLES},
        marks={each.path: (story_of(each.number).mark,) for each in ARTICLES},
    )


def _article(paper: Paper, each: _Reserved) -> Sheet:
    octets = article(paper, story_of(each.number), each.path, shape="weblog", head=each.head)
    return Sheet(kind="article", body=octets, fields=each.fields)
