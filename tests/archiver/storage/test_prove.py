"""Whether a bucket can be written, proven at start-up; each reason why not is one sentence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Timer
from typing import Any

import pytest

from archiver.errors import StoreAway, StoreError
from archiver.storage.access import Access
from archiver.storage.bucket import S3Store
from tests.archiver.storage.buckets import held, store_on
from tests.archiver.storage.literal import answer, answering, refusal
from tests.servers.faults import Do, Fault
from tests.servers.faulty import Faulty, faulty
from tests.servers.s3 import S3Server
from tests.servers.swift import reader_of

_NO_S3 = "what answers there does not speak S3: check the host and port in AWS_ENDPOINT_URL"


@pytest.fixture
def proxy(rclone: S3Server) -> Iterator[Faulty]:
    with faulty(rclone) as proxy:
        yield proxy


def reason(store: S3Store) -> str:
    """Return why *store* cannot be written, in the folder `news`."""
    with pytest.raises(StoreError) as refusal:
        store.prove_writable("news")
    sentence = str(refusal.value)
    beginning = f"the store {store} cannot be written: "
    assert sentence.startswith(beginning)
    assert "\n" not in sentence
    return sentence.removeprefix(beginning)


@pytest.mark.parametrize("name", ["swift", "swift_https", "rclone", "rclone_https"])
def test_a_missing_bucket_is_named(request: pytest.FixtureRequest, name: str) -> None:
    store = store_on(request.getfixturevalue(name), bucket="there-is-none")

    assert reason(store) == ("there is no such bucket: make it, or name another in ARCHIVE_STORE")


def test_a_wrong_key_is_told(rclone: S3Server) -> None:
    assert reason(store_on(rclone, access_key_id="OTHER")) == (
        "the server does not know the access key: check AWS_ACCESS_KEY_ID"
    )


@pytest.mark.parametrize("name", ["swift", "rclone"])
def test_a_wrong_secret_is_told(request: pytest.FixtureRequest, name: str) -> None:
    server = request.getfixturevalue(name)

    assert reason(store_on(server, secret_access_key="other")) == (
        "the access key and the secret key do not belong together: "
        "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


def test_missing_credentials_are_told() -> None:
    store = S3Store("bucket", "", Access(endpoint_url="http://127.0.0.1:9"))

    assert reason(store) == (
        "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


def test_a_key_that_may_not_write_is_told(swift: S3Server) -> None:
    bucket = swift.bucket()
    swift.client().put_bucket_acl(Bucket=bucket, ACL="public-read")

    assert reason(store_on(reader_of(swift), bucket=bucket)).startswith(
        "the access key has no permission for it: grant it s3:GetObject, s3:PutObject, "
    )


def test_a_bucket_that_may_not_be_listed_is_told(rclone: S3Server, proxy: Faulty) -> None:
    store = store_on(proxy.server)
    proxy.add(Fault(do=Do.DENY, method="GET", path="list-type"))

    assert "s3:ListBucket" in reason(store)
    assert list(store.list("")) == []


def test_what_cannot_be_removed_stays_and_is_told(
    rclone: S3Server, proxy: Faulty, caplog: pytest.LogCaptureFixture
) -> None:
    store = store_on(proxy.server)
    proxy.add(Fault(do=Do.DENY, method="DELETE"))

    store.prove_writable("news")

    assert held(rclone, store, "news/.archiver-probe").startswith(b"archiver: ")
    assert [each.getMessage()[:33] for each in caplog.records] == [
        "A probe of a few octets stays: 'n"
    ]
    assert [each.levelno for each in caplog.records] == [logging.WARNING]


def test_a_wrong_region_is_told_with_the_right_one(swift: S3Server) -> None:
    assert reason(store_on(swift, region="eu-nowhere-9")) == (
        "the bucket lies in the region eu-west-3: name it in AWS_REGION_NAME"
    )


def test_a_certificate_of_an_unknown_authority_is_told(swift_https: S3Server) -> None:
    assert reason(store_on(swift_https, bucket="bucket", verify=None)) == (
        "its TLS certificate is not trusted: "
        "name the file of its authority's certificates in AWS_VERIFY"
    )


def test_a_server_that_speaks_no_tls_is_told(rclone: S3Server) -> None:
    endpoint = rclone.endpoint.replace("http:", "https:")

    assert reason(store_on(rclone, bucket="bucket", endpoint_url=endpoint)) == (
        "what answers there speaks no TLS: write http:// in AWS_ENDPOINT_URL"
    )


def test_a_server_that_is_not_there_is_away() -> None:
    access = Access(endpoint_url="http://127.0.0.1:9", access_key_id="AKID", secret_access_key="x")

    with pytest.raises(StoreAway, match=r"^the store s3://bucket cannot be written: the server "):
        S3Store("bucket", "", access).prove_writable("news")


@pytest.mark.parametrize(
    "hit", [{"method": "PUT"}, {"method": "GET"}, {"method": "GET", "path": "list-type"}]
)
def test_a_page_in_place_of_an_answer_is_no_s3(proxy: Faulty, hit: dict[str, Any]) -> None:
    store = store_on(proxy.server)
    proxy.add(Fault(do=Do.SPEAK_HTML, times=None, **hit))

    assert reason(store).startswith(_NO_S3)


_PAGE = b"<!DOCTYPE html><title>Not here</title>"


@pytest.mark.parametrize("status", ["200 OK", "403 Forbidden", "404 Not Found", "405 Not Allowed"])
def test_an_endpoint_that_speaks_html_is_no_s3(status: str) -> None:
    page = answer(status, _PAGE, "Content-Type: text/html", 'ETag: "5-page"')

    with answering({"": page}) as server:
        assert reason(S3Store("bucket", "p", server.access())).startswith(_NO_S3)


@pytest.mark.parametrize(
    ("answered", "sentence"),
    [
        (refusal("403 Forbidden", "ExpiredToken"), "the session token is not valid any more: "),
        (refusal("400 Bad Request", "InvalidToken"), "the session token is not valid any more: "),
        (
            refusal("403 Forbidden", "RequestTimeTooSkewed"),
            "the clock of this machine differs too much from the server's: set it right",
        ),
        (
            refusal("301 Moved Permanently", "PermanentRedirect"),
            "the bucket lies in another region: name it in AWS_REGION_NAME",
        ),
        (
            refusal("400 Bad", "AuthorizationHeaderMalformed", "<Region>us-gov-1</Region>"),
            "the bucket lies in the region us-gov-1: name it in AWS_REGION_NAME",
        ),
        (
            refusal(
                "400 Bad", "IllegalLocationConstraintException", "", "x-amz-bucket-region: x-1"
            ),
            "the bucket lies in the region x-1: name it in AWS_REGION_NAME",
        ),
        (
            refusal("400 Bad", "AuthorizationHeaderMalformed", "<Region>&lt;evil&gt;</Region>"),
            "the server expects another region: set AWS_REGION_NAME",
        ),
        (refusal("418 I'm a teapot", "ShortAndStout"), "the server refuses it (HTTP 418 ShortAnd"),
        (
            answer("301 Moved", b"", "Location: https://x"),
            "the server redirects elsewhere: check scheme",
        ),
        (refusal("418 I'm a teapot", ""), "the server refuses it (HTTP 418)"),
    ],
)
def test_what_a_server_refuses_with_is_told_with_its_remedy(
    answered: bytes, sentence: str
) -> None:
    with answering({"": answered}) as server:
        assert reason(S3Store("bucket", "p", server.access())).startswith(sentence)


def test_a_busy_server_is_away() -> None:
    with answering({"": refusal("503 Slow Down", "SlowDown")}) as server:
        store = S3Store("bucket", "p", server.access())
        with pytest.raises(StoreAway, match=r"busy, full or failing \(HTTP 503 SlowDown\)$"):
            store.prove_writable("news")


def test_a_probe_that_another_crawl_removes_is_written_again(swift: S3Server) -> None:
    store = store_on(swift)
    with faulty(swift) as proxy:
        proxy.add(Fault(do=Do.STALL, method="GET", path=".archiver-probe", seconds=0.5))
        twin = store_on(proxy.server, bucket=store.place.bucket)
        removing = Timer(0.2, store.prove_writable, ["news"])
        removing.start()

        twin.prove_writable("news")

        removing.join()
    assert list(store.list("")) == []
