"""The spider that walks an archive, run over archives of a few records, and of many."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.archiver.pebbles import (
    BASE,
    IDENTICAL,
    an_id,
    asked_and_answered,
    http,
    record,
    response,
    warcinfo,
)
from tests.journeys.commands import Finished, scrapy
from tests.journeys.stories import story, title_of

EARLY, LATE = "2026-03-01T10:00:00Z", "2026-05-01T10:00:00Z"
ORIGINAL_ID = an_id()


def walked(folder: Path, *arguments: str) -> Finished:
    """Walk with the spider from another folder's point of view: nothing is to be made in it."""
    return scrapy(
        "crawl", "offline", *arguments, "-O", f"{folder}/items.jsonl",
        "-s", f"ARCHIVE_STORE={folder}/store", "-s", f"ARCHIVE_WORK_DIR={folder}/work",
    )  # fmt: skip


def texts(folder: Path) -> list[tuple[str, str, str]]:
    """Return URL, title and date of the items, sorted."""
    items = map(json.loads, (folder / "items.jsonl").read_text("utf-8").splitlines())
    return sorted((item["url"], item["title"], item["date"][:10]) for item in items)


RECORDS = [
    warcinfo(),
    response("/a", http(story(1)), EARLY, WARC_Record_ID=ORIGINAL_ID),
    response("/a", http(story(2)), LATE),
    record(
        "revisit", http(b""), WARC_Target_URI=f"{BASE}/a", WARC_Date="2026-04-01T10:00:00Z",
        WARC_Profile=IDENTICAL, WARC_Refers_To=ORIGINAL_ID, WARC_Refers_To_Date=EARLY,
        WARC_Refers_To_Target_URI=f"{BASE}/a",
        Content_Type="application/http; msgtype=response",
    ),
    asked_and_answered("POST", "/found", b"q=1", http(story(3))),
    response("/moved", http(b"", "Location: /a", status="302 Found")),
    response("/gone", http(story(4), status="404 Not Found")),
    response("/on", http(b'<meta http-equiv="refresh" content="0;url=/a">')),
    response("/film", http(b"film").replace(b"text/html", b"video/mp4")),
    response("http://other.test/b c", http(story(5))),
]  # fmt: skip
A_EARLY = (f"{BASE}/a", title_of(1), "2026-03-01")
A_LATE = (f"{BASE}/a", title_of(2), "2026-05-01")
A_REVISITED = (f"{BASE}/a", title_of(1), "2026-04-01")
FOUND = (f"{BASE}/found", title_of(3), "2026-03-01")
GONE = (f"{BASE}/gone", title_of(4), "2026-03-01")
BLANK = ("http://other.test/b c", title_of(5), "2026-03-01")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "few.warc.gz"
    path.write_bytes(b"".join(RECORDS))
    return path


def test_each_capture_of_html_is_a_page(archive: Path, tmp_path: Path) -> None:
    end = walked(tmp_path, "-a", f"archive={archive}")

    assert (end.status, end.log_lines("ERROR"), end.log_lines("WARNING")) == (0, [], [])
    assert texts(tmp_path) == [BLANK, A_EARLY, A_LATE, FOUND]
    assert "archive  5 captures read, 0 misses\n" in end.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["items.jsonl"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (("from=2026-04",), [A_LATE]),
        (("mime=warc/revisit",), [A_REVISITED]),
        (("mime=text/html,warc/revisit", "host=shore.test", "to=2026-04-30"),
         [A_EARLY, A_REVISITED, FOUND]),
        (("status=any", "mime=any", "url=http://shore.test/g"), [GONE]),
    ],
)  # fmt: skip
def test_filters_narrow_it_down(
    archive: Path, tmp_path: Path, filters: tuple[str, ...], expected: list[tuple[str, str, str]]
) -> None:
    given = [option for text in filters for option in ("-a", text)]

    end = walked(tmp_path, "-a", f"archive={archive}", *given)

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert texts(tmp_path) == expected


LONG = f"http://other.test/{'a' * 100_000}"
IMPOSSIBLE = ["http://[::1", "http://a.test:99999999/", "http://a.test:abc/", "http://a]b/"]


