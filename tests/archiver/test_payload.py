from __future__ import annotations

import pytest

from archiver.head import Head, parse_head
from archiver.payload import Measure, is_repeatable

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n%b\r\n"


def size_of(response: bytes, method: bytes = b"GET", step: int = 1 << 20) -> int | None:
    measure = Measure(method)
    for at in range(0, len(response), step):
        measure.feed(response[at : at + step])
    return measure.finish()


def head(status: int) -> Head:
    found = parse_head(b"HTTP/1.1 %d\r\n\r\n" % status)
    assert found is not None
    return found


MEASURED = [
    pytest.param(PLAIN, 5, id="length"),
    pytest.param(CHUNKED % b"", 5, id="chunks"),
    pytest.param(b"HTTP/1.1 200 OK\r\n\r\nhello", 5, id="until-close"),
    pytest.param(b"HTTP/1.1 204 No Content\r\n\r\n", 0, id="204"),
    pytest.param(b"HTTP/1.1 404\nContent-Length: 0\n\n", 0, id="empty"),
    pytest.param(PLAIN[:-1], None, id="cut-short"),
    pytest.param(PLAIN + b"!", None, id="excess"),
    pytest.param(PLAIN + PLAIN, None, id="two-responses"),
    pytest.param(CHUNKED % b"X-Sum: 1\r\n", None, id="trailers"),
    pytest.param((CHUNKED % b"")[:-3], None, id="chunks-cut-short"),
    pytest.param((CHUNKED % b"").replace(b"5\r\n", b"x\r\n"), None, id="broken-chunks"),
    pytest.param(b"HTTP/1.1 103 Early\r\n\r\n" + PLAIN, None, id="interim"),
    pytest.param(PLAIN[:20], None, id="part-of-a-head"),
    pytest.param(b"220 mail.example ESMTP\r\n", None, id="no-http"),
    pytest.param(b"", None, id="nothing"),
]


@pytest.mark.parametrize("step", [1, 7, 1 << 20])
@pytest.mark.parametrize(("response", "size"), MEASURED)
def test_only_what_came_whole_and_sound_has_a_size(
    response: bytes, size: int | None, step: int
) -> None:
    assert size_of(response, step=step) == size


@pytest.mark.parametrize("method", [b"HEAD", b"POST", b"CONNECT", b"get"])
def test_the_answer_to_anything_but_get_has_no_size(method: bytes) -> None:
    assert size_of(PLAIN, method) is None


@pytest.mark.parametrize(
    ("status", "size", "answer"),
    [
        (200, 256, True),
        (200, 255, False),
        (200, None, False),
        (404, 256, True),
        (503, 256, True),
        (299, 256, True),
        (300, 256, False),
        (304, 256, False),
        (399, 256, False),
        (400, 256, True),
    ],
)
def test_a_payload_of_256_octets_may_be_repeated_unless_it_is_a_redirects(
    status: int, size: int | None, answer: bool
) -> None:
    assert is_repeatable(head(status), size) is answer
