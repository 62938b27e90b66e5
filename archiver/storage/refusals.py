"""What a server's refusal means, in one sentence of ours with its remedy.

A sentence is made of the error's code alone: a server's own message may hold the access key,
a signature or a presigned URL, and is never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from archiver.errors import StoreAway, StoreError

_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_DENIED = (
    "the access key has no permission for it: grant it s3:GetObject, s3:PutObject, "
    "s3:DeleteObject and s3:ListBucket, or give another in AWS_ACCESS_KEY_ID"
)
_EXPIRED = "the session token is not valid any more: renew AWS_SESSION_TOKEN"
_ELSEWHERE = "the bucket lies in another region: name it in AWS_REGION_NAME"
_REDIRECTED = (
    "the server redirects elsewhere: check scheme, host and port in AWS_ENDPOINT_URL, "
    "and AWS_REGION_NAME"
)
_NO_S3 = (
    "what answers there does not speak S3: "
    "check the host and port in AWS_ENDPOINT_URL, or take it out for Amazon's own"
)
_NO_KEYS = f"there are no credentials: set {_KEYS}"

_REFUSALS = {
    "AccessDenied": _DENIED,
    "AllAccessDisabled": _DENIED,
    "403": f"the server refuses the access key: check {_KEYS}, and what the key may do",
    "401": f"the server refuses the access key: check {_KEYS}",
    "Unauthorized": f"the server refuses the access key: check {_KEYS}",
    "InvalidAccessKeyId": "the server does not know the access key: check AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": (
        f"the access key and the secret key do not belong together: check {_KEYS}"
    ),
    "ExpiredToken": _EXPIRED,
    "InvalidToken": _EXPIRED,
    "TokenRefreshRequired": _EXPIRED,
    "NoSuchBucket": "there is no such bucket: make it, or name another in ARCHIVE_STORE",
    "InvalidBucketName": "no bucket can have that name: name another in ARCHIVE_STORE",
    "NoSuchKey": "there is no such object",
    "404": "there is no such object",
    "RequestTimeTooSkewed": (
        "the clock of this machine differs too much from the server's: set it right"
    ),
    "AuthorizationHeaderMalformed": "the server expects another region: set AWS_REGION_NAME",
    "IllegalLocationConstraintException": _ELSEWHERE,
    "PermanentRedirect": _ELSEWHERE,
    "TemporaryRedirect": _ELSEWHERE,
    "301": _REDIRECTED,
    "302": _REDIRECTED,
    "307": _REDIRECTED,
    "308": _REDIRECTED,
    "PreconditionFailed": "the object was replaced while it was read",
    "412": "the object was replaced while it was read",
    "InvalidObjectState": "the object lies in an archive class: restore it first",
    "KeyTooLongError": "the name is too long: shorten the prefix in ARCHIVE_STORE",
}

# Codes that a later try may not meet again; any status from 500 on is one too.
_AWAY = frozenset(
    (
        *("SlowDown", "ServiceUnavailable", "InternalError", "RequestTimeout", "TooManyRequests"),
        *("Throttling", "ThrottlingException", "RequestThrottled", "RequestLimitExceeded"),
        *("BandwidthLimitExceeded", "OperationAborted", "ConditionalRequestConflict"),
        *("BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"),
        *("IncompleteBody", "InvalidPart", "NoSuchUpload", "QuotaExceeded", "InsufficientStorage"),
        *("408", "409", "425", "429"),
    )
)
_NOT_AWAY = frozenset(("NotImplemented", "501"))

# What boto3 raises where no server has answered, by the names of its classes.
_UNREACHED = {
    "NoCredentialsError": _NO_KEYS,
    "PartialCredentialsError": _NO_KEYS,
    "NoRegionError": "no region is named: set AWS_REGION_NAME",
    "InvalidRegionError": "the region has a name that none can have: check AWS_REGION_NAME",
    "ProfileNotFound": "AWS_PROFILE names a profile that there is not: check it",
}
_UNREACHED_AWAY = frozenset(
    (
        *("HTTPClientError", "ConnectionError", "IncompleteReadError", "FlexibleChecksumError"),
        *("CredentialRetrievalError", "TokenRetrievalError", "MetadataRetrievalError"),
        *("CapacityNotAvailableError", "CancelledError"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A server's no: the error's *code* and HTTP *status*; *region* is where the bucket lies."""

    code: str
    status: int
    region: str | None = None
    is_html: bool = False


