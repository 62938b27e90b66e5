from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from archiver import __version__
from archiver.cli import main
from archiver.options import EXTRACTORS
from tests.archiver.landing import given, landed
from tests.archiver.quay import build
from tests.journeys.commands import wait_until
from tests.servers.s3 import S3Server

ROOT = Path(__file__).parents[2]
COMMANDS = ["check", "extract", "explain", "replay", "wacz", "sync", "demo"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def archiver(*arguments: str) -> list[str]:
    return [
        sys.executable,
        "-c",
        "from archiver.cli import main; raise SystemExit(main())",
        *arguments,
    ]


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that is refused; return what it says, which is one line."""
    assert main(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("archiver: ")
    assert output.err.count("\n") == 1
    return output.err.removeprefix("archiver: ").rstrip("\n")


def usage_error(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    return capsys.readouterr().err


def help_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit, match="0"):
        main([*arguments, "--help"])
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_names_every_command(capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert f"    {command} " in help_of(capsys)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_an_example_and_the_meaning_of_its_status(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    text = help_of(capsys, command)

    assert f"\n  archiver {command} " in text
    assert "\nstatus: " in text


def test_help_imports_none_of_the_engines() -> None:
    program = (
        "import sys; from archiver.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "engines = {'boto3', 'lxml', 'scrapy', 'trafilatura', 'twisted', 'warcio'}\n"
        "print('imported:', sorted(engines & sys.modules.keys()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT
    )

    assert run.stdout.endswith("imported: []\n")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])

    assert capsys.readouterr().out == f"archiver {__version__}\n"


def test_no_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert "COMMAND" in usage_error(capsys)


def test_workers_are_counted_from_nought(capsys: pytest.CaptureFixture[str]) -> None:
    error = usage_error(capsys, "extract", "x.warc", "--out", "y", "--workers", "-1")

    assert error.endswith("argument --workers: '-1' is not a whole number from 0 up\n")


@pytest.mark.parametrize("command", ["extract", "explain"])
def test_an_extractor_is_one_of_those_that_settings_know(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    choices = "{" + ",".join(EXTRACTORS) + "}"

    assert f"--extractor {choices}" in help_of(capsys, command)
    assert "invalid choice: 'boilerpipe'" in usage_error(
        capsys, command, "x", "--out", "y", "--extractor", "boilerpipe"
    )


def test_a_path_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sentence = refused(capsys, "extract", str(tmp_path / "x.warc"), "--out", str(tmp_path))

    assert sentence == (
        f"{tmp_path}/x.warc is not there: give a WARC, a WACZ, a collection or a folder of WARCs"
    )


def test_what_the_disk_refuses_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "x.warc").touch()
    (tmp_path / "file").touch()

    sentence = refused(
        capsys, "extract", str(tmp_path / "x.warc"), "--out", str(tmp_path / "file")
    )

    assert sentence == (
        f"{tmp_path}/file cannot be written (File exists): make room, or name another folder "
        "with --out"
    )


def test_a_reader_that_has_read_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "x.warc").touch()
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        archiver("extract", str(tmp_path / "x.warc"), "--out", str(tmp_path), "--workers", "0"),
        stdout=writing, stderr=subprocess.PIPE, env=ENVIRONMENT, timeout=60,
    )  # fmt: skip
    os.close(writing)

    assert run.returncode == 128 + signal.SIGPIPE
    assert run.stderr == b""


def test_an_interrupt_ends_a_command_without_a_word() -> None:
    with subprocess.Popen(
        archiver("demo", "--serve"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    ) as command:
        assert command.stdout is not None
        assert command.stderr is not None
        assert command.stdout.readline().startswith(b"The Sallowford Lantern is at http://127.")
        command.send_signal(signal.SIGINT)
        assert command.stderr.read() == b""

    assert command.returncode == 128 + signal.SIGINT


# Settings


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the settings of the Scrapy project in the folder that the test runs in."""
    name = f"settings_{tmp_path.name}"
    (tmp_path / "scrapy.cfg").write_text(f"[settings]\ndefault = {name}\n")
    (tmp_path / f"{name}.py").write_text("A = no_such_name")
    for variable in ("SCRAPY_SETTINGS_MODULE", "SCRAPY_PROJECT"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.chdir(tmp_path)
    return tmp_path / f"{name}.py"


@pytest.mark.parametrize("command", ["check", "extract"])
def test_a_command_that_reads_takes_settings(
    capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert "\n  -s NAME=VALUE " in help_of(capsys, command)


def test_a_setting_that_is_none_is_refused_wherever_the_path_leads(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sentence = refused(capsys, "check", "x.warc", "-s", "AWS_REGION=x")

    assert sentence == "'AWS_REGION' is no setting of a command: did you mean AWS_REGION_NAME?"


def test_what_lies_on_the_disk_is_read_whatever_the_project_is(project: Path) -> None:
    build(project.parent)
    program = (
        "import sys; from archiver.cli import main\n"
        "status = main(['check', 'quay'])\n"
        "print(status, sorted({'boto3', 'scrapy'} & sys.modules.keys()))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=ENVIRONMENT
    )

    assert run.stdout == "6 files, 6 records, 0 faults, 0 notes, 0 unreadable\n0 []\n"


def test_a_project_that_cannot_be_used_is_said(
    capsys: pytest.CaptureFixture[str], project: Path
) -> None:
    sentence = refused(capsys, "check", "s3://quay/news")

    assert sentence == (
        f"the Scrapy project's settings, {project.stem!r}, cannot be imported (NameError in "
        f"{project}, line 1): mend them, or work outside the project's folder and give settings "
        "with -s"
    )


def test_a_bucket_is_reached_by_the_settings_of_the_project(
    capsys: pytest.CaptureFixture[str], project: Path, rclone: S3Server
) -> None:
    address = landed(build(project.parent), rclone)
    project.write_text(
        "".join(f"{name} = {value!r}\n" for name, value in rclone.settings().items())
    )

    assert main(["check", address]) == 0
    assert capsys.readouterr().out == "6 files, 6 records, 0 faults, 0 notes, 0 unreadable\n"


def test_a_setting_that_is_given_counts_before_the_project_s(
    project: Path, rclone: S3Server
) -> None:
    address = landed(build(project.parent), rclone)
    project.write_text("AWS_ENDPOINT_URL = 'http://127.0.0.1:9'\nAWS_SECRET_ACCESS_KEY = 'x'\n")

    assert main(["check", address, *given(rclone)]) == 0


def test_what_no_setting_says_is_left_to_the_environment(
    tmp_path: Path, project: Path, rclone: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = landed(build(tmp_path), rclone)
    project.write_text("BOT_NAME = 'nothing of buckets'\n")
    for name, value in rclone.settings().items():
        monkeypatch.setenv(name.replace("REGION_NAME", "DEFAULT_REGION"), value)

    assert main(["check", address]) == 0


def test_sigterm_leaves_no_temporary_folder(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    os.mkfifo(tmp_path / "waiting.warc")  # which nobody will write
    command = archiver("wacz", str(tmp_path / "waiting.warc"), "-o", str(tmp_path / "x.wacz"))

    with subprocess.Popen(command, env={**ENVIRONMENT, "TMPDIR": str(scratch)}) as running:
        wait_until(lambda: any(scratch.iterdir()))
        running.terminate()

    assert running.returncode == 143
    assert not any(scratch.iterdir())
