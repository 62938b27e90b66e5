"""A setting's value as its user meant it, or one sentence that says what it may be.

Every function takes the settings that were *given* and the name of one. A command line gives
every value as text. SettingError where a value cannot be used.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from archiver.errors import SettingError
from archiver.reach import Exceptions

Given = Mapping[str, Any]  # Any: a setting may be of any type

_HOST = re.compile(r"(?:\*?\.)?[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*|[0-9A-Fa-f:.]+(?:/[0-9]{1,3})?")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def text_of(given: Given, name: str) -> str:
    """Return the text that *name* is set to, which is not empty and has no controls."""
    value = given[name]
    if not isinstance(value, str | os.PathLike) or not str(value).strip():
        raise SettingError(f"{name} is {value!r}: give it a text that is not empty")
    if re.search(r"[\x00-\x1f]", str(value)):
        raise SettingError(f"{name} is {value!r}: take the control characters out")
    return str(value)


def text_or_none(given: Given, name: str) -> str | None:
    """Return the text that *name* is set to; None where it is set to nothing."""
    return None if given[name] in (None, "") else text_of(given, name)


def name_of(given: Given, name: str) -> str:
    """Return the value of *name*, which can be part of a file name."""
    value = text_of(given, name)
    if not _NAME.fullmatch(value) or ".." in value:
        raise SettingError(
            f"{name} is {value!r}: use letters, digits, dots, hyphens and underscores only, "
            "since it names files"
        )
    return value


def choice_of(given: Given, name: str, choices: tuple[str, ...]) -> str:
    """Return the value of *name*, which is one of *choices*."""
    value = given[name]
    if value not in choices:
        raise SettingError(f"{name} is {value!r}: it must be {' or '.join(choices)}")
    return cast(str, value)


def choice_or_none(given: Given, name: str, choices: tuple[str, ...]) -> str | None:
    """Return the value of *name*, one of *choices*, or None where nothing was chosen."""
    return None if given[name] is None else choice_of(given, name, choices)


def whole_of(given: Given, name: str, *, least: int, most: int | None = None) -> int:
    """Return the whole number, from *least* to *most*, that *name* is set to."""
    number = _number(given[name], int)
    if number is None or number < least or (most is not None and number > most):
        bounds = f"from {least} up" if most is None else f"from {least} to {most}"
        raise SettingError(f"{name} is {given[name]!r}: give it a whole number {bounds}")
    return int(number)


def whole_or_none(given: Given, name: str) -> int | None:
    """Return the whole number from 0 up that *name* is set to, or None."""
    return None if given[name] is None else whole_of(given, name, least=0)


def seconds_of(given: Given, name: str, *, least: float | None = None) -> float:
    """Return the seconds that *name* is set to: above 0, or from *least* up."""
    number = _number(given[name], float)
    if number is not None and number < 1e9 and (number > 0 if least is None else number >= least):
        return float(number)
    bound = "above 0" if least is None else f"from {least:g} up"
    raise SettingError(f"{name} is {given[name]!r}: give it a number of seconds {bound}")


def hosts_of(given: Given, name: str) -> tuple[str, ...]:
    """Return the hosts that *name* lists, in lower case: names, `.example.org`, or networks.

    A list, or text with commas or blanks between; None is no host.
    """
    value = given[name]
    listed = value if isinstance(value, list | tuple) else re.split(r"[,\s]+", str(value or ""))
    hosts = tuple(str(host).strip().lower() for host in listed if str(host).strip())
    for host in hosts:
        if not _HOST.fullmatch(host) or not _is_host_or_network(host):
            raise SettingError(
                f"{name} is {value!r}: list host names, .example.org for all below one, or "
                "networks such as 10.0.0.0/8"
            )
    return tuple(host.removeprefix("*") for host in hosts)


def _is_host_or_network(host: str) -> bool:
    try:
        Exceptions.of((host,))
    except ValueError:
        return False
    return True


def _number(value: object, kind: type[int] | type[float]) -> int | float | None:
    # A command line gives every value as text; 1e9 and 1_000 are how people write sizes.
    if isinstance(value, bool):
        return None
    try:
        return int(str(value))
    except ValueError:
        pass  # no whole number as it stands, but perhaps 1e9 or 2.5
    try:
        number = float(str(value))
    except ValueError:
        return None
    if kind is int:
        return int(number) if number.is_integer() else None
    return number


def flag_of(given: Given, name: str) -> bool:
    """Say whether *name* is on."""
    known: dict[str, Literal[True, False]] = {
        "true": True, "1": True, "yes": True, "on": True,
        "false": False, "0": False, "no": False, "off": False,
    }  # fmt: skip
    value = known.get(str(given[name]).strip().lower())
    if value is None:
        raise SettingError(f"{name} is {given[name]!r}: it must be True or False")
    return value
