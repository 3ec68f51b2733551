"""What a flagged picture is replaced with."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.sandbox.painter.canvas import resized
from bot.sandbox.parameters import CensorStyle

_WORDS = "sensitive content"
_CELLS = 12


def censored(image: Image.Image, style: CensorStyle) -> Image.Image:
    """Return the picture as the safety checker leaves it."""
    if style is CensorStyle.BLACK:
        return Image.new("RGB", image.size)
    if style is CensorStyle.PIXELATE:
        small = resized(image, (_CELLS, max(1, round(_CELLS * image.height / image.width))))
        return resized(small, image.size, Image.Resampling.NEAREST)
    if style is CensorStyle.BLUR:
        return image.filter(ImageFilter.GaussianBlur(min(image.size) / 12))
    return _labelled(image)


def _labelled(image: Image.Image) -> Image.Image:
    """A grey card with the words on it."""
    card = Image.new("RGB", image.size, (46, 48, 56))
    draw = ImageDraw.Draw(card)
    font = ImageFont.load_default(max(10, card.width // 14))
    centre = (card.width / 2, card.height / 2)
    left, top, right, bottom = draw.textbbox(centre, _WORDS, font=font, anchor="mm")
    pad = card.width / 28
    box = (left - pad, top - pad, right + pad, bottom + pad)
    draw.rounded_rectangle(
        box, radius=pad, outline=(200, 204, 214), width=max(1, card.width // 200)
    )
    draw.text(centre, _WORDS, font=font, anchor="mm", fill=(226, 229, 236))
    return card
