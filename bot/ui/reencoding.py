"""Makes pictures take fewer bytes: first in lower quality, last of all with fewer pixels.

Everything here decodes and encodes, and belongs into a thread.
"""

from __future__ import annotations

import io
import math
from typing import Any, NamedTuple

import structlog
from PIL import Image, ImageSequence

from bot.sources.preparing import upright

log = structlog.stdlib.get_logger(__name__)

_QUALITIES = (95, 90, 80, 65, 50)
_QUALITIES_ONCE_SMALLER = _QUALITIES[2:]
_STEP = 0.8
_SMALLEST_SIDE = 32
"""Where making it smaller ends: nobody would know what it shows."""

_PREVIEW_SIDE = 768
_PREVIEW_QUALITY = 85
_MOVING_PIXELS = 64 * 1024 * 1024
"""How much of a moving picture is decoded at once; a longer one stands still."""


class Reencoded(NamedTuple):
    """A picture in fewer bytes, and the ending that its name needs now."""

    data: bytes
    extension: str


def reencode(data: bytes, limit: int) -> Reencoded | None:
    """Return a picture in at most `limit` bytes; None where that cannot be.

    JPEG, which everything shows; WebP for what JPEG cannot hold: see-through and moving pictures.
    """
    try:
        with Image.open(io.BytesIO(data)) as opened:
            frames = _frames(opened)
            needs_webp = len(frames) > 1 or frames[0].mode == "RGBA"
            encoding = "WEBP" if needs_webp else "JPEG"
            return _fitted(frames, limit, encoding)
    except Exception as error:  # noqa: BLE001 - broken files make Pillow raise nearly anything
        log.warning("picture cannot be encoded anew", reason=repr(error))
        return None


def preview(data: bytes) -> bytes:
    """Return a picture as a JPEG of at most `_PREVIEW_SIDE` pixels a side."""
    with Image.open(io.BytesIO(data)) as opened:
        picture = _on_white(upright(opened))
    picture.thumbnail((_PREVIEW_SIDE, _PREVIEW_SIDE))
    return _encoded([picture], "JPEG", _PREVIEW_QUALITY)


def _fitted(frames: list[Image.Image], limit: int, encoding: str) -> Reencoded | None:
    extension = "webp" if encoding == "WEBP" else "jpg"
    qualities = _QUALITIES
    while max(frames[0].size) >= _SMALLEST_SIDE:
        data = b""
        for quality in qualities:
            data = _encoded(frames, encoding, quality)
            if len(data) <= limit:
                return Reencoded(data, extension)
        scale = min(_STEP, math.sqrt(limit / len(data)))  # bytes go roughly with the pixels
        frames = _scaled(frames, scale)
        qualities = _QUALITIES_ONCE_SMALLER
    return None


def _scaled(frames: list[Image.Image], scale: float) -> list[Image.Image]:
    width, height = (max(1, int(side * scale)) for side in frames[0].size)
    return [frame.resize((width, height), Image.Resampling.LANCZOS) for frame in frames]


def _encoded(frames: list[Image.Image], encoding: str, quality: int) -> bytes:
    first, *rest = frames
    options: dict[str, Any] = {"quality": quality, "icc_profile": first.info.get("icc_profile")}
    if encoding == "JPEG":
        options |= {"subsampling": "4:4:4" if quality >= 90 else "4:2:0"}
    elif rest:
        durations = [frame.info.get("duration") or 100 for frame in frames]
        options |= {"save_all": True, "append_images": rest, "duration": durations, "loop": 0}
    buffer = io.BytesIO()
    first.save(buffer, encoding, **options)
    return buffer.getvalue()


def _frames(picture: Image.Image) -> list[Image.Image]:
    """Return what a picture shows one after the other; the first only where that is too much."""
    count = getattr(picture, "n_frames", 1)
    if count == 1 or picture.format == "MPO" or count * _pixels(picture) > _MOVING_PIXELS:
        return [upright(picture)]
    return [_with_duration(frame) for frame in ImageSequence.Iterator(picture)]


def _with_duration(frame: Image.Image) -> Image.Image:
    shown = frame.convert("RGBA")
    shown.info["duration"] = frame.info.get("duration")
    return shown


def _pixels(picture: Image.Image) -> int:
    return picture.width * picture.height


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white
