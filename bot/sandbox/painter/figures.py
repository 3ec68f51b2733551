"""Silhouettes: who or what stands in the landscape."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PIL import ImageChops

from bot.sandbox.painter.canvas import Canvas, Point, Shape, remapped, softened
from bot.sandbox.painter.colour import from_hue, mix

Drawing = Callable[[Shape, float, float, float], None]
"""Draws a figure whose feet are at (x, y) and whose height is given."""


def _placed(points: Sequence[Point], x: float, y: float, height: float) -> list[Point]:
    """Scale points given in figure heights, y upwards, to the picture."""
    return [(x + px * height, y - py * height) for px, py in points]


def smooth(points: Sequence[Point], rounds: int = 2) -> list[Point]:
    """Round a closed outline off by cutting its corners (Chaikin)."""
    line = list(points)
    for _ in range(rounds):
        cut: list[Point] = []
        for (x0, y0), (x1, y1) in zip(line, line[1:] + line[:1], strict=True):
            cut.append((x0 * 0.75 + x1 * 0.25, y0 * 0.75 + y1 * 0.25))
            cut.append((x0 * 0.25 + x1 * 0.75, y0 * 0.25 + y1 * 0.75))
        line = cut
    return line


def _outline(shape: Shape, points: Sequence[Point], at: tuple[float, float, float]) -> None:
    shape.polygon(_placed(smooth(points), *at))


def draw_cat(shape: Shape, x: float, y: float, height: float) -> None:
    """A cat sitting with its back to us, tail around its feet."""
    at = (x, y, height)
    body = [(-0.27, 0), (-0.31, 0.2), (-0.24, 0.45), (-0.13, 0.66), (0.13, 0.66), (0.24, 0.45)]
    _outline(shape, [*body, (0.31, 0.2), (0.27, 0)], at)
    shape.ellipse(x, y - 0.74 * height, 0.2 * height, 0.165 * height)
    for side in (-1, 1):
        ear = [(side * 0.19, 0.72), (side * 0.175, 1.0), (side * 0.03, 0.87)]
        shape.polygon(_placed(ear, *at))
    tail = [(0.2, 0.05), (0.42, 0.04), (0.52, 0.16), (0.47, 0.32), (0.55, 0.42)]
    shape.line(_placed(tail, *at), 0.075 * height)
    shape.ellipse(x + 0.55 * height, y - 0.42 * height, 0.037 * height, 0.037 * height)


def draw_fox(shape: Shape, x: float, y: float, height: float) -> None:
    """A fox sitting in profile, with its brush laid out behind."""
    at = (x, y, height)
    body = [(-0.02, 0), (-0.3, 0), (-0.36, 0.16), (-0.28, 0.38), (-0.1, 0.56), (0.02, 0.7)]
    chest = [(0.14, 0.66), (0.2, 0.5), (0.2, 0.3), (0.17, 0.1), (0.24, 0.02), (0.22, 0)]
    _outline(shape, [*body, *chest], at)
    head = [(-0.03, 0.62), (-0.04, 0.8), (0.08, 0.87), (0.2, 0.82), (0.42, 0.66), (0.42, 0.63)]
    _outline(shape, [*head, (0.2, 0.62), (0.08, 0.58)], at)
    for left, tip, right in (
        ((-0.03, 0.78), (-0.02, 1.02), (0.09, 0.84)),
        ((0.06, 0.82), (0.13, 1.03), (0.19, 0.8)),
    ):
        shape.polygon(_placed([left, tip, right], *at))
    brush = [(-0.2, 0.02), (-0.5, 0.0), (-0.78, 0.1), (-0.92, 0.3), (-0.72, 0.26), (-0.5, 0.2)]
    _outline(shape, [*brush, (-0.28, 0.16)], at)


def draw_wolf(shape: Shape, x: float, y: float, height: float) -> None:
    """A wolf howling: muzzle to the sky."""
    at = (x, y, height)
    body = [(-0.02, 0), (-0.28, 0), (-0.34, 0.14), (-0.27, 0.38), (-0.14, 0.58), (-0.03, 0.76)]
    _outline(shape, [*body, (0.12, 0.8), (0.18, 0.6), (0.19, 0.3), (0.2, 0.02), (0.14, 0)], at)
    head = [(-0.05, 0.7), (-0.05, 0.84), (0.08, 0.92), (0.22, 1.1), (0.27, 1.09), (0.24, 0.92)]
    _outline(shape, [*head, (0.27, 0.88), (0.18, 0.76), (0.1, 0.68)], at)
    shape.polygon(_placed([(-0.05, 0.82), (-0.17, 0.92), (0.0, 0.9)], *at))
    tail = [(-0.24, 0.02), (-0.46, -0.01), (-0.66, 0.06), (-0.62, 0.13), (-0.42, 0.12)]
    _outline(shape, [*tail, (-0.26, 0.14)], at)


def draw_deer(shape: Shape, x: float, y: float, height: float) -> None:
    """A stag, standing, with antlers."""
    at = (x, y, height)
    body = [(-0.36, 0.46), (-0.34, 0.6), (-0.1, 0.62), (0.12, 0.63), (0.2, 0.76), (0.25, 0.84)]
    neck = [(0.34, 0.86), (0.48, 0.78), (0.46, 0.74), (0.34, 0.73), (0.27, 0.55), (0.16, 0.42)]
    _outline(shape, [*body, *neck, (-0.1, 0.4)], at)
    for foot, hip in ((-0.32, -0.28), (-0.24, -0.24), (0.12, 0.12), (0.22, 0.18)):
        shape.line(_placed([(hip, 0.46), (foot + 0.02, 0.22), (foot, 0)], *at), 0.035 * height)
    for side in (-1, 1):
        stem = [(0.29, 0.85), (0.29 + side * 0.1, 0.97), (0.29 + side * 0.14, 1.14)]
        shape.line(_placed(stem, *at), 0.022 * height)
        for reach, rise in ((0.03, 1.06), (0.22, 1.03), (0.06, 1.14)):
            tine = [(0.29 + side * 0.11, 0.99), (0.29 + side * reach, rise)]
            shape.line(_placed(tine, *at), 0.018 * height)
    shape.polygon(_placed([(-0.36, 0.56), (-0.43, 0.5), (-0.34, 0.5)], *at))


def draw_person(shape: Shape, x: float, y: float, height: float) -> None:
    """A wanderer in a cloak, with a staff."""
    at = (x, y, height)
    cloak = [(-0.17, 0), (-0.15, 0.4), (-0.13, 0.7), (-0.07, 0.8), (0.07, 0.8), (0.13, 0.68)]
    _outline(shape, [*cloak, (0.15, 0.35), (0.22, 0.0)], at)
    shape.ellipse(x, y - 0.88 * height, 0.075 * height, 0.09 * height)
    shape.polygon(_placed([(-0.13, 0.92), (0.0, 1.06), (0.13, 0.92)], *at))
    shape.line(_placed([(0.26, 0), (0.24, 1.08)], *at), 0.02 * height)
    shape.line(_placed([(0.1, 0.66), (0.25, 0.58)], *at), 0.055 * height)


def draw_robot(shape: Shape, x: float, y: float, height: float) -> None:
    """A friendly machine."""
    at = (x, y, height)
    for left, low, right, high in (
        (-0.2, 0.3, 0.2, 0.66),
        (-0.15, 0.7, 0.15, 0.94),
        (-0.14, 0, -0.04, 0.3),
        (0.04, 0, 0.14, 0.3),
        (-0.3, 0.32, -0.22, 0.64),
        (0.22, 0.32, 0.3, 0.64),
        (-0.01, 0.94, 0.01, 1.08),
        (-0.05, 0.64, 0.05, 0.72),
    ):
        corners = [(left, low), (left, high), (right, high), (right, low)]
        shape.polygon(_placed(corners, *at))
    shape.ellipse(x, y - 1.1 * height, 0.035 * height, 0.035 * height)
    for side in (-0.07, 0.07):
        shape.ellipse(x + side * height, y - 0.83 * height, 0.035 * height, 0.035 * height, 0)


def draw_boat(shape: Shape, x: float, y: float, height: float) -> None:
    """A sailing boat."""
    at = (x, y, height)
    hull = [(-0.42, 0.14), (-0.3, -0.02), (0.3, -0.02), (0.46, 0.16)]
    shape.polygon(_placed(hull, *at))
    shape.line(_placed([(0, 0.1), (0, 1.0)], *at), 0.02 * height)
    _outline(shape, [(-0.03, 0.2), (-0.03, 0.96), (-0.12, 0.7), (-0.36, 0.22)], at)
    _outline(shape, [(0.03, 0.2), (0.03, 0.88), (0.16, 0.62), (0.36, 0.24)], at)


def draw_dragon(shape: Shape, x: float, y: float, height: float) -> None:
    """A dragon in flight, wings up; (x, y) is under its belly."""
    at = (x, y, height)
    body = [(0.86, 0.5), (0.74, 0.6), (0.58, 0.58), (0.44, 0.46), (0.26, 0.4), (0.0, 0.38)]
    belly = [(-0.3, 0.3), (-0.62, 0.16), (-0.95, 0.16), (-1.2, 0.3), (-0.94, 0.1), (-0.6, 0.06)]
    _outline(shape, [*body, *belly, (-0.25, 0.12), (0.1, 0.14), (0.36, 0.24), (0.6, 0.44)], at)
    jaw = [(0.66, 0.6), (0.86, 0.62), (1.02, 0.52), (0.98, 0.48), (0.84, 0.5), (0.96, 0.42)]
    shape.polygon(_placed([*jaw, (0.8, 0.42), (0.68, 0.46)], *at))
    for horn in (
        [(0.7, 0.6), (0.54, 0.74), (0.64, 0.58)],
        [(0.76, 0.6), (0.64, 0.78), (0.7, 0.58)],
    ):
        shape.polygon(_placed(horn, *at))
    near = [(0.22, 0.36), (0.1, 0.86), (0.3, 1.2), (-0.04, 1.06), (-0.5, 1.08), (-0.34, 0.86)]
    shape.polygon(_placed([*near, (-0.56, 0.7), (-0.28, 0.62), (-0.34, 0.4), (-0.06, 0.3)], *at))
    far = [(0.34, 0.4), (0.44, 0.8), (0.78, 1.04), (0.74, 0.84), (0.9, 0.74), (0.66, 0.68)]
    shape.polygon(_placed([*far, (0.6, 0.54), (0.4, 0.36)], *at))
    shape.polygon(_placed([(-1.1, 0.24), (-1.36, 0.3), (-1.24, 0.42), (-1.14, 0.34)], *at))
    for foot in (-0.1, 0.16):
        claw = [(foot, 0.16), (foot - 0.1, -0.02), (foot + 0.02, -0.08), (foot + 0.1, 0.16)]
        shape.polygon(_placed(claw, *at))


def draw_castle(shape: Shape, x: float, y: float, height: float) -> None:
    """Towers with pointed roofs on a rock."""
    at = (x, y, height)
    rock = [(-0.95, -0.12), (-0.5, 0.12), (-0.3, 0.2), (0.32, 0.2), (0.52, 0.1), (0.95, -0.12)]
    _outline(shape, rock, at)
    towers = ((-0.34, 0.5, 0.08), (-0.16, 0.66, 0.07), (0.02, 0.84, 0.09), (0.2, 0.6, 0.07))
    for middle, top, wide in (*towers, (0.34, 0.46, 0.06)):
        left, right = middle - wide, middle + wide
        shape.polygon(_placed([(left, 0.1), (left, top), (right, top), (right, 0.1)], *at))
        roof = [(left - 0.03, top), (middle, top + 0.26), (right + 0.03, top)]
        shape.polygon(_placed(roof, *at))
    shape.polygon(_placed([(-0.4, 0.1), (-0.4, 0.36), (0.38, 0.36), (0.38, 0.1)], *at))


def draw_house(shape: Shape, x: float, y: float, height: float) -> None:
    """A cabin with a chimney."""
    at = (x, y, height)
    shape.polygon(_placed([(-0.5, 0), (-0.5, 0.48), (0.5, 0.48), (0.5, 0)], *at))
    shape.polygon(_placed([(-0.62, 0.44), (-0.3, 0.95), (0.3, 0.95), (0.62, 0.44)], *at))
    shape.polygon(_placed([(0.14, 0.8), (0.14, 1.15), (0.26, 1.15), (0.26, 0.8)], *at))


def draw_lighthouse(shape: Shape, x: float, y: float, height: float) -> None:
    """A lighthouse on its rock."""
    at = (x, y, height)
    _outline(shape, [(-0.55, -0.06), (-0.3, 0.1), (0.0, 0.14), (0.32, 0.08), (0.55, -0.06)], at)
    shape.polygon(_placed([(-0.1, 0.08), (-0.065, 0.8), (0.065, 0.8), (0.1, 0.08)], *at))
    shape.polygon(_placed([(-0.1, 0.8), (-0.1, 0.83), (0.1, 0.83), (0.1, 0.8)], *at))
    shape.polygon(_placed([(-0.055, 0.83), (-0.055, 0.92), (0.055, 0.92), (0.055, 0.83)], *at))
    shape.polygon(_placed([(-0.075, 0.92), (0, 1.02), (0.075, 0.92)], *at))


GROUND_FIGURES: dict[str, tuple[Drawing, float]] = {
    "cat": (draw_cat, 0.2),
    "fox": (draw_fox, 0.19),
    "wolf": (draw_wolf, 0.19),
    "deer": (draw_deer, 0.24),
    "person": (draw_person, 0.21),
    "robot": (draw_robot, 0.24),
    "house": (draw_house, 0.15),
    "castle": (draw_castle, 0.3),
}
"""Each with its height as a share of the picture's."""

WATER_FIGURES: dict[str, tuple[Drawing, float]] = {
    "boat": (draw_boat, 0.16),
    "lighthouse": (draw_lighthouse, 0.36),
    "castle": (draw_castle, 0.28),
}


def paint_figure(canvas: Canvas, drawing: Drawing, x: float, y: float, height: float) -> None:
    """Paint a silhouette with a rim of light on the sun's side."""
    shape = canvas.shape()
    drawing(shape, x, y, height)
    mask = shape.mask()
    canvas.fill(mix(canvas.palette.near, (0, 0, 0), 0.55), mask)
    side = round(canvas.unit * 0.35) * (1 if canvas.sun[0] < x else -1) or 1
    rim = ImageChops.subtract(mask, ImageChops.offset(mask, side, round(canvas.unit * 0.3)))
    canvas.shine(canvas.palette.glow, remapped(rim, lambda v: v * 0.75))


def paint_lit_window(canvas: Canvas, x: float, y: float, size: float) -> None:
    """Paint a window somebody is home behind."""
    panes = canvas.shape()
    panes.box(x - size, y - size, x + size, y + size)
    mask = panes.mask()
    canvas.shine((255, 190, 100), remapped(softened(mask, size * 2), lambda v: v * 2))
    canvas.fill((255, 221, 150), mask)


