"""The objects of a bucket, as boto3 reaches them.

The only file that knows boto3, botocore and s3transfer: their types and exceptions do not
leave it, and neither does what a server says in its own words. *doing* is what an error's
sentence begins with. Nothing here decides whether an object is what it should be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import boto3.session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError
from s3transfer.exceptions import CancelledError
from s3transfer.manager import TransferConfig, TransferManager

from archiver.errors import StoreAway, StoreError
from archiver.storage.access import Access, is_amazon
from archiver.storage.ahead import Ahead
from archiver.storage.daemons import DaemonExecutor
from archiver.storage.proof import Part, Report, b64
from archiver.storage.quiet import hush_engine
from archiver.storage.refusals import refusal_in, refused, speaks_no_s3, unreached

_ABSENT = ("404", "NoSuchKey", "NotFound")
_TAKEN = ("412", "PreconditionFailed")
# Quirk: `rclone serve s3` says NoSuchUpload of a bucket that has no unfinished upload.
_UNLISTED = ("NotImplemented", "501", "MethodNotAllowed", "405", "NoSuchUpload", "AccessDenied")
# How long a server may take; who waits at a start should not wait as long as who sends.
_PATIENT = {
    "connect_timeout": 10,
    "read_timeout": 60,
    "retries": {"mode": "standard", "total_max_attempts": 3},
}
_BRIEF = {
    "connect_timeout": 5,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 2},
}
_CONNECTIONS = 32  # of the parts that are under way, and of whoever sends and reads


class Objects:
    """The objects of *bucket*, by their keys, reached by *access*; for several threads at once.

    StoreError, and StoreAway where another try may help, from all of its methods.
    """

    def __init__(self, bucket: str, access: Access, *, is_brief: bool = False) -> None:
        self._bucket = bucket
        patience = _BRIEF if is_brief else _PATIENT
        given = (access.access_key_id, access.secret_access_key, access.session_token)
        self._secrets = [secret for secret in given if secret]
        self._client = self._ask(
            f"the bucket {bucket!r} cannot be reached", lambda: _connect(access, patience)
        )
        meta = self._client.meta
        self.endpoint_url: str = meta.endpoint_url
        self.is_amazon = is_amazon(meta.endpoint_url)
        self.takes_sha256 = meta.config.request_checksum_calculation == "when_supported"
        self._proofs: dict[str, Ahead] = {}  # of what is sent in parts just now, by key
        self._managers: dict[int, TransferManager] = {}  # by the size of their parts
        self._lock = Lock()
        meta.events.register("before-parameter-build.s3.UploadPart", self._add_digests)
        meta.events.register(
            "before-parameter-build.s3.CompleteMultipartUpload", self._await_proof
        )
        if not self.is_amazon:
            meta.events.register_last("before-parameter-build.s3", _stay_here)

    def report(self, doing: str, key: str) -> Report | None:
        """Return what the server says of *key*, or None if there is no such object."""
        mode = {"ChecksumMode": "ENABLED"} if self.takes_sha256 else {}
        answer = self._call(doing, "head_object", unless=_ABSENT, Key=key, **mode)
        if answer is None:
            return None
        if "ETag" not in answer or "ContentLength" not in answer:
            raise speaks_no_s3(doing)
        # Quirk: `rclone serve s3` gives a name of metadata back as `Sha256`.
        said = {name.lower(): value for name, value in answer.get("Metadata", {}).items()}
        return Report(
            size=answer["ContentLength"],
            etag=_bare(answer["ETag"]),
            sha256=said.get("sha256"),
            checksum=answer.get("ChecksumSHA256"),
        )

    def octets(self, doing: str, key: str) -> bytes | None:
        """Return all of *key*, which is small, or None if there is no such object."""

        def get() -> bytes:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            return bytes(answer["Body"].read())

        octets: bytes | None = self._ask(doing, get, unless=_ABSENT)
        return octets

    def range(self, doing: str, key: str, etag: str | None, start: int, stop: int) -> bytes:
        """Return what *key* has from *start* to *stop*, or less where the answer is cut short.

        StoreError if the object is not the one any more that had *etag*; None: of whatever it is.
        """
        pinned: dict[str, Any] = {"IfMatch": f'"{etag}"'} if etag else {}
        answer = self._call(
            doing, "get_object", Key=key, Range=f"bytes={start}-{stop - 1}", **pinned
        )
        body = answer["Body"]
        # Quirk: `rclone serve s3` does not know If-Match.
        if etag and _bare(answer.get("ETag", "")) != etag:
            body.close()
            raise StoreError(f"{doing}: the object was replaced while it was read")
        if answer["ContentLength"] > stop - start:
            body.close()
            raise StoreError(f"{doing}: the server does not answer with the range it was asked")
        octets: bytes = self._ask(doing, lambda: _read(body))
        return octets

    def put(
        self,
        doing: str,
        key: str,
        body: bytes | Path,
        part: Part,
        *,
        sha256: str | None = None,
        is_new: bool = False,
    ) -> bool:
        """Let *body*, whose digests *part* has, be the object *key*.

        Return False where the bucket has one already, on condition that this *is_new*.
        """
        more = {"IfNoneMatch": "*"} if is_new else {}
        more |= _digests(part)

        def put(body: Any) -> Any:  # a file or octets; boto3 answers with dictionaries
            metadata = {"sha256": sha256} if sha256 else {}
            return self._client.put_object(
                Bucket=self._bucket, Key=key, Body=body, Metadata=metadata, **more
            )

        def open_and_put() -> Any:
            if isinstance(body, bytes):
                return put(body)
            with body.open("rb") as file:
                return put(file)

        answer = self._ask(doing, open_and_put, unless=_TAKEN if is_new else ())
        if answer is not None and "ETag" not in answer:
            raise speaks_no_s3(doing)
        return answer is not None

    def put_parts(self, doing: str, key: str, proof: Ahead) -> None:
        """Let the file of *proof* be the object *key*, sent in parts, once it is proven.

        Where one of them fails none of them stays, and none of an earlier try of this key.
        """
        extra: dict[str, Any] = {"Metadata": {"sha256": proof.sha256}}
        if self.takes_sha256:
            extra["ChecksumAlgorithm"] = "SHA256"
        with self._sending(doing, key, proof):
            self._abort_unfinished(doing, key)
            manager = self._manager(proof.part_size)
            future = manager.upload(str(proof.path), self._bucket, key, extra_args=extra)
            self._ask(doing, future.result)
            # boto3 asks again where an answer is lost, and two uploads may have begun.
            self._abort_unfinished(doing, key)

    def keys(self, doing: str, prefix: str) -> list[str]:
        """Return the keys that begin with *prefix*, as the server orders them."""
        pages = self._client.get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self._bucket, Prefix=prefix)
        keys: list[str] = self._ask(
            doing, lambda: [each["Key"] for page in found for each in page.get("Contents", ())]
        )
        return keys

    def can_list(self, doing: str, prefix: str) -> None:
        """Ask for one key that begins with *prefix*."""
        self._call(doing, "list_objects_v2", Prefix=prefix, MaxKeys=1)

    def remove(self, doing: str, key: str) -> None:
        """Remove the object *key*, if there is one."""
        self._call(doing, "delete_object", Key=key)

    @contextmanager
    def _sending(self, doing: str, key: str, proof: Ahead) -> Iterator[None]:
        """Let the parts of *key* be those of *proof* while the block runs."""
        with self._lock:
            if self._proofs.setdefault(key, proof) is not proof:
                raise StoreAway(f"{doing}: it is being sent already, by another thread")
        try:
            yield
        finally:
            proof.stop()
            del self._proofs[key]

    def _add_digests(self, params: dict[str, Any], **_: Any) -> None:
        """Give the request for a part the digests that its octets must have."""
        params |= _digests(self._proofs[params["Key"]].part(params["PartNumber"] - 1))

    def _await_proof(self, params: dict[str, Any], **_: Any) -> None:
        """Let the parts become an object only if the file is what it is to be."""
        self._proofs[params["Key"]].proof()

    def _abort_unfinished(self, doing: str, key: str) -> None:
        """Take back the parts that earlier tries of *key* have left, which cost their space."""
        pages = self._client.get_paginator("list_multipart_uploads")
        found = pages.paginate(Bucket=self._bucket, Prefix=key)
        uploads = self._ask(
            doing,
            lambda: [
                each["UploadId"]
                for page in found
                for each in page.get("Uploads", ())
                if each["Key"] == key
            ],
            unless=(*_UNLISTED, *_ABSENT),
        )
        for upload in uploads or ():
            gone = ("NoSuchUpload", *_ABSENT)
            self._call(doing, "abort_multipart_upload", unless=gone, Key=key, UploadId=upload)

    def _manager(self, part_size: int) -> TransferManager:
        with self._lock:
            if part_size not in self._managers:
                config = TransferConfig(multipart_threshold=1, multipart_chunksize=part_size)
                self._managers[part_size] = TransferManager(
                    self._client, config, executor_cls=DaemonExecutor
                )
            return self._managers[part_size]

    def _call(
        self, doing: str, operation: str, *, unless: tuple[str, ...] = (), **arguments: Any
    ) -> Any:
        """Return what the server answers to *operation*, or None if it says one of *unless*."""
        call = getattr(self._client, operation)
        return self._ask(doing, lambda: call(Bucket=self._bucket, **arguments), unless=unless)

    def _ask(
        self, doing: str, call: Callable[[], Any], *, unless: tuple[str, ...] = ()
    ) -> Any:  # what boto3 answers with
        """Return what *call* returns, or None where the server says one of *unless*.

        Our error is raised outside of the handlers, so that it carries no other in its context.
        """
        problem: StoreError
        try:
            return call()
        except ClientError as error:
            has_body = not error.operation_name.startswith("Head")
            refusal = refusal_in(error.response, has_body=has_body)
            if refusal.code in unless:
                return None
            problem = refused(doing, refusal, self._secrets)
        except (BotoCoreError, ResponseParserError, CancelledError) as error:
            problem = unreached(doing, [each.__name__ for each in type(error).__mro__], str(error))
        except OSError as error:
            problem = StoreError(f"{doing}: {error.strerror or type(error).__name__}")
        raise problem


def _stay_here(context: dict[str, Any], **_: Any) -> None:
    """Keep botocore from looking for the bucket in the region that a redirection means.

    Quirk: it asks, without an end, for the region of a bucket whose server answers each request
    with a redirection, as a web server does whose S3 lies elsewhere.
    """
    context.setdefault("s3_redirect", {})["redirected"] = True


def _read(body: Any) -> bytes:  # botocore's StreamingBody
    """Return what *body* brings, or nothing where it is cut short."""
    try:
        return bytes(body.read())
    except (ReadTimeoutError, ResponseStreamingError, IncompleteReadError):
        return b""
    finally:
        body.close()


def _bare(etag: str) -> str:
    return etag.strip('"')


def _digests(part: Part) -> dict[str, str]:
    digests = {"ContentMD5": b64(part.md5)}
    return digests | ({"ChecksumSHA256": b64(part.sha256)} if part.sha256 else {})


def _connect(
    access: Access, patience: Mapping[str, Any]
) -> Any:  # boto3 makes its clients' classes as it goes
    """Return a client that asks as *access* says, and whose loggers tell nothing."""
    hush_engine()
    session = boto3.session.Session(
        aws_access_key_id=access.access_key_id,
        aws_secret_access_key=access.secret_access_key,
        aws_session_token=access.session_token,
        region_name=access.region,
    )
    client = _client(session, access, access.endpoint_url, patience)
    endpoint_url = client.meta.endpoint_url
    if access.endpoint_url or is_amazon(endpoint_url):
        return client
    return _client(
        session, access, endpoint_url, patience
    )  # as boto3's own configuration names it


def _client(
    session: boto3.session.Session, access: Access, endpoint_url: str | None,
    patience: Mapping[str, Any],
) -> Any:  # fmt: skip
    is_custom = endpoint_url is not None and not is_amazon(endpoint_url)
    checksums = access.checksums or ("when_required" if is_custom else "when_supported")
    style = access.addressing or ("path" if is_custom else "auto")
    config = Config(
        request_checksum_calculation=checksums,
        response_checksum_validation=checksums,
        s3={"addressing_style": style},
        **patience,
        max_pool_connections=_CONNECTIONS,
        user_agent="archiver",  # boto3 makes up a long one for each request, which takes time
    )
    return session.client(
        "s3",
        endpoint_url=endpoint_url,
        use_ssl=access.use_ssl,
        verify=access.verify,
        config=config,
    )
