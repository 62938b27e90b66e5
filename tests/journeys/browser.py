"""A real browser, and an archive that is shown in it.

What a test may connect to is watched in the test's own process alone. The browser is another:
what it asks for is in a log of its own, and who must not be reached counts who comes.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

from playwright.sync_api import Browser, FrameLocator, Page, expect, sync_playwright

from tests.journeys.commands import PATIENCE, crawl
from tests.servers.s3 import Missing

# No page takes longer on a machine that is busy with something else.
PATIENCE_MS = 30_000
_FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium, with a profile that nobody has used; Missing where it is not."""
    program = shutil.which("chromium")
    if program is None:
        raise Missing("chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=PATIENCE_MS)
    with TemporaryDirectory(prefix="chromium-") as profile, sync_playwright() as engine:
        # The flags of playwright's own would open pop-ups that a user's browser would not.
        driven = ["--remote-debugging-pipe", f"--user-data-dir={profile}"]
        browser = engine.chromium.launch(
            executable_path=program, ignore_default_args=True, args=[*_FLAGS, *driven]
        )
        try:
            yield browser
        finally:
            browser.close()


def archived(folder: Path, urls: list[str]) -> Path:
    """Crawl *urls* into a collection in *folder*, and return it."""
    seeds = folder / "seeds.txt"
    seeds.write_text("".join(f"{url}\n" for url in urls), "ascii")
    assert crawl(folder / "collections", "-a", f"seeds={seeds}").status == 0
    return folder / "collections" / "news"


@contextmanager
def shown(*archives: Path) -> Iterator[str]:
    """Have `archiver replay` show *archives*; yield the address that it says.

    Ctrl-C ends it, and nothing was complained about.
    """
    program = Path(sysconfig.get_path("scripts")) / "archiver"
    with subprocess.Popen(
        [str(program), "replay", *map(str, archives), "--no-open"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        said = running.stdout.readline()
        try:
            found = re.search(
                r" is at (http://localhost:[0-9]+)/ until you press Ctrl-C\.\n", said
            )
            assert found, said or running.communicate(timeout=PATIENCE)[1]
            yield found[1]
        finally:
            running.send_signal(signal.SIGINT)
            complaints = running.communicate(timeout=PATIENCE)[1]
    assert (running.returncode, complaints) == (0, "")


class Window:
    """A tab of a browser's own, that shows the archive at *base*; *asked* is what it asked for."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.base = base
        self.asked: list[str] = []
        self._context = browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC"
        )
        self._context.set_default_timeout(PATIENCE_MS)
        self._context.on("request", lambda request: self.asked.append(request.url))
        self.page: Page = self._context.new_page()

    @property
    def app(self) -> FrameLocator:
        """The frame of ReplayWeb.page."""
        return self.page.frame_locator("replay-web-page iframe")

    @property
    def archived(self) -> FrameLocator:
        """The frame of the archived page."""
        return self.app.frame_locator('iframe[name="___wb_replay_top_frame"]')

    def open(self, path: str = "/") -> None:
        """Go to *path* of the server."""
        self.page.goto(f"{self.base}{path}")

    def open_capture(self, url: str, timestamp: str = "") -> None:
        """Go to the capture of *url* by its deep link."""
        self.open(f"/replay?url={quote(url, safe='')}&ts={timestamp}")

    def keep_picture(self, name: str, folder: Path) -> None:
        """Save what is to be seen, for somebody to look at."""
        target = Path(os.environ.get("ARCHIVER_ARTEFACTS") or folder)
        self.page.screenshot(path=target / f"{name}.png")

    def hosts(self) -> set[str]:
        """Return the hosts and ports that were asked for anything, page and workers."""
        asked = (urlsplit(url) for url in self.asked)
        return {url.netloc for url in asked if url.scheme not in ("data", "blob", "about")}

    def close(self) -> None:
        """Close the tab, and forget all that it kept."""
        self._context.close()
