"""What is asked of a bucket and what is made of the answers, octet by octet.

Amazon's own answers are reached as they are on a plain network: by a proxy, which is ours.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from archiver.errors import StoreAway, StoreError
from archiver.storage.access import Access
from archiver.storage.bucket import S3Store
from tests.archiver.storage.buckets import LARGE, written
from tests.archiver.storage.literal import KEY, SECRET, Literal, answer, answering, refusal

MIB16 = 16 << 20
ODD = 'ETag: "0123456789abcdef0123456789abcdef-2"'
XML = "Content-Type: application/xml"


def page(*keys: str, token: str = "") -> bytes:
    """Return a page of a bucket's list."""
    found = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys)
    more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{token}</NextContinuationToken>"
    body = (
        "<?xml version='1.0'?><ListBucketResult><EncodingType>url</EncodingType>"
        f"{more if token else ''}{found}</ListBucketResult>"
    )
    return answer("200 OK", body.encode(), XML)


def test_a_list_is_in_byte_order_whatever_the_servers_is() -> None:
    answers = {
        "continuation-token=2": page("p/a%2Fb", "p/%F0%9F%98%80"),
        "prefix=p%2F": page("p/b", "p/folder%2F", "p/%EF%BF%BD", "p/a-b", token="2"),
    }
    with answering(answers) as server:
        names = list(S3Store("bucket", "p", server.access()).list(""))

    assert names == ["a-b", "a/b", "b", "\ufffd", "\U0001f600"]


def test_a_list_without_an_end_of_xml_is_no_s3() -> None:
    with answering({"": answer("200 OK", b"<ListBucketResult>", XML)}) as server:
        store = S3Store("bucket", "p", server.access())
        with pytest.raises(StoreError, match=r"^the store s3://bucket/p cannot be listed: "):
            list(store.list(""))


def fields(request: bytes) -> dict[str, str]:
    """Return the header fields of *request*, their names in lower case."""
    lines = request.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}


def test_a_small_file_goes_with_its_digests_and_without_a_trailer(tmp_path: Path) -> None:
    answers = {
        "^PUT": answer("200 OK", b"", 'ETag: "900150983cd24fb0d6963f7d28e17f72"'),
        "^HEAD": refusal("404 Not Found", "NoSuchKey"),
    }
    with answering(answers) as server:
        store = S3Store("bucket", "p", server.access())
        with pytest.raises(StoreAway, match="p/x is not there after it was sent: it is sent"):
            store.send(written(tmp_path / "x", b"abc"), "x")

    assert server.lines == ["HEAD /bucket/p/x", "PUT /bucket/p/x", "HEAD /bucket/p/x"]
    sent = fields(server.requests[1])
    assert sent["content-md5"] == "kAFQmDzST7DWlj99KOF/cg=="
    assert sent["x-amz-meta-sha256"].startswith("ba7816bf8f01cfea414140de5dae2223b00361a396177a9c")
    assert not {"x-amz-trailer", "transfer-encoding", "content-encoding"} & sent.keys()
    assert [name for name in sent if "checksum" in name] == []


@pytest.mark.parametrize(
    ("reported", "read", "is_held"),
    [(b"abc", b"abc", True), (b"abc", b"abd", False), (b"abcd", b"", False)],
)
def test_what_a_server_cannot_prove_is_read_back(
    tmp_path: Path, reported: bytes, read: bytes, is_held: bool
) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(reported)}\r\nConnection: close\r\n{ODD}\r\n"
    answers = {
        "^PUT": answer("200 OK", b"", ODD),
        "^HEAD": f"{head}\r\n".encode(),
        "^GET": answer("206 Partial Content", read, ODD, "Content-Range: bytes 0-2/3"),
    }
    with answering(answers) as server:
        store = S3Store("bucket", "p", server.access())
        outcome = attempt(store, written(tmp_path / "x", b"abc"))

    assert outcome == ("is there" if is_held else "holds other octets than were sent")
    assert ("GET /bucket/p/x" in server.lines) is (len(reported) == 3)


def attempt(store: S3Store, path: Path) -> str:
    """Return what becomes of sending *path* over whatever is there."""
    try:
        store.send(path, "x", replaces=True)
    except StoreAway as error:
        return str(re.search("holds other octets than were sent", str(error))[0])  # type: ignore[index]
    return "is there"


def test_a_server_that_ignores_ranges_is_refused_before_it_tells_all() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\nConnection: close\r\n{ODD}\r\n\r\n"
    answers = {"^HEAD": head.encode(), "^GET": answer("200 OK", bytes(9_000_000), ODD)}

    with answering(answers) as server:
        file = S3Store("bucket", "p", server.access()).open("x")
        with pytest.raises(StoreError, match="does not answer with the range it was asked"):
            file.read(1)


