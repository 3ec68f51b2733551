"""The last hand on a picture: every parameter leaves its trace here."""

from __future__ import annotations

import hashlib

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from bot.sandbox.painter.canvas import Canvas, remapped, resized, softened
from bot.sandbox.painter.colour import Colour, from_hue
from bot.sandbox.painter.weather import paint_sparks
from bot.sandbox.parameters import SCHEDULERS, Parameters

_FULL_STEPS = 51
_STYLES_OF_MODELS = {
    "pixel": "pixel",
    "inkpunk": "sketch",
    "gogh": "oil",
    "toonyou": "poster",
    "cartoon": "poster",
    "papercut": "poster",
    "analog": "film",
    "vintedois": "oil",
}


def share_of(text: str) -> float:
    """Return a number in 0..1 that belongs to a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32


def style_of_model(model_id: str) -> str | None:
    """Return the manner some models always paint in."""
    return next((style for part, style in _STYLES_OF_MODELS.items() if part in model_id), None)


def finish(canvas: Canvas, parameters: Parameters, style: str | None) -> Image.Image:
    """Apply what the parameters ask for."""
    if parameters.embeddings_model:
        paint_sparks(canvas, from_hue(share_of(parameters.embeddings_model), 0.55, 1.0))
    image = canvas.image
    if parameters.enhance_prompt:
        image = _cinematic(image, canvas.unit)
    image = _lora_tints(image, parameters)
    image = _guided(image, parameters)
    image = _grained(image, canvas, parameters)
    if parameters.self_attention:
        image = image.filter(ImageFilter.UnsharpMask(2, 90, 1))
    return _styled(image, style, canvas.unit)


def _cinematic(image: Image.Image, unit: float) -> Image.Image:
    """Bloom and a vignette."""
    bright = remapped(image.convert("L"), lambda v: (v - 0.62) * 1.6)
    bloom = remapped(softened(bright, unit * 3), lambda v: v * 0.55)
    bloomed = ImageChops.screen(image, Image.merge("RGB", [bloom] * 3))
    dark = resized(Image.radial_gradient("L"), image.size)
    vignette = remapped(dark, lambda v: max(0.0, v - 0.45) * 0.75)
    bloomed.paste((8, 6, 16), (0, 0), vignette)
    return bloomed


def _lora_tints(image: Image.Image, parameters: Parameters) -> Image.Image:
    """Each LoRA washes the picture in its own colour, by its strength."""
    strengths = parameters.lora_strength or (1.0,)
    for i, name in enumerate(parameters.lora_model):
        strength = strengths[min(i, len(strengths) - 1)]
        wash = Image.new("RGB", image.size, from_hue(share_of(name), 0.6, 0.9))
        tinted = ImageChops.soft_light(image, wash)
        image = Image.blend(image, tinted, max(0.0, min(1.0, strength * 0.7)))
    return image


def _guided(image: Image.Image, parameters: Parameters) -> Image.Image:
    """Guidance is saturation and contrast; scheduler, VAE and model shift the tone."""
    strength = (parameters.guidance_scale - 7.5) / 12.5
    image = ImageEnhance.Color(image).enhance(1.05 + 0.45 * strength)
    image = ImageEnhance.Contrast(image).enhance(1.03 + 0.16 * strength)
    if parameters.vae:
        image = ImageEnhance.Brightness(image).enhance(0.9 + 0.2 * share_of(parameters.vae))
    order = SCHEDULERS.index(parameters.scheduler) / len(SCHEDULERS)
    image = _toned(image, from_hue(order, 0.5, 1.0), 0.05)
    return _toned(image, from_hue(share_of(parameters.model_id), 0.5, 1.0), 0.06)


def _toned(image: Image.Image, colour: Colour, share: float) -> Image.Image:
    return Image.blend(image, Image.new("RGB", image.size, colour), share)


def _grained(image: Image.Image, canvas: Canvas, parameters: Parameters) -> Image.Image:
    """Fewer steps leave more of the noise that diffusion begins with."""
    missing = 1 - min(parameters.num_inference_steps, _FULL_STEPS) / _FULL_STEPS
    amount = 0.006 + 0.3 * missing**4
    if not parameters.use_karras_sigmas:
        amount += 0.02
    width, height = image.size
    columns, rows = width // 2, height // 2
    grain = Image.frombytes("L", (columns, rows), canvas.detail.randbytes(columns * rows))
    coarse = resized(grain, image.size, Image.Resampling.BILINEAR)
    if amount > 0.1:
        image = Image.merge("RGB", [softened(band, missing * 3) for band in image.split()])
    return Image.blend(
        image, ImageChops.overlay(image, Image.merge("RGB", [coarse] * 3)), amount * 3
    )


def _styled(image: Image.Image, style: str | None, unit: float) -> Image.Image:
    if style is None:
        return image
    return {
        "mono": _mono,
        "film": _mono,
        "pixel": _pixel,
        "sketch": _sketch,
        "poster": _poster,
        "oil": _oil,
        "watercolour": _watercolour,
    }[style](image, unit)


def _mono(image: Image.Image, _unit: float) -> Image.Image:
    return ImageOps.colorize(image.convert("L"), black="#0c0d10", white="#f6f1e7", mid="#7d7f85")


def _pixel(image: Image.Image, unit: float) -> Image.Image:
    factor = max(2, round(unit * 0.9))
    small = resized(image, (image.width // factor, image.height // factor), Image.Resampling.BOX)
    palette = small.quantize(24, dither=Image.Dither.NONE).convert("RGB")
    return resized(palette, image.size, Image.Resampling.NEAREST)


def _sketch(image: Image.Image, _unit: float) -> Image.Image:
    grey = image.convert("L")
    edges = ImageChops.invert(grey.filter(ImageFilter.FIND_EDGES))
    lines = remapped(edges, lambda v: v * 1.1 - 0.1)
    tone = remapped(grey, lambda v: 0.55 + v * 0.5)
    return ImageOps.colorize(ImageChops.multiply(lines, tone), black="#22252e", white="#fbf6ea")


def _smoothed(image: Image.Image) -> Image.Image:
    """Even small areas out; done at half the size, which is four times as fast."""
    half = resized(image, (max(1, image.width // 2), max(1, image.height // 2)))
    return resized(half.filter(ImageFilter.MedianFilter(3)), image.size, Image.Resampling.BICUBIC)


def _poster(image: Image.Image, _unit: float) -> Image.Image:
    smooth = _smoothed(image)
    flat = ImageOps.posterize(smooth, 4)
    lines = remapped(smooth.convert("L").filter(ImageFilter.FIND_EDGES), lambda v: (v - 0.12) * 2.5)
    flat.paste((20, 16, 30), (0, 0), lines)
    return ImageEnhance.Color(flat).enhance(1.25)


def _oil(image: Image.Image, _unit: float) -> Image.Image:
    half = resized(image, (image.width // 2, image.height // 2))
    strokes = resized(half.filter(ImageFilter.ModeFilter(5)), image.size, Image.Resampling.BICUBIC)
    embossed = strokes.convert("L").filter(ImageFilter.EMBOSS)
    relief = ImageChops.overlay(strokes, Image.merge("RGB", [embossed] * 3))
    return ImageEnhance.Color(Image.blend(strokes, relief, 0.5)).enhance(1.3)


def _watercolour(image: Image.Image, unit: float) -> Image.Image:
    soft = _smoothed(image).filter(ImageFilter.GaussianBlur(unit * 0.2))
    pale = Image.blend(soft, Image.new("RGB", image.size, (252, 248, 240)), 0.28)
    edges = remapped(soft.convert("L").filter(ImageFilter.FIND_EDGES), lambda v: (v - 0.08) * 1.4)
    pale.paste((70, 70, 96), (0, 0), edges)
    return ImageEnhance.Color(pale).enhance(1.2)
