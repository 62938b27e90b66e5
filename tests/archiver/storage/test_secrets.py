"""No secret leaves: not in a message, a representation, a chain of tracebacks or a log."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archiver.errors import StoreError
from archiver.storage.bucket import S3Store
from archiver.storage.quiet import hush_engine
from tests.archiver.storage.buckets import written
from tests.archiver.storage.literal import KEY, SECRET, Literal, answer, answering

_BODY = f"""<?xml version="1.0"?><Error><Code>{{code}}</Code><Message>{KEY} {SECRET}</Message>
<AWSAccessKeyId>{KEY}</AWSAccessKeyId><StringToSign>{SECRET}</StringToSign></Error>"""


@pytest.fixture(params=["SignatureDoesNotMatch", KEY, SECRET])
def server(request: pytest.FixtureRequest) -> Iterator[Literal]:
    """Return a server that echoes the key, in each place where an error has text."""
    body = _BODY.format(code=request.param).encode()
    with answering({"": answer("403 " + KEY, body, f"X-Echo: {SECRET}")}) as server:
        yield server


def tells(text: str) -> bool:
    return KEY in text or SECRET in text or "Signature=" in text


OPERATIONS: list[Callable[[S3Store, Path], object]] = [
    lambda store, path: store.prove_writable("news"),
    lambda store, path: store.send(path, "x", is_new=True),
    lambda store, path: store.put(path, "x"),
    lambda store, path: list(store.list("")),
    lambda store, path: store.open("x"),
    lambda store, path: store.size("x"),
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_error_and_no_log_tells_a_secret(
    server: Literal,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
    operation: Callable[[S3Store, Path], object],
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("botocore").setLevel(logging.DEBUG)
    logging.getLogger("botocore.auth").setLevel(logging.DEBUG)
    store = S3Store("bucket", "p", server.access(session_token=SECRET + "token"))

    with pytest.raises(StoreError) as refusal:
        operation(store, written(tmp_path / "x", b"small"))

    shown = "".join(traceback.format_exception(refusal.value)) + repr(refusal.value)
    assert not tells(shown)
    assert (refusal.value.__cause__, refusal.value.__context__) == (None, None)
    assert not tells(repr(store) + repr(vars(store)) + repr(server.access()))
    assert not tells(caplog.text)
    assert KEY.encode() in server.requests[0]


def test_the_engines_loggers_are_kept_at_warning_and_others_are_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("s3transfer.tasks").setLevel(logging.DEBUG)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logging.getLogger("botocore").setLevel(logging.NOTSET)

    hush_engine()

    levels = [
        logging.getLogger(name).getEffectiveLevel()
        for name in ("boto3", "botocore.hooks", "s3transfer.tasks", "urllib3", "archiver")
    ]
    assert levels == [30, 30, 30, 40, 10]
