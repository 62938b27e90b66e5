"""A collection spoilt at one place of its WARC, and what a check tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archiver.quay import Spoil, build, told

SPOILT: dict[str, tuple[list[Spoil], list[str]]] = {
    "a changed block": (
        [Spoil("crane", "Gone.", "Here.")],
        [
            "WARC at 1910 <3>: fault: block-digest: "
            "sha256:85ca8755e04a0db1b49d84f3f4349219b8120393ab995df3f5aae2f1a841a487; "
            "expected sha256:f7694cb9c934cfcc0c70960500889b86271bf38a8ded60f1f15e3128ea761f93 "
            "as WARC-Block-Digest says",
            "WARC at 1910 <3>: fault: payload-digest: "
            "sha256:2e25cc8c6bc71f7ea45a4d02973326d901a43b14491a7458d3bac6fe8b5a1086; "
            "expected GONE as WARC-Payload-Digest says",
        ],
    ),
    "another payload digest": (
        [Spoil("crane", "GONE", "FERRY"), Spoil("index", "GONE", "FERRY")],
        [
            "WARC at 1910 <3>: fault: payload-digest: GONE; expected FERRY as "
            "WARC-Payload-Digest says",
        ],
    ),
    "a payload digest of the chunks": (
        [
            Spoil(
                "ferry",
                "FERRY",
                "sha256:11621539eab85f1cea616031e3a9e473bb908411243267c60f6033665b9a77c7",
            ),
            Spoil(
                "index",
                "FERRY",
                "sha256:11621539eab85f1cea616031e3a9e473bb908411243267c60f6033665b9a77c7",
            ),
            Spoil(
                "texts",
                "FERRY",
                "sha256:11621539eab85f1cea616031e3a9e473bb908411243267c60f6033665b9a77c7",
            ),
        ],
        [
            "WARC at 439 <1>: fault: payload-digest: FERRY; expected "
            "sha256:11621539eab85f1cea616031e3a9e473bb908411243267c60f6033665b9a77c7 as "
            "WARC-Payload-Digest says",
        ],
    ),
    "an older version": (
        [Spoil("crane request", "WARC/1.1", "WARC/1.0")],
        [
            "WARC at 2586 <4>: fault: bad-date: WARC-Date is '2026-03-04T05:06:08.000000Z'; "
            "expected such as 2026-01-31T23:59:59Z (5.4)",
            "WARC at 2586 <4>: fault: version: WARC/1.0; expected WARC/1.1",
        ],
    ),
    "no record id": (
        [Spoil("crane request", "WARC-Record-ID: ", "WARC-Xecord-ID: ")],
        [
            "WARC at 2586: fault: missing-field: no WARC-Record-ID; expected one in a request "
            "record",
            "WARC at 1910 <3>: fault: pair: request None comes next; expected request <4>",
        ],
    ),
    "a record id of version 1": (
        [Spoil("page", "4000-8000-000000000005", "1000-8000-000000000005")],
        [
            "WARC at 3227 <urn:uuid:00000000-0000-1000-8000-000000000005>: fault: bad-id: "
            "WARC-Record-ID is '<urn:uuid:00000000-0000-1000-8000-000000000005>'; expected "
            "<urn:uuid:…> of version 4 or 7",
        ],
    ),
    "a record id without brackets": (
        [Spoil("page", "<5>", "urn:uuid:00000000-0000-4000-8000-000000000005")],
        [
            "WARC at 3227 urn:uuid:~5: fault: bad-id: WARC-Record-ID is 'urn:uuid:~5'; "
            "expected a URI in angle brackets (5.2)",
        ],
    ),
    "the record id of another": (
        [
            Spoil("crane", "WARC-Record-ID: <3>", "WARC-Record-ID: <1>"),
            Spoil("crane request", "<3>", "<1>"),
        ],
        [
            "WARC at 1910 <1>: fault: duplicate-id: the WARC-Record-ID of another; expected "
            "one of its own",
            "WARC at 3227 <5>: fault: reference: http://quay.example/ferry of "
            "2026-03-04T05:06:07.000000Z; expected target and date of <1>",
        ],
    ),
    "a date without decimals": (
        [Spoil("page", "07.000000Z", "07Z")],
        [
            "WARC at 3227 <5>: fault: bad-date: WARC-Date is '2026-03-04T05:06:07Z'; expected "
            "UTC with six decimals",
            "WARC at 3227 <5>: fault: reference: http://quay.example/ferry of "
            "2026-03-04T05:06:07Z; expected target and date of <1>",
        ],
    ),
    "a date in month 13": (
        [Spoil("page", "2026-03-04T05:06:07.000000Z", "2026-13-04T05:06:07.000000Z")],
        [
            "WARC at 3227 <5>: fault: bad-date: WARC-Date is '2026-13-04T05:06:07.000000Z'; "
            "expected such as 2026-01-31T23:59:59Z (5.4)",
            "WARC at 3227 <5>: fault: reference: http://quay.example/ferry of "
            "2026-13-04T05:06:07.000000Z; expected target and date of <1>",
            "MANIFEST: fault: dates: last_date '2026-03-04T05:06:08.000000Z'; expected "
            "'2026-13-04T05:06:07.000000Z' as the WARC holds",
        ],
    ),
    "an unknown type": (
        [Spoil("page", "WARC-Type: metadata", "WARC-Type: metadatb")],
        [
            "WARC at 3227 <5>: fault: unknown-type: WARC-Type is 'metadatb'; expected one of "
            "warcinfo, response, resource, request, metadata, revisit, conversion, "
            "continuation",
            "PAGES at 83: fault: page: 'http://quay.example/ferry' is no page; expected a "
            "metadata record that declares it",
            "MANIFEST: fault: counts: record_counts {'metadata': 1, 'request': 2, 'response': "
            "2, 'warcinfo': 1}; expected {'metadatb': 1, 'request': 2, 'response': 2, "
            "'warcinfo': 1} as the files hold",
        ],
    ),
    "a field that is said twice": (
        [Spoil("crane", "WARC-Date: ", "WARC-Date: 2026-03-04T05:06:08.000000Z\r\nWARC-Date: ")],
        [
            "WARC at 1910 <3>: fault: repeated-field: WARC-Date 2 times; expected at most "
            "once (5.1)",
        ],
    ),
    "no block digest": (
        [Spoil("page", "WARC-Block-Digest", "WARC-Xlock-Digest")],
        [
            "WARC at 3227 <5>: fault: missing-field: no WARC-Block-Digest; expected one in "
            "every record",
        ],
    ),
    "a digest that is none": (
        [Spoil("page", "WARC-Block-Digest: sha256:", "WARC-Block-Digest: sha256:zz")],
        [
            "WARC at 3227 <5>: fault: bad-field: WARC-Block-Digest is "
            "'sha256:zzb5f100ebe018fd2c44da5c2b8016ee33ae6792156ad16aad3ec5b505c6fe55a9'; "
            "expected 32 octets in hex or Base32",
        ],
    ),
    "a digest of an unknown kind": (
        [Spoil("page", "WARC-Block-Digest: sha256:", "WARC-Block-Digest: crc32:")],
        [
            "WARC at 3227 <5>: fault: unknown-digest: WARC-Block-Digest is "
            "'crc32:b5f100ebe018fd2c44da5c2b8016ee33ae6792156ad16aad3ec5b505c6fe55a9'; "
            "expected one of md5, sha1, sha224, sha256, sha384, sha512",
        ],
    ),
    "no target": (
        [Spoil("crane request", "WARC-Target-URI", "WARC-Xarget-URI")],
        [
            "WARC at 2586 <4>: fault: missing-field: no WARC-Target-URI; expected one in a "
            "request record",
            "WARC at 2586 <4>: fault: pair: None of 2026-03-04T05:06:08.000000Z; expected "
            "http://quay.example/crane of 2026-03-04T05:06:08.000000Z, as the record before",
        ],
    ),
    "a target with a fragment": (
        [
            Spoil("page", "/ferry", "/ferry#deck"),
            Spoil("ferry", "/ferry\r", "/ferry#deck\r"),
            Spoil("ferry request", "/ferry\r\nWARC", "/ferry#deck\r\nWARC"),
        ],
        [
            "WARC at 439 <1>: fault: bad-target: WARC-Target-URI is "
            "'http://quay.example/ferry#deck'; expected no angle brackets, no fragment, a "
            "lower-case host",
            "INDEX at 297 <1>: fault: index: url 'http://quay.example/ferry'; expected "
            "'http://quay.example/ferry#deck' as its record",
            "PAGES at 83 <1>: fault: page: url 'http://quay.example/ferry'; expected "
            "'http://quay.example/ferry#deck' as its record",
            "TEXTS <1>: fault: text: line 1: url 'http://quay.example/ferry'; expected "
            "'http://quay.example/ferry#deck' as its record",
            "WARC at 1221 <2>: fault: bad-target: WARC-Target-URI is "
            "'http://quay.example/ferry#deck'; expected no angle brackets, no fragment, a "
            "lower-case host",
            "WARC at 3237 <5>: fault: bad-target: WARC-Target-URI is "
            "'http://quay.example/ferry#deck'; expected no angle brackets, no fragment, a "
            "lower-case host",
        ],
    ),
    "a target in brackets": (
        [Spoil("page", "http://quay.example/ferry", "<http://quay.example/ferry>")],
        [
            "WARC at 3227 <5>: fault: bad-target: WARC-Target-URI is "
            "'<http://quay.example/ferry>'; expected no angle brackets, no fragment, a "
            "lower-case host",
        ],
    ),
    "a target with a blank": (
        [
            Spoil("crane", "/crane\r", "/the crane\r"),
            Spoil("crane request", "/crane\r\nWARC", "/the crane\r\nWARC"),
        ],
        [
            "WARC at 1910 <3>: fault: bad-target: WARC-Target-URI is 'http://quay.example/the "
            "crane'; expected a URI without blanks (5.12)",
            "INDEX at 0 <3>: fault: index: key 'example,quay)/crane'; expected "
            "'example,quay)/the%20crane' as its record",
            "INDEX at 0 <3>: fault: index: url 'http://quay.example/crane'; expected "
            "'http://quay.example/the%20crane' as its record",
            "WARC at 2590 <4>: fault: bad-target: WARC-Target-URI is 'http://quay.example/the "
            "crane'; expected a URI without blanks (5.12)",
        ],
    ),
    "a target with a capital in its host": (
        [Spoil("page", "http://quay.example/ferry", "http://Quay.example/ferry")],
        [
            "WARC at 3227 <5>: fault: bad-target: WARC-Target-URI is "
            "'http://Quay.example/ferry'; expected no angle brackets, no fragment, a "
            "lower-case host",
            "WARC at 3227 <5>: fault: reference: http://Quay.example/ferry of "
            "2026-03-04T05:06:07.000000Z; expected target and date of <1>",
        ],
    ),
    "another file name": (
        [Spoil("info", "STEM", "another")],
        [
            "WARC at 0 <0>: fault: filename: WARC-Filename is 'another.warc.gz'; expected "
            "'STEM.warc.gz'",
        ],
    ),
    "a file name where none should be": (
        [Spoil("page", "WARC-Refers-To", "WARC-Filename: x\r\nWARC-Refers-To")],
        [
            "WARC at 3227 <5>: fault: misplaced-field: WARC-Filename 'x'; expected no such "
            "field in a metadata record",
        ],
    ),
    "a first record that is not ours": (
        [Spoil("info", "archiver/0.1.0", "recorder/0.1.0")],
        [
            "WARC at 0 <0>: fault: block-digest: "
            "sha256:52f102f5ac1f690351813921e1dc9a3b08e5be5d9d76f4a31b819f256eb800cf; "
            "expected sha256:a14724125b6a5df1909a2051a469f9820baa86835373bdb7554edde3c04e03f4 "
            "as WARC-Block-Digest says",
            "WARC at 0 <0>: fault: first-record: a warcinfo record that is not ours; expected "
            "a warcinfo with software: archiver/…",
        ],
    ),
    "another warcinfo": (
        [Spoil("page", "WARC-Warcinfo-ID: <0>", "WARC-Warcinfo-ID: <9>")],
        [
            "WARC at 3227 <5>: fault: reference: WARC-Warcinfo-ID is '<9>'; expected '<0>', "
            "the warcinfo of this file",
        ],
    ),
    "a page of nothing": (
        [Spoil("page", "WARC-Refers-To: <1>", "WARC-Refers-To: <9>")],
        [
            "WARC at 3227 <5>: fault: reference: WARC-Refers-To is '<9>'; expected a capture "
            "earlier in this file",
            "PAGES <9>: fault: page: no page for this response; expected one, as <5> declares",
            "PAGES at 83: fault: page: 'http://quay.example/ferry' is no page; expected a "
            "metadata record that declares it",
        ],
    ),
    "a page of another response": (
        [Spoil("page", "WARC-Refers-To: <1>", "WARC-Refers-To: <3>")],
        [
            "WARC at 3227 <5>: fault: reference: http://quay.example/ferry of "
            "2026-03-04T05:06:07.000000Z; expected target and date of <3>",
            "PAGES <3>: fault: page: no page for this response; expected one, as <5> declares",
            "PAGES at 83: fault: page: 'http://quay.example/ferry' is no page; expected a "
            "metadata record that declares it",
        ],
    ),
    "a response that names another request": (
        [Spoil("ferry", "WARC-Concurrent-To: <2>", "WARC-Concurrent-To: <9>")],
        [
            "WARC at 439 <1>: fault: pair: request <2> comes next; expected request <9>",
        ],
    ),
    "a request that names another response": (
        [Spoil("ferry request", "WARC-Concurrent-To: <1>", "WARC-Concurrent-To: <9>")],
        [
            "WARC at 1216 <2>: fault: pair: WARC-Concurrent-To is '<9>'; expected <1>, the "
            "record before",
        ],
    ),
    "a request at another time": (
        [Spoil("ferry request", "05:06:07.000000Z", "05:06:08.000000Z")],
        [
            "WARC at 1216 <2>: fault: pair: http://quay.example/ferry of "
            "2026-03-04T05:06:08.000000Z; expected http://quay.example/ferry of "
            "2026-03-04T05:06:07.000000Z, as the record before",
        ],
    ),
    "a response that names no request": (
        [Spoil("crane", "WARC-Concurrent-To: <4>\r\n", "")],
        [
            "WARC at 2517 <4>: fault: pair: a request on its own; expected its response just "
            "before it",
        ],
    ),
    "a header with LF alone": (
        [Spoil("page", "metadata\r\n", "metadata\n")],
        [
            "WARC at 3227 <5>: fault: structure: lines of the header end without a carriage "
            "return",
        ],
    ),
    "a Content-Length too small": (
        [Spoil("page", "Content-Length: 17", "Content-Length: 16")],
        [
            "WARC at 3227 <5>: fault: structure: b'\\n\\r\\n\\r\\n' after the block where "
            "'\\r\\n\\r\\n' should be",
            "WARC at 3227 <5>: fault: block-digest: "
            "sha256:6026bc9f6b756ebdea0b461bbba5b5da8d56eb9322f22650c563703f44d35edd; "
            "expected sha256:b5f100ebe018fd2c44da5c2b8016ee33ae6792156ad16aad3ec5b505c6fe55a9 "
            "as WARC-Block-Digest says",
        ],
    ),
    "a Content-Length too large": (
        [Spoil("page", "Content-Length: 17", "Content-Length: 28")],
        [
            "WARC at 3227 <5>: fault: damaged: the gzip member ends after 21 of the block's "
            "28 octets; expected a whole record; nothing after it was checked",
        ],
    ),
    "one line end at the end": (
        [Spoil("page", ": 1\r\n\r\n\r\n", ": 1\r\n\r\n")],
        [
            "WARC at 3227 <5>: fault: structure: b'\\r\\n' after the block where "
            "'\\r\\n\\r\\n' should be",
        ],
    ),
    "an address that is none": (
        [Spoil("ferry", "127.0.0.1", "127.0.0.x")],
        [
            "WARC at 439 <1>: fault: bad-field: WARC-IP-Address is '127.0.0.x'; expected an "
            "IPv4 or IPv6 address (5.10)",
        ],
    ),
    "a truncation that is no word": (
        [Spoil("crane", "WARC-Concurrent-To", "WARC-Truncated: too long\r\nWARC-Concurrent-To")],
        [
            "WARC at 1910 <3>: fault: bad-field: WARC-Truncated is 'too long'; expected "
            "length, time, disconnect or unspecified (5.13)",
        ],
    ),
    "a second warcinfo": (
        [Spoil("page", "metadata", "warcinfo")],
        [
            "WARC at 3227 <5>: fault: misplaced-field: WARC-Concurrent-To '<1>'; expected no "
            "such field in a warcinfo record",
            "WARC at 3227 <5>: fault: misplaced-field: WARC-Refers-To '<1>'; expected no such "
            "field in a warcinfo record",
            "WARC at 3227 <5>: fault: misplaced-field: WARC-Target-URI "
            "'http://quay.example/ferry'; expected no such field in a warcinfo record",
            "WARC at 3227 <5>: fault: misplaced-field: WARC-Warcinfo-ID '<0>'; expected no "
            "such field in a warcinfo record",
            "WARC at 3227 <5>: fault: first-record: another warcinfo; expected one, at the "
            "beginning",
            "WARC at 3227 <5>: fault: filename: WARC-Filename is None; expected 'STEM.warc.gz'",
            "PAGES at 83: fault: page: 'http://quay.example/ferry' is no page; expected a "
            "metadata record that declares it",
            "MANIFEST: fault: counts: record_counts {'metadata': 1, 'request': 2, 'response': "
            "2, 'warcinfo': 1}; expected {'request': 2, 'response': 2, 'warcinfo': 2} as the "
            "files hold",
        ],
    ),
}


@pytest.mark.parametrize(("spoils", "lines"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_record_is_told_with_its_place(
    spoils: list[Spoil], lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    build(Path(), *spoils)

    assert told(Path("quay"))[:-1] == lines
