"""Places without a horizon: space, and under water."""

from __future__ import annotations

import math

from PIL import Image, ImageChops

from bot.sandbox.painter.canvas import Canvas, glow_mask, gradient, noise, remapped, softened
from bot.sandbox.painter.colour import Colour, from_hue, mix
from bot.sandbox.painter.sky import colourised, paint_stars


def paint_space(canvas: Canvas) -> None:
    """Paint a nebula, stars and a planet or two."""
    canvas.horizon = canvas.height
    canvas.image.paste(gradient(canvas.size, canvas.palette.sky), (0, 0))
    hue = canvas.layout.random()
    for i in range(3):
        colour = from_hue(hue + 0.13 * i, 0.75, 0.95)
        cell = canvas.unit * canvas.layout.uniform(45, 80)
        cloud = noise(canvas.detail, canvas.size, (cell, cell), 6)
        where = noise(canvas.layout, canvas.size, (canvas.unit * 120, canvas.unit * 120), 2)
        thin = ImageChops.multiply(
            remapped(cloud, lambda v: max(0.0, v - 0.42) ** 1.3 * 4.4),
            remapped(where, lambda v: (v - 0.3) * 2.0),
        )
        canvas.shine(colour, thin)
    paint_stars(canvas, 2.2)
    _planet(canvas, hue)


def _planet(canvas: Canvas, hue: float) -> None:
    rng = canvas.layout
    radius = canvas.unit * rng.uniform(15, 26)
    x, y = canvas.width * rng.uniform(0.25, 0.75), canvas.height * rng.uniform(0.35, 0.7)
    canvas.sun = (x, y)
    light = from_hue(hue + 0.5 + rng.uniform(-0.1, 0.1), 0.45, 1.0)
    dark = from_hue(hue + 0.55, 0.8, 0.3)
    ringed = rng.random() < 0.6
    tilt = rng.uniform(0.16, 0.34)
    if ringed:
        _ring(canvas, (x, y), radius, tilt, light, front=False)
    canvas.glow((x, y), radius * 1.7, light, 0.5)
    _globe(canvas, (x, y), radius, light, dark)
    if ringed:
        _ring(canvas, (x, y), radius, tilt, light, front=True)
    moon = (x + radius * rng.uniform(1.6, 2.2), y - radius * rng.uniform(0.6, 1.3))
    _globe(canvas, moon, radius * 0.2, mix(light, (255, 255, 255), 0.5), dark)


def _globe(
    canvas: Canvas, centre: tuple[float, float], radius: float, light: Colour, dark: Colour
) -> None:
    x, y = centre
    disc = canvas.shape()
    disc.ellipse(x, y, radius, radius)
    mask = disc.mask()
    bands = noise(canvas.layout, canvas.size, (canvas.width * 2.0, radius * 0.5), 4)
    canvas.lay(colourised(remapped(bands, lambda v: v * 2.2 - 0.6), dark, light), mask)
    day = glow_mask(canvas.size, (x - radius * 0.55, y - radius * 0.5), radius * 2.1, 1.0)
    night = ImageChops.invert(remapped(day, lambda v: v * 1.9))
    canvas.fill(mix(dark, (0, 0, 0), 0.8), ImageChops.multiply(mask, night))
    rim = ImageChops.subtract(mask, ImageChops.offset(mask, round(radius * 0.05), 2))
    canvas.shine(light, ImageChops.multiply(softened(rim, 2), day))


def _ring(
    canvas: Canvas,
    centre: tuple[float, float],
    radius: float,
    tilt: float,
    colour: Colour,
    *,
    front: bool,
) -> None:
    x, y = centre
    ring = canvas.shape()
    for i in range(9):
        reach = radius * (2.15 - 0.085 * i)
        ring.ellipse(x, y, reach, reach * tilt, (0, 150, 90, 200, 170, 60, 210, 150, 0)[i])
    ring.ellipse(x, y, radius * 1.4, radius * 1.4 * tilt, 0)
    half = Image.new("L", canvas.size)
    top, bottom = (round(y), canvas.height) if front else (0, round(y))
    half.paste(255, (0, top, canvas.width, bottom))
    canvas.fill(mix(colour, (255, 255, 255), 0.35), ImageChops.multiply(ring.mask(), half))


