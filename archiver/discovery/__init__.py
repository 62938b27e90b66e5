"""Where a site says its pages are: its feeds, its sitemaps and the links of its pages.

`sniffed` tells what a response is; `feed_of`, `sitemap_of` and `links_of` read it. Nothing here
fetches anything, and whatever it is given, it takes time in proportion to that and no more.
"""

from archiver.discovery.announced import Announced, Feed
from archiver.discovery.feeds import feed_of
from archiver.discovery.links import Link, Links, links_of
from archiver.discovery.sitemaps import Sitemap, sitemap_of, sitemaps_in_robots
from archiver.discovery.sniffing import Sniffed, sniffed

__all__ = [
    "Announced",
    "Feed",
    "Link",
    "Links",
    "Sitemap",
    "Sniffed",
    "feed_of",
    "links_of",
    "sitemap_of",
    "sitemaps_in_robots",
    "sniffed",
]
