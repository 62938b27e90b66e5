"""ReplayWeb.page comes from a package that is believed only for its hashes."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from archiver.replay.bundle import FILES, FOLDER, NoBundle, fetch, is_complete, take_files


def package(path: Path, members: Mapping[str, bytes]) -> Path:
    """Write a package with *members* to *path* and return it."""
    with tarfile.open(path, "w:gz") as archive:
        for name, octets in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(octets)
            archive.addfile(info, io.BytesIO(octets))
    return path


def right() -> dict[str, bytes]:
    return {f"package/{name}": (FOLDER / name).read_bytes() for name in FILES}


def npm(folder: Path, script: str) -> None:
    """Put a program that is called npm into *folder*."""
    program = folder / "npm"
    program.write_text(f"#!/bin/sh\n{script}\n", "ascii")
    program.chmod(0o755)


def test_what_is_installed_is_what_was_meant() -> None:
    assert is_complete()


def test_the_files_are_taken_and_nothing_else(tmp_path: Path) -> None:
    members = {**right(), "package/../../evil.js": b"evil", "/tmp/evil.js": b"evil"}
    take_files(package(tmp_path / "it.tgz", members), tmp_path / "bundle")

    assert is_complete(tmp_path / "bundle")
    assert sorted(path.name for path in (tmp_path / "bundle").iterdir()) == sorted(FILES)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "it.tgz"]


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_of_other_octets_is_not_taken(tmp_path: Path, name: str) -> None:
    members = {**right(), f"package/{name}": b"alert('!')"}
    with pytest.raises(NoBundle, match=rf"has no {name} whose SHA-256 is {FILES[name]}"):
        take_files(package(tmp_path / "it.tgz", members), tmp_path / "bundle")

    assert not (tmp_path / "bundle" / name).exists()


def test_a_package_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoBundle, match=r"has no ui\.js"):
        take_files(package(tmp_path / "it.tgz", {}), tmp_path / "bundle")


def test_another_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path / "theirs.tgz", right())
    npm(
        tmp_path, f'for last; do :; done; cp {tmp_path}/theirs.tgz "$last/replaywebpage-2.5.3.tgz"'
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(NoBundle, match=r"has the SHA-512 .*: do not use it"):
        fetch(tmp_path / "bundle")

    assert not (tmp_path / "bundle").exists()


def test_what_npm_complains_of_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm(tmp_path, "echo the registry is away >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    with pytest.raises(NoBundle, match=r"npm cannot fetch replaywebpage 2\.5\.3: the registry is"):
        fetch(tmp_path / "bundle")


def test_what_is_there_is_not_fetched_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_files(package(tmp_path / "it.tgz", right()), tmp_path / "bundle")
    npm(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    fetch(tmp_path / "bundle")


def test_a_file_that_was_changed_is_not_complete(tmp_path: Path) -> None:
    take_files(package(tmp_path / "it.tgz", right()), tmp_path)
    (tmp_path / "sw.js").write_bytes(b"alert('!')")

    assert not is_complete(tmp_path)
