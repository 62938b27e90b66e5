"""What a WACZ says of itself, to the octet."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from archiver.wacz.package import (
    Description,
    MainPage,
    Resource,
    as_created,
    datapackage,
    datapackage_digest,
    described,
)

MOMENT = datetime(2026, 3, 4, 5, 6, 8, 999, tzinfo=UTC)
WARC = Resource(path="archive/x.warc.gz", size=7, sha256="ab" * 32)


def description(main_page: MainPage | None = None) -> Description:
    return Description(
        title="Häfen", created=MOMENT, software="archiver/0.1.0", main_page=main_page
    )


def test_a_package_has_what_the_specification_asks_for() -> None:
    page = MainPage(url="http://quay.example/", ts="2026-03-04T05:06:07.000000Z")

    assert json.loads(datapackage(description(page), [WARC])) == {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": "Häfen",
        "metadata": {"title": "Häfen"},
        "mainPageUrl": "http://quay.example/",
        "mainPageDate": "2026-03-04T05:06:07.000000Z",
        "software": "archiver/0.1.0",
        "created": "2026-03-04T05:06:08Z",
        "resources": [
            {
                "name": "x.warc.gz",
                "path": "archive/x.warc.gz",
                "hash": f"sha256:{'ab' * 32}",
                "bytes": 7,
            }
        ],
    }


def test_a_package_without_pages_names_no_main_page() -> None:
    fields = json.loads(datapackage(description(), [WARC]))

    assert [name for name in fields if name.startswith("main")] == []


def test_a_title_of_any_characters_is_written_in_ascii() -> None:
    package = datapackage(
        Description(title="\udc80 ü", created=MOMENT, software="", main_page=None), []
    )

    assert json.loads(package.decode("ascii"))["title"] == "\udc80 ü"


def test_a_file_that_nobody_has_hashed_has_no_hash() -> None:
    assert described([Resource(path="archive/x.warc", size=7, sha256=None)]) == [
        {"name": "x.warc", "path": "archive/x.warc", "bytes": 7}
    ]


def test_names_are_such_as_data_packages_may_have_and_differ() -> None:
    paths = ["archive/Über uns.warc", "archive/über UNS.warc", "pages/x.warc"]
    resources = [Resource(path=path, size=0, sha256=None) for path in paths]

    assert [entry["name"] for entry in described(resources)] == [
        "-ber-uns.warc",
        "2--ber-uns.warc",
        "x.warc",
    ]


def test_the_digest_is_that_of_the_package() -> None:
    assert json.loads(datapackage_digest(b"{}")) == {
        "path": "datapackage.json",
        "hash": "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    }


def test_signed_data_stands_in_the_digest_file() -> None:
    assert json.loads(datapackage_digest(b"{}", {"hash": "x"}))["signedData"] == {"hash": "x"}


def test_a_moment_is_told_to_the_second_in_utc() -> None:
    there = MOMENT.astimezone(timezone(timedelta(hours=9)))

    assert as_created(there) == "2026-03-04T05:06:08Z"
