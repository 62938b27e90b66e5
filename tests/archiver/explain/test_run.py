"""`archiver explain` as its user runs it."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

import pytest

from archiver.cli import main
from archiver.demo.articles import read_articles
from archiver.demo.site import build_site
from archiver.explain import run
from archiver.explain.run import run_explain
from archiver.extraction import ExtractionError
from tests.archiver.explain.made import GIVEN
from tests.archiver.explain.serving import ok, serving

SITE = build_site("http://127.0.0.1")
PATH = next(article.path for article in read_articles() if article.slug == "slow-clock")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(SITE[PATH].body)
    return path


def explained(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    status = main(["explain", *map(str, arguments)])
    output = capsys.readouterr()
    return status, output.out, output.err


def test_an_article_is_explained_block_by_block(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, shown, complaints = explained(capsys, page, "--url", f"http://127.0.0.1{PATH}")

    assert (status, complaints) == (0, "")
    assert shown.startswith(f"type      article\naddress   http://127.0.0.1{PATH}\ntitle     ")
    assert [line for line in shown.splitlines() if line.startswith("+ ")]
    assert [line for line in shown.splitlines() if line.startswith("- ")]


def test_a_page_is_explained_from_the_web(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(ok(SITE[PATH].body, "Content-Type: text/html; charset=utf-8")) as server:
        status, shown, _ = explained(capsys, server.address + PATH)

    assert status == 0
    assert f"address   {server.address}{PATH}\n" in shown


def test_a_page_without_an_article_has_status_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "front.html").write_bytes(SITE["/"].body)
    status, shown, _ = explained(capsys, tmp_path / "front.html", "--url", "http://127.0.0.1/")

    assert status == 1
    assert "No text was looked for: a page of the type front has none.\n" in shown


def test_what_is_no_page_has_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.html").touch()

    assert explained(capsys, tmp_path / "empty.html") == (
        2,
        "",
        f"archiver: {tmp_path}/empty.html is no HTML, or empty, or has more than 20,000,000 "
        "octets or 50,000 elements\n",
    )


def test_what_the_extractor_falls_over_is_quoted_without_controls(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall_over(*_: object, **__: object) -> None:
        raise ExtractionError("a page: extraction failed, ValueError: \x1b[2J")

    monkeypatch.setattr(run, "read_html", fall_over)

    assert explained(capsys, page) == (
        2,
        "",
        "archiver: a page: extraction failed, ValueError: \\x1b[2J\n",
    )


def test_trafilatura_says_that_it_explains_nothing(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, shown, _ = explained(capsys, page, "--extractor", "trafilatura")

    assert status == 0
    assert "\nextractor trafilatura " in shown
    assert "Trafilatura gives a text and no verdicts on blocks" in shown


def test_html_is_written_as_well(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = page.with_name("explained.html")
    status, shown, _ = explained(capsys, page, "--html", target)

    assert status == 0
    assert shown.startswith("type      article\n")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>\n")


def test_the_page_itself_is_not_written_over(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, complaints = explained(capsys, page, "--html", page)

    assert (status, complaints) == (
        2,
        f"archiver: {page} is the page itself: name another file with --html\n",
    )
    assert page.read_bytes() == SITE[PATH].body


def test_a_folder_that_is_not_there_is_named(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, complaints = explained(capsys, page, "--html", page.parent / "no" / "x.html")

    assert (status, complaints) == (
        2,
        f"archiver: {page.parent}/no/x.html: No such file or directory\n",
    )


def test_an_output_that_knows_few_letters_gets_the_others_spelled() -> None:
    octets = io.BytesIO()
    with io.TextIOWrapper(octets, encoding="ascii") as out:
        run_explain(
            GIVEN, "archiver", html=None, shows_all=True, out=out, width=10, has_colour=False
        )
        out.flush()
        assert b"\\u2026" in octets.getvalue()


class Terminal(io.StringIO):
    """A terminal, as far as its user can tell."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_color", "has_colour"), [("", True), ("1", False)])
def test_a_terminal_has_colours_unless_it_wants_none(
    page: Path, monkeypatch: pytest.MonkeyPatch, no_color: str, has_colour: bool
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("COLUMNS", "60")
    status = main(["explain", str(page)])
    shown = re.sub("\x1b\\[[0-9]*m", "", terminal.getvalue())

    assert status == 0
    assert (shown != terminal.getvalue()) is has_colour
    assert max(map(len, shown.splitlines())) == 60


def test_what_is_no_terminal_gets_whole_lines_without_colours(
    page: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, shown, _ = explained(capsys, page)

    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) > 100
