"""What the tests of stores lean on, asked of the servers themselves with boto3 alone."""

from __future__ import annotations

import errno
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.servers.programs import ROOT, script
from tests.servers.s3 import Missing, S3Server
from tests.servers.swift import reader_of

BODY = os.urandom(100_000)
PART = 5 << 20


@pytest.fixture(params=["swift", "swift_https", "rclone", "rclone_https"])
def server(request: pytest.FixtureRequest) -> S3Server:
    chosen: S3Server = request.getfixturevalue(request.param)
    return chosen


def test_what_is_put_is_got_and_listed_until_it_is_deleted(server: S3Server) -> None:
    s3, bucket = server.client(), server.bucket()
    s3.put_object(Bucket=bucket, Key="a/b c", Body=BODY)
    assert s3.get_object(Bucket=bucket, Key="a/b c")["Body"].read() == BODY
    assert _keys(server, bucket) == ["a/b c"]
    s3.delete_object(Bucket=bucket, Key="a/b c")
    assert _keys(server, bucket) == []


def test_a_range_is_answered_with_just_that(server: S3Server) -> None:
    s3, bucket = server.client(), server.bucket()
    s3.put_object(Bucket=bucket, Key="k", Body=BODY)
    answer = s3.get_object(Bucket=bucket, Key="k", Range="bytes=1000-1999")
    assert answer["Body"].read() == BODY[1000:2000]
    assert answer["ContentRange"] == "bytes 1000-1999/100000"


def test_metadata_is_kept_under_its_name_but_for_the_case(server: S3Server) -> None:
    s3, bucket = server.client(), server.bucket()
    s3.put_object(Bucket=bucket, Key="k", Body=BODY, Metadata={"sha256": "0f"})
    kept = s3.head_object(Bucket=bucket, Key="k")["Metadata"]
    assert {name.lower(): value for name, value in kept.items()} == {"sha256": "0f"}


def test_parts_become_one_object(server: S3Server) -> None:
    s3, bucket = server.client(), server.bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    parts = [_part(server, bucket, upload, 1, b"1" * PART), _part(server, bucket, upload, 2, BODY)]
    assert _uploads(server, bucket) == [upload]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"1" * PART + BODY
    assert _uploads(server, bucket) == []


def test_an_aborted_upload_leaves_nothing(server: S3Server) -> None:
    s3, bucket = server.client(), server.bucket()
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    _part(server, bucket, upload, 1, BODY)
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    assert _uploads(server, bucket) == _keys(server, bucket) == []


def test_a_body_that_its_md5_denies_is_refused(server: S3Server) -> None:
    other = b64encode(hashlib.md5(b"another").digest()).decode()
    with pytest.raises(ClientError, match="BadDigest"):
        server.client().put_object(
            Bucket=server.bucket(), Key="k", Body=BODY, ContentMD5=other
        )  # fmt: skip


@pytest.mark.parametrize("changed", ["access_key", "secret_key"])
def test_a_stranger_is_refused(server: S3Server, changed: str) -> None:
    stranger: dict[str, Any] = {changed: "stranger"}
    with pytest.raises(ClientError, match=r"InvalidAccessKeyId|SignatureDoesNotMatch"):
        replace(server, **stranger).client().list_objects_v2(Bucket=server.bucket())


def test_a_bucket_that_is_not_there_is_named_as_such(server: S3Server) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        server.client().put_object(Bucket="no-such-bucket", Key="k", Body=b"")


def test_swift_writes_no_object_over_another_when_asked_not_to(swift: S3Server) -> None:
    s3, bucket = swift.client(), swift.bucket()
    s3.put_object(Bucket=bucket, Key="k", Body=b"first", IfNoneMatch="*")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.put_object(Bucket=bucket, Key="k", Body=b"second", IfNoneMatch="*")


def test_rclone_writes_over_it_all_the_same(rclone: S3Server) -> None:
    s3, bucket = rclone.client(), rclone.bucket()
    s3.put_object(Bucket=bucket, Key="k", Body=b"first", IfNoneMatch="*")
    s3.put_object(Bucket=bucket, Key="k", Body=b"second", IfNoneMatch="*")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"second"