def paint_birds(canvas: Canvas, count: int) -> None:
    """Paint a flock far off."""
    rng, shape = canvas.detail, canvas.shape()
    x0 = canvas.width * rng.uniform(0.2, 0.75)
    y0 = canvas.horizon * rng.uniform(0.25, 0.6)
    for _ in range(count):
        x, y = x0 + rng.gauss(0, 9) * canvas.unit, y0 + rng.gauss(0, 4) * canvas.unit
        span, lift = canvas.unit * rng.uniform(0.9, 2.2), rng.uniform(0.2, 0.6)
        for side in (-1, 1):
            wing = [(x, y), (x + side * span * 0.5, y - span * lift), (x + side * span, y)]
            shape.line(wing, canvas.unit * 0.22)
    canvas.fill(mix(canvas.palette.near, canvas.palette.far, 0.3), shape.mask())


def paint_balloons(canvas: Canvas) -> None:
    """Paint hot-air balloons, striped in bright colours."""
    rng, hue = canvas.layout, canvas.layout.random()
    for i in range(5):
        size = canvas.unit * (9.5 - 1.6 * i) * rng.uniform(0.8, 1.1)
        x = canvas.width * rng.uniform(0.1, 0.9)
        y = canvas.horizon * rng.uniform(0.2, 0.75)
        _balloon(canvas, x, y, size, hue + 0.17 * i, haze=0.1 * i)


