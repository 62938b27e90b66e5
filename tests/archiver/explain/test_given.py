from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from archiver.explain.given import GivenPage, page_of
from tests.archiver.explain.serving import ok, serving

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
URL = "https://www.example.org/story"
HTML = "<title>Fähre</title><p>Die Fähre fährt.".encode("latin-1")


def given(name: Path | str, url: str | None = None, charset: str | None = None) -> GivenPage:
    return page_of(str(name), url, Path, charset=charset, now=NOW, complain=print)


def refused(name: Path | str, url: str | None = None, charset: str | None = None) -> str:
    with pytest.raises(ArchiveError) as error:
        given(name, url, charset)
    return str(error.value)


def record(number: int, url: str, http: bytes) -> bytes:
    fields = (
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: 2026-04-0{number}T00:00:00Z",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http)}",
        "",
        "",
    )
    return gzip.compress("\r\n".join(fields).encode() + http + b"\r\n\r\n")


@pytest.fixture
def warc(tmp_path: Path) -> Path:
    page = ok(gzip.compress(HTML), "Content-Type: text/html; charset=latin1",
              "Content-Encoding: gzip")  # fmt: skip
    moved = b"HTTP/1.1 301 Moved\r\nLocation: /story\r\nContent-Length: 0\r\n\r\n"
    path = tmp_path / "theirs.warc.gz"
    path.write_bytes(
        record(1, URL, ok(b"<p>older", "Content-Type: text/html"))
        + record(2, URL, page)
        + record(3, "https://www.example.org/old", moved)
        + record(4, "https://www.example.org/a.pdf", ok(b"%PDF", "Content-Type: application/pdf"))
    )
    return path


def test_a_file_is_its_octets(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(HTML)

    assert given(path, URL, "latin1") == GivenPage(
        name=str(path), content=HTML, captured_at=NOW, url=URL, charset="latin1"
    )


def test_a_gzipped_file_is_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "page.html.gz"
    path.write_bytes(gzip.compress(HTML))

    assert given(path).content == HTML


def test_a_page_of_the_web_is_decoded_as_its_server_says() -> None:
    answer = ok(
        gzip.compress(HTML), "Content-Type: text/html; charset=latin1", "Content-Encoding: gzip"
    )
    with serving(answer) as server:
        page = given(f"{server.address}/story")

    assert page == GivenPage(
        name=f"{server.address}/story",
        content=HTML,
        captured_at=NOW,
        url=f"{server.address}/story",
        charset="cp1252",
    )


def test_an_error_page_has_its_status() -> None:
    with serving(b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\n\r\n<p>no") as server:
        page = given(server.address)

    assert (page.status, page.content) == (404, b"<p>no")


def test_a_page_of_an_archive_is_the_latest_capture_of_its_address(warc: Path) -> None:
    assert given(warc, URL) == GivenPage(
        name=str(warc),
        content=HTML,
        captured_at=datetime(2026, 4, 2, tzinfo=UTC),
        url=URL,
        charset="cp1252",
    )


def test_a_folder_of_archives_is_one(warc: Path) -> None:
    assert given(warc.parent, URL).content == HTML


def test_a_given_charset_takes_the_place_of_the_servers(warc: Path) -> None:
    assert given(warc, URL, "koi8-r").charset == "koi8-r"


def test_an_archive_asks_for_an_address(warc: Path) -> None:
    assert refused(warc) == f"{warc} is an archive: say with --url which of its pages is meant"


def test_what_an_archive_does_not_have_is_said_with_what_is_near(warc: Path) -> None:
    assert refused(warc, f"{URL}-2") == (
        f"no answer to {URL}-2 is archived: near to it are 'https://www.example.org/a.pdf', "
        "'https://www.example.org/old', 'https://www.example.org/story'"
    )


def test_a_redirect_in_an_archive_says_where_it_leads(warc: Path) -> None:
    assert refused(warc, "https://www.example.org/old") == (
        "https://www.example.org/old leads to '/story': give that with --url"
    )


def test_what_is_no_html_is_named(warc: Path) -> None:
    pdf = ok(b"%PDF", "Content-Type: application/pdf")
    with serving(pdf) as server:
        sentence = refused(server.address)

    assert sentence == f"{server.address}/ is no page of HTML, but 'application/pdf'"
    assert refused(warc, "https://www.example.org/a.pdf") == (
        "https://www.example.org/a.pdf is no page of HTML"
    )


def test_a_type_that_a_hostile_server_gives_cannot_move_the_cursor() -> None:
    with serving(ok(b"x", "Content-Type: a\x9b2J\x1b[31m/b")) as server:
        sentence = refused(server.address)

    assert sentence.endswith("but 'a\\x9b2j\\x1b[31m/b'")


def test_bad_input_is_named_with_its_remedy(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(HTML)

    assert refused(path, "example") == (
        "'example' is no address of a page: write it as https://host/path"
    )
    assert refused(path, charset="klingon") == (
        "'klingon' is no charset: give --charset one such as utf-8"
    )
    assert refused("https://www.example.org/", URL) == (
        "https://www.example.org/ has an address of its own: leave --url out"
    )
    assert refused(tmp_path / "nothing.html") == (
        f"{tmp_path}/nothing.html is not there: give an HTML file, an address that begins with "
        "https://, or an archive with --url"
    )
