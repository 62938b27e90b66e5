"""What a server's refusal, or its silence, means: another try, or a setting to change."""

from __future__ import annotations

import botocore.exceptions
import botocore.parsers
import pytest
import s3transfer.exceptions

from archiver.errors import StoreAway, StoreError
from archiver.storage.refusals import Refusal, refusal_in, refused, unreached


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("SlowDown", 503, StoreAway),
        ("ServiceUnavailable", 503, StoreAway),
        ("RequestTimeout", 400, StoreAway),
        ("BadDigest", 400, StoreAway),
        ("XMinioStorageFull", 507, StoreAway),
        ("QuotaExceeded", 403, StoreAway),
        ("NoSuchUpload", 404, StoreAway),
        ("ConditionalRequestConflict", 409, StoreAway),
        ("TooManyRequests", 429, StoreAway),
        ("502", 502, StoreAway),
        ("", 500, StoreAway),
        ("NotImplemented", 501, StoreError),
        ("AccessDenied", 403, StoreError),
        ("403", 403, StoreError),
        ("InvalidRequest", 400, StoreError),
    ],
)
def test_a_refusal_is_worth_another_try_or_not(
    code: str, status: int, expected: type[StoreError]
) -> None:
    assert type(refused("x", Refusal(code=code, status=status))) is expected


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("InvalidRequest", "HTTP 400 InvalidRequest"),
        ("XMinioStorageFull", "HTTP 400 XMinioStorageFull"),
        ("AKIDEXAMPLEEXAMPLE", "HTTP 400"),
        ("OpenSesame", "HTTP 400"),
        ("AskOpenSesameAgain", "HTTP 400"),
        ("wJalrXUtnFEMI/K7MDENG", "HTTP 400"),
        ("Two Words", "HTTP 400"),
        ("Ab" * 30, "HTTP 400"),
        ("", "HTTP 400"),
    ],
)
def test_a_code_is_shown_if_it_is_one_and_holds_no_secret(code: str, shown: str) -> None:
    error = refused("x", Refusal(code=code, status=400), ["OpenSesame"])

    assert str(error) == f"x: the server refuses it ({shown})"


@pytest.mark.parametrize(
    ("kind", "code", "has_body", "is_html"),
    [
        ("text/html; charset=UTF-8", "404", True, True),
        ("text/html", "", True, True),
        ("text/html", "NoSuchKey", True, False),
        ("text/html", "404", False, False),
        ("application/xml", "404", True, False),
    ],
)
def test_a_page_is_known_by_its_type_and_by_the_lack_of_a_code(
    kind: str, code: str, has_body: bool, is_html: bool
) -> None:
    response = {
        "Error": {"Code": code},
        "ResponseMetadata": {"HTTPStatusCode": 404, "HTTPHeaders": {"content-type": kind}},
    }

    refusal = refusal_in(response, has_body=has_body)

    assert refusal == Refusal(code=code, status=404, is_html=is_html)


UNREACHED = [
    (botocore.exceptions.EndpointConnectionError(endpoint_url="u"), StoreAway, "be reached"),
    (botocore.exceptions.ReadTimeoutError(endpoint_url="u"), StoreAway, "be reached"),
    (botocore.exceptions.ConnectionClosedError(endpoint_url="u"), StoreAway, "be reached"),
    (botocore.exceptions.ProxyConnectionError(proxy_url="u"), StoreAway, "be reached"),
    (botocore.exceptions.ResponseStreamingError(error="e"), StoreAway, "be reached"),
    (
        botocore.exceptions.CredentialRetrievalError(provider="p", error_msg="e"),
        *(StoreAway, "be reached"),
    ),
    (s3transfer.exceptions.CancelledError(), StoreAway, "be reached"),
    (botocore.parsers.ResponseParserError("e"), StoreAway, "does not speak S3"),
    (botocore.exceptions.NoCredentialsError(), StoreError, "no credentials: set AWS_"),
    (
        botocore.exceptions.PartialCredentialsError(provider="p", cred_var="v"),
        *(StoreError, "no credentials: set AWS_"),
    ),
    (botocore.exceptions.NoRegionError(), StoreError, "set AWS_REGION_NAME"),
    (botocore.exceptions.InvalidRegionError(region_name="r"), StoreError, "AWS_REGION_NAME"),
    (botocore.exceptions.ProfileNotFound(profile="p"), StoreError, "AWS_PROFILE"),
    (
        botocore.exceptions.SSLError(endpoint_url="u", error="[SSL: CERTIFICATE_VERIFY_FAILED]"),
        *(StoreError, "in AWS_VERIFY"),
    ),
    (
        botocore.exceptions.SSLError(endpoint_url="u", error="[SSL: WRONG_VERSION_NUMBER]"),
        *(StoreError, "speaks no TLS: write http:// in AWS_ENDPOINT_URL"),
    ),
    (
        botocore.exceptions.SSLError(endpoint_url="u", error="[SSL: UNEXPECTED_EOF_WHILE_READING"),
        *(StoreAway, "be reached"),
    ),
    (botocore.exceptions.ParamValidationError(report="r"), StoreError, "check its configuration"),
]


@pytest.mark.parametrize(("error", "expected", "sentence"), UNREACHED)
def test_silence_is_worth_another_try_or_not(
    error: Exception, expected: type[StoreError], sentence: str
) -> None:
    told = unreached("x", [each.__name__ for each in type(error).__mro__], str(error))

    assert type(told) is expected
    assert sentence in str(told)