def _balloon(canvas: Canvas, x: float, y: float, size: float, hue: float, *, haze: float) -> None:
    envelope, stripes, basket = canvas.shape(), canvas.shape(), canvas.shape()
    envelope.ellipse(x, y, size, size)
    envelope.polygon(
        [(x - size * 0.94, y + size * 0.35), (x - size * 0.2, y + size * 1.45),
         (x + size * 0.2, y + size * 1.45), (x + size * 0.94, y + size * 0.35)]
    )  # fmt: skip
    for reach in (0.86, 0.5, 0.16):
        stripes.ellipse(x, y, size * reach, size, 0 if reach == 0.5 else 255)
    basket.box(x - size * 0.16, y + size * 1.75, x + size * 0.16, y + size * 2.0)
    for side in (-0.16, 0.16):
        foot = (x + side * size, y + size * 1.8)
        basket.line([(x + side * 1.4 * size, y + size * 1.4), foot], size * 0.03)
    mask = envelope.mask()
    cloth = mix(from_hue(hue, 0.75, 0.92), canvas.palette.haze, haze)
    canvas.fill(cloth, mask)
    light = mix(from_hue(hue + 0.1, 0.3, 1.0), canvas.palette.haze, haze)
    canvas.fill(light, ImageChops.multiply(stripes.mask(), mask))
    away = round(size * 0.35) * (-1 if canvas.sun[0] < x else 1)
    shade = ImageChops.subtract(mask, ImageChops.offset(mask, away, 0))
    canvas.fill(mix(cloth, canvas.palette.near, 0.6), remapped(shade, lambda v: v * 0.4))
    canvas.fill(mix(canvas.palette.near, canvas.palette.haze, haze), basket.mask())
