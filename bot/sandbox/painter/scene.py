"""Composition: from what the prompt shows to a finished view."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from bot.sandbox.painter.canvas import Canvas, Point
from bot.sandbox.painter.city import paint_city
from bot.sandbox.painter.colour import PALETTES, Colour
from bot.sandbox.painter.elsewhere import paint_space, paint_underwater
from bot.sandbox.painter.figures import (
    GROUND_FIGURES,
    WATER_FIGURES,
    draw_dragon,
    paint_balloons,
    paint_birds,
    paint_figure,
    paint_lit_window,
)
from bot.sandbox.painter.land import (
    height_at,
    paint_dunes,
    paint_hills,
    paint_meadow,
    paint_mountains,
)
from bot.sandbox.painter.portrait import paint_portrait
from bot.sandbox.painter.sky import paint_sky
from bot.sandbox.painter.trees import paint_near_firs, paint_treeline, paint_woods
from bot.sandbox.painter.vision import Setting, Vision
from bot.sandbox.painter.water import paint_reflection, paint_sea, paint_wake
from bot.sandbox.painter.weather import paint_weather


def paint_scene(
    vision: Vision,
    size: tuple[int, int],
    layout: random.Random,
    detail: random.Random,
    richness: float,
) -> Canvas:
    """Paint a view."""
    mood = _mood(vision)
    canvas = Canvas(
        image=Image.new("RGB", size),
        palette=PALETTES[mood].tinted(_tints(vision)),
        layout=layout,
        detail=detail,
        richness=richness,
    )
    canvas.horizon = canvas.height * layout.uniform(0.54, 0.66)
    canvas.sun = (
        canvas.width * layout.choice((layout.uniform(0.18, 0.42), layout.uniform(0.58, 0.82))),
        canvas.horizon * _sun_height(mood, layout),
    )
    _SETTINGS[vision.setting](canvas, vision)
    paint_weather(canvas, vision)
    return canvas


def _mood(vision: Vision) -> str:
    """A few places bring their own light."""
    own = {Setting.SPACE: "space", Setting.UNDERWATER: "deep"}
    if vision.setting is Setting.DESERT and vision.mood not in {"night", "sunset", "dusk", "synth"}:
        return "desert"
    return own.get(vision.setting, vision.mood)


def _tints(vision: Vision) -> tuple[Colour, ...]:
    """In a meadow the colours belong to the flowers alone."""
    return () if vision.setting is Setting.MEADOW else vision.colours


def _sun_height(mood: str, layout: random.Random) -> float:
    if mood in {"sunset", "dawn", "golden", "synth", "dusk"}:
        return layout.uniform(0.55, 0.8)
    return layout.uniform(0.22, 0.5)


def _mountains(canvas: Canvas, vision: Vision) -> None:
    paint_sky(canvas, vision)
    base = canvas.horizon + canvas.height * 0.08
    paint_mountains(canvas, vision, base)
    _in_the_air(canvas, vision)
    if "trees" not in vision.absent:
        paint_treeline(canvas, base + canvas.height * 0.02, canvas.height * 0.1, 0.62)
    _foreground(canvas, vision, base + canvas.height * 0.12)


def _lake(canvas: Canvas, vision: Vision) -> None:
    paint_sky(canvas, vision)
    line = canvas.horizon + canvas.height * 0.05
    paint_mountains(canvas, vision, line)
    _in_the_air(canvas, vision)
    if "trees" not in vision.absent:
        paint_treeline(canvas, line - canvas.height * 0.005, canvas.height * 0.09, 0.66)
    _at_the_water(canvas, vision, line, _ON_SHORE)
    paint_reflection(canvas, line)
    _at_the_water(canvas, vision, line, _AFLOAT)
    _stand(canvas, vision)


def _forest(canvas: Canvas, vision: Vision) -> None:
    canvas.sun = (canvas.sun[0], canvas.horizon * 0.34)
    paint_sky(canvas, vision)
    paint_woods(canvas)
    _ground_figures(canvas, vision, lambda _x: canvas.height * 0.9)


def _ocean(canvas: Canvas, vision: Vision) -> None:
    paint_sky(canvas, vision)
    _in_the_air(canvas, vision)
    paint_sea(canvas, canvas.horizon, wild=vision.mood == "storm")
    _at_the_water(canvas, vision, canvas.horizon, _ON_SHORE | _AFLOAT)
    _stand(canvas, vision)


def _city(canvas: Canvas, vision: Vision) -> None:
    canvas.horizon = canvas.height * 0.74
    canvas.sun = (canvas.sun[0], canvas.horizon * 0.5)
    paint_sky(canvas, vision)
    _in_the_air(canvas, vision)
    line = canvas.horizon + canvas.height * 0.06
    paint_city(canvas, vision, line)
    paint_reflection(canvas, line, darkness=0.35)
    _stand(canvas, vision)


def _desert(canvas: Canvas, vision: Vision) -> None:
    paint_sky(canvas, vision)
    _in_the_air(canvas, vision)
    paint_dunes(canvas)
    _ground_figures(canvas, vision, lambda _x: canvas.height * 0.86)


def _meadow(canvas: Canvas, vision: Vision) -> None:
    paint_sky(canvas, vision)
    base = canvas.horizon + canvas.height * 0.03
    paint_mountains(canvas, vision, base)
    _in_the_air(canvas, vision)
    paint_treeline(canvas, base, canvas.height * 0.06, 0.5)
    paint_hills(canvas, base + canvas.height * 0.05, 2, canvas.height * 0.05)
    paint_meadow(canvas, base + canvas.height * 0.08, vision.flowers or vision.colours)
    _ground_figures(canvas, vision, lambda _x: canvas.height * 0.88)


def _space(canvas: Canvas, _vision: Vision) -> None:
    paint_space(canvas)


def _underwater(canvas: Canvas, _vision: Vision) -> None:
    paint_underwater(canvas)


def _portrait(canvas: Canvas, vision: Vision) -> None:
    place = replace(vision, setting=_THOUGHTS.get(vision.mood, Setting.LAKE), subjects=())

    def landscape(size: tuple[int, int]) -> Image.Image:
        return paint_scene(place, size, canvas.layout, canvas.detail, canvas.richness).image

    paint_portrait(canvas, landscape)


_THOUGHTS = {"synth": Setting.CITY, "mist": Setting.FOREST, "golden": Setting.FOREST}
"""What shows through a portrait."""

_SETTINGS: dict[Setting, Callable[[Canvas, Vision], None]] = {
    Setting.MOUNTAINS: _mountains,
    Setting.LAKE: _lake,
    Setting.FOREST: _forest,
    Setting.OCEAN: _ocean,
    Setting.CITY: _city,
    Setting.DESERT: _desert,
    Setting.SPACE: _space,
    Setting.MEADOW: _meadow,
    Setting.UNDERWATER: _underwater,
    Setting.PORTRAIT: _portrait,
}


def _in_the_air(canvas: Canvas, vision: Vision) -> None:
    if "balloons" in vision.subjects:
        paint_balloons(canvas)
    if "dragon" in vision.subjects:
        x, y = canvas.width * canvas.layout.uniform(0.35, 0.65), canvas.horizon * 0.62
        paint_figure(canvas, draw_dragon, x, y, min(canvas.size) * 0.23)
    if "birds" in vision.subjects:
        paint_birds(canvas, 16)
    elif "birds" not in vision.absent and canvas.detail.random() < 0.5 * canvas.richness:
        paint_birds(canvas, 5)


_AFLOAT = frozenset({"boat"})
_ON_SHORE = frozenset(WATER_FIGURES) - _AFLOAT


def _at_the_water(canvas: Canvas, vision: Vision, line: float, which: frozenset[str]) -> None:
    for name in vision.subjects:
        if name not in which or name not in WATER_FIGURES:
            continue
        drawing, share = WATER_FIGURES[name]
        height = canvas.height * share
        x = canvas.width * canvas.layout.uniform(0.25, 0.75)
        y = line + (canvas.height - line) * (0.22 if name in _AFLOAT else 0.0)
        if name in _AFLOAT:
            paint_wake(canvas, x, y, height)
        paint_figure(canvas, drawing, x, y, height)
        if name == "lighthouse":
            canvas.glow((x, y - height * 0.87), canvas.unit * 16, (255, 240, 190))


def _foreground(canvas: Canvas, vision: Vision, base: float) -> None:
    lift = canvas.height * 0.045
    crest = paint_hills(canvas, base, 2, lift)
    top = base + (canvas.height - base) * 0.4
    if "trees" not in vision.absent:
        paint_near_firs(canvas, canvas.height * 0.93)

    def ground(x: float) -> float:
        return height_at(canvas, crest, x, top - lift, top + lift * 0.4) + canvas.unit * 1.2

    _ground_figures(canvas, vision, ground)


def _stand(canvas: Canvas, vision: Vision) -> None:
    """Give figures a rock at the water's edge to stand on."""
    wanted = [name for name in vision.subjects if name in GROUND_FIGURES and name != "castle"]
    if not wanted:
        return
    left = canvas.sun[0] > canvas.width / 2
    y, wide = canvas.height * 0.9, canvas.width * 0.62
    start = -canvas.unit * 6 if left else canvas.width + canvas.unit * 6
    way = 1 if left else -1
    rock, steps = canvas.shape(), 14
    jagged: list[Point] = []
    for i in range(steps + 1):
        fall = canvas.height * 0.12 * (i / steps) ** 2.4
        bump = canvas.layout.uniform(-0.6, 0.6) * canvas.unit
        jagged.append((start + way * wide * i / steps, y + fall + bump))
    rock.polygon([*jagged, (start + way * wide, canvas.height + 2), (start, canvas.height + 2)])
    canvas.fill(canvas.layer_colour(1.0), rock.mask())
    x = start + way * wide * 0.45
    _paint_group(canvas, wanted, x, lambda _x: y + canvas.unit)


def _ground_figures(canvas: Canvas, vision: Vision, ground: Callable[[float], float]) -> None:
    wanted = [name for name in vision.subjects if name in GROUND_FIGURES]
    if wanted:
        x = canvas.width * canvas.layout.uniform(0.34, 0.62)
        _paint_group(canvas, wanted, x, ground)


def _paint_group(
    canvas: Canvas, names: list[str], x: float, ground: Callable[[float], float]
) -> None:
    """Set up to three figures side by side."""
    for i, name in enumerate(names[:3]):
        drawing, share = GROUND_FIGURES[name]
        height = min(canvas.height * share, canvas.width * 0.3)
        at = x + (i - (len(names[:3]) - 1) / 2) * canvas.width * 0.26
        paint_figure(canvas, drawing, at, ground(at), height)
        if name == "house":
            for side in (-0.22, 0.22):
                spot = (at + side * height, ground(at) - height * 0.24)
                paint_lit_window(canvas, *spot, height * 0.07)
