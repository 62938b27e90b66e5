"""The archive: records, collections, text and everything that reads them.

Nothing in this package knows Scrapy or Twisted; `spiders` and `pipelines` know the archive.
"""

__version__ = "0.1.0"
