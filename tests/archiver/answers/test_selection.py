from __future__ import annotations

import json

import pytest

from archiver.answers.selection import Selection, selection_of
from archiver.errors import SettingError
from archiver.surt import surt_of


def line(
    url: str, *, mime: str | None = "text/html", status: int | None = 200,
    timestamp: str = "20261101093000",
) -> bytes:  # fmt: skip
    fields = {"url": url, "mime": mime, "status": status}
    given = {name: value for name, value in fields.items() if value is not None}
    place = {"offset": 0, "length": 1, "filename": "a.warc.gz"}
    return f"{surt_of(url)} {timestamp} {json.dumps(given | place)}\n".encode()


LINES = [
    line("http://shore.test/page"),
    line("https://www.shore.test/Page,2"),
    line("http://shore.test/xhtml", mime="application/xhtml+xml"),
    line("http://shore.test/gone", status=404),
    line("http://hill.test/old", timestamp="20251231235959"),
    line("http://hill.test/new", timestamp="20270101000000"),
    line("http://hill.test/again", mime="warc/revisit"),
    line("http://hill.test/resource", status=None),
    line("http://offshore.test/Loud", mime="TEXT/HTML"),
    line("http://hill.test/bare", mime=None),
    line("dns:shore.test", mime="text/html", status=None),
]


def chosen(**filters: str) -> list[str]:
    selection = selection_of({name.rstrip("_"): text for name, text in filters.items()})
    return [entry.url.rpartition("/")[2] for entry in selection.of(LINES)]


def test_without_filters_the_html_is_meant_that_was_answered_with_200() -> None:
    assert chosen() == ["page", "Page,2", "old", "new", "resource", "Loud"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"mime": "application/xhtml+xml, warc/revisit"}, ["xhtml", "again"]),
        ({"status": "404"}, ["gone"]),
        ({"status": "404,200", "host": "shore.test"}, ["page", "Page,2", "gone"]),
        ({"host": "SHORE.test."}, ["page", "Page,2"]),
        ({"host": "hill.test,offshore.test"}, ["old", "new", "resource", "Loud"]),
        ({"from_": "2027"}, ["new"]),
        ({"to": "2025-12-31"}, ["old"]),
        ({"from_": "2026-11-01", "to": "2026-11-01"}, ["page", "Page,2", "resource", "Loud"]),
        ({"url": "http://shore.test/"}, ["page"]),
        ({"url": "HTTPS://WWW.shore.test/Page,2"}, ["Page,2"]),
        ({"url": "shore.test/p,https://www.shore.test/"}, ["page", "Page,2"]),
        ({"url": "http://nowhere.test/"}, []),
    ],
)
def test_filters_narrow_it_down(filters: dict[str, str], names: list[str]) -> None:
    assert chosen(**filters) == names


def test_any_lets_all_through_but_revisits() -> None:
    everything = chosen(mime="any", status="any")

    assert everything == [
        "page", "Page,2", "xhtml", "gone", "old", "new", "resource", "Loud", "bare",
    ]  # fmt: skip


def test_a_selection_of_nothing_in_particular_is_everything_of_http() -> None:
    assert len(list(Selection().of(LINES))) == len(LINES) - 2


def test_a_host_of_half_a_character_is_no_host() -> None:
    odd = LINES[0].replace(b"http://shore", b"http://\\ud800")

    assert list(Selection(hosts=frozenset({"test"})).of([odd])) == []


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        ({"status": "OK"}, "-a status is 'OK': give it numbers such as 200,404, or any"),
        ({"status": "20"}, "-a status is '20': give it numbers such as 200,404, or any"),
        ({"status": ""}, "-a status is '': give it numbers such as 200,404, or any"),
        (
            {"from": "soon"},
            "-a from is 'soon': write a date as 2026-11-01, or its 14 digits as 20261101093000",
        ),
        (
            {"from": "2027", "to": "2026"},
            "-a from is '2027' and -a to is '2026': nothing lies between",
        ),
    ],
)
def test_a_filter_that_cannot_be_one_is_refused(filters: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingError) as refused:
        selection_of(filters)

    assert str(refused.value) == sentence
