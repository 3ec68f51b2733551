"""Skylines: rows of towers, windows, signs, a wet street."""

from __future__ import annotations

import random

from PIL import ImageChops

from bot.sandbox.painter.canvas import Canvas, Shape, remapped, softened
from bot.sandbox.painter.colour import Colour, from_hue, mix
from bot.sandbox.painter.sky import ramp_between
from bot.sandbox.painter.vision import Vision

_WARM = ((255, 214, 140), (255, 190, 110), (255, 236, 190))


def paint_city(canvas: Canvas, vision: Vision, base: float) -> None:
    """Paint three rows of towers that stand on a base line."""
    is_neon = vision.mood == "synth"
    for row, (nearness, height) in enumerate(((0.1, 0.62), (0.42, 0.5), (0.88, 0.36))):
        towers = _row(canvas, base, canvas.height * height, row)
        _paint_row(canvas, towers, base, nearness)
        lit = 0.34 if canvas.palette.is_night or vision.mood in {"dusk", "sunset"} else 0.1
        _windows(canvas, towers, base, lit, row, is_neon=is_neon)
    if is_neon:
        _signs(canvas, base)


Tower = tuple[float, float, float]
"""Left edge, right edge, top."""


def _row(canvas: Canvas, base: float, height: float, row: int) -> list[Tower]:
    rng, towers = canvas.layout, list[Tower]()
    x = -canvas.unit * 4
    while x < canvas.width:
        wide = canvas.unit * rng.uniform(5, 11) * (0.8 + 0.3 * row)
        top = base - height * rng.uniform(0.35, 1.0) ** 1.3
        towers.append((x, x + wide, top))
        x += wide + canvas.unit * rng.choice((0, 0, 0.6, 2.5))
    return towers


def _paint_row(canvas: Canvas, towers: list[Tower], base: float, nearness: float) -> None:
    shape, rng = canvas.shape(), canvas.detail
    for left, right, top in towers:
        shape.box(left, top, right, canvas.height)
        _roof(shape, rng, left, right, top, canvas.unit)
    mask = shape.mask()
    colour = canvas.layer_colour(nearness)
    canvas.fill(colour, mask)
    haze = ramp_between(canvas, base - canvas.height * 0.4, base)
    veil = remapped(haze, lambda v: v * 0.65 * (1 - nearness))
    canvas.fill(canvas.palette.haze, ImageChops.multiply(mask, veil))


def _roof(
    shape: Shape, rng: random.Random, left: float, right: float, top: float, unit: float
) -> None:
    middle, wide = (left + right) / 2, right - left
    kind = rng.randrange(5)
    if kind == 0:
        shape.box(middle - unit * 0.15, top - unit * 7, middle + unit * 0.15, top)
    elif kind == 1:
        shape.polygon([(left, top), (middle, top - wide * 0.7), (right, top)])
    elif kind == 2:
        shape.box(left + wide * 0.2, top - unit * 2.5, right - wide * 0.2, top)
        shape.box(left + wide * 0.38, top - unit * 5, right - wide * 0.38, top)
    elif kind == 3:
        shape.polygon([(left, top), (right, top - wide * 0.5), (right, top)])


def _windows(
    canvas: Canvas, towers: list[Tower], base: float, lit: float, row: int, *, is_neon: bool
) -> None:
    rng = canvas.detail
    palette = [*_WARM, canvas.palette.accent, canvas.palette.glow] if is_neon else list(_WARM)
    shapes = {colour: canvas.shape() for colour in palette}
    pitch = canvas.unit * (0.95 + 0.4 * row)
    for left, right, top in towers:
        share = lit * rng.uniform(0.25, 1.6)
        y = top + pitch
        while y < base:
            x = left + pitch * 0.6
            while x < right - pitch * 0.7:
                if rng.random() < share:
                    pane = shapes[rng.choice(palette)]
                    pane.box(x, y, x + pitch * 0.42, y + pitch * 0.5, rng.randrange(110, 256))
                x += pitch
            y += pitch * 1.15
    strength = 0.45 + 0.27 * row
    for colour, shape in shapes.items():
        canvas.shine(colour, remapped(shape.mask(), lambda v: v * strength))


def _signs(canvas: Canvas, base: float) -> None:
    """Upright neon signs, each with its glow."""
    rng = canvas.layout
    for colour in _neon_colours(canvas, rng):
        tubes = canvas.shape()
        for _ in range(3):
            x = rng.uniform(0.03, 0.97) * canvas.width
            top = base - canvas.height * rng.uniform(0.08, 0.34)
            _sign(tubes, rng, x, top, canvas.unit)
        mask = tubes.mask()
        halo = softened(mask, canvas.unit * 2.5)
        canvas.shine(colour, remapped(halo, lambda v: v * 2.0))
        canvas.fill(mix(colour, (255, 255, 255), 0.35), mask)


def _neon_colours(canvas: Canvas, rng: random.Random) -> list[Colour]:
    return [canvas.palette.accent, canvas.palette.glow, from_hue(rng.random(), 0.75, 1.0)]


def _sign(shape: Shape, rng: random.Random, x: float, top: float, unit: float) -> None:
    """A column of made-up glyphs in a frame."""
    wide, glyphs = unit * 2.4, rng.randrange(2, 5)
    for i in range(glyphs):
        y = top + i * wide * 1.2
        for _ in range(4):
            points = [
                (x + rng.choice((0, 0.5, 1)) * wide, y + rng.choice((0, 0.5, 1)) * wide)
                for _ in range(2)
            ]
            shape.line(points, unit * 0.28)
    frame = [(-0.4, -0.4), (1.4, -0.4), (1.4, glyphs * 1.2 + 0.2), (-0.4, glyphs * 1.2 + 0.2)]
    corners = [(x + dx * wide, top + dy * wide) for dx, dy in frame]
    shape.line([*corners, corners[0]], unit * 0.22)
