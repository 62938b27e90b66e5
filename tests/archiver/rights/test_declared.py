"""What is known of the rights in a page, in the record that declares it, and back."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.capture import HostRights, Location, Page
from archiver.reader import StoredRecord, read_records
from archiver.records import page_metadata
from archiver.warcpages import declared

PAGE = Page(
    target="https://news.example.org/ferry",
    captured_at=datetime(2026, 5, 3, tzinfo=UTC),
    record_id="<urn:uuid:7f3c1f8e-0000-4000-8000-000000000001>",
    location=Location(filename="news-1.warc.gz", offset=512, length=2048),
    collection="news",
    seed="https://news.example.org/",
)
SEED = b"seed: https://news.example.org/\r\n"
POLICY = "https://provider.example/policies/é?a=1&b=2"

CASES: list[tuple[HostRights | None, bool, bytes]] = [
    (None, False, SEED),
    (None, True, SEED + b"rights: respect\r\n"),
    (HostRights(robots_allowed=True), False, SEED + b"robotsAllowed: true\r\n"),
    (HostRights(robots_allowed=False), False, SEED + b"robotsAllowed: false\r\n"),
    (HostRights(ai_txt_allowed=False), True, SEED + b"aiTxtAllowed: false\r\nrights: respect\r\n"),
    (HostRights(tdm_reservation=0), False, SEED + b"tdmReservation: 0\r\n"),
    (
        HostRights(
            robots_allowed=True, ai_txt_allowed=True, tdm_reservation=1, tdm_policy=POLICY
        ),
        True,
        SEED + b"robotsAllowed: true\r\naiTxtAllowed: true\r\ntdmReservation: 1\r\n"
        b"tdmPolicy: https://provider.example/policies/\xc3\xa9?a=1&b=2\r\nrights: respect\r\n",
    ),
]  # fmt: skip


def block_of(page: Page) -> bytes:
    record = page_metadata(page, record_id="<urn:uuid:2>", warcinfo_id="<urn:uuid:9>")
    return record.header() + record.block.read() + b"\r\n\r\n"


def stored(octets: bytes) -> StoredRecord:
    return next(iter(read_records(io.BytesIO(octets), "a.warc")))


@pytest.mark.parametrize(("rights", "is_respected", "fields"), CASES)
def test_what_is_known_is_written_and_nothing_else(
    rights: HostRights | None, is_respected: bool, fields: bytes
) -> None:
    page = replace(PAGE, rights=rights, is_rights_respected=is_respected)

    assert block_of(page).partition(b"\r\n\r\n")[2] == fields + b"\r\n\r\n"


@pytest.mark.parametrize(("rights", "is_respected", "fields"), CASES)
def test_what_is_written_is_read_back(
    rights: HostRights | None, is_respected: bool, fields: bytes
) -> None:
    page = replace(PAGE, rights=rights, is_rights_respected=is_respected)

    assert declared(replace(PAGE, seed=None), stored(block_of(page))) == page


BROKEN = [
    (b"robotsAllowed: yes\r\naiTxtAllowed:\r\ntdmReservation: -1\r\n", None, False),
    (b"rights: disrespect\r\n", None, False),
    (b"RIGHTS: respect\r\nRobotsAllowed: true\r\n", HostRights(robots_allowed=True), True),
]


@pytest.mark.parametrize(("fields", "rights", "is_respected"), BROKEN)
def test_what_makes_no_sense_says_nothing(
    fields: bytes, rights: HostRights | None, is_respected: bool
) -> None:
    octets = block_of(PAGE).replace(
        b"Content-Length: %d" % len(SEED), b"Content-Length: %d" % len(fields)
    )
    octets = octets.replace(SEED, fields)

    page = declared(PAGE, stored(octets))

    assert page is not None
    assert (page.rights, page.is_rights_respected) == (rights, is_respected)