def paint_underwater(canvas: Canvas) -> None:
    """Paint light from above, a reef, fish and bubbles."""
    canvas.horizon = canvas.height
    canvas.image.paste(gradient(canvas.size, canvas.palette.sky), (0, 0))
    canvas.sun = (canvas.width * canvas.layout.uniform(0.3, 0.7), -canvas.height * 0.08)
    canvas.glow(canvas.sun, canvas.height * 0.8, canvas.palette.glow, 0.8)
    _shafts(canvas)
    for i in range(3):
        _reef(canvas, 0.4 + 0.3 * i, canvas.height * (0.80 + 0.08 * i))
        _fish(canvas, 5 + 3 * i, 0.5 + 0.5 * i)
    _bubbles(canvas)


def _shafts(canvas: Canvas) -> None:
    rng, shafts = canvas.layout, canvas.shape()
    x, y = canvas.sun
    for _ in range(11):
        angle, spread = rng.uniform(0.5, math.pi - 0.5), rng.uniform(0.01, 0.045)
        ends = [
            (x + math.cos(a) * canvas.height * 1.4, y + math.sin(a) * canvas.height * 1.4)
            for a in (angle - spread, angle + spread)
        ]
        shafts.polygon([(x, y), *ends], rng.randrange(25, 85))
    canvas.shine(canvas.palette.glow, softened(shafts.mask(), canvas.unit * 1.5))


def _reef(canvas: Canvas, nearness: float, base: float) -> None:
    rng, weed = canvas.detail, canvas.shape()
    floor = [
        (i * canvas.width / 32, base + rng.uniform(-2.5, 2.5) * canvas.unit) for i in range(33)
    ]
    weed.polygon([*floor, (canvas.width, canvas.height), (0, canvas.height)])
    for _ in range(int(26 * canvas.richness)):
        x, length = rng.random() * canvas.width, canvas.unit * rng.uniform(5, 20) * nearness
        sway, phase = canvas.unit * 1.4, rng.uniform(0, math.tau)
        stem = [
            (x + math.sin(phase + k * 0.9) * sway * k / 6, base + 3 - length * k / 6)
            for k in range(7)
        ]
        weed.line(stem, canvas.unit * rng.uniform(0.4, 1.1))
    canvas.fill(canvas.layer_colour(nearness), weed.mask())


def _fish(canvas: Canvas, count: int, nearness: float) -> None:
    rng, school = canvas.detail, canvas.shape()
    x0, y0 = rng.uniform(0.15, 0.85) * canvas.width, rng.uniform(0.2, 0.65) * canvas.height
    way = rng.choice((-1, 1))
    for _ in range(count):
        size = canvas.unit * rng.uniform(1.2, 2.4) * nearness
        x, y = x0 + rng.gauss(0, 11) * canvas.unit, y0 + rng.gauss(0, 6) * canvas.unit
        school.ellipse(x, y, size, size * 0.42)
        tail = x - way * size * 0.8
        end = x - way * size * 1.6
        school.polygon([(tail, y), (end, y - size * 0.5), (end, y + size * 0.5)])
    canvas.fill(mix(canvas.palette.accent, canvas.palette.far, 0.6 - 0.3 * nearness), school.mask())


def _bubbles(canvas: Canvas) -> None:
    rng, shape = canvas.detail, canvas.shape()
    for _ in range(int(40 * canvas.richness)):
        size = canvas.unit * rng.uniform(0.2, 1.1)
        x, y = rng.random() * canvas.width, rng.random() * canvas.height
        shape.ellipse(x, y, size, size, 150)
        shape.ellipse(x + size * 0.12, y + size * 0.12, size * 0.8, size * 0.8, 30)
    canvas.shine(canvas.palette.light, shape.mask())