def test_swift_gives_no_range_of_an_object_that_has_changed(swift: S3Server) -> None:
    s3, bucket = swift.client(), swift.bucket()
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"first")["ETag"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"second")
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-1", IfMatch=etag)


def test_rclone_gives_it_all_the_same(rclone: S3Server) -> None:
    s3, bucket = rclone.client(), rclone.bucket()
    etag = s3.put_object(Bucket=bucket, Key="k", Body=b"first")["ETag"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"second")
    answer = s3.get_object(Bucket=bucket, Key="k", Range="bytes=0-1", IfMatch=etag)
    assert answer["Body"].read() == b"se"


def test_swift_verifies_a_sha256(swift_https: S3Server) -> None:
    s3, bucket = swift_https.client(), swift_https.bucket()
    other = b64encode(hashlib.sha256(b"another").digest()).decode()
    s3.put_object(Bucket=bucket, Key="right", Body=BODY, ChecksumAlgorithm="SHA256")
    with pytest.raises(ClientError, match="BadDigest"):
        s3.put_object(Bucket=bucket, Key="wrong", Body=BODY, ChecksumSHA256=other)


def test_rclone_repeats_a_sha256_that_it_never_verified(rclone: S3Server) -> None:
    s3, bucket = rclone.client(), rclone.bucket()
    other = b64encode(hashlib.sha256(b"another").digest()).decode()
    s3.put_object(Bucket=bucket, Key="k", Body=BODY, ChecksumSHA256=other)
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == other


def test_rclone_refuses_the_trailer_that_boto3_sends_by_default(rclone_https: S3Server) -> None:
    s3 = rclone_https.client(request_checksum_calculation="when_supported")
    with pytest.raises(ClientError, match="MissingContentLength"):
        s3.put_object(Bucket=rclone_https.bucket(), Key="k", Body=BODY)


def test_swift_names_the_region_that_it_expects(swift: S3Server) -> None:
    with pytest.raises(ClientError, match=r"AuthorizationHeaderMalformed.*'eu-west-3'"):
        replace(swift, region="elsewhere-1").client().list_buckets()


def test_a_reader_of_swift_reads_what_is_public_and_writes_nothing(swift: S3Server) -> None:
    s3, bucket = swift.client(), swift.bucket()
    s3.put_object(Bucket=bucket, Key="k", Body=BODY)
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")
    reader = reader_of(swift).client()
    assert reader.get_object(Bucket=bucket, Key="k")["Body"].read() == BODY
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.put_object(Bucket=bucket, Key="k", Body=b"")


def test_a_server_ends_with_the_process_that_started_it_even_under_sigkill(
    tmp_path: Path,
) -> None:
    script = (
        "import time; from tests.servers.rclone import rclone_server\n"
        "with rclone_server() as server: print(server.endpoint, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    ) as starter:  # fmt: skip
        assert starter.stdout is not None
        port = int(starter.stdout.readline().rpartition(":")[2])
        starter.send_signal(signal.SIGKILL)
    assert _is_closed(port, within=10)


def test_a_program_that_is_missing_is_named_with_its_remedy() -> None:
    with pytest.raises(Missing, match=r"no-such-package is not installed.*pip install"):
        script("no-such-program", "no-such-package")


def test_nothing_about_a_server_shows_its_secret(server: S3Server) -> None:
    assert server.secret_key not in repr(server)


def test_the_settings_of_an_https_server_name_its_authority(swift_https: S3Server) -> None:
    assert Path(swift_https.settings()["AWS_VERIFY"]).is_file()


def _is_closed(port: int, *, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        with socket.socket() as connection:
            if connection.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED:
                return True
        time.sleep(0.05)
    return False


def _keys(server: S3Server, bucket: str) -> list[str]:
    listed = server.client().list_objects_v2(Bucket=bucket).get("Contents", [])
    return [entry["Key"] for entry in listed]


def _uploads(server: S3Server, bucket: str) -> list[str]:
    listed = server.client().list_multipart_uploads(Bucket=bucket).get("Uploads", [])
    return [entry["UploadId"] for entry in listed]


def _part(server: S3Server, bucket: str, upload: str, number: int, body: bytes) -> dict[str, Any]:
    answer = server.client().upload_part(
        Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=body
    )
    return {"PartNumber": number, "ETag": answer["ETag"]}
