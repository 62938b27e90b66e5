"""What a user sees of an archive in a real browser, when its site is no more."""

from __future__ import annotations

import json
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from archiver.demo.server import demo_server
from archiver.demo.site import MISSING_PATH, OLD_PATH
from tests.journeys.browser import Window, archived, shown
from tests.journeys.commands import archiver

FERRY = "/2026/03/04/ferry-returns"  # in chunks, and with a picture
QUARRY = "/2026/02/19/quarry-brass"  # in gzip and in chunks
TWIN_TOWN = "/2026/03/14/twin-town"  # in Latin-1
LAMP = "rgb(154, 52, 18)"  # what the stylesheet that a stylesheet imports says of headlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What two crawls of sites left that are no more: as a collection and as a WACZ."""

    collection: Path
    wacz: Path
    base: str
    first_timestamp: str
    last_timestamp: str


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("archive")
    with demo_server() as site:
        base = site.base
        paths = [path for path in site.resources if path not in ("/robots.txt", OLD_PATH)]
        for _ in range(2):
            collection = archived(folder, [base + path for path in [*paths, OLD_PATH]])
    made = archiver("wacz", collection, "-o", folder / "news.wacz")
    assert made.status == 0, made.stderr
    timestamps = timestamps_of(collection, base + FERRY)
    return Archive(
        collection=collection,
        wacz=folder / "news.wacz",
        base=base,
        first_timestamp=timestamps["text/html"],
        last_timestamp=timestamps["warc/revisit"],
    )


def timestamps_of(collection: Path, url: str) -> dict[str, str]:
    """Return when *url* was captured in *collection*, by what became of it."""
    lines = [
        line.split(" ", 2)
        for path in (collection / "indexes").iterdir()
        for line in path.read_text("utf-8").splitlines()
    ]
    return {
        fields["mime"]: timestamp
        for _, timestamp, rest in lines
        if (fields := json.loads(rest))["url"] == url
    }


@pytest.fixture(scope="module", params=["collection", "wacz"])
def base(request: pytest.FixtureRequest, archive: Archive, browser: Browser) -> Iterator[str]:
    with shown(getattr(archive, request.param)) as base:
        yield base


@pytest.fixture(scope="module")
def window(base: str, browser: Browser) -> Iterator[Window]:
    """A tab of which every request is checked at its end."""
    window = Window(browser, base)
    yield window
    window.close()
    assert window.hosts() == {base.removeprefix("http://")}


def test_all_pages_are_listed_by_title_and_date(
    window: Window, archive: Archive, tmp_path: Path
) -> None:
    window.open()
    listed = window.app.locator("wr-page-entry", has_text="After eleven winters the ferry is back")
    expect(listed.first).to_contain_text(f"{archive.base}{FERRY}")
    day = archive.first_timestamp
    expect(listed.first).to_contain_text(f"{day[6:8]}/{day[4:6]}/{day[:4]}")
    window.keep_picture("pages", tmp_path)


def test_an_article_has_its_headline_its_picture_and_its_style(
    window: Window, archive: Archive, tmp_path: Path
) -> None:
    window.open()
    title = "After eleven winters the ferry is back on the Sallow"
    window.app.locator("wr-page-entry a", has_text=title).click()
    headline = window.archived.locator("h1")
    expect(headline).to_have_text(title)
    expect(headline).to_have_css("color", LAMP)
    picture = window.archived.locator("figure img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") in (320, 640)
    window.keep_picture("article", tmp_path)


def test_search_finds_the_page_that_has_a_word(window: Window, tmp_path: Path) -> None:
    window.open()
    window.app.get_by_placeholder("Search by Page URL, Title, or Text").fill("Mühlgäßchen")
    entries = window.app.locator("wr-page-entry")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Seven hours on the train")
    window.keep_picture("search", tmp_path)


def test_search_goes_through_the_last_page_of_many(browser: Browser, tmp_path: Path) -> None:
    # ReplayWeb.page by itself would search the first MiB of a list of pages.
    (tmp_path / "many.warc").write_bytes(b"".join(map(story, range(250))))

    with shown(tmp_path / "many.warc") as base:
        window = Window(browser, base)
        window.open()
        window.app.get_by_placeholder("Search by Page URL, Title, or Text").fill("ferry249")
        entries = window.app.locator("wr-page-entry")
        expect(entries).to_have_count(1)
        expect(entries).to_contain_text("Story 249")
        window.close()


def story(number: int) -> bytes:
    """Return a record of a page of nine thousand letters."""
    text = f"ferry{number} " + f"river{number:03} " * 1000
    http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Story {number}</title>{text}"
    fields = (
        "WARC/1.1",
        "WARC-Type: response",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012}>",
        f"WARC-Target-URI: http://many.example/{number}",
        f"WARC-Date: 2026-04-01T00:{number // 60:02}:{number % 60:02}Z",
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(http)}",
        "",
        http,
    )
    return "\r\n".join(fields).encode() + b"\r\n\r\n"


@pytest.mark.parametrize(
    ("path", "headline"),
    [
        (OLD_PATH, "After eleven winters the ferry is back on the Sallow"),
        (QUARRY, "A brass band plays to an empty quarry, and the quarry answers"),
        ("/about", "About the Lantern"),
    ],
    ids=["redirect", "gzip-and-chunks", "page"],
)
def test_a_deep_link_opens_the_page(
    window: Window, archive: Archive, path: str, headline: str
) -> None:
    window.open_capture(archive.base + path)
    expect(window.archived.locator("h1")).to_have_text(headline)


def test_letters_of_latin_1_are_the_letters_of_the_author(
    window: Window, archive: Archive
) -> None:
    window.open_capture(archive.base + TWIN_TOWN)
    expect(window.archived.locator("main")).to_contain_text("Bürgermeisterin Käthe Ößling")


def test_a_revisit_shows_what_it_repeats(window: Window, archive: Archive, tmp_path: Path) -> None:
    window.open_capture(archive.base + FERRY, archive.last_timestamp)
    expect(window.archived.locator("h1")).to_contain_text("After eleven winters")
    expect(window.app.locator("#datetime")).to_contain_text(archive.last_timestamp[12:14])
    window.keep_picture("revisit", tmp_path)


def test_what_is_not_archived_is_said_with_what_is_near(
    window: Window, archive: Archive, tmp_path: Path
) -> None:
    window.open_capture(archive.base + MISSING_PATH)
    expect(window.page.locator("main")).to_contain_text(
        f"{archive.base}{MISSING_PATH} is not archived in news."
    )
    window.keep_picture("missing", tmp_path)
    window.page.get_by_role("link", name=archive.base + FERRY).click()
    expect(window.archived.locator("h1")).to_contain_text("After eleven winters")


def test_a_wacz_that_lies_is_shown_with_a_warning(archive: Archive, tmp_path: Path) -> None:
    octets = archive.wacz.read_bytes()
    lying = tmp_path / "lying.wacz"
    lying.write_bytes(octets.replace(b'"title": "After eleven', b'"title": "After twelve'))
    command = [str(Path(sysconfig.get_path("scripts")) / "archiver"), "replay", str(lying)]
    with subprocess.Popen(
        [*command, "--no-open"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, complaints = running.communicate(timeout=30)

    assert running.returncode == 0
    assert said.startswith("lying is at http://localhost:")
    assert complaints.startswith(f"archiver: {lying} holds 'pages/pages.jsonl' with sha256 ")
    assert complaints.count(": do not trust what it shows\n") == 1
