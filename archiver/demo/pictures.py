"""The pictures of the demonstration site, painted row by row into PNG.

Each is a scene of sky, sun or moon, hills and a few shapes, so that the repository needs no
binary files and the site still has real images of some size.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field
from functools import cache
from math import sin
from random import Random

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Hill:
    """A ridge from edge to edge; heights and lengths are in parts of the picture."""

    top: float
    swing: float
    waves: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle; the radius is in parts of the picture's width."""

    x: float
    y: float
    radius: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle between two corners."""

    left: float
    top: float
    right: float
    bottom: float
    colour: Colour


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sky that shades from *zenith* to *horizon*, a light in it, and what stands before."""

    zenith: Colour
    horizon: Colour
    light: Disc
    hills: tuple[Hill, ...]
    shapes: tuple[Disc | Box, ...] = field(default=())


SCENES = {
    "ferry": Scene(
        zenith=(62, 76, 120),
        horizon=(250, 190, 140),
        light=Disc(0.72, 0.50, 0.07, (255, 226, 170)),
        hills=(
            Hill(0.48, 0.05, 7.0, (120, 104, 130)),
            Hill(0.58, 0.03, 11.0, (70, 72, 96)),
            Hill(0.66, 0.004, 40.0, (58, 98, 122)),
            Hill(0.82, 0.006, 31.0, (44, 78, 102)),
        ),
        shapes=(
            Box(0.30, 0.70, 0.62, 0.76, (40, 92, 66)),
            Box(0.33, 0.76, 0.59, 0.79, (28, 62, 46)),
            Box(0.42, 0.60, 0.50, 0.70, (222, 206, 170)),
            Box(0.0, 0.585, 1.0, 0.59, (36, 34, 40)),
        ),
    ),
    "tower": Scene(
        zenith=(16, 20, 44),
        horizon=(70, 66, 110),
        light=Disc(0.20, 0.22, 0.05, (240, 236, 210)),
        hills=(Hill(0.74, 0.03, 23.0, (44, 40, 62)), Hill(0.84, 0.02, 41.0, (30, 28, 44))),
        shapes=(
            Box(0.56, 0.28, 0.68, 1.0, (88, 78, 84)),
            Box(0.54, 0.24, 0.70, 0.28, (56, 48, 56)),
            Disc(0.62, 0.40, 0.045, (250, 236, 190)),
            Box(0.617, 0.35, 0.623, 0.40, (40, 30, 30)),
            Box(0.60, 0.397, 0.62, 0.405, (40, 30, 30)),
            Box(0.10, 0.78, 0.13, 0.82, (250, 200, 110)),
            Box(0.36, 0.82, 0.39, 0.86, (250, 200, 110)),
        ),
    ),
    "orchard": Scene(
        zenith=(150, 190, 220),
        horizon=(240, 236, 214),
        light=Disc(0.16, 0.30, 0.05, (255, 250, 220)),
        hills=(
            Hill(0.52, 0.06, 5.0, (150, 180, 150)),
            Hill(0.64, 0.05, 8.0, (112, 154, 98)),
            Hill(0.80, 0.03, 6.0, (86, 130, 70)),
        ),
        shapes=tuple(
            shape
            for x, y in ((0.14, 0.70), (0.34, 0.74), (0.52, 0.70), (0.70, 0.76), (0.88, 0.70))
            for shape in (
                Box(x - 0.008, y, x + 0.008, y + 0.16, (96, 70, 50)),
                Disc(x, y - 0.02, 0.055, (70, 112, 56)),
                Disc(x - 0.02, y - 0.04, 0.012, (196, 60, 44)),
                Disc(x + 0.022, y, 0.012, (196, 60, 44)),
            )
        ),
    ),
    "quarry": Scene(
        zenith=(10, 14, 30),
        horizon=(52, 66, 100),
        light=Disc(0.50, 0.36, 0.12, (244, 238, 216)),
        hills=(
            Hill(0.52, 0.10, 6.3, (36, 42, 62)),
            Hill(0.70, 0.06, 9.0, (26, 30, 46)),
            Hill(0.88, 0.01, 27.0, (58, 54, 56)),
        ),
        shapes=(
            Disc(0.30, 0.88, 0.008, (255, 206, 120)),
            Disc(0.44, 0.91, 0.008, (255, 206, 120)),
            Disc(0.66, 0.89, 0.008, (255, 206, 120)),
        ),
    ),
}


@cache
def draw(name: str, width: int) -> bytes:
    """Return the scene *name* as a PNG file, *width* pixels wide and nine sixteenths high."""
    scene = SCENES[name]
    height = width * 9 // 16
    grain = Random(name)
    rows = [_sky(scene, y / height, width, grain) for y in range(height)]
    _fill_disc(rows, scene.light, width)
    for hill in scene.hills:
        _fill_hill(rows, hill, width)
    for shape in scene.shapes:
        if isinstance(shape, Disc):
            _fill_disc(rows, shape, width)
        else:
            _fill_box(rows, shape, width)
    return _png(rows, width)


@cache
def icon() -> bytes:
    """Return the site's icon: a PNG of 32 by 32 pixels within an ICO file."""
    rows = [bytearray(bytes((154, 52, 18)) * 32) for _ in range(32)]
    _fill_box(rows, Box(0.25, 0.2, 0.75, 0.85, (251, 211, 141)), 32)
    _fill_disc(rows, Disc(0.5, 0.55, 0.17, (255, 250, 230)), 32)
    image = _png(rows, 32)
    entry = struct.pack("<BBBBHHII", 32, 32, 0, 0, 1, 24, len(image), 22)
    return struct.pack("<HHH", 0, 1, 1) + entry + image


def _sky(scene: Scene, part: float, width: int, grain: Random) -> bytearray:
    """Paint one row of sky; the grain hides the bands that a smooth shade would show."""
    shade = [
        above + (below - above) * part
        for above, below in zip(scene.zenith, scene.horizon, strict=True)
    ]
    pixels = [bytes(min(255, round(value + step)) for value in shade) for step in (0, 2, 4, 6)]
    return bytearray(b"".join(grain.choices(pixels, k=width)))


def _fill_hill(rows: list[bytearray], hill: Hill, width: int) -> None:
    height, pixel = len(rows), bytes(hill.colour)
    for x in range(width):
        turn = x / width * hill.waves
        top = hill.top + hill.swing * (sin(turn) + 0.4 * sin(2.7 * turn))
        for row in rows[max(0, round(top * height)) :]:
            row[3 * x : 3 * x + 3] = pixel


def _fill_disc(rows: list[bytearray], disc: Disc, width: int) -> None:
    radius = disc.radius * width
    for y, row in enumerate(rows):
        square = radius**2 - (y - disc.y * len(rows)) ** 2
        if square > 0:
            half = square**0.5
            _fill_span(row, disc.x * width - half, disc.x * width + half, disc.colour)


def _fill_box(rows: list[bytearray], box: Box, width: int) -> None:
    height = len(rows)
    for row in rows[round(box.top * height) : round(box.bottom * height)]:
        _fill_span(row, box.left * width, box.right * width, box.colour)


def _fill_span(row: bytearray, left: float, right: float, colour: Colour) -> None:
    start, end = max(0, round(left)), min(len(row) // 3, round(right))
    row[3 * start : 3 * end] = bytes(colour) * max(0, end - start)


def _png(rows: list[bytearray], width: int) -> bytes:
    """Write truecolour rows as PNG (ISO/IEC 15948): signature, IHDR, IDAT, IEND."""
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )
