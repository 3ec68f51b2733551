"""Woods: conifers in rows, trunks close by, light between them."""

from __future__ import annotations

import math
import random

from PIL import ImageChops

from bot.sandbox.painter.canvas import Canvas, Point, Shape, remapped, softened
from bot.sandbox.painter.colour import mix
from bot.sandbox.painter.land import rolling
from bot.sandbox.painter.sky import ramp_between


def paint_treeline(
    canvas: Canvas, base: float, height: float, nearness: float, *, density: float = 1.0
) -> None:
    """Paint a row of conifers on uneven ground, with mist below."""
    rng, shape = canvas.detail, canvas.shape()
    ground = rolling(canvas.layout, 1.5)
    step = height * 0.26 / density
    count = int(canvas.width / step) + 2
    for i in range(count):
        x = (i + rng.uniform(-0.4, 0.4)) * step
        share = min(max(x / canvas.width, 0), 1)
        foot = base - ground[round(share * 64)] * height * 0.35 + height * 0.04
        conifer(shape, rng, x, foot, height * rng.uniform(0.55, 1.15))
    floor = [(x * canvas.width / 64, base - ground[x] * height * 0.35) for x in range(65)]
    shape.polygon([*floor, (canvas.width, canvas.height), (0, canvas.height)])
    mask = shape.mask()
    colour = canvas.layer_colour(nearness)
    canvas.fill(colour, mask)
    mist = ramp_between(canvas, base - height * 0.55, base + height * 0.35)
    veil = ImageChops.multiply(mask, remapped(mist, lambda v: v * 0.75 * (1 - nearness)))
    canvas.fill(canvas.palette.haze, veil)


def conifer(shape: Shape, rng: random.Random, x: float, foot: float, height: float) -> None:
    """Draw one fir: drooping branches, shorter towards the top."""
    tiers = 6 if height < 40 else 9
    width = height * rng.uniform(0.15, 0.2)
    left, right = list[Point](), list[Point]()
    for i in range(tiers):
        share = (i + 1) / tiers
        y = foot - height * (1 - share * 0.96)
        reach = width * share * rng.uniform(0.85, 1.15)
        inner = reach * 0.45
        left += [(x - reach, y + height * 0.025), (x - inner, y)]
        right += [(x + reach, y + height * 0.025), (x + inner, y)]
    shape.polygon([(x, foot - height), *left, *reversed(right)])
    shape.box(x - height * 0.015, foot - height * 0.12, x + height * 0.015, foot + height * 0.05)


def paint_near_firs(canvas: Canvas, base: float) -> None:
    """Stand a few tall firs at both sides, near enough to be dark."""
    rng, shape = canvas.layout, canvas.shape()
    for side in (0, 1):
        for _ in range(rng.randrange(2, 5)):
            height = canvas.height * rng.uniform(0.2, 0.46)
            away = canvas.width * rng.uniform(-0.02, 0.17)
            x = away if side == 0 else canvas.width - away
            conifer(shape, rng, x, base + canvas.height * rng.uniform(0.02, 0.1), height)
    canvas.fill(mix(canvas.palette.near, (0, 0, 0), 0.2), shape.mask())


def paint_woods(canvas: Canvas) -> None:
    """Paint the inside of a forest: rows of trees, beams of light, dark trunks at the sides."""
    rows = ((0.05, 0.34, 0.0), (0.16, 0.42, 0.22), (0.32, 0.5, 0.45), (0.55, 0.5, 0.72))
    for depth, height, nearness in rows:
        base = canvas.horizon + (canvas.height - canvas.horizon) * (depth + 0.1)
        paint_treeline(canvas, base, canvas.height * height, nearness, density=1.0 - nearness * 0.4)
        if nearness == 0.22:
            paint_beams(canvas)
    _forest_floor(canvas)
    _framing_trunks(canvas)


def paint_beams(canvas: Canvas) -> None:
    """Let light fall in shafts from the sun."""
    rng, (x, y) = canvas.layout, canvas.sun
    beams = canvas.shape()
    reach = math.hypot(*canvas.size)
    for _ in range(9):
        angle = rng.uniform(0.15, math.pi - 0.15)
        spread = rng.uniform(0.012, 0.04)
        ends = [
            (x + math.cos(a) * reach, y + math.sin(a) * reach)
            for a in (angle - spread, angle + spread)
        ]
        beams.polygon([(x, y), *ends], rng.randrange(35, 95))
    fade = ImageChops.invert(ramp_between(canvas, y, canvas.height * 0.95))
    light = ImageChops.multiply(softened(beams.mask(), canvas.unit * 1.4), fade)
    canvas.shine(canvas.palette.glow, light)


def _forest_floor(canvas: Canvas) -> None:
    rng, shape = canvas.detail, canvas.shape()
    top = canvas.height * 0.9
    line = rolling(canvas.layout, 1.3)
    crest = [
        (i * canvas.width / 64, top - share * canvas.height * 0.05) for i, share in enumerate(line)
    ]
    shape.polygon([*crest, (canvas.width, canvas.height), (0, canvas.height)])
    for _ in range(int(150 * canvas.richness * canvas.width / canvas.height)):
        x, y = rng.random() * canvas.width, top + rng.uniform(-0.045, 0.06) * canvas.height
        for _ in range(5):
            tip = (x + rng.uniform(-1.6, 1.6) * canvas.unit, y - rng.uniform(1, 3) * canvas.unit)
            blade = canvas.unit * 0.16
            shape.polygon([(x - blade, y), (x + blade, y), tip])
    canvas.fill(mix(canvas.palette.near, (0, 0, 0), 0.25), shape.mask())


def _framing_trunks(canvas: Canvas) -> None:
    """Two or three dark trunks near us, which frame the view."""
    rng, shape = canvas.layout, canvas.shape()
    for share in (rng.uniform(-0.02, 0.1), rng.uniform(0.88, 1.02)):
        x, wide = canvas.width * share, canvas.unit * rng.uniform(3.2, 5.5)
        lean = rng.uniform(-2, 2) * canvas.unit
        flare = wide * 0.5
        shape.polygon(
            [
                (x - wide * 0.4 + lean, 0),
                (x + wide * 0.4 + lean, 0),
                (x + wide * 0.5, canvas.height * 0.8),
                (x + wide * 0.5 + flare, canvas.height),
                (x - wide * 0.5 - flare, canvas.height),
                (x - wide * 0.5, canvas.height * 0.8),
            ]
        )
        _branches(canvas, shape, x + lean, share < 0.5)
    canvas.fill(mix(canvas.palette.near, (0, 0, 0), 0.45), shape.mask())


def _branches(canvas: Canvas, shape: Shape, x: float, grows_right: bool) -> None:
    rng, side = canvas.detail, 1 if grows_right else -1
    for i in range(4):
        y = canvas.height * (0.04 + 0.11 * i) + rng.uniform(-2, 2) * canvas.unit
        length = canvas.unit * rng.uniform(13, 26) * (1 - 0.16 * i)
        spine = [
            (x, y),
            (x + side * length * 0.6, y + length * 0.05),
            (x + side * length, y + length * 0.3),
        ]
        shape.line(spine, canvas.unit * 0.7)
        for k in range(16):
            at = k / 15
            foot_x, foot_y = x + side * length * at, y + length * 0.3 * at**1.8
            drop = canvas.unit * rng.uniform(2, 6) * (1 - at * 0.5)
            shape.polygon(
                [
                    (foot_x - canvas.unit * 0.5, foot_y),
                    (foot_x + canvas.unit * 0.5, foot_y),
                    (foot_x + side * drop * 0.35, foot_y + drop),
                ]
            )
