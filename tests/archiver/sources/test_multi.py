from __future__ import annotations

import json
from pathlib import Path

import pytest

from archiver.errors import ArchiveError
from archiver.places import Place
from tests.archiver.landing import Counting
from tests.archiver.sources.crates import Told, urls, wacz


@pytest.fixture
def told() -> Told:
    return Told()


def multi(folder: Path, *paths: object, profile: object = "multi-wacz-package") -> Path:
    path = folder / "quay.json"
    resources = [{"path": path} for path in paths]
    path.write_text(json.dumps({"profile": profile, "resources": resources}))
    return path


@pytest.fixture(params=["disk", "store"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path if request.param == "disk" else Counting(tmp_path).place()


def test_a_multi_wacz_is_a_part_for_each_wacz_that_it_names(
    folder: Place, tmp_path: Path, told: Told
) -> None:
    (tmp_path / "more").mkdir()
    wacz(tmp_path / "ferry.wacz", "ferry")
    wacz(tmp_path / "more" / "crane.wacz", "crane")
    multi(tmp_path, "ferry.wacz", "./more/crane.wacz")

    with told.opened(folder / "quay.json") as source:
        assert source.title == "quay"
        assert [part.shown for part in source.parts] == [
            f"{folder}/ferry.wacz",
            f"{folder}/more/crane.wacz",
        ]
        assert urls(source) == ["crane", "ferry"]
    assert told == []


def test_a_resource_may_have_a_name_in_place_of_a_path(tmp_path: Path, told: Told) -> None:
    wacz(tmp_path / "ferry.wacz")
    path = multi(tmp_path)
    content = {"profile": "multi-wacz-package", "resources": [{"name": "ferry.wacz"}]}
    path.write_text(json.dumps(content))

    with told.opened(path) as source:
        assert urls(source) == ["ferry"]


def test_a_wacz_that_is_not_there_does_not_cost_the_others(tmp_path: Path, told: Told) -> None:
    wacz(tmp_path / "ferry.wacz")

    with told.opened(multi(tmp_path, "late.wacz", "ferry.wacz")) as source:
        assert urls(source) == ["ferry"]
    assert told == [f"{tmp_path}/late.wacz is not there: it is left out"]


@pytest.mark.parametrize(
    "name",
    [
        "../x.wacz",
        "/etc/x.wacz",
        "a/../../x.wacz",
        "a\\b.wacz",
        "a//b.wacz",
        "a\0.wacz",
        ".",
        "a/",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(
    name: str, folder: Place, tmp_path: Path, told: Told
) -> None:
    wacz(tmp_path / "ferry.wacz")
    multi(tmp_path, "ferry.wacz", name)

    with pytest.raises(ArchiveError, match="which is not below the folder it lies in"):
        told.opened(folder / "quay.json")


def test_a_wacz_on_another_machine_is_to_be_fetched_first(tmp_path: Path, told: Told) -> None:
    path = multi(tmp_path, "https://quay.example/ferry.wacz")

    with pytest.raises(ArchiveError, match=r"names 'https://quay\.example/ferry\.wacz': fetch it"):
        told.opened(path)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        "5",
        '{"profile": "data-package", "resources": []}',
        '{"profile": "multi-wacz-package"}',
        '{"profile": "multi-wacz-package", "resources": 5}',
        '{"profile": "multi-wacz-package", "resources": [5]}',
        '{"profile": "multi-wacz-package", "resources": [{}]}',
    ],
)
def test_what_is_no_multi_wacz_is_refused(content: str, tmp_path: Path, told: Told) -> None:
    path = tmp_path / "quay.json"
    path.write_text(content)

    with pytest.raises(ArchiveError) as refusal:
        told.opened(path)
    assert str(refusal.value).startswith(f"{path} is no multi-WACZ, whose profile is ")


def test_a_multi_wacz_of_nothing_is_refused(tmp_path: Path, told: Told) -> None:
    with pytest.raises(ArchiveError, match="names no WACZ"):
        told.opened(multi(tmp_path))
