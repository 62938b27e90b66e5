"""What a test needs to know of an S3-compatible server, and how it talks to it itself.

What was observed of the two that the fixtures start (boto3 1.44.5, November 2026); "as S3" is
what Amazon documents. `test_servers.py` holds what tests lean on.

                              Swift 2.38.3                  rclone 1.75.2
  a wrong Content-MD5         400 BadDigest                 400 BadDigest
  a wrong x-amz-checksum-*    400 BadDigest                 stored; the wrong value is repeated
  a body that is not what     400 XAmzContentSHA256-        stored
    was signed                  Mismatch
  HEAD with ChecksumMode      tells none                    what the client claimed, single puts
  a trailing checksum         as S3 (https)                 411 MissingContentLength (https)
  If-None-Match: * on PUT     412, as S3                    ignored: written over
    and on Complete             412, as S3                    ignored: written over
  If-Match on GET             412, as S3                    ignored: given what is there now
  a range of an object        206, as S3                    200, with the right Content-Range
  ETag of multipart, told     md5-of-md5s-2, as S3          md5-of-md5s-2, as S3
    by HEAD and lists later     the same                      md5 of the whole; lists: no quotes
  Complete, once more         200 again                     404 NoSuchUpload
  Complete, wrong part ETag   400 InvalidPart, goes on      400 InvalidPart, upload is gone
  a part under 5 MiB          400 EntityTooSmall            taken
  x-amz-meta-sha256 returns   as sha256                     as Sha256
  order of lists              UTF-8 octets                  UTF-8 octets
  unknown access key          403 SignatureDoesNotMatch     403 InvalidAccessKeyId
  wrong secret key            403 SignatureDoesNotMatch     403 SignatureDoesNotMatch
  wrong region                400 AuthorizationHeader-      not looked at
                                Malformed, names the right
  bucket not there            404 NoSuchBucket              404 NoSuchBucket
  bucket is there already     409 BucketAlreadyOwnedByYou   409 BucketAlreadyExists
  not allowed to write        403 AccessDenied              (nobody is)
  clock an hour ahead         403 RequestTimeTooSkewed      403 RequestTimeTooSkewed
  clock an hour behind        403 RequestTimeTooSkewed      400 AccessDenied
  a key of 1,024 octets       stored                        500 InternalError
  "l" beside "l/x", "x//y"    stored                        500 InternalError, 400 InvalidArgument
  GetObjectAttributes         500                           500

A HEAD has no body, so its errors are bare: 400, 403 or 404, without a code. boto3 itself mends a
wrong region where the request names a bucket and the answer names the region, by one more request.
With `when_required` boto3 signs the body's SHA-256 over https too.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import trustme
from botocore.config import Config


class Missing(Exception):
    """A server that is to be started is not installed, or this machine cannot hold its data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Server:
    """A running server; *ca* is the file with the authority behind an https endpoint."""

    name: str
    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str
    ca: Path | None = None

    @property
    def shown(self) -> Path | None:
        """Where the chain and key lie with which an https endpoint shows itself, beside *ca*."""
        return self.ca and self.ca.with_name("shown.pem")

    def client(self, **config: Any) -> Any:  # boto3 makes its clients' classes as it goes
        """Return a plain boto3 client: the judge of what we did, and who makes buckets.

        Arguments are botocore's, for its `Config`, over those that make it plain.
        """
        return _client(self, tuple(sorted(config.items())))

    def bucket(self) -> str:
        """Make a bucket that nobody else uses; return its name."""
        bucket = f"{self.name}-{uuid.uuid4().hex[:12]}"
        place = {"LocationConstraint": self.region}
        self.client().create_bucket(Bucket=bucket, CreateBucketConfiguration=place)
        return bucket

    def settings(self) -> dict[str, str]:
        """Return the Scrapy settings that reach this server."""
        settings = {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_REGION_NAME": self.region,
        }
        return settings | ({"AWS_VERIFY": str(self.ca)} if self.ca else {})


def certified(folder: Path) -> Path:
    """Write what a server on loopback needs for TLS into *folder*; return its authority's file."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    shown = authority.issue_cert("127.0.0.1", "localhost").private_key_and_cert_chain_pem
    shown.write_to_path(folder / "shown.pem")
    return folder / "ca.pem"


@cache
def _client(server: S3Server, config: tuple[tuple[str, Any], ...]) -> Any:
    plain = Config(
        s3={"addressing_style": "path"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        # What a server says the first time is what a test wants to see.
        retries={"total_max_attempts": 1},
        read_timeout=120,
        proxies={},
    )
    return _session().client(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        region_name=server.region,
        verify=str(server.ca) if server.ca else None,
        config=plain.merge(Config(**dict(config))),
    )


@cache
def _session() -> boto3.session.Session:
    """Return a session of boto3; its clients share the service's model, which is long to read."""
    return boto3.session.Session()
