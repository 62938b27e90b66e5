"""A collection spoilt at one place beside its WARC, and what a check tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archiver.quay import Spoil, build, told

SPOILT: dict[str, tuple[list[Spoil], list[str]]] = {
    "another status in the index": (
        [Spoil("index", '"status": "404"', '"status": "403"')],
        [
            "INDEX at 0 <3>: fault: index: status 403; expected 404 as its record",
        ],
    ),
    "another offset in the index": (
        [Spoil("index", '"offset": "439"', '"offset": "440"')],
        [
            "INDEX <1>: fault: index: no line for the response record at 439; expected one",
            "INDEX at 297: fault: index: offset 440, where no such record begins; expected "
            "the offset of a response, revisit or resource",
        ],
    ),
    "another length in the index": (
        [Spoil("index", '"length": "777"', '"length": "778"')],
        [
            "INDEX at 297 <1>: fault: index: length 778; expected 777 as its record",
        ],
    ),
    "another key in the index": (
        [Spoil("index", "example,quay)/ferry ", "example,quay)/ferrz ")],
        [
            "INDEX at 297 <1>: fault: index: key 'example,quay)/ferrz'; expected "
            "'example,quay)/ferry' as its record",
        ],
    ),
    "another file in the index": (
        [Spoil("index", '"439", "filename": "quay', '"439", "filename": "qua')],
        [
            "INDEX at 297: fault: index: filename "
            "'qua-20260304050607000-00000-pier-00c0ffee.warc.gz'; expected 'STEM.warc.gz'",
        ],
    ),
    "an index out of order": (
        [Spoil("index", "example,quay)/crane ", "example,quay)/zebra ")],
        [
            'INDEX at 297: fault: index: b\'example,quay)/ferry 20260304050607 {"url": '
            '"http://quay.example/ferry", "mime": \' after b\'example,quay)/zebra '
            '20260304050608 {"url": "http://quay.example/crane", "mime": \'; expected lines '
            "in the order of their bytes",
            "INDEX at 0 <3>: fault: index: key 'example,quay)/zebra'; expected "
            "'example,quay)/crane' as its record",
        ],
    ),
    "an index line that is none": (
        [
            Spoil(
                "index",
                '{"url": "http://quay.example/crane"',
                '{"url" "http://quay.example/crane"',
            )
        ],
        [
            "INDEX at 0: fault: index: Expecting ':' delimiter: line 1 column 8 (char 7): "
            'b\'example,quay)/crane 20260304050608 {"url" "http://quay.example/crane", '
            '"mime": "\'; expected a line of CDXJ',
            "INDEX <3>: fault: index: no line for the response record at 1910; expected one",
        ],
    ),
    "an index cut short": (
        [Spoil("index", '"offset": "439", "filename": "STEM.warc.gz"}\n', "")],
        [
            'INDEX at 297: fault: index: b\'192045f714cb50b3bf09", "length": "777", \' at the '
            "end; expected a line end",
            "INDEX at 297: fault: index: Expecting property name enclosed in double quotes: "
            'line 1 column 178 (char 177): b\'example,quay)/ferry 20260304050607 {"url": '
            '"http://quay.example/ferry", "mime": \'; expected a line of CDXJ',
            "INDEX <1>: fault: index: no line for the response record at 439; expected one",
        ],
    ),
    "an index line twice": (
        [Spoil("index", '"offset": "1910"', '"offset": "439"')],
        [
            "INDEX at 0 <1>: fault: index: key 'example,quay)/crane'; expected "
            "'example,quay)/ferry' as its record",
            "INDEX at 0 <1>: fault: index: timestamp '20260304050608'; expected "
            "'20260304050607' as its record",
            "INDEX at 0 <1>: fault: index: url 'http://quay.example/crane'; expected "
            "'http://quay.example/ferry' as its record",
            "INDEX at 0 <1>: fault: index: mime 'text/plain'; expected 'text/html' as its record",
            "INDEX at 0 <1>: fault: index: status 404; expected 200 as its record",
            "INDEX at 0 <1>: fault: index: digest 'GONE'; expected 'FERRY' as its record",
            "INDEX at 0 <1>: fault: index: length 676; expected 777 as its record",
            "INDEX at 296 <1>: fault: index: another line for the record at 439; expected one",
            "INDEX <3>: fault: index: no line for the response record at 1910; expected one",
        ],
    ),
    "another url of a page": (
        [Spoil("pages", "/ferry", "/crane")],
        [
            "PAGES at 83 <1>: fault: page: url 'http://quay.example/crane'; expected "
            "'http://quay.example/ferry' as its record",
        ],
    ),
    "another time of a page": (
        [Spoil("pages", "07.000000Z", "07Z")],
        [
            "PAGES at 83 <1>: fault: page: ts '2026-03-04T05:06:07Z'; expected "
            "'2026-03-04T05:06:07.000000Z' as its record",
        ],
    ),
    "another id of a page": (
        [Spoil("pages", "000000000001", "000000000009")],
        [
            "TEXTS <1>: fault: text: line 1: a text without a page; expected a page for each text",
            "PAGES <1>: fault: page: no page for this response; expected one, as <5> declares",
            "PAGES at 83: fault: page: id '~9'; expected that of a response",
        ],
    ),
    "another header of the pages": (
        [Spoil("pages", "json-pages-1.0", "json-pages-2.0")],
        [
            'PAGES at 0: fault: page: b\'{"format": "json-pages-2.0", "id": "pages", "title": '
            '"All Pages", "hasText": tru\'; expected a header with format json-pages-1.0',
        ],
    ),
    "a page without url": (
        [Spoil("pages", '"url": ', '"uri": ')],
        [
            'PAGES at 83: fault: page: b\'{"id": "~1", "uri": "http://quay.example/ferry\'; '
            "expected an object with id, url and ts",
            "TEXTS <1>: fault: text: line 1: a text without a page; expected a page for each text",
            "PAGES <1>: fault: page: no page for this response; expected one, as <5> declares",
        ],
    ),
    "another text": (
        [Spoil("texts", "is late", "is lost")],
        [
            "TEXTS <1>: fault: text: line 1: text_sha256 'LATE'; expected "
            "'28b632732f06d9eac948387f900037bc42a30d5c700bffcf781609c97aac6985' as its text",
        ],
    ),
    "another payload digest of a text": (
        [Spoil("texts", "FERRY", "GONE")],
        [
            "TEXTS <1>: fault: text: line 1: payload_digest 'GONE'; expected 'FERRY' as its "
            "record",
        ],
    ),
    "another offset of a text": (
        [Spoil("texts", '"warc_offset": 439', '"warc_offset": 438')],
        [
            "TEXTS <1>: fault: text: line 1: warc_offset 438; expected the offset of a "
            "response, and the order of the WARC",
        ],
    ),
    "another length of a text": (
        [Spoil("texts", '"warc_length": 777', '"warc_length": 778')],
        [
            "TEXTS <1>: fault: text: line 1: warc_length 778; expected 777 as its record",
        ],
    ),
    "another status of a text": (
        [Spoil("texts", '"http_status": 200', '"http_status": 404')],
        [
            "TEXTS <1>: fault: text: line 1: http_status 404; expected 200 as its record",
        ],
    ),
    "another time of a text": (
        [Spoil("texts", "07.000000Z", "09.000000Z")],
        [
            "TEXTS <1>: fault: text: line 1: date '2026-03-04T05:06:09.000000Z'; expected "
            "'2026-03-04T05:06:07.000000Z' as its record",
        ],
    ),
    "another url of a text": (
        [Spoil("texts", "/ferry", "/crane")],
        [
            "TEXTS <1>: fault: text: line 1: url 'http://quay.example/crane'; expected "
            "'http://quay.example/ferry' as its record",
        ],
    ),
    "a text without an offset": (
        [Spoil("texts", '"warc_offset": 439', '"warc_offset": null')],
        [
            'TEXTS: fault: text: line 1: b\'{"id": "~1", "url": "http://quay.example/ferry\'; '
            "expected a text record",
        ],
    ),
    "a text line that is none": (
        [Spoil("texts", '{"id"', "{id")],
        [
            "TEXTS: fault: text: line 1: Expecting property name enclosed in double quotes: "
            "line 1 column 2 (char 1); expected a text record",
        ],
    ),
    "another count of records": (
        [Spoil("manifest", '"request": 2', '"request": 3')],
        [
            "MANIFEST: fault: counts: record_counts {'metadata': 1, 'request': 3, 'response': "
            "2, 'warcinfo': 1}; expected {'metadata': 1, 'request': 2, 'response': 2, "
            "'warcinfo': 1} as the files hold",
        ],
    ),
    "another count of pages": (
        [Spoil("manifest", '"page_count": 1', '"page_count": 2')],
        [
            "MANIFEST: fault: counts: page_count 2; expected 1 as the files hold",
        ],
    ),
    "another count of texts": (
        [Spoil("manifest", '"text_count": 1', '"text_count": 2')],
        [
            "MANIFEST: fault: counts: text_count 2; expected 1 as the files hold",
        ],
    ),
    "another last date": (
        [Spoil("manifest", '"last_date": "2026-03-04T05:06:08.000000Z"', '"last_date": null')],
        [
            "MANIFEST: fault: dates: last_date None; expected '2026-03-04T05:06:08.000000Z' "
            "as the WARC holds",
        ],
    ),
    "another number of bytes": (
        [Spoil("manifest", '"bytes": 203,', '"bytes": 204,')],
        [
            "PAGES: fault: hash: bytes 203; expected 204 as the manifest says",
        ],
    ),
    "another hash": (
        [Spoil("manifest", '"bytes": 203, "sha256": "4f', '"bytes": 203, "sha256": "5f')],
        [
            "PAGES: fault: hash: sha256 "
            "'4f8132fb4b1cb9e575bae92bd74b37c9c9315034f76e64cf2abdb75b3e496471'; expected "
            "'5f8132fb4b1cb9e575bae92bd74b37c9c9315034f76e64cf2abdb75b3e496471' as the "
            "manifest says",
        ],
    ),
    "another stem": (
        [Spoil("manifest", '"stem": "quay', '"stem": "kay')],
        [
            "MANIFEST: fault: manifest: stem 'kay-20260304050607000-00000-pier-00c0ffee'; "
            "expected 'STEM' as its name",
        ],
    ),
    "a path out of the collection": (
        [Spoil("manifest", '"path": "pages/', '"path": "../pages/')],
        [
            "MANIFEST: fault: manifest: files ['../pages/STEM.jsonl', 'archive/STEM.warc.gz', "
            "'indexes/STEM.cdxj', 'text/STEM.jsonl.gz']; expected ['archive/STEM.warc.gz', "
            "'indexes/STEM.cdxj', 'pages/STEM.jsonl', 'text/STEM.jsonl.gz']",
        ],
    ),
    "a newer version": (
        [Spoil("manifest", '"version": 1', '"version": 2')],
        [
            "MANIFEST: unreadable: made by a newer version (manifest version 2): upgrade to "
            "check it",
        ],
    ),
    "another format": (
        [Spoil("manifest", "archiver-manifest", "other")],
        [
            "MANIFEST: fault: manifest: no manifest of ours; expected a JSON object with "
            "format 'archiver-manifest' and a version",
        ],
    ),
    "another crawl": (
        [Spoil("manifest", "20260304050607-article.json", "20260304050607-site.json")],
        [
            "MANIFEST: fault: crawl: no crawls/20260304050607-site.json; expected the log "
            "that the manifest names",
        ],
    ),
    "a manifest that is no JSON": (
        [Spoil("manifest", '"version": 1,', '"version": 1')],
        [
            "MANIFEST: fault: manifest: no manifest of ours; expected a JSON object with "
            "format 'archiver-manifest' and a version",
        ],
    ),
}


@pytest.mark.parametrize(("spoils", "lines"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_file_beside_a_warc_is_told_with_its_place(
    spoils: list[Spoil], lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    build(Path(), *spoils)

    assert told(Path("quay"))[:-1] == lines
