"""What falls or drifts before everything else: rain, snow, mist, sparks."""

from __future__ import annotations

from bot.sandbox.painter.canvas import Canvas, noise, remapped, softened
from bot.sandbox.painter.colour import Colour, mix
from bot.sandbox.painter.vision import Vision


def paint_weather(canvas: Canvas, vision: Vision) -> None:
    """Paint what the prompt asks for."""
    if vision.shows("mist"):
        _mist(canvas)
    if vision.shows("rain"):
        _rain(canvas)
    if vision.shows("snow"):
        _snowfall(canvas)


def _mist(canvas: Canvas) -> None:
    drift = noise(canvas.detail, canvas.size, (canvas.unit * 90, canvas.unit * 14), 4)
    veil = remapped(drift, lambda v: (v - 0.38) * 1.5)
    canvas.fill(mix(canvas.palette.haze, (255, 255, 255), 0.25), veil)


def _rain(canvas: Canvas) -> None:
    rng, streaks = canvas.detail, canvas.shape()
    for _ in range(int(260 * canvas.richness * canvas.width / canvas.height)):
        x, y = rng.random() * canvas.width * 1.1, rng.random() * canvas.height
        length = canvas.unit * rng.uniform(2, 7)
        ends = [(x, y), (x - length * 0.22, y + length)]
        streaks.line(ends, canvas.unit * 0.1, rng.randrange(40, 130))
    canvas.shine((200, 215, 235), streaks.mask())


def _snowfall(canvas: Canvas) -> None:
    rng, near, far = canvas.detail, canvas.shape(), canvas.shape()
    for _ in range(int(230 * canvas.richness * canvas.width / canvas.height)):
        x, y = rng.random() * canvas.width, rng.random() * canvas.height
        size = canvas.unit * rng.uniform(0.12, 0.42)
        far.ellipse(x, y, size, size, rng.randrange(120, 240))
    for _ in range(26):
        x, y = rng.random() * canvas.width, rng.random() * canvas.height
        size = canvas.unit * rng.uniform(0.6, 1.5)
        near.ellipse(x, y, size, size, rng.randrange(60, 150))
    canvas.fill((250, 252, 255), far.mask())
    canvas.fill((250, 252, 255), softened(near.mask(), canvas.unit * 0.6))


def paint_sparks(canvas: Canvas, colour: Colour) -> None:
    """Paint drifting points of light."""
    rng, sparks = canvas.detail, canvas.shape()
    for _ in range(int(70 * canvas.richness)):
        x, y = rng.random() * canvas.width, rng.random() * canvas.height
        size = canvas.unit * rng.uniform(0.12, 0.4)
        sparks.ellipse(x, y, size, size)
    mask = sparks.mask()
    canvas.shine(colour, remapped(softened(mask, canvas.unit), lambda v: v * 3))
    canvas.shine(mix(colour, (255, 255, 255), 0.6), mask)
