from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.interfaces import IHostnameResolver
from zope.interface.verify import verifyObject

from tests.servers.names import Names, names

TABLE = {
    "one.example.org": [["127.0.0.2"]],
    "two.example.org": [["127.0.0.2", "::1"], [], ["10.0.0.1"]],
}


class Receiver:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: Any) -> None:
        """Nothing to keep."""

    def addressResolved(self, address: Any) -> None:
        assert not self.is_complete
        self.addresses.append(str(address.host))

    def resolutionComplete(self) -> None:
        self.is_complete = True


def _ask(resolver: Names, name: str) -> list[str]:
    receiver = Receiver()
    resolver.resolveHostName(receiver, name)
    assert receiver.is_complete
    return receiver.addresses


@pytest.fixture
def resolver() -> Names:
    return Names(None, TABLE)


@pytest.mark.parametrize(
    ("name", "addresses"),
    [
        ("one.example.org", ["127.0.0.2"]),
        ("One.Example.ORG.", ["127.0.0.2"]),
        ("three.example.org", []),
        ("localhost", ["127.0.0.1"]),
        ("127.0.0.9", ["127.0.0.9"]),
        ("0x7f.9", ["127.0.0.9"]),
        ("::1", ["::1"]),
    ],
)
def test_a_name_leads_where_the_table_says(
    resolver: Names, name: str, addresses: list[str]
) -> None:
    assert _ask(resolver, name) == addresses


def test_each_question_has_its_answer_and_the_last_is_repeated(resolver: Names) -> None:
    answers = [_ask(resolver, "two.example.org") for _ in range(4)]

    assert answers == [["127.0.0.2", "::1"], [], ["10.0.0.1"], ["10.0.0.1"]]


def test_the_settings_name_what_a_crawl_is_to_ask(tmp_path: Path) -> None:
    settings = names(TABLE, tmp_path / "names.json")

    assert settings["TWISTED_DNS_RESOLVER"] == "tests.servers.names.Names"
    assert json.loads(Path(settings["NAMES"]).read_text("utf-8")) == TABLE


def test_it_is_what_twisted_asks_for(resolver: Names) -> None:
    assert verifyObject(IHostnameResolver, resolver)
