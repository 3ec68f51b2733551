"""Pictures for tests, as bytes."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image


def encoded(picture: Image.Image, encoding: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, encoding, **options)
    return buffer.getvalue()


def noise(side: int = 256, mode: str = "RGB") -> bytes:
    """Return a PNG that compresses badly."""
    raw = random.Random(7).randbytes(side * side * len(mode))
    return encoded(Image.frombytes(mode, (side, side), raw), compress_level=1)


def opened(data: bytes) -> Image.Image:
    """Return a picture, decoded to its last pixel."""
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
