"""What a check tells of the page that a record says it is a requisite of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archiver.quay import Spoil, build, told

ID = "00000000-0000-4000-8000-000000000001"
FIELD = "WARC-Protocol: http/1.1\r\n"


def tied(page_id: str, *parts: str) -> list[Spoil]:
    """Return what makes the records *parts* say that they are a requisite of *page_id*."""
    return [Spoil(part, FIELD, f"{FIELD}WARC-Page-ID: {page_id}\r\n") for part in parts]


def test_records_of_a_requisite_are_sound(tmp_path: Path) -> None:
    lines = told(build(tmp_path, *tied(ID, "ferry", "ferry request")))

    assert [line for line in lines if "fault" in line and "0 faults" not in line] == []


def test_a_response_and_its_request_are_requisites_of_one_page(tmp_path: Path) -> None:
    lines = told(build(tmp_path, *tied(ID, "ferry")))

    assert [line.split("/WARC at ")[1] for line in lines if ": fault: " in line] == [
        "1268 <2>: fault: pair: WARC-Page-ID is None; expected '~1', as the record before"
    ]


@pytest.mark.parametrize(
    "page_id",
    [
        "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "00000000-0000-1000-8000-000000000001",
        "00000000-0000-4000-8000-00000000000A",
        "front",
    ],
)
def test_the_id_of_a_page_is_a_bare_uuid(tmp_path: Path, page_id: str) -> None:
    lines = told(build(tmp_path, *tied(page_id, "ferry", "ferry request")))

    assert [line.split(": ")[1:3] for line in lines if ": fault: " in line] == [
        ["fault", "bad-id"],
        ["fault", "bad-id"],
    ]
