"""What the server of an archive answers, to whom, and what it refuses."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import re
import socket
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from archiver.errors import ArchiveError
from archiver.places import Place
from archiver.replay.editions import Editions
from archiver.replay.routes import Routes
from archiver.replay.run import run_replay
from archiver.replay.server import ReplayServer
from tests.archiver.quay import ROOT, build
from tests.archiver.sources.crates import wacz, warc


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    status: int
    fields: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    server: ReplayServer
    told: list[str]

    def get(self, path: str, method: str = "GET", **fields: str) -> Answered:
        host, port = "127.0.0.1", self.server.server_address[1]
        with closing(http.client.HTTPConnection(host, port, timeout=10)) as connection:
            named = {name.replace("_", "-"): value for name, value in fields.items()}
            connection.request(method, path, headers=named)
            answer = connection.getresponse()
            return Answered(
                status=answer.status, fields=dict(answer.getheaders()), body=answer.read()
            )

    def source(self) -> str:
        """Return the address of the WACZ that the front page shows."""
        found = re.search(rb'source="([^"]+)"', self.get("/").body)
        assert found
        return found[1].decode()


@contextmanager
def serving(*places: Place) -> Iterator[Serving]:
    told: list[str] = []
    with (
        closing(Editions(places, told.append)) as held,
        ReplayServer(Routes(held), 0, told.append) as server,
    ):
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield Serving(server=server, told=told)
        finally:
            server.shutdown()
            thread.join()
    assert told == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(build(tmp_path_factory.mktemp("quay"))) as served:
        yield served


@pytest.fixture(scope="module")
def whole(served: Serving) -> bytes:
    return served.get(served.source()).body


def test_the_front_page_names_a_wacz_that_holds_the_collection(
    served: Serving, whole: bytes
) -> None:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert {"indexes/index.cdxj", "pages/pages.jsonl", "datapackage.json"} < set(
            archive.namelist()
        )


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [("bytes=0-", 0, None), ("bytes=30-99", 30, 100), ("bytes=-22", -22, None)],
)
def test_a_range_is_that_part_of_the_whole(
    served: Serving, whole: bytes, asked: str, start: int, stop: int | None
) -> None:
    answer = served.get(served.source(), Range=asked)
    first = start % len(whole)

    assert (answer.status, answer.body) == (206, whole[start:stop])
    assert answer.fields["Content-Range"] == (
        f"bytes {first}-{first + len(answer.body) - 1}/{len(whole)}"
    )


def test_a_range_beyond_the_end_is_refused(served: Serving, whole: bytes) -> None:
    answer = served.get(served.source(), Range=f"bytes={len(whole)}-")

    assert (answer.status, answer.fields["Content-Range"]) == (416, f"bytes */{len(whole)}")


def test_a_range_of_another_edition_is_answered_with_the_whole(
    served: Serving, whole: bytes
) -> None:
    answer = served.get(served.source(), Range="bytes=0-1", If_Range='"another"')

    assert (answer.status, answer.body) == (200, whole)


def test_head_says_what_get_would_without_a_body(served: Serving, whole: bytes) -> None:
    answer = served.get(served.source(), "HEAD", Range="bytes=0-")

    assert (answer.status, answer.body) == (206, b"")
    assert answer.fields["Content-Length"] == str(len(whole))
    assert answer.fields["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8090", "LOCALHOST:1"])
def test_a_name_of_this_machine_is_answered(served: Serving, host: str) -> None:
    assert served.get("/", Host=host).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""]
)
def test_another_name_is_refused(served: Serving, host: str) -> None:
    assert served.get("/", Host=host).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_changed(served: Serving, method: str) -> None:
    answer = served.get("/", method)

    assert (answer.status, answer.fields["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd", "/replay/../server.py", "/replay/%2e%2e/server.py", "//etc/passwd",
        "/w/0000000000000000/quay.wacz", "/w/../quay.wacz", "/replay/w/", "/site/front.html",
        "/replay/sw.js/", "/%00", "/replay\\sw.js",
    ],
)  # fmt: skip
def test_what_is_not_in_the_list_is_not_there(served: Serving, path: str) -> None:
    assert served.get(path).status in (400, 404)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/page.css", "text/css; charset=utf-8"),
        ("/guard.js", "text/javascript; charset=utf-8"),
        ("/replay/", "text/html; charset=utf-8"),
        ("/replay/sw.js?serveIndex=1", "text/javascript; charset=utf-8"),
        ("/replay/ui.js", "text/javascript; charset=utf-8"),
        ("/replay/wabac.js", "text/javascript; charset=utf-8"),
    ],
)
def test_each_file_says_what_it_is_and_what_it_may_load(
    served: Serving, path: str, media_type: str
) -> None:
    answer = served.get(path)

    assert (answer.status, answer.fields["Content-Type"]) == (200, media_type)
    assert answer.fields["X-Content-Type-Options"] == "nosniff"
    assert answer.fields["Cross-Origin-Resource-Policy"] == "same-origin"
    assert re.match("default-src '(none|self)'; ", answer.fields["Content-Security-Policy"])
    assert "http" not in answer.fields["Content-Security-Policy"]


def test_a_browser_forgets_at_first_what_another_archive_left(tmp_path: Path) -> None:
    with serving(build(tmp_path)) as served:
        clearing = [served.get("/").fields.get("Clear-Site-Data") for _ in range(2)]

    assert clearing == ['"storage"', None]


@pytest.mark.parametrize(
    "url", [f"{ROOT}/ferry", "https://www.quay.example/ferry", f"{ROOT}/FERRY"]
)
@pytest.mark.parametrize("timestamp", ["", "2026", "20260304", "2026-03-04", "19990101000000"])
def test_a_deep_link_leads_to_the_capture(served: Serving, url: str, timestamp: str) -> None:
    answer = served.get(f"/replay?url={url}&ts={timestamp}")

    assert answer.status == 302
    assert answer.fields["Location"] == (
        "/#view=pages&url=http%3A%2F%2Fquay.example%2Fferry&ts=20260304050607"
    )


@pytest.mark.parametrize(
    ("timestamp", "found"),
    [
        ("", "20260201000000"),
        ("2025", "20250101000000"),
        ("20260105", "20260101000000"),
        ("20260131", "20260201000000"),
    ],
)
def test_a_deep_link_leads_to_the_nearest_capture_or_the_last(
    tmp_path: Path, timestamp: str, found: str
) -> None:
    dates = ["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"]
    (tmp_path / "three.warc.gz").write_bytes(b"".join(map(ferry_at, dates)))

    with serving(tmp_path / "three.warc.gz") as served:
        answer = served.get(f"/replay?url={ROOT}/ferry&ts={timestamp}")

    assert answer.fields["Location"].endswith(f"&ts={found}")


def ferry_at(date: str) -> bytes:
    octets = gzip.decompress(warc("ferry"))
    return gzip.compress(re.sub(rb"(?<=WARC-Date: )[^\r]+", date.encode(), octets))


def test_a_deep_link_to_no_time_is_told_how_times_are_written(served: Serving) -> None:
    answer = served.get(f"/replay?url={ROOT}/ferry&ts=yesterday")

    assert answer.status == 400
    assert answer.body.startswith(b"ts is 'yesterday': write a date as 2026-11-01")


@pytest.mark.parametrize("path", ["/", "/replay/"])
def test_too_many_fields_are_refused_and_nothing_is_complained_of(
    served: Serving, path: str
) -> None:
    fields = {f"X-{number}": "x" for number in range(120)}

    answer = served.get(path, **fields)

    assert answer.status == 431
    assert "Clear-Site-Data" not in answer.fields


@pytest.mark.parametrize("path", ["/", "/page.css", "/nothing"])
def test_no_document_may_connect_elsewhere(served: Serving, path: str) -> None:
    port = served.server.server_address[1]

    assert served.get(path).fields["Connection-Allowlist"] == (
        f'("http://localhost:{port}/*" "http://127.0.0.1:{port}/*" response-origin)'
        ";redirects=allow"
    )


def test_another_name_has_no_browser_forget_anything(served: Serving) -> None:
    assert "Clear-Site-Data" not in served.get("/", Host="elsewhere.example").fields


def test_what_comes_with_a_request_is_not_taken_for_the_next(served: Serving) -> None:
    answer = served.get("/page.css", Content_Length="5")

    assert answer.fields["Connection"] == "close"


def test_a_url_that_is_not_archived_is_named_with_those_near(served: Serving) -> None:
    answer = served.get(f"/replay?url={ROOT}/fer<b>")
    page = answer.body.decode()

    assert answer.status == 404
    assert "<code>http://quay.example/fer&lt;b&gt;</code> is not archived in quay." in page
    assert 'href="/replay?url=http%3A%2F%2Fquay.example%2Fferry&amp;ts=2026' in page


@pytest.mark.parametrize("query", ["", "?url=", "?ts=2026"])
def test_a_deep_link_to_nothing_leads_to_all_pages(served: Serving, query: str) -> None:
    answer = served.get(f"/replay{query}")

    assert (answer.status, answer.fields["Location"]) == (302, "/")


@pytest.mark.parametrize("url", ["%ff%fe", "http://[", "a%0d%0aSet-Cookie:x", "%22%3E", "http:"])
def test_a_url_that_is_none_is_not_archived_either(served: Serving, url: str) -> None:
    answer = served.get(f"/replay?url={url}")

    assert answer.status in (400, 404)
    assert "Set-Cookie" not in answer.fields


@pytest.mark.parametrize(
    "octets", [b"nonsense\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET / HTTP/9\r\n\r\n"]
)
def test_what_is_no_request_is_answered_and_done_with(served: Serving, octets: bytes) -> None:
    port = served.server.server_address[1]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(octets)
        assert connection.makefile("rb").read()


def test_a_wacz_is_served_as_it_is(tmp_path: Path) -> None:
    path = wacz(tmp_path / "theirs.wacz")
    with serving(path) as served:
        assert served.source().endswith("/theirs.wacz")
        assert served.get(served.source()).body == path.read_bytes()
        assert served.get(served.source(), Range="bytes=-22").body == path.read_bytes()[-22:]


@pytest.mark.parametrize("packs", [False, True])
def test_all_pages_are_served_to_be_searched(tmp_path: Path, packs: bool) -> None:
    folder = build(tmp_path)
    with serving(wacz(tmp_path / "quay.wacz") if packs else folder) as served:
        answered = served.get(f"{served.source().rpartition('/')[0]}/pages.jsonl")

    assert answered.status == 200
    assert answered.fields["Content-Length"] == str(len(answered.body))
    header, *pages = map(json.loads, answered.body.splitlines())
    assert header["format"] == "json-pages-1.0"
    assert [page["url"] for page in pages] == [f"{ROOT}/ferry"]


def test_several_archives_are_one(tmp_path: Path) -> None:
    one, other = wacz(tmp_path / "one.wacz", "ferry"), wacz(tmp_path / "two.wacz", "late")
    with serving(one, other) as served:
        octets = served.get(served.source()).body
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        names = [name for name in archive.namelist() if name.startswith("archive/")]

    assert names == ["archive/data.warc.gz", "archive/2-data.warc.gz"]


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ArchiveError, match=f"port {port} of this machine cannot be had"):
            run_replay(
                [build(tmp_path)], port=port, opens_browser=False, say=print, complain=print
            )


def test_a_port_that_nobody_named_is_one_that_is_free(tmp_path: Path) -> None:
    with (
        serving(build(tmp_path)) as served,
        socket.create_connection(("127.0.0.1", served.server.server_address[1])),
    ):
        assert served.server.base == f"http://localhost:{served.server.server_address[1]}"
