"""Skies: the run of colours, the sun or moon, stars, clouds, auroras."""

from __future__ import annotations

import math

from PIL import Image, ImageChops

from bot.sandbox.painter.canvas import (
    Canvas,
    gradient,
    looked_up,
    noise,
    ramp_mask,
    remapped,
    resized,
    softened,
)
from bot.sandbox.painter.colour import Colour, from_hex, mix
from bot.sandbox.painter.vision import Vision

_SUN_SIZES = {"synth": 1.7, "day": 0.5, "snow": 0.55, "pastel": 0.7, "mist": 0.7, "storm": 0.6}
"""The sun looks small where it stands high."""


def paint_sky(canvas: Canvas, vision: Vision) -> None:
    """Paint everything above the horizon."""
    height = max(2, math.ceil(canvas.horizon))
    canvas.image.paste(canvas.palette.haze, (0, 0, *canvas.size))
    canvas.image.paste(gradient((canvas.width, height), canvas.palette.sky), (0, 0))
    if canvas.palette.is_night or vision.shows("stars"):
        paint_stars(canvas, 1.0)
    if vision.shows("aurora"):
        _aurora(canvas)
    if "sun" not in vision.absent and "moon" not in vision.absent:
        _paint_light(canvas, vision)
    if "clouds" not in vision.absent:
        _clouds(canvas, 0.9 if vision.shows("clouds") or vision.mood == "storm" else 0.45)
    if vision.shows("lightning"):
        _lightning(canvas)


def paint_stars(canvas: Canvas, density: float) -> None:
    """Scatter stars, thinner towards the horizon; a few of them sparkle."""
    rng = canvas.detail
    shape = canvas.shape()
    count = int(canvas.width * canvas.height / 900 * density * canvas.richness)
    for _ in range(count):
        x, y = rng.random() * canvas.width, rng.random() ** 1.4 * canvas.horizon
        radius = canvas.unit * rng.choice((0.07, 0.08, 0.1, 0.14, 0.2))
        shape.ellipse(x, y, radius, radius, rng.randrange(90, 256))
    mask = shape.mask()
    canvas.shine((255, 250, 240), mask)
    for _ in range(int(6 * density)):
        at = (rng.random() * canvas.width, rng.random() * canvas.horizon * 0.7)
        canvas.glow(at, canvas.unit * rng.uniform(1.5, 3.0), (200, 220, 255), 0.9)


def _paint_light(canvas: Canvas, vision: Vision) -> None:
    palette, unit = canvas.palette, canvas.unit
    is_moon = palette.is_night or vision.shows("moon")
    radius = unit * canvas.layout.uniform(5.0, 8.5) * _SUN_SIZES.get(vision.mood, 1.0)
    canvas.glow(canvas.sun, max(canvas.size) * 0.6, palette.glow, 0.62)
    canvas.glow(canvas.sun, radius * 3.2, palette.glow, 0.75)
    disc = canvas.shape()
    disc.ellipse(*canvas.sun, radius, radius)
    mask = disc.mask()
    canvas.fill(palette.light, mask)
    if vision.mood == "synth":
        _stripes(canvas, radius, mask)
    elif is_moon:
        _moon_face(canvas, radius, mask)


def _stripes(canvas: Canvas, radius: float, disc: Image.Image) -> None:
    """The slatted sun of the eighties."""
    x, y = canvas.sun
    slats = canvas.shape()
    lower = gradient(canvas.size, [canvas.palette.light, canvas.palette.glow])
    shaded = ramp_between(canvas, y - radius, y + radius)
    canvas.lay(lower, ImageChops.multiply(disc, shaded))
    for i in range(6):
        top = y + radius * (0.05 + i * 0.16)
        slats.box(x - radius, top, x + radius, top + radius * (0.025 + 0.012 * i))
    sky = resized(canvas.image.crop((0, 0, 1, canvas.height)), canvas.size)
    canvas.lay(sky, ImageChops.multiply(slats.mask(), disc))


