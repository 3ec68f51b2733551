"""The surface that scenes are painted on, and smooth shapes and noise to paint with."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.sandbox.painter.colour import Colour, Palette, mix

Point = tuple[float, float]

_OVERSAMPLING = 2
_RAMP = 96


class Shape:
    """A mask being drawn; coordinates are the picture's, edges come out smooth."""

    def __init__(self, size: tuple[int, int], background: int = 0) -> None:
        width, height = size
        self._mask = Image.new("L", (width * _OVERSAMPLING, height * _OVERSAMPLING), background)
        self._draw = ImageDraw.Draw(self._mask)

    def polygon(self, points: Sequence[Point], value: int = 255) -> None:
        """Fill a polygon."""
        self._draw.polygon([(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in points], fill=value)

    def ellipse(self, x: float, y: float, rx: float, ry: float, value: int = 255) -> None:
        """Fill an ellipse around a centre."""
        box = [(x - rx), (y - ry), (x + rx), (y + ry)]
        self._draw.ellipse([side * _OVERSAMPLING for side in box], fill=value)

    def box(self, left: float, top: float, right: float, bottom: float, value: int = 255) -> None:
        """Fill a rectangle; nothing where it has no extent."""
        if right > left and bottom > top:
            sides = [side * _OVERSAMPLING for side in (left, top, right, bottom)]
            self._draw.rectangle(sides, fill=value)

    def line(self, points: Sequence[Point], width: float, value: int = 255) -> None:
        """Draw a thick line with round joints."""
        scaled = [(x * _OVERSAMPLING, y * _OVERSAMPLING) for x, y in points]
        thick = max(1, round(width * _OVERSAMPLING))
        self._draw.line(scaled, fill=value, width=thick, joint="curve")

    def mask(self) -> Image.Image:
        """Return the finished mask in the picture's size."""
        return self._mask.reduce(_OVERSAMPLING)


@dataclass(slots=True)
class Canvas:
    """A picture in the making.

    `layout` decides the composition and depends on prompt and seed alone; `detail` decides leaves
    and clouds and depends on every other parameter too.
    """

    image: Image.Image
    palette: Palette
    layout: random.Random
    detail: random.Random
    horizon: float = 0.0
    """Where the land meets the sky, in pixels from the top."""

    sun: Point = (0.0, 0.0)
    richness: float = 1.0
    """How much detail to put in; 1 is normal."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.image.size

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.image.height

    @property
    def unit(self) -> float:
        """A length that suits the picture: a hundredth of its shorter side."""
        return min(self.size) / 100

    def shape(self) -> Shape:
        """Begin a mask of the picture's size."""
        return Shape(self.size)

    def fill(self, colour: Colour, mask: Image.Image) -> None:
        """Lay a colour on through a mask."""
        self.image.paste(colour, (0, 0), mask)

    def lay(self, picture: Image.Image, mask: Image.Image) -> None:
        """Lay a picture on through a mask."""
        self.image.paste(picture, (0, 0), mask)

    def shine(self, colour: Colour, mask: Image.Image) -> None:
        """Add light of a colour through a mask."""
        bands = [looked_up(mask, [i * part // 255 for i in range(256)]) for part in colour]
        self.image = ImageChops.screen(self.image, Image.merge("RGB", bands))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """Add a soft round light."""
        self.shine(colour, glow_mask(self.size, centre, radius, strength))

    def layer_colour(self, nearness: float) -> Colour:
        """Return the colour of land at a distance: 0 melts into the haze, 1 is at our feet."""
        p = self.palette
        if nearness < 0.5:
            return mix(p.haze, p.far, 0.25 + nearness * 1.5)
        return mix(p.far, p.near, (nearness - 0.5) * 2)


def gradient(size: tuple[int, int], stops: Sequence[Colour]) -> Image.Image:
    """Return a smooth vertical run through the colours."""
    steps = [_at(stops, i / (_RAMP - 1)) for i in range(_RAMP)]
    ramp = Image.frombytes("RGB", (1, _RAMP), bytes(part for colour in steps for part in colour))
    return resized(ramp, size, Image.Resampling.BICUBIC)


def _at(stops: Sequence[Colour], share: float) -> Colour:
    place = share * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    return mix(stops[index], stops[index + 1], place - index)


def ramp_mask(size: tuple[int, int], values: Sequence[int]) -> Image.Image:
    """Return a mask that runs through values from top to bottom."""
    return gradient(size, [(value, value, value) for value in values]).getchannel(0)


def glow_mask(size: tuple[int, int], centre: Point, radius: float, strength: float) -> Image.Image:
    """Return a round mask that fades towards its rim."""
    diameter = max(2, round(radius * 2))
    table = [round(255 * strength * (1 - i / 255) ** 2.2) for i in range(256)]
    disc = resized(looked_up(Image.radial_gradient("L"), table), (diameter, diameter))
    mask = Image.new("L", size)
    mask.paste(disc, (round(centre[0] - radius), round(centre[1] - radius)))
    return mask


def noise(
    rng: random.Random, size: tuple[int, int], cell: tuple[float, float], octaves: int = 4
) -> Image.Image:
    """Return cloudy noise; `cell` is the size of its largest lumps in pixels."""
    result: Image.Image | None = None
    for octave in range(octaves):
        columns = max(2, round(size[0] * 2**octave / cell[0]) + 2)
        rows = max(2, round(size[1] * 2**octave / cell[1]) + 2)
        lumps = Image.frombytes("L", (columns, rows), rng.randbytes(columns * rows))
        layer = resized(lumps, size, Image.Resampling.BICUBIC)
        share = 0.5**octave / (2 - 0.5**octave)
        result = layer if result is None else Image.blend(result, layer, share)
    return result or Image.new("L", size, 128)


def remapped(mask: Image.Image, function: Callable[[float], float]) -> Image.Image:
    """Return a mask whose values, in 0..1, went through a function."""
    return looked_up(mask, curve(function))


def looked_up(mask: Image.Image, table: Sequence[int]) -> Image.Image:
    """Return a mask whose values were replaced from a table of 256."""
    return mask.point(table)  # pyright: ignore[reportUnknownMemberType] - Pillow names numpy types


def resized(
    image: Image.Image,
    size: tuple[int, int],
    resample: Image.Resampling = Image.Resampling.BICUBIC,
) -> Image.Image:
    """Return the picture in another size."""
    return image.resize(size, resample)  # pyright: ignore[reportUnknownMemberType] - as above


def curve(function: Callable[[float], float]) -> list[int]:
    """Return a lookup table for `Image.point` from a function on 0..1."""
    return [max(0, min(255, round(255 * function(i / 255)))) for i in range(256)]


def ridge(rng: random.Random, steps: int, roughness: float) -> list[float]:
    """Return a jagged line of heights in 0..1 by midpoint displacement; `steps` is a power of 2."""
    heights = [0.0] * (steps + 1)
    heights[0], heights[-1] = rng.random(), rng.random()
    stride, reach = steps, 1.0
    while stride > 1:
        half = stride // 2
        for i in range(half, steps, stride):
            middle = (heights[i - half] + heights[i + half]) / 2
            heights[i] = middle + rng.uniform(-reach, reach)
        stride, reach = half, reach * roughness
    low, high = min(heights), max(heights)
    return [(height - low) / (high - low or 1) for height in heights]


def along(heights: Sequence[float], share: float) -> float:
    """Return the height at a share of the line's length."""
    place = min(max(share, 0.0), 1.0) * (len(heights) - 1)
    index = min(int(place), len(heights) - 2)
    return heights[index] + (heights[index + 1] - heights[index]) * (place - index)


def softened(mask: Image.Image, radius: float) -> Image.Image:
    """Return a blurred mask; large radii are done at a smaller size, which is much faster."""
    if radius < 4:
        return mask.filter(ImageFilter.GaussianBlur(radius))
    factor = max(2, int(radius / 2))
    small = resized(mask, (max(1, mask.width // factor), max(1, mask.height // factor)))
    blurred = small.filter(ImageFilter.GaussianBlur(radius / factor))
    return resized(blurred, mask.size, Image.Resampling.BICUBIC)