# Amazon's own


@pytest.fixture
def amazon() -> Access:
    """Return the access to Amazon's own endpoint, over plain HTTP and so through a proxy."""
    return Access(access_key_id=KEY, secret_access_key=SECRET, region="eu-west-1", use_ssl=False)


def proxied(server: Literal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let *server* stand for all hosts."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{server.port}")


def b64_sha256(octets: bytes) -> str:
    return base64.b64encode(hashlib.sha256(octets).digest()).decode()


# As in Amazon's documentation: the checksum of an object in parts is that of its parts' checksums.
COMPOSITE = b64_sha256(
    hashlib.sha256(LARGE[:MIB16]).digest() + hashlib.sha256(LARGE[MIB16:]).digest()
)


def in_parts(checksum: str) -> dict[str, bytes]:
    """Return how Amazon answers to an upload in parts that ends with *checksum*."""
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Length: {len(LARGE)}\r\nConnection: close\r\n{ODD}\r\n"
        f"x-amz-checksum-sha256: {checksum}\r\nx-amz-server-side-encryption: aws:kms\r\n\r\n"
    )
    begun = (
        b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
    )
    return {
        "^GET .*uploads": answer("200 OK", b"<ListMultipartUploadsResult/>", XML),
        "^GET": answer("206 Partial Content", b"", ODD),
        "^POST .*uploads": answer("200 OK", begun, XML),
        "^POST .*uploadId": answer("200 OK", b"<CompleteMultipartUploadResult/>", XML),
        "^PUT": answer("200 OK", b"", 'ETag: "part"'),
        "^HEAD": head.encode(),
    }


def test_amazons_checksum_of_parts_is_proof_where_its_etag_is_none(
    amazon: Access, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with answering(in_parts(f"{COMPOSITE}-2")) as server:
        proxied(server, monkeypatch)
        is_sent = S3Store("bucket", "p", amazon).send(written(tmp_path / "x", LARGE), "x")

    assert not is_sent  # for it is there already
    assert server.lines == ["HEAD http://bucket.s3.eu-west-1.amazonaws.com/p/x"]
    assert fields(server.requests[0])["x-amz-checksum-mode"] == "ENABLED"


def test_parts_go_to_amazon_with_both_digests(
    amazon: Access, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answers = in_parts(f"{COMPOSITE}-2") | {"^HEAD": refusal("404 Not Found", "NoSuchKey")}
    with answering(answers) as server:
        proxied(server, monkeypatch)
        with pytest.raises(StoreAway, match="is not there after it was sent"):
            S3Store("bucket", "p", amazon).send(written(tmp_path / "x", LARGE), "x")

    parts = sorted(
        (re.search(r"partNumber=(\d)", request.decode("latin-1"))[1], fields(request))  # type: ignore[index]
        for request in server.requests
        if request.startswith(b"PUT")
    )
    digests = [(each["content-md5"], each["x-amz-checksum-sha256"]) for _, each in parts]
    assert digests == [
        (base64.b64encode(hashlib.md5(octets).digest()).decode(), b64_sha256(octets))
        for octets in (LARGE[:MIB16], LARGE[MIB16:])
    ]


def test_a_bucket_without_an_endpoint_of_its_own_is_amazons(
    amazon: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering({"": refusal("404 Not Found", "NoSuchKey")}) as server:
        proxied(server, monkeypatch)
        S3Store("bucket", "", amazon).exists("x")

    assert server.lines == ["HEAD http://bucket.s3.eu-west-1.amazonaws.com/x"]


def test_an_endpoint_of_boto3s_own_configuration_is_asked_as_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with answering({"": refusal("404 Not Found", "NoSuchKey")}) as server:
        config = f"[default]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:{server.port}\n"
        monkeypatch.setenv("AWS_CONFIG_FILE", str(written(tmp_path / "config", config.encode())))
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        S3Store("bucket", "", Access()).exists("x")

    assert server.lines == ["HEAD /bucket/x"]
    assert "x-amz-checksum-mode" not in fields(server.requests[0])


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("AWS_PROFILE", "nobody", "AWS_PROFILE names a profile that there is not"),
        ("AWS_CONFIG_FILE", "damaged", "boto3 cannot ask for it (ConfigParseError): check its"),
    ],
)
def test_a_configuration_of_boto3_that_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "damaged", b"[[[")
    monkeypatch.setenv(name, value)

    with pytest.raises(StoreError) as refused:
        S3Store("bucket", "p", Access())

    assert str(refused.value).startswith("the bucket 'bucket' cannot be reached: " + sentence)
