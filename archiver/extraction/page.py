"""From a response record to a text record: the same code in a crawl and years after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC
from typing import Any

from w3lib.encoding import http_content_type_encoding

from archiver.capture import HostRights, Page
from archiver.content import content_of
from archiver.extraction.article import Article
from archiver.extraction.html import Extractor, config_hash, extract_html, extractor_version
from archiver.extraction.joining import joined
from archiver.extraction.quality import quality_of, words_of
from archiver.extraction.tree import MAX_OCTETS
from archiver.head import Head, parse_head
from archiver.rights import reservation_of
from archiver.rights.response import tdm_header
from archiver.rights.tdmrep import Declaration
from archiver.text import TextRecord, normalise_line
from archiver.urls import site_of
from archiver.wire import payload_of

# A server may leave the type out (RFC 9110, 8.3); then the payload decides.
_HTML = ("", "text/html", "application/xhtml+xml")


def extract(
    page: Page, block: bytes, *parts: bytes, extractor: Extractor = "archiver"
) -> TextRecord | None:
    """Return the text record of *page*, whose response record has *block*, or None.

    *parts* are the blocks in which the article goes on, if it is spread over several pages,
    *extractor* is who finds the text.
    None for what is no HTTP response, no HTML, longer than `MAX_OCTETS` once decoded, or
    without an article, and where rights are respected that are reserved. ExtractionError when
    the extractor falls over.
    """
    if any(reservation_of(page, octets) for octets in (block, *parts)):
        return None
    head = parse_head(block)
    article = _article_of(page, head, block, extractor)
    if head is None or article is None:
        return None
    others = (_article_of(page, parse_head(part), part, extractor) for part in parts)
    return _record(page, head, joined(article, others), extractor)


def _article_of(
    page: Page, head: Head | None, block: bytes, extractor: Extractor
) -> Article | None:
    if head is None or _media_type(head) not in _HTML:
        return None
    payload = b"".join(payload_of([block]))
    content = content_of(payload, _joined_field(head, b"content-encoding"), MAX_OCTETS + 1)
    return extract_html(
        content,
        page.target,
        charset=http_content_type_encoding(_field(head, b"content-type")),
        status=head.status,
        captured_at=page.captured_at,
        extractor=extractor,
    )


def _record(page: Page, head: Head, article: Article, extractor: Extractor) -> TextRecord:
    words = words_of(article.text)
    # An article's names are columns, all of them; two may also be said in the head, or by the
    # host.
    columns: dict[str, Any] = asdict(article) | quality_of(article.text, words)
    rights = page.rights or HostRights()
    tdm = Declaration(reservation=article.tdm_reservation, policy=article.tdm_policy)
    tdm = tdm.over(tdm_header(head, page.target)).over(
        Declaration(reservation=rights.tdm_reservation, policy=rights.tdm_policy)
    )
    columns |= {"tdm_reservation": tdm.reservation, "tdm_policy": tdm.policy}
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
        extractor=extractor,
        extractor_version=extractor_version(extractor),
        extractor_config_hash=config_hash(extractor),
        robots_allowed=rights.robots_allowed,
        x_robots_tag=_text(head.get_all(b"x-robots-tag")),
        ai_txt_allowed=rights.ai_txt_allowed,
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
