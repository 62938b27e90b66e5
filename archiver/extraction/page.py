"""From a response record to a text record: the same code in a crawl and years after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC
from typing import Any

from w3lib.encoding import http_content_type_encoding

from archiver.capture import Page
from archiver.content import content_of
from archiver.extraction.article import Article
from archiver.extraction.html import EXTRACTOR, config_hash, extract_html, extractor_version
from archiver.extraction.metadata import reservation
from archiver.extraction.quality import quality_of, words_of
from archiver.extraction.tree import MAX_OCTETS
from archiver.head import Head, parse_head
from archiver.text import TextRecord, normalise_line
from archiver.urls import site_of
from archiver.wire import payload_of

# A server may leave the type out (RFC 9110, 8.3); then the payload decides.
_HTML = ("", "text/html", "application/xhtml+xml")


def extract(page: Page, block: bytes) -> TextRecord | None:
    """Return the text record of *page*, whose response record has *block*, or None.

    None for what is no HTTP response, no HTML, longer than `MAX_OCTETS` once decoded, or
    without an article. ExtractionError when the extractor falls over.
    """
    head = parse_head(block)
    if head is None or _media_type(head) not in _HTML:
        return None
    payload = b"".join(payload_of([block]))
    content = content_of(payload, _joined_field(head, b"content-encoding"), MAX_OCTETS + 1)
    article = extract_html(
        content,
        page.target,
        charset=http_content_type_encoding(_field(head, b"content-type")),
        captured_at=page.captured_at,
    )
    return None if article is None else _record(page, head, article)


def _record(page: Page, head: Head, article: Article) -> TextRecord:
    words = words_of(article.text)
    # An article's names are columns, all of them; two may also be said in the head.
    columns: dict[str, Any] = asdict(article) | quality_of(article.text, words)
    # A publisher who reserves in either place reserves.
    reservations = (article.tdm_reservation, reservation(_field(head, b"tdm-reservation")))
    columns["tdm_reservation"] = max((r for r in reservations if r is not None), default=None)
    columns["tdm_policy"] = article.tdm_policy or _field(head, b"tdm-policy")
    return TextRecord(
        id=page.record_id.strip("<>").removeprefix("urn:uuid:"),
        url=page.target,
        url_requested=page.url_requested or page.target,
        domain=site_of(page.target),
        source=page.collection,
        text_sha256=hashlib.sha256(article.text.encode()).hexdigest(),
        word_count=len(words),
        date=page.captured_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        http_status=head.status,
        seed=page.seed,
        file_path=f"archive/{page.location.filename}",
        warc_record_id=page.record_id,
        warc_offset=page.location.offset,
        warc_length=page.location.length,
        payload_digest=page.payload_digest,
        extractor=EXTRACTOR,
        extractor_version=extractor_version(),
        extractor_config_hash=config_hash(),
        x_robots_tag=_text(head.get_all(b"x-robots-tag")),
        **columns,
    )


def _media_type(head: Head) -> str:
    return (_field(head, b"content-type") or "").split(";", 1)[0].strip().lower()


def _field(head: Head, name: bytes) -> str | None:
    return _text(head.get_all(name)[:1])


def _joined_field(head: Head, name: bytes) -> bytes | None:
    # RFC 9110, 5.3: a field that is repeated is one list.
    return b",".join(head.get_all(name)) or None


def _text(values: Iterable[bytes]) -> str | None:
    # RFC 9110, 5.5: octets beyond ASCII mean nothing; Latin-1 keeps them apart.
    return normalise_line(", ".join(value.decode("latin-1") for value in values))