def ramp_between(canvas: Canvas, top: float, bottom: float) -> Image.Image:
    """Return a mask that is 0 above `top` and 255 below `bottom`."""
    mask = Image.new("L", canvas.size)
    first, last = round(top), max(round(top) + 1, round(bottom))
    mask.paste(ramp_mask((canvas.width, last - first), (0, 255)), (0, first))
    if last < canvas.height:
        mask.paste(255, (0, max(0, last), canvas.width, canvas.height))
    return mask


def _moon_face(canvas: Canvas, radius: float, disc: Image.Image) -> None:
    x, y = canvas.sun
    spots = canvas.shape()
    for _ in range(9):
        angle, away = canvas.layout.uniform(0, math.tau), canvas.layout.random() * 0.75
        size = radius * canvas.layout.uniform(0.08, 0.26)
        at_x, at_y = x + math.cos(angle) * away * radius, y + math.sin(angle) * away * radius
        spots.ellipse(at_x, at_y, size, size * 0.9, 70)
    seas = ImageChops.multiply(softened(spots.mask(), radius * 0.05), disc)
    canvas.fill(mix(canvas.palette.light, canvas.palette.far, 0.5), seas)


def _clouds(canvas: Canvas, amount: float) -> None:
    """Long clouds, lit from the sun's side."""
    width, height = canvas.width, max(2, round(canvas.horizon))
    lumps = noise(canvas.detail, (width, height), (canvas.unit * 70, canvas.unit * 16), 5)
    threshold = 0.6 - amount * 0.16
    cover = remapped(lumps, lambda v: (v - threshold) * 4.5)
    cover = ImageChops.multiply(cover, ramp_mask((width, height), (90, 255, 230, 60)))
    shadow = ImageChops.subtract(lumps, ImageChops.offset(lumps, 3, -5), 0.5, 128)
    lit = canvas.palette.cloud
    dark = mix(canvas.palette.cloud, canvas.palette.far, 0.6)
    picture = colourised(shadow, dark, lit)
    strength = 0.6 + amount * 0.4
    canvas.image.paste(picture, (0, 0), remapped(cover, lambda v: v * strength))


def colourised(mask: Image.Image, dark: Colour, light: Colour) -> Image.Image:
    """Return a picture whose colours run from dark to light as the mask does."""
    tables = [
        [round(low + (high - low) * i / 255) for i in range(256)]
        for low, high in zip(dark, light, strict=True)
    ]
    return Image.merge("RGB", [looked_up(mask, table) for table in tables])


def _aurora(canvas: Canvas) -> None:
    """Curtains of green and violet light."""
    rng = canvas.layout
    for colour in (from_hex("39ffb0"), from_hex("3ad6ff"), from_hex("b06bff")):
        curtain = canvas.shape()
        base = canvas.horizon * rng.uniform(0.35, 0.75)
        phase, waves = rng.uniform(0, math.tau), rng.uniform(1.2, 2.6)
        step = canvas.unit * 1.1
        for i in range(int(canvas.width / step) + 1):
            x = i * step
            bend = math.sin(phase + waves * math.tau * x / canvas.width)
            foot = base + bend * canvas.horizon * 0.16
            length = canvas.horizon * (0.22 + 0.2 * rng.random())
            curtain.polygon(
                [(x - step, foot), (x + step, foot), (x + step * 0.6, foot - length)],
                rng.randrange(40, 150),
            )
        canvas.shine(colour, softened(curtain.mask(), canvas.unit * 2.2))


def _lightning(canvas: Canvas) -> None:
    rng = canvas.layout
    x, y = canvas.width * rng.uniform(0.2, 0.8), 0.0
    points = [(x, y)]
    while y < canvas.horizon:
        x += rng.uniform(-4, 4) * canvas.unit
        y += rng.uniform(2, 6) * canvas.unit
        points.append((x, y))
    bolt = canvas.shape()
    bolt.line(points, canvas.unit * 0.6)
    mask = bolt.mask()
    canvas.shine((160, 180, 255), remapped(softened(mask, canvas.unit * 2), lambda v: v * 3))
    canvas.fill((250, 250, 255), mask)
