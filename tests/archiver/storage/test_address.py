"""Addresses of buckets, and the sentences that refuse what is none."""

from __future__ import annotations

import pytest

from archiver.errors import SettingError
from archiver.storage.address import Place, is_bucket, place_at


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("s3://bucket", Place(bucket="bucket", prefix="")),
        ("s3://bucket/", Place(bucket="bucket", prefix="")),
        ("S3://my.bucket-1/a/b c/ü%20", Place(bucket="my.bucket-1", prefix="a/b c/ü%20")),
        ("s3://b_B//pre//", Place(bucket="b_B", prefix="pre")),
        ("s3://bucket/a@b", Place(bucket="bucket", prefix="a@b")),
    ],
)
def test_an_address_names_a_bucket_and_a_prefix(address: str, expected: Place) -> None:
    assert place_at(address) == expected


def test_a_place_is_written_as_its_address() -> None:
    assert str(Place(bucket="bucket", prefix="")) == "s3://bucket"
    assert str(Place(bucket="bucket", prefix="a/b")) == "s3://bucket/a/b"


@pytest.mark.parametrize(
    ("address", "expected"), [("s3://b", True), ("S3://b", True), ("s3:/b", False), ("a", False)]
)
def test_a_bucket_is_known_by_its_scheme(address: str, expected: bool) -> None:
    assert is_bucket(address) is expected


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("s3://", "names no bucket: 3 to 63 letters"),
        ("s3:///hidden", "names no bucket: 3 to 63 letters"),
        ("s3://hi", "names no bucket: 3 to 63 letters"),
        ("s3://-hidden", "names no bucket: 3 to 63 letters"),
        ("s3://hidden:9000/x", "names no bucket: 3 to 63 letters"),
        ("s3://hiddén/x", "names no bucket: 3 to 63 letters"),
        ("s3://hid den/x", "names no bucket: 3 to 63 letters"),
        ("s3://" + "hid" * 22, "names no bucket: 3 to 63 letters"),
        ("s3://KEY:hidden@bucket/x", "holds credentials, which would be seen in logs: give them"),
        ("s3://bucket/x?hidden", "has a query or a fragment: write it as s3://bucket/prefix"),
        ("s3://bucket/x#hidden", "has a query or a fragment: write it as s3://bucket/prefix"),
        ("s3://bucket/hid\udcffden", "control characters or one that is not UTF-8"),
        ("s3://bucket/hid\nden", "control characters or one that is not UTF-8"),
        ("s3://bucket/hidden//x", "an empty part, '.' or '..'"),
        ("s3://bucket/hidden/../x", "an empty part, '.' or '..'"),
        ("s3://bucket/" + "hid" * 171, "a prefix of more than 512 octets: shorten it"),
    ],
)
def test_an_address_of_no_bucket_is_refused_without_being_repeated(
    address: str, sentence: str
) -> None:
    with pytest.raises(SettingError) as refusal:
        place_at(address)

    assert str(refusal.value).startswith("ARCHIVE_STORE ")
    assert sentence in str(refusal.value)
    assert "hi" not in str(refusal.value).removeprefix("ARCHIVE_STORE ").replace("which", "")
