"""The example records that the standard prints in its Annex C."""

from __future__ import annotations

import pytest

from tests.archiver.logbook import (
    first,
)

# Annex C of the WARC format 1.1 prints an example for each record type. Its blocks stand here
# with LF, as they must for the lengths that it prints for C.2, C.3 and C.8; where the length
# that it prints is not that of the block it prints (C.1, C.4, C.5, C.6), it is put right.
PHOTOGRAPH = bytes(range(256)) * 6 + bytes(126)
HTTP_HEAD = (
    b"HTTP/1.1 200 OK\nDate: Tue, 19 Sep 2006 17:18:40 GMT\nServer: Apache/2.0.54 (Ubuntu)\n"
    b'Last-Modified: Mon, 16 Jun 2003 22:28:51 GMT\nETag: "3e45-67e-2ed02ec0"\n'
    b"Accept-Ranges: bytes\nContent-Length: 1662\nConnection: close\n"
    b"Content-Type: image/jpeg\n\n"
)
ANNEX_C = {
    "C.1": (
        "WARC-Type: warcinfo\nWARC-Date: 2006-09-19T17:20:14Z\n"
        "WARC-Record-ID: <urn:uuid:d7ae5c10-e6b3-4d27-967d-34780c58ba39>\n"
        "Content-Type: application/warc-fields\nContent-Length: 389\n",
        b"software: Heritrix 1.12.0 http://crawler.archive.org\n"
        b"hostname: crawling017.archive.org\nip: 207.241.227.234\n"
        b"isPartOf: testcrawl-20050708\ndescription: testcrawl with WARC output\n"
        b"operator: IA_Admin\nhttp-header-user-agent:\n"
        b" Mozilla/5.0 (compatible; heritrix/1.4.0 +http://crawler.archive.org)\n"
        b"format: WARC file version 1.0\nconformsTo:\n"
        b" http://www.archive.org/documents/WarcFileFormat-1.0.html\n",
    ),
    "C.2": (
        "WARC-Type: response\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Warcinfo-ID: <urn:uuid:d7ae5c10-e6b3-4d27-967d-34780c58ba39>\n"
        "WARC-Date: 2006-09-19T17:20:24Z\n"
        "WARC-Block-Digest: sha1:UZY6ND6CCHXETFVJD2MSS7ZENMWF7KQ2\n"
        "WARC-Payload-Digest: sha1:CCHXETFVJD2MUZY6ND6SS7ZENMWF7KQ2\n"
        "WARC-IP-Address: 207.241.233.58\n"
        "WARC-Record-ID: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\n"
        "Content-Type: application/http;msgtype=response\n"
        "WARC-Identified-Payload-Type: image/jpeg\nContent-Length: 1902\n",
        HTTP_HEAD + PHOTOGRAPH,
    ),
    "C.3": (
        "WARC-Type: resource\nWARC-Target-URI: file://var/www/htdoc/images/logoc.jpg\n"
        "WARC-Date: 2006-09-30T16:40:32Z\n"
        "WARC-Record-ID: <urn:uuid:23200706-de3e-3c61-a131-g65d7fd80cc1>\n"
        "Content-Type: image/jpeg\n"
        "WARC-Payload-Digest: sha1:DBXHDRBXLF4OMUZ5DN4JJ2KFUAOB6VK8\n"
        "WARC-Block-Digest: sha1:DBXHDRBXLF4OMUZ5DN4JJ2KFUAOB6VK8\nContent-Length: 1662\n",
        PHOTOGRAPH,
    ),
    "C.4": (
        "WARC-Type: request\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Warcinfo-ID: <urn:uuid:d7ae5c10-e6b3-4d27-967d-34780c58ba39>\n"
        "WARC-Date: 2006-09-19T17:20:24Z\nContent-Length: 234\n"
        "WARC-Record-ID: <urn:uuid:4885803b-eebd-4b27-a090-144450c11594>\n"
        "Content-Type: application/http;msgtype=request\n"
        "WARC-Concurrent-To: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\n",
        b"GET /images/logoc.jpg HTTP/1.0\n"
        b"User-Agent: Mozilla/5.0 (compatible; heritrix/1.10.0)\nFrom: stack@example.org\n"
        b"Connection: close\nReferer: http://www.archive.org/\nHost: www.archive.org\n"
        b"Cookie: PHPSESSID=009d7bb11022f80605aa87e18224d824\n\n",
    ),
    "C.5": (
        "WARC-Type: metadata\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Date: 2006-09-19T17:20:24Z\n"
        "WARC-Record-ID: <urn:uuid:16da6da0-bcdc-49c3-927e-57494593b943>\n"
        "WARC-Concurrent-To: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\n"
        "Content-Type: application/warc-fields\n"
        "WARC-Block-Digest: sha1:VXT4AF5BBZVHDYKNC2CSM8TEAWDB6CH8\nContent-Length: 62\n",
        b"via: http://www.archive.org/\nhopsFromSeed: E\nfetchTimeMs: 565\n",
    ),
    "C.6": (
        "WARC-Type: revisit\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Date: 2007-03-06T00:43:35Z\n"
        "WARC-Profile: http://netpreserve.org/warc/1.0/server-not-modified\n"
        "WARC-Record-ID: <urn:uuid:16da6da0-bcdc-49c3-927e-57494593bbbb>\n"
        "WARC-Refers-To: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\n"
        "Content-Type: message/http\nContent-Length: 196\n",
        b"HTTP/1.x 304 Not Modified\nDate: Tue, 06 Mar 2007 00:43:35 GMT\n"
        b"Server: Apache/2.0.54 (Ubuntu) PHP/5.0.5-2ubuntu1.4\nConnection: Keep-Alive\n"
        b'Keep-Alive: timeout=15, max=100\nEtag: "3e45-67e-2ed02ec0"\n\n',
    ),
    "C.7": (
        "WARC-Type: conversion\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Date: 2016-09-19T19:00:40Z\n"
        "WARC-Record-ID: <urn:uuid:16da6da0-bcdc-49c3-927e-57494593dddd>\n"
        "WARC-Refers-To: <urn:uuid:92283950-ef2f-4d72-b224-f54c6ec90bb0>\n"
        "WARC-Block-Digest: sha1:XQMRY75YY42ZWC6JAT6KNXKD37F7MOEK\n"
        "Content-Type: image/neoimg\nContent-Length: 934\n",
        PHOTOGRAPH[:934],
    ),
    "C.8 first": (
        "WARC-Type: response\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Date: 2006-09-19T17:20:24Z\n"
        "WARC-Block-Digest: sha1:2ASS7ZUZY6ND6CCHXETFVJDENAWF7KQ2\n"
        "WARC-Payload-Digest: sha1:CCHXETFVJD2MUZY6ND6SS7ZENMWF7KQ2\n"
        "WARC-IP-Address: 207.241.233.58\n"
        "WARC-Record-ID: <urn:uuid:39509228-ae2f-11b2-763a-aa4c6ec90bb0>\n"
        "WARC-Segment-Number: 1\nContent-Type: application/http;msgtype=response\n"
        "Content-Length: 1600\n",
        HTTP_HEAD + PHOTOGRAPH[:1360],
    ),
    "C.8 last": (
        "WARC-Type: continuation\nWARC-Target-URI: http://www.archive.org/images/logoc.jpg\n"
        "WARC-Date: 2006-09-19T17:20:24Z\n"
        "WARC-Block-Digest: sha1:T7HXETFVA92MSS7ZENMFZY6ND6WF7KB7\n"
        "WARC-Record-ID: <urn:uuid:70653950-a77f-b212-e434-7a7c6ec909ef>\n"
        "WARC-Segment-Origin-ID: <urn:uuid:39509228-ae2f-11b2-763a-aa4c6ec90bb0>\n"
        "WARC-Segment-Number: 2\nWARC-Segment-Total-Length: 1902\n"
        "WARC-Identified-Payload-Type: image/jpeg\nContent-Length: 302\n",
        PHOTOGRAPH[1360:],
    ),
}


@pytest.mark.parametrize(("header", "block"), ANNEX_C.values(), ids=ANNEX_C.keys())
def test_the_examples_of_the_standard_are_read(header: str, block: bytes) -> None:
    head = f"WARC/1.0\n{header}\n".replace("\n", "\r\n").encode()

    record = first(head + block + b"\r\n\r\n")

    assert record.read(9999) == block
    assert record.faults == []
    assert [f"{name}: {value}\n" for name, value in record.fields] == header.splitlines(True)