def refusal_in(response: Mapping[str, Any], *, has_body: bool) -> Refusal:
    """Return the refusal in *response*, as botocore parses it; *has_body* is False for a HEAD.

    Quirk: Swift's s3api answers a HEAD that it refuses with `text/html`, and without a body.
    """
    error, about = response.get("Error", {}), response.get("ResponseMetadata", {})
    headers = about.get("HTTPHeaders", {})
    code, status = str(error.get("Code", "")), int(about.get("HTTPStatusCode", 0))
    is_html = "html" in headers.get("content-type", "") and not re.match("[A-Z]", code)
    region = error.get("Region") or headers.get("x-amz-bucket-region")
    return Refusal(code=code, status=status, region=region, is_html=is_html and has_body)


def speaks_no_s3(doing: str) -> StoreAway:
    """Return the error that says that *doing* was answered by something else than S3.

    Where it once was S3 it may be so again: a gateway's page, or a network's that asks for a
    log-in, goes away.
    """
    return StoreAway(f"{doing}: {_NO_S3}")


def refused(doing: str, refusal: Refusal, secrets: Iterable[str] = ()) -> StoreError:
    """Return the error that says why *doing* was refused; none of the *secrets* is in it."""
    code = refusal.code or str(refusal.status)
    shown = _shown(refusal, secrets)
    if refusal.is_html and refusal.status <= 500:
        # Quirk: botocore makes a 500 of a 200 with a page, which it takes for a passing fault.
        return StoreAway(f"{doing}: {_NO_S3} (HTML, {shown})")
    if code not in _NOT_AWAY and (code in _AWAY or refusal.status >= 500):
        return StoreAway(f"{doing}: the server is busy, full or failing ({shown})")
    sentence = _REFUSALS.get(code)
    if sentence is None:
        return StoreError(f"{doing}: the server refuses it ({shown})")
    region = refusal.region or ""
    if "AWS_REGION_NAME" in sentence and re.fullmatch(r"[a-z0-9][a-z0-9-]{1,40}", region):
        sentence = f"the bucket lies in the region {region}: name it in AWS_REGION_NAME"
    return StoreError(f"{doing}: {sentence}")


def unreached(doing: str, names: Iterable[str], evidence: str) -> StoreError:
    """Return the error that says why *doing* got no answer.

    *names* are those of the exception's class and its bases, the narrowest first; *evidence*
    is what it said, which is looked at and not repeated.
    """
    first = ""
    for name in names:
        first = first or name
        if name == "SSLError" and "UNEXPECTED_EOF" not in evidence:
            return StoreError(f"{doing}: {_distrust(evidence)}")
        if name in _UNREACHED:
            return StoreError(f"{doing}: {_UNREACHED[name]}")
        if name == "ResponseParserError":
            return speaks_no_s3(doing)
        if name in _UNREACHED_AWAY:
            return StoreAway(
                f"{doing}: the server cannot be reached, or does not answer ({first}): "
                "see that it runs, and that AWS_ENDPOINT_URL and the network are right"
            )
    return StoreError(f"{doing}: boto3 cannot ask for it ({first}): check its configuration")


def _distrust(evidence: str) -> str:
    if "WRONG_VERSION_NUMBER" in evidence or "RECORD_LAYER" in evidence:
        return "what answers there speaks no TLS: write http:// in AWS_ENDPOINT_URL"
    return (
        "its TLS certificate is not trusted: name the file of its authority's certificates "
        "in AWS_VERIFY"
    )


def _shown(refusal: Refusal, secrets: Iterable[str]) -> str:
    """Return the status, and the code where it looks like one of S3's."""
    code = refusal.code
    is_code = re.fullmatch(r"(?:[A-Z][a-z0-9]{0,20}){2,8}", code) and len(code) <= 48
    if not is_code or any(secret in code for secret in secrets):
        return f"HTTP {refusal.status}"
    return f"HTTP {refusal.status} {code}"