def test_a_url_that_is_none_costs_its_own_capture_alone(tmp_path: Path) -> None:
    archive = tmp_path / "odd.warc"
    good = {"http://zz.test/": 1, LONG: 2, "http://zz.test/b c": 3, "http://zz.test/\u00e9": 4}
    others = [*IMPOSSIBLE, "http://a..b/", f"http://{'a' * 300}/", "http://xn--\u0301/"]
    archive.write_bytes(
        warcinfo()
        + b"".join(response(url, http(story(9))) for url in others)
        + b"".join(response(url, http(story(number))) for url, number in good.items())
    )

    end = walked(tmp_path, "-a", f"archive={archive}", "-a", "mime=any", "-a", "status=any")
    told = [line for line in end.stderr.splitlines() if "] INFO: No page from " in line]

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert {title for _, title, _ in texts(tmp_path)} >= {title_of(n) for n in good.values()}
    assert [url for url in IMPOSSIBLE if any(f"from {url!r}: " in line for line in told)] == (
        IMPOSSIBLE
    )
    assert "archive  7 captures read, 4 misses\n" in end.stderr


def test_what_no_server_gave_is_passed_over_and_never_looked_for_on_the_disk(
    tmp_path: Path,
) -> None:
    archive, local = tmp_path / "odd.warc", tmp_path / "local.html"
    local.write_bytes(story(8))
    targets = [
        local.as_uri(), f"file:{local}", f"FILE://localhost{local}", f" {local.as_uri()}",
        "data:text/html,<p>Hello", "http://", "http:///x", f"http:{local.as_uri()}",
        "dns:example.org", "urn:x", "javascript:x", "whois://x", "about:blank",
    ]  # fmt: skip
    records = [response(target, http(story(9))) for target in targets]
    archive.write_bytes(b"".join([warcinfo(), *records, response("/a", http(story(1)))]))

    end = walked(tmp_path, "-a", f"archive={archive}", "-a", "mime=any", "-a", "status=any")

    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert texts(tmp_path) == [A_EARLY]
    assert "archive  1 captures read, 0 misses\n" in end.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "name what to walk: -a archive=collections/news, a WACZ or a WARC"),
        (
            ("-a", "archive=x.wacz", "-a", "mimes=text/html"),
            "-a mimes is nothing that offline knows: it takes archive, url, host, mime, status, "
            "from, to",
        ),
        (
            ("-a", "archive=x.wacz", "-a", "status=fine"),
            "-a status is 'fine': give it numbers such as 200,404, or any",
        ),
        (
            ("-a", "archive=x.wacz", "-a", "from=friday"),
            "-a from is 'friday': write a date as 2026-11-01, or its 14 digits as 20261101093000",
        ),
    ],
)
def test_bad_input_is_refused_in_a_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    end = walked(tmp_path, *arguments)

    assert (end.status, end.stderr.splitlines()[-1]) == (2, f"archiver: {sentence}")


def test_an_archive_that_is_not_there_is_refused_in_a_sentence(tmp_path: Path) -> None:
    end = walked(tmp_path, "-a", f"archive={tmp_path}/none.wacz")

    assert end.status == 2
    assert end.stderr.splitlines()[-1].startswith(f"archiver: {tmp_path}/none.wacz ")


def test_a_long_index_is_walked_no_faster_than_it_is_answered(tmp_path: Path) -> None:
    path = tmp_path / "many.warc.gz"
    page = http(b"<p>One of many.</p>")
    path.write_bytes(warcinfo() + b"".join(response(f"/{n}", page) for n in range(20_000)))

    end = walked(
        tmp_path, "-a", f"archive={path}", "-s", "ARCHIVE_TEXT_ENABLED=False",
        "-s", "CLOSESPIDER_PAGECOUNT=200",
    )  # fmt: skip

    enqueued = re.search(r"'scheduler/enqueued': (\d+)", end.stderr)
    assert (end.status, end.log_lines("ERROR")) == (0, [])
    assert enqueued is not None
    assert int(enqueued[1]) < 300
