"""What somebody lists is read in any of its forms, and compared with what is there."""

from __future__ import annotations

import io

import pytest

from archiver.sources.listed import HashedFile, Listed, listed_in

HASH = "ab" * 16


@pytest.mark.parametrize(
    ("entry", "listed"),
    [
        ({"hash": f"md5:{HASH}", "bytes": 7}, (7, "md5", HASH)),
        ({"hash": f"MD5:{HASH.upper()}", "bytes": 7}, (7, "md5", HASH)),
        ({"stats": {"hash": HASH, "bytes": 7}, "hashing": "md5"}, (7, "md5", HASH)),
        ({"hash": f"crc32:{HASH}", "bytes": "7"}, (None, None, None)),
        ({"hash": HASH, "bytes": True}, (None, None, None)),
        ({"hash": None, "hashing": "md5"}, (None, None, None)),
        ({}, (None, None, None)),
    ],
    ids=["1.1.1", "capitals", "1.0.0", "unknown", "no algorithm", "no hash", "nothing"],
)
def test_a_package_may_say_it_in_several_ways(
    entry: dict[str, object], listed: tuple[int | None, str | None, str | None]
) -> None:
    size, algorithm, digest = listed

    assert list(listed_in({"resources": [{"path": "x", **entry}]})) == [
        Listed(path="x", size=size, algorithm=algorithm, digest=digest)
    ]


def test_a_file_is_hashed_as_it_is_read() -> None:
    opened = io.BytesIO(b"onetwo")
    file = HashedFile(opened, "md5")

    assert file.read(3) == b"one"
    file.read_on()

    assert (file.size, file.crc32) == (6, 0x8C118145)
    assert file.digest == "5b9164ad6f496d9dee12ec7634ce253f"
    file.close()
    assert not opened.closed


def test_what_is_not_as_listed_is_worded_with_what_differs_first() -> None:
    file = HashedFile(io.BytesIO(b"onetwo"), "md5")
    file.read_on()

    of_another_size = Listed(path="x", size=7, algorithm="md5", digest=HASH)
    assert of_another_size.lie(file, "a.wacz") == (
        "a.wacz holds 'x' with bytes 6 where its datapackage.json says 7: do not trust what it "
        "shows"
    )
    assert Listed(path="x", size=6, algorithm=None, digest=None).lie(file, "a.wacz") is None
