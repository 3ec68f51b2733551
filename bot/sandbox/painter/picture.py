"""From parameters to PNG files: the same parameters give the same bytes."""

from __future__ import annotations

import io
import json
import random
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageFilter, ImageOps
from PIL.PngImagePlugin import PngInfo

from bot.sandbox.painter.canvas import resized
from bot.sandbox.painter.censor import censored
from bot.sandbox.painter.grade import finish, style_of_model
from bot.sandbox.painter.scene import paint_scene
from bot.sandbox.painter.vision import read_vision
from bot.sandbox.parameters import Kind, Parameters
from bot.sandbox.safety import is_flagged
from bot.sandbox.sources import Sources

_BLANK = (127, 127, 127)
_PANORAMA = 2
"""A panorama is twice as wide as asked for."""


@dataclass(frozen=True, slots=True)
class Finish:
    """How much care goes into pictures."""

    scale: float = 1.0
    cheap: bool = False


def paint_pictures(
    parameters: Parameters, sources: Sources, care: Finish, *, blank: bool = False
) -> list[bytes]:
    """Paint every sample of a request. `blank` gives what a silent censor leaves."""
    pictures: list[bytes] = []
    for sample in range(parameters.samples):
        image = _sample(parameters, sample, sources, care, blank=blank)
        pictures.append(_encode(image, parameters, sample))
    return pictures


def _sample(
    parameters: Parameters, sample: int, sources: Sources, care: Finish, *, blank: bool
) -> Image.Image:
    size = _size(parameters, care)
    if blank:
        return Image.new("RGB", size, _BLANK)
    image = (_gradient if care.cheap else _painted)(parameters, sample, size)
    image = _merged(image, parameters, sources)
    if parameters.safety_checker and is_flagged(parameters.prompt):
        image = censored(image, parameters.safety_checker_type)
    factor = parameters.upscale or 1
    if factor == 1:
        return image
    return resized(image, (size[0] * factor, size[1] * factor), Image.Resampling.LANCZOS)


def _size(parameters: Parameters, care: Finish) -> tuple[int, int]:
    wide = _PANORAMA if parameters.panorama else 1
    return (
        max(1, round(parameters.width * wide * care.scale)),
        max(1, round(parameters.height * care.scale)),
    )


def _painted(parameters: Parameters, sample: int, size: tuple[int, int]) -> Image.Image:
    layout = random.Random(f"{parameters.seed + sample}|{parameters.prompt}")
    detail = random.Random(json.dumps([parameters.shown(), sample], sort_keys=True))
    vision = read_vision(
        parameters.prompt,
        parameters.negative_prompt,
        layout,
        multi_lingual=parameters.multi_lingual,
    )
    fine = 1.6 if parameters.highres_fix else 1.0
    drawn = (round(size[0] * fine), round(size[1] * fine))
    canvas = paint_scene(vision, drawn, layout, detail, _richness(parameters))
    style = vision.style or style_of_model(parameters.model_id)
    image = finish(canvas, parameters, style)
    return resized(image, size, Image.Resampling.LANCZOS) if drawn != size else image


def _richness(parameters: Parameters) -> float:
    """How many stars, leaves and windows: self-attention adds, skipped layers take away."""
    richness = 1.6 if parameters.self_attention else 1.0
    richness -= 0.07 * (parameters.clip_skip - 1)
    return richness * (0.92 if parameters.tomesd else 1.0)


def _gradient(parameters: Parameters, sample: int, size: tuple[int, int]) -> Image.Image:
    rng = random.Random(json.dumps([parameters.shown(), sample], sort_keys=True))
    black, white = (tuple(rng.randbytes(3)) for _ in range(2))
    ramp = resized(Image.linear_gradient("L"), size)
    return ImageOps.colorize(ramp, black=black, white=white)


def _merged(image: Image.Image, parameters: Parameters, sources: Sources) -> Image.Image:
    """Start from the given picture: all of it by strength, or only under the mask."""
    if sources.init is None:
        return image
    base = _opened(sources.init, image.size).convert("RGB")
    if parameters.kind is Kind.INPAINT and sources.mask is not None:
        mask = _opened(sources.mask, image.size).convert("L")
        soft = mask.filter(ImageFilter.GaussianBlur(1.5))
        return Image.composite(image, base, ImageChops.darker(mask, soft))
    return Image.blend(base, image, parameters.strength)


def _opened(data: bytes, size: tuple[int, int]) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        return ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGB"), size)


def _encode(image: Image.Image, parameters: Parameters, sample: int) -> bytes:
    info = PngInfo()
    info.add_itxt("sandbox", json.dumps({**parameters.shown(), "sample": sample}, sort_keys=True))
    out = io.BytesIO()
    image.save(out, "PNG", pnginfo=info, compress_level=1)
    return out.getvalue()


@cache
def model_screenshot(model_id: str, name: str) -> bytes:
    """Paint the picture that the model list shows."""
    parameters = Parameters(model_id=model_id, prompt=name, seed=1, width=256, height=256)
    return paint_pictures(parameters, Sources(), Finish())[0]
