from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from scrapy.utils.project import get_project_settings

from archiver.errors import SettingError
from archiver.project import given_settings, project_settings

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Make Scrapy projects, of which this process is in the last, and forgets all afterwards."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    for name in ("SCRAPY_SETTINGS_MODULE", "SCRAPY_PROJECT"):
        monkeypatch.setenv(name, "")  # Scrapy sets it: what it set is taken away in the end
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def made(**modules: str) -> Path:
        """Make a project with *modules*, of which the first is that of the settings."""
        folder = tmp_path / f"project-{uuid4().hex}"
        (folder / "deep" / "down").mkdir(parents=True)
        # A module is imported once: each project's has a name of its own.
        names = {name: f"{name}_{uuid4().hex}" for name in modules}
        for name, source in modules.items():
            (folder / f"{names[name]}.py").write_text(source)
        lines = [f"{name} = {module}" for name, module in names.items()]
        (folder / "scrapy.cfg").write_text("\n".join(["[settings]", *lines, ""]))
        monkeypatch.chdir(folder)
        return folder

    return made


# Given with -s


def test_a_setting_is_what_stands_before_the_first_equals_sign() -> None:
    given = given_settings(["AWS_SECRET_ACCESS_KEY=a=b/c==", "AWS_VERIFY="])

    assert given == {"AWS_SECRET_ACCESS_KEY": "a=b/c==", "AWS_VERIFY": ""}


def test_the_last_of_two_values_counts() -> None:
    given = given_settings(["AWS_REGION_NAME=one", "AWS_REGION_NAME=two"])

    assert given == {"AWS_REGION_NAME": "two"}


@pytest.mark.parametrize(
    ("assignment", "sentence"),
    [
        ("AWS_SECRET_KEY=s3cret", "did you mean AWS_SECRET_ACCESS_KEY?"),
        ("ARCHIVE_STOR=s3cret", "did you mean ARCHIVE_STORE?"),
        ("LOG_LEVEL=s3cret", "'LOG_LEVEL' is no setting of a command: give AWS_ACCESS_KEY_ID, "),
        ("=s3cret", "'' is no setting of a command: give "),
        ("s3cret", "-s is given no NAME=VALUE: write -s AWS_REGION_NAME=us-east-1"),
        ("ARCHIVE_S3_ADDRESSING=s3cret", "ARCHIVE_S3_ADDRESSING is 's3cret': it must be path"),
    ],
)
def test_what_is_no_setting_of_a_command_is_refused(assignment: str, sentence: str) -> None:
    with pytest.raises(SettingError) as refusal:
        given_settings([assignment])

    assert sentence in str(refusal.value)


@pytest.mark.parametrize("assignment", ["AWS_SECRET_KEY=s3cret", "s3cret", "LOG_LEVEL=s3cret"])
def test_a_refusal_does_not_repeat_what_may_be_secret(assignment: str) -> None:
    with pytest.raises(SettingError) as refusal:
        given_settings([assignment])

    assert "s3cret" not in str(refusal.value)


# The project's


def test_outside_a_project_there_are_no_settings(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(default="A = 1")
    monkeypatch.chdir(tmp_path)

    assert project_settings() == {}


def test_the_settings_of_a_project_are_the_names_in_capitals(make: Make) -> None:
    make(default="import os\nAWS_REGION_NAME = 'fsn1'\nAWS_VERIFY = False\nother = 1\n")

    assert project_settings() == {"AWS_REGION_NAME": "fsn1", "AWS_VERIFY": False}


def test_a_project_is_found_from_a_folder_below(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make(default="A = 1") / "deep" / "down")

    assert project_settings() == {"A": 1}


def test_one_of_several_projects_is_named_in_the_environment(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(default="A = 1", second="A = 2")
    monkeypatch.setenv("SCRAPY_PROJECT", "second")

    assert project_settings() == {"A": 2}


def test_a_project_without_settings_has_none(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make(default="A = 1")
    monkeypatch.setenv("SCRAPY_PROJECT", "third")

    assert project_settings() == {}


def test_the_environment_names_the_module_before_the_project_does(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(default="A = 1", second="A = 2")
    (second,) = folder.glob("second_*.py")
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", second.stem)

    assert project_settings() == {"A": 2}


def test_a_user_may_have_a_configuration_of_their_own(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make(mine="A = 3")
    (mine,) = folder.glob("mine_*.py")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".scrapy.cfg").write_text(f"[settings]\ndefault = {mine.stem}\n")

    assert project_settings() == {"A": 3}


def test_scrapy_finds_the_same(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(make(default="AWS_REGION_NAME = 'fsn1'\nBOT_NAME = 'x'\n") / "deep")

    found = project_settings()

    scrapys = get_project_settings()
    assert found == {name: scrapys.get(name) for name in ("AWS_REGION_NAME", "BOT_NAME")}


def test_nothing_of_the_environment_is_changed(make: Make) -> None:
    make(default="A = 1")
    before = dict(os.environ)

    project_settings()

    assert dict(os.environ) == before


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import nowhere_at_all", r"No module named 'nowhere_at_all'"),
        ("A = ", r"invalid syntax \(default_\w+\.py, line 1\)"),
        ("import os\nA = os.environ['NOT_THERE']", r"KeyError in /\S+/default_\w+\.py, line 2"),
        ("A = int('s3cret')", r"ValueError in /\S+/default_\w+\.py, line 1"),
    ],
)
def test_settings_that_cannot_be_imported_are_refused_in_one_sentence(
    make: Make, source: str, cause: str
) -> None:
    make(default=source)

    with pytest.raises(SettingError) as refusal:
        project_settings()

    sentence = (
        rf"the Scrapy project's settings, 'default_\w+', cannot be imported \({cause}\): mend "
        "them, or work outside the project's folder and give settings with -s"
    )
    refusal.match(f"^{sentence}$")
    assert "s3cret" not in str(refusal.value)


def test_settings_that_are_not_there_are_refused(make: Make) -> None:
    (make() / "scrapy.cfg").write_text("[settings]\ndefault = nowhere_at_all.settings\n")

    with pytest.raises(SettingError, match="No module named 'nowhere_at_all'"):
        project_settings()


@pytest.mark.parametrize("octets", [b"default = x\n", b"[settings]\ndefault = %(x)s\n", b"\xff"])
def test_a_configuration_that_is_none_is_refused(make: Make, octets: bytes) -> None:
    config = make() / "scrapy.cfg"
    config.write_bytes(octets)

    with pytest.raises(SettingError) as refusal:
        project_settings()

    refusal.match(rf"^{config} cannot be read \(\w+\): mend it$")
