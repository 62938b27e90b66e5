"""The settings of a command: those on its command line, and below them the Scrapy project's.

The project is found as Scrapy finds it, and its settings module is imported as a plain module:
Scrapy itself is not needed, its own defaults and its add-ons have no part in this.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable
from configparser import ConfigParser
from configparser import Error as ConfigError
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Any

from archiver.errors import SettingError
from archiver.options import options_from

# What Scrapy calls them, as far as they say how a bucket is reached.
_AWS = (
    "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL",
    "AWS_REGION_NAME", "AWS_USE_SSL", "AWS_VERIFY",
)  # fmt: skip


def given_settings(assignments: Iterable[str]) -> dict[str, str]:
    """Return the settings that *assignments* such as `AWS_REGION_NAME=fsn1` make.

    SettingError where one is no assignment, or names no setting that a command has.
    """
    given: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            # It may be a secret that was torn from its name: it is not repeated.
            raise SettingError("-s is given no NAME=VALUE: write -s AWS_REGION_NAME=us-east-1")
        given[name] = value
    for name in given:
        _refuse_unknown(name)
    options_from({name: value for name, value in given.items() if name.startswith("ARCHIVE_")})
    return given


def project_settings() -> dict[str, Any]:  # Any: a setting may be of any type
    """Return the settings of the Scrapy project that the current folder is part of, if any.

    SettingError where they cannot be read.
    """
    closest = _closest_config(Path.cwd())
    module = os.environ.get("SCRAPY_SETTINGS_MODULE")
    if module is None:
        module = _module_named_in(closest)
    if not module:
        return {}
    if closest is not None and str(closest.parent) not in sys.path:
        sys.path.append(str(closest.parent))
    try:
        settings = import_module(module)
    except Exception as error:  # it is somebody's program, which may raise anything
        raise SettingError(
            f"the Scrapy project's settings, {module!r}, cannot be imported ({_cause(error)}): "
            "mend them, or work outside the project's folder and give settings with -s"
        ) from None
    return {name: value for name, value in vars(settings).items() if name.isupper()}


def _refuse_unknown(name: str) -> None:
    if name in _AWS or name.startswith("ARCHIVE_"):
        return  # what begins with ARCHIVE_ is judged by whoever knows these
    close = difflib.get_close_matches(name, _AWS, n=1)
    hint = f"did you mean {close[0]}?" if close else f"give {', '.join(_AWS)} or ARCHIVE_…"
    raise SettingError(f"{name!r} is no setting of a command: {hint}")


def _closest_config(folder: Path) -> Path | None:
    configs = (above / "scrapy.cfg" for above in (folder, *folder.parents))
    return next((config for config in configs if config.exists()), None)


def _module_named_in(closest: Path | None) -> str | None:
    """Return the settings module that Scrapy's configuration files name, the closest first."""
    home = Path.home()
    everywhere = (
        Path("/etc/scrapy.cfg"),
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "scrapy.cfg",
        home / ".scrapy.cfg",
    )
    config = ConfigParser()
    try:
        config.read([*everywhere, *([closest] if closest else [])], encoding="utf-8")
        project = os.environ.get("SCRAPY_PROJECT", "default")
        return config.get("settings", project, fallback=None)
    except (ConfigError, UnicodeDecodeError) as error:
        raise SettingError(
            f"{closest or 'scrapy.cfg'} cannot be read ({type(error).__name__}): mend it"
        ) from error


def _cause(error: Exception) -> str:
    """Return what went wrong, without a value that may be a secret."""
    if isinstance(error, ImportError | SyntaxError):
        return str(error)
    frames = extract_tb(error.__traceback__)
    importing = [n for n, frame in enumerate(frames) if frame.filename.startswith("<frozen imp")]
    frame = frames[min(importing[-1] + 1, len(frames) - 1)] if importing else frames[-1]
    return f"{type(error).__name__} in {frame.filename}, line {frame.lineno}"
