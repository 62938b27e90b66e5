"""The values that arguments take; argparse tells its user what is wrong with one."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}


def count(text: str) -> int:
    """Return the whole number, 0 or more, that *text* is."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def folder(text: str) -> Path:
    """Return the local folder that *text* names."""
    if "://" in text:
        raise argparse.ArgumentTypeError("texts are written to a local folder: name one")
    return Path(text)


def port(text: str) -> int:
    """Return the port that *text* is."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 65535")
    return int(text)


def size(text: str) -> int:
    """Return the octets that a *text* such as 10GB means."""
    found = _SIZE.fullmatch(text.strip())
    octets = int(float(found[1]) * _UNITS[found[2].lower()]) if found else 0
    if not octets:
        raise argparse.ArgumentTypeError(f"{text!r} is no size: write 10GB, 500MB or 1000000")
    return octets


def file(text: str) -> Path:
    """Return the local file that *text* names."""
    if "://" in text:
        raise argparse.ArgumentTypeError("it is written to a local disk: name a file there")
    return Path(text)
