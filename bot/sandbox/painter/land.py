"""Mountains, hills, dunes and meadows, in layers that fade with distance."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageChops

from bot.sandbox.painter.canvas import Canvas, Point, Shape, along, noise, remapped, ridge
from bot.sandbox.painter.colour import Colour, mix
from bot.sandbox.painter.sky import colourised, ramp_between
from bot.sandbox.painter.vision import Vision

_RIDGE_STEPS = 256


def paint_mountains(canvas: Canvas, vision: Vision, base: float) -> None:
    """Paint ranges that stand on a base line, the nearest one lowest."""
    layers = 4
    for i in range(layers):
        nearness = i / layers
        height = canvas.height * (0.44 - 0.085 * i) * canvas.layout.uniform(0.75, 1.1)
        heights = ridge(canvas.layout, _RIDGE_STEPS, 0.5 + 0.03 * i)
        top = base - height
        paint_range(canvas, heights, top, base, nearness * 0.75, snowy=_is_snowy(vision, i))


def _is_snowy(vision: Vision, layer: int) -> bool:
    cold = vision.mood in {"snow", "day", "dawn", "pastel"} or vision.shows("snow")
    return cold and layer in {0, 1, 2} and "snow" not in vision.absent


def paint_range(
    canvas: Canvas,
    heights: Sequence[float],
    top: float,
    base: float,
    nearness: float,
    *,
    snowy: bool = False,
) -> None:
    """Paint one range: lit and shaded faces, snow if wanted, mist at its feet."""
    points = ridge_points(canvas, heights, top, base)
    outline = canvas.shape()
    outline.polygon([*points, (canvas.width, canvas.height), (0, canvas.height)])
    mask = outline.mask()
    colour = canvas.layer_colour(nearness)
    canvas.lay(_faces(canvas, points, colour, top, base), mask)
    if snowy:
        _snow(canvas, points, mask, top, base)
    mist = ramp_between(canvas, top + (base - top) * 0.35, base)
    haze = mix(canvas.palette.haze, colour, 0.25)
    canvas.fill(haze, ImageChops.multiply(mask, remapped(mist, lambda v: v * 0.62)))


def ridge_points(canvas: Canvas, heights: Sequence[float], top: float, base: float) -> list[Point]:
    """Return a ridge line across the picture, from left to right."""
    step = canvas.width / (len(heights) - 1)
    return [(i * step, base - height * (base - top)) for i, height in enumerate(heights)]


def _faces(
    canvas: Canvas, points: Sequence[Point], colour: Colour, top: float, base: float
) -> Image.Image:
    """Light the slopes that look to the sun, with rocky texture."""
    light = mix(colour, canvas.palette.light, 0.22)
    dark = mix(colour, canvas.palette.near, 0.3)
    slopes = canvas.shape()
    towards = 1 if canvas.sun[0] > canvas.width / 2 else -1
    depth = (base - top) * 0.9
    for (x0, y0), (x1, y1) in pairwise(points):
        steep = (y1 - y0) / max(x1 - x0, 0.01) * towards
        value = round(110 + 85 * math.tanh(steep * 1.4))
        lean = -towards * depth * 0.35
        slopes.polygon(
            [(x0, y0 - 2), (x1 + 1, y1 - 2), (x1 + lean + 1, y1 + depth), (x0 + lean, y0 + depth)],
            value,
        )
    rock = noise(canvas.detail, canvas.size, (canvas.unit * 9, canvas.unit * 13), 3)
    shading = Image.blend(slopes.mask(), rock, 0.38)
    return colourised(shading, dark, light)


def _snow(
    canvas: Canvas, points: Sequence[Point], mask: Image.Image, top: float, base: float
) -> None:
    """Cap the peaks; the snow line is ragged."""
    rng, depth = canvas.detail, base - top
    line = top + depth * 0.42
    cap = canvas.shape()
    ragged = [(x, max(y, line + rng.uniform(-0.1, 0.1) * depth)) for x, y in reversed(points)]
    cap.polygon([*points, *ragged])
    snow = mix((250, 252, 255), canvas.palette.glow, 0.18)
    shade = mix(snow, canvas.palette.far, 0.45)
    texture = noise(rng, canvas.size, (canvas.unit * 5, canvas.unit * 8), 3)
    caps = remapped(ImageChops.multiply(cap.mask(), mask), lambda v: v * 0.85)
    canvas.lay(colourised(remapped(texture, lambda v: v * 2 - 0.5), shade, snow), caps)


def paint_hills(canvas: Canvas, base: float, layers: int, height: float) -> list[float]:
    """Paint rolling ground up to our feet; return the heights of the nearest crest."""
    crest: list[float] = []
    for i in range(layers):
        nearness = 0.55 + 0.45 * (i + 1) / layers
        top = base + (canvas.height - base) * i / layers * 0.8
        crest = rolling(canvas.layout, 1.3 - i * 0.3)
        points = ridge_points(canvas, crest, top - height, top + height * 0.4)
        outline = canvas.shape()
        outline.polygon([*points, (canvas.width, canvas.height), (0, canvas.height)])
        colour = canvas.layer_colour(nearness)
        grass = noise(canvas.detail, canvas.size, (canvas.unit * 14, canvas.unit * 3), 4)
        tones = colourised(
            grass, mix(colour, (0, 0, 0), 0.35), mix(colour, canvas.palette.far, 0.3)
        )
        canvas.lay(tones, outline.mask())
    return crest


def rolling(rng: random.Random, waves: float) -> list[float]:
    """Return a soft line of heights in 0..1."""
    phases = [rng.uniform(0, math.tau) for _ in range(3)]
    line = [
        sum(
            math.sin(phase + waves * (k + 1) * math.tau * i / 64) / (k + 1) ** 1.6
            for k, phase in enumerate(phases)
        )
        for i in range(65)
    ]
    low, high = min(line), max(line)
    return [(value - low) / (high - low) for value in line]


def paint_dunes(canvas: Canvas) -> None:
    """Paint sand in crescents, one side in the light."""
    canvas.image.paste(canvas.layer_colour(0.2), (0, round(canvas.horizon), *canvas.size))
    layers = 5
    for i in range(layers):
        top = canvas.horizon + (canvas.height - canvas.horizon) * (i / layers) ** 1.3 * 0.9
        line = rolling(canvas.layout, 1.7 - 0.22 * i)
        lift = canvas.height * (0.05 + 0.022 * i)
        points = ridge_points(canvas, line, top - lift, top + lift * 0.3)
        _dune(canvas, points, canvas.layer_colour(0.16 + 0.15 * i), lift)


def _dune(canvas: Canvas, points: list[Point], colour: Colour, lift: float) -> None:
    outline = canvas.shape()
    outline.polygon([*points, (canvas.width, canvas.height), (0, canvas.height)])
    mask = outline.mask()
    bright = mix(colour, canvas.palette.light, 0.42)
    dark = mix(colour, canvas.palette.near, 0.42)
    ripples = noise(canvas.detail, canvas.size, (canvas.unit * 40, canvas.unit * 2.5), 3)
    top = min(y for _, y in points)
    fall = ramp_between(canvas, top, top + lift * 4)
    shade = Image.blend(ImageChops.invert(fall), ripples, 0.3)
    canvas.lay(colourised(shade, dark, bright), mask)
    _lee_side(canvas, points, mask, mix(dark, canvas.palette.near, 0.4), lift)


def _lee_side(
    canvas: Canvas, points: list[Point], mask: Image.Image, colour: Colour, lift: float
) -> None:
    """Shade the side of every crest that looks away from the sun, along a sharp curved edge."""
    away = 1 if canvas.sun[0] < canvas.width / 2 else -1
    ridge_line = points if away > 0 else points[::-1]
    shade = canvas.shape()
    for i in range(1, len(ridge_line) - 1):
        if ridge_line[i - 1][1] > ridge_line[i][1] <= ridge_line[i + 1][1]:
            shade.polygon(_crescent(ridge_line[i:], away, lift))
    cast = remapped(ImageChops.multiply(shade.mask(), mask), lambda v: v * 0.55)
    canvas.fill(colour, cast)
    edge = canvas.shape()
    edge.line(points, canvas.unit * 0.5)
    canvas.shine(canvas.palette.glow, remapped(edge.mask(), lambda v: v * 0.3))


def _crescent(line: list[Point], away: int, lift: float) -> list[Point]:
    """From a crest down its slope, and back along a curve below."""
    falling = [line[0]]
    for point in line[1:]:
        if point[1] < falling[-1][1]:
            break
        falling.append(point)
    (x0, y0), (x1, y1) = falling[0], falling[-1]
    low = (x0 + (x1 - x0) * 0.2 + away * lift * 0.2, y1 + lift * 1.8)
    back = [bent((x1, y1), low, (x0, y0), k / 12) for k in range(13)]
    return [*falling, *back]


def bent(start: Point, pull: Point, end: Point, share: float) -> Point:
    """Return a point of the curve from start to end that is pulled aside."""
    rest = 1 - share
    return (
        rest * rest * start[0] + 2 * rest * share * pull[0] + share * share * end[0],
        rest * rest * start[1] + 2 * rest * share * pull[1] + share * share * end[1],
    )


def paint_meadow(canvas: Canvas, base: float, colours: tuple[Colour, ...]) -> None:
    """Paint grass and flowers that grow towards us."""
    rng, depth = canvas.detail, canvas.height - base
    colours = colours or (canvas.palette.accent, mix(canvas.palette.accent, (255, 255, 255), 0.6))
    shapes = [canvas.shape() for _ in colours]
    blades, hearts = canvas.shape(), canvas.shape()
    count = int(520 * canvas.width / canvas.height * canvas.richness)
    for _ in range(count):
        nearness = rng.random() ** 0.8
        x, y = rng.random() * canvas.width, base + depth * (0.08 + nearness * 0.95)
        size = canvas.unit * (0.25 + 1.5 * nearness**2)
        lean = rng.uniform(-1, 1) * size
        blades.line([(x, y + size * 3), (x + lean, y)], size * 0.2, 200)
        _petals(rng.choice(shapes), x + lean, y, size, rng)
        hearts.ellipse(x + lean, y, size * 0.26, size * 0.22)
    canvas.fill(mix(canvas.palette.near, (96, 140, 60), 0.45), blades.mask())
    for colour, shape in zip(colours, shapes, strict=True):
        canvas.fill(colour, shape.mask())
    canvas.fill((250, 205, 90), hearts.mask())


def _petals(shape: Shape, x: float, y: float, size: float, rng: random.Random) -> None:

    turn = rng.uniform(0, math.tau)
    for i in range(5):
        angle = turn + i * math.tau / 5
        at_x, at_y = x + math.cos(angle) * size * 0.5, y + math.sin(angle) * size * 0.42
        shape.ellipse(at_x, at_y, size * 0.42, size * 0.36, rng.randrange(190, 256))


def height_at(canvas: Canvas, crest: Sequence[float], x: float, top: float, low: float) -> float:
    """Return the y of a crest at x, where 1 is at `top` and 0 at `low`."""
    return low - along(crest, x / canvas.width) * (low - top)
