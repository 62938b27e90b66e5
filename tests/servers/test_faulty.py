"""The proxy passes on what it is given, and each fault really happens."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.servers.faults import Do, Fault, Request
from tests.servers.faulty import Faulty, faulty
from tests.servers.s3 import S3Server
from tests.wire.script import Answer, Read
from tests.wire.server import Servers, Stage

BODY = os.urandom(3 << 20)
MD5 = f'"{hashlib.md5(BODY).hexdigest()}"'


@pytest.fixture
def proxy(rclone: S3Server) -> Iterator[Faulty]:
    with faulty(rclone) as proxy:
        yield proxy


@pytest.fixture
def bucket(rclone: S3Server) -> str:
    return rclone.bucket()


EXCHANGES = [
    (
        b"GET /a%20b?x=%2F HTTP/1.1\r\nhOsT:  x\r\nX-Odd:\xe9 \r\nConnection: close\r\n\r\n",
        b'HTTP/1.1 200 Fine\r\netag: "x"\r\nContent-Length: 3\r\n\r\nabc',
    ),
    (
        b"PUT /k HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nT: 1\r\n\r\n",
    ),
    (
        b"HEAD /k HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    ),
]


@pytest.mark.parametrize(("asked", "answered"), EXCHANGES)
def test_octets_pass_untouched_both_ways(asked: bytes, answered: bytes) -> None:
    stage = Stage([Answer(steps=(answered,), block=None)])
    with Servers() as servers, faulty(_at(servers.open(stage))) as proxy:
        assert _answer(proxy, asked) == answered
    assert [exchange.received for exchange in stage.exchanges] == [asked]


def test_a_client_that_asks_first_is_told_to_go_on_before_it_sends_its_body() -> None:
    go_on, done = b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
    head = b"PUT /k HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    stage = Stage([Answer(steps=(go_on, Read(), done), block=None, first=True)])
    with (
        Servers() as servers,
        faulty(_at(servers.open(stage))) as proxy,
        socket.create_connection(("127.0.0.1", _port(proxy)), timeout=10) as client,
    ):
        client.sendall(head)
        assert client.recv(1000) == go_on
        client.sendall(b"ab")
        assert client.recv(1000) == done


@pytest.mark.parametrize("behind", ["swift", "swift_https", "rclone", "rclone_https"])
def test_a_store_is_the_same_through_the_proxy(
    behind: str, request: pytest.FixtureRequest
) -> None:
    server: S3Server = request.getfixturevalue(behind)
    bucket = server.bucket()
    with faulty(server) as proxy:
        s3 = proxy.server.client()
        assert s3.put_object(Bucket=bucket, Key="k", Body=BODY)["ETag"] == MD5
        assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == BODY
        assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
        assert [seen.method for seen in proxy.requests] == ["PUT", "GET", "GET"]


def test_a_chunked_body_with_a_trailer_passes(swift_https: S3Server) -> None:
    bucket = swift_https.bucket()
    with faulty(swift_https) as proxy:
        proxy.server.client().put_object(
            Bucket=bucket, Key="k", Body=BODY, ChecksumAlgorithm="SHA256"
        )
    assert swift_https.client().get_object(Bucket=bucket, Key="k")["Body"].read() == BODY


@pytest.mark.parametrize(
    ("do", "code"),
    [(Do.FAIL, "InternalError"), (Do.SLOW_DOWN, "SlowDown"), (Do.DENY, "AccessDenied")],
)
def test_a_refusal_is_told_and_the_server_hears_nothing(
    proxy: Faulty, bucket: str, do: Do, code: str
) -> None:
    proxy.add(Fault(do=do, method="PUT"))
    with pytest.raises(ClientError, match=code):
        _put(proxy, bucket)
    assert _stored(proxy, bucket) is None


def test_html_is_spoken_in_place_of_s3(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.SPEAK_HTML))
    answer = proxy.server.client().get_object(Bucket=bucket, Key="k")
    assert answer["ContentType"] == "text/html"
    assert answer["Body"].read().startswith(b"<!DOCTYPE html>")


def test_a_reset_within_the_request_leaves_no_object(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.RESET_REQUEST, method="PUT"))
    with pytest.raises(ConnectionClosedError):
        _put(proxy, bucket)
    assert _stored(proxy, bucket) is None
    assert len(proxy.fired) == 1


def test_a_reset_in_place_of_the_answer_leaves_the_object(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.RESET_ANSWER, method="PUT"))
    with pytest.raises(ConnectionClosedError):
        _put(proxy, bucket)
    assert _stored(proxy, bucket) == BODY


def test_an_answer_is_cut_half_way(proxy: Faulty, bucket: str) -> None:
    _put(proxy, bucket)
    proxy.add(Fault(do=Do.CUT_ANSWER, method="GET"))
    body = proxy.server.client().get_object(Bucket=bucket, Key="k")["Body"]
    with pytest.raises(exceptions.ResponseStreamingError):
        body.read()


def test_a_stalled_request_is_passed_on_late(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.STALL, method="PUT", seconds=0.3))
    before = time.monotonic()
    _put(proxy, bucket)
    assert time.monotonic() - before >= 0.3
    assert _stored(proxy, bucket) == BODY


def test_a_stalled_request_whose_client_has_left_is_never_passed_on() -> None:
    stage = Stage([])
    with Servers() as servers, faulty(_at(servers.open(stage))) as proxy:
        proxy.add(Fault(do=Do.STALL, seconds=0.3))
        with socket.create_connection(("127.0.0.1", _port(proxy)), timeout=10) as client:
            client.sendall(b"PUT /k HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello")
            _wait_for_a_request(proxy)
        time.sleep(0.5)
    assert stage.exchanges == []


def test_a_stalled_answer_comes_after_the_object_is_there(
    proxy: Faulty, rclone: S3Server, bucket: str
) -> None:
    proxy.add(Fault(do=Do.STALL_ANSWER, method="PUT", seconds=60))
    impatient = proxy.server.client(read_timeout=0.5)
    with pytest.raises(ReadTimeoutError):
        impatient.put_object(Bucket=bucket, Key="k", Body=b"small")
    assert rclone.client().list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_a_damaged_request_is_refused_where_signatures_are_verified(swift: S3Server) -> None:
    bucket = swift.bucket()
    with faulty(swift) as proxy:
        proxy.add(Fault(do=Do.DAMAGE_REQUEST, method="PUT"))
        with pytest.raises(ClientError, match="XAmzContentSHA256Mismatch"):
            _put(proxy, bucket)


def test_a_damaged_request_is_stored_where_they_are_not(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.DAMAGE_REQUEST, method="PUT"))
    _put(proxy, bucket)
    assert _bits_apart(_stored(proxy, bucket) or b"", BODY) == 1


def test_a_damaged_answer_differs_in_one_bit(proxy: Faulty, bucket: str) -> None:
    _put(proxy, bucket)
    proxy.add(Fault(do=Do.DAMAGE_ANSWER, method="GET"))
    assert _bits_apart(_stored(proxy, bucket) or b"", BODY) == 1


def test_another_etag_is_told_in_the_head(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.WRONG_ETAG, method="PUT"))
    told = proxy.server.client().put_object(Bucket=bucket, Key="k", Body=BODY)["ETag"]
    assert len(told) == len(MD5)
    assert told != MD5


def test_another_etag_is_told_in_xml(proxy: Faulty, bucket: str) -> None:
    _put(proxy, bucket)
    proxy.add(Fault(do=Do.WRONG_ETAG, method="GET", path="list-type"))
    listed = proxy.server.client().list_objects_v2(Bucket=bucket)["Contents"][0]["ETag"]
    assert listed.strip('"') != MD5.strip('"')
    assert len(proxy.fired) == 1


def test_another_checksum_is_told(proxy: Faulty, bucket: str) -> None:
    s3 = proxy.server.client()
    s3.put_object(Bucket=bucket, Key="k", Body=BODY, ChecksumAlgorithm="SHA256")
    right = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")["ChecksumSHA256"]
    proxy.add(Fault(do=Do.WRONG_CHECKSUM, method="HEAD"))
    wrong = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")["ChecksumSHA256"]
    assert wrong[1:] == right[1:]
    assert wrong != right


def test_who_is_away_refuses_until_he_is_back(proxy: Faulty, bucket: str) -> None:
    _put(proxy, bucket)
    proxy.away = True
    with pytest.raises(exceptions.EndpointConnectionError):
        _put(proxy, bucket)
    proxy.away = False
    assert _stored(proxy, bucket) == BODY


def test_going_away_resets_what_is_under_way() -> None:
    with (
        Servers() as servers,
        faulty(_at(servers.open(Stage([])))) as proxy,
        socket.create_connection(("127.0.0.1", _port(proxy)), timeout=10) as client,
    ):
        client.sendall(b"PUT /k HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe")
        _wait_for_a_request(proxy)
        proxy.away = True
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_fault_waits_for_its_turn_and_is_over_after_it(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.FAIL, method="PUT", path="/second", after=1, times=2))
    told = [_told(proxy, bucket, key) for key in ("first", "second", "second", "second", "second")]
    assert told == [200, 200, 500, 500, 200]
    assert [fired.request for fired in proxy.fired] == [Request("PUT", f"/{bucket}/second")] * 2


def test_a_fault_without_times_stays_until_all_are_forgotten(proxy: Faulty, bucket: str) -> None:
    proxy.add(Fault(do=Do.SLOW_DOWN, times=None))
    told = [_told(proxy, bucket, "k"), _told(proxy, bucket, "k")]
    proxy.clear()
    assert [*told, _told(proxy, bucket, "k")] == [503, 503, 200]


def _at(port: int) -> S3Server:
    return S3Server(
        name="x", endpoint=f"http://127.0.0.1:{port}", access_key="x", secret_key="x", region="x"
    )


def _port(proxy: Faulty) -> int:
    return urlsplit(proxy.endpoint).port or 0


def _wait_for_a_request(proxy: Faulty) -> None:
    deadline = time.monotonic() + 10
    while not proxy.requests and time.monotonic() < deadline:
        time.sleep(0.01)


def _answer(proxy: Faulty, request: bytes) -> bytes:
    """Return all that comes back for *request*, until the connection ends."""
    answer = b""
    with socket.create_connection(("127.0.0.1", _port(proxy)), timeout=10) as client:
        client.sendall(request)
        while octets := client.recv(1000):
            answer += octets
    return answer


def _put(proxy: Faulty, bucket: str) -> None:
    proxy.server.client().put_object(Bucket=bucket, Key="k", Body=BODY)


def _told(proxy: Faulty, bucket: str, key: str) -> int:
    """Return the status that a put of *key* is answered with."""
    try:
        answer = proxy.server.client().put_object(Bucket=bucket, Key=key, Body=b"")
    except ClientError as error:
        answer = error.response
    status: int = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status


def _stored(proxy: Faulty, bucket: str) -> bytes | None:
    """Return what the bucket has as `k`, None for nothing."""
    s3 = proxy.server.client()
    try:
        answer = s3.get_object(Bucket=bucket, Key="k")
    except s3.exceptions.NoSuchKey:
        return None
    octets: bytes = answer["Body"].read()
    return octets


def _bits_apart(one: bytes, other: bytes) -> int:
    assert len(one) == len(other)
    apart = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return apart.bit_count()
