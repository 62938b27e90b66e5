"""No seed leads a crawl to where its user's own network begins, whichever way it points there.

A paper's front page points to a vault, on another address of this machine, in every spelling and
by every way that a page has. The same crawl with the networks of both allowed shows that each of
them would have led there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys import strolling_spider
from tests.journeys.collected import Collected, collected, path_of
from tests.journeys.commands import PROJECT, Finished, crawl_command, finished
from tests.journeys.site import Asked, Site, answer
from tests.journeys.stories import story
from tests.servers.names import names
from tests.wire.warcs import of_type

# How a page may spell the host of the vault: literals, and names by what they lead to.
SPELLINGS = (
    "127.0.0.2", "127.0.0.2.", "127.2", "2130706434", "0x7f000002", "0x7F.2", "0177.0.0.2",
    "017700000002", "\uff11\uff12\uff17.0.0.2", "127\u30020.0.2", "[::ffff:127.0.0.2]",
    "[::FFFF:7F00:2]", "paper.example.org@127.0.0.2", "vault.example.org", "VAULT.example.org.",
    "vault.localhost", "mapped.example.org",
)  # fmt: skip
# Where nobody answers, and nobody is to be asked.
ELSEWHERE = (
    "[::1]", "[::]", "[::127.0.0.2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "[fe80::1%251]",
    "[fd00::1]", "0", "0.0.0.0", "10.0.0.1", "169.254.169.254", "0xa9fea9fe", "192.168.0.1",
    "ten.example.org", "metadata.example.org", "six.example.org",
    "zero.example.org", "link.example.org",
)  # fmt: skip
ANSWERS = {
    "paper.example.org": [["127.0.0.1"]],
    "vault.example.org": [["127.0.0.2"]],
    "vault.localhost": [["127.0.0.2"]],
    "ten.example.org": [["10.0.0.1"]],
    "metadata.example.org": [["169.254.169.254"]],
    "six.example.org": [["::1"]],
    "mapped.example.org": [["::ffff:127.0.0.2"]],
    "zero.example.org": [["0.0.0.0"]],
    "link.example.org": [["fe80::1"]],
    # At home at first, and then where nothing with a name may lead.
    "turning.example.org": [["127.0.0.1"], ["169.254.169.254"]],
}

SETTINGS: dict[str, object] = {
    "SPIDER_MODULES": f"spiders,{strolling_spider.__name__}",
    "ARCHIVE_TEXT_ENABLED": False,
    "RETRY_ENABLED": False,
    "ARCHIVE_OPERATOR": "desk@paper.example",
}


@dataclass(slots=True)
class Web:
    """A paper, a diary on another private address, both of them seeds, and a vault."""

    paper: str = ""
    diary: str = ""
    vault: str = ""

    def of_paper(self, asked: Asked) -> Iterable[bytes]:
        """Answer for the paper, of which every page leads out in another way."""
        way, _, number = asked.path[1:].partition("/")
        match way:
            case "":
                links = [
                    *(f"http://{host}:{self.vault}/by/{n}" for n, host in enumerate(SPELLINGS)),
                    *(f"http://{host}:{self.vault}/to/{n}" for n, host in enumerate(ELSEWHERE)),
                    "/302/1", "/307/2", "/refresh/1", "/header/1", "/story/1", "/home",
                    f"http://127.0.0.3:{self.diary}/burnt",
                ]  # fmt: skip
                return page(links)
            case "302" | "307":
                there = f"Location: http://127.0.0.2:{self.vault}/moved/{number}"
                return answer(b"", there, status=f"{way} Over There")
            case "home":
                return answer(b"", f"Location: http://PAPER.example.org:{self.paper}/story/2",
                              status="301 Moved")  # fmt: skip
            case "refresh":
                there = f"http://vault.example.org:{self.vault}/refreshed/{number}"
                return answer(f'<meta http-equiv="refresh" content="0; url={there}">'.encode())
            case "turn":
                return answer(page(["/turn/2"])[0].partition(b"\r\n\r\n")[2], "Connection: close")
            case "story":
                return answer(story(int(number)))
            case _:
                return answer(b"", status="404 Not Found")

    def of_diary(self, asked: Asked) -> Iterable[bytes]:
        """Answer for the diary, which leads to its own pages and to the vault."""
        links = ["/today", f"http://127.0.0.2:{self.vault}/from-diary"]
        return page(links if asked.path == "/" else [])


def page(links: Sequence[str]) -> list[bytes]:
    return answer("".join(f'<a href="{link}">Read on</a>' for link in links).encode())


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stroll:
    """A crawl from paper and diary along every link, and what they and the vault were asked."""

    end: Finished
    kept: Collected
    paper: list[str]
    diary: list[str]
    vault: list[str]

    @property
    def refused(self) -> list[str]:
        """The paths of the targets whose failure is that they were refused, sorted."""
        return sorted(
            path_of(record.get("WARC-Target-URI") or "")
            for record in of_type(self.kept.records, "metadata")
            if b"fetchFailure: Refused: " in record.block
        )


def strolled(folder: Path, **settings: object) -> Stroll:
    web = Web()
    with (
        Site(web.of_paper) as paper,
        Site(web.of_diary, "127.0.0.3") as diary,
        Site(lambda asked: page([]), "127.0.0.2") as vault,
    ):
        web.paper, web.diary, web.vault = (
            site.base.rpartition(":")[2] for site in (paper, diary, vault)
        )
        starts = (
            f"http://paper.example.org:{web.paper}/ {diary.base}/ "
            f"http://turning.example.org:{web.paper}/turn/1"
        )
        command = crawl_command(
            folder / "store", "-a", f"starts={starts}", "-a", "again=",
            spider=strolling_spider.StrollingSpider.name,
            settings=SETTINGS | names(ANSWERS, folder / "names.json") | settings,
        )  # fmt: skip
        end = finished(command, PROJECT)
    return Stroll(
        end=end,
        kept=collected(folder / "store" / "news"),
        paper=sorted(paper.paths),
        diary=sorted(diary.paths),
        vault=sorted(vault.paths),
    )


@pytest.fixture(scope="module")
def stroll(tmp_path_factory: pytest.TempPathFactory) -> Stroll:
    return strolled(tmp_path_factory.mktemp("reach"))


BY = [f"/by/{number}" for number in range(17)]
TO = [f"/to/{number}" for number in range(18)]
WAYS = ["/from-diary", "/moved/1", "/moved/2", "/refreshed/1"]


def test_no_way_leads_to_the_vault(stroll: Stroll) -> None:
    assert stroll.end.status == 0
    assert stroll.vault == []


def test_a_private_seed_is_asked_for_its_own_pages_and_by_nobody_else(stroll: Stroll) -> None:
    assert stroll.diary == ["/", "/today"]
    assert stroll.paper == [
        "/", "/302/1", "/307/2", "/header/1", "/home", "/refresh/1", "/story/1", "/story/2",
        "/turn/1",
    ]  # fmt: skip


def test_each_refusal_is_archived_with_its_reason_and_counted(stroll: Stroll) -> None:
    refused = sorted([*BY, *TO, *WAYS, "/burnt", "/turn/2"])

    assert stroll.refused == refused
    assert stroll.kept.crawls[0]["stats"]["archive/private_refused_count"] == len(refused)


def test_the_first_refusals_are_told_and_nothing_is_an_error(stroll: Stroll) -> None:
    told = stroll.end.log_lines("WARNING")

    assert len(told) == 5
    assert [line for line in told if "ARCHIVE_PRIVATE_HOSTS" not in line] == []
    assert stroll.end.log_lines("ERROR") == []


def test_where_the_network_is_allowed_each_way_leads_to_the_vault(tmp_path: Path) -> None:
    stroll = strolled(tmp_path, ARCHIVE_PRIVATE_HOSTS="127.0.0.0/8")

    assert stroll.vault == sorted([*BY, *WAYS])
    assert stroll.diary == ["/", "/burnt", "/today"]
