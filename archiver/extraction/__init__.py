"""From a page to a text record: the only package that imports trafilatura.

`extract` reads a response record of an archive, `extract_html` any HTML.
"""

from archiver.extraction.article import Article, ExtractionError
from archiver.extraction.html import config_hash, extract_html
from archiver.extraction.page import extract

__all__ = ["Article", "ExtractionError", "config_hash", "extract", "extract_html"]
