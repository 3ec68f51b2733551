"""Water: what stands above it, mirrored, and waves."""

from __future__ import annotations

import math

from PIL import Image, ImageChops

from bot.sandbox.painter.canvas import Canvas, gradient, noise, ramp_mask, remapped, resized
from bot.sandbox.painter.colour import mix


def paint_reflection(canvas: Canvas, line: float, *, darkness: float = 0.45) -> None:
    """Mirror everything above the line in calm water below it."""
    top = round(line)
    depth = canvas.height - top
    if depth < 4:
        return
    above = canvas.image.crop((0, max(0, top - round(depth * 1.25)), canvas.width, top))
    mirrored = resized(above.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (canvas.width, depth))
    rippled = _rippled(canvas, mirrored)
    deep = mix(canvas.palette.near, canvas.palette.far, 0.35)
    dark = ramp_mask((canvas.width, depth), (round(90 * darkness), round(400 * darkness * 0.9)))
    rippled.paste(deep, (0, 0), dark)
    canvas.image.paste(rippled, (0, top))
    _shoreline(canvas, line)
    paint_glitter(canvas, line)


def _rippled(canvas: Canvas, mirrored: Image.Image) -> Image.Image:
    """Shift every row a little; the nearer to us, the further."""
    rng, (width, depth) = canvas.detail, mirrored.size
    phase, result = rng.uniform(0, math.tau), Image.new("RGB", mirrored.size)
    row = 0
    while row < depth:
        near = row / depth
        thick = 1 + int(near * canvas.unit * 0.5)
        swing = math.sin(phase + math.sqrt(near) * 70) + rng.uniform(-0.6, 0.6)
        shift = round(swing * canvas.unit * (0.2 + 1.3 * near))
        strip = mirrored.crop((0, row, width, row + thick))
        result.paste(strip, (shift, row))
        if shift:
            result.paste(strip, (shift - width if shift > 0 else shift + width, row))
        row += thick
    return result


def _shoreline(canvas: Canvas, line: float) -> None:
    shore = canvas.shape()
    shore.box(0, line - canvas.unit * 0.25, canvas.width, line + canvas.unit * 0.2, 120)
    canvas.shine(canvas.palette.haze, shore.mask())


def paint_glitter(canvas: Canvas, line: float) -> None:
    """Strew light under the sun or moon."""
    rng, shape = canvas.detail, canvas.shape()
    depth = canvas.height - line
    for _ in range(int(170 * canvas.richness)):
        near = rng.random()
        y = line + depth * near
        spread = canvas.unit * (3 + 22 * near)
        x = canvas.sun[0] + rng.gauss(0, 0.5) * spread
        length = canvas.unit * rng.uniform(0.6, 3.0) * (0.4 + near)
        shape.ellipse(x, y, length, canvas.unit * (0.08 + 0.2 * near), rng.randrange(60, 230))
    canvas.shine(mix(canvas.palette.glow, canvas.palette.light, 0.5), shape.mask())


def paint_wake(canvas: Canvas, x: float, y: float, height: float) -> None:
    """Lay the broken shadow of something afloat on the water."""
    rng, shape = canvas.detail, canvas.shape()
    for i in range(16):
        share = i / 15
        reach = height * (0.34 - 0.28 * share) * rng.uniform(0.7, 1.1)
        drift = rng.uniform(-0.04, 0.04) * height
        shape.ellipse(x + drift, y + height * 0.75 * share, reach, height * 0.018, 190 - i * 9)
    canvas.fill(mix(canvas.palette.near, canvas.palette.far, 0.2), shape.mask())


def paint_sea(canvas: Canvas, line: float, *, wild: bool) -> None:
    """Paint open water with swell and foam."""
    top = round(line)
    depth = max(4, canvas.height - top)
    palette = canvas.palette
    far = mix(palette.haze, palette.far, 0.4)
    stops = [far, mix(palette.far, palette.near, 0.3), mix(palette.far, palette.near, 0.75)]
    canvas.image.paste(gradient((canvas.width, depth), stops), (0, top))
    bands = 9
    for i in range(bands):
        near = (i + 1) / bands
        _swell(canvas, top + depth * near**1.7 * 0.97, near, wild=wild)
    paint_glitter(canvas, line)


def _swell(canvas: Canvas, y: float, near: float, *, wild: bool) -> None:
    rng = canvas.detail
    reach = canvas.unit * (0.4 + 4.2 * near) * (1.9 if wild else 1.0)
    phases = [rng.uniform(0, math.tau) for _ in range(3)]
    waves = 7 - 4.5 * near
    line = [
        (
            i * canvas.width / 120,
            y
            - reach
            * sum(
                abs(math.sin(phase + waves * (k + 1) * math.pi * i / 120)) ** 0.8 / (k + 1)
                for k, phase in enumerate(phases)
            )
            * 0.5,
        )
        for i in range(121)
    ]
    crest = canvas.shape()
    crest.polygon([*line, *((x, y2 + reach * 2.2 + 1) for x, y2 in reversed(line))])
    tone = noise(rng, canvas.size, (canvas.unit * 12, canvas.unit * 2), 2)
    fade = ImageChops.multiply(crest.mask(), remapped(tone, lambda v: 0.25 + v * 0.6))
    canvas.fill(mix(canvas.palette.far, canvas.palette.near, 0.25 + 0.6 * near), fade)
    foam = canvas.shape()
    foam.line(line, canvas.unit * (0.08 + 0.4 * near))
    scattered = ImageChops.multiply(foam.mask(), remapped(tone, lambda v: (v - 0.42) * 4))
    canvas.fill(mix(canvas.palette.light, canvas.palette.haze, 0.35), scattered)
