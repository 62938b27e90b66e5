"""What archived scripts reach when an archive is looked at: nobody.

The control is the same page, live: there each of them gets through.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import Window, archived, shown
from tests.journeys.commands import wait_until
from tests.journeys.hostile import (
    FRAMES_LED,
    ONLY_ARCHIVED,
    TRIES,
    Canary,
    hostile_site,
    way_of,
)
from tests.journeys.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """The archive of pages that try to reach *canary*, and where they were."""

    collection: Path
    base: str
    canary: Canary


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    folder = tmp_path_factory.mktemp("hostile")
    with Canary() as canary:
        with Site(hostile_site(canary.base)) as site:
            collection = archived(
                folder, [site.base + way_of(name) for name in TRIES | FRAMES_LED]
            )
        yield Hostile(collection=collection, base=site.base, canary=canary)


@pytest.fixture(scope="module")
def hostile_window(browser: Browser, hostile: Hostile) -> Iterator[Window]:
    with shown(hostile.collection) as base:
        window = Window(browser, base)
        yield window
        assert hostile.canary.paths == []  # nor did anybody ask later
        assert window.hosts() == {base.removeprefix("http://")}
        window.close()


def open_and_let_try(window: Window, hostile: Hostile, name: str) -> None:
    """Open the page that tries *name*, and give it as long as our own server takes."""
    hostile.canary.forget()
    with window.page.expect_console_message(lambda said: said.text == f"tried {name}"):
        window.open_capture(hostile.base + way_of(name))
    window.page.evaluate("fetch('/page.css').then(answer => answer.text())")
    if "webrtc" in name:
        window.page.wait_for_timeout(1000)  # it connects in its own time


@pytest.mark.parametrize("name", TRIES)
def test_an_archived_script_reaches_nobody(
    hostile_window: Window, hostile: Hostile, name: str
) -> None:
    open_and_let_try(hostile_window, hostile, name)

    assert (hostile.canary.connections, hostile.canary.paths) == (0, [])
    assert hostile_window.page.url.startswith(f"{hostile_window.base}/")
    assert len(hostile_window.page.context.pages) == 1


@pytest.mark.parametrize("name", FRAMES_LED)
def test_a_frame_that_a_script_leads_elsewhere_asks_for_nothing(
    hostile_window: Window, hostile: Hostile, name: str
) -> None:
    open_and_let_try(hostile_window, hostile, name)

    assert hostile.canary.paths == []


@pytest.mark.parametrize(
    "name", [name for name in TRIES | FRAMES_LED if name not in ONLY_ARCHIVED]
)
def test_the_same_script_on_a_live_page_does_reach_somebody(browser: Browser, name: str) -> None:
    with Canary() as canary, Site(hostile_site(canary.base)) as site:
        window = Window(browser, site.base)
        window.open(way_of(name))
        wait_until(lambda: canary.connections)
        window.close()
