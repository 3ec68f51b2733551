"""Portraits: a profile against soft lights, with a landscape showing through it."""

from __future__ import annotations

import random
from collections.abc import Callable

from PIL import Image, ImageChops

from bot.sandbox.painter.canvas import Canvas, Point, gradient, ramp_mask, remapped, softened
from bot.sandbox.painter.colour import Colour, from_hue, mix
from bot.sandbox.painter.figures import smooth

_PROFILE: list[Point] = [
    (-0.24, 0.0), (-0.21, 0.2), (-0.27, 0.34), (-0.37, 0.5), (-0.4, 0.66), (-0.36, 0.83),
    (-0.24, 0.96), (-0.05, 1.02), (0.13, 0.99), (0.26, 0.9), (0.315, 0.79), (0.325, 0.71),
    (0.345, 0.66), (0.33, 0.615), (0.36, 0.55), (0.42, 0.475), (0.425, 0.455), (0.37, 0.44),
    (0.355, 0.43), (0.385, 0.4), (0.38, 0.375), (0.35, 0.365), (0.375, 0.345), (0.365, 0.315),
    (0.335, 0.295), (0.35, 0.25), (0.33, 0.205), (0.26, 0.18), (0.14, 0.165), (0.08, 0.12),
    (0.06, 0.0), (0.1, -0.1), (0.3, -0.2), (0.46, -0.34), (0.56, -0.7), (-0.8, -0.7),
    (-0.74, -0.34), (-0.6, -0.2), (-0.36, -0.1),
]  # fmt: skip
"""Head and shoulders looking to the right, in heights of the head, y upwards."""

_HAIR: list[list[Point]] = [
    [(0.3, 0.8), (0.27, 0.95), (0.08, 1.08), (-0.16, 1.08), (-0.38, 0.95), (-0.47, 0.72),
     (-0.46, 0.4), (-0.52, 0.1), (-0.46, -0.22), (-0.3, -0.3), (-0.16, -0.12), (-0.1, 0.2),
     (-0.08, 0.45), (0.02, 0.66), (0.16, 0.76)],
    [(0.3, 0.79), (0.27, 0.95), (0.08, 1.07), (-0.16, 1.07), (-0.36, 0.98), (-0.5, 1.06),
     (-0.62, 0.98), (-0.62, 0.82), (-0.5, 0.74), (-0.42, 0.66), (-0.4, 0.5), (-0.2, 0.4),
     (-0.05, 0.6), (0.12, 0.74)],
    [(0.33, 0.78), (0.31, 0.95), (0.14, 1.09), (-0.16, 1.1), (-0.4, 0.96), (-0.47, 0.72),
     (-0.42, 0.48), (-0.3, 0.32), (-0.16, 0.34), (-0.1, 0.56), (0.0, 0.66), (0.2, 0.76)],
]  # fmt: skip
"""Long, pinned up, short."""

Landscape = Callable[[tuple[int, int]], Image.Image]


def paint_portrait(canvas: Canvas, landscape: Landscape) -> None:
    """Paint a head in profile; two coloured lights draw its outline."""
    palette, rng = canvas.palette, canvas.layout
    canvas.horizon = canvas.height
    way = rng.choice((-1, 1))
    x = canvas.width * (0.5 - way * 0.03)
    size = min(canvas.height * 0.62, canvas.width * 0.72)
    canvas.sun = (canvas.width * (0.5 + way * 0.14), canvas.height * 0.42)
    canvas.image.paste(gradient(canvas.size, palette.sky), (0, 0))
    canvas.glow(canvas.sun, max(canvas.size) * 0.62, palette.glow, 0.7)
    _bokeh(canvas)
    bust = _bust(canvas, rng, (x, canvas.height * 0.8), size, way)
    canvas.fill(mix(palette.near, (0, 0, 0), 0.3), bust)
    _show_through(canvas, bust, landscape)
    _rim(canvas, bust, mix(palette.light, palette.glow, 0.4), way)
    _rim(canvas, bust, palette.accent, -way)


def _bokeh(canvas: Canvas) -> None:
    rng = canvas.detail
    hue = canvas.layout.random()
    for i in range(3):
        discs = canvas.shape()
        for _ in range(int(9 * canvas.richness)):
            size = canvas.unit * rng.uniform(1.5, 6.5)
            x, y = rng.random() * canvas.width, rng.random() * canvas.height
            discs.ellipse(x, y, size, size, rng.randrange(25, 85))
        mask = softened(discs.mask(), canvas.unit * 0.5)
        colour = mix(from_hue(hue + 0.09 * i, 0.6, 1.0), canvas.palette.glow, 0.5)
        canvas.shine(colour, mask)


def _bust(canvas: Canvas, rng: random.Random, at: Point, size: float, way: int) -> Image.Image:
    shape = canvas.shape()
    for outline in (_PROFILE, rng.choice(_HAIR)):
        line = smooth(outline, 2)
        shape.polygon([(at[0] + way * px * size, at[1] - py * size) for px, py in line])
    return shape.mask()


def _show_through(canvas: Canvas, bust: Image.Image, landscape: Landscape) -> None:
    """A double exposure: the place the person thinks of, brightest in the head."""
    place = landscape(canvas.size)
    fade = ramp_mask(canvas.size, (235, 225, 150, 40))
    inner = remapped(softened(bust, canvas.unit * 1.6), lambda v: (v - 0.45) * 1.8)
    canvas.lay(place, ImageChops.multiply(ImageChops.multiply(bust, inner), fade))


def _rim(canvas: Canvas, bust: Image.Image, colour: Colour, side: int) -> None:
    """Light one edge: sharp at the outline, soft into the form."""
    step = max(1, round(canvas.unit * 0.45))
    edge = ImageChops.subtract(bust, ImageChops.offset(bust, -side * step, step))
    soft = ImageChops.multiply(softened(edge, canvas.unit * 2.0), bust)
    canvas.shine(colour, remapped(soft, lambda v: v * 1.3))
    canvas.shine(mix(colour, (255, 255, 255), 0.4), remapped(edge, lambda v: v * 0.9))
